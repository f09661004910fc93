import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SampleRateLimiter } from './perf.ts';

/** Rates after handlers of the same time, with the number of the handler that brought each; and the last rate of all. */
function lowered(nanoseconds: number, handlers: number): { readonly steps: readonly (readonly [number, number])[]; readonly last: number } {
  const limiter = new SampleRateLimiter(250, 1);
  const steps: [number, number][] = [];
  for (let n = 1; n <= handlers; n += 1) if (limiter.took(0, nanoseconds)) steps.push([limiter.maxSampleRate, n]);
  return { steps, last: limiter.maxSampleRate };
}

// perf_sample_event_took of Linux 4.19 by hand, at 250 ticks a second: the sum forgets a 128th and adds the new time; where its 128th
// is above what is allowed (2500 ns at boot), a quarter more becomes the allowed mean, and 10 ms / that the samples of a tick.
test('at equal times the rate falls in these steps', () => {
  assert.deepEqual(lowered(4_500_000, 3).steps, [[5500, 1], [2750, 2], [1750, 3]]);
  assert.deepEqual(lowered(105_000, 8).steps, [[61_500, 4], [41_250, 6], [31_250, 8]]);
  assert.deepEqual(lowered(48_000, 7).steps, [[78_000, 7]]);
  assert.deepEqual(lowered(9000, 56).steps, [[79_000, 42], [62_500, 56]]);
  assert.deepEqual(lowered(3000, 10_000).steps, [[79_750, 229]]);
  assert.deepEqual(lowered(2000, 10_000).steps, []);
});

test('in the end the rate is what the time allows', () => {
  // At the floor of one sample a tick with the 14th; the allowed mean still rises, for the last time with the 212th.
  assert.equal(lowered(4_500_000, 13).last, 500);
  assert.equal(lowered(4_500_000, 14).last, 250);
  assert.deepEqual(lowered(4_500_000, 10_000).steps.at(-1), [250, 212]);
  assert.equal(lowered(105_000, 10_000).last, 2250);
  assert.equal(lowered(48_000, 10_000).last, 4250);
  assert.equal(lowered(9000, 10_000).last, 25_250);
  assert.equal(lowered(2000, 10_000).last, 100_000);
});

test('each CPU has a mean of its own', () => {
  const limiter = new SampleRateLimiter(250, 2);
  for (let n = 0; n < 41; n += 1) for (const cpu of [0, 1]) assert.equal(limiter.took(cpu, 9000), false);
  assert.equal(limiter.took(1, 9000), true);
});
