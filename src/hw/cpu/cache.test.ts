import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { CacheLevel, firstLevel, lastLevel } from './cache.ts';
import { Observation } from './observation.ts';
import { PENALTY_TIMING, UNIT_TIMING } from './timing.ts';

const LINE = 64;
/** 512 bytes. */
const SMALL = { ways: 2, sets: 4 };
/** Uses lines by their number: `H` for a hit, `M` for a miss. */
const uses = (cache: CacheLevel, lines: readonly number[]): string => lines.map((line) => (cache.use(LINE * line) ? 'H' : 'M')).join('');

test('a line is there from its first use on, as a whole', () => {
  const cache = new CacheLevel(SMALL);
  assert.deepEqual([0x40, 0x40, 0x7f, 0x41, 0x80, 0x3f].map((at) => cache.use(at)), [false, true, true, true, false, false]);
});

test('of a set the least recently used goes first', () => {
  // 512 bytes in two ways: 512 / 64 / 2 = 4 sets. Lines 0, 4, 8 and 12 share the first.
  // 0 M: 0 | 4 M: 4 0 | 0 H: 0 4 | 8 M, 4 goes: 8 0 | 0 H: 0 8 | 4 M, 8 goes: 4 0 | 8 M, 0 goes: 8 4 | 4 H: 4 8 | 0 M, 8 goes
  assert.equal(uses(new CacheLevel(SMALL), [0, 4, 0, 8, 0, 4, 8, 4, 0]), 'MMHMHMMHM');
  // Lines of other sets do not disturb it.
  assert.equal(uses(new CacheLevel(SMALL), [0, 4, 1, 2, 3, 5, 6, 7, 0, 4]), 'MMMMMMMMHH');
  // Direct mapped: the last one stays.
  assert.equal(uses(new CacheLevel({ ways: 1, sets: 4 }), [0, 4, 4, 0, 1, 0]), 'MMHMMH');
});

test('a line that is flushed is gone, the others keep their order, and its way is filled first', () => {
  const cache = new CacheLevel(SMALL);
  uses(cache, [0, 4, 1]);
  cache.flush(LINE * 4 + 63);
  // 0 H | 4 M: 4 0 | 0 H: 0 4 | 8 M, 4 goes | 1 was never touched.
  assert.equal(uses(cache, [0, 4, 0, 8, 0, 1]), 'HMHMHH');
  // The last used goes too, and what is not there can be flushed.
  cache.flush(0);
  cache.flush(LINE * 100);
  assert.equal(uses(cache, [8, 4, 8]), 'HMH');
  cache.flushAll();
  assert.equal(uses(cache, [8, 4, 1]), 'MMM');
});

test('the first level: 32 KiB in 8 ways are 64 sets', () => {
  const set = (n: number): number[] => Array.from({ length: n }, (_, i) => 64 * i + 5);
  assert.equal(uses(firstLevel(), [...set(8), ...set(8)]), 'MMMMMMMMHHHHHHHH');
  // Nine in turn throw each other out.
  assert.equal(uses(firstLevel(), [...set(9), ...set(9)]), 'M'.repeat(18));
  const all = Array.from({ length: 512 }, (_, i) => i);
  assert.equal(uses(firstLevel(), [...all, ...all]), 'M'.repeat(512) + 'H'.repeat(512));
});

test('the last level: 2 MiB in 16 ways are 2048 sets', () => {
  const set = (n: number): number[] => Array.from({ length: n }, (_, i) => 2048 * i + 2047);
  assert.equal(uses(lastLevel(), [...set(16), ...set(16)]), 'M'.repeat(16) + 'H'.repeat(16));
  assert.equal(uses(lastLevel(), [...set(17), ...set(17)]), 'M'.repeat(34));
});

test('a miss of the first level is a reference of the last, and what the last level has not is a miss', () => {
  const observation = new Observation(lastLevel(), UNIT_TIMING, () => {});
  const use = (...lines: number[]): [references: number, misses: number] => {
    observation.settle();
    for (const line of lines) {
      observation.access(LINE * line);
      observation.commit();
    }
    return [observation.llcReferences, observation.llcMisses];
  };
  assert.deepEqual(use(0, 0, 0), [1, 1]);
  // Eight more of its set throw line 0 out of the first level; the last level keeps it.
  assert.deepEqual(use(64, 128, 192, 256, 320, 384, 448, 512), [8, 8]);
  assert.deepEqual(use(0), [1, 0]);
  assert.deepEqual(use(0), [0, 0]);
});

test('a flush reaches both levels', () => {
  const observation = new Observation(lastLevel(), UNIT_TIMING, () => {});
  const flushes = [(): void => observation.flush(0), (): void => observation.flushAll()];
  for (const flush of flushes) {
    observation.access(0);
    observation.commit();
    observation.settle();
    flush();
    observation.access(0);
    observation.commit();
    assert.deepEqual([observation.llcReferences, observation.llcMisses], [1, 1]);
  }
});

test('accesses are seen when the instruction is done, and not at all when it is not', () => {
  const observation = new Observation(lastLevel(), UNIT_TIMING, () => {});
  observation.access(0);
  observation.access(4096);
  assert.equal(observation.llcReferences, 0);
  observation.drop();
  observation.commit();
  assert.equal(observation.llcReferences, 0);
  observation.access(0);
  observation.commit();
  assert.deepEqual([observation.llcReferences, observation.llcMisses], [1, 1]);
});

test('misses and wrong guesses cost what the timing model says', () => {
  let paid = 0;
  const observation = new Observation(lastLevel(), PENALTY_TIMING, (cycles) => {
    paid += cycles;
  });
  assert.deepEqual([observation.timed, new Observation(lastLevel(), UNIT_TIMING, () => {}).timed], [true, false]);
  observation.access(0);
  observation.access(LINE);
  observation.commit();
  assert.equal(paid, 2 * 200);
  // A branch that is taken the first time: guessed wrong. 400 + 16.
  observation.branch('conditional', 0, true, 100);
  assert.deepEqual([paid, observation.mispredicts], [416, 1]);
});

test('what is saved is loaded', () => {
  const cache = new CacheLevel(SMALL);
  uses(cache, [0, 4, 8, 3, 7]);
  const copy = new CacheLevel(SMALL);
  load(copy, save(cache));
  assert.deepEqual(dump(copy), dump(cache));
  assert.equal(uses(copy, [4, 8, 0]), 'HHM');
});
