import assert from 'node:assert/strict';
import { test } from 'node:test';
import { structureOf } from './structure.ts';

const graph = (...ways: readonly (readonly number[])[]): ((node: number) => readonly number[]) => (node) => ways[node] ?? [];

test('a diamond has one merge, which the top dominates', () => {
  //   0 -> 1 -> 3
  //    '-> 2 -'
  const { order, children, merges, loops } = structureOf(graph([1, 2], [3], [3], []));
  assert.equal(order[0], 0);
  assert.equal(order[3], 3);
  assert.deepEqual([...children.get(0)!].sort(), [1, 2, 3]);
  assert.deepEqual([...merges], [3]);
  assert.equal(loops.size, 0);
});

test('a loop inside a loop', () => {
  //   0 -> 1 -> 2 -> 3 -> 4, back from 3 to 2 and from 4 to 1
  const { loops, merges, isBack, isIrreducible } = structureOf(graph([1], [2], [3], [2, 4], [1]));
  assert.deepEqual([...loops].sort(), [1, 2]);
  assert.equal(merges.size, 0);
  assert.ok(isBack(3, 2) && isBack(4, 1) && !isBack(0, 1));
  assert.ok(!isIrreducible(3, 2) && !isIrreducible(4, 1));
});

test('a loop with two ways in is no loop of structured code', () => {
  const { order, loops, isIrreducible } = structureOf(graph([1, 2], [2], [1]));
  const [, first, second] = order as [number, number, number];
  assert.ok(isIrreducible(second, first));
  assert.equal(loops.size, 0);
});

test('a node that goes to itself is a loop, and two ways to one node are a merge', () => {
  const { loops, merges } = structureOf(graph([1, 1], [1]));
  assert.deepEqual([...loops], [1]);
  assert.deepEqual([...merges], [1]);
});

test('what cannot be reached is not there', () => {
  assert.deepEqual(structureOf(graph([2], [2], [])).order, [0, 2]);
});
