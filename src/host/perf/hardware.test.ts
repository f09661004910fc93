import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attrOf, Rig } from '../../../test/host/rig.ts';
import { EVTSEL } from '../../x86/perfmon.ts';
import type { PerfEvent } from './event.ts';

const W48 = 2 ** 48;

/** An event of this period, on the first general counter. Instructions would get a fixed one. */
function armed(period: number, options: ConstructorParameters<typeof Rig>[0] = {}): { rig: Rig; event: PerfEvent } {
  const rig = new Rig({ ...options, caps: { fixedCounters: 0, ...options.caps } });
  const event = rig.create(attrOf({ samplePeriod: period, excludeHost: true }));
  assert.equal(event.counter, 0);
  return { rig, event };
}

test('set_period arms the counter, and update folds it', () => {
  const { rig, event } = armed(1000);
  assert.equal(rig.counter(0), W48 - 1000);
  rig.setCounter(0, -400);
  rig.hardware.update(event);
  assert.deepEqual([event.count, event.periodLeft], [600, 400]);
  // Not elapsed: armed again where it stood.
  assert.equal(rig.hardware.setPeriod(event), false);
  assert.equal(rig.counter(0), W48 - 400);
  rig.setCounter(0, 30);
  rig.hardware.update(event);
  assert.deepEqual([event.count, event.periodLeft], [1030, -30]);
  // Elapsed: the next period is shorter by what is overdue.
  assert.equal(rig.hardware.setPeriod(event), true);
  assert.deepEqual([event.periodLeft, event.lastPeriod], [970, 1000]);
  assert.equal(rig.counter(0), W48 - 970);
});

test('who is more than a period late skips forward', () => {
  const { rig, event } = armed(1000);
  for (const [left, after] of [[-1000, 1000], [-2500, 1000], [-999, 1], [0, 1000]] as const) {
    event.periodLeft = left;
    assert.equal(rig.hardware.setPeriod(event), true);
    assert.equal(event.periodLeft, after);
  }
});

test('a period is cut to what can be armed: half the width, or 31 bits where writes are not full', () => {
  for (const [fullWidthWrites, most] of [[true, 2 ** 47 - 1], [false, 2 ** 31 - 1]] as const) {
    const { rig, event } = armed(2 ** 47 + 5, { caps: { fullWidthWrites } });
    assert.equal(rig.counter(0), W48 - most);
    // What was cut off is still missing: the wrap is no sample.
    assert.equal(event.periodLeft, 2 ** 47 + 5);
    rig.setCounter(0, 3);
    rig.hardware.update(event);
    assert.equal(rig.hardware.setPeriod(event), false);
    assert.equal(event.periodLeft, 2 ** 47 + 5 - most - 3);
  }
});

test('at least two events are armed, unless the event is exact', () => {
  assert.equal(armed(1).rig.counter(0), W48 - 2);
  const rig = new Rig({ caps: { fixedCounters: 0 } });
  rig.create(attrOf({ samplePeriod: 1, exact: true }));
  assert.equal(rig.counter(0), W48 - 1);
});

test('Broadwell: 128 or more, and a multiple of 64, of INST_RETIRED with a umask', () => {
  for (const [period, config, armedBy] of [[100, 0x01c0, 128], [1000, 0x01c0, 960], [1000, 0x00c0, 1000], [1024, 0x01c0, 1024]] as const) {
    const rig = new Rig({ caps: { fixedCounters: 0 }, quirk: 'Broadwell' });
    rig.create(attrOf({ samplePeriod: period, config }));
    assert.equal(rig.counter(0), W48 - armedBy, `${period} of ${config.toString(16)}`);
  }
});

test('a counting event is armed as far as can be, and its wraps only fold', () => {
  const { rig, event } = armed(0);
  assert.equal(rig.counter(0), W48 - (2 ** 47 - 1));
  rig.setCounter(0, 7);
  rig.hardware.update(event);
  assert.equal(event.count, 2 ** 47 - 1 + 7);
});

