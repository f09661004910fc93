/**
 * AMD's performance counters: their MSRs and rules. AMD64 Architecture Programmer's Manual, "Performance Monitoring Counters".
 *
 * There are no fixed counters, no sign extension, and hardly a reserved bit that is #GP: what is reserved is ignored. Four counters
 * have the registers of K7; all have those of the extended window. Version 2 (PerfMonV2) enables them globally and has a status;
 * version 1 has neither, and its software looks for counters that have become positive.
 *
 * Limit: no counters of the northbridge and of the level-3 cache, no last-branch records, no freeze: of the status only the
 * overflow bits exist.
 */
import { joinWords } from '../base/u64.ts';
import { CounterRegisters, type VirtualizationMode } from './counter-registers.ts';
import { counterSet, setLow } from './counter-set.ts';
import { type CpuidResult, NO_RESULT } from './cpuid.ts';
import { amdEventOf } from './event.ts';
import { MSRS } from './msr.ts';
import { DEBUGCTL, EVTSEL, generalCounters, type MsrValue, type PerfmonCaps, put, putSet, within } from './perfmon-caps.ts';

/** Counters that have the registers of K7. */
export const LEGACY = 4;
/** Of the extended window there are never more. */
export const MAX_AMD = 6;

/** Bits of a selector that exist: all but 19, 21, 39:36 and 63:42. */
const SELECTOR_LOW = ~(EVTSEL.PIN | EVTSEL.ANY);
const HOST_OR_GUEST_ONLY = EVTSEL.GUEST_ONLY_HIGH | EVTSEL.HOST_ONLY_HIGH;
const SELECTOR_HIGH = 0xf | HOST_OR_GUEST_ONLY;
/** Of DebugCtl: LBR, BTF, and the four bits of pins that once were. */
const DEBUGCTL_AMD = DEBUGCTL.LBR | DEBUGCTL.BTF | 0x3c;

/** CPUID 80000001H:ECX.PerfCtrExtCore: there is the extended window. */
const PERF_CTR_EXT_CORE = 1 << 23;

/** Bits of CPUID 80000001H:ECX. */
export const amdPerfmonFeatures = (caps: PerfmonCaps): number => (hasExtended(caps) ? PERF_CTR_EXT_CORE : 0);

/** CPUID 80000022H: PerfMonV2 in EAX, the number of counters in EBX. */
export const amdPerfmonLeaf = (caps: PerfmonCaps): CpuidResult =>
  (caps.version >= 2 ? { eax: 1, ebx: amdPerfmon(caps).generalCounters, ecx: 0, edx: 0 } : NO_RESULT);

type Counters = Pick<PerfmonCaps, 'version' | 'generalCounters'>;

/** Four counters are those of K7 alone, unless they are of PerfMonV2. */
const hasExtended = ({ version, generalCounters: general }: Counters): boolean => version >= 2 || (version === 1 && general > LEGACY);

/** The registers through which all counters are reached: those of counter 0, and how far it is to the next counter's. */
export const amdWindow = (caps: Counters): { readonly counter: number; readonly control: number; readonly step: number } =>
  (hasExtended(caps) ? EXTENDED_WINDOW : LEGACY_WINDOW);
const EXTENDED_WINDOW = { counter: MSRS.PERF_CTR0, control: MSRS.PERF_CTL0, step: 2 };
const LEGACY_WINDOW = { counter: MSRS.PERF_LEGACY_CTR0, control: MSRS.PERF_LEGACY_CTL0, step: 1 };

/** What there is of it on a processor of AMD's. */
export const amdPerfmon = (caps: PerfmonCaps): PerfmonCaps => ({
  ...caps, version: Math.min(caps.version, 2), generalCounters: caps.version === 0 ? 0 : Math.min(caps.generalCounters, MAX_AMD),
  fixedCounters: 0, fullWidthWrites: true, unavailableEvents: 0, tsx: false,
});

export class AmdPerfmonRegs extends CounterRegisters {
  constructor(caps: PerfmonCaps) {
    super(amdPerfmon(caps));
  }

  eventOf(k: number): number {
    return amdEventOf(this.selectors[k]!, this.selectorsHigh[k]!);
  }

