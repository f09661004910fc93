import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CAPS, VpmuRig } from '../../../test/host/rig.ts';
import { GENERATION_NAMES, type GenerationName } from '../generation.ts';
import type { StrategyName } from './strategies.ts';

// What a guest's registers take and give, by KVM's two generations, and by the manual where a strategy follows that. `undefined` as
// what is read, and `false` as what a write comes to, are #GP.

const ONES = 0xffff_ffff_ffff_ffffn;
const W48 = 0xffff_ffff_ffffn;

interface Row {
  readonly what: string;
  readonly msr: number;
  readonly write?: bigint;
  /** What is read afterwards; #GP is undefined. A write that is #GP leaves what was there. */
  readonly reads: Readonly<Record<GenerationName, bigint | undefined>>;
  readonly taken?: Readonly<Record<GenerationName, boolean>>;
}
const both = (value: bigint | undefined) => ({ '4.19': value, '7.1': value });
const always = { '4.19': true, '7.1': true }, never = { '4.19': false, '7.1': false };

const ROWS: readonly Row[] = [
  { what: 'a counter, low window, bit 31 set', msr: 0xc1, write: 0xffff_0123_8000_0000n, taken: always, reads: both(0xffff_8000_0000n) },
  { what: 'the same, bit 31 clear', msr: 0xc4, write: 0xffff_0123_7fff_ffffn, taken: always, reads: both(0x7fff_ffffn) },
  { what: 'no such counter', msr: 0xc5, write: 0n, taken: never, reads: both(undefined) },
  { what: 'the full-width window', msr: 0x4c1, write: 0x1234_5678_9abcn, taken: { '4.19': false, '7.1': true },
    reads: { '4.19': undefined, '7.1': 0x1234_5678_9abcn } },
  { what: 'above its width', msr: 0x4c1, write: 0x1_0000_0000_0000n, taken: never, reads: { '4.19': undefined, '7.1': 0n } },
  { what: 'a fixed counter, bit 31 set', msr: 0x309, write: 0x8000_0000n, taken: always,
    reads: { '4.19': 0xffff_8000_0000n, '7.1': 0x8000_0000n } },
  { what: 'a fixed counter, above its width', msr: 0x30b, write: 0xffff_0000_0000_0001n, taken: always, reads: both(1n) },
  { what: 'no such fixed counter', msr: 0x30c, write: 0n, taken: never, reads: both(undefined) },
  { what: 'a selector', msr: 0x186, write: 0xffdf_ffffn, taken: always, reads: both(0xffdf_ffffn) },
  { what: 'a selector with AnyThread', msr: 0x186, write: 0x0020_0000n, taken: never, reads: both(0n) },
  { what: 'a selector, high half', msr: 0x186, write: 0x1_0000_0000n, taken: never, reads: both(0n) },
  { what: 'no such selector', msr: 0x18a, write: 0n, taken: never, reads: both(undefined) },
  { what: 'fixed control', msr: 0x38d, write: 0xbbbn, taken: always, reads: both(0xbbbn) },
  { what: 'fixed control with AnyThread', msr: 0x38d, write: 0x4n, taken: never, reads: both(0n) },
  { what: 'fixed control of a fourth counter', msr: 0x38d, write: 0x1000n, taken: never, reads: both(0n) },
  { what: 'the status', msr: 0x38e, write: 0n, taken: never, reads: both(0n) },
  { what: 'the global control', msr: 0x38f, write: 0x7_0000_000fn, taken: always, reads: both(0x7_0000_000fn) },
  { what: 'the global control of a fifth counter', msr: 0x38f, write: 0x10n, taken: never, reads: { '4.19': 0x7_0000_000fn, '7.1': 0xfn } },
  { what: 'as refreshed from CPUID', msr: 0x38f, reads: { '4.19': 0x7_0000_000fn, '7.1': 0xfn } },
  { what: 'the overflow control', msr: 0x390, write: 0xc000_0007_0000_000fn, taken: always,
    reads: { '4.19': 0xc000_0007_0000_000fn, '7.1': 0n } },
  { what: 'the overflow control, unknown bits', msr: 0x390, write: 1n << 61n, taken: never, reads: both(0n) },
  { what: 'the overflow control, unfreezing', msr: 0x390, write: 1n << 59n, taken: never, reads: both(0n) },
  { what: 'version 4: STATUS_SET', msr: 0x391, write: 1n, taken: never, reads: both(undefined) },
  { what: 'version 4: INUSE', msr: 0x392, write: 0n, taken: never, reads: both(undefined) },
  { what: 'PERF_CAPABILITIES', msr: 0x345, write: 0x2000n, taken: never, reads: { '4.19': undefined, '7.1': 0x2000n } },
  { what: 'DEBUGCTL, LBR and BTF', msr: 0x1d9, write: 3n, taken: always, reads: both(0n) },
  { what: 'DEBUGCTL, freezing', msr: 0x1d9, write: 0x1000n, taken: never, reads: both(0n) },
];

