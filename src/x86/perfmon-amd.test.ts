import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../base/dump.ts';
import { load, save } from '../base/pack.ts';
import { bigFromWords, hex } from '../base/u64.ts';
import { EVENT, type EventName } from './event.ts';
import { newMsrValue, type PerfmonCaps } from './perfmon.ts';
import { AmdPerfmonRegs, amdPerfmonFeatures, amdPerfmonLeaf } from './perfmon-amd.ts';

const CAPS: PerfmonCaps = {
  version: 2, generalCounters: 6, generalWidth: 48, fixedCounters: 0, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: true, tsx: false,
};
// Indices as the manual gives them: K7's selectors and counters, the extended window, the global registers.
const CTL = 0xc001_0000, CTR = 0xc001_0004, EXT_CTL = 0xc001_0200, EXT_CTR = 0xc001_0201;
const STATUS = 0xc000_0300, GLOBAL_CTL = 0xc000_0301, CLEAR = 0xc000_0302, SET = 0xc000_0303, DEBUGCTL = 0x1d9;
const ONES = 0xffff_ffff_ffff_ffffn;
const EN = 1n << 22n, GUEST_ONLY = 1n << 40n, HOST_ONLY = 1n << 41n;

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const read = (regs: AmdPerfmonRegs, msr: number): bigint | undefined => {
  const out = newMsrValue();
  return regs.read(msr, out) ? bigFromWords(out.low, out.high) : undefined;
};
/** As WRMSR does it: false is #GP. */
function write(regs: AmdPerfmonRegs, msr: number, value: bigint): boolean {
  const low = Number(value & 0xffff_ffffn), high = Number(value >> 32n);
  const taken = regs.accepts(msr, low, high);
  if (taken) regs.write(msr, low, high);
  return taken;
}

test('which registers exist, by version and number of counters', () => {
  const indices = [
    ...range(CTL - 1, CTL + 8), ...range(EXT_CTL - 1, EXT_CTL + 16), ...range(STATUS - 1, STATUS + 4), DEBUGCTL, 0xc1, 0x186, 0x38f,
  ];
  for (const [version, counters] of [[0, 6], [1, 4], [1, 6], [2, 4], [2, 6], [2, 3]] as const) {
    const regs = new AmdPerfmonRegs({ ...CAPS, version, generalCounters: counters });
    const k7 = version === 0 ? 0 : Math.min(4, counters), extended = version === 2 || (version === 1 && counters > 4) ? counters : 0;
    const expected = new Set([
      DEBUGCTL, ...range(0, k7 - 1).flatMap((i) => [CTL + i, CTR + i]), ...range(0, 2 * extended - 1).map((i) => EXT_CTL + i),
      ...(version === 2 ? range(STATUS, SET) : []),
    ]);
    for (const msr of indices) {
      assert.equal(read(regs, msr) !== undefined, expected.has(msr), `read ${hex(msr)} version ${version}, ${counters}`);
      assert.equal(regs.accepts(msr, 0, 0), expected.has(msr), `write ${hex(msr)} version ${version}, ${counters}`);
    }
  }
});

test('the unit answers for all of its registers and no others', () => {
  const { owns } = AmdPerfmonRegs.prototype;
  const owned = [...range(0, 0x1000), ...range(0xc000_0000, 0xc000_1000), ...range(0xc001_0000, 0xc001_1000)].filter((msr) => owns(msr));
  assert.deepEqual(owned, [DEBUGCTL, ...range(STATUS, SET), ...range(CTL, CTR + 3), ...range(EXT_CTL, EXT_CTL + 11)]);
});

test('selectors keep the bits that exist and ignore the others; both windows show the first four', () => {
  const regs = new AmdPerfmonRegs(CAPS);
  // All but 63:42, 39:36, 21 and 19.
  const bits = 0x0000_030f_ffd7_ffffn;
  for (const k of range(0, 5)) {
    assert.ok(write(regs, EXT_CTL + 2 * k, ONES));
    assert.equal(read(regs, EXT_CTL + 2 * k), bits);
    if (k < 4) assert.equal(read(regs, CTL + k), bits);
  }
  assert.ok(write(regs, CTL + 2, 0x5300c0n));
  assert.deepEqual([read(regs, EXT_CTL + 4), read(regs, EXT_CTL + 2)], [0x5300c0n, bits]);
});

test('counters are written as a whole: no sign extension, and what does not fit is ignored', () => {
  for (const generalWidth of [48, 40, 8]) {
    const regs = new AmdPerfmonRegs({ ...CAPS, generalWidth });
    const mask = (1n << BigInt(generalWidth)) - 1n;
    for (const value of [0n, 1n, 0x8000_0000n, 0xffff_ffffn, 0x8000_0000_0001n, ONES]) {
      assert.ok(write(regs, CTR + 1, value));
      assert.deepEqual([read(regs, CTR + 1), read(regs, EXT_CTR + 2)], [value & mask, value & mask], hex(value));
      assert.ok(write(regs, EXT_CTR + 10, value));
      assert.equal(read(regs, EXT_CTR + 10), value & mask);
    }
  }
});

