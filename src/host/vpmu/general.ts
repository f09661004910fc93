/**
 * Ours: the fast path that is right. Behind each counter that the guest uses is a host event, as in `reuse`, so the host
 * goes on to profile and nobody loses counters; but a change of an enable or of a value does not go through the perf core.
 *
 * - Enables are a mask at VM entry: an event stays on its counter while its guest has it switched off, and that counter's bit
 *   is then missing from what entry loads. The mask belongs to the virtual processor and is made anew at every entry, from
 *   where the events are then; it never touches the CPU's own masks.
 * - A write of a counter rebases its event in one step: the base, the distance to the next wrap, and the hardware counter
 *   change together. So the perf core's invariant holds, and its verdict whether a period has elapsed is right.
 * - Nothing depends on "in a PMI", and no overflow waits for anything to be looked at.
 * - An instruction that KVM completes is counted in the state in which it began, as hardware would have.
 *
 * docs/general.md says why each of the known holes is not here.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS, union } from '../../x86/counter-set.ts';
import { DEBUGCTL, type PerfmonCaps, STATUS_HIGH } from '../../x86/perfmon.ts';
import type { PerfEvent } from '../perf/perf.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf } from './pmc-events.ts';
import { each, type Strategy, type StrategyParts } from './vpmu.ts';

export class General implements Strategy {
  private readonly parts: StrategyParts;
  private readonly events: PmcEvents;
  private readonly configs = new Float64Array(12);
  /** The instruction that is being completed has been counted. */
  private counted = false;
  /** Counters whose own registers the guest has written since it last got a CPU. */
  private inUse: CounterSet = NO_COUNTERS;

  constructor(parts: StrategyParts) {
    this.parts = parts;
    this.events = new PmcEvents(parts);
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.configs[k] = s.count('config', this.configs[k]!);
    this.counted = s.flag('counted', this.counted);
    this.inUse = s.u32('inUse', this.inUse) as CounterSet;
  }

  open(): undefined {}

  /** Whatever version the hardware has: freezing is one more reason to leave a bit out of the mask. */
  offer(host: PerfmonCaps): PerfmonCaps {
    return { ...host, fullWidthWrites: host.fullWidthWrites && this.parts.generation.fullWidthWrites };
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    this.parts.port.cpu().work('update vpmu');
    if (by === 'global') return;
    this.inUse = union(this.inUse, changed);
    for (const k of each(changed, this.parts.vpmu)) this.follow(k);
  }

  counterWritten(k: number, value: number): void {
    this.parts.port.cpu().work('update vpmu');
    this.inUse = union(this.inUse, this.parts.vpmu.regs.bitOf(k));
    this.harvest();
    this.rebase(k, value);
  }

  visible(k: number): number {
    this.harvest();
    return this.value(k);
  }

  statusRead(): void {
    this.harvest();
  }

  /** The perf core has folded the counter; what comes next is a whole turn away, less what was counted since the wrap. */
  overflow(k: number): void {
    this.wrapped(k);
    const { regs } = this.parts.vpmu;
    this.rebase(k, (regs.counters[k]! + this.events.of(k)!.count) % regs.modulusOf(k));
  }

  pmiDelivered(): void {}

  handleEvent(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.follow(k);
  }

  retired(event: number, before: boolean): void {
    const { vpmu, port } = this.parts;
    const done = this.counted;
    this.counted = before;
    if (done && !before) return;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (vpmu.regs.eventOf(k) === event && this.runs(k) && vpmu.regs.countsAt(k, port.cpl() !== 0)) this.increment(k);
    }
  }

  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    const { vpmu, perf, port } = this.parts;
    const hardware = perf.hardwareOf(port.cpu());
    let off: CounterSet = NO_COUNTERS;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const event = this.events.of(k);
      if (event !== undefined && hardware.runs(event) && !this.runs(k)) off = union(off, hardware.bitOf(event.counter));
    }
    switchGlobalCtrl(vmcs, this.parts, off);
  }

  exit(): void {}

  /** A new time slice: counters that were not used in the last one go back, and those that found no place try again. */
  schedIn(): void {
    const { vpmu } = this.parts;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const event = this.events.of(k);
      if (event === undefined) continue;
      const wanted = vpmu.regs.locallyEnabled(k) && vpmu.allowed(k);
      if (!wanted && (this.inUse & vpmu.regs.bitOf(k)) === 0) this.giveBack(k);
      else if (event.state === 'error') this.parts.port.request('pmu');
    }
    this.inUse = NO_COUNTERS;
  }

  schedOut(): void {}

  refresh(): void {
    this.parts.port.request('pmu');
  }

  /** Counts in the guest, as the guest's registers stand. */
  private runs(k: number): boolean {
    return this.parts.vpmu.enabled(k) && !this.parts.vpmu.regs.frozen;
  }

  /** A counter that may count has an event with its selector. What it has counted stays. */
  private follow(k: number): void {
    const { vpmu, perf, port } = this.parts;
    if (!vpmu.regs.locallyEnabled(k) || !vpmu.allowed(k)) return;
    const event = this.events.of(k);
    const config = this.events.configOf(k);
    const value = this.value(k);
    const attr = this.events.attrOf(k, periodOf(value, vpmu.regs.modulusOf(k)), true);
    if (event === undefined) this.events.create(k, attr);
    else if (config !== this.configs[k]) perf.modify(port.cpu(), event, attr);
    else if (event.state === 'error') perf.enable(port.cpu(), event);
    else return;
    this.configs[k] = config;
    this.rebase(k, value);
  }

  private giveBack(k: number): void {
    this.parts.vpmu.regs.counters[k] = this.value(k);
    this.events.release(k);
  }

  /** The event, when it is started on this CPU: its counter can be read and written here and now. */
  private started(k: number): PerfEvent | undefined {
    const { perf, port } = this.parts;
    const event = this.events.of(k);
    return event !== undefined && perf.hardwareOf(port.cpu()).runs(event) ? event : undefined;
  }

  private value(k: number): number {
    const { vpmu, perf, port } = this.parts;
    const started = this.started(k);
    if (started !== undefined) perf.hardwareOf(port.cpu()).update(started);
    return (vpmu.regs.counters[k]! + (this.events.of(k)?.count ?? 0)) % vpmu.regs.modulusOf(k);
  }

  /** The counter has this value from now on, in memory, in the event's books and in the hardware. */
  private rebase(k: number, value: number): void {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    vpmu.regs.counters[k] = value;
    if (event === undefined) return;
    event.count = 0;
    event.samplePeriod = periodOf(value, vpmu.regs.modulusOf(k));
    event.lastPeriod = event.samplePeriod;
    event.periodLeft = event.samplePeriod;
    if (this.started(k) !== undefined) perf.hardwareOf(port.cpu()).setPeriod(event);
  }

  /**
   * Takes overflows whose NMI has not come yet: the hardware's status already has the bit, so the guest must see it, and
   * what it writes next must not be charged with that wrap. The NMI then finds a period that has not elapsed.
   */
  private harvest(): void {
    const { vpmu, perf, port } = this.parts;
    const hardware = perf.hardwareOf(port.cpu());
    const status = hardware.readStatus();
    if (status === NO_COUNTERS) return;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const event = this.started(k);
      if (event === undefined || (status & hardware.bitOf(event.counter)) === 0) continue;
      hardware.update(event);
      if (hardware.setPeriod(event)) this.overflow(k);
    }
  }

  /** One more event, which the hardware has not seen. */
  private increment(k: number): void {
    const value = this.value(k) + 1;
    const wraps = value === this.parts.vpmu.regs.modulusOf(k);
    if (wraps) this.wrapped(k);
    this.rebase(k, wraps ? 0 : value);
  }

  /** What a wrap does in hardware: the status bit, and if it is asked for a PMI, which may freeze. */
  private wrapped(k: number): void {
    const { vpmu, port } = this.parts;
    const { regs } = vpmu;
    port.cpu().trace('vpmu_overflow', port.id, k, 1);
    vpmu.setStatus(k);
    if (!regs.interrupts(k)) return;
    port.request('pmi');
    if ((regs.debugCtl & DEBUGCTL.FREEZE_PERFMON_ON_PMI) === 0) return;
    if (regs.caps.version >= 4) regs.statusFlags = (regs.statusFlags | STATUS_HIGH.CTR_FRZ) >>> 0;
    else regs.globalCtrl = NO_COUNTERS;
  }
}
