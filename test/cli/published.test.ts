import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIGURES, type PublishedReport, TOLERANCE } from '../../src/lab/published/published.ts';
import { vpmu } from './command.ts';

const first = vpmu('published', '--json');
const { rows, totals, untested } = JSON.parse(first.out) as PublishedReport;

test('published prints every figure, and the same bytes every time', () => {
  assert.deepEqual([first.status, first.err], [0, '']);
  assert.deepEqual(rows.map(({ name, unit, published, kind, source }) => ({ name, unit, published, kind, source })),
    FIGURES.map(({ name, unit, published, kind, source }) => ({ name, unit, published, kind, source })));
  assert.equal(vpmu('published', '--json').out, first.out);
});

test('a figure that is off, or missing, says why', () => {
  for (const { name, published, ours, ratio, kind, why } of rows) {
    if (ours === undefined) assert.ok(ratio === undefined && why !== undefined, name);
    else {
      assert.ok(Math.abs(ratio! - ours / published) < 0.001 * ratio!, `${name}: ${ratio}`);
      if (Math.abs(ratio! - 1) > TOLERANCE[kind]) assert.ok(kind !== 'fitted' && why !== undefined, `${name}: ${ratio}`);
    }
  }
});

test('the totals are those of the rows', () => {
  for (const kind of ['fitted', 'predicted', 'recorded'] as const) {
    const repeated = rows.filter((row) => row.kind === kind && row.ratio !== undefined);
    const within = repeated.filter(({ ratio }) => Math.abs(ratio! - 1) <= { fitted: 0.1, predicted: 0.3, recorded: 0.3 }[kind]);
    const figures = rows.filter((row) => row.kind === kind).length;
    assert.deepEqual(totals[kind], { figures, repeated: repeated.length, within: within.length });
  }
  assert.equal(totals.fitted.within, totals.fitted.repeated);
});

test('the histogram of exits comes out of the mechanics', () => {
  const histogram = rows.filter(({ name }) => name.startsWith('exits for each PMI: '));
  assert.equal(histogram.length, 7);
  for (const { name, ratio } of histogram) assert.ok(Math.abs(ratio! - 1) < 0.06, `${name}: ${ratio}`);
});

test('the guest\'s own limiter falls to its floor before the patch, and does not move with it', () => {
  assert.deepEqual(rows.filter(({ unit }) => unit === 'Hz').map(({ ours }) => ours), [250, 100_000, 250, 100_000]);
});

test('the text has all figures, and the costs that none of them tests', () => {
  const { status, out } = vpmu('published');
  assert.equal(status, 0);
  for (const { name } of rows) assert.ok(out.includes(name), name);
  const never = untested['broadwell-2018'].filter((cost) => Object.values(untested).every((costs) => costs.includes(cost)));
  assert.ok(out.endsWith(`Costs that no figure tests: ${never.join(', ')}\n`), out.slice(-100));
  assert.ok(out.split('\n').every((line) => line.length <= 120));
});
