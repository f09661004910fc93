import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dump } from '../base/dump.ts';
import { load, save } from '../base/pack.ts';
import { bigFromWords, hex } from '../base/u64.ts';
import { common, counterSet, fixedCounter, generalCounter, isFixed, NO_COUNTERS, setHigh, setLow, union, without } from './counter-set.ts';
import { EVENT, EVENTS, eventOf, FIXED_EVENTS } from './event.ts';
import { allCounters, generalCounters, newMsrValue, type PerfmonCaps, PerfmonRegs, perfCapabilities, perfmonLeaf } from './perfmon.ts';

/** Four general and three fixed counters of 48 bits: what the tables below are written out for. */
const CAPS: PerfmonCaps = {
  version: 4, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: false, tsx: false,
};
const VERSIONS = [0, 1, 2, 3, 4, 5];
const FLAGS = [false, true];
/** Every version with every option that changes a register. */
const MODELS: readonly PerfmonCaps[] = VERSIONS.flatMap((version) => FLAGS.flatMap((fullWidthWrites) => FLAGS.flatMap((tsx) =>
  FLAGS.map((anyThreadDeprecated) => ({ ...CAPS, version, fullWidthWrites, tsx, anyThreadDeprecated })))));

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
/** Every register of the unit, with neighbours that do not exist. */
const INDICES = [
  ...range(0xc0, 0xca), ...range(0x185, 0x18f), 0x1d9, ...range(0x308, 0x30f), 0x345, ...range(0x38c, 0x393), ...range(0x4c0, 0x4ca),
];
const WORD = 0xffff_ffff_ffff_ffffn;
const BITS_48 = 0xffff_ffff_ffffn;

/** The bits that WRMSR takes, as the manual's tables of MSRs list them; undefined where every write is #GP. */
function writable(msr: number, { version, fullWidthWrites, anyThreadDeprecated, tsx }: PerfmonCaps): bigint | undefined {
  const anyThread = version >= 3 && !anyThreadDeprecated;
  // LBR and BTF; FREEZE_LBRS_ON_PMI and FREEZE_PERFMON_ON_PMI "if CPUID.0AH:EAX[7:0] > 1".
  if (msr === 0x1d9) return version > 1 ? 0x1803n : 0x3n;
  if (version === 0) return undefined;
  // Only EAX is looked at.
  if (msr >= 0xc1 && msr <= 0xc4) return WORD;
  if (msr >= 0x4c1 && msr <= 0x4c4) return fullWidthWrites ? BITS_48 : undefined;
  // Bits 20:0 and 31:22; bit 21 is AnyThread; 32 is IN_TX; 33 is IN_TXCP, on IA32_PERFEVTSEL2 only.
  if (msr >= 0x186 && msr <= 0x189) {
    return 0xffdf_ffffn | (anyThread ? 0x0020_0000n : 0n) | (tsx ? 0x1_0000_0000n : 0n) | (tsx && msr === 0x188 ? 0x2_0000_0000n : 0n);
  }
  if (version === 1) return undefined;
  if (msr >= 0x309 && msr <= 0x30b) return BITS_48;
  switch (msr) {
    case 0x38d: return anyThread ? 0xfffn : 0xbbbn;
    case 0x38f: return 0x0000_0007_0000_000fn;
    // 63 and 62 in every version, 61 (uncore) from version 3 on, 60 to 58 from version 4 on.
    case 0x390: return version === 2 ? 0xc000_0007_0000_000fn : version === 3 ? 0xe000_0007_0000_000fn : 0xfc00_0007_0000_000fn;
    // 62 to 58: CondChgd is not among what software may set.
    case 0x391: return version >= 4 ? 0x7c00_0007_0000_000fn : undefined;
    default: return undefined;
  }
}

function readable(msr: number, caps: PerfmonCaps): boolean {
  const { version } = caps;
  if (msr === 0x345) return version > 0;
  if (msr === 0x38e) return version > 1;
  if (msr === 0x392) return version >= 4;
  return writable(msr, caps) !== undefined;
}

