/**
 * Events that are to overflow so many times a second: `perf record -F`. The core looks at each overflow, and at each tick, how long
 * the last period has taken, and moves the period an eighth of the way to where it should be.
 */
import type { PerfEvent } from './event.ts';

export const NS_PER_S = 1_000_000_000;
/** A period that is so many times too long is not waited for. */
const TOO_LONG = 8;

/** The period that would have been right, of `count` events in so many nanoseconds. */
const periodFor = ({ attr }: PerfEvent, nanoseconds: number, count: number): number =>
  Math.floor((count * NS_PER_S) / (nanoseconds * attr.frequency));

/** perf_adjust_period. True when what is armed is far too long, and must be armed anew. */
export function adjustPeriod(event: PerfEvent, nanoseconds: number, count: number): boolean {
  const delta = periodFor(event, nanoseconds, count) - event.samplePeriod;
  // A division of C's: towards 0.
  event.samplePeriod = Math.max(1, event.samplePeriod + Math.trunc((delta + 7) / 8));
  if (event.periodLeft <= TOO_LONG * event.samplePeriod) return false;
  event.periodLeft = 0;
  return true;
}

/** It has overflowed: how long did the last period take? Of what lies ticks ago nothing is learned. */
export function afterOverflow(event: PerfEvent, now: number, tick: number): boolean {
  const passed = now - event.freqTime;
  event.freqTime = now;
  return passed > 0 && passed < 2 * tick && adjustPeriod(event, passed, event.lastPeriod);
}
