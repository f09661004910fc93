import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostUserOptions } from '../../src/host/perf/users.ts';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import { AMD_EVENTS, COUNTING, INT, PROGRAM, TOP, TOTAL } from './amd-program.ts';
import { type GuestOfOptions, runHosted, wordsOf } from './hosted.ts';
import { programOf } from './program.ts';

// A guest with AMD's counters under a host with AMD's: the counts are those of amd.test.ts, where it is alone.

const { INSTRUCTIONS, BRANCHES, CONDITIONAL } = AMD_EVENTS;
const PERFMON = { version: 2, generalCounters: 6 };
const IMAGES = [programOf(PROGRAM(1)), programOf(PROGRAM(2))] as const;

function run(strategy: StrategyName, given: NonNullable<GuestOfOptions['given']>, rest: Partial<GuestOfOptions> = {}, version = 2) {
  const image = IMAGES[version - 1]!;
  const world = runHosted(image, { strategy, vendor: 'amd', perfmon: { ...PERFMON, version }, given, ...rest });
  assert.equal(world.vms[0]!.board.exit.code, 0);
  return { world, words: (label: string, count = 1) => wordsOf(world, image, label, count) };
}

const SIX = [INSTRUCTIONS, BRANCHES, CONDITIONAL, INSTRUCTIONS | (1n << 24n), BRANCHES, INSTRUCTIONS].map((event) => event | COUNTING);

test('mediated: six counters count what the guest does', () => {
  const { words } = run('mediated', { selectors: SIX, start_with: [0x3fn] });
  assert.deepEqual(words('counted', 6), [TOTAL, 20n, 20n, TOTAL, 20n, TOTAL]);
  assert.deepEqual([words('status'), words('pmis'), words('leaf')], [[0n], [0n], [(6n << 32n) | 1n]]);
});

test('mediated: a counter preset to 1 - count ends at 1, and its PMI leaves LVTPC unmasked', () => {
  for (let counter = 0; counter < 6; counter += 1) {
    const int = counter % 2 === 1, only = (value: bigint): bigint[] => Array.from({ length: 6 }, (_, i) => (i === counter ? value : 0n));
    const { words } = run('mediated', {
      selectors: only(INSTRUCTIONS | COUNTING | (int ? INT : 0n)), presets: only(TOP + 1n - TOTAL), start_with: [0x3fn],
    });
    assert.equal(words('counted', 6)[counter], 1n);
    assert.deepEqual([words('status'), words('cleared'), words('pmis'), words('lvtpc')], [
      [1n << BigInt(counter)], [0n], [int ? 1n : 0n], [0x81n],
    ]);
  }
});

test('mediated: what the guest asks of hosts and guests is not what the hardware gets', () => {
  // HostOnly, and both: the guest would count nothing, or itself; here it counts itself.
  const selectors = [INSTRUCTIONS | COUNTING | (1n << 41n), BRANCHES | COUNTING | (3n << 40n)];
  const { words } = run('mediated', { selectors, start_with: [3n] });
  assert.deepEqual(words('counted', 2), [TOTAL, 20n]);
});

test('emulated: GuestOnly keeps the host\'s instructions out, where VMRUN does not switch the global control', () => {
  // KVM counts the trapped WRMSR that enables and not the one that disables: the same total.
  const { words, world } = run('reuse', { selectors: SIX.slice(0, 3), start_with: [7n] });
  assert.deepEqual(words('counted', 3), [TOTAL, 20n, 20n]);
  assert.equal(world.host.perf.created, 3);
});

test('general: what the guest has switched off stands still by its own enable, and the host goes on to profile', () => {
  const stat: HostUserOptions = {
    kind: 'stat', event: 'conditional branches retired', period: 0, excludeGuest: false, excludeHost: false, pinned: false,
  };
  for (const start_with of [[0x3fn], [0x2an]]) {
    const { words, world } = run('general', { selectors: SIX.slice(0, 5), start_with }, { users: [stat] });
    const on = (k: number, count: bigint): bigint => ((start_with[0]! >> BigInt(k)) & 1n) * count;
    assert.deepEqual(words('counted', 6), [on(0, TOTAL), on(1, 20n), on(2, 20n), on(3, TOTAL), on(4, 20n), 0n]);
    // The loop that counts, the two around it, and the runtime's: 32 gates, and three that it passes once.
    const { perf, users: [user], cpus: [cpu] } = world.host;
    assert.equal(perf.read(cpu!, user!.eventOn(cpu!)!).value, 20 + 6 + 6 + 32 + 3);
  }
});

test('general and reuse, before PerfMonV2: a counter runs from its own enable on', () => {
  // As alone: amd.test.ts. KVM counts the WRMSR that enables, and nothing disables counter 1 before it is read.
  const given = { selectors: [0n, INSTRUCTIONS | COUNTING], start_with: [INSTRUCTIONS | COUNTING | INT], presets: [TOP - 5n] };
  for (const [strategy, more] of [['general', 0n], ['reuse', 1n]] as const) {
    const { words } = run(strategy, given, {}, 1);
    assert.deepEqual([words('pmis'), words('lvtpc'), words('leaf')], [[1n], [0x81n], [0n]], strategy);
    assert.deepEqual(words('counted', 2), [TOTAL - 5n, 5n + 4n * (2n * 9n + 4n) + 4n + TOTAL + 1n + 8n + 1n + more], strategy);
  }
});

test('the host\'s own events: only itself, or both', () => {
  const counting = (excludeGuest: boolean, excludeHost: boolean): HostUserOptions => ({
    kind: 'stat', event: 'conditional branches retired', period: 0, excludeGuest, excludeHost, pinned: false,
  });
  // Host code has no branches: what is counted is the guest's, or nothing. The loop's, and those of the program around it.
  const { world } = run('reuse', {}, { users: [counting(false, false), counting(true, false), counting(false, true)] });
  const { perf, users, cpus: [cpu] } = world.host;
  const [both, hosts, guests] = users.map((user) => perf.read(cpu!, user.eventOn(cpu!)!).value);
  assert.equal(hosts, 0);
  assert.equal(guests, both);
});
