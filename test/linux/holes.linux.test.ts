import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StrategyName } from '../../src/lab/scenario.ts';
import { built } from './guest.ts';
import { KeptGuest, type KeptOptions } from './kept.ts';
import { OWN_COUNT, OWN_PERIOD, PROGRAM_FILES, PROGRAMS } from './known-programs.ts';
import { byEvent, countsOf, scriptOf, sectionsOf } from './sections.ts';

// Holes as somebody sees them who uses perf in a Linux guest: what bare metal shows, and what a strategy with the hole makes of it.

const { known, cpuids } = PROGRAMS;
/** perf need not read the names of the kernel's functions. */
const NO_NAMES = 'echo 2 > /proc/sys/kernel/kptr_restrict';
/** And nobody else in the guest uses counters. */
const QUIET = `echo 0 > /proc/sys/kernel/nmi_watchdog; ${NO_NAMES}`;

const guest = new KeptGuest(built(), { files: PROGRAM_FILES });

function run<Name extends string>(commands: Readonly<Record<Name, string>>, options: KeptOptions) {
  const all: Readonly<Record<string, string>> = { quiet: QUIET, ...commands };
  const { output, log, status, report } = guest.run(scriptOf(all), options);
  return { is: sectionsOf(output, all) as Readonly<Record<Name, string>>, printed: log + output, status, report };
}

const SEEN = {
  emulated: 'perf stat -x, -e instructions:u ./cpuids',
  profile: `perf record -q -e instructions:u -c ${OWN_PERIOD} -o /tmp/data ./known; perf script -i /tmp/data -F period`,
  // A program that samples itself, and reads what it has counted.
  count: './own-count',
} as const;

interface Seen {
  /** Instructions of a program with 1000 CPUIDs among them. */
  readonly emulated: number;
  /** Samples of one that retires 2,000,004. */
  readonly samples: number;
  /** What a counter that is sampled says of 2,000,007. */
  readonly count: number;
}

function see(on: StrategyName | undefined): Seen {
  const { is } = run(SEEN, { on });
  const samples = [...is.profile.matchAll(new RegExp(`^ *${OWN_PERIOD} *$`, 'gm'))].length;
  return { emulated: byEvent(is.emulated)['instructions:u']!, samples, count: Number(`0x${is.count.trim()}`) };
}

const SAMPLES = Math.floor(known.instructions / OWN_PERIOD);
const RIGHT: Seen = { emulated: cpuids.instructions, samples: SAMPLES, count: OWN_COUNT.instructions };
/** Of the kernels before 5.17: what the hypervisor completes is nobody's. */
const E1 = { ...RIGHT, emulated: cpuids.instructions - 1000 };

for (const on of [undefined, 'mediated', 'general'] as const) {
  test(`on ${on ?? 'bare metal'} everything is counted and sampled`, () => assert.deepEqual(see(on), RIGHT));
}

test('E1: what the hypervisor completes is not counted on reallocate', () => assert.deepEqual(see('reallocate'), E1));

test('B1: a profile that stops, and a count of 5.6e14', () => {
  const { samples, count, ...rest } = see('guest-pmi-B1');
  assert.deepEqual(rest, { emulated: E1.emulated });
  assert.ok(samples > 0 && samples < 4, `${samples}`);
  assert.ok(Math.abs(count - 2 ** 49 - OWN_COUNT.instructions) < 100, `${count}`);
});

test('B3: the k-th PMI adds k periods', () => {
  // 1 + 2 + ... + 20 periods that never were.
  assert.deepEqual(see('guest-pmi'), { ...E1, count: RIGHT.count + OWN_PERIOD * (SAMPLES * (SAMPLES + 1) / 2) });
});

test('B8: a profile of one sample', () => {
  assert.deepEqual(see('guest-pmi-B8'), { ...E1, samples: 1, count: RIGHT.count + OWN_PERIOD });
});

/** Fewer instructions than lie between a PMI and its handler's first write of a register of the PMU. */
const SHORT = { short: 'perf record -q -e instructions:k -c 100 -o /tmp/data ./calls', said: 'dmesg | grep -A 1 Uhhuh' } as const;

test('B23: NMIs for an unknown reason, of a counter that the host has armed again before the guest has', () => {
  for (const on of [undefined, 'mediated', 'general'] as const) assert.equal(run(SHORT, { on }).is.said, '');
  assert.match(run(SHORT, { on: 'guest-pmi' }).is.said, /Uhhuh\. NMI received for unknown reason 00 on CPU 0\.\n.*Dazed and confused/);
});

/** Nothing lowers the rate of samples any more. */
const UNLIMITED = {
  unlimited: 'echo 0 > /proc/sys/kernel/perf_cpu_time_max_percent',
  sampled: 'perf record -q -e cycles:k -c 1000 -o /tmp/data ./calls',
  said: 'dmesg | grep lockup; true',
} as const;

test('a watchdog that barks: handlers of milliseconds leave the kernel of a guest without a limiter no time', () => {
  for (const on of [undefined, 'mediated', 'general'] as const) {
    const { is, status } = run(UNLIMITED, { on });
    assert.deepEqual([is.said, status], ['', 0], on);
  }
  const { printed, status } = run(UNLIMITED, { on: 'reallocate' });
  assert.match(printed, /watchdog: BUG: soft lockup - CPU#0 stuck for 2\ds!/);
  assert.equal(status, undefined);
});

test('R1: with AMD\'s handler, which writes a counter that runs, a profile of one sample on reallocate', () => {
  const amd = new KeptGuest(built(), { files: PROGRAM_FILES, machine: { cpu: 'zen4' } });
  // The watchdog is on: the host has an event for good then, and is so fast that the guest's kernel does not stop its counter and start it.
  const samples = (on: StrategyName | undefined): number =>
    amd.run(scriptOf({ names: NO_NAMES, profile: SEEN.profile }), { on }).output.match(new RegExp(`^ *${OWN_PERIOD} *$`, 'gm'))!.length;
  for (const on of [undefined, 'reuse', 'mediated', 'general'] as const) assert.equal(samples(on), SAMPLES);
  assert.equal(samples('reallocate'), 1);
});

/** Four people on the host with perf stat, of which each has one of its four general counters for good. */
const users = (['branch instructions retired', 'branch mispredicts retired', 'LLC references', 'LLC misses'] as const)
  .map((event) => ({ kind: 'stat', event, pinned: true }));
const TAKEN = { taken: 'perf stat -x, -e branches:u,instructions:u ./known' } as const;

function taken(on: StrategyName) {
  const { is, report } = run(TAKEN, { on, host: { users } });
  return { counts: countsOf(is.taken).map(({ count, percent }) => [count, percent]), users: report.host!.users };
}
const COUNTED = [[known.branches, 100], [known.instructions, 100]];

test('R8: of a counter that the host has taken the guest reads 0, all the time', () => {
  const { counts, users: theirs } = taken('reuse');
  assert.deepEqual(counts, [[0, 100], [known.instructions, 100]]);
  for (const { count, truth } of theirs) assert.equal(count, truth);
});

test('D1: where counters are the guest\'s, those people count nothing', () => {
  const { counts, users: theirs } = taken('register');
  assert.deepEqual(counts, COUNTED);
  assert.deepEqual(theirs.map(({ state, count }) => [state, count]), users.map(() => ['error', 0]));
});

test('E3: a host with a mediated guest refuses them', () => {
  const { counts, users: theirs } = taken('mediated');
  assert.deepEqual(counts, COUNTED);
  assert.deepEqual(theirs.map(({ refused }) => refused), users.map(() => 'EOPNOTSUPP'));
});
