/**
 * The registers of a performance-monitoring unit as its counters see them: what each counts, where, and what its overflow does.
 * Which MSR shows which of it, and what it takes, is the vendor's: perfmon.ts is Intel's architectural unit, perfmon-amd.ts AMD's.
 *
 * Counter k is general counter k below `caps.generalCounters`, and after them come the fixed counters. A register is accepted or
 * refused as a whole: a refused write has changed nothing.
 */
import type { Serializer, Stateful } from '../base/state.ts';
import { highWord, lowWord } from '../base/u64.ts';
import {
  type CounterSet, common, counterSet, EVERY_COUNTER, fixedCounter, generalCounter, isFixed, lowest, NO_COUNTERS, setHigh, union, without,
} from './counter-set.ts';
import {
  DEBUGCTL, EVTSEL, FIXED_CTRL, FLAGS_HALF, generalCounters, type MsrValue, type PerfmonCaps, put, STATUS_HIGH,
} from './perfmon-caps.ts';


/** There are no guests; a host runs, or a guest does. */
export const VIRTUALIZATION_MODES = ['none', 'host', 'guest'] as const;
export type VirtualizationMode = (typeof VIRTUALIZATION_MODES)[number];

export abstract class CounterRegisters implements Stateful {
  readonly caps: PerfmonCaps;
  /** How many counters there are. */
  readonly count: number;
  readonly counters: Float64Array;
  /** Low halves of the selectors. */
  readonly selectors: Uint32Array;
  protected readonly selectorsHigh: Uint32Array;
  private readonly moduli: readonly number[];
  fixedCtrCtrl = 0;
  globalCtrl: CounterSet = NO_COUNTERS;
  globalStatus: CounterSet = NO_COUNTERS;
  /** Flags of the status above the counters: `STATUS_HIGH`. */
  statusFlags = 0;
  debugCtl = 0;

  constructor(caps: PerfmonCaps) {
    this.caps = caps;
    const { generalCounters: general, fixedCounters: fixed } = this.caps;
    this.count = general + fixed;
    this.counters = new Float64Array(this.count);
    this.selectors = new Uint32Array(general);
    this.selectorsHigh = new Uint32Array(general);
    this.moduli = Array.from(this.counters, (_, k) => 2 ** this.widthOf(k));
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
    s.words('selectorHigh', this.selectorsHigh);
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

  /** The first counter of a set that is not empty. */
  lowestOf(set: CounterSet): number {
    return this.indexOf(lowest(set));
  }

  widthOf(k: number): number {
    return k < this.caps.generalCounters ? this.caps.generalWidth : this.caps.fixedWidth;
  }

  /** 2^width: counters count modulo it. */
  modulusOf(k: number): number {
    return this.moduli[k]!;
  }

  /** The four control bits of a fixed counter; k counts from the general ones. */
  fixedBits(k: number): number {
    return (this.fixedCtrCtrl >>> (FIXED_CTRL.bits * (k - this.caps.generalCounters))) & 0xf;
  }

  /** Bits 63:32 of a selector: IN_TX and IN_TXCP. */
  selectorHigh(k: number): number {
    return this.selectorsHigh[k]!;
  }

  /** Enabled by its own register, whatever IA32_PERF_GLOBAL_CTRL says. */
  locallyEnabled(k: number): boolean {
    if (k >= this.caps.generalCounters) return (this.fixedBits(k) & (FIXED_CTRL.OS | FIXED_CTRL.USR)) !== 0;
    return (this.selectors[k]! & EVTSEL.EN) !== 0;
  }

  /** Version 1 has no global enable. */
  get enabledGlobally(): CounterSet {
    return this.caps.version < 2 ? EVERY_COUNTER : this.globalCtrl;
  }

  globallyEnabled(k: number): boolean {
    return common(this.enabledGlobally, this.bitOf(k)) !== NO_COUNTERS;
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
  abstract eventOf(k: number): number;

  /** Nothing counts, whatever is enabled globally, and nothing waits to be acknowledged. */
  get atRest(): boolean {
    return this.fixedCtrCtrl === 0 && this.globalStatus === NO_COUNTERS && this.statusFlags === 0 && this.debugCtl === 0
      && this.selectors.every((low) => (low & EVTSEL.EN) === 0);
  }

  /** Stopped by CTR_FRZ. SDM: "Freezing of Performance Counters on PMI" of version 4. */
  get frozen(): boolean {
    return (this.statusFlags & STATUS_HIGH.CTR_FRZ) !== 0;
  }

  /**
   * SDM: "Freezing LBR and Performance Counters on PMI": at the interrupt, not at the overflow; up to version 3 by clearing
   * what enables, from version 4 on by flags of the status.
   */
  freezeOnPmi(): void {
    const streamlined = this.caps.version >= 4;
    if ((this.debugCtl & DEBUGCTL.FREEZE_PERFMON_ON_PMI) !== 0) {
      if (streamlined) this.statusFlags = (this.statusFlags | STATUS_HIGH.CTR_FRZ) >>> 0;
      else this.globalCtrl = NO_COUNTERS;
    }
    if ((this.debugCtl & DEBUGCTL.FREEZE_LBRS_ON_PMI) === 0) return;
    if (streamlined) this.statusFlags = (this.statusFlags | STATUS_HIGH.LBR_FRZ) >>> 0;
    else this.debugCtl &= ~DEBUGCTL.LBR;
  }

  /** A counter may count in hosts only, or in guests only: AMD's can. `mode` is what the processor is in. */
  countsIn(_k: number, _mode: VirtualizationMode): boolean {
    return true;
  }

  readCounter(k: number, out: MsrValue): boolean {
    const value = this.counters[k]!;
    return put(out, lowWord(value), highWord(value));
  }

  // RDMSR, WRMSR and RDPMC.

  /** True when the MSR is one of this unit's, whether or not it exists in this version. */
  abstract owns(msr: number): boolean;

  /** RDMSR. False is #GP. */
  abstract read(msr: number, out: MsrValue): boolean;

  /** Whether WRMSR takes the value. False is #GP, for a reserved bit or for a register that is not there. */
  abstract accepts(msr: number, low: number, high: number): boolean;

  /** WRMSR of a value that is accepted. */
  abstract write(msr: number, low: number, high: number): void;

  /** The counter that an MSR is, in any of its windows, or -1. */
  abstract counterAt(msr: number): number;

  /** The counter whose selector an MSR is, or -1. */
  abstract selectorAt(msr: number): number;

  /** The counter that RDPMC reads; -1 is #GP. */
  abstract rdpmcIndex(ecx: number): number;

  /** Writes a status bit for each 1, or clears it. */
  protected changeStatus(low: number, high: number, set: boolean): void {
    const counters = counterSet(low, high), flags = high & FLAGS_HALF;
    this.globalStatus = ((set ? union(this.globalStatus, counters) : without(this.globalStatus, counters)) >>> 0) as CounterSet;
    this.statusFlags = (set ? this.statusFlags | flags : this.statusFlags & ~flags) >>> 0;
  }
}