test('the global registers: what has no counter is ignored; the status is set and cleared by two others, which read 0', () => {
  const regs = new AmdPerfmonRegs(CAPS);
  // 2^6 - 1
  assert.equal(read(regs, GLOBAL_CTL), 0x3fn);
  assert.ok(write(regs, GLOBAL_CTL, ONES & ~1n));
  assert.equal(read(regs, GLOBAL_CTL), 0x3en);
  assert.ok(write(regs, SET, ONES));
  assert.equal(read(regs, STATUS), 0x3fn);
  assert.ok(write(regs, STATUS, 0n));
  assert.equal(read(regs, STATUS), 0x3fn);
  assert.ok(write(regs, CLEAR, 0x5n));
  assert.deepEqual([read(regs, STATUS), read(regs, CLEAR), read(regs, SET)], [0x3an, 0n, 0n]);
  // LBR, BTF and the pins; the others are #GP.
  for (const bit of range(0, 63)) assert.equal(write(regs, DEBUGCTL, 1n << BigInt(bit)), bit < 6, `bit ${bit}`);
});

test('events have AMD\'s codes, with twelve bits of event select', () => {
  const codes: Partial<Record<EventName, bigint>> = {
    'core cycles': 0x76n, 'instructions retired': 0xc0n, 'branch instructions retired': 0xc2n, 'branch mispredicts retired': 0xc3n,
    'conditional branches retired': 0xd1n, 'reference cycles': 0x1_0000_0120n, 'LLC references': 0xff60n, 'LLC misses': 0x0964n,
    'loads retired': 0x0129n, 'stores retired': 0x0229n,
  };
  const regs = new AmdPerfmonRegs(CAPS);
  for (const [name, code] of Object.entries(codes)) {
    write(regs, CTL, code | EN);
    assert.equal(regs.eventOf(0), EVENT[name as EventName], name);
  }
  // Neither Intel's cycles, nor an event whose upper bits are another's.
  for (const code of [0x3cn, 0xc4n, 0x1_0000_00c0n, 0x0120n]) {
    write(regs, CTL, code | EN);
    assert.equal(regs.eventOf(0), -1, hex(code));
  }
});

// Both bits clear, GuestOnly, HostOnly, both: the manual's table of HG_ONLY, with EFER.SVME and without.
for (const [mode, expected] of [
  ['none', [true, false, false, false]], ['host', [true, false, true, true]], ['guest', [true, true, false, true]],
] as const) {
  test(`counters of hosts or guests only: ${mode}`, () => {
    const regs = new AmdPerfmonRegs(CAPS);
    const counts = [0n, GUEST_ONLY, HOST_ONLY, GUEST_ONLY | HOST_ONLY].map((only) => {
      write(regs, CTL, 0xc0n | EN | only);
      return regs.countsIn(0, mode);
    });
    assert.deepEqual(counts, expected);
  });
}

test('RDPMC takes the number of a counter, and nothing else', () => {
  const four = new AmdPerfmonRegs({ ...CAPS, version: 1, generalCounters: 4 }), six = new AmdPerfmonRegs(CAPS);
  assert.deepEqual(range(0, 6).map((ecx) => four.rdpmcIndex(ecx)), [0, 1, 2, 3, -1, -1, -1]);
  assert.deepEqual(range(0, 6).map((ecx) => six.rdpmcIndex(ecx)), [0, 1, 2, 3, 4, 5, -1]);
  for (const ecx of [0x4000_0000, 0x8000_0000, 0x8000_0000 | 0, 0x1_0000]) assert.equal(six.rdpmcIndex(ecx), -1);
});

test('CPUID: the extended window, and PerfMonV2 with its number of counters', () => {
  const shown = (version: number, generalCounters: number) => {
    const caps = { ...CAPS, version, generalCounters };
    const { eax, ebx } = amdPerfmonLeaf(caps);
    return [amdPerfmonFeatures(caps), eax, ebx];
  };
  assert.deepEqual(shown(0, 6), [0, 0, 0]);
  assert.deepEqual(shown(1, 4), [0, 0, 0]);
  assert.deepEqual(shown(1, 6), [1 << 23, 0, 0]);
  assert.deepEqual(shown(2, 6), [1 << 23, 1, 6]);
});

test('what is saved is loaded', () => {
  const regs = new AmdPerfmonRegs(CAPS), copy = new AmdPerfmonRegs(CAPS);
  for (const msr of [...range(CTL, CTR + 3), ...range(EXT_CTL, EXT_CTL + 11), GLOBAL_CTL, SET, DEBUGCTL]) {
    write(regs, msr, 0x305_1234_5678n & (msr === DEBUGCTL ? 0x3fn : ONES));
  }
  load(copy, save(regs));
  assert.deepEqual(dump(copy), dump(regs));
  assert.equal(read(copy, EXT_CTL + 10), read(regs, EXT_CTL + 10));
});
