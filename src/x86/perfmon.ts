/**
 * Architectural performance monitoring: its registers and their rules, once, for silicon and for every virtual processor.
 * SDM: "Performance Monitoring", and the MSR tables for bits and reserved bits. What counts, and when, is in hw/pmu.
 */
import type { Serializer, Stateful } from '../base/state.ts';
import { highWord, joinWords, lowWord } from '../base/u64.ts';
import {
  type CounterSet, counterSet, fixedCounter, generalCounter, isFixed, NO_COUNTERS, setHigh, setLow, union, without,
} from './counter-set.ts';
import type { CpuidResult } from './cpuid.ts';
import { EVENTS, eventOf, FIXED_EVENTS } from './event.ts';
import { MSRS, type MsrIndex } from './msr.ts';

/** What CPUID leaf 0AH and IA32_PERF_CAPABILITIES enumerate. */
export interface PerfmonCaps {
  /** 0 is no performance monitoring at all. */
  readonly version: number;
  readonly generalCounters: number;
  /** In bits, for the general counters. */
  readonly generalWidth: number;
  /** Fixed counters exist from version 2 on. */
  readonly fixedCounters: number;
  readonly fixedWidth: number;
  /** IA32_PERF_CAPABILITIES.FW_WRITE: the counters have a second window that takes all their bits. */
  readonly fullWidthWrites: boolean;
  /** Architectural events that are not available, by bit of CPUID.0AH:EBX. */
  readonly unavailableEvents: number;
  /** AnyThread is reserved although the version has it. */
  readonly anyThreadDeprecated: boolean;
  /** The selectors have IN_TX and IN_TXCP. */
  readonly tsx: boolean;
}

/** Bits of IA32_PERFEVTSELx. IN_TX and IN_TXCP are in the high half. */
export const EVTSEL = {
  USR: 1 << 16, OS: 1 << 17, EDGE: 1 << 18, PIN: 1 << 19, INT: 1 << 20, ANY: 1 << 21, EN: 1 << 22, INV: 1 << 23, CMASK_SHIFT: 24,
  IN_TX_HIGH: 1 << 0, IN_TXCP_HIGH: 1 << 1,
} as const;

/** The four bits that each fixed counter has in IA32_FIXED_CTR_CTRL. */
export const FIXED_CTRL = { OS: 1, USR: 2, ANY: 4, PMI: 8, bits: 4 } as const;

/** Flags of IA32_PERF_GLOBAL_STATUS above the counters, as bits of its high half. */
export const STATUS_HIGH = {
  TRACE_TOPA_PMI: 1 << (55 - 32), LBR_FRZ: 1 << (58 - 32), CTR_FRZ: 1 << (59 - 32), ASCI: 1 << (60 - 32), OVF_UNCORE: 1 << (61 - 32),
  OVF_BUFFER: 1 << (62 - 32), COND_CHGD: 1 << (63 - 32),
} as const;
const FLAGS_HALF = 0xffff_0000;

/** Bits of IA32_DEBUGCTL that exist here. */
export const DEBUGCTL = { LBR: 1 << 0, BTF: 1 << 1, FREEZE_LBRS_ON_PMI: 1 << 11, FREEZE_PERFMON_ON_PMI: 1 << 12 } as const;

/** IA32_PERF_CAPABILITIES.FW_WRITE. */
export const PERF_CAP_FW_WRITE = 1 << 13;

/** IA32_PERF_GLOBAL_INUSE: some counter is set up to interrupt. */
const PMI_INUSE_HIGH = 1 << 31;

/** A register's value on its way, as RDMSR returns it. */
export interface MsrValue { low: number; high: number }
export const newMsrValue = (): MsrValue => ({ low: 0, high: 0 });

/** All counters that exist. */
export const allCounters = ({ generalCounters, fixedCounters }: PerfmonCaps): CounterSet =>
  counterSet((1 << generalCounters) - 1, (1 << fixedCounters) - 1);
export const generalCounters = (caps: PerfmonCaps): CounterSet => counterSet((1 << caps.generalCounters) - 1, 0);

/** CPUID leaf 0AH. SDM: "Architectural Performance Monitoring Leaf". */
export function perfmonLeaf(caps: PerfmonCaps): CpuidResult {
  if (caps.version === 0) return { eax: 0, ebx: 0, ecx: 0, edx: 0 };
  const architectural = EVENTS.filter((event) => 'architectural' in event).length;
  const fixed = caps.version >= 2 ? caps.fixedCounters | (caps.fixedWidth << 5) : 0;
  return {
    eax: (caps.version | (caps.generalCounters << 8) | (caps.generalWidth << 16) | (architectural << 24)) >>> 0,
    ebx: caps.unavailableEvents,
    ecx: caps.version >= 5 ? (1 << caps.fixedCounters) - 1 : 0,
    edx: fixed | (caps.anyThreadDeprecated ? 1 << 15 : 0),
  };
}

