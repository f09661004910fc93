import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCounts } from '../../src/host/kvm/kvm.ts';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import { acknowledge, arm, enable, IRET, LVTPC_NMI, lvtpc, rdpmc, readStatus, run, select } from '../../src/lab/holes/scripts.ts';
import type { GuestProgram, Operation } from '../../src/lab/small/operation.ts';
import { SmallWorld } from '../../src/lab/small/world.ts';
import { CAPS } from './rig.ts';

// What one PMI costs in each way of virtualising: exits, and host events made. Two runs that differ by ten PMIs, divided by ten.

const PERIOD = 100;

/** The classic handler, for one counter that overflows, of `counters` that are on. */
function guest(pmis: number, counters: number): GuestProgram {
  const set = 2 ** counters - 1;
  const others: Operation[] = Array.from({ length: counters - 1 }, (_, i) => [select(i + 1), arm(i + 1, 2 ** 30)]).flat();
  return {
    main: [enable(0), select(0), arm(0, PERIOD), ...others, enable(set), run(PERIOD * pmis + 10), enable(0)],
    handler: [enable(0), readStatus, acknowledge(1), rdpmc(0), arm(0, PERIOD), readStatus, enable(set), lvtpc(LVTPC_NMI), IRET],
  };
}

function perPmi(strategy: StrategyName, counters: number): { readonly exits: number; readonly made: number; readonly writes: number } {
  const after = (pmis: number) => {
    const world = new SmallWorld({
      perfmon: CAPS, skid: 0, cpus: 1, guests: [guest(pmis, counters)], strategy, users: [], startUsers: false,
      maxSamplesPerTick: 1000, handler: 'classic',
    });
    assert.ok(world.run());
    assert.equal(world.guests[0]!.sights.filter(({ kind }) => kind === 'pmi').length, pmis);
    const [vcpu] = world.vcpus;
    const exits = Object.values(exitCounts(vcpu!)).reduce((sum, count) => sum + count, 0);
    return { exits, made: world.host.perf.created, writes: exitCounts(vcpu!).MSR_WRITE ?? 0 };
  };
  const [few, many] = [after(2), after(12)];
  return { exits: (many.exits - few.exits) / 10, made: (many.made - few.made) / 10, writes: (many.writes - few.writes) / 10 };
}

// Nine exits: the NMI, and W 38F, R 38E, W 390, RDPMC, W counter, R 38E, W 38F, W LVTPC. Mediated: the interrupt, and W LVTPC.
// Made: each of the counters that GLOBAL_CTRL switches on again, and once more the one that has overflowed.
for (const [strategy, exits, made] of [
  ['reallocate', 9, (n: number) => n + 1], ['ioc-period', 9, () => 0], ['guest-pmi', 9, () => 0], ['register', 9, () => 0],
  ['reuse-5.5', 9, () => 0], ['reuse', 9, () => 0], ['general', 9, () => 0], ['mediated', 2, () => 0],
] as const) {
  for (const counters of [1, 3]) {
    test(`${strategy}: one PMI with ${counters} counters on`, () => {
      const cost = perPmi(strategy, counters);
      assert.equal(cost.exits, exits);
      assert.equal(cost.made, made(counters));
      // Of them written: three control registers, a counter and LVTPC; of mediated's only LVTPC.
      assert.equal(cost.writes, strategy === 'mediated' ? 1 : 5);
    });
  }
}
