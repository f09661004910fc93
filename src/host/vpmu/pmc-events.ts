/**
 * The host events behind the counters of one virtual PMU, as far as strategies that have such events agree: what is asked
 * of the perf core for a guest's counter, and the bookkeeping of making and releasing.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { type CounterSet, NO_COUNTERS, union, without } from '../../x86/counter-set.ts';
import { FIXED_EVENTS, MAX_COUNTERS } from '../../x86/event.ts';
import { EVTSEL, FIXED_CTRL } from '../../x86/perfmon.ts';
import { COUNT_ALL, type PerfEvent, type PerfEventAttr } from '../perf/perf.ts';
import type { StrategyParts } from './vpmu.ts';

const NONE = 0xff;
/** AMD's, which are the host's to set. */
const MODE_BITS = EVTSEL.GUEST_ONLY_HIGH | EVTSEL.HOST_ONLY_HIGH;
/** What of a selector is the event, and not who is counted or whether. */
const CONFIG = 0xffff | EVTSEL.EDGE | EVTSEL.INV | (0xff << EVTSEL.CMASK_SHIFT);

export class PmcEvents implements Stateful {
  private readonly parts: StrategyParts;
  private readonly ids = new Uint8Array(MAX_COUNTERS).fill(NONE);
  /** `reprogram_pmi`: counters that KVM_REQ_PMU must look at. While a bit is set, KVM drops overflows of that counter. */
  reprogram: CounterSet = NO_COUNTERS;

  constructor(parts: StrategyParts) {
    this.parts = parts;
  }

  serialize(s: Serializer): void {
    s.bytes('event', this.ids);
    this.reprogram = s.u32('reprogram', this.reprogram >>> 0) as CounterSet;
  }

  of(k: number): PerfEvent | undefined {
    const id = this.ids[k]!;
    return id === NONE ? undefined : this.parts.perf.pool[id];
  }

  /** What perf is asked for: a pinned event of the vCPU's task that counts in the guest only. KVM: pmc_reprogram_counter. */
  attrOf(k: number, samplePeriod: number, exact = false): PerfEventAttr {
    const { regs, caps } = this.parts.vpmu;
    const { vendor } = this.parts.perf;
    const common = { ...COUNT_ALL, samplePeriod, pinned: true, excludeHost: true, exact };
    const excludeUser = !regs.countsAt(k, true), excludeKernel = !regs.countsAt(k, false);
    if (k >= caps.generalCounters) {
      return { ...common, ...vendor.codeOf(FIXED_EVENTS[k - caps.generalCounters]!), excludeUser, excludeKernel };
    }
    const configHigh = regs.selectorHigh(k) & ~MODE_BITS;
    const checkpointed = vendor.eventSelectHigh(0xf) === 0 && (configHigh & EVTSEL.IN_TXCP_HIGH) !== 0;
    return {
      ...common, config: (regs.selectors[k]! & CONFIG) >>> 0, configHigh, excludeUser, excludeKernel,
      // perf does not sample what is counted up to a checkpoint; without a period it can at least be counted.
      samplePeriod: checkpointed && !exact ? 0 : samplePeriod,
    };
  }

  /** Everything of the counter's registers that decides what its event is, as one number. */
  configOf(k: number): number {
    const { regs, caps } = this.parts.vpmu;
    if (k >= caps.generalCounters) return regs.fixedBits(k) & (FIXED_CTRL.OS | FIXED_CTRL.USR);
    return ((regs.selectors[k]! & (CONFIG | EVTSEL.USR | EVTSEL.OS)) >>> 0) + regs.selectorHigh(k) * 2 ** 32;
  }

  /** KVM's `current_config`: the whole selector, or all bits of a fixed counter's control. */
  registersOf(k: number): number {
    const { regs, caps } = this.parts.vpmu;
    if (k >= caps.generalCounters) return regs.fixedBits(k);
    return regs.selectors[k]! + regs.selectorHigh(k) * 2 ** 32;
  }

  /** perf_event_create_kernel_counter. False: it failed, and the counter does not count. */
  create(k: number, attr: PerfEventAttr): boolean {
    const { perf, port, owner } = this.parts;
    const event = perf.create(port.cpu(), attr, { task: port.task }, owner, k);
    if (typeof event === 'string') return false;
    this.ids[k] = event.id;
    port.cpu().trace('vpmu_create', port.id, k);
    return true;
  }

  release(k: number): void {
    const { perf, port } = this.parts;
    const event = this.of(k);
    if (event === undefined) return;
    perf.release(port.cpu(), event);
    this.ids[k] = NONE;
    port.cpu().trace('vpmu_release', port.id, k);
  }

  /** What the guest reads: what is in the register, and what the event has counted since. */
  visible(k: number): number {
    const { vpmu, perf, port } = this.parts;
    const event = this.of(k);
    const counted = event === undefined ? 0 : perf.read(port.cpu(), event).value;
    return (vpmu.regs.counters[k]! + counted) % vpmu.regs.modulusOf(k);
  }

  /** Makes counter k show `value` where it has shown `shown`. The event is left alone. */
  shift(k: number, value: number, shown: number): void {
    const { regs } = this.parts.vpmu;
    const modulus = regs.modulusOf(k);
    regs.counters[k] = (((regs.counters[k]! + value - shown) % modulus) + modulus) % modulus;
  }

  /** test_and_set_bit: false when it was set. */
  mark(k: number): boolean {
    const bit = this.parts.vpmu.regs.bitOf(k);
    const fresh = (this.reprogram & bit) === 0;
    this.reprogram = union(this.reprogram, bit);
    return fresh;
  }

  unmark(k: number): void {
    this.reprogram = without(this.reprogram, this.parts.vpmu.regs.bitOf(k));
  }

  /**
   * KVM's overflow callback. The first overflow sets the status bit and asks for the counter to be looked at again, and for
   * a PMI if the guest wants one; while the counter waits to be looked at, overflows are dropped.
   */
  overflow(k: number): void {
    const { vpmu, port, generation } = this.parts;
    const fresh = this.mark(k);
    port.cpu().trace('vpmu_overflow', port.id, k, fresh ? 1 : 0);
    if (!fresh) return;
    vpmu.setStatus(k);
    port.request('pmu');
    if (!vpmu.regs.interrupts(k)) return;
    if (generation.irqWork && !port.interruptedGuest()) port.later('pmi');
    else port.request('pmi');
  }
}

/** Events to the next wrap. KVM of 2018 has 0 for a counter that is 0, which makes an event that never samples. */
export const periodOf2018 = (value: number, modulus: number): number => (modulus - value) % modulus;
export const periodOf = (value: number, modulus: number): number => modulus - value;
