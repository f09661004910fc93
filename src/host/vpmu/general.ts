/**
 * Ours: the fast path that is right. Behind each counter that the guest uses is a host event, as in `reuse`, so the host
 * goes on to profile and nobody loses counters; but a change of an enable or of a value does not go through the perf core.
 *
 * - Enables are a mask at VM entry: an event stays on its counter while its guest has it switched off, and that counter's bit
 *   is then missing from what entry loads. The mask belongs to the virtual processor and is made anew at every entry, from
 *   where the events are then; it never touches the CPU's own masks.
 * - The period of an event is a whole turn of its counter, and what is left of it the distance to the next wrap. A write of the
 *   counter rebases its value, that distance and the hardware in one step. So the perf core's invariant holds, and its verdict
 *   whether a period has elapsed is right.
 * - A wrap is told from the sum: base and count have reached 2^width. Whoever folds the counter first, be it the NMI, a read, or
 *   the scheduler, the wrap is seen once and not twice.
 * - Nothing depends on "in a PMI", and no overflow waits for anything to be looked at.
 * - An instruction that KVM completes is counted in the state in which it began, as hardware would have.
 *
 * docs/general.md says why each of the known holes is not here.
 *
 * Limit: of an instruction that KVM completes no cycles are counted, so nothing that counts time, a condition on cycles (INV), or
 * their beginning (EDGE) is exact across one; nor do its accesses go through the cache model.
 * Limit: while the host's own pinned events leave no counter, the guest's stands still; it is tried again in the next time slice.
 * Limit: a PMI that skids may come at an exit instead, which is earlier: root mode's instructions use its skid up.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS, union } from '../../x86/counter-set.ts';
import { type EventCounts, MAX_COUNTERS } from '../../x86/event.ts';
import { EVTSEL, type PerfmonCaps } from '../../x86/perfmon.ts';
import type { PerfEvent } from '../perf/perf.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf } from './pmc-events.ts';
import type { Strategy, StrategyParts } from './vpmu.ts';

export class General implements Strategy {
  readonly rules = 'SDM';
  private readonly parts: StrategyParts;
  private readonly events: PmcEvents;
  private readonly configs = new Float64Array(MAX_COUNTERS);
  /** The instruction that is being completed has been counted; what it has made wrap, and whether that asks for a PMI. */
  private counted = false;
  private wrapping: CounterSet = NO_COUNTERS;
  private asks = false;
  /** Counters whose own registers the guest has written since it last got a CPU. */
  private inUse: CounterSet = NO_COUNTERS;

  constructor(parts: StrategyParts) {
    this.parts = parts;
    this.events = new PmcEvents(parts);
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
    s.counts('config', this.configs);
    this.inUse = s.u32('inUse', this.inUse >>> 0) as CounterSet;
  }

  open(): undefined {}

  /** Whatever version the hardware has: freezing is one more reason to leave a bit out of the mask. */
  offer(host: PerfmonCaps): PerfmonCaps {
    return host;
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    const { vpmu, port } = this.parts;
    port.cpu().work('update vpmu');
    if (by === 'global') return;
    this.inUse = union(this.inUse, changed);
    for (let k = 0; k < vpmu.counters; k += 1) if (vpmu.has(changed, k)) this.follow(k);
  }

  counterWritten(k: number, value: number): void {
    this.parts.port.cpu().work('update vpmu');
    this.inUse = union(this.inUse, this.parts.vpmu.regs.bitOf(k));
    this.rebase(k, value);
  }

  visible(k: number): number {
    this.harvest();
    return this.value(k);
  }

  statusRead(): void {
    this.harvest();
  }

  overflow(k: number): void {
    this.settle(k);
  }

  pmiDelivered(): void {}

  handleEvent(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.follow(k);
  }

  /** Hardware counts before the effect, and sets the status bit and raises the PMI behind it. So does this. */
  retired(events: EventCounts, before: boolean): void {
    const { vpmu, port } = this.parts;
    if (before) this.harvest();
    for (let k = 0; k < vpmu.counters && !this.counted; k += 1) {
      const by = this.runs(k) && vpmu.regs.countsAt(k, port.cpl() !== 0) ? this.occurrences(k, events) : 0;
      if (by > 0) this.increment(k, by);
    }
    this.counted = before;
    if (before || this.wrapping === NO_COUNTERS) return;
    const { wrapping, asks } = this;
    this.wrapping = NO_COUNTERS;
    this.asks = false;
    for (let k = 0; k < vpmu.counters; k += 1) if (vpmu.has(wrapping, k)) this.setStatus(k);
    if (asks) this.raisePmi();
  }

  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    const { vpmu, perf, port } = this.parts;
    const hardware = perf.hardwareOf(port.cpu());
    let off: CounterSet = NO_COUNTERS;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const event = this.events.of(k);
      if (event === undefined) continue;
      this.settle(k);
      if (!this.runs(k) && hardware.runs(event)) off = union(off, hardware.bitOf(event.counter));
    }
    switchGlobalCtrl(vmcs, this.parts, off);
  }

  exit(): void {}

  /** A new time slice: counters that were not used in the last one go back, and those that found no place try again. */
  schedIn(): void {
    const { vpmu, port } = this.parts;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const event = this.events.of(k);
      const wanted = vpmu.regs.locallyEnabled(k) && vpmu.allowed(k);
      if (event !== undefined) this.settle(k);
      if (event !== undefined && !wanted && !vpmu.has(this.inUse, k)) this.giveBack(k);
      else if (wanted && (event === undefined || event.state === 'error')) port.request('pmu');
    }
    this.inUse = NO_COUNTERS;
  }

  /** The perf core has folded its counters: a wrap whose NMI has not come is told before anybody halts. */
  schedOut(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) if (this.events.of(k) !== undefined) this.settle(k);
  }

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
    if (event !== undefined && config === this.configs[k] && event.state !== 'error') return;
    const value = this.value(k);
    const attr = this.events.attrOf(k, vpmu.regs.modulusOf(k), true);
    if (event === undefined) this.events.create(k, attr);
    else if (config !== this.configs[k]) perf.modify(port.cpu(), event, attr);
    else perf.enable(port.cpu(), event);
    this.configs[k] = config;
    this.rebase(k, value);
  }

  private giveBack(k: number): void {
    this.value(k);
    this.events.release(k);
  }

  /** The event, when it is started on this CPU: its counter can be read and written here and now. */
  private started(k: number): PerfEvent | undefined {
    const { perf, port } = this.parts;
    const event = this.events.of(k);
    return event !== undefined && perf.hardwareOf(port.cpu()).runs(event) ? event : undefined;
  }

  /** What the guest's counter holds: folded, and a wrap told of. */
  private value(k: number): number {
    const { vpmu, perf, port } = this.parts;
    const started = this.started(k);
    if (started !== undefined) perf.hardwareOf(port.cpu()).update(started);
    this.settle(k);
    return vpmu.regs.counters[k]!;
  }

  /** The counter has this value from now on, in memory, in the event's books and in the hardware. */
  private rebase(k: number, value: number): void {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    vpmu.regs.counters[k] = value;
    if (event === undefined) return;
    event.count = 0;
    event.periodLeft = periodOf(value, vpmu.regs.modulusOf(k));
    if (this.started(k) !== undefined) perf.hardwareOf(port.cpu()).setPeriod(event);
  }

  /** Takes what was folded into the counter. From a wrap it is a whole turn to the next one, less what was counted since. */
  private settle(k: number): void {
    const { regs } = this.parts.vpmu;
    const modulus = regs.modulusOf(k);
    const event = this.events.of(k);
    if (event === undefined || event.count === 0) return;
    const sum = regs.counters[k]! + event.count;
    regs.counters[k] = sum % modulus;
    event.count = 0;
    if (sum < modulus) return;
    // The perf core has armed it already, if it was the perf core that found the wrap.
    if (event.periodLeft !== periodOf(sum % modulus, modulus)) this.rebase(k, sum % modulus);
    this.setStatus(k);
    if (regs.interrupts(k)) this.raisePmi();
  }

  /**
   * Takes overflows whose NMI has not come yet: the hardware's status already has the bit, so the guest must see it, and
   * what it writes next must not be charged with that wrap. The NMI then finds a period that has not elapsed.
   */
  private harvest(): void {
    const { vpmu, perf, port } = this.parts;
    const hardware = perf.hardwareOf(port.cpu());
    const status = hardware.readStatus();
    for (let k = 0; k < vpmu.counters && status !== NO_COUNTERS; k += 1) {
      const event = this.started(k);
      if (event !== undefined && (status & hardware.bitOf(event.counter)) !== 0) this.value(k);
    }
  }

  /** How often counter k counts what an instruction has done, all of it in one cycle. */
  private occurrences(k: number, events: EventCounts): number {
    const { regs } = this.parts.vpmu;
    const event = regs.eventOf(k);
    const n = event === -1 ? 0 : events[event]!;
    const selector = k < regs.caps.generalCounters ? regs.selectors[k]! : 0;
    const least = selector >>> EVTSEL.CMASK_SHIFT;
    if (least === 0) return (selector & EVTSEL.EDGE) === 0 ? n : Math.min(n, 1);
    return (selector & EVTSEL.INV) === 0 && n >= least ? 1 : 0;
  }

  /** Events that the hardware has not seen. What a wrap does waits until the instruction is done. */
  private increment(k: number, by: number): void {
    const { regs } = this.parts.vpmu;
    const modulus = regs.modulusOf(k);
    const sum = this.value(k) + by;
    this.rebase(k, sum % modulus);
    if (sum < modulus) return;
    this.wrapping = union(this.wrapping, regs.bitOf(k));
    this.asks ||= regs.interrupts(k);
  }

  private setStatus(k: number): void {
    const { vpmu, port } = this.parts;
    port.cpu().trace('vpmu_overflow', port.id, k, 1);
    vpmu.setStatus(k);
  }

  private raisePmi(): void {
    this.parts.vpmu.regs.freezeOnPmi();
    this.parts.port.request('pmi');
  }
}
