/**
 * Makes a counterexample simpler than shortest: steps that are not needed go, and of what remains each is the earliest alternative
 * that still does it, which is the one with smaller values and fewer actors.
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

/** `shows` replays with this choice, as many steps as there are picks, and says whether the last one shows it. */
export function shrink(shows: (choice: Choice, steps: number) => boolean, picks: readonly number[]): readonly number[] {
  let best = picks;
  for (let changed = true; changed;) {
    changed = false;
    for (const candidate of simpler(best)) {
      const choice = new Clipped(candidate);
      if (!shows(choice, candidate.length) || !isSimpler(choice.picks, best)) continue;
      best = choice.picks;
      changed = true;
      break;
    }
  }
  return best;
}

function* simpler(picks: readonly number[]): Generator<readonly number[]> {
  for (let i = 0; i < picks.length; i += 1) yield [...picks.slice(0, i), ...picks.slice(i + 1)];
  for (let i = 0; i < picks.length; i += 1) {
    for (let value = 0; value < picks[i]!; value += 1) yield [...picks.slice(0, i), value, ...picks.slice(i + 1)];
  }
}

/** Shorter, or of the same length with a smaller sum: shrinking comes to an end. */
function isSimpler(candidate: readonly number[], than: readonly number[]): boolean {
  const sum = (picks: readonly number[]): number => picks.reduce((total, pick) => total + pick, 0);
  return candidate.length < than.length || (candidate.length === than.length && sum(candidate) < sum(than));
}
