/**
 * The counters of one CPU in the hands of the host's perf core: struct cpu_hw_events, and what arch/x86/events does with
 * it. Who may have a counter is decided elsewhere (`schedule.ts`); here it is programmed, read and armed.
 *
 * The invariant that everything else rests on: between `setPeriod` and the wrap, `periodLeft` is the distance of the counter
 * from its wrap, unless the distance was cut to what can be armed at once. Whoever else writes the counter breaks it.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { highWord, joinWords, lowWord } from '../../base/u64.ts';
import {
  type CounterSet, counterSet, fixedCounter, generalCounter, NO_COUNTERS, setHigh, setLow, union, without,
} from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import { allCounters, EVTSEL, FIXED_CTRL, FLAGS_HALF, newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import type { HostCpu } from '../processor.ts';
import { ANY, NO_COUNTER, type PerfEvent } from './event.ts';
import type { PmuVendor } from './vendor.ts';

/** A model of processor that counts an event wrongly if it is not armed in its way: `x86_pmu.limit_period`. */
export type PeriodQuirk = 'Broadwell';
/** INST_RETIRED.PREC_DIST and its like: the umask matters too. */
const BROADWELL_EVENT = 0x01c0;
const BROADWELL_LEAST = 128;
const BROADWELL_STEP = 64;
/** No event. */
const NONE = 0xff;
/** Linux: some processors cannot count to their next overflow in one step. At least so many events are armed. */
export const LEAST_PERIOD = 2;

/** What of an event is in its counter's registers. */
type Programmed = Pick<PerfEvent, 'attr' | 'selector'>;

export class CounterHardware implements Stateful {
  readonly caps: PerfmonCaps;
  readonly vendor: PmuVendor;
  private readonly quirk: PeriodQuirk | undefined;
  private readonly leastPeriod: number;
  private readonly cpu: HostCpu;
  private readonly pool: readonly PerfEvent[];
  /** Which event is on each counter. */
  private readonly slots: Uint8Array;
  private readonly moduli: readonly number[];
  private readonly everyCounter: CounterSet;
  /** cpuc->enabled: perf has the PMU running. Interrupt handlers look at it to know how to leave it behind. */
  enabled = false;
  /** Counters whose event is started. */
  active: CounterSet = NO_COUNTERS;
  /** intel_ctrl_guest_mask: counters that are off in the host, and intel_ctrl_host_mask: off in the guest. */
  guestMask: CounterSet = NO_COUNTERS;
  hostMask: CounterSet = NO_COUNTERS;
  /** Counters that were taken from the host for a guest. */
  masked: CounterSet = NO_COUNTERS;
  /** Started, and yet switched off in their own registers: see `hold`. */
  private held: CounterSet = NO_COUNTERS;
  private fixedCtrl = 0;
  /** Flags above the counters, of the status that was read last. */
  private statusFlags = 0;
  private readonly value = newMsrValue();

  constructor(cpu: HostCpu, pool: readonly PerfEvent[], vendor: PmuVendor, quirk?: PeriodQuirk, leastPeriod = LEAST_PERIOD) {
    this.cpu = cpu;
    this.pool = pool;
    this.vendor = vendor;
    this.quirk = quirk;
    this.leastPeriod = leastPeriod;
    this.caps = cpu.root.core.pmu.caps;
    this.everyCounter = allCounters(this.caps);
    const { generalCounters, generalWidth, fixedCounters, fixedWidth } = this.caps;
    this.slots = new Uint8Array(generalCounters + fixedCounters).fill(NONE);
    this.moduli = Array.from(this.slots, (_, k) => 2 ** (k < generalCounters ? generalWidth : fixedWidth));
  }

