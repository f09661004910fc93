import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StrategyName } from '../../src/lab/scenario.ts';
import { built } from './guest.ts';
import { limited, median } from './published-runs.ts';

// The mail's experiment with Linux as the guest, on the machine of the mail: what a PMI costs, and what the guest's own limiter of the
// sampling rate makes of it. The watchdogs are off, there and here, so that the only event of the host is that of the guest's counter.

const guest = built();

interface Expected {
  readonly on: StrategyName | undefined;
  /** Of a handler, in nanoseconds: at least and at most. */
  readonly handler: readonly [number, number];
  /** The highest rate that is allowed in the end, after 20 samples and after 1000 more. */
  readonly rates: readonly [number, number | 'lower'];
}

/** The rate at boot. At the least there is one sample in each of 250 ticks a second. */
const FULL = 100_000, LEAST = 250;

// 4.5 ms and 9 us are the mail's own. The rate is lowered when the mean of 128 handlers is above 2.5 us: with the 37th of 10 us, with the
// 156th of a mediated PMU, whose handler makes one exit, and never on bare metal.
const EXPECTED: readonly Expected[] = [
  { on: undefined, handler: [100, 2000], rates: [FULL, FULL] },
  { on: 'reallocate', handler: [4_400_000, 4_600_000], rates: [LEAST, LEAST] },
  { on: 'guest-pmi', handler: [9000, 11_000], rates: [FULL, 'lower'] },
  { on: 'reuse', handler: [9000, 60_000], rates: [FULL, 'lower'] },
  { on: 'general', handler: [9000, 11_000], rates: [FULL, 'lower'] },
  { on: 'mediated', handler: [2500, 5000], rates: [FULL, 'lower'] },
];

for (const { on, handler: [least, most], rates: [few, many] } of EXPECTED) {
  test(`the guest's limiter on ${on ?? 'bare metal'}`, () => {
    const seen = limited(guest, on);
    assert.equal(seen.few.rate, few);
    if (many === 'lower') assert.ok(seen.many.rate < FULL && seen.many.rate > LEAST, `${seen.many.rate}`);
    else assert.equal(seen.many.rate, many);
    // The patch of the mail has one PMI more or less than there are periods, by the holes that it has.
    if (on === 'guest-pmi') assert.ok(Math.abs(seen.few.samples - 20) <= 1, `${seen.few.samples}`);
    else assert.equal(seen.few.samples, 20);
    assert.ok(median(seen.few.times) >= least && median(seen.few.times) <= most, `${median(seen.few.times)} ns`);
  });
}
