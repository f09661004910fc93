/**
 * No PMU: CPUID leaf 0AH is empty, and the registers of the unit are #GP, but for the few of P6 that KVM lets everybody touch.
 * What a cloud offers that has not decided yet.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import type { Strategy, StrategyParts } from './vpmu.ts';

export class None implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;

  constructor(parts: StrategyParts) {
    this.parts = parts;
  }

  serialize(_s: Serializer): void {}

  open(): undefined {}

  offer(host: PerfmonCaps): PerfmonCaps {
    return { ...host, version: 0, generalCounters: 0, fixedCounters: 0, fullWidthWrites: false };
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(): void {}
  counterWritten(): void {}

  visible(): number {
    return 0;
  }

  statusRead(): void {}
  overflow(): void {}
  pmiDelivered(): void {}
  handleEvent(): void {}
  retired(): void {}
  load(): void {}
  put(): void {}

  /** The host's own events may want to count guests, or not to. */
  enter(vmcs: Vmcs): void {
    switchGlobalCtrl(vmcs, this.parts);
  }

  exit(): void {}
  schedIn(): void {}
  schedOut(): void {}
  refresh(): void {}
}