const STRATEGY: Readonly<Record<GenerationName, StrategyName>> = { '4.19': 'reallocate', '7.1': 'reuse' };

for (const generation of GENERATION_NAMES) {
  for (const { what, msr, write, reads, taken } of ROWS) {
    test(`${generation}: ${what}`, () => {
      const rig = new VpmuRig(STRATEGY[generation]);
      if (write !== undefined) assert.equal(rig.write(msr, write), taken![generation]);
      assert.equal(rig.read(msr), reads[generation]);
    });
  }

  test(`${generation}: P6's counters and selectors, where there are none, are dropped`, () => {
    const one = new VpmuRig(STRATEGY[generation], generation, { caps: { generalCounters: 1 } });
    for (const msr of [0xc2, 0x187]) {
      assert.equal(one.write(msr, 0xdeadn), true);
      assert.equal(one.read(msr), 0n);
    }
    const none = new VpmuRig('none', generation);
    for (const msr of [0xc1, 0xc2, 0x186, 0x187]) assert.deepEqual([none.write(msr, ONES), none.read(msr)], [true, 0n]);
    for (const msr of [0xc3, 0x188, 0x38d, 0x38e, 0x38f, 0x390, 0x309, 0x4c1, 0x345]) {
      assert.deepEqual([none.write(msr, 0n), none.read(msr)], [false, undefined]);
    }
  });

  test(`${generation}: the host restores a guest: whole values, and the status`, () => {
    const rig = new VpmuRig(STRATEGY[generation]);
    assert.ok(rig.write(0xc1, 0x8000_0000n, true));
    assert.equal(rig.read(0xc1), 0x8000_0000n);
    assert.ok(rig.write(0x309, 0x8000_0000n, true));
    assert.equal(rig.read(0x309), 0x8000_0000n);
    assert.ok(rig.write(0x38e, 0x5n, true));
    assert.equal(rig.read(0x38e), 5n);
    assert.equal(rig.write(0x390, 5n, true), true);
    // Today's changes nothing by it; that of 2018 clears.
    assert.equal(rig.read(0x38e), generation === '4.19' ? 0n : 5n);
  });
}

test('TSX: IN_TX everywhere; IN_TXCP everywhere in 2018, today in the selector of counter 2', () => {
  const caps = { tsx: true };
  for (const [generation, expected] of [['4.19', [true, true, true]], ['7.1', [false, false, true]]] as const) {
    const rig = new VpmuRig(STRATEGY[generation], generation, { caps });
    const each = (value: bigint): boolean[] => [0, 1, 2].map((i) => rig.write(0x186 + i, value));
    const inTx = each(0x1_0043_00c0n), inTxcp = each(0x2_0043_00c0n);
    assert.deepEqual([inTx, inTxcp], [[true, true, true], expected]);
  }
});

