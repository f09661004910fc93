/**
 * Which event gets which counter. Some events can be counted only by some counters, and some have a fixed one of their own
 * besides; the most constrained event chooses first.
 */
import { type CounterSet, counterSet, fixedCounter, generalCounter, NO_COUNTERS, union } from '../../x86/counter-set.ts';
import { EVENT } from '../../x86/event.ts';
import { EVTSEL, type PerfmonCaps } from '../../x86/perfmon.ts';
import { NO_COUNTER, type PerfEvent } from './event.ts';
import { fixedCounterOf, type PmuVendor } from './vendor.ts';

/** A fixed counter counts every occurrence: with a condition on it, only general counters will do. */
const CONDITIONS = (0xff << EVTSEL.CMASK_SHIFT) | EVTSEL.INV | EVTSEL.EDGE;

/** The counters that can count the event. */
export function constraintOf({ attr }: PerfEvent, caps: PerfmonCaps, vendor: PmuVendor): CounterSet {
  const { generalCounters } = caps;
  const tsx = vendor.eventSelectHigh(0xf) === 0 ? attr.configHigh : 0;
  // IN_TXCP exists on counter 2 only.
  if ((tsx & EVTSEL.IN_TXCP_HIGH) !== 0) return generalCounters > 2 ? generalCounter(2) : NO_COUNTERS;
  const general = counterSet((1 << generalCounters) - 1, 0);
  const event = vendor.eventAt(attr.config, attr.configHigh);
  if ((attr.config & CONDITIONS) !== 0 || tsx !== 0 || event === EVENT['topdown slots']) return general;
  const fixed = fixedCounterOf(event, caps);
  return fixed === -1 ? general : union(general, fixedCounter(fixed));
}

function weightOf(set: CounterSet): number {
  let bits = set as number, weight = 0;
  for (; bits !== 0; bits &= bits - 1) weight += 1;
  return weight;
}

/** The assignment of one CPU. It asks often, so it makes nothing. */
export class Assignment {
  private readonly caps: PerfmonCaps;
  private readonly vendor: PmuVendor;
  /** By event of the list: the counters that it may have, and in `places` the one that it gets. */
  private readonly allowed: Int32Array;
  private readonly order: Uint8Array;
  private readonly found: Uint8Array;
  readonly places: Uint8Array;

  constructor(caps: PerfmonCaps, vendor: PmuVendor, events: number) {
    this.caps = caps;
    this.vendor = vendor;
    this.allowed = new Int32Array(events);
    this.order = new Uint8Array(events);
    this.found = new Uint8Array(events);
    this.places = new Uint8Array(events);
  }

  private bitOf(k: number): CounterSet {
    const { generalCounters } = this.caps;
    return k < generalCounters ? generalCounter(k) : fixedCounter(k - generalCounters);
  }

  /**
   * A counter for each event, by its index (general ones first): into `places`. False when there is no way; they are then as
   * before. Each keeps the counter that it has or had last if all can; else the fewest choices choose first, a fixed counter
   * before a general one.
   */
  assign(events: readonly PerfEvent[], available: CounterSet): boolean {
    const { allowed, found, places } = this;
    const n = events.length;
    let used: CounterSet = NO_COUNTERS, kept = true;
    for (let i = 0; i < n; i += 1) {
      const { counter, lastCounter } = events[i]!;
      const k = counter === NO_COUNTER ? lastCounter : counter;
      allowed[i] = constraintOf(events[i]!, this.caps, this.vendor) & available;
      found[i] = k;
      kept &&= k !== NO_COUNTER && (allowed[i]! & this.bitOf(k) & ~used) !== 0;
      if (kept) used = union(used, this.bitOf(k));
    }
    if (!kept) {
      this.sort(n);
      if (!this.place(0, n, NO_COUNTERS)) return false;
    }
    for (let i = 0; i < n; i += 1) places[i] = found[i]!;
    return true;
  }

  /** By weight; those of the same weight stay in their order. */
  private sort(n: number): void {
    const { order, allowed } = this;
    for (let i = 0; i < n; i += 1) {
      const weight = weightOf(allowed[i]! as CounterSet);
      let at = i;
      for (; at > 0 && weightOf(allowed[order[at - 1]!]! as CounterSet) > weight; at -= 1) order[at] = order[at - 1]!;
      order[at] = i;
    }
  }

  /** Deviation: Linux takes a choice back only where constraints overlap in part; this finds a way whenever there is one. */
  private place(at: number, n: number, taken: CounterSet): boolean {
    if (at === n) return true;
    const { generalCounters, fixedCounters } = this.caps;
    const i = this.order[at]!;
    for (let c = 0; c < generalCounters + fixedCounters; c += 1) {
      const k = c < fixedCounters ? generalCounters + c : c - fixedCounters;
      const bit = this.bitOf(k);
      if ((this.allowed[i]! & bit & ~taken) === 0) continue;
      this.found[i] = k;
      if (this.place(at + 1, n, union(taken, bit))) return true;
    }
    return false;
  }
}
