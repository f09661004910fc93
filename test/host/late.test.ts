import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostUserOptions } from '../../src/host/perf/users.ts';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import { SMALL_PERFMON, WATCHDOG } from '../../src/lab/holes/hole.ts';
import { arm, enable, host, IRET, LVTPC_NMI, lvtpc, rdpmc, readStatus, run, select } from '../../src/lab/holes/scripts.ts';
import type { GuestProgram, Operation } from '../../src/lab/small/operation.ts';
import { SmallWorld } from '../../src/lab/small/world.ts';

// What comes late: an NMI that is still on its way when its guest leaves, and a counter that was taken and is given back.

interface Options {
  readonly skid?: number;
  readonly cpus?: number;
  readonly counters?: number;
  readonly users?: readonly HostUserOptions[];
  readonly strategy?: StrategyName;
}

function worldOf(main: readonly Operation[], { skid = 0, cpus = 1, counters = 2, users = [], strategy = 'general' }: Options): SmallWorld {
  const program: GuestProgram = { main, handler: [lvtpc(LVTPC_NMI), IRET] };
  return new SmallWorld({
    perfmon: { ...SMALL_PERFMON, generalCounters: counters }, skid, cpus, guests: [program], strategy, users,
    startUsers: false, maxSamplesPerTick: 1000, handler: 'classic',
  });
}

test('a guest that halts with its overflow just behind it is woken by its PMI', () => {
  // The host's idle task retires nothing: an NMI that waits for instructions does not come.
  const world = worldOf([enable(0), select(0), arm(0, 5), enable(1), run(5), { op: 'hlt' }, run(1)], { skid: 1000 });
  assert.equal(world.run(), true);
  assert.deepEqual(world.guests[0]!.sights.map(({ kind, at }) => [kind, at]), [['pmi', 5]]);
});

test('a PMI that comes up on the way into the guest is taken before the guest runs on', () => {
  // Whatever of the host's instructions the NMI comes behind; an exit brings the host in.
  for (let skid = 1; skid < 60; skid += 1) {
    const world = worldOf([enable(0), select(0), arm(0, 5), enable(1), run(5), rdpmc(1), run(200)], { skid });
    assert.equal(world.run(), true);
    const pmis = world.guests[0]!.sights.filter(({ kind }) => kind === 'pmi').map(({ at }) => at);
    assert.deepEqual(pmis, [5], `skid ${skid}`);
  }
});

test('a counter that the host has taken for a while counts again in the next time slice', () => {
  const taken = [host({ kind: 'start', user: 0 }), run(50), host({ kind: 'stop', user: 0 }), host({ kind: 'preempt', cycles: 10 })];
  const world = worldOf([enable(0), select(0), arm(0, 1000), enable(1), ...taken, run(100), rdpmc(0)], { counters: 1, users: [WATCHDOG] });
  assert.equal(world.run(), true);
  const reads = world.guests[0]!.sights.filter((sight) => sight.kind === 'read');
  // The 50 are lost, which general's limit says.
  assert.deepEqual(reads.map(({ value }) => value), [2 ** 48 - 1000 + 100]);
});

test('a wrap whose NMI has not come leaves the CPU with its guest', () => {
  const silent = [enable(0), select(0, { interrupt: false }), arm(0, 5), enable(1), run(5)];
  for (const strategy of ['general', 'register', 'mediated'] as const) {
    const world = worldOf([...silent, host({ kind: 'migrate', to: 1 }), readStatus], { strategy, cpus: 2, skid: 1000 });
    assert.equal(world.run(), true);
    assert.deepEqual(world.guests[0]!.sights.map((sight) => sight.kind === 'read' && sight.value), [1], strategy);
  }
});
