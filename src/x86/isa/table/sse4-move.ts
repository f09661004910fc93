/** SSE4.1: lanes chosen from two operands, taken out, put in, and made wider. */
import type { Width } from '../../registers.ts';
import type { Instruction } from '../define.ts';
import type { Lift, Place, Semantics } from '../lift.ts';
import type { Packed, Word } from '../recorder.ts';
import { sse41 } from './sse.ts';

/** Sixteen bytes of lanes that are all the same word. */
const splat = (u: Lift, value: Word, width: Width): Packed => {
  const factor = { 1: 0x0101_0101_0101_0101n, 2: 0x0001_0001_0001_0001n, 4: 0x1_0000_0001n, 8: 1n }[width];
  const each = u.times(value, factor);
  return u.packed(each, each);
};

const constant = (u: Lift, width: Width, lane: (n: number) => number): Packed => {
  const half = (from: number): bigint => {
    let value = 0n;
    for (let i = 0; i < 8 / width; i += 1) value |= BigInt(lane(from + i)) << BigInt(8 * width * i);
    return value;
  };
  return u.packed(half(0), half(8 / width));
};

/** All ones in the lanes whose bit of `bits` is set; a lane of one byte has a bit of its own eight. */
export const lanesOfBits = (u: Lift, bits: Packed, width: Width): Packed => {
  const own = constant(u, width, (n) => 1 << (n & 7));
  return u.each('equal', u.each('and', bits, own, 8), own, width);
};

/** Bits of `b` where the mask has ones, and of `a` elsewhere. */
const blended = (u: Lift, a: Packed, b: Packed, mask: Packed): Packed =>
  u.each('or', u.each('and', mask, b, 8), u.each('andNot', mask, a, 8), 8);

const byConstant = (width: 2 | 4 | 8): Semantics => (u, dst, src, by) => {
  const mask = lanesOfBits(u, splat(u, u.and(u.read(by!), 0xff), width), width);
  u.writePacked(dst!, blended(u, u.readPacked(dst!), u.readPacked(src!), mask));
};

/** By the topmost bits of the lanes of XMM0. */
const bySigns = (width: 1 | 4 | 8): Semantics => (u, dst, src) => {
  const mask = u.each('greater', u.zeros(), u.vector(0), width);
  u.writePacked(dst!, blended(u, u.readPacked(dst!), u.readPacked(src!), mask));
};

/** The lane that a constant numbers. */
const taken = (u: Lift, source: Place, by: Place, width: Width): Word => {
  const a = u.readPacked(source), n = u.and(u.read(by), 16 / width - 1);
  const half = u.select(u.below(n, 8 / width), u.lane(a, 0, 8), u.lane(a, 1, 8));
  return u.zeroExtend(u.shr(half, u.shl(u.and(n, 8 / width - 1), Math.log2(8 * width))), width);
};
const extract = (width: Width): Semantics => (u, dst, src, by) => u.write(dst!, taken(u, src!, by!, width));

/** The lane with the number `n` replaced. */
const replaced = (u: Lift, a: Packed, value: Word, n: Word, width: Width): Packed => {
  const mask = u.each('equal', splat(u, n, width), constant(u, width, (lane) => lane), width);
  return blended(u, a, splat(u, u.zeroExtend(value, width), width), mask);
};
const insert = (width: 1 | 4 | 8): Semantics => (u, dst, src, by) => {
  const value = u.read(src!);
  u.writePacked(dst!, replaced(u, u.readPacked(dst!), value, u.and(u.read(by!), 16 / width - 1), width));
};

/** A lane of a register, or memory, goes to a lane of the first operand; then some of its lanes are cleared. */
const insertNumber: Semantics = (u, dst, src, by) => {
  const choice = u.and(u.read(by!), 0xff);
  const value = src!.kind === 'xmm' ? u.lane(u.chosen(u.readPacked(src!), u.shr(choice, 6), 4), 0, 4) : u.read(src!);
  const whole = replaced(u, u.readPacked(dst!), value, u.and(u.shr(choice, 4), 3), 4);
  u.writePacked(dst!, u.each('andNot', lanesOfBits(u, splat(u, choice, 4), 4), whole, 8));
};

/** The low lanes, each at the upper end of a wider one, and from there down to its lower end: with the sign, or with zeros. */
const widened = (operation: 'sar' | 'shr', from: 1 | 2 | 4, to: 2 | 4 | 8): Semantics => (u, dst, src) => {
  const ratio = to / from, none = 16 / from;
  const order = Array.from({ length: none }, (_, i) => (i % ratio === ratio - 1 ? (i - ratio + 1) / ratio : none));
  u.writePacked(dst!, u.shifted(operation, u.arranged(u.readPacked(src!), u.zeros(), order, from), 8 * (to - from), to));
};
const WIDENINGS = [['BW', 1, 2], ['BD', 1, 4], ['BQ', 1, 8], ['WD', 2, 4], ['WQ', 2, 8], ['DQ', 4, 8]] as const;

export const SSE4_MOVE: readonly Instruction[] = [
  sse41('BLENDPS', ['66 0F 3A 0C /r ib | xmm, xmm/m128, imm8'], byConstant(4)),
  sse41('BLENDPD', ['66 0F 3A 0D /r ib | xmm, xmm/m128, imm8'], byConstant(8)),
  sse41('PBLENDW', ['66 0F 3A 0E /r ib | xmm, xmm/m128, imm8'], byConstant(2)),
  sse41('BLENDVPS', ['66 0F 38 14 /r | xmm, xmm/m128, <XMM0>'], bySigns(4)),
  sse41('BLENDVPD', ['66 0F 38 15 /r | xmm, xmm/m128, <XMM0>'], bySigns(8)),
  sse41('PBLENDVB', ['66 0F 38 10 /r | xmm, xmm/m128, <XMM0>'], bySigns(1)),
  sse41('EXTRACTPS', ['66 0F 3A 17 /r ib | r/m32v, xmm, imm8 | no16'], extract(4)),
  sse41('PEXTRB', ['66 0F 3A 14 /r ib | r/m8v, xmm, imm8 | no16'], extract(1)),
  sse41('PEXTRW', ['66 0F 3A 15 /r ib | r/m16v, xmm, imm8 | no16'], extract(2)),
  sse41('PEXTRD', ['66 0F 3A 16 /r ib | r/m32, xmm, imm8 | w0'], extract(4)),
  sse41('PEXTRQ', ['66 REX.W + 0F 3A 16 /r ib | r/m64, xmm, imm8'], extract(8)),
  sse41('PINSRB', ['66 0F 3A 20 /r ib | xmm, r/m8v, imm8 | no16'], insert(1)),
  sse41('PINSRD', ['66 0F 3A 22 /r ib | xmm, r/m32, imm8 | w0'], insert(4)),
  sse41('PINSRQ', ['66 REX.W + 0F 3A 22 /r ib | xmm, r/m64, imm8'], insert(8)),
  sse41('INSERTPS', ['66 0F 3A 21 /r ib | xmm, xmm/m32, imm8'], insertNumber),
  sse41('MOVNTDQA', ['66 0F 38 2A /r | xmm, m128'], (u, dst, src) => u.writePacked(dst!, u.readPacked(src!))),
  ...WIDENINGS.flatMap(([suffix, from, to], i) => [
    sse41(`PMOVSX${suffix}`, [`66 0F 38 2${i} /r | xmm, xmm/m${(128 * from) / to}`], widened('sar', from, to)),
    sse41(`PMOVZX${suffix}`, [`66 0F 38 3${i} /r | xmm, xmm/m${(128 * from) / to}`], widened('shr', from, to)),
  ]),
];
