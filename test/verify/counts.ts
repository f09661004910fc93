/**
 * How many states, steps and levels each search has, and which properties fail: recorded, so that a change of the machine, of the
 * host or of the search shows as a number that is another one. Nobody has worked them out by hand: they say "the same as before".
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { JobPool, Stop } from '../../src/cli/verify/pool.ts';
import { MACHINE_NAMES, type MachineName, type StrategyName, VERIFIED } from '../../src/lab/small/machines.ts';
import { type Job, type JobResult, jobsOf } from '../../src/verify/verdict.ts';

export interface Count {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  /** What fails, and what cut the search, if anything did. */
  readonly fails: readonly string[];
  readonly cut: string | null;
}

/** From dist/test/verify. */
export const COUNTS_FILE = new URL('../../../test/verify/counts.json', import.meta.url);
export const readCounts = (): Count[] => JSON.parse(readFileSync(COUNTS_FILE, 'utf8')) as Count[];

const BOUNDS = { states: 4_000_000, depth: 1e6, memory: 3 * 2 ** 30 };

export const ALL_JOBS: readonly Job[] = jobsOf(VERIFIED, MACHINE_NAMES, BOUNDS);

export const countOf = ({ strategy, machine, states, steps, depth, failures, cut }: JobResult): Count =>
  ({ strategy, machine, states, steps, depth, fails: Object.keys(failures), cut: cut ?? null });

/** Runs the searches that had so many steps or more, and fewer than so many. They must have all that they had. */
export async function checkCounts(least: number, most: number): Promise<void> {
  const expected = readCounts();
  const which = ALL_JOBS.map((_, i) => i).filter((i) => expected[i]!.steps >= least && expected[i]!.steps < most);
  assert.ok(which.length > 40, `${which.length}`);
  const pool = new JobPool({ threads: availableParallelism(), version: 'test', stop: new Stop() });
  const results = await Promise.all(which.map((i) => pool.run(ALL_JOBS[i]!)));
  await pool.close();
  assert.deepEqual(results.map((result) => countOf(result!)), which.map((i) => expected[i]),
    'what is meant to be another: npm run verify:full -- --record');
}
