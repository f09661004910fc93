/**
 * XMM registers, MXCSR and operands in memory of a vector: what follows from a seed from 2^32 on. The two lowest bits of the seed
 * say what the lanes hold: integers, singles, doubles or text.
 */
import { Seeded } from '../../src/base/choice.ts';
import type { Registers } from '../../src/hw/cpu/registers.ts';
import { DOUBLE, type Format, SINGLE } from '../../src/x86/simd/format.ts';
import { AREA } from './area.ts';
import { interesting } from './edge.ts';

export const SIMD_KINDS = { integers: 0, singles: 1, doubles: 2, text: 3 } as const;
export type SimdKind = (typeof SIMD_KINDS)[keyof typeof SIMD_KINDS];
const FIRST = 2 ** 32;
export const simdSeed = (random: Seeded, kind: SimdKind): number => FIRST + (random.next() >>> 2) * 4 + kind;
const kindOf = (seed: number): number => seed % 4;
const fillsXmm = (seed: number): boolean => seed >= FIRST;

const random64 = (random: Seeded): bigint => (BigInt(random.next()) << 32n) | BigInt(random.next());

/** A fraction that is short, ends in zeros or in ones, or is any. */
function fraction(f: Format, random: Seeded): bigint {
  const mask = (1n << BigInt(f.fraction)) - 1n;
  const bits = random64(random) & mask;
  const few = 1n << BigInt(random.pick(f.fraction, 'where'));
  switch (random.pick(8, 'fraction')) {
    case 0: return 0n;
    case 1: return mask;
    case 2: return few;
    case 3: return mask ^ few;
    case 4: case 5: return bits & ~(few - 1n);
    default: return bits;
  }
}

/** A number of one of all kinds; most are about as large as 1, so that they have something to do with each other. */
export function interestingFloat(f: Format, random: Seeded): bigint {
  const sign = random.pick(2, 'sign') === 0 ? 0n : f.sign;
  const some = fraction(f, random);
  const normal = (exponent: number): bigint =>
    sign | (BigInt(Math.min(f.maxExponent - 1, Math.max(1, exponent))) << BigInt(f.fraction)) | some;
  switch (random.pick(24, 'kind of number')) {
    case 0: return sign;
    case 1: return sign | f.infinity;
    case 2: return sign | f.infinity | f.quiet | some;
    case 3: return sign | f.infinity | ((some & ~f.quiet) || 1n);
    case 4: case 5: return sign | (some || 1n);
    case 6: return normal(1 + random.pick(4, 'small'));
    case 7: return normal(f.maxExponent - 1 - random.pick(4, 'large'));
    case 8: return normal(random.next() % f.maxExponent);
    // Around the roots of the smallest and the largest, whose products and quotients are at the ends.
    case 9: return normal(((f.bias + 1) >> 1) - random.pick(f.fraction + 4, 'low'));
    case 10: return normal(f.bias + (f.bias >> 1) - 3 + random.pick(8, 'high'));
    // Around the limits of integers.
    case 11: return normal(f.bias + 29 + random.pick(5, '32 bits'));
    case 12: return normal(f.bias + 60 + random.pick(6, '64 bits'));
    case 13: return normal(f.bias + f.fraction - 2 + random.pick(4, 'whole'));
    case 14: return sign | (BigInt(f.bias) << BigInt(f.fraction));
    default: return normal(f.bias + random.pick(9, 'near') - 4);
  }
}

/** Few letters, so that they meet; words of them, if there is more than one letter; and now and then an end. */
function text(random: Seeded): bigint {
  const [letters, wide] = [1 + random.pick(LETTERS.length, 'letters'), random.pick(3, 'words') === 0];
  let value = 0n;
  for (let at = 0; at < 16; at += 1) {
    const letter = (wide && at % 2 === 1) || random.pick(12, 'end') === 0 ? 0 : LETTERS[random.pick(letters, 'letter')]!;
    value |= BigInt(letter) << BigInt(8 * at);
  }
  return value;
}
const LETTERS = [0x61, 0x62, 0x7a, 0x80, 0xff, 0x7f, 0x30];

/** Sixteen bytes of lanes of the kind that the seed asks for. */
export function interestingLanes(random: Seeded, seed: number): bigint {
  const kind = kindOf(seed);
  if (kind === SIMD_KINDS.text) return text(random);
  const formats = kind === SIMD_KINDS.singles ? SINGLE : kind === SIMD_KINDS.doubles ? DOUBLE : undefined;
  if (formats === undefined) {
    const word = random.pick(2, 'any') === 0 ? interesting : random64;
    return word(random) | (word(random) << 64n);
  }
  let value = 0n;
  for (let at = 0; at < 16; at += formats.width) value |= interestingFloat(formats, random) << BigInt(8 * at);
  return value;
}

const ALL_MASKED = 0x1f80, FLAGS = 0x3f, DAZ = 0x40, RC = 0x6000, FTZ = 0x8000;

function interestingMxcsr(random: Seeded): number {
  const any = random.next();
  const masks = random.pick(5, 'masks') === 0 ? any & ALL_MASKED : ALL_MASKED;
  const flags = random.pick(2, 'flags') === 0 ? (any >>> 16) & FLAGS : 0;
  const rounding = random.pick(2, 'rounding') === 0 ? any & RC : 0;
  const denormals = random.pick(4, 'denormals') === 0 ? any & (DAZ | FTZ) : 0;
  return masks | flags | rounding | denormals;
}

/** Fills in what a seed gives: of a lower one, the initial state. */
export function fillSimd(view: DataView, seed: number): void {
  view.setUint32(AREA.mxcsr, ALL_MASKED, true);
  if (!fillsXmm(seed)) return;
  const random = new Seeded(seed % FIRST);
  view.setUint32(AREA.mxcsr, interestingMxcsr(random), true);
  for (let reg = 0; reg < 16; reg += 1) {
    const value = interestingLanes(random, seed);
    view.setBigUint64(AREA.xmm + 16 * reg, BigInt.asUintN(64, value), true);
    view.setBigUint64(AREA.xmm + 16 * reg + 8, value >> 64n, true);
  }
}

export function loadSimd(registers: Registers, view: DataView): void {
  registers.mxcsr = view.getUint32(AREA.mxcsr, true);
  for (let i = 0; i < 32; i += 1) registers.setXmm(i >> 1, i & 1, view.getBigUint64(AREA.xmm + 8 * i, true));
}

export function saveSimd(registers: Registers, view: DataView): void {
  view.setUint32(AREA.mxcsr, registers.mxcsr, true);
  for (let i = 0; i < 32; i += 1) view.setBigUint64(AREA.xmm + 8 * i, registers.xmm(i >> 1, i & 1), true);
}
