/**
 * The performance-monitoring unit of one logical processor: which counters count what, when they overflow, and what
 * follows from that. The registers and their rules are in x86/perfmon.ts, and in x86/perfmon-amd.ts.
 *
 *     instruction retires --> count(events, user) --> counter wraps --> GLOBAL_STATUS bit
 *                                                                  '--> PMI, if its INT bit asks --> local APIC
 *
 * An instruction counts in the state in which it began: a WRMSR that enables a counter is not counted by it, the one that
 * disables it is, and SYSCALL counts as the user's. An overflow is exact to the instruction, because `headroom` bounds
 * how far the processor runs before it asks again.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { type CounterRegisters, VIRTUALIZATION_MODES, type VirtualizationMode } from '../../x86/counter-registers.ts';
import { type CounterSet, common, NO_COUNTERS, union, without, withoutLowest } from '../../x86/counter-set.ts';
import { EVENT, type EventCounts, SLOTS_PER_CYCLE } from '../../x86/event.ts';
import { EVTSEL, type MsrValue, type PerfmonCaps, PerfmonRegs } from '../../x86/perfmon.ts';
import { AmdPerfmonRegs } from '../../x86/perfmon-amd.ts';

const CYCLES = EVENT['core cycles'];
const INSTRUCTIONS = EVENT['instructions retired'];
const REFERENCE = EVENT['reference cycles'];
const SLOTS = EVENT['topdown slots'];
const LLC_REFERENCES = EVENT['LLC references'];
const LLC_MISSES = EVENT['LLC misses'];

/** Events of which one instruction has two, with a load and a store; of every other it has at most one a cycle. */
const crowds = (event: number): boolean => event === LLC_REFERENCES || event === LLC_MISSES;

const NOTHING = (): void => {};

/** No PMI is on its way. */
const NO_PMI = 0xffff;

export interface PmuOptions {
  readonly caps: PerfmonCaps;
  /** Whose registers it has: Intel's unless it says otherwise. */
  readonly vendor?: 'GenuineIntel' | 'AuthenticAMD';
  /**
   * Instructions that retire between an overflow and its PMI. Silicon has some; the default is none, so that what is
   * observed is the fault of software.
   */
  readonly skid: number;
}

/** Told of an overflow (for traces), and of a PMI. */
interface PmuPorts {
  overflow(counter: number): void;
  /** Signals LVTPC. */
  pmi(): void;
  /** Is asked at each PMI for its skid, where that is an open question. */
  late?(): number;
}

/** How a counter counts while it is enabled: worked out when one of its own registers changes. */
class Active {
  readonly counter: number;
  /** -1: nothing. */
  event = -1;
  /** 0: every occurrence. Else only cycles with so many of them, or with `inverted` fewer. */
  cmask = 0;
  inverted = false;
  edge = false;

  constructor(counter: number) {
    this.counter = counter;
  }

  configure(event: number, selector: number): void {
    this.event = event;
    this.cmask = selector >>> EVTSEL.CMASK_SHIFT;
    this.inverted = (selector & EVTSEL.INV) !== 0;
    this.edge = (selector & EVTSEL.EDGE) !== 0;
  }
}

export class Pmu implements Stateful {
  readonly regs: CounterRegisters;
  private readonly leastSkid: number;
  private readonly ports: PmuPorts;
  private readonly actives: readonly Active[];
  /** Those that their own registers let count something; and of them, those that do at each level. */
  private set: CounterSet = NO_COUNTERS;
  private setForUser: CounterSet = NO_COUNTERS;
  private setForKernel: CounterSet = NO_COUNTERS;
  /** Those that count at each level. */
  private user: CounterSet = NO_COUNTERS;
  private kernel: CounterSet = NO_COUNTERS;
  /** The events that some counter counts, a bit each. */
  private wanted = 0;
  /** By counter: whether the last counted cycle met the condition, for edge detection. */
  private readonly level: Uint8Array;
  /** Instructions until a PMI that skids is raised; NO_PMI for none. */
  private pmiIn = NO_PMI;
  /** A WRMSR retires: what it overflows itself waits here until it has written. */
  private writing = false;
  private overflowed: CounterSet = NO_COUNTERS;
  private mode: VirtualizationMode = 'none';

  constructor({ caps, skid, vendor }: PmuOptions, ports: PmuPorts) {
    assert(skid >= 0 && skid < NO_PMI, `a skid of ${skid}`);
    this.regs = vendor === 'AuthenticAMD' ? new AmdPerfmonRegs(caps) : new PerfmonRegs(caps);
    this.leastSkid = skid;
    this.ports = ports;
    this.level = new Uint8Array(this.regs.count);
    this.actives = Array.from(this.level, (_, counter) => new Active(counter));
    this.configure();
  }

  get caps(): PerfmonCaps {
    return this.regs.caps;
  }

  reset(): void {
    this.regs.reset();
    this.level.fill(0);
    this.pmiIn = NO_PMI;
    this.configure();
  }

