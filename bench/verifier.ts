/**
 * How fast our verifier explores the running code, beside SPIN with a model of it: the same small machine, in the same run, in turns.
 * Processor time is what is measured, because SPIN is another process and this one is seldom alone.
 *
 * A state of ours is a whole world, with the host's kernel in it, and a step runs that kernel; one of SPIN's is a few dozen bytes,
 * and a step is C that was generated for it. The two rates say what it costs to have no model.
 */
import { exploreRounds } from '../test/spin/projection.ts';
import { missing, SpinModel } from '../test/spin/spin.ts';

/** Times that the machine is there (see `Rounds`): each enough for a second or so. */
const OUR_ROUNDS = 64;
const SPIN_ROUNDS = 4096;

export interface SearchRate { readonly name: string; readonly states: number; readonly steps: number; readonly seconds: number }

/** Calls `each` in turns, as often as it is told, and gives the run of median rate of each. */
function inTurns(turns: number, each: readonly (() => SearchRate)[]): SearchRate[] {
  const runs = Array.from({ length: turns }, () => each.map((run) => run()));
  return each.map((_, i) => runs.map((turn) => turn[i]!).sort((a, b) => a.states / a.seconds - b.states / b.seconds)[turns >> 1]!);
}

function ours(): SearchRate {
  const start = process.cpuUsage();
  const { states, steps } = exploreRounds(OUR_ROUNDS);
  const { user, system } = process.cpuUsage(start);
  return { name: 'the running code', states, steps, seconds: (user + system) / 1e6 };
}

/** Without SPIN, ours alone, and the reason. */
export function searchRates(turns: number): { readonly rates: readonly SearchRate[]; readonly missing: string | undefined } {
  const absent = missing();
  exploreRounds(1);
  if (absent !== undefined) return { rates: inTurns(turns, [ours]), missing: absent };
  const model = new SpinModel({ machine: 'lawful', planted: false, rounds: SPIN_ROUNDS }, 'optimised');
  try {
    const spin = (): SearchRate => {
      const { stored, transitions, seconds } = model.search();
      return { name: 'SPIN, a model', states: stored, steps: transitions, seconds };
    };
    return { rates: inTurns(turns, [ours, spin]), missing: undefined };
  } finally {
    model.close();
  }
}