  /** With EFER.SVME, either bit restricts and both do not; without it, either keeps the counter from counting. */
  override countsIn(k: number, mode: VirtualizationMode): boolean {
    const bits = this.selectorsHigh[k]! & HOST_OR_GUEST_ONLY;
    if (bits === 0) return true;
    if (mode === 'none') return false;
    return bits === HOST_OR_GUEST_ONLY || (bits === EVTSEL.GUEST_ONLY_HIGH) === (mode === 'guest');
  }

  owns(msr: number): boolean {
    return AmdPerfmonRegs.owns(msr);
  }

  static owns(msr: number): boolean {
    return within(msr, MSRS.PERF_LEGACY_CTL0, 2 * LEGACY) >= 0 || within(msr, MSRS.PERF_CTL0, 2 * MAX_AMD) >= 0
      || within(msr, MSRS.PerfCntrGlobalStatus, 4) >= 0 || msr === MSRS.IA32_DEBUGCTL;
  }

  read(msr: number, out: MsrValue): boolean {
    const selector = this.selectorAt(msr);
    if (selector >= 0) return put(out, this.selectors[selector]!, this.selectorsHigh[selector]!);
    const counter = this.counterAt(msr);
    if (counter >= 0) return this.readCounter(counter, out);
    switch (msr) {
      case MSRS.IA32_DEBUGCTL: return put(out, this.debugCtl, 0);
      case MSRS.PerfCntrGlobalStatus: return this.caps.version >= 2 && putSet(out, this.globalStatus);
      case MSRS.PerfCntrGlobalCtl: return this.caps.version >= 2 && putSet(out, this.globalCtrl);
      case MSRS.PerfCntrGlobalStatusClr: case MSRS.PerfCntrGlobalStatusSet: return this.caps.version >= 2 && put(out, 0, 0);
      default: return false;
    }
  }

  accepts(msr: number, low: number, high: number): boolean {
    if (msr === MSRS.IA32_DEBUGCTL) return high === 0 && (low & ~DEBUGCTL_AMD) === 0;
    if (within(msr, MSRS.PerfCntrGlobalStatus, 4) >= 0) return this.caps.version >= 2;
    return this.selectorAt(msr) >= 0 || this.counterAt(msr) >= 0;
  }

  write(msr: number, low: number, high: number): void {
    const selector = this.selectorAt(msr), counter = this.counterAt(msr);
    if (selector >= 0) {
      this.selectors[selector] = low & SELECTOR_LOW;
      this.selectorsHigh[selector] = high & SELECTOR_HIGH;
    } else if (counter >= 0) this.counters[counter] = joinWords(low, high & 0xffff) % this.modulusOf(counter);
    else this.writeGlobal(msr, low);
  }

  private writeGlobal(msr: number, low: number): void {
    const counters = low & setLow(generalCounters(this.caps));
    switch (msr) {
      case MSRS.IA32_DEBUGCTL: this.debugCtl = low; break;
      case MSRS.PerfCntrGlobalCtl: this.globalCtrl = counterSet(counters, 0); break;
      case MSRS.PerfCntrGlobalStatusClr: this.changeStatus(counters, 0, false); break;
      case MSRS.PerfCntrGlobalStatusSet: this.changeStatus(counters, 0, true); break;
      default: break; // Of the status itself a write is ignored.
    }
  }

  /** K7's four, or an even register of the extended window. */
  selectorAt(msr: number): number {
    const legacy = within(msr, MSRS.PERF_LEGACY_CTL0, LEGACY);
    return this.numbered(legacy >= 0 ? legacy : this.extendedAt(msr, MSRS.PERF_CTL0));
  }

  /** RDPMC has no types: the index is the number. */
  rdpmcIndex(ecx: number): number {
    return this.numbered(ecx >>> 0);
  }

  counterAt(msr: number): number {
    const legacy = within(msr, MSRS.PERF_LEGACY_CTR0, LEGACY);
    return this.numbered(legacy >= 0 ? legacy : this.extendedAt(msr, MSRS.PERF_CTR0));
  }

  private extendedAt(msr: number, first: number): number {
    const offset = msr - first;
    return hasExtended(this.caps) && offset >= 0 && offset % 2 === 0 ? offset / 2 : -1;
  }

  private numbered(k: number): number {
    return k < this.caps.generalCounters ? k : -1;
  }
}
