/**
 * KVM since 5.5: the host event is paused, gets a new period, and goes on; only another selector makes a new one. Events of
 * counters that the guest has stopped using are given back after a whole time slice. Three things came later, and are
 * settings: an event that is paused is not paused again (2021), all changes of one exit are done together before the next
 * entry (6.2), and a write of a running counter sets its period (5.7).
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS, union } from '../../x86/counter-set.ts';
import { type EventCounts, MAX_COUNTERS } from '../../x86/event.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf } from './pmc-events.ts';
import { offeredByKvm, type Strategy, type StrategyParts } from './vpmu.ts';

interface ReuseOptions {
  /** Do not pause what is paused. */
  readonly remembersPause: boolean;
  /** Bring events in line before VM entry, not inside the exit of each WRMSR. */
  readonly deferred: boolean;
  /** A write of a counter that runs sets the period of its event. */
  readonly adjustsPeriod: boolean;
}
export const REUSE_TODAY: ReuseOptions = { remembersPause: true, deferred: true, adjustsPeriod: true };

export class Reuse implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;
  private readonly options: ReuseOptions;
  private readonly events: PmcEvents;
  /** `current_config`: what each host event was made for. */
  private readonly configs = new Float64Array(MAX_COUNTERS);
  /** `emulated_counter`: instructions that KVM completed, not yet added. */
  private readonly emulated = new Float64Array(MAX_COUNTERS);
  private paused: CounterSet = NO_COUNTERS;
  /** `pmc_in_use`: counters whose registers the guest has written in this time slice. */
  private inUse: CounterSet = NO_COUNTERS;
  private needsCleanup = false;

  constructor(parts: StrategyParts, options: ReuseOptions) {
    this.parts = parts;
    this.options = options;
    this.events = new PmcEvents(parts);
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
    s.counts('config', this.configs);
    s.counts('emulated', this.emulated);
    this.paused = s.u32('paused', this.paused >>> 0) as CounterSet;
    this.inUse = s.u32('inUse', this.inUse >>> 0) as CounterSet;
    this.needsCleanup = s.flag('needsCleanup', this.needsCleanup);
  }

  open(): undefined {}

  offer(host: PerfmonCaps): PerfmonCaps {
    return offeredByKvm(host, this.parts);
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    if (by === 'local') this.inUse = union(this.inUse, changed);
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) {
      if (!this.parts.vpmu.has(changed, k)) continue;
      if (!this.options.deferred) {
        this.reprogram(k);
        continue;
      }
      this.events.mark(k);
      this.parts.port.request('pmu');
    }
  }

  counterWritten(k: number, value: number): void {
    const { vpmu, perf, port } = this.parts;
    const { regs } = vpmu;
    this.inUse = union(this.inUse, regs.bitOf(k));
    const shown = this.visible(k) - this.emulated[k]!;
    this.emulated[k] = 0;
    this.events.shift(k, value, shown);
    const event = this.events.of(k);
    if (!this.options.adjustsPeriod || event === undefined || this.isPaused(k) || !event.sampling) return;
    // KVM: the period is that of `pmc->counter`, which lacks what the event has counted since it was last paused.
    perf.setPeriod(port.cpu(), event, periodOf(regs.counters[k]!, regs.modulusOf(k)));
  }

  visible(k: number): number {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    const counted = event === undefined || this.isPaused(k) ? 0 : perf.read(port.cpu(), event).value;
    return (vpmu.regs.counters[k]! + this.emulated[k]! + counted) % vpmu.regs.modulusOf(k);
  }

  statusRead(): void {}

  overflow(k: number): void {
    this.events.overflow(k);
  }

  pmiDelivered(): void {}

  handleEvent(): void {
    const { vpmu } = this.parts;
    const marked = this.events.reprogram;
    this.events.reprogram = NO_COUNTERS;
    for (let k = 0; k < vpmu.counters; k += 1) if (vpmu.has(marked, k)) this.reprogram(k);
    if (this.needsCleanup) this.cleanUp();
  }

  retired(events: EventCounts, before: boolean): void {
    const { vpmu, port, generation } = this.parts;
    if (before || !generation.countsEmulated) return;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (!vpmu.countsEmulated(k, events)) continue;
      this.emulated[k]! += 1;
      this.events.mark(k);
      port.request('pmu');
    }
  }

  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    switchGlobalCtrl(vmcs, this.parts);
  }

  exit(): void {}

  /** A new time slice: what the last one has not used may go. */
  schedIn(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) {
      if (this.events.of(k) === undefined) continue;
      this.needsCleanup = true;
      this.parts.port.request('pmu');
    }
  }

  schedOut(): void {}

  refresh(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.events.mark(k);
    this.parts.port.request('pmu');
  }

  private isPaused(k: number): boolean {
    return (this.paused & this.parts.vpmu.regs.bitOf(k)) !== 0;
  }

  /** kvm_pmu_reprogram_counter: pause, fold, and if the counter should run, go on or begin anew. */
  private reprogram(k: number): void {
    const { vpmu } = this.parts;
    const wrapped = this.pause(k);
    if (!vpmu.enabled(k)) return;
    if (wrapped) this.emulatedOverflow(k);
    const config = this.events.registersOf(k);
    if (this.configs[k] === config && this.resume(k)) return;
    this.events.release(k);
    this.configs[k] = config;
    this.paused = (this.paused & ~vpmu.regs.bitOf(k)) as CounterSet;
    const period = periodOf(vpmu.regs.counters[k]!, vpmu.regs.modulusOf(k));
    // What failed is tried at the next occasion; the guest is not held up for it.
    if (!this.events.create(k, this.events.attrOf(k, period))) this.events.mark(k);
  }

  /** True when what KVM itself has counted made the counter wrap. */
  private pause(k: number): boolean {
    const { vpmu, perf, port } = this.parts;
    const { regs } = vpmu;
    const event = this.events.of(k);
    if (event !== undefined && !(this.options.remembersPause && this.isPaused(k))) {
      const counted = perf.pause(port.cpu(), event, true);
      if (!this.isPaused(k)) regs.counters[k] = (regs.counters[k]! + counted) % regs.modulusOf(k);
      this.paused = union(this.paused, regs.bitOf(k));
    }
    const before = regs.counters[k]!;
    regs.counters[k] = (before + this.emulated[k]!) % regs.modulusOf(k);
    this.emulated[k] = 0;
    return regs.counters[k]! < before;
  }

  private resume(k: number): boolean {
    const { vpmu, perf, port } = this.parts;
    const { regs } = vpmu;
    const event = this.events.of(k);
    if (event === undefined) return false;
    if (event.sampling && !perf.setPeriod(port.cpu(), event, periodOf(regs.counters[k]!, regs.modulusOf(k)))) return false;
    perf.enable(port.cpu(), event);
    this.paused = (this.paused & ~regs.bitOf(k)) as CounterSet;
    this.events.unmark(k);
    port.cpu().trace('vpmu_reuse', port.id, k);
    return true;
  }

  private emulatedOverflow(k: number): void {
    const { vpmu, port } = this.parts;
    vpmu.setStatus(k);
    if (vpmu.regs.interrupts(k)) port.request('pmi');
  }

  /** kvm_pmu_cleanup: lazy release. */
  private cleanUp(): void {
    const { vpmu } = this.parts;
    this.needsCleanup = false;
    for (let k = 0; k < vpmu.counters; k += 1) {
      const bit = vpmu.regs.bitOf(k);
      if (this.events.of(k) === undefined || (this.inUse & bit) !== 0 || vpmu.regs.locallyEnabled(k)) continue;
      this.pause(k);
      this.events.release(k);
      this.paused = (this.paused & ~bit) as CounterSet;
    }
    this.inUse = NO_COUNTERS;
  }
}
