/**
 * Which event gets which counter. Some events can be counted only by some counters, and some have a fixed one of their own
 * besides; the most constrained event chooses first.
 */
import { type CounterSet, common, counterSet, fixedCounter, generalCounter, NO_COUNTERS, union } from '../../x86/counter-set.ts';
import { EVENT, eventOf, FIXED_EVENTS } from '../../x86/event.ts';
import { EVTSEL, type PerfmonCaps } from '../../x86/perfmon.ts';
import { NO_COUNTER, type PerfEvent } from './event.ts';

/** A fixed counter counts every occurrence: with a condition on it, only general counters will do. */
const CONDITIONS = (0xff << EVTSEL.CMASK_SHIFT) | EVTSEL.INV | EVTSEL.EDGE;

/** The counters that can count the event. */
export function constraintOf({ attr }: PerfEvent, { generalCounters, fixedCounters }: PerfmonCaps): CounterSet {
  // IN_TXCP exists on counter 2 only.
  if ((attr.configHigh & EVTSEL.IN_TXCP_HIGH) !== 0) return generalCounters > 2 ? generalCounter(2) : NO_COUNTERS;
  const general = counterSet((1 << generalCounters) - 1, 0);
  const event = eventOf(attr.config);
  const fixed = event === -1 ? -1 : FIXED_EVENTS.indexOf(event);
  const unconditional = (attr.config & CONDITIONS) === 0 && attr.configHigh === 0;
  if (fixed === -1 || fixed >= fixedCounters || !unconditional || event === EVENT['topdown slots']) return general;
  return union(general, fixedCounter(fixed));
}

const weightOf = (set: CounterSet): number => {
  let bits = set as number, weight = 0;
  for (; bits !== 0; bits &= bits - 1) weight += 1;
  return weight;
};

/**
 * A counter for each event, by its index (general ones first), or undefined when there is no way. Each keeps the counter
 * that it had last if all can; else the fewest choices choose first, a fixed counter before a general one.
 */
export function assign(events: readonly PerfEvent[], available: CounterSet, caps: PerfmonCaps): number[] | undefined {
  const general = caps.generalCounters;
  const allowed = events.map((event) => common(constraintOf(event, caps), available));
  const bitOf = (k: number): CounterSet => (k < general ? generalCounter(k) : fixedCounter(k - general));
  let used: CounterSet = NO_COUNTERS;
  const kept = events.every(({ lastCounter }, i) => {
    if (lastCounter === NO_COUNTER || (allowed[i]! & bitOf(lastCounter) & ~used) === 0) return false;
    used = union(used, bitOf(lastCounter));
    return true;
  });
  if (kept) return events.map(({ lastCounter }) => lastCounter);
  const result = new Array<number>(events.length).fill(NO_COUNTER);
  const order = events.map((_, i) => i).sort((a, b) => weightOf(allowed[a]!) - weightOf(allowed[b]!) || a - b);
  const candidates = [
    ...Array.from({ length: caps.fixedCounters }, (_, j) => general + j), ...Array.from({ length: general }, (_, i) => i),
  ];
  const place = (at: number, taken: CounterSet): boolean => {
    if (at === order.length) return true;
    const i = order[at]!;
    return candidates.some((k) => {
      if ((allowed[i]! & bitOf(k) & ~taken) === 0) return false;
      result[i] = k;
      return place(at + 1, union(taken, bitOf(k)));
    });
  };
  return place(0, NO_COUNTERS) ? result : undefined;
}
