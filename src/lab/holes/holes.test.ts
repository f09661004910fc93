import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLE_STRATEGIES, HOLES, runHoles } from './holes.ts';

test('every hole has a name and a sentence of its own', () => {
  const ids = [...HOLES.keys()];
  // B1-B23, R1-R12, D1-D4, E1-E3: 23 + 12 + 4 + 3.
  const expected = [['B', 23], ['R', 12], ['D', 4], ['E', 3]].flatMap(([letter, count]) =>
    Array.from({ length: Number(count) }, (_, i) => `${letter}${i + 1}`));
  assert.deepEqual(ids, expected);
  assert.equal(new Set([...HOLES.values()].map(({ title }) => title)).size, expected.length);
});

for (const [id, { title }] of HOLES) {
  test(`${id}: ${title}`, () => {
    for (const { strategy, presence, symptoms, expected } of runHoles([id])) {
      assert.ok(expected, `${strategy} is ${presence}: ${symptoms.join(', ') || 'nothing'}`);
    }
  });
}

test('general has none of them, but for what no strategy could do', () => {
  const results = runHoles([...HOLES.keys()], ['general']);
  assert.deepEqual(results.filter(({ presence }) => presence === 'present'), []);
  assert.deepEqual(results.filter(({ presence }) => presence === 'limit').map(({ id }) => id), ['R9']);
});

test('every hole is somewhere, or is known not to exist', () => {
  const results = runHoles([...HOLES.keys()], HOLE_STRATEGIES);
  const somewhere = new Set(results.filter(({ presence }) => presence === 'present').map(({ id }) => id));
  // R3: counters stand still in root mode, so none wraps twice before the host looks. R11: one step of the host is not
  // interrupted. R12, D2, D3, D4: right by design; the scenario would show if it were not.
  assert.deepEqual([...HOLES.keys()].filter((id) => !somewhere.has(id)), ['R3', 'R11', 'R12', 'D3', 'D4']);
});

test('two runs find the same', () => {
  assert.deepEqual(runHoles(['B3', 'R5', 'D3']), runHoles(['B3', 'R5', 'D3']));
});
