import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Seeded } from '../../src/base/choice.ts';
import type { HostUserOptions } from '../../src/host/perf/users.ts';
import { type GuestOfOptions, runHosted, wordsOf } from './hosted.ts';
import { programOf as imageOf, runImage } from './program.ts';
import { Generator, programOf, tailOf } from './random-program.ts';

// Bare metal is the oracle: a random program leaves the same behind as a guest. Its registers and memory, what its counters hold
// at the end, how many PMIs it took, and at which instructions. Programs do not ask for time, which passes otherwise for a guest.

/** PMIs, the sum of where they came, registers and counters, four pages of data. */
const LEFT = [['taken', 1], ['sum', 1], ['final', 16], ['data', 0x800]] as const;

interface Case { readonly source: string; readonly machine: { readonly timing: string; readonly perfmon: object; readonly skid?: number } }

/** KVM counts instructions and branches of what it completes, but not the accesses of what it emulates. */
const ACCESSES = /loads|stores/;
/** What caches and predictors have seen stays behind on the processor that a guest leaves, and is mixed with what others did. */
const OF_PROCESSOR = /LLC|mispredicts/;
const either = (a: RegExp, b: RegExp): RegExp => new RegExp(`${a.source}|${b.source}`);

interface Kind {
  readonly freezes: boolean;
  readonly versions: readonly number[];
  readonly without?: RegExp;
  readonly conditions?: boolean;
  readonly generalCounters?: number;
}
/** KVM: nor does it look at CMASK. */
const OF_KVM = { freezes: false, versions: [4, 5], without: ACCESSES, conditions: false };

function caseOf(seed: number, { freezes, versions, without, conditions = true, generalCounters = 4 }: Kind): Case {
  const g = new Generator(seed, { time: false, conditions, ...(without ? { without } : {}) });
  const timing = g.one(['unit', 'classes', 'penalties']);
  const widths = timing === 'unit' ? [8, 10, 48] : [13, 16, 48];
  const perfmon = { version: g.one(versions), generalCounters, generalWidth: g.one(widths), fixedWidth: g.one(widths) };
  const source = programOf(g, [0, 1, 2, 3].map((i) => g.counter(i, tailOf(timing))), { time: false, freezes });
  return { source, machine: { timing, perfmon } };
}

/** The same program alone and as a guest. Returns how many PMIs it took. */
function compare({ source, machine }: Case, options: GuestOfOptions): bigint {
  const image = imageOf(source);
  const alone = runImage(image, { machine });
  assert.deepEqual(alone.report.outcome, { kind: 'exit', code: 0 });
  const hosted = runHosted(image, { ...machine, ...options });
  assert.equal(hosted.vms[0]!.board.exit.code, 0);
  for (const [label, count] of LEFT) assert.deepEqual(wordsOf(hosted, image, label, count), alone.words(label, count), label);
  assert.equal(hosted.host.unknownNmis, 0, 'NMIs of the host that nobody had a reason for');
  return alone.word('taken');
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });
/** The same programs in every run of the tests. */
const parameters = { seed: 2018, numRuns: 25 };

test('general: a random guest that has the host for itself', () => {
  let taken = 0n;
  fc.assert(fc.property(seeds, fc.constantFrom('classic', 'freeze'), (seed, handler) => {
    const versions = handler === 'freeze' ? [4, 5] : [2, 3, 4, 5];
    taken += compare(caseOf(seed, { freezes: true, versions }), { strategy: 'general', handler });
  }), parameters);
  assert.ok(taken > 250n, `${taken}`);
});

test('mediated: the same, as far as KVM offers version 2', () => {
  let taken = 0n;
  fc.assert(fc.property(seeds, fc.boolean(), (seed, savesGlobalCtrl) => {
    taken += compare(caseOf(seed, OF_KVM), { strategy: 'mediated', savesGlobalCtrl });
  }), parameters);
  assert.ok(taken > 250n, `${taken}`);
});

/** Counts guests and host alike, as the NMI watchdog does; and pinned, so that it comes first. */
const WATCHDOG: HostUserOptions = {
  kind: 'watchdog', event: 'core cycles', period: 3000, excludeGuest: false, excludeHost: false, pinned: true,
};
const STAT: HostUserOptions = { ...WATCHDOG, kind: 'stat', event: 'instructions retired', period: 0, pinned: false };

test('general: a host that preempts and moves its guest, and counts by itself', () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (seed, migrateEvery, users) => {
    const options: GuestOfOptions = {
      strategy: 'general', cpus: 2, load: [0, 1], migrateEvery, choice: new Seeded(seed),
      users: [WATCHDOG, STAT].filter((_, i) => (users & (1 << i)) !== 0),
    };
    // Eight counters: enough for four of the guest's, and the host's.
    compare(caseOf(seed, { freezes: true, versions: [2, 3, 4, 5], without: OF_PROCESSOR, generalCounters: 8 }), options);
  }), parameters);
});

test('mediated: a host that preempts and moves its guest, and counts itself only', () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 3 }), (seed, migrateEvery) => {
    compare(caseOf(seed, { ...OF_KVM, without: either(ACCESSES, OF_PROCESSOR) }), {
      strategy: 'mediated', cpus: 2, load: [0, 1], migrateEvery, choice: new Seeded(seed), users: [{ ...WATCHDOG, excludeGuest: true }],
    });
  }), parameters);
});