const read = (regs: PerfmonRegs, msr: number): bigint | undefined => {
  const out = newMsrValue();
  return regs.read(msr, out) ? bigFromWords(out.low, out.high) : undefined;
};
const halves = (value: bigint): [number, number] => [Number(value & 0xffff_ffffn), Number(value >> 32n)];
const accepts = (regs: PerfmonRegs, msr: number, value: bigint): boolean => regs.accepts(msr, ...halves(value));
/** As WRMSR does it: false is #GP. */
function write(regs: PerfmonRegs, msr: number, value: bigint): boolean {
  const taken = accepts(regs, msr, value);
  if (taken) regs.write(msr, ...halves(value));
  return taken;
}
const nameOf = (msr: number, { version, fullWidthWrites, tsx, anyThreadDeprecated }: PerfmonCaps): string =>
  `${hex(msr)} version ${version}${fullWidthWrites ? ' FW_WRITE' : ''}${tsx ? ' TSX' : ''}${anyThreadDeprecated ? ' no AnyThread' : ''}`;

test('each bit of each register is taken or reserved as the manual says, in every version', () => {
  const wrong: string[] = [];
  for (const caps of MODELS) {
    const regs = new PerfmonRegs(caps);
    for (const msr of INDICES) {
      const expected = writable(msr, caps);
      if (accepts(regs, msr, 0n) !== (expected !== undefined)) wrong.push(`${nameOf(msr, caps)}: existence`);
      let taken = 0n;
      for (let bit = 0n; bit < 64n; bit += 1n) if (accepts(regs, msr, 1n << bit)) taken |= 1n << bit;
      if (taken !== (expected ?? 0n)) wrong.push(`${nameOf(msr, caps)}: takes ${hex(taken)}, should take ${hex(expected ?? 0n)}`);
      // All at once, and with one reserved bit too many.
      if (expected !== undefined && !accepts(regs, msr, expected)) wrong.push(`${nameOf(msr, caps)}: refuses ${hex(expected)}`);
      if (expected !== undefined && expected !== WORD && accepts(regs, msr, WORD)) wrong.push(`${nameOf(msr, caps)}: takes all ones`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('each register can be read, or is #GP, in every version', () => {
  const wrong: string[] = [];
  for (const caps of MODELS) {
    const regs = new PerfmonRegs(caps);
    for (const msr of INDICES) if ((read(regs, msr) !== undefined) !== readable(msr, caps)) wrong.push(nameOf(msr, caps));
  }
  assert.deepEqual(wrong, []);
});

test('the unit answers for all of its registers, whether or not they exist, and for no others', () => {
  const owned = range(0, 0x1000).filter((msr) => PerfmonRegs.owns(msr));
  assert.deepEqual(owned, [
    ...range(0xc1, 0xc8), ...range(0x186, 0x18d), 0x1d9, ...range(0x309, 0x310), 0x345, ...range(0x38d, 0x392), ...range(0x4c1, 0x4c8),
  ]);
});

test('there are as many counters as the leaf says: the next one is #GP', () => {
  for (const general of range(0, 8)) {
    for (const fixed of range(0, 4)) {
      const regs = new PerfmonRegs({ ...CAPS, generalCounters: general, fixedCounters: fixed });
      for (const i of range(0, 7)) {
        for (const msr of [0xc1, 0x186, 0x4c1]) {
          assert.equal(read(regs, msr + i) !== undefined, i < general);
          assert.equal(accepts(regs, msr + i, 1n), i < general);
        }
        assert.equal(read(regs, 0x309 + i) !== undefined, i < fixed);
        assert.equal(accepts(regs, 0x309 + i, 1n), i < fixed);
        for (const msr of [0x38f, 0x390, 0x391]) {
          assert.equal(accepts(regs, msr, 1n << BigInt(i)), i < general);
          assert.equal(accepts(regs, msr, 1n << BigInt(32 + i)), i < fixed);
        }
        assert.equal(accepts(regs, 0x38d, 0xbn << BigInt(4 * i)), i < fixed);
      }
    }
  }
});

test('after reset the general counters are globally enabled, and all else is 0', () => {
  for (const caps of MODELS) {
    const fresh = new PerfmonRegs(caps);
    const used = new PerfmonRegs(caps);
    for (const msr of INDICES) {
      const expected = !readable(msr, caps) ? undefined : msr === 0x38f ? 0xfn : msr === 0x345 && caps.fullWidthWrites ? 0x2000n : 0n;
      assert.equal(read(fresh, msr), expected, nameOf(msr, caps));
      const bits = writable(msr, caps);
      if (bits !== undefined) write(used, msr, bits);
    }
    used.reset();
    assert.deepEqual(dump(used), dump(fresh));
  }
  // 2^6 - 1
  assert.equal(read(new PerfmonRegs({ ...CAPS, generalCounters: 6 }), 0x38f), 0x3fn);
});

test('the low window extends bit 31 to the width of the counter, and does not look at EDX', () => {
  // What is written, and what the counter then is, by width: the low bits of the sign-extended value.
  const widths = [4, 31, 32, 33, 48];
  const rows: readonly (readonly [bigint, readonly bigint[]])[] = [
    [0x0000_0001n, [0x1n, 0x1n, 0x1n, 0x1n, 0x1n]],
    [0x7fff_ffffn, [0xfn, 0x7fff_ffffn, 0x7fff_ffffn, 0x7fff_ffffn, 0x7fff_ffffn]],
    [0x8000_0000n, [0x0n, 0x0n, 0x8000_0000n, 0x1_8000_0000n, 0xffff_8000_0000n]],
    [0xffff_fffbn, [0xbn, 0x7fff_fffbn, 0xffff_fffbn, 0x1_ffff_fffbn, 0xffff_ffff_fffbn]],
    [0x89ab_cdefn, [0xfn, 0x09ab_cdefn, 0x89ab_cdefn, 0x1_89ab_cdefn, 0xffff_89ab_cdefn]],
  ];
  for (const [eax, expected] of rows) {
    for (const [i, generalWidth] of widths.entries()) {
      const regs = new PerfmonRegs({ ...CAPS, generalWidth });
      for (const edx of [0n, 0x1234_5678n << 32n, 0xffff_ffffn << 32n]) {
        assert.ok(write(regs, 0xc2, edx | eax));
        assert.equal(read(regs, 0xc2), expected[i], `${hex(eax)} in ${generalWidth} bits`);
        assert.equal(read(regs, 0x4c2), expected[i]);
      }
    }
  }
});

test('the full-width window and the fixed counters take every value that fits, and no other', () => {
  for (const width of [4, 31, 32, 33, 48]) {
    const regs = new PerfmonRegs({ ...CAPS, generalWidth: width, fixedWidth: width });
    const top = 1n << BigInt(width);
    for (const msr of [0x4c3, 0x30b]) {
      for (const value of [0n, 1n, top >> 1n, top - 2n, top - 1n]) {
        assert.ok(write(regs, msr, value));
        assert.equal(read(regs, msr), value);
        if (msr === 0x4c3) assert.equal(read(regs, 0xc3), value);
      }
      for (const value of [top, top + 1n, top << 1n, 1n << 63n, WORD]) {
        assert.equal(write(regs, msr, value), false, `${hex(value)} of ${width} bits`);
      }
      assert.equal(read(regs, msr), top - 1n);
    }
  }
  // The widths of both kinds are independent.
  const regs = new PerfmonRegs({ ...CAPS, generalWidth: 40, fixedWidth: 32 });
  assert.deepEqual([accepts(regs, 0x4c1, 1n << 39n), accepts(regs, 0x4c1, 1n << 40n)], [true, false]);
  assert.deepEqual([accepts(regs, 0x309, 1n << 31n), accepts(regs, 0x309, 1n << 32n)], [true, false]);
});

test('the status is read-only: RESET clears what is written as 1, SET sets it, and both read 0', () => {
  const regs = new PerfmonRegs(CAPS);
  assert.ok(write(regs, 0x391, 0x7c00_0005_0000_0009n));
  assert.equal(read(regs, 0x38e), 0x7c00_0005_0000_0009n);
  assert.ok(write(regs, 0x391, 0x0000_0002_0000_0002n));
  assert.equal(read(regs, 0x38e), 0x7c00_0007_0000_000bn);
  assert.equal(write(regs, 0x38e, 0n), false);
  assert.equal(read(regs, 0x390), 0n);
  assert.equal(read(regs, 0x391), 0n);
  assert.ok(write(regs, 0x390, 0x0800_0001_0000_000an));
  assert.equal(read(regs, 0x38e), 0x7400_0006_0000_0001n);
  assert.ok(write(regs, 0x390, 0n));
  assert.equal(read(regs, 0x38e), 0x7400_0006_0000_0001n);
  assert.ok(write(regs, 0x390, 0xfc00_0007_0000_000fn));
  assert.equal(read(regs, 0x38e), 0n);
});

test('INUSE shows selectors with an event, fixed counters that are enabled, and whether anything interrupts', () => {
  const regs = new PerfmonRegs(CAPS);
  const inUse = (): bigint => read(regs, 0x392)!;
  assert.equal(inUse(), 0n);
  // An event select of 0 is not in use, whatever else is set; one without EN is.
  write(regs, 0x186, 0x0043_ff00n);
  assert.equal(inUse(), 0n);
  write(regs, 0x187, 0x0000_003cn);
  write(regs, 0x189, 0x0043_00c0n);
  assert.equal(inUse(), 0xan);
  // Fixed counter 1 for the user, fixed counter 2 only asks for a PMI: it is not enabled.
  write(regs, 0x38d, 0x820n);
  assert.equal(inUse(), 0x8000_0002_0000_000an);
  write(regs, 0x38d, 0x020n);
  assert.equal(inUse(), 0x0000_0002_0000_000an);
  write(regs, 0x186, 0x0010_0000n);
  assert.equal(inUse(), 0x8000_0002_0000_000an);
});

test('RDPMC takes a type in bits 31:16 and a number below it', () => {
  const index = (version: number, ecx: number): number => new PerfmonRegs({ ...CAPS, version }).rdpmcIndex(ecx);
  for (const version of VERSIONS) {
    const general = version > 0, fixed = version > 1;
    for (const i of range(0, 3)) assert.equal(index(version, i), general ? i : -1);
    // Fixed counters come after the four general ones.
    for (const j of range(0, 2)) assert.equal(index(version, 0x4000_0000 + j), fixed ? 4 + j : -1);
    // Too high; the type of performance metrics; "fast" reads; types that are none.
    const none = [4, 64, 0xffff, 0x4000_0003, 0x4000_0040, 0x2000_0000, 0x8000_0000, 0xc000_0000, 0x1_0000, 0x4001_0000, 0x7fff_0000];
    for (const ecx of none) {
      assert.equal(index(version, ecx), -1, `${hex(ecx)} in version ${version}`);
    }
  }
});

test('CPUID leaf 0AH', () => {
  // EAX: version, counters, width, events; EDX: fixed counters, width << 5, AnyThread deprecation in bit 15.
  assert.deepEqual(perfmonLeaf({ ...CAPS, version: 0 }), { eax: 0, ebx: 0, ecx: 0, edx: 0 });
  const first = { ...CAPS, version: 1, generalCounters: 2, generalWidth: 40 };
  assert.deepEqual(perfmonLeaf(first), { eax: 0x0828_0201, ebx: 0, ecx: 0, edx: 0 });
  assert.deepEqual(perfmonLeaf({ ...CAPS, version: 2, unavailableEvents: 0x41 }), { eax: 0x0830_0402, ebx: 0x41, ecx: 0, edx: 0x603 });
  const fourth = { ...CAPS, version: 4, generalCounters: 8, fixedWidth: 32 };
  assert.deepEqual(perfmonLeaf(fourth), { eax: 0x0830_0804, ebx: 0, ecx: 0, edx: 0x403 });
  assert.deepEqual(
    perfmonLeaf({ ...CAPS, version: 5, generalCounters: 8, fixedCounters: 4, anyThreadDeprecated: true }),
    { eax: 0x0830_0805, ebx: 0, ecx: 0xf, edx: 0x8604 },
  );
  assert.equal(perfCapabilities(CAPS), 0x2000);
  assert.equal(perfCapabilities({ ...CAPS, fullWidthWrites: false }), 0);
});

test('general counter i is bit i and fixed counter j bit 32 + j where a register shows them', () => {
  assert.equal(counterSet(0x8000_ffff | 0, 0x7), 0x0007_ffff);
  for (const i of range(0, 7)) {
    assert.deepEqual([setLow(generalCounter(i)), setHigh(generalCounter(i)), isFixed(generalCounter(i))], [2 ** i, 0, false]);
    assert.deepEqual([setLow(fixedCounter(i)), setHigh(fixedCounter(i)), isFixed(fixedCounter(i))], [0, 2 ** i, true]);
  }
  const some = union(generalCounter(3), fixedCounter(1));
  assert.deepEqual([setLow(some), setHigh(some)], [8, 2]);
  assert.equal(without(some, generalCounter(3)), fixedCounter(1));
  assert.equal(common(some, generalCounter(3)), generalCounter(3));
  assert.equal(common(some, generalCounter(2)), NO_COUNTERS);
  assert.equal(allCounters(CAPS), counterSet(0xf, 0x7));
  assert.equal(generalCounters(CAPS), counterSet(0xf, 0));
  const regs = new PerfmonRegs(CAPS);
  for (const k of range(0, 6)) {
    assert.equal(regs.indexOf(regs.bitOf(k)), k);
    assert.equal(regs.bitOf(k), k < 4 ? generalCounter(k) : fixedCounter(k - 4));
  }
});

test('the architectural events are encoded as in the manual, and fixed counters count the first three and the slots', () => {
  const codes = [0x003c, 0x00c0, 0x013c, 0x4f2e, 0x412e, 0x00c4, 0x00c5, 0x01a4];
  const names = EVENTS.filter((event) => 'architectural' in event).map(({ name }) => name);
  assert.deepEqual(names, [
    'core cycles', 'instructions retired', 'reference cycles', 'LLC references', 'LLC misses', 'branch instructions retired',
    'branch mispredicts retired', 'topdown slots',
  ]);
  for (const [bit, code] of codes.entries()) assert.equal(eventOf(code), EVENT[names[bit]!]);
  assert.equal(eventOf(0x0000), -1);
  assert.equal(eventOf(0x023c), -1);
  const fixed = ['instructions retired', 'core cycles', 'reference cycles', 'topdown slots'];
  assert.deepEqual(FIXED_EVENTS.map((event) => EVENTS[event]!.name), fixed);
});

// A model in the manual's own terms: registers are 64-bit words, by index.

type Model = Map<number, bigint>;
const DERIVED = [0x345, 0x38e, 0x390, 0x391, 0x392];

function modelWrite(model: Model, msr: number, value: bigint): void {
  const status = model.get(0x38e)!;
  if (msr === 0x390) model.set(0x38e, status & ~value);
  else if (msr === 0x391) model.set(0x38e, status | value);
  else if (msr >= 0xc1 && msr <= 0xc8) model.set(msr, BigInt.asUintN(48, BigInt.asIntN(32, value)));
  else if (msr >= 0x4c1 && msr <= 0x4c8) model.set(msr - 0x400, value);
  else model.set(msr, value);
}

const modelRead = (model: Model, msr: number): bigint => (msr >= 0x4c1 ? model.get(msr - 0x400)! : model.get(msr)!);

/** A register, and a value of which every second has no reserved bit. */
const anyWrite = fc.record({
  msr: fc.constantFrom(...INDICES), valid: fc.boolean(),
  value: fc.oneof(fc.bigInt(0n, WORD), fc.bigInt(0n, 0xffff_ffffn), fc.nat(63).map((bit) => 1n << BigInt(bit))),
});

test('registers hold what was written to them and nothing else changes; a write that is refused changes nothing', () => {
  fc.assert(fc.property(fc.constantFrom(...MODELS), fc.array(anyWrite, { maxLength: 40 }), (caps, writes) => {
    const regs = new PerfmonRegs(caps);
    const model: Model = new Map(INDICES.map((msr) => [msr, msr === 0x38f ? 0xfn : 0n]));
    for (const { msr, valid, value } of writes) {
      const wanted = valid ? value & (writable(msr, caps) ?? WORD) : value;
      const before = dump(regs);
      if (write(regs, msr, wanted)) modelWrite(model, msr, wanted);
      else assert.deepEqual(dump(regs), before);
      for (const other of INDICES) {
        if (!readable(other, caps)) assert.equal(read(regs, other), undefined);
        else if (other === 0x38e || !DERIVED.includes(other)) assert.equal(read(regs, other), modelRead(model, other), hex(other));
      }
    }
    const copy = new PerfmonRegs(caps);
    load(copy, save(regs));
    assert.deepEqual(dump(copy), dump(regs));
  }), { numRuns: 300, seed: 1 });
});