  serialize(s: Serializer): void {
    s.part('regs', this.regs);
    s.bytes('level', this.level);
    this.pmiIn = s.u16('pmiIn', this.pmiIn);
    this.mode = VIRTUALIZATION_MODES[s.u8('mode', VIRTUALIZATION_MODES.indexOf(this.mode))]!;
    if (s.loading) this.configure();
  }

  /** Registers were changed from outside, as firmware or a test does. */
  refresh(): void {
    this.configure();
  }

  // Registers. Whoever calls has counted everything up to now.

  /** True when the MSR is one of this unit's, whether or not it exists in this version. */
  owns(msr: number): boolean {
    return this.regs.owns(msr);
  }

  rdmsr(msr: number, out: MsrValue): boolean {
    return this.regs.read(msr, out);
  }

  /** Whether WRMSR takes the value; false is #GP. Nothing changes. */
  accepts(msr: number, low: number, high: number): boolean {
    return this.regs.accepts(msr, low, high);
  }

  /**
   * Writes a value that is accepted. `retire` counts what has retired up to now, the WRMSR itself with it. When that overflows,
   * the status bit and the PMI come after the write: it can neither clear the one nor undo the freeze of the other.
   */
  wrmsr(msr: number, low: number, high: number, retire = NOTHING): void {
    const { fixedCtrCtrl } = this.regs;
    this.writing = true;
    retire();
    this.writing = false;
    this.regs.write(msr, low, high);
    const selector = this.regs.selectorAt(msr);
    if (selector !== -1) {
      // A counter that is programmed anew has seen nothing yet.
      this.level[selector] = 0;
      this.choose(selector);
    } else if (this.regs.fixedCtrCtrl !== fixedCtrCtrl) this.chooseAll();
    // What a counter holds says nothing of what it counts.
    if (this.regs.counterAt(msr) === -1) this.enable();
    this.settle();
  }

  /** RDPMC, without its privilege check. False is #GP. */
  rdpmc(ecx: number, out: MsrValue): boolean {
    const counter = this.regs.rdpmcIndex(ecx);
    return counter !== -1 && this.regs.readCounter(counter, out);
  }

  /** The counter that RDPMC reads, if it does not count at present; else -1. */
  stopped(ecx: number): number {
    const counter = this.regs.rdpmcIndex(ecx);
    return counter === -1 || common(union(this.user, this.kernel), this.regs.bitOf(counter)) !== NO_COUNTERS ? -1 : counter;
  }

  // Counting.

  /** True while what retires matters here: some counter counts, or a PMI is on its way. */
  get counting(): boolean {
    return union(this.user, this.kernel) !== NO_COUNTERS || this.pmiIn !== NO_PMI;
  }

  /** True while some counter counts one of these events, a bit each: what the processor must gather beyond what it always knows. */
  wants(events: number): boolean {
    return (this.wanted & events) !== 0;
  }

  private get skid(): number {
    return this.ports.late?.() ?? this.leastSkid;
  }

  /** Adds what has happened at one privilege level since the last time. */
  count(events: EventCounts, user: boolean): void {
    let overflowed: CounterSet = NO_COUNTERS;
    for (let left = user ? this.user : this.kernel; left !== NO_COUNTERS; left = withoutLowest(left)) {
      const counter = this.regs.lowestOf(left);
      const by = this.increment(this.actives[counter]!, events);
      if (by === 0) continue;
      const value = this.regs.counters[counter]! + by;
      const modulus = this.regs.modulusOf(counter);
      if (value < modulus) this.regs.counters[counter] = value;
      else {
        this.regs.counters[counter] = value % modulus;
        overflowed = union(overflowed, this.regs.bitOf(counter));
      }
    }
    const asked = overflowed !== NO_COUNTERS && this.overflow(overflowed);
    // One interrupt line: overflows of the same instruction, and those while a PMI is on its way, are one PMI.
    if (this.pmiIn !== NO_PMI) this.pmiIn = Math.max(0, this.pmiIn - events[INSTRUCTIONS]!);
    else if (asked) this.pmiIn = this.skid;
    if (!this.writing) this.settle();
  }

  /**
   * How many cycles may pass at this privilege level before a counter can overflow or a PMI is due. At least 1; Infinity
   * when nothing can happen. Every instruction takes a cycle or more, and retires once.
   */
  headroom(user: boolean): number {
    let cycles = Number.POSITIVE_INFINITY;
    if (!this.counting) return cycles;
    for (let counting = user ? this.user : this.kernel; counting !== NO_COUNTERS; counting = withoutLowest(counting)) {
      const counter = this.regs.lowestOf(counting), { event, cmask, edge } = this.actives[counter]!;
      const left = this.regs.modulusOf(counter) - this.regs.counters[counter]!;
      // What is asked cycle by cycle of events that crowd in one must be looked at one instruction at a time.
      if (edge || (cmask !== 0 && crowds(event))) return 1;
      if (event === SLOTS) cycles = Math.min(cycles, Math.ceil(left / SLOTS_PER_CYCLE));
      else if (crowds(event)) cycles = Math.min(cycles, Math.floor(left / 2));
      else cycles = Math.min(cycles, left);
    }
    if (this.pmiIn !== NO_PMI) cycles = Math.min(cycles, this.pmiIn);
    return Math.max(1, cycles);
  }