  serialize(s: Serializer): void {
    s.bytes('slots', this.slots);
    this.enabled = s.flag('enabled', this.enabled);
    this.active = s.u32('active', this.active >>> 0) as CounterSet;
    this.guestMask = s.u32('guestMask', this.guestMask >>> 0) as CounterSet;
    this.hostMask = s.u32('hostMask', this.hostMask >>> 0) as CounterSet;
    this.masked = s.u32('masked', this.masked >>> 0) as CounterSet;
    this.held = s.u32('held', this.held >>> 0) as CounterSet;
    this.fixedCtrl = s.u32('fixedCtrl', this.fixedCtrl);
  }

  /** intel_ctrl: every counter is globally enabled; its own register decides. */
  get all(): CounterSet {
    return without(this.everyCounter, this.masked);
  }

  /** What the host has in IA32_PERF_GLOBAL_CTRL while perf is enabled, and what its guests get at VM entry. */
  get hostCtrl(): CounterSet {
    return this.vendor.switchesGlobalCtrl ? without(this.all, this.guestMask) : this.all;
  }

  get guestCtrl(): CounterSet {
    return this.vendor.switchesGlobalCtrl ? without(this.all, this.hostMask) : this.all;
  }

  bitOf(k: number): CounterSet {
    return k < this.caps.generalCounters ? generalCounter(k) : fixedCounter(k - this.caps.generalCounters);
  }

  eventOn(k: number): PerfEvent | undefined {
    const id = this.slots[k]!;
    return id === NONE ? undefined : this.pool[id];
  }

  // The whole unit.

  /** perf_pmu_disable: returns what it was, for `restore`. */
  disable(): boolean {
    const was = this.enabled;
    // First the flag: an NMI that comes with the write must leave the unit as it finds it.
    this.enabled = false;
    if (was) this.stopAll();
    return was;
  }

  restore(was: boolean): void {
    this.enabled = was;
    if (was) this.startAll();
  }

  private startAll(): void {
    if (this.hasGlobals) this.writeGlobalCtrl(this.hostCtrl);
    else this.each((event, k) => this.enableCounter(event, k));
  }

  stopAll(): void {
    if (this.hasGlobals) this.writeGlobalCtrl(NO_COUNTERS);
    else this.each((event, k) => this.disableCounter(event, k));
  }

  /** Without global registers (AMD's before PerfMonV2) the unit is stopped counter by counter, and started so. */
  get hasGlobals(): boolean {
    return this.caps.version >= 2;
  }

  /**
   * Of the counters that are started just these stand still, by their own enable: for a guest that has switched them off, where
   * VM entry cannot leave them out.
   */
  hold(off: CounterSet): void {
    if (off === this.held) return;
    const before = this.held;
    this.held = off;
    this.each((event, k) => {
      if (((before ^ off) & this.bitOf(k)) !== 0) this.enableCounter(event, k);
    });
  }

  /** What is started, and on which counter. */
  private each(visit: (event: PerfEvent, k: number) => void): void {
    for (let k = 0; k < this.slots.length; k += 1) {
      const event = this.eventOn(k);
      if (event !== undefined) visit(event, k);
    }
  }

  private writeGlobalCtrl(set: CounterSet): void {
    this.cpu.root.wrmsr(this.vendor.msr.globalCtrl, setLow(set), setHigh(set));
  }

  /** The counters that have overflowed. `hasStatusFlags` says whether there was anything else. */
  readStatus(): CounterSet {
    if (!this.hasGlobals) return this.positive();
    this.cpu.root.rdmsr(this.vendor.msr.globalStatus, this.value);
    this.statusFlags = this.value.high & FLAGS_HALF;
    return counterSet(this.value.low, this.value.high & ~FLAGS_HALF);
  }

  /** Where there is no status: what is armed is negative, and what has overflowed no longer is. */
  private positive(): CounterSet {
    let set: CounterSet = NO_COUNTERS;
    this.each((_, k) => {
      if (this.readCounter(k) < this.modulusOf(k) / 2) set = union(set, this.bitOf(k));
    });
    return set;
  }

