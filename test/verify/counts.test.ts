import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { JobPool, Stop } from '../../src/cli/verify/pool.ts';
import { MACHINE_NAMES } from '../../src/lab/small/machines.ts';
import { ROOT } from '../docs/documents.ts';
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

test('the documents have what was recorded', () => {
  const text = (path: string): string => readFileSync(join(ROOT, 'docs', path), 'utf8');
  const cell = (strategy: string, machine: string): string => {
    const count = counts.find((each) => each.strategy === strategy && each.machine === machine);
    return count === undefined ? '-' : count.fails.join(', ') || count.states.toLocaleString('en');
  };
  const [, table = ''] = /\n\| machine \|.*\n\|-.*\n((?:\|.*\n)+)/.exec(text('verification.md')) ?? [];
  const rows = table.trim().split('\n').map((row) => row.split('|').map((word) => word.trim()));
  assert.deepEqual(rows.map(([, machine, , ...cells]) => [machine, ...cells.slice(0, 2)]),
    MACHINE_NAMES.map((machine) => [machine, cell('general', machine), cell('mediated', machine)]));
  const ofGeneral = counts.filter(({ strategy }) => strategy === 'general');
  const sum = ofGeneral.reduce((total, { states }) => total + states, 0).toLocaleString('en');
  assert.ok(text('general.md').includes(`any of the ${ofGeneral.length}, which together have ${sum} states`), sum);
});