test('with two fixed counters the control of a third is taken in 2018', () => {
  for (const [generation, expected] of [['4.19', true], ['7.1', false]] as const) {
    assert.equal(new VpmuRig(STRATEGY[generation], generation, { caps: { fixedCounters: 2 } }).write(0x38d, 0xb00n), expected);
  }
});

test('RDPMC: forms and indices', () => {
  const out = { low: 0, high: 0 };
  for (const [generation, valid] of [
    ['4.19', [0, 3, 0x4000_0000, 0x4000_0002, 0x8000_0000, 0xc000_0001]], ['7.1', [0, 3, 0x4000_0000, 0x4000_0002]],
  ] as const) {
    const rig = new VpmuRig(STRATEGY[generation]);
    const tried = [0, 3, 4, 64, 0x1_0000, 0x4000_0000, 0x4000_0002, 0x4000_0003, 0x4001_0000, 0x8000_0000, 0xc000_0001, 0x2000_0000];
    assert.deepEqual(tried.filter((ecx) => rig.vpmu.rdpmc(ecx, out)), valid, generation);
  }
  const old = new VpmuRig('reallocate');
  old.write(0xc1, ONES);
  old.vpmu.rdpmc(0, out);
  assert.deepEqual(out, { low: 0xffff_ffff, high: 0xffff });
  old.vpmu.rdpmc(0x8000_0000, out);
  assert.deepEqual(out, { low: 0xffff_ffff, high: 0 });
});

test('PERF_CAPABILITIES: what is offered is less than the host has, and fixed once the guest has run', () => {
  const rig = new VpmuRig('reuse');
  assert.equal(rig.write(0x345, 0x2040n, true), false);
  assert.equal(rig.write(0x345, 0n, true), true);
  assert.deepEqual([rig.read(0x345), rig.read(0x4c1), rig.write(0x4c1, 1n)], [0n, undefined, false]);
  assert.equal(rig.write(0x345, 0x2000n, true), true);
  assert.deepEqual([rig.read(0x345), rig.write(0x4c1, 1n), rig.read(0x4c1)], [0x2000n, true, 1n]);
  rig.vpmu.hasRun = true;
  assert.deepEqual([rig.write(0x345, 0n, true), rig.write(0x345, 0x2000n, true)], [false, true]);
});

test('CPUID leaf 0AH: version 2 at most, three fixed counters at most', () => {
  const caps = { ...CAPS, version: 5, fixedCounters: 4 };
  for (const [name, deprecated] of [['reallocate', false], ['reuse', true], ['mediated', true]] as const) {
    const offered = new VpmuRig(name, undefined, { caps }).vpmu.caps;
    assert.deepEqual([offered.version, offered.generalCounters, offered.fixedCounters, offered.anyThreadDeprecated], [2, 4, 3, deprecated]);
  }
  assert.equal(new VpmuRig('none').vpmu.caps.version, 0);
});

test('general follows the manual: all that the silicon has, and its faults', () => {
  const rig = new VpmuRig('general', '7.1', { caps: { generalCounters: 1 } });
  assert.deepEqual([rig.vpmu.caps.version, rig.read(0x38f)], [4, 1n]);
  // No second counter of P6, no cut fixed counter.
  assert.deepEqual([rig.read(0xc2), rig.write(0x187, 0n), rig.write(0x309, 1n << 48n)], [undefined, false, false]);
  assert.ok(rig.write(0x309, W48));
  assert.ok(rig.write(0x1d9, 0x1003n));
  assert.equal(rig.read(0x1d9), 0x1003n);
  assert.ok(rig.write(0x391, 1n | (1n << 59n)));
  assert.equal(rig.read(0x38e), 1n | (1n << 59n));
  assert.ok(rig.write(0x390, 1n << 59n));
  assert.equal(rig.read(0x38e), 1n);
  assert.equal(rig.read(0x392), 0n);
});