  get hasStatusFlags(): boolean {
    return this.statusFlags !== 0;
  }

  clearStatus(set: CounterSet): void {
    this.cpu.root.wrmsr(this.vendor.msr.statusReset, setLow(set), setHigh(set));
  }

  /** The same, with the flags that were read with them: what froze the counters goes, and they run. */
  clearStatusAndFlags(set: CounterSet): void {
    this.cpu.root.wrmsr(this.vendor.msr.statusReset, setLow(set), (setHigh(set) | this.statusFlags) >>> 0);
  }

  // One event.

  /** x86_pmu_start: the event's counter begins to count; with `reload` from a newly armed value. */
  start(event: PerfEvent, reload: boolean): void {
    const { counter: k, attr } = event;
    assert(k !== NO_COUNTER && this.slots[k] === NONE, `counter ${k} is free for event ${event.id}`);
    if (reload) this.setPeriod(event);
    const bit = this.bitOf(k);
    this.slots[k] = event.id;
    this.active = union(this.active, bit);
    if (attr.excludeHost) this.guestMask = union(this.guestMask, bit);
    if (attr.excludeGuest) this.hostMask = union(this.hostMask, bit);
    // While the unit is stopped counter by counter, one that starts waits for the others.
    if (this.hasGlobals || this.enabled) this.enableCounter(event, k);
    event.onCpu = this.cpu.id;
    this.cpu.trace('perf_event_in', event.id, k);
  }

  /** x86_pmu_stop: the counter stops, and what it has counted is folded. */
  stop(event: PerfEvent): void {
    const k = event.counter;
    if (k === NO_COUNTER || this.slots[k] !== event.id) return;
    const bit = this.bitOf(k);
    this.disableCounter(event, k);
    this.slots[k] = NONE;
    this.active = without(this.active, bit);
    this.guestMask = without(this.guestMask, bit);
    this.hostMask = without(this.hostMask, bit);
    this.held = without(this.held, bit);
    this.update(event);
    this.cpu.trace('perf_event_out', event.id, k);
  }

  /** Started, not just given a counter: not while it is throttled. */
  runs(event: PerfEvent): boolean {
    return event.counter !== NO_COUNTER && event.onCpu === this.cpu.id && this.slots[event.counter] === event.id;
  }

  /** What the counter has counted since it was last folded; nothing is read by the host. */
  uncounted(event: PerfEvent): number {
    if (!this.runs(event)) return 0;
    const modulus = this.modulusOf(event.counter);
    return (this.cpu.root.core.pmu.regs.counters[event.counter]! - event.prevCount + modulus) % modulus;
  }

  /** Invariant: each event's books agree with its counter: armed with no more than is missing, and not written by others since. */
  agrees(): boolean {
    const { regs } = this.cpu.root.core.pmu;
    for (let k = 0; k < this.slots.length; k += 1) {
      const event = this.eventOn(k);
      if (event === undefined) continue;
      const modulus = this.modulusOf(k);
      const armed = (modulus - event.prevCount) % modulus;
      const wrapped = (regs.globalStatus & this.bitOf(k)) !== 0;
      // Whoever folds it before its NMI comes finds it behind the wrap; the NMI arms it.
      if (wrapped) continue;
      // Less than what is missing, where not all of it could be armed; never more, but for the least that can be.
      if (event.periodLeft > 0 && armed > Math.max(event.periodLeft, event.attr.exact ? 1 : this.leastPeriod)) return false;
      if (regs.counters[k]! < event.prevCount) return false;
    }
    return true;
  }

  /** x86_perf_event_update: folds what the counter has counted since the last time. */
  update(event: PerfEvent): void {
    const k = event.counter;
    const now = this.readCounter(k);
    const modulus = this.modulusOf(k);
    const delta = (now - event.prevCount + modulus) % modulus;
    event.prevCount = now;
    event.count += delta;
    event.periodLeft -= delta;
  }

