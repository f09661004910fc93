/**
 * The samples of a guest beside those of bare metal. Each is known by its position: the number of instructions that the program
 * had executed of its own. A strategy that is right takes the same samples at the same positions; of others this says how
 * they differ.
 */

export interface Samples {
  /** On bare metal. */
  readonly wanted: number;
  /** Of these, how many there are here; and how many are missing. */
  readonly taken: number;
  readonly lost: number;
  /** Of those taken, how many came at another instruction; and by how many instructions at most. */
  readonly late: number;
  readonly early: number;
  readonly most: number;
  /** Interrupts without a status bit. */
  readonly spurious: number;
  /** Interrupts that nobody wanted and that had one. */
  readonly duplicate: number;
}

/** `wanted` and `found` are positions, in ascending order. */
export function compareSamples(wanted: readonly number[], found: readonly number[], spurious: number): Samples {
  const taken = new Array<number | undefined>(wanted.length).fill(undefined);
  let extra = 0;
  for (const position of found) {
    const k = nearest(wanted, position);
    if (k === undefined || taken[k] !== undefined) extra += 1;
    else taken[k] = position - wanted[k]!;
  }
  const moved = taken.filter((by): by is number => by !== undefined);
  return {
    wanted: wanted.length, taken: moved.length, lost: wanted.length - moved.length, late: moved.filter((by) => by > 0).length,
    early: moved.filter((by) => by < 0).length, most: Math.max(0, ...moved.map(Math.abs)),
    spurious, duplicate: Math.max(0, extra - spurious),
  };
}

/** The wanted sample that is meant: the nearest, if it is not further away than half of the way to the next. */
function nearest(wanted: readonly number[], position: number): number | undefined {
  let low = 0, high = wanted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wanted[middle]! < position) low = middle + 1;
    else high = middle;
  }
  const candidates = [low - 1, low].filter((k) => k >= 0 && k < wanted.length);
  const distance = (k: number): number => Math.abs(wanted[k]! - position);
  const best = candidates.sort((a, b) => distance(a) - distance(b))[0];
  if (best === undefined) return undefined;
  const beside = [best - 1, best + 1].filter((k) => k >= 0 && k < wanted.length);
  const gap = Math.min(...beside.map((k) => Math.abs(wanted[k]! - wanted[best]!)));
  return distance(best) * 2 <= gap ? best : undefined;
}

/** Several processors together. */
export const sumOf = (all: readonly Samples[]): Samples => {
  const sum = (key: keyof Samples): number => all.reduce((total, samples) => total + samples[key], 0);
  return {
    wanted: sum('wanted'), taken: sum('taken'), lost: sum('lost'), late: sum('late'), early: sum('early'),
    most: Math.max(0, ...all.map(({ most }) => most)), spurious: sum('spurious'), duplicate: sum('duplicate'),
  };
};
