import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { BranchPredictor } from './predictor.ts';

/** Conditional branches at one place, by a pattern of `T` and `N`: `x` where it was guessed wrong. */
const conditional = (predictor: BranchPredictor, pattern: string, next = 0): string =>
  [...pattern].map((outcome) => (predictor.retire('conditional', next, outcome === 'T', 0) ? 'x' : '.')).join('');

test('a branch that is never taken is always guessed right: counters begin at "weakly not taken"', () => {
  assert.equal(conditional(new BranchPredictor(), 'N'.repeat(50)), '.'.repeat(50));
});

test('a branch that is always taken is learned when the history is full', () => {
  // The history goes 0, 1, 11b, ... up to twelve ones: each is another counter, still at 1. The thirteenth counter is met
  // again, and says taken.
  assert.equal(conditional(new BranchPredictor(), 'T'.repeat(50)), 'x'.repeat(13) + '.'.repeat(37));
});

test('a branch that alternates is learned too', () => {
  // Histories 0, 1, 10b, 101b, ...: before each T another one, until 101010101010b comes at step 12 and again at step 14.
  assert.equal(conditional(new BranchPredictor(), 'TN'.repeat(20)), `${'x.'.repeat(7)}${'.'.repeat(26)}`);
});

test('counters have two bits: one exception is forgiven', () => {
  const predictor = new BranchPredictor();
  conditional(predictor, 'T'.repeat(20));
  // The exception is wrong. Then its zero wanders through the history: eleven new counters; the twelfth history, a zero and
  // eleven ones, was met on the way up. The counter of twelve ones was at 3 and is at 2: right again at once.
  assert.equal(conditional(predictor, `N${'T'.repeat(15)}`), `${'x'.repeat(12)}....`);
  // The second time those counters know.
  assert.equal(conditional(predictor, `N${'T'.repeat(15)}`), `x${'.'.repeat(15)}`);
  // Two exceptions at the same counter, 3 to 2 to 1, turn it. Twelve times T in between give the same history.
  assert.equal(conditional(predictor, `N${'T'.repeat(12)}N${'T'.repeat(13)}`), `x${'.'.repeat(12)}x${'.'.repeat(12)}x`);
});

test('the address takes part: what one branch has learned another need not know', () => {
  const predictor = new BranchPredictor();
  conditional(predictor, 'T'.repeat(20));
  // Twelve ones of history and address bits 1: another counter.
  assert.equal(conditional(predictor, 'T', 1), 'x');
  // 1001H folds to 001H ^ 1 = 0: the first one's counter.
  assert.equal(conditional(predictor, 'T', 0x1001), '.');
});

test('an indirect branch goes where it went the last time', () => {
  const predictor = new BranchPredictor();
  const jump = (next: number, target: number): boolean => predictor.retire('indirect', next, true, target);
  assert.deepEqual([jump(0x100, 0x5000), jump(0x100, 0x5000), jump(0x100, 0x6000), jump(0x100, 0x6000)], [true, false, true, false]);
  // 201H folds to 001H ^ 1 = 0, as 0 does.
  assert.deepEqual([jump(0, 0x7000), jump(0x201, 0x7000), jump(1, 0x7000)], [true, false, true]);
});

test('direct branches and calls are always right', () => {
  const predictor = new BranchPredictor();
  assert.equal(predictor.retire('direct', 0x10, true, 0x5000), false);
  assert.equal(predictor.retire('call', 0x20, true, 0x6000), false);
});

test('returns go to behind their calls, sixteen deep', () => {
  for (const depth of [1, 2, 15, 16, 17, 20]) {
    const predictor = new BranchPredictor();
    for (let i = 1; i <= depth; i += 1) predictor.retire('call', 16 * i, true, 0x9000);
    const wrong: number[] = [];
    for (let i = depth; i >= 1; i -= 1) if (predictor.retire('return', 0x9010, true, 16 * i)) wrong.push(i);
    // The outermost of more than sixteen have been overwritten.
    assert.deepEqual(wrong, Array.from({ length: Math.max(0, depth - 16) }, (_, i) => depth - 16 - i), `depth ${depth}`);
  }
  // A return without a call, and one that goes elsewhere.
  const predictor = new BranchPredictor();
  assert.equal(predictor.retire('return', 0, true, 0x1234), true);
  predictor.retire('call', 0x20, true, 0x9000);
  assert.equal(predictor.retire('return', 0, true, 0x24), true);
});

test('an indirect call is both: its target is guessed, and its return is known', () => {
  const predictor = new BranchPredictor();
  assert.equal(predictor.retire('indirect call', 0x40, true, 0x5000), true);
  assert.equal(predictor.retire('return', 0x5010, true, 0x40), false);
  assert.equal(predictor.retire('indirect call', 0x40, true, 0x5000), false);
  assert.equal(predictor.retire('indirect call', 0x40, true, 0x6000), true);
});

test('what is saved is loaded', () => {
  const predictor = new BranchPredictor();
  conditional(predictor, 'TTNTNNTTTTT');
  predictor.retire('indirect call', 0x40, true, 0x5000);
  const copy = new BranchPredictor();
  load(copy, save(predictor));
  assert.deepEqual(dump(copy), dump(predictor));
  const next = (each: BranchPredictor): unknown[] => [conditional(each, 'TTTTNNTTTTTTTTTTTTTTT'), each.retire('return', 0, true, 0x40)];
  assert.deepEqual(next(copy), next(predictor));
});