  /** x86_perf_event_set_period: arms the counter. True when a period has really elapsed. */
  setPeriod(event: PerfEvent): boolean {
    const most = this.maxPeriodOf(event.counter);
    // A counting event is armed too: its overflows only fold.
    const period = event.samplePeriod === 0 ? most : event.samplePeriod;
    let left = event.periodLeft;
    let elapsed = false;
    if (left <= -period) {
      left = period;
      elapsed = true;
    } else if (left <= 0) {
      left += period;
      elapsed = true;
    }
    if (elapsed) {
      event.periodLeft = left;
      event.lastPeriod = period;
    }
    this.arm(event, event.attr.exact ? Math.min(left, most) : this.limited(event, Math.min(Math.max(left, this.leastPeriod), most)));
    return elapsed;
  }

  private maxPeriodOf(k: number): number {
    const { generalCounters, generalWidth, fixedWidth } = this.caps;
    return this.vendor.maxPeriod(k < generalCounters ? generalWidth : fixedWidth, this.caps);
  }

  private limited({ attr }: PerfEvent, left: number): number {
    if (this.quirk === undefined || (attr.config & 0xffff) !== BROADWELL_EVENT) return left;
    return Math.max(BROADWELL_LEAST, left - left % BROADWELL_STEP);
  }

  /** The counter will wrap after so many events. */
  private arm(event: PerfEvent, left: number): void {
    const k = event.counter, modulus = this.modulusOf(k);
    event.prevCount = (modulus - left % modulus) % modulus;
    this.writeCounter(k, event.prevCount);
  }

  writeCounter(k: number, value: number): void {
    this.cpu.root.wrmsr(this.counterMsr(k), lowWord(value), highWord(value));
  }

  readCounter(k: number): number {
    this.cpu.root.rdpmc(this.vendor.rdpmcIndex(k, this.caps), this.value);
    return joinWords(this.value.low, this.value.high);
  }

  modulusOf(k: number): number {
    return this.moduli[k]!;
  }

  /** hwc->event_base: the MSR through which the core writes the counter. */
  counterMsr(k: number): number {
    return this.vendor.counterMsr(k, this.caps);
  }

  /** A general counter's selector. */
  writeSelector(k: number, low: number, high: number): void {
    this.cpu.root.wrmsr(this.vendor.selectorMsr(k, this.caps), low >>> 0, high);
  }

  private enableCounter({ attr, selector }: Programmed, k: number): void {
    const { generalCounters } = this.caps;
    if ((this.held & this.bitOf(k)) !== 0) this.disableCounter({ attr, selector }, k);
    else if (k < generalCounters) this.writeSelector(k, selector, attr.configHigh | this.vendor.modeBits(attr));
    else this.writeFixed(k - generalCounters,
      FIXED_CTRL.PMI | (attr.excludeUser ? 0 : FIXED_CTRL.USR) | (attr.excludeKernel ? 0 : FIXED_CTRL.OS));
  }

  private disableCounter({ attr, selector }: Programmed, k: number): void {
    const { generalCounters } = this.caps;
    if (k < generalCounters) this.writeSelector(k, selector & ~EVTSEL.EN, attr.configHigh | this.vendor.modeBits(attr));
    else this.writeFixed(k - generalCounters, 0);
  }

  /** The four bits of fixed counter j. */
  writeFixed(j: number, bits: number): void {
    const shift = FIXED_CTRL.bits * j;
    this.fixedCtrl = ((this.fixedCtrl & ~(0xf << shift)) | (bits << shift)) >>> 0;
    this.cpu.root.wrmsr(MSRS.IA32_FIXED_CTR_CTRL, this.fixedCtrl, 0);
  }

  /** The event gives its counter back, and remembers it. */
  leave(event: PerfEvent): void {
    event.lastCounter = event.counter;
    event.counter = NO_COUNTER;
    event.onCpu = ANY;
  }
}