test('each kind of counter has its own width', () => {
  const rig = new Rig({ caps: { fixedWidth: 6, generalWidth: 40 } });
  const event = rig.create(attrOf({ samplePeriod: 64 }));
  assert.equal(event.counter, 4);
  assert.equal(rig.counter(4), 64 - 31);
});

test('masks: who does not count in the host, who not in the guest', () => {
  const rig = new Rig();
  const guests = rig.create(attrOf({ excludeHost: true })), hosts = rig.create(attrOf({ excludeGuest: true }));
  assert.deepEqual([guests.counter, hosts.counter], [4, 0]);
  assert.equal(rig.hardware.hostCtrl, 0x7_000f & ~0x1_0000);
  assert.equal(rig.hardware.guestCtrl, 0x7_000f & ~1);
  // Disabling clears the bit in both masks.
  rig.perf.disable(rig.cpu, guests);
  rig.perf.disable(rig.cpu, hosts);
  assert.deepEqual([rig.hardware.hostCtrl, rig.hardware.guestCtrl], [0x7_000f, 0x7_000f]);
});

// The fast path of the mail, as numbers: a raw write of the counter behind the event's back.

test('B1: an event made from the counter after the wrap does not take the next one for a sample', () => {
  // s = 40 events after the wrap, 300 to the guest's disable, 100000 written, 25 after the next wrap.
  const { rig, event } = armed(W48 - 40);
  assert.equal(rig.counter(0), 0x8000_0000_0001);
  rig.setCounter(0, rig.counter(0) + 300);
  rig.setCounter(0, -100_000);
  rig.setCounter(0, 25);
  rig.hardware.update(event);
  assert.equal(rig.hardware.setPeriod(event), false);
  assert.equal((40 + event.count) % W48, 0x8000_0000_0040);
});

for (const next of [1000, 100_000, 5_000_000]) {
  test(`B3: an event that is kept counts its old period, whatever was written: ${next}`, () => {
    const { rig, event } = armed(100_000);
    rig.setCounter(0, 40);
    rig.hardware.update(event);
    assert.equal(rig.hardware.setPeriod(event), true);
    // The guest's RDPMC folds.
    rig.setCounter(0, rig.counter(0) + 300);
    rig.hardware.update(event);
    const before = event.count;
    rig.setCounter(0, -next);
    rig.setCounter(0, 25);
    rig.hardware.update(event);
    assert.equal(event.count - before, 99_685);
    assert.equal(event.count - 100_000, 0x186b9);
    assert.equal(rig.hardware.setPeriod(event), true);
  });
}

test('B4: a read while a longer period is under way folds nearly 2^48', () => {
  const { rig, event } = armed(100_000);
  rig.setCounter(0, 40);
  rig.hardware.update(event);
  rig.hardware.setPeriod(event);
  rig.setCounter(0, rig.counter(0) + 300);
  rig.hardware.update(event);
  const before = event.count;
  rig.setCounter(0, -5_000_000 + 1000);
  rig.hardware.update(event);
  assert.equal(event.count - before, 0xffff_ffb5_3df4);
  assert.equal(event.periodLeft, -281_474_971_711_656);
  assert.equal(rig.hardware.setPeriod(event), true);
  assert.equal(rig.counter(0), W48 - 100_000);
});

test('B5: a shorter one is re-armed with what is left of it, by luck', () => {
  const { rig, event } = armed(100_000);
  rig.setCounter(0, 40);
  rig.hardware.update(event);
  rig.hardware.setPeriod(event);
  rig.setCounter(0, rig.counter(0) + 300);
  rig.hardware.update(event);
  const before = event.count;
  rig.setCounter(0, -1000 + 500);
  rig.hardware.update(event);
  assert.deepEqual([event.count - before, event.periodLeft], [99_160, 500]);
});

test('who has stopped leaves its counter off', () => {
  const { rig, event } = armed(1000);
  const selector = (): number => rig.cpu.root.core.pmu.regs.selectors[0]!;
  assert.notEqual(selector() & EVTSEL.EN, 0);
  rig.hardware.stop(event);
  assert.equal(selector() & EVTSEL.EN, 0);
});
