import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import { SampleRateLimiter } from './limiter.ts';

/** The rates that a handler of constant length leads to at HZ=250, and at which PMI each was set. */
function history(nanoseconds: number, pmis: number): [pmi: number, rate: number][] {
  const limiter = new SampleRateLimiter(250, 1);
  const seen: [number, number][] = [];
  for (let pmi = 1; pmi <= pmis; pmi += 1) if (limiter.took(0, nanoseconds)) seen.push([pmi, limiter.maxSampleRate]);
  return seen;
}

// perf_sample_event_took of 4.19 by hand: allowed 25 % of 10 us, a running mean over 128, a quarter on top when it is exceeded.
for (const [nanoseconds, first, last] of [
  [4_500_000, [[1, 5500], [2, 2750], [3, 1750]], [212, 250]],
  [105_000, [[4, 61_500], [6, 41_250], [8, 31_250]], [undefined, 2250]],
  [48_000, [[7, 78_000]], [undefined, 4250]],
  [9000, [[42, 79_000], [56, 62_500]], [undefined, 25_250]],
  [3000, [[229, 79_750]], [229, 79_750]],
] as const) {
  test(`handlers of ${nanoseconds} ns lower the rate`, () => {
    const seen = history(nanoseconds, 5000);
    assert.deepEqual(seen.slice(0, first.length), first);
    const [pmi, rate] = seen.at(-1)!;
    assert.equal(rate, last[1]);
    if (last[0] !== undefined) assert.equal(pmi, last[0]);
  });
}

test('handlers that are quick enough never do', () => {
  assert.deepEqual(history(2000, 100_000), []);
  assert.equal(new SampleRateLimiter(250, 1).maxSamplesPerTick, 400);
  assert.equal(new SampleRateLimiter(1000, 1).maxSamplesPerTick, 100);
});

test('each processor has a mean of its own, and all have one limit', () => {
  const limiter = new SampleRateLimiter(250, 2);
  for (let i = 0; i < 41; i += 1) assert.equal(limiter.took(0, 9000), false);
  assert.equal(limiter.took(1, 9000), false);
  const copy = new SampleRateLimiter(250, 2);
  load(copy, save(limiter));
  assert.equal(copy.took(0, 9000), true);
  assert.equal(copy.maxSampleRate, 79_000);
});
