/**
 * KVM since 7.0: while its guest runs, the hardware counters are the guest's. The perf core steps aside between load and put;
 * most accesses do not exit, and the guest's PMI is an interrupt with a vector of its own. Events of the host that want to
 * count guests are refused.
 *
 * On AMD's processors VMRUN does not switch the global control, so load and put do; and selectors are made to count guests only.
 */
import type { Serializer } from '../../base/state.ts';
import { LVT, LVT_MASKED } from '../../hw/lapic/lapic.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, counterSet, NO_COUNTERS, setHigh, setLow, without } from '../../x86/counter-set.ts';
import type { EventCounts } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL, FIXED_CTRL, FLAGS_HALF, newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import { VECTOR } from '../vectors.ts';
import { interceptEverything } from './entry.ts';
import { offeredByKvm, type Refused, type Strategy, type StrategyParts } from './vpmu.ts';

export class Mediated implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;
  private readonly value = newMsrValue();

  constructor(parts: StrategyParts) {
    this.parts = parts;
  }

  serialize(_s: Serializer): void {}

  /** Intel's must be able to set status bits and to take whole values, AMD's have global registers. */
  open(): Refused | undefined {
    const { perf, port } = this.parts;
    const { version, fullWidthWrites } = perf.hardwareOf(port.cpu()).caps;
    const { mediatedFrom: least, versionName } = perf.vendor;
    if (version < least) {
      return { error: 'EOPNOTSUPP', why: `it needs ${versionName(least)} of the host's PMU, which has ${versionName(version)}` };
    }
    if (!fullWidthWrites) return { error: 'EOPNOTSUPP', why: 'it needs counters of the host that take all their bits at once' };
    const error = perf.createMediated();
    return error === undefined ? undefined : { error, why: 'the host has an event that counts guests too' };
  }

  /** KVM: version 2 at most too, so a guest has no counter freezing and no handler of version 4. */
  offer(host: PerfmonCaps): PerfmonCaps {
    return offeredByKvm(host, this.parts);
  }

  /** Selectors and the fixed counters' control always exit: the event filter is applied to what the hardware gets. */
  intercept(vmcs: Vmcs): void {
    const { vpmu, perf, port } = this.parts;
    const { caps, regs } = vpmu;
    const { globalCtrl, globalStatus, statusReset, statusSet } = perf.vendor.msr;
    const host = perf.hardwareOf(port.cpu()).caps;
    // Guest and hardware have the same counters: the global registers and RDPMC need not exit.
    const same = caps.generalCounters === host.generalCounters && caps.fixedCounters === host.fixedCounters && caps.version > 1;
    interceptEverything(vmcs);
    vmcs.rdpmcExiting = !same;
    for (const msr of COUNTER_MSRS) {
      const wide = msr >= MSRS.IA32_A_PMC0 && msr < MSRS.IA32_A_PMC0 + caps.generalCounters;
      if (regs.counterAt(msr) !== -1 && (!wide || vpmu.fullWidthWrites)) vmcs.pass(msr, true, true);
    }
    if (!same) return;
    for (const msr of [globalCtrl, globalStatus, statusReset]) vmcs.pass(msr, true, true);
    if (!perf.vendor.switchesGlobalCtrl) vmcs.pass(statusSet, true, true);
  }

  /** The next load puts it into the hardware. */
  enablesChanged(): void {}

  counterWritten(k: number, value: number): void {
    this.parts.vpmu.regs.counters[k] = value;
  }

  visible(k: number): number {
    return this.parts.vpmu.regs.counters[k]!;
  }

  statusRead(): void {}
  overflow(): void {}
  pmiDelivered(): void {}
  handleEvent(): void {}

  /** KVM's own work for the guest is counted in software, in the registers that put has saved. */
  retired(events: EventCounts, before: boolean): void {
    const { vpmu, port } = this.parts;
    const { regs } = vpmu;
    if (before) return;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (!vpmu.countsEmulated(k, events)) continue;
      regs.counters[k] = (regs.counters[k]! + 1) % regs.modulusOf(k);
      if (regs.counters[k] !== 0) continue;
      vpmu.setStatus(k);
      if (regs.interrupts(k)) port.request('pmi');
    }
  }

  load(vmcs: Vmcs): void {
    const { perf, port, vpmu } = this.parts;
    const { regs, caps } = vpmu;
    const cpu = port.cpu();
    const { root } = cpu;
    const hardware = perf.hardwareOf(cpu);
    perf.setGuestContext(cpu, true);
    cpu.work('switch guest pmu');
    this.writeSet(perf.vendor.msr.globalCtrl, NO_COUNTERS);
    perf.loadGuestLvtpc(cpu, VECTOR.mediatedPmi | (port.lapic.read(LVT.perfmon) & LVT_MASKED));
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (hardware.readCounter(k) !== regs.counters[k]) hardware.writeCounter(k, regs.counters[k]!);
      if (k < caps.generalCounters) hardware.writeSelector(k, this.allowedSelector(k), this.selectorHigh(k));
    }
    this.loadStatus();
    if (caps.fixedCounters > 0) root.wrmsr(MSRS.IA32_FIXED_CTR_CTRL, this.allowedFixed, 0);
    if (perf.vendor.switchesGlobalCtrl) vmcs.guestGlobalCtrl = regs.globalCtrl;
    else this.writeSet(perf.vendor.msr.globalCtrl, regs.globalCtrl);
  }

  put(vmcs: Vmcs): void {
    const { perf, port, vpmu } = this.parts;
    const { regs, caps } = vpmu;
    const cpu = port.cpu();
    const { root } = cpu;
    const hardware = perf.hardwareOf(cpu);
    const { switchesGlobalCtrl, msr } = perf.vendor;
    regs.globalCtrl = switchesGlobalCtrl ? vmcs.guestGlobalCtrl : this.readSet(msr.globalCtrl);
    if (!switchesGlobalCtrl) this.writeSet(msr.globalCtrl, NO_COUNTERS);
    regs.globalStatus = this.readSet(msr.globalStatus);
    if (regs.globalStatus !== NO_COUNTERS) this.writeSet(msr.statusReset, regs.globalStatus);
    if (this.allowedFixed !== 0) root.wrmsr(MSRS.IA32_FIXED_CTR_CTRL, 0, 0);
    for (let k = 0; k < vpmu.counters; k += 1) {
      regs.counters[k] = hardware.readCounter(k);
      // Nothing stays behind that the host or another guest could read.
      if (regs.counters[k] !== 0) hardware.writeCounter(k, 0);
      if (k < caps.generalCounters && regs.selectors[k] !== 0) hardware.writeSelector(k, 0, 0);
    }
    perf.putGuestLvtpc(cpu);
    perf.setGuestContext(cpu, false);
  }

  enter(vmcs: Vmcs): void {
    const { perf, port } = this.parts;
    if (!perf.vendor.switchesGlobalCtrl) return;
    const { savesGlobalCtrl } = port.cpu();
    vmcs.entryLoadsGlobalCtrl = true;
    vmcs.exitSavesGlobalCtrl = savesGlobalCtrl;
    if (!savesGlobalCtrl) vmcs.exitStores.put(MSRS.IA32_PERF_GLOBAL_CTRL, 0, 0);
    vmcs.exitLoadsGlobalCtrl = true;
    vmcs.hostGlobalCtrl = NO_COUNTERS;
  }

  /** Before Sapphire Rapids a list of MSRs that exit stores says what the guest has written. */
  exit(vmcs: Vmcs): void {
    const { perf, port } = this.parts;
    if (!perf.vendor.switchesGlobalCtrl || port.cpu().savesGlobalCtrl) return;
    vmcs.guestGlobalCtrl = counterSet(vmcs.exitStores.low(0), vmcs.exitStores.high(0));
  }
  schedIn(): void {}
  schedOut(): void {}
  refresh(): void {}

  private loadStatus(): void {
    const { perf, vpmu } = this.parts;
    const wanted = vpmu.regs.globalStatus;
    const now = this.readSet(perf.vendor.msr.globalStatus);
    const stale = without(now, wanted), missing = without(wanted, now);
    if (stale !== NO_COUNTERS) this.writeSet(perf.vendor.msr.statusReset, stale);
    if (missing !== NO_COUNTERS) this.writeSet(perf.vendor.msr.statusSet, missing);
  }

  private readSet(msr: number): CounterSet {
    this.parts.port.cpu().root.rdmsr(msr, this.value);
    return counterSet(this.value.low, this.value.high & ~FLAGS_HALF);
  }

  private writeSet(msr: number, set: CounterSet): void {
    this.parts.port.cpu().root.wrmsr(msr, setLow(set), setHigh(set));
  }

  /** On AMD's the guest's own bits for hosts and guests mean nothing: it has no guests, and must not count its host. */
  private selectorHigh(k: number): number {
    const { vpmu, perf } = this.parts;
    const high = vpmu.regs.selectorHigh(k);
    return perf.vendor.switchesGlobalCtrl ? high : (high & ~EVTSEL.HOST_ONLY_HIGH) | EVTSEL.GUEST_ONLY_HIGH;
  }

  /** `eventsel_hw`: what the filter denies is not enabled. */
  private allowedSelector(k: number): number {
    const selector = this.parts.vpmu.regs.selectors[k]!;
    return this.parts.vpmu.allowed(k) ? selector : (selector & ~EVTSEL.EN) >>> 0;
  }

  /** `fixed_ctr_ctrl_hw`. */
  private get allowedFixed(): number {
    const { vpmu } = this.parts;
    let bits = vpmu.regs.fixedCtrCtrl;
    for (let j = 0; j < vpmu.caps.fixedCounters; j += 1) {
      if (!vpmu.allowed(vpmu.caps.generalCounters + j)) bits &= ~(0xf << (FIXED_CTRL.bits * j));
    }
    return bits >>> 0;
  }
}

/** Every MSR through which some counter is read and written. */
const COUNTER_MSRS: readonly number[] = [
  ...[MSRS.IA32_PMC0, MSRS.IA32_A_PMC0, MSRS.IA32_FIXED_CTR0, MSRS.PERF_LEGACY_CTR0].flatMap((first) =>
    Array.from({ length: 8 }, (_, i) => first + i)),
  ...Array.from({ length: 6 }, (_, i) => MSRS.PERF_CTR0 + 2 * i),
];
