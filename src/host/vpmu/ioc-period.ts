/**
 * The reviewer's alternative: keep the host event, and set its period as PERF_EVENT_IOC_PERIOD does. A change of an enable
 * stops the event or lets it go on; only another selector makes a new one. The perf core keeps its books, so they are
 * right; each change still goes through its locks and its scheduler.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import type { CounterSet } from '../../x86/counter-set.ts';
import { MAX_COUNTERS } from '../../x86/event.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf } from './pmc-events.ts';
import { offeredByKvm, type Strategy, type StrategyParts } from './vpmu.ts';

export class IocPeriod implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;
  private readonly events: PmcEvents;
  /** What each host event was made for. */
  private readonly configs = new Float64Array(MAX_COUNTERS);

  constructor(parts: StrategyParts) {
    this.parts = parts;
    this.events = new PmcEvents(parts);
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
    s.counts('config', this.configs);
  }

  open(): undefined {}

  offer(host: PerfmonCaps): PerfmonCaps {
    return offeredByKvm(host, this.parts);
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) if (this.parts.vpmu.has(changed, k)) this.follow(k);
  }

  counterWritten(k: number, value: number): void {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    const running = event?.state === 'active' || event?.state === 'inactive';
    // What it has counted up to now belongs to the value that is overwritten; also what it did before it lost its counter.
    if (event !== undefined) perf.pause(port.cpu(), event, true);
    vpmu.regs.counters[k] = value;
    if (running) this.resume(k);
  }

  visible(k: number): number {
    return this.events.visible(k);
  }

  statusRead(): void {}

  overflow(k: number): void {
    this.events.overflow(k);
  }

  pmiDelivered(): void {}

  /** The counter has wrapped: from here it is a whole turn to the next time. */
  handleEvent(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) {
      if (!this.parts.vpmu.has(this.events.reprogram, k)) continue;
      this.events.unmark(k);
      this.follow(k);
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
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.follow(k);
  }

  /** Brings the host event in line with the counter's enables and selector. */
  private follow(k: number): void {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    const { regs } = vpmu;
    if (event !== undefined) regs.counters[k] = (regs.counters[k]! + perf.pause(port.cpu(), event, true)) % regs.modulusOf(k);
    if (!vpmu.enabled(k)) return;
    if (event !== undefined && this.configs[k] === this.events.configOf(k)) return this.resume(k);
    this.events.release(k);
    this.configs[k] = this.events.configOf(k);
    this.events.create(k, this.events.attrOf(k, periodOf(regs.counters[k]!, regs.modulusOf(k))));
  }

  private resume(k: number): void {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k)!;
    perf.setPeriod(port.cpu(), event, periodOf(vpmu.regs.counters[k]!, vpmu.regs.modulusOf(k)));
    perf.enable(port.cpu(), event);
    port.cpu().trace('vpmu_reuse', port.id, k);
  }
}
