import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MACHINE_NAMES } from '../../src/lab/small/machines.ts';
import { ROOT } from '../docs/documents.ts';
import { ALL_JOBS, checkCounts, readCounts } from './counts.ts';

const counts = readCounts();

test('every strategy has a count in every machine', () => {
  const name = ({ strategy, machine }: { strategy: string; machine: string }): string => `${strategy}, ${machine}`;
  assert.deepEqual(counts.map(name), ALL_JOBS.map(name));
});

// `npm run test:slow` looks at longer ones, and `npm run verify:full` at all.
test('quick searches have exactly the states, steps and depth that they had, and fail in the same properties', async () => {
  await checkCounts(0, 20_000);
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
