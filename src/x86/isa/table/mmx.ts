/**
 * MMX: what SSE2 does on 128 bits, on the 64 of an MMX register, with SSE's and SSE2's additions to it, and the conversions between
 * MMX registers and numbers. Each instruction makes the x87 FPU's registers MMX registers, when nothing can fault any more.
 */
import type { Width } from '../../registers.ts';
import type { FloatOperation, FloatWidth } from '../../simd/operation.ts';
import { define, type Feature, type Instruction, microcoded } from '../define.ts';
import type { LaneOperation } from '../lane.ts';
import type { Lift, Place, Semantics } from '../lift.ts';
import type { Packed } from '../recorder.ts';
import { OPERATIONS, SHIFTS } from './sse-integer.ts';
import { interleaved } from './sse-move.ts';

export const mmx = (mnemonic: string, rows: readonly string[], semantics: Semantics, feature: Feature = 'MMX'): Instruction =>
  define(mnemonic, rows, (u, ...places) => {
    u.mmx();
    semantics(u, ...places);
    u.enterMmx();
  }, { feature });

/** The first of the instruction sets in which an operation has a form on MMX registers. */
const featureOf = (mnemonic: string): Feature =>
  (/^(PADDQ|PSUBQ|PMULUDQ)$/.test(mnemonic) ? 'SSE2' : /^(PMULHUW|PSADBW|PAVG|PM(IN|AX))/.test(mnemonic) ? 'SSE' : 'MMX');

/** Both operands narrowed, one behind the other. */
const narrowed = (u: Lift, operation: LaneOperation, a: Packed, b: Packed): Packed => {
  const both = u.arranged(a, b, [0, 2], 8);
  return u.each(operation, both, both, 8);
};

const operated = (operation: LaneOperation, width: Width): Semantics => (u, dst, src) => {
  const a = u.readPacked(dst!), b = u.readPacked(src!);
  u.writeMmx(dst!, u.lane(operation.startsWith('narrow') ? narrowed(u, operation, a, b) : u.each(operation, a, b, width), 0, 8));
};

/** The lanes of both in turn fill 128 bits; half of that is wanted. */
const unpacked = (width: 1 | 2 | 4, high: boolean): Semantics => (u, dst, src) =>
  u.writeMmx(dst!, u.lane(u.arranged(u.readPacked(dst!), u.readPacked(src!), interleaved(width, false), width), high ? 1 : 0, 8));

const word: Semantics = (u, dst, src) => {
  const value = u.read(src!);
  if (dst!.kind === 'mm') u.writeMmx(dst!, value);
  else u.write(dst!, value);
};

/** Both lanes of a register of numbers become integers. The registers are MMX registers already when that is an exception. */
const toIntegers = (operation: FloatOperation, width: FloatWidth): Semantics => (u, dst, src) => {
  u.simd();
  // Of singles the low two alone are looked at.
  const numbers = width === 4 ? u.packed(u.read(src!), 0) : u.readPacked(src!);
  u.enterMmx();
  u.writeMmx(dst!, u.lane(u.float(operation, u.zeros(), numbers, width, 16 / width), 0, 8));
};

/** Integers in memory leave the x87 FPU alone. */
const integersOf = (u: Lift, source: Place): Packed => {
  u.simd();
  if (source.kind !== 'mm') return u.readPacked(source);
  u.mmx();
  u.enterMmx();
  return u.readPacked(source);
};

const shiftOf = (operation: LaneOperation, width: Width): Semantics => (u, dst, by) => {
  const count = by!.kind === 'immediate' ? u.and(u.read(by!), 0xff) : u.read(by!);
  u.writeMmx(dst!, u.lane(u.shifted(operation, u.readPacked(dst!), count, width), 0, 8));
};

const UNPACK = [['BW', 0, 1], ['WD', 1, 2], ['DQ', 2, 4]] as const;

