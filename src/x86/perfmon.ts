/**
 * Architectural performance monitoring: its registers and their rules, once, for silicon and for every virtual processor.
 * SDM: "Performance Monitoring", and the MSR tables for bits and reserved bits. What counts, and when, is in hw/pmu.
 */
import { joinWords, POWER_OF_TWO } from '../base/u64.ts';
import { CounterRegisters } from './counter-registers.ts';
import { type CounterSet, counterSet, setHigh, setLow } from './counter-set.ts';
import { EVENTS, eventOf, FIXED_EVENTS } from './event.ts';
import { MSRS } from './msr.ts';
import {
  allCounters, DEBUGCTL, EVTSEL, FIXED_CTRL, fits, type MsrValue, type PerfmonCaps, perfCapabilities, put, putSet, STATUS_HIGH, within,
} from './perfmon-caps.ts';

export {
  allCounters, covers, DEBUGCTL, EVTSEL, FIXED_CTRL, FLAGS_HALF, generalCounters, type MsrValue, newMsrValue, PERF_CAP_FW_WRITE,
  type PerfmonCaps, perfCapabilities, perfmonLeaf, STATUS_HIGH,
} from './perfmon-caps.ts';

/** IA32_PERF_GLOBAL_INUSE: some counter is set up to interrupt. */
const PMI_INUSE_HIGH = 1 << 31;

/** Version 0 has no counters, whatever else is said of them; version 1 has no fixed ones. */
const existing = (caps: PerfmonCaps): PerfmonCaps =>
  caps.version >= 2 ? caps : { ...caps, generalCounters: caps.version * caps.generalCounters, fixedCounters: 0 };

export class PerfmonRegs extends CounterRegisters {
  constructor(caps: PerfmonCaps) {
    super(existing(caps));
  }

  eventOf(k: number): number {
    if (k >= this.caps.generalCounters) return FIXED_EVENTS[k - this.caps.generalCounters] ?? -1;
    const event = eventOf(this.selectors[k]!);
    const row = event === -1 ? undefined : EVENTS[event];
    const bit = row && 'architectural' in row ? row.architectural : -1;
    // Who says that an event is not available has not got it. (A hypervisor that hides one of its silicon's cannot keep it from
    // counting.) Fixed counters are enumerated by themselves.
    if (bit !== -1 && (this.caps.unavailableEvents >>> bit) & 1) return -1;
    // In a transaction: this processor never is.
    return (this.selectorsHigh[k]! & EVTSEL.IN_TX_HIGH) !== 0 ? -1 : event;
  }

  // RDMSR, WRMSR and RDPMC.

  /** True when the MSR is one of this unit's, whether or not it exists in this version. */
  static owns(msr: number): boolean {
    return within(msr, MSRS.IA32_PMC0, 8) >= 0 || within(msr, MSRS.IA32_A_PMC0, 8) >= 0 || within(msr, MSRS.IA32_PERFEVTSEL0, 8) >= 0
      || within(msr, MSRS.IA32_FIXED_CTR0, 8) >= 0 || (msr >= MSRS.IA32_FIXED_CTR_CTRL && msr <= MSRS.IA32_PERF_GLOBAL_INUSE)
      || msr === MSRS.IA32_PERF_CAPABILITIES || msr === MSRS.IA32_DEBUGCTL;
  }

  owns(msr: number): boolean {
    return PerfmonRegs.owns(msr);
  }

  read(msr: number, out: MsrValue): boolean {
    const { caps } = this;
    out.low = 0;
    out.high = 0;
    const general = this.generalAt(msr);
    if (general >= 0) return this.readCounter(general, out);
    const selector = this.selectorAt(msr);
    if (selector >= 0) return put(out, this.selectors[selector]!, this.selectorsHigh[selector]!);
    if (msr === MSRS.IA32_PERF_CAPABILITIES) return caps.version > 0 && put(out, perfCapabilities(caps), 0);
    if (msr === MSRS.IA32_DEBUGCTL) return put(out, this.debugCtl, 0);
    if (caps.version < 2) return false;
    const fixed = within(msr, MSRS.IA32_FIXED_CTR0, caps.fixedCounters);
    if (fixed >= 0) return this.readCounter(caps.generalCounters + fixed, out);
    switch (msr) {
      case MSRS.IA32_FIXED_CTR_CTRL: return put(out, this.fixedCtrCtrl, 0);
      case MSRS.IA32_PERF_GLOBAL_CTRL: return putSet(out, this.globalCtrl);
      case MSRS.IA32_PERF_GLOBAL_STATUS: return putSet(out, this.globalStatus, this.statusFlags);
      case MSRS.IA32_PERF_GLOBAL_STATUS_RESET: return true;
      case MSRS.IA32_PERF_GLOBAL_STATUS_SET: return caps.version >= 4;
      case MSRS.IA32_PERF_GLOBAL_INUSE: return caps.version >= 4 && this.readInUse(out);
      default: return false;
    }
  }

