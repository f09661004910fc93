/**
 * What has retired since the last fold, and what it costs. The interpreter adds up what its instructions count as in the
 * processor's block; what other routines do is added here; `fold` gives both to the performance counters.
 */
import { EVENT, type EventName, newEventCounts, SLOTS_PER_CYCLE } from '../../x86/event.ts';
import type { Counts } from '../../x86/isa/traits.ts';
import type { Ledger } from '../outside.ts';
import type { Pmu } from '../pmu/pmu.ts';
import { COUNT_BITS, CPU, RECORD } from './layout.ts';
import type { Observation } from './observation.ts';
import type { CpuParts } from './parts.ts';

const COUNT_MASK = (1 << COUNT_BITS) - 1;

const mask = (...names: EventName[]): number => names.reduce((events, name) => events | (1 << EVENT[name]), 0);
/** Events that branch predictor and caches count. */
const OBSERVED_EVENTS = mask('branch mispredicts retired', 'LLC references', 'LLC misses');
const KIND_EVENTS = mask('conditional branches retired', 'near calls retired');
const ACCESS_EVENTS = mask('loads retired', 'stores retired');

// V8 looks names up each time.
const CYCLES = EVENT['core cycles'], INSTRUCTIONS = EVENT['instructions retired'], REFERENCE = EVENT['reference cycles'];
const SLOTS = EVENT['topdown slots'], LLC_REFERENCES = EVENT['LLC references'], LLC_MISSES = EVENT['LLC misses'];
const BRANCHES = EVENT['branch instructions retired'], MISPREDICTS = EVENT['branch mispredicts retired'];
const CONDITIONAL = EVENT['conditional branches retired'], NEAR_CALLS = EVENT['near calls retired'];
const LOADS = EVENT['loads retired'], STORES = EVENT['stores retired'];

/** What is counted: kinds of branches; loads and stores. */
export interface Counted { readonly kinds: boolean; readonly accesses: boolean }

const COUNTED = [false, true].map((kinds) => [false, true].map((accesses): Counted => ({ kinds, accesses })));

export class Books {
  /** Instructions retired since power-on, up to the last fold. */
  instructions = 0;
  /** What is folded now was done by an emulator: hardware has not seen it. */
  unseen = false;
  /** What the emulator's instruction has done, time apart. */
  readonly emulated = newEventCounts();
  private readonly view: DataView;
  private readonly base: number;
  private readonly pmu: Pmu;
  private readonly observation: Observation;
  private readonly id: number;
  private readonly ledger: Ledger | undefined;
  // Each of these has the same events in it every time, so nothing of the last time is left.
  private readonly events = newEventCounts();
  private readonly rootEvents = newEventCounts();
  private readonly completed = newEventCounts();
  // What was not done by the interpreter.
  private branches = 0;
  private conditional = 0;
  private nearCalls = 0;
  private loads = 0;
  private stores = 0;

  constructor(
    view: DataView, base: number, pmu: Pmu, observation: Observation, { id, ledger }: Pick<CpuParts, 'id' | 'ledger'>,
  ) {
    this.view = view;
    this.base = base;
    this.pmu = pmu;
    this.observation = observation;
    this.id = id;
    this.ledger = ledger;
    this.completed[INSTRUCTIONS] = 1;
  }

  /** Cycles left of the budget. */
  get left(): number {
    return this.view.getInt32(this.base + CPU.budget, true);
  }

  set left(value: number) {
    this.view.setInt32(this.base + CPU.budget, value, true);
  }

  /** Branch predictor and caches are looked at: somebody counts what they do, or it takes time. */
  get observed(): boolean {
    return this.observation.timed || this.pmu.wants(OBSERVED_EVENTS);
  }

  /** Which events besides cycles, instructions and branches somebody is told of: translations keep no other books. */
  get counted(): Counted {
    const { pmu, ledger } = this;
    const wants = (events: number): number => (ledger !== undefined || pmu.wants(events) ? 1 : 0);
    return COUNTED[wants(KIND_EVENTS)]![wants(ACCESS_EVENTS)]!;
  }

