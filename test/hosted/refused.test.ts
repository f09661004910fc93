import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cycles } from '../../src/base/units.ts';
import { hostedWorld } from '../guest/hosted.ts';
import { programOf } from '../guest/program.ts';

const IMAGE = programOf('main: jmp main\npmi: iretq\n');

test('mediated: a host that cannot give its PMU away makes no virtual machine', () => {
  for (const [perfmon, refused] of [
    [{ version: 4 }, undefined], [{ version: 3 }, 'EOPNOTSUPP'], [{ version: 4, fullWidthWrites: false }, 'EOPNOTSUPP'],
  ] as const) {
    const world = hostedWorld(IMAGE, { strategy: 'mediated', perfmon });
    assert.equal(world.refused, refused);
    assert.equal(world.step(), refused === undefined);
  }
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
