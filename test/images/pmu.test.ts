/** What the test of a PMU finds as the guest of each strategy, which is the table of docs/pmu-test.md. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { STRATEGY_NAMES, type StrategyName } from '../../src/lab/scenario.ts';
import { PMU_IMAGE } from './images.ts';
import { PMU_CHECKS } from './pmu-checks.ts';
import { runImage } from './run.ts';

/** From dist/test/images. */
const PAGE = new URL('../../../docs/pmu-test.md', import.meta.url);
/** Cycles: a change of a counter takes milliseconds on some. */
const LIMIT = 100_000_000_000;
const MARKS: ReadonlyMap<string, string> = new Map([['PASS', '.'], ['FAIL', 'X'], ['SKIP', '-']]);

const WITH_COUNTERS = STRATEGY_NAMES.filter((on) => on !== 'none');

/** A mark for each check. */
function marksOn(on: StrategyName): string[] {
  const lines = runImage(PMU_IMAGE, { on, limit: LIMIT }).console.split('\n');
  return PMU_CHECKS.map(({ name }, i) => {
    const [verdict = '', what = ''] = lines[i]!.split(/: (.*)/);
    assert.ok(what.startsWith(name), `${on}: ${name}: ${lines[i]}`);
    return MARKS.get(verdict)!;
  });
}

/** The counters of a kind in one row, where they are alike. */
const rowName = (name: string): string => name.replace(/general counter \d/, 'each general counter');

test('what fails on which strategy is what the page shows', () => {
  const columns = WITH_COUNTERS.map(marksOn);
  const marks = PMU_CHECKS.map((_, i) => columns.map((column) => column[i]!));
  const rows = new Map<string, string[]>();
  for (const [i, { name }] of PMU_CHECKS.entries()) {
    const row = rows.get(rowName(name));
    if (marks[i]!.every((mark) => mark === '.')) assert.equal(row, undefined, `${name}: unlike the others`);
    else if (row === undefined) rows.set(rowName(name), marks[i]!);
    else assert.deepEqual(marks[i], row, `${name}: unlike the others`);
  }
  const table = [['check', ...WITH_COUNTERS], ...[...rows].map(([name, row]) => [name, ...row])];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  const lines = table.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd());
  const shown = /```text\n(.*?)\n```/s.exec(readFileSync(PAGE, 'utf8'))?.[1];
  assert.equal(shown, lines.join('\n'));
});

test('a guest without PMU is told so, and fails in nothing', () => {
  const { console, outcome } = runImage(PMU_IMAGE, { on: 'none' });
  assert.deepEqual([console, outcome], [PMU_IMAGE.writes[1], { kind: 'exit', code: 0 }]);
});