  accepts(msr: number, low: number, high: number): boolean {
    const { caps } = this;
    if (within(msr, MSRS.IA32_PMC0, caps.generalCounters) >= 0) return true;
    if (within(msr, MSRS.IA32_A_PMC0, caps.generalCounters) >= 0) return caps.fullWidthWrites && fits(low, high, caps.generalWidth);
    const selector = this.selectorAt(msr);
    if (selector >= 0) return (low & this.reservedSelector()) === 0 && (high & ~this.selectorHighMask(selector)) === 0;
    if (msr === MSRS.IA32_DEBUGCTL) return high === 0 && (low & ~this.debugCtlMask()) === 0;
    if (caps.version < 2) return false;
    if (within(msr, MSRS.IA32_FIXED_CTR0, caps.fixedCounters) >= 0) return fits(low, high, caps.fixedWidth);
    switch (msr) {
      case MSRS.IA32_FIXED_CTR_CTRL: return high === 0 && (low & ~this.fixedCtrlMask()) === 0;
      case MSRS.IA32_PERF_GLOBAL_CTRL: return this.onlyCounters(low, high);
      case MSRS.IA32_PERF_GLOBAL_STATUS_RESET: return this.onlyCounters(low, high & ~this.clearableFlags());
      case MSRS.IA32_PERF_GLOBAL_STATUS_SET: return caps.version >= 4 && this.onlyCounters(low, high & ~this.settableFlags());
      default: return false;
    }
  }

  write(msr: number, low: number, high: number): void {
    const { caps } = this;
    const legacy = within(msr, MSRS.IA32_PMC0, caps.generalCounters);
    if (legacy >= 0) {
      this.counters[legacy] = signExtended(low, caps.generalWidth);
      return;
    }
    const general = within(msr, MSRS.IA32_A_PMC0, caps.generalCounters);
    if (general >= 0) {
      this.counters[general] = joinWords(low, high);
      return;
    }
    const selector = this.selectorAt(msr);
    if (selector >= 0) {
      this.selectors[selector] = low;
      this.selectorsHigh[selector] = high;
      return;
    }
    const fixed = within(msr, MSRS.IA32_FIXED_CTR0, caps.fixedCounters);
    if (fixed >= 0) {
      this.counters[caps.generalCounters + fixed] = joinWords(low, high);
      return;
    }
    switch (msr) {
      case MSRS.IA32_DEBUGCTL: this.debugCtl = low >>> 0; break;
      case MSRS.IA32_FIXED_CTR_CTRL: this.fixedCtrCtrl = low >>> 0; break;
      case MSRS.IA32_PERF_GLOBAL_CTRL: this.globalCtrl = (counterSet(low, high) >>> 0) as CounterSet; break;
      case MSRS.IA32_PERF_GLOBAL_STATUS_RESET: this.changeStatus(low, high, false); break;
      case MSRS.IA32_PERF_GLOBAL_STATUS_SET: this.changeStatus(low, high, true); break;
      default: break;
    }
  }

  counterAt(msr: number): number {
    const general = this.generalAt(msr);
    const fixed = general === -1 ? within(msr, MSRS.IA32_FIXED_CTR0, this.caps.fixedCounters) : -1;
    return fixed === -1 ? general : this.caps.generalCounters + fixed;
  }

  selectorAt(msr: number): number {
    return within(msr, MSRS.IA32_PERFEVTSEL0, this.caps.generalCounters);
  }