  private increment(active: Active, events: EventCounts): number {
    const { event, cmask, inverted, edge } = active;
    if (edge) return this.rises(active, events);
    if (cmask === 0) return events[event]!;
    const met = this.cyclesWith(event, cmask, events);
    return inverted ? events[CYCLES]! - met : met;
  }

  /**
   * How often the condition began to hold during one instruction. What the instruction does, it does in the last of its
   * cycles; the others are idle, but for what every cycle has.
   */
  private rises({ counter, event, cmask, inverted }: Active, events: EventCounts): number {
    const cycles = events[CYCLES]!;
    if (cycles === 0) return 0;
    const everyCycle = event === SLOTS ? SLOTS_PER_CYCLE : event === CYCLES || event === REFERENCE ? 1 : 0;
    const holds = (count: number): boolean => (count >= Math.max(1, cmask)) !== (inverted && cmask !== 0);
    const before = this.level[counter] === 1;
    const idle = cycles > 1 ? holds(everyCycle) : before;
    const last = holds(everyCycle === 0 ? events[event]! : everyCycle);
    this.level[counter] = last ? 1 : 0;
    return (idle && !before ? 1 : 0) + (last && !idle ? 1 : 0);
  }

  /** In how many of these cycles the event occurred at least `least` times. One instruction retires in a cycle. */
  private cyclesWith(event: number, least: number, events: EventCounts): number {
    if (event === SLOTS) return least <= SLOTS_PER_CYCLE ? events[CYCLES]! : 0;
    if (event === CYCLES || event === REFERENCE) return least <= 1 ? events[event]! : 0;
    if (crowds(event)) return events[event]! >= least ? 1 : 0;
    return least <= 1 ? Math.min(events[event]!, events[CYCLES]!) : 0;
  }

  /** True when a PMI is asked for. */
  private overflow(overflowed: CounterSet): boolean {
    const { regs } = this;
    this.overflowed = union(this.overflowed, overflowed);
    let interrupts = false;
    for (let k = 0; k < regs.count; k += 1) {
      if ((overflowed & regs.bitOf(k)) === 0) continue;
      this.ports.overflow(k);
      interrupts ||= regs.interrupts(k);
    }
    return interrupts;
  }

  /** Sets the status bits of what has overflowed, and raises the PMI that is due. */
  private settle(): void {
    this.regs.globalStatus = (union(this.regs.globalStatus, this.overflowed) >>> 0) as CounterSet;
    this.overflowed = NO_COUNTERS;
    if (this.pmiIn !== 0) return;
    this.pmiIn = NO_PMI;
    this.raise();
  }

  private raise(): void {
    this.regs.freezeOnPmi();
    this.enable();
    this.ports.pmi();
  }

  /** The processor goes into this mode: counters of hosts or guests only begin to count, or stop. */
  enterMode(mode: VirtualizationMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    // Only AMD's know the difference.
    if (this.regs instanceof AmdPerfmonRegs) this.configure();
  }

  /** Works out what each counter counts, and which do. */
  private configure(): void {
    this.chooseAll();
    this.enable();
  }

  private chooseAll(): void {
    for (let counter = 0; counter < this.actives.length; counter += 1) this.choose(counter);
  }

  /** What a counter counts, and at which level, follows from its own registers; whether it does from those of all. */
  private choose(counter: number): void {
    const { regs } = this;
    const active = this.actives[counter]!, bit = regs.bitOf(counter), event = this.eventOf(counter);
    active.configure(event, event !== -1 && counter < regs.caps.generalCounters ? regs.selectors[counter]! : 0);
    this.set = event === -1 ? without(this.set, bit) : union(this.set, bit);
    this.setForUser = without(this.setForUser, bit);
    this.setForKernel = without(this.setForKernel, bit);
    if (event === -1) return;
    if (regs.countsAt(counter, true)) this.setForUser = union(this.setForUser, bit);
    if (regs.countsAt(counter, false)) this.setForKernel = union(this.setForKernel, bit);
  }

  /** Works out which of them count, and where. */
  private enable(): void {
    const { regs } = this, enabled = regs.frozen ? NO_COUNTERS : regs.enabledGlobally;
    let wanted = 0;
    for (let left = common(this.set, enabled); left !== NO_COUNTERS; left = withoutLowest(left)) {
      wanted |= 1 << this.actives[regs.lowestOf(left)]!.event;
    }
    this.user = common(this.setForUser, enabled);
    this.kernel = common(this.setForKernel, enabled);
    this.wanted = wanted;
  }

  /** What it counts, at some level, while it is enabled; -1 for nothing. */
  private eventOf(k: number): number {
    const { regs } = this;
    if (regs.caps.version === 0 || !regs.locallyEnabled(k)) return -1;
    return regs.countsIn(k, this.mode) ? regs.eventOf(k) : -1;
  }
}