export const perfCapabilities = (caps: PerfmonCaps): number => (caps.fullWidthWrites ? PERF_CAP_FW_WRITE : 0);

/** Version 0 has no counters, whatever else is said of them; version 1 has no fixed ones. */
const existing = (caps: PerfmonCaps): PerfmonCaps =>
  caps.version >= 2 ? caps : { ...caps, generalCounters: caps.version * caps.generalCounters, fixedCounters: 0 };

/** Which register of which counter an MSR index is. */
const within = (msr: number, first: MsrIndex, count: number): number => (msr >= first && msr < first + count ? msr - first : -1);

/**
 * The registers. Counter k is general counter k below `caps.generalCounters`, and after them come the fixed counters.
 * A register is accepted or refused as a whole: a refused write has changed nothing.
 */
export class PerfmonRegs implements Stateful {
  readonly caps: PerfmonCaps;
  readonly counters: Float64Array;
  /** Low halves of the selectors. */
  readonly selectors: Uint32Array;
  private readonly selectorsHigh: Uint8Array;
  fixedCtrCtrl = 0;
  globalCtrl: CounterSet = NO_COUNTERS;
  globalStatus: CounterSet = NO_COUNTERS;
  /** Flags of the status above the counters: `STATUS_HIGH`. */
  statusFlags = 0;
  debugCtl = 0;

  constructor(caps: PerfmonCaps) {
    this.caps = existing(caps);
    const { generalCounters: general, fixedCounters: fixed } = this.caps;
    this.counters = new Float64Array(general + fixed);
    this.selectors = new Uint32Array(general);
    this.selectorsHigh = new Uint8Array(general);
    this.reset();
  }

  /** SDM: "IA-32 and Intel 64 Processor States Following Power-up, Reset, or INIT": all general counters globally enabled. */
  reset(): void {
    this.counters.fill(0);
    this.selectors.fill(0);
    this.selectorsHigh.fill(0);
    this.fixedCtrCtrl = 0;
    this.globalCtrl = generalCounters(this.caps);
    this.globalStatus = NO_COUNTERS;
    this.statusFlags = 0;
    this.debugCtl = 0;
  }

  serialize(s: Serializer): void {
    s.counts('counter', this.counters);
    s.words('selector', this.selectors);
    for (let i = 0; i < this.selectorsHigh.length; i += 1) this.selectorsHigh[i] = s.u8(`selectorHigh.${i}`, this.selectorsHigh[i]!);
    this.fixedCtrCtrl = s.u32('fixedCtrCtrl', this.fixedCtrCtrl);
    this.globalCtrl = s.u32('globalCtrl', this.globalCtrl) as CounterSet;
    this.globalStatus = s.u32('globalStatus', this.globalStatus) as CounterSet;
    this.statusFlags = s.u32('statusFlags', this.statusFlags);
    this.debugCtl = s.u32('debugCtl', this.debugCtl);
  }

  // Counters, one by one.

  /** The set that holds just counter k. */
  bitOf(k: number): CounterSet {
    return k < this.caps.generalCounters ? generalCounter(k) : fixedCounter(k - this.caps.generalCounters);
  }

  /** The counter of a set that holds just one. */
  indexOf(bit: CounterSet): number {
    return isFixed(bit) ? this.caps.generalCounters + 31 - Math.clz32(setHigh(bit)) : 31 - Math.clz32(bit);
  }

  widthOf(k: number): number {
    return k < this.caps.generalCounters ? this.caps.generalWidth : this.caps.fixedWidth;
  }

  /** 2^width: counters count modulo it. */
  modulusOf(k: number): number {
    return 2 ** this.widthOf(k);
  }

  /** The four control bits of a fixed counter; k counts from the general ones. */
  fixedBits(k: number): number {
    return (this.fixedCtrCtrl >>> (FIXED_CTRL.bits * (k - this.caps.generalCounters))) & 0xf;
  }

  /** Enabled by its own register, whatever IA32_PERF_GLOBAL_CTRL says. */
  locallyEnabled(k: number): boolean {
    if (k >= this.caps.generalCounters) return (this.fixedBits(k) & (FIXED_CTRL.OS | FIXED_CTRL.USR)) !== 0;
    return (this.selectors[k]! & EVTSEL.EN) !== 0;
  }