  /** RDPMC's index to a counter: type in bits 31:16, number below. -1 is #GP. */
  rdpmcIndex(ecx: number): number {
    const number = ecx & 0xffff;
    const type = ecx >>> 16;
    if (type === 0) return number < this.caps.generalCounters ? number : -1;
    if (type === 0x4000) return number < this.caps.fixedCounters ? this.caps.generalCounters + number : -1;
    return -1;
  }

  /** The general counter that an index of either window names, or -1. */
  private generalAt(msr: number): number {
    const legacy = within(msr, MSRS.IA32_PMC0, this.caps.generalCounters);
    if (legacy >= 0 || !this.caps.fullWidthWrites) return legacy;
    return within(msr, MSRS.IA32_A_PMC0, this.caps.generalCounters);
  }

  /** AnyThread came with version 3, and with a flag in CPUID that takes it away again. */
  private get anyThread(): boolean {
    return this.caps.version >= 3 && !this.caps.anyThreadDeprecated;
  }

  private reservedSelector(): number {
    return this.anyThread ? 0 : EVTSEL.ANY;
  }

  /** IN_TXCP exists on counter 2 only. */
  private selectorHighMask(selector: number): number {
    if (!this.caps.tsx) return 0;
    return selector === 2 ? EVTSEL.IN_TX_HIGH | EVTSEL.IN_TXCP_HIGH : EVTSEL.IN_TX_HIGH;
  }

  private fixedCtrlMask(): number {
    const each = FIXED_CTRL.OS | FIXED_CTRL.USR | FIXED_CTRL.PMI | (this.anyThread ? FIXED_CTRL.ANY : 0);
    let mask = 0;
    for (let j = 0; j < this.caps.fixedCounters; j += 1) mask |= each << (FIXED_CTRL.bits * j);
    return mask;
  }

  private debugCtlMask(): number {
    const freeze = this.caps.version >= 2 ? DEBUGCTL.FREEZE_LBRS_ON_PMI | DEBUGCTL.FREEZE_PERFMON_ON_PMI : 0;
    return DEBUGCTL.LBR | DEBUGCTL.BTF | freeze;
  }

  private onlyCounters(low: number, high: number): boolean {
    const all = allCounters(this.caps);
    return (low & ~setLow(all)) === 0 && (high & ~setHigh(all)) === 0;
  }

  /** SDM: "IA32_PERF_GLOBAL_OVF_CTRL" of versions 2 and 3, "IA32_PERF_GLOBAL_STATUS_RESET" of version 4. */
  private clearableFlags(): number {
    const { version } = this.caps;
    return STATUS_HIGH.OVF_BUFFER | STATUS_HIGH.COND_CHGD | (version >= 3 ? STATUS_HIGH.OVF_UNCORE : 0)
      | (version >= 4 ? STATUS_HIGH.LBR_FRZ | STATUS_HIGH.CTR_FRZ | STATUS_HIGH.ASCI : 0);
  }

  /** CondChgd cannot be set by software. */
  private settableFlags(): number {
    return STATUS_HIGH.OVF_BUFFER | STATUS_HIGH.OVF_UNCORE | STATUS_HIGH.LBR_FRZ | STATUS_HIGH.CTR_FRZ | STATUS_HIGH.ASCI;
  }

  /** SDM: "IA32_PERF_GLOBAL_INUSE": what somebody has set up, without saying who. */
  private readInUse(out: MsrValue): boolean {
    let interrupting = false;
    for (let k = 0; k < this.count; k += 1) {
      const general = k < this.caps.generalCounters;
      const used = general ? (this.selectors[k]! & 0xff) !== 0 : this.locallyEnabled(k);
      if (used && general) out.low |= 1 << k;
      if (used && !general) out.high |= 1 << (k - this.caps.generalCounters);
      interrupting ||= this.interrupts(k);
    }
    out.high = (out.high | (interrupting ? PMI_INUSE_HIGH : 0)) >>> 0;
    return true;
  }
}

/** The low window: bit 31 goes on to the counter's width. */
export function signExtended(low: number, width: number): number {
  if (width < 32) return low & ((1 << width) - 1);
  const signed = low | 0;
  return signed >= 0 ? signed : signed + POWER_OF_TWO[width]!;
}
