/**
 * The "more general version" of November 2018: the guest's registers are those of hardware counters that were taken from the
 * host's perf core. Every access still exits, and is then done to the hardware; a switch of virtual processors saves and
 * restores. There is no host event, and for the host there are as many counters less.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, common, NO_COUNTERS, union, without } from '../../x86/counter-set.ts';
import type { EventCounts } from '../../x86/event.ts';
import { allCounters, type PerfmonCaps } from '../../x86/perfmon.ts';
import { interceptEverything, withoutSwitch } from './entry.ts';
import { offeredByKvm, type Refused, type Strategy, type StrategyParts } from './vpmu.ts';

export class Register implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;
  /** The counters are in the hardware of the present CPU, not in memory. */
  private loaded = false;

  constructor(parts: StrategyParts) {
    this.parts = parts;
  }

  serialize(s: Serializer): void {
    this.loaded = s.flag('loaded', this.loaded);
  }

  /** x86_perf_mask_perf_counters: whatever the host has on them must move, or stop. */
  open(): Refused | undefined {
    const refused = withoutSwitch(this.parts);
    if (refused !== undefined) return refused;
    this.parts.perf.maskCounters(this.taken);
    this.parts.perf.onGuestOverflow((cpu, bits) => {
      if (this.loaded && cpu === this.parts.port.cpu()) this.guestOverflow(bits);
    });
    return undefined;
  }

  offer(host: PerfmonCaps): PerfmonCaps {
    return offeredByKvm(host, this.parts);
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  /** What is enabled globally is loaded at VM entry; a selector goes into the hardware now. */
  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    this.parts.port.cpu().work('update vpmu');
    if (by === 'global' || !this.loaded) return;
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) if (this.parts.vpmu.has(changed, k)) this.writeControl(k);
  }

  counterWritten(k: number, value: number): void {
    this.parts.port.cpu().work('update vpmu');
    this.parts.vpmu.regs.counters[k] = value;
    if (this.loaded) this.hardware.writeCounter(this.place(k), value);
  }

  visible(k: number): number {
    this.parts.port.cpu().work('update vpmu');
    return this.loaded ? this.hardware.readCounter(this.place(k)) : this.parts.vpmu.regs.counters[k]!;
  }

  /** Of counters without an interrupt nobody else tells. */
  statusRead(): void {
    this.takeSilent();
  }

  overflow(): void {}
  pmiDelivered(): void {}
  handleEvent(): void {}

  /** What the guest is about to clear must be there to be cleared. */
  retired(_events: EventCounts, before: boolean): void {
    if (before) this.takeSilent();
  }

  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    const { perf, port, vpmu } = this.parts;
    const { guestCtrl: guest, hostCtrl: host } = perf.guestMsrs(port.cpu());
    let on: CounterSet = NO_COUNTERS;
    for (let k = 0; k < vpmu.counters; k += 1) if (vpmu.enabled(k)) on = union(on, this.bit(k));
    vmcs.entryLoadsGlobalCtrl = true;
    vmcs.exitLoadsGlobalCtrl = true;
    vmcs.guestGlobalCtrl = union(without(guest, this.taken), on);
    vmcs.hostGlobalCtrl = without(host, this.taken);
  }

  exit(): void {}

  schedIn(): void {
    const { vpmu, port } = this.parts;
    port.cpu().work('switch guest pmu');
    this.loaded = true;
    for (let k = 0; k < vpmu.counters; k += 1) {
      this.hardware.writeCounter(this.place(k), vpmu.regs.counters[k]!);
      this.writeControl(k);
    }
  }

  schedOut(): void {
    const { vpmu, port } = this.parts;
    port.cpu().work('switch guest pmu');
    // A wrap whose NMI has not come yet would be taken for the next guest's.
    const pending = common(this.hardware.readStatus(), this.taken);
    if (pending !== NO_COUNTERS) {
      this.hardware.clearStatus(pending);
      this.guestOverflow(pending);
    }
    for (let k = 0; k < vpmu.counters; k += 1) {
      vpmu.regs.counters[k] = this.hardware.readCounter(this.place(k));
      this.clearControl(k);
    }
    this.loaded = false;
  }

  refresh(): void {
    if (this.loaded) for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.writeControl(k);
  }

  /** Guest counters are the hardware's first ones: general k is general k, fixed j fixed j. */
  private place(k: number): number {
    const { caps } = this.parts.vpmu;
    return k < caps.generalCounters ? k : this.hardware.caps.generalCounters + k - caps.generalCounters;
  }

  private bit(k: number): CounterSet {
    return this.parts.vpmu.regs.bitOf(k);
  }

  private get taken(): CounterSet {
    return allCounters(this.parts.vpmu.caps);
  }

  private get hardware() {
    return this.parts.perf.hardwareOf(this.parts.port.cpu());
  }

  /** In the host's NMI: the bits are the guest's, and so is the interrupt. */
  private guestOverflow(bits: CounterSet): void {
    const { vpmu, port } = this.parts;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (!vpmu.has(bits, k)) continue;
      port.cpu().trace('vpmu_overflow', port.id, k, 1);
      vpmu.setStatus(k);
      if (vpmu.regs.interrupts(k)) port.request('pmi');
    }
  }

  private takeSilent(): void {
    const { vpmu } = this.parts;
    if (!this.loaded) return;
    const pending = common(this.hardware.readStatus(), this.taken);
    let silent: CounterSet = NO_COUNTERS;
    for (let k = 0; k < vpmu.counters; k += 1) if (vpmu.has(pending, k) && !vpmu.regs.interrupts(k)) silent = union(silent, this.bit(k));
    if (silent === NO_COUNTERS) return;
    this.hardware.clearStatus(silent);
    this.guestOverflow(silent);
  }

  private writeControl(k: number): void {
    const { caps, regs } = this.parts.vpmu;
    if (k < caps.generalCounters) this.hardware.writeSelector(k, regs.selectors[k]!, regs.selectorHigh(k));
    else this.hardware.writeFixed(k - caps.generalCounters, regs.fixedBits(k));
  }

  private clearControl(k: number): void {
    const { caps } = this.parts.vpmu;
    if (k < caps.generalCounters) this.hardware.writeSelector(k, 0, 0);
    else this.hardware.writeFixed(k - caps.generalCounters, 0);
  }
}

