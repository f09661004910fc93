/**
 * KVM since 7.0: while its guest runs, the hardware counters are the guest's. The perf core steps aside between load and put;
 * most accesses do not exit, and the guest's PMI is an interrupt with a vector of its own. Events of the host that want to
 * count guests are refused.
 */
import type { Serializer } from '../../base/state.ts';
import { highWord, lowWord } from '../../base/u64.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS, setHigh, setLow, without } from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL, FIXED_CTRL, newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import { LVTPC_NMI, type Refusal } from '../perf/perf.ts';
import { interceptEverything } from './entry.ts';
import { emulatedCaps, type Strategy, type StrategyParts } from './vpmu.ts';

/** PERF_GUEST_MEDIATED_PMI_VECTOR. */
export const MEDIATED_PMI_VECTOR = 0xf5;
const GLOBAL_REGISTERS = [MSRS.IA32_PERF_GLOBAL_STATUS, MSRS.IA32_PERF_GLOBAL_CTRL, MSRS.IA32_PERF_GLOBAL_STATUS_RESET];
const LVT_PERFMON = 0x340;
const LVT_MASKED = 1 << 16;

export class Mediated implements Strategy {
  private readonly parts: StrategyParts;
  private readonly value = newMsrValue();
  /** Guest and hardware have the same counters: the global registers and RDPMC need not exit. */
  private same = false;

  constructor(parts: StrategyParts) {
    this.parts = parts;
  }

  serialize(_s: Serializer): void {}

  open(): Refusal | undefined {
    return this.parts.perf.createMediated();
  }

  offer(host: PerfmonCaps): PerfmonCaps {
    const caps = emulatedCaps(host, this.parts.generation);
    this.same = caps.fixedCounters === host.fixedCounters && caps.version > 1;
    return caps;
  }

  /** Selectors and the fixed counters' control always exit: the event filter is applied to what the hardware gets. */
  intercept(vmcs: Vmcs): void {
    const { caps } = this.parts.vpmu;
    interceptEverything(vmcs);
    vmcs.rdpmcExiting = !this.same;
    for (let i = 0; i < caps.generalCounters; i += 1) {
      vmcs.pass(MSRS.IA32_PMC0 + i, true, true);
      if (caps.fullWidthWrites) vmcs.pass(MSRS.IA32_A_PMC0 + i, true, true);
    }
    for (let j = 0; j < caps.fixedCounters; j += 1) vmcs.pass(MSRS.IA32_FIXED_CTR0 + j, true, true);
    if (!this.same) return;
    for (const msr of GLOBAL_REGISTERS) vmcs.pass(msr, true, true);
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
  retired(event: number, before: boolean): void {
    const { vpmu, port } = this.parts;
    const { regs } = vpmu;
    if (before) return;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (regs.eventOf(k) !== event || !vpmu.enabled(k) || !regs.countsAt(k, port.cpl() !== 0)) continue;
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
    perf.setGuestContext(cpu, true);
    cpu.work('switch guest pmu');
    root.wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, 0, 0);
    root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, MEDIATED_PMI_VECTOR | (port.lapic.read(LVT_PERFMON) & LVT_MASKED), 0);
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (perf.hardwareOf(cpu).readCounter(k) !== regs.counters[k]) this.writeCounter(k, regs.counters[k]!);
      if (k < caps.generalCounters) root.wrmsr(MSRS.IA32_PERFEVTSEL0 + k, this.allowedSelector(k), regs.selectorHigh(k));
    }
    this.loadStatus();
    root.wrmsr(MSRS.IA32_FIXED_CTR_CTRL, this.allowedFixed, 0);
    vmcs.guestGlobalCtrl = regs.globalCtrl;
  }

  put(vmcs: Vmcs): void {
    const { perf, port, vpmu } = this.parts;
    const { regs, caps } = vpmu;
    const cpu = port.cpu();
    const { root } = cpu;
    regs.globalCtrl = vmcs.guestGlobalCtrl;
    root.rdmsr(MSRS.IA32_PERF_GLOBAL_STATUS, this.value);
    regs.globalStatus = this.statusOf(this.value.low, this.value.high);
    if (regs.globalStatus !== NO_COUNTERS) this.writeStatus(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, regs.globalStatus);
    if (this.allowedFixed !== 0) root.wrmsr(MSRS.IA32_FIXED_CTR_CTRL, 0, 0);
    for (let k = 0; k < vpmu.counters; k += 1) {
      regs.counters[k] = perf.hardwareOf(cpu).readCounter(k);
      // Nothing stays behind that the host or another guest could read.
      if (regs.counters[k] !== 0) this.writeCounter(k, 0);
      if (k < caps.generalCounters && regs.selectors[k] !== 0) root.wrmsr(MSRS.IA32_PERFEVTSEL0 + k, 0, 0);
    }
    root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);
    perf.setGuestContext(cpu, false);
  }

  enter(vmcs: Vmcs): void {
    vmcs.entryLoadsGlobalCtrl = true;
    vmcs.exitSavesGlobalCtrl = true;
    vmcs.exitLoadsGlobalCtrl = true;
    vmcs.hostGlobalCtrl = NO_COUNTERS;
  }

  exit(): void {}
  schedIn(): void {}
  schedOut(): void {}
  refresh(): void {}

  private writeCounter(k: number, value: number): void {
    this.parts.port.cpu().root.wrmsr(this.parts.perf.hardwareOf(this.parts.port.cpu()).counterMsr(k), lowWord(value), highWord(value));
  }

  private loadStatus(): void {
    const { regs } = this.parts.vpmu;
    this.parts.port.cpu().root.rdmsr(MSRS.IA32_PERF_GLOBAL_STATUS, this.value);
    const now = this.statusOf(this.value.low, this.value.high);
    const stale = without(now, regs.globalStatus), missing = without(regs.globalStatus, now);
    if (stale !== NO_COUNTERS) this.writeStatus(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, stale);
    if (missing !== NO_COUNTERS) this.writeStatus(MSRS.IA32_PERF_GLOBAL_STATUS_SET, missing);
  }

  private statusOf(low: number, high: number): CounterSet {
    return ((low & 0xffff) | ((high & 0xf) << 16)) as CounterSet;
  }

  private writeStatus(msr: number, set: CounterSet): void {
    this.parts.port.cpu().root.wrmsr(msr, setLow(set), setHigh(set));
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
