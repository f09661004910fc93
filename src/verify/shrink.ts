/**
 * Makes a counterexample simpler: steps that are not needed go, first many at a time and then one by one, and of what remains each is
 * the earliest alternative that still does it, which is the one with smaller values and fewer actors.
 */
import type { Choice } from '../base/choice.ts';

/** Answers from a list; a pick that is too large for its question is taken for the last alternative. */
class Clipped implements Choice {
  readonly picks: number[] = [];
  private readonly script: readonly number[];

  constructor(script: readonly number[]) {
    this.script = script;
  }

  pick(n: number): number {
    const value = Math.min(this.script[this.picks.length] ?? 0, n - 1);
    this.picks.push(value);
    return value;
  }
}

/** Replays with this choice, at most as many steps as there are picks, and says whether the last one shows it. */
export type Shows = (choice: Choice, steps: number) => boolean;

export function shrink(shows: Shows, picks: readonly number[]): readonly number[] {
  /** The picks that a candidate came to use, when it still shows it and is simpler; else undefined. */
  const tried = (candidate: readonly number[], than: readonly number[]): readonly number[] | undefined => {
    const choice = new Clipped(candidate);
    return shows(choice, candidate.length) && isSimpler(choice.picks, than) ? choice.picks : undefined;
  };
  let best = picks;
  for (let before = best.length + 1; best.length < before;) {
    before = best.length;
    best = shorter(best, tried);
    best = lower(best, tried);
  }
  return best;
}

type Tried = (candidate: readonly number[], than: readonly number[]) => readonly number[] | undefined;

/** Leaves out pieces of half the length, of a quarter, and so on. */
function shorter(picks: readonly number[], tried: Tried): readonly number[] {
  let best = picks;
  for (let size = Math.max(1, best.length >> 1); ; size >>= 1) {
    for (let at = 0; at < best.length;) {
      const found = tried([...best.slice(0, at), ...best.slice(at + size)], best);
      if (found === undefined) at += size;
      else best = found;
    }
    if (size <= 1) return best;
  }
}

/** Takes an earlier alternative, pick by pick. */
function lower(picks: readonly number[], tried: Tried): readonly number[] {
  let best = picks;
  for (let at = 0; at < best.length; at += 1) {
    for (let value = 0; value < best[at]!; value += 1) {
      const found = tried([...best.slice(0, at), value, ...best.slice(at + 1)], best);
      if (found === undefined) continue;
      best = found;
      break;
    }
  }
  return best;
}

/** Shorter, or of the same length with a smaller sum: shrinking comes to an end. */
function isSimpler(candidate: readonly number[], than: readonly number[]): boolean {
  const sum = (list: readonly number[]): number => list.reduce((total, pick) => total + pick, 0);
  return candidate.length < than.length || (candidate.length === than.length && sum(candidate) < sum(than));
}