  /** Version 1 has no global enable. */
  globallyEnabled(k: number): boolean {
    return this.caps.version < 2 || (this.globalCtrl & this.bitOf(k)) !== 0;
  }

  /** Whether it counts at privilege level 0 (`user` false) or 1 to 3. */
  countsAt(k: number, user: boolean): boolean {
    if (k >= this.caps.generalCounters) return (this.fixedBits(k) & (user ? FIXED_CTRL.USR : FIXED_CTRL.OS)) !== 0;
    return (this.selectors[k]! & (user ? EVTSEL.USR : EVTSEL.OS)) !== 0;
  }

  /** Asks for an interrupt when it overflows. */
  interrupts(k: number): boolean {
    if (k >= this.caps.generalCounters) return (this.fixedBits(k) & FIXED_CTRL.PMI) !== 0;
    return (this.selectors[k]! & EVTSEL.INT) !== 0;
  }

  /** The event that it counts: an index of EVENTS, or -1 for none that the machine knows. */
  eventOf(k: number): number {
    if (k >= this.caps.generalCounters) return FIXED_EVENTS[k - this.caps.generalCounters] ?? -1;
    const event = eventOf(this.selectors[k]!);
    const row = event === -1 ? undefined : EVENTS[event];
    const bit = row && 'architectural' in row ? row.architectural : -1;
    // In a transaction: this processor never is.
    if (bit !== -1 && (this.caps.unavailableEvents >>> bit) & 1) return -1;
    return (this.selectorsHigh[k]! & EVTSEL.IN_TX_HIGH) !== 0 ? -1 : event;
  }

  /** Stopped by CTR_FRZ. SDM: "Freezing of Performance Counters on PMI" of version 4. */
  get frozen(): boolean {
    return (this.statusFlags & STATUS_HIGH.CTR_FRZ) !== 0;
  }

  // RDMSR, WRMSR and RDPMC.

  /** True when the MSR is one of this unit's, whether or not it exists in this version. */
  static owns(msr: number): boolean {
    return within(msr, MSRS.IA32_PMC0, 8) >= 0 || within(msr, MSRS.IA32_A_PMC0, 8) >= 0 || within(msr, MSRS.IA32_PERFEVTSEL0, 8) >= 0
      || within(msr, MSRS.IA32_FIXED_CTR0, 8) >= 0 || (msr >= MSRS.IA32_FIXED_CTR_CTRL && msr <= MSRS.IA32_PERF_GLOBAL_INUSE)
      || msr === MSRS.IA32_PERF_CAPABILITIES || msr === MSRS.IA32_DEBUGCTL;
  }

  /** RDMSR. False is #GP. */
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

  /** Whether WRMSR takes the value. False is #GP, for a reserved bit or for a register that is not there. */
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

  /** WRMSR of a value that is accepted. */
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
      case MSRS.IA32_PERF_GLOBAL_STATUS_RESET:
        this.globalStatus = (without(this.globalStatus, counterSet(low, high)) >>> 0) as CounterSet;
        this.statusFlags = (this.statusFlags & ~(high & FLAGS_HALF)) >>> 0;
        break;
      case MSRS.IA32_PERF_GLOBAL_STATUS_SET:
        this.globalStatus = (union(this.globalStatus, counterSet(low, high)) >>> 0) as CounterSet;
        this.statusFlags = (this.statusFlags | (high & FLAGS_HALF)) >>> 0;
        break;
      default: break;
    }
  }

  /** The selector that an MSR is, or -1. */
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

  readCounter(k: number, out: MsrValue): boolean {
    const value = this.counters[k]!;
    return put(out, lowWord(value), highWord(value));
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
    for (let k = 0; k < this.counters.length; k += 1) {
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

function put(out: MsrValue, low: number, high: number): true {
  out.low = low;
  out.high = high >>> 0;
  return true;
}

const putSet = (out: MsrValue, set: CounterSet, flags = 0): true => put(out, setLow(set), setHigh(set) | flags);

/** No bit at or above `width`. */
const fits = (low: number, high: number, width: number): boolean =>
  width >= 32 ? (width === 64 || (high >>> 0) < 2 ** (width - 32)) : high === 0 && (low >>> 0) < 2 ** width;

/** The low window: bit 31 goes on to the counter's width. */
export function signExtended(low: number, width: number): number {
  const modulus = 2 ** width;
  const signed = low | 0;
  return signed >= 0 ? signed % modulus : ((signed % modulus) + modulus) % modulus;
}
