import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { JobPool, Stop } from '../../src/cli/verify/pool.ts';
import { ALL_JOBS, countOf, readCounts } from './counts.ts';

/** A second or two. `npm run verify:full` looks at the longer ones too. */
const QUICK_STEPS = 100_000;

const counts = readCounts();

test('every strategy has a count in every machine', () => {
  const name = ({ strategy, machine }: { strategy: string; machine: string }): string => `${strategy}, ${machine}`;
  assert.deepEqual(counts.map(name), ALL_JOBS.map(name));
});

test('quick searches have exactly the states, steps and depth that they had, and fail in the same properties', async () => {
  const quick = ALL_JOBS.filter((_, i) => counts[i]!.steps < QUICK_STEPS);
  assert.ok(quick.length > 40, `${quick.length}`);
  const pool = new JobPool({ threads: availableParallelism(), version: 'test', stop: new Stop() });
  const results = await Promise.all(quick.map((job) => pool.run(job)));
  await pool.close();
  assert.deepEqual(results.map((result) => countOf(result!)), counts.filter(({ steps }) => steps < QUICK_STEPS),
    'what is meant to be another: npm run verify:full -- --record');
});