  /** The instruction at `record` retires, outside the interpreter; with `sign` -1 it did not after all. */
  account(record: number, { branches, conditional, nearCalls, loads, stores }: Counts, sign: 1 | -1): void {
    const { view, base } = this;
    this.left -= sign * view.getUint32(record + RECORD.cost, true);
    view.setUint32(base + CPU.retired, view.getUint32(base + CPU.retired, true) + sign, true);
    this.branches += sign * branches;
    this.conditional += sign * conditional;
    this.nearCalls += sign * nearCalls;
    this.loads += sign * loads;
    this.stores += sign * stores;
  }

  /** Root mode: so many cycles and instructions at CPL 0, of no other event. */
  spend(cycles: number, ticks: number, instructions: number): void {
    this.instructions += instructions;
    this.ledger?.spend(this.id, cycles, ticks, instructions);
    const { pmu, rootEvents: events } = this;
    if (!pmu.counting) return;
    events[CYCLES] = cycles;
    events[INSTRUCTIONS] = instructions;
    events[REFERENCE] = ticks;
    events[SLOTS] = cycles * SLOTS_PER_CYCLE;
    pmu.count(events, false);
  }

  /** Host code has completed an instruction for the guest: it was executed, and hardware has not seen it. */
  complete(): void {
    this.ledger?.add(this.id, this.completed, 'completed');
  }

  /** Instructions that have retired and are not folded yet. */
  get unfolded(): number {
    return this.view.getUint32(this.base + CPU.retired, true);
  }

  /** Gives everything to the counters: so many cycles and reference ticks have passed, at this privilege level. */
  fold(cycles: number, ticks: number, user: boolean): void {
    const { view, base, events, ledger } = this;
    const retired = this.unfolded;
    const counts = this.pmu.counting && !this.unseen;
    if (!this.unseen) this.instructions += retired;
    if (counts || this.unseen || ledger !== undefined) {
      this.gather(retired);
      // An emulator's time is the host's.
      events[CYCLES] = this.unseen ? 0 : cycles;
      events[REFERENCE] = this.unseen ? 0 : ticks;
      events[SLOTS] = this.unseen ? 0 : cycles * SLOTS_PER_CYCLE;
      if (this.unseen) for (let i = 0; i < events.length; i += 1) this.emulated[i]! += events[i]!;
      if (counts) this.pmu.count(events, user);
      ledger?.add(this.id, events, this.unseen ? 'completed' : user ? 'user' : 'kernel');
    }
    this.observation.settle();
    this.branches = 0;
    this.conditional = 0;
    this.nearCalls = 0;
    this.loads = 0;
    this.stores = 0;
    view.setUint32(base + CPU.retired, 0, true);
    // All bits of 0 are clear.
    view.setFloat64(base + CPU.branches, 0, true);
    view.setFloat64(base + CPU.accesses, 0, true);
  }

  /** Everything but time. */
  private gather(retired: number): void {
    const { view, base, events, observation } = this;
    // Three counts in a word, of which the second lies in both of its halves.
    const low = view.getUint32(base + CPU.branches, true), high = view.getUint32(base + CPU.branches + 4, true);
    events[INSTRUCTIONS] = retired;
    events[LLC_REFERENCES] = observation.llcReferences;
    events[LLC_MISSES] = observation.llcMisses;
    events[BRANCHES] = (low & COUNT_MASK) + this.branches;
    events[MISPREDICTS] = observation.mispredicts;
    events[CONDITIONAL] = ((low >>> COUNT_BITS) | ((high << (32 - COUNT_BITS)) & COUNT_MASK)) + this.conditional;
    events[NEAR_CALLS] = (high >>> (2 * COUNT_BITS - 32)) + this.nearCalls;
    events[LOADS] = view.getUint32(base + CPU.accesses, true) + this.loads;
    events[STORES] = view.getUint32(base + CPU.accesses + 4, true) + this.stores;
  }
}
