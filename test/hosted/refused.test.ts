import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cycles } from '../../src/base/units.ts';
import type { GenerationName } from '../../src/host/generation.ts';
import { STRATEGIES, STRATEGY_NAMES, type StrategyName } from '../../src/host/vpmu/strategies.ts';
import { hostedWorld } from '../guest/hosted.ts';
import { programOf } from '../guest/program.ts';

const IMAGE = programOf('main: jmp main\npmi: iretq\n');

const world = (strategy: StrategyName, vendor: 'intel' | 'amd', perfmon: object, generation: GenerationName = '7.1') =>
  hostedWorld(IMAGE, { strategy, vendor, perfmon, generation });

test('mediated: a host that cannot give its PMU away makes no virtual machine', () => {
  for (const [vendor, perfmon, why] of [
    ['intel', { version: 4 }, undefined], ['intel', { version: 3 }, /needs version 4 .*has version 3$/],
    ['intel', { version: 4, fullWidthWrites: false }, /all their bits/],
    ['amd', { version: 2 }, undefined], ['amd', { version: 1, generalCounters: 6 }, /needs PerfMonV2 .*without global registers$/],
  ] as const) {
    const made = world('mediated', vendor, perfmon);
    assert.equal(made.refused?.error, why === undefined ? undefined : 'EOPNOTSUPP');
    if (why !== undefined) assert.match(made.refused!.why, why);
    assert.equal(made.step(), why === undefined);
  }
});

test('strategies that live from what VM entry loads are refused where VMRUN loads nothing', () => {
  for (const strategy of STRATEGY_NAMES) {
    const { refused } = world(strategy, 'amd', { version: 2 });
    const needs = ['guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8', 'register'].includes(strategy);
    assert.deepEqual([strategy, refused?.error], [strategy, needs ? 'EOPNOTSUPP' : undefined]);
    assert.equal(world(strategy, 'intel', { version: 4 }).refused, undefined);
  }
});

test('a guest\'s version is what its host\'s kernel knows: PerfMonV2 since 6.5, of Intel\'s version 2 at most', () => {
  const offered = (strategy: StrategyName, vendor: 'intel' | 'amd', version: number): number =>
    world(strategy, vendor, { version, generalCounters: 6 }, STRATEGIES[strategy].generation).vcpus[0]!.vpmu.caps.version;
  assert.deepEqual(['reallocate', 'reuse', 'mediated', 'general'].map((name) => offered(name as StrategyName, 'amd', 2)), [1, 2, 2, 2]);
  assert.deepEqual(['reallocate', 'reuse', 'general'].map((name) => offered(name as StrategyName, 'amd', 1)), [1, 1, 1]);
  assert.deepEqual(['reallocate', 'reuse', 'mediated', 'general'].map((name) => offered(name as StrategyName, 'intel', 5)), [2, 2, 2, 5]);
});

test('an event filter is checked, and a guest that runs is made to look at it', () => {
  const world = hostedWorld(IMAGE, { strategy: 'general' });
  world.run(100_000 as Cycles);
  const [vcpu] = world.vcpus;
  // A little time: it ends in the guest, and not at the next tick.
  const [processor] = world.machine.cpus;
  const soon = (): Cycles => (processor!.clock + 2000) as Cycles;
  world.host.step(0, soon());
  assert.equal(vcpu!.isInGuest, true);
  const filter = { action: 'deny', events: [0xc0n], masked: false, fixedCounterBitmap: 0 } as const;
  assert.equal(world.host.setPmuEventFilter(world.vcpus, { ...filter, masked: true, events: [1n << 20n] }), 'EINVAL');
  const before = vcpu!.exits.reduce((sum, count) => sum + count, 0);
  assert.equal(world.host.setPmuEventFilter(world.vcpus, filter), undefined);
  world.host.step(0, soon());
  assert.equal(vcpu!.exits.reduce((sum, count) => sum + count, 0), before + 1);
  assert.equal(vcpu!.isInGuest, false);
});