export const MMX: readonly Instruction[] = [
  ...OPERATIONS.map(([mnemonic, opcode, operation, width]) =>
    mmx(mnemonic, [`NP 0F ${opcode} /r | mm, mm/m64`], operated(operation, width), featureOf(mnemonic))),
  ...SHIFTS.map(([mnemonic, operand, constant, digit, operation, width]) =>
    mmx(mnemonic, [`NP 0F ${operand} /r | mm, mm/m64`, `NP 0F ${constant} /${digit} ib | mm:r, imm8`], shiftOf(operation, width))),
  ...UNPACK.flatMap(([suffix, offset, width]) => [
    mmx(`PUNPCKL${suffix}`, [`NP 0F ${(0x60 + offset).toString(16)} /r | mm, mm/m32`], unpacked(width, false)),
    mmx(`PUNPCKH${suffix}`, [`NP 0F ${(0x68 + offset).toString(16).toUpperCase()} /r | mm, mm/m64`], unpacked(width, true)),
  ]),
  mmx('MOVD', ['NP 0F 6E /r | mm, r/m32 | w0', 'NP 0F 7E /r | r/m32, mm | w0'], word),
  mmx('MOVQ', [
    'NP 0F 6F /r | mm, mm/m64', 'NP 0F 7F /r | mm/m64, mm', 'NP REX.W + 0F 6E /r | mm, r/m64', 'NP REX.W + 0F 7E /r | r/m64, mm',
  ], word),
  mmx('MOVNTQ', ['NP 0F E7 /r | m64, mm'], word, 'SSE'),
  mmx('PSHUFW', ['NP 0F 70 /r ib | mm, mm/m64, imm8'], (u, dst, src, by) => {
    u.writeMmx(dst!, u.lane(u.chosen(u.readPacked(src!), u.and(u.read(by!), 0xff), 2), 0, 8));
  }, 'SSE'),
  mmx('PEXTRW', ['NP 0F C5 /r ib | r, mm:r, imm8 | no16'], (u, dst, src, by) => {
    u.write(dst!, u.zeroExtend(u.shr(u.read(src!), u.shl(u.and(u.read(by!), 3), 4)), 2));
  }, 'SSE'),
  mmx('PINSRW', ['NP 0F C4 /r ib | mm, r/m16v, imm8 | no16'], (u, dst, src, by) => {
    const at = u.shl(u.and(u.read(by!), 3), 4);
    const value = u.shl(u.zeroExtend(u.read(src!), 2), at);
    u.writeMmx(dst!, u.or(u.and(u.read(dst!), u.invert(u.shl(0xffff, at))), value));
  }, 'SSE'),
  mmx('PMOVMSKB', ['NP 0F D7 /r | r, mm:r | no16'], (u, dst, src) => u.write(dst!, u.signs(u.readPacked(src!), 1)), 'SSE'),
  microcoded('MASKMOVQ', ['NP 0F F7 /r | mm, mm:r'], 'simple', { feature: 'SSE', counted: ['store'] }),
  define('EMMS', ['NP 0F 77'], (u) => {
    u.mmx();
    u.leaveMmx();
  }, { feature: 'MMX' }),
  // Between the two kinds of registers.
  mmx('MOVQ2DQ', ['F3 0F D6 /r | xmm, mm:r'], (u, dst, src) => {
    u.simd();
    u.writePacked(dst!, u.packed(u.read(src!), 0));
  }, 'SSE2'),
  mmx('MOVDQ2Q', ['F2 0F D6 /r | mm, xmm:r'], (u, dst, src) => {
    u.simd();
    u.writeMmx(dst!, u.read(src!));
  }, 'SSE2'),
  define('CVTPI2PS', ['NP 0F 2A /r | xmm, mm/m64'], (u, dst, src) => {
    u.writeLow(dst!, u.lane(u.float('fromIntegers', u.zeros(), integersOf(u, src!), 4, 4), 0, 8), 8);
  }, { feature: 'SSE' }),
  define('CVTPI2PD', ['66 0F 2A /r | xmm, mm/m64'], (u, dst, src) => {
    u.writePacked(dst!, u.float('fromIntegersToDouble', u.zeros(), integersOf(u, src!), 4, 2));
  }, { feature: 'SSE2' }),
  mmx('CVTPS2PI', ['NP 0F 2D /r | mm, xmm/m64'], toIntegers('toIntegers', 4), 'SSE'),
  mmx('CVTTPS2PI', ['NP 0F 2C /r | mm, xmm/m64'], toIntegers('truncate', 4), 'SSE'),
  mmx('CVTPD2PI', ['66 0F 2D /r | mm, xmm/m128'], toIntegers('toIntegers', 8), 'SSE2'),
  mmx('CVTTPD2PI', ['66 0F 2C /r | mm, xmm/m128'], toIntegers('truncate', 8), 'SSE2'),
];
