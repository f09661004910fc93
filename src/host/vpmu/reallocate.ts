/**
 * KVM until 5.4: every change of a counter's enable releases its host event and makes a new one, at once, inside the exit of
 * the WRMSR. So does KVM_REQ_PMU after every overflow. That the guest counts right is the perf core's doing; that its PMI
 * handler takes milliseconds is, too.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import type { CounterSet } from '../../x86/counter-set.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf2018 } from './pmc-events.ts';
import { offeredByKvm, type Refused, type Strategy, type StrategyParts } from './vpmu.ts';

export class Reallocate implements Strategy {
  readonly rules = 'KVM';
  protected readonly parts: StrategyParts;
  protected readonly events: PmcEvents;

  constructor(parts: StrategyParts) {
    this.parts = parts;
    this.events = new PmcEvents(parts);
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
  }

  open(): Refused | undefined {
    return undefined;
  }

  offer(host: PerfmonCaps): PerfmonCaps {
    return offeredByKvm(host, this.parts);
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet, _by: 'global' | 'local'): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) if (this.parts.vpmu.has(changed, k)) this.reprogram(k);
  }

  /** The host event is left alone: its next overflow comes when it would have come before. */
  counterWritten(k: number, value: number, _low: number, _high: number): void {
    this.events.shift(k, value, this.visible(k));
  }

  visible(k: number): number {
    return this.events.visible(k);
  }

  statusRead(): void {}

  overflow(k: number): void {
    this.events.overflow(k);
  }

  pmiDelivered(): void {}

  /** Once more: this is the re-creation that no guest sees, and every guest pays for. */
  handleEvent(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) {
      if (!this.parts.vpmu.has(this.events.reprogram, k)) continue;
      if (this.events.of(k) === undefined) this.events.unmark(k);
      else this.reprogram(k);
    }
  }

  retired(): void {}
  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    switchGlobalCtrl(vmcs, this.parts);
  }

  exit(): void {}
  schedIn(): void {}
  schedOut(): void {}

  refresh(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.reprogram(k);
  }

  protected reprogram(k: number): void {
    const { vpmu } = this.parts;
    if (this.events.of(k) !== undefined) {
      vpmu.regs.counters[k] = this.visible(k);
      this.events.release(k);
    }
    if (!vpmu.enabled(k)) return;
    const period = periodOf2018(vpmu.regs.counters[k]!, vpmu.regs.modulusOf(k));
    if (this.events.create(k, this.events.attrOf(k, period))) this.events.unmark(k);
  }
}
