/**
 * How much slower one thing is than another, to a percent, on a computer that others use too: many turns of a few milliseconds, one of each
 * thing after the other, and of each the turn that a tenth of them have beaten. What disturbs a turn makes it longer and never shorter; a
 * slow minute slows both down; and no turn is so short that the clock would matter.
 */

/** Does its next piece of work, of the same size each time, and says of how many units. */
export type Work = () => number;

/** Before what is measured, until the compilers behind WebAssembly and JavaScript have done what they will do: milliseconds of each. */
const WARM_UP = 300;
/** Of all turns, how many may be quicker than the one that counts. */
const BEATEN = 0.1;

/** Microseconds that a unit takes of each, in so many turns. */
export function inTurns(turns: number, each: readonly Work[]): number[] {
  for (const work of each) for (const start = performance.now(); performance.now() - start < WARM_UP;) work();
  const times = each.map(() => new Float64Array(turns));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const i of each.keys()) {
      const which = (turn + i) % each.length;
      times[which]![turn] = timeOf(each[which]!);
    }
  }
  return times.map((of) => of.sort()[Math.floor(BEATEN * turns)]!);
}

function timeOf(work: Work): number {
  const start = performance.now();
  const units = work();
  return 1000 * (performance.now() - start) / units;
}
