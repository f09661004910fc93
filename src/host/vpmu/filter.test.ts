import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VpmuRig } from '../../../test/host/rig.ts';
import { allowsFixed, allowsGeneral, checkFilter, type EventFilter } from './filter.ts';

const filter = (rest: Partial<EventFilter>): EventFilter => ({ action: 'deny', events: [], masked: false, fixedCounterBitmap: 0, ...rest });
/** KVM_PMU_ENCODE_MASKED_ENTRY: event select, umask mask and match, exclude. */
const masked = (select: bigint, mask: bigint, match: bigint, exclude = false): bigint =>
  (select & 0xffn) | ((select & 0xf00n) << 24n) | (match << 8n) | (mask << 56n) | (exclude ? 1n << 55n : 0n);

test('a list denies what it names, or allows only that', () => {
  for (const action of ['deny', 'allow'] as const) {
    const list = filter({ action, events: [0xc0n, 0x412en] });
    assert.deepEqual([0xc0, 0x412e, 0x4f2e, 0x01c0].map((selector) => allowsGeneral(list, selector, 0)),
      action === 'allow' ? [true, true, false, false] : [false, false, true, true]);
  }
});

test('what a selector has besides event and umask does not matter', () => {
  assert.equal(allowsGeneral(filter({ events: [0xc0n] }), 0x1053_00c0, 0), false);
});

test('masked entries: loads, stores, or both, with and without an exception', () => {
  // MEM_INST_RETIRED of the kernel's own test: event D0, loads 81, stores 82, both 83.
  const umasks = [0x81, 0x82, 0x83];
  const allowed = (...events: bigint[]): boolean[] =>
    umasks.map((umask) => allowsGeneral(filter({ action: 'allow', masked: true, events }), (umask << 8) | 0xd0, 0));
  assert.deepEqual(allowed(masked(0xd0n, 0xffn, 0x81n)), [true, false, false]);
  assert.deepEqual(allowed(masked(0xd0n, 0x7cn, 0n)), [true, true, true]);
  assert.deepEqual(allowed(masked(0xd0n, 0x7cn, 0n), masked(0xd0n, 0xffn, 0x82n, true)), [true, false, true]);
  assert.deepEqual(allowed(masked(0xd1n, 0n, 0n)), [false, false, false]);
});

test('AMD has twelve bits of event select', () => {
  const list = filter({ action: 'allow', masked: true, events: [masked(0x120n, 0xffn, 0x01n)] });
  assert.deepEqual([allowsGeneral(list, 0x0120, 1), allowsGeneral(list, 0x0120, 0)], [true, false]);
});

test('fixed counters go by the bitmap, whatever the list says', () => {
  for (const [action, expected] of [['deny', [false, true, false]], ['allow', [true, false, true]]] as const) {
    const list = filter({ action, events: [0xc0n, 0x3cn], fixedCounterBitmap: 0b101 });
    assert.deepEqual([0, 1, 2].map((j) => allowsFixed(list, j)), expected);
  }
});

test('what the ioctl refuses', () => {
  const many = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i));
  assert.equal(checkFilter(filter({ events: many(300) })), undefined);
  assert.equal(checkFilter(filter({ events: many(301) })), 'E2BIG');
  assert.equal(checkFilter(filter({ masked: true, events: [1n << 16n] })), 'EINVAL');
  // Unmasked, an impossible entry is dropped; so is a bit for a fixed counter that does not exist.
  assert.equal(checkFilter(filter({ events: [1n << 60n], fixedCounterBitmap: 0xff })), undefined);
});

test('a counter that is filtered keeps its registers, and no longer counts', () => {
  for (const name of ['reuse', 'general', 'mediated'] as const) {
    const rig = new VpmuRig(name);
    rig.write(0x38f, 0xfn);
    rig.write(0x186, 0x5300c0n);
    assert.equal(rig.vpmu.enabled(0), true, name);
    rig.vpmu.setFilter(filter({ events: [0xc0n] }));
    assert.equal(rig.vpmu.enabled(0), false, name);
    assert.equal(rig.read(0x186), 0x5300c0n, name);
    rig.vpmu.setFilter(undefined);
    assert.equal(rig.vpmu.enabled(0), true, name);
  }
});
