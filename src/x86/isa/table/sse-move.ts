/** Moves between XMM registers, memory and general registers, and the shuffles that move lanes alone. */
import type { Instruction } from '../define.ts';
import type { Lift, Place, Semantics } from '../lift.ts';
import type { Packed } from '../recorder.ts';
import { sse, sse2 } from './sse.ts';

/** All 128 bits; the operand in memory is aligned. */
const aligned: Semantics = (u, dst, src) => u.writePacked(dst!, u.readPacked(src!));
const unaligned: Semantics = (u, dst, src) => u.writePacked(dst!, u.readPacked(src!, 1), 1);

/** The lowest lane: into memory, into that of a register, or, from memory, into a register that is otherwise cleared. */
const lowest = (width: 4 | 8): Semantics => (u, dst, src) => {
  if (dst!.kind === 'memory') u.write(dst!, u.read(src!));
  else if (src!.kind === 'memory') u.writePacked(dst!, u.readPacked(src!));
  else u.writeLow(dst!, u.read(src!), width);
};

/** The low or the high half of a register, from or to memory. */
const lowHalf: Semantics = (u, dst, src) => {
  if (dst!.kind === 'memory') u.write(dst!, u.read(src!));
  else u.writeLow(dst!, u.read(src!), 8);
};
const highHalf: Semantics = (u, dst, src) => {
  if (dst!.kind === 'memory') u.write(dst!, u.lane(u.readPacked(src!), 1, 8));
  else u.writePacked(dst!, u.withLane(u.readPacked(dst!), u.read(src!), 1, 8));
};

/** A word alone, the rest cleared. */
const word: Semantics = (u, dst, src) => {
  if (dst!.kind === 'xmm') u.writePacked(dst!, u.packed(u.read(src!), 0));
  else u.write(dst!, u.read(src!));
};

const arranged = (order: readonly number[], width: 1 | 2 | 4 | 8): Semantics => (u, dst, src) =>
  u.writePacked(dst!, u.arranged(u.readPacked(dst!), u.readPacked(src!), order, width));

/** Lanes of both in turn, from the low halves or the high ones. */
export const interleaved = (width: 1 | 2 | 4 | 8, high: boolean): number[] => {
  const lanes = 16 / width;
  return Array.from({ length: lanes }, (_, i) => (i >> 1) + (high ? lanes / 2 : 0) + (i & 1 ? lanes : 0));
};
const unpack = (mnemonic: string, opcode: string, width: 1 | 2 | 4 | 8, high: boolean): Instruction =>
  sse2(mnemonic, [`66 0F ${opcode} /r | xmm, xmm/m128`], arranged(interleaved(width, high), width));

const choice = (u: Lift, immediate: Place | undefined): ReturnType<Lift['and']> => u.and(u.read(immediate!), 0xff);

/** The low two lanes from the first, the high two from the second. */
const shuffleTwo = (u: Lift, a: Packed, b: Packed, immediate: Place | undefined): Packed => {
  const by = choice(u, immediate);
  return u.arranged(u.chosen(a, by, 4), u.chosen(b, by, 4), [0, 1, 6, 7], 4);
};

const move = (rows: string[], semantics: Semantics, names: readonly [sse: string, sse2?: string], prefix = ''): Instruction[] => [
  sse(names[0], rows.map((row) => `NP ${prefix}${row}`), semantics),
  ...(names[1] === undefined ? [] : [sse2(names[1], rows.map((row) => `66 ${row}`), semantics)]),
];

export const SSE_MOVE: readonly Instruction[] = [
  ...move(['0F 28 /r | xmm, xmm/m128', '0F 29 /r | xmm/m128, xmm'], aligned, ['MOVAPS', 'MOVAPD']),
  ...move(['0F 10 /r | xmm, xmm/m128', '0F 11 /r | xmm/m128, xmm'], unaligned, ['MOVUPS', 'MOVUPD']),
  sse2('MOVDQA', ['66 0F 6F /r | xmm, xmm/m128', '66 0F 7F /r | xmm/m128, xmm'], aligned),
  sse2('MOVDQU', ['F3 0F 6F /r | xmm, xmm/m128', 'F3 0F 7F /r | xmm/m128, xmm'], unaligned),
  sse('MOVSS', ['F3 0F 10 /r | xmm, xmm/m32', 'F3 0F 11 /r | xmm/m32, xmm'], lowest(4)),
  sse2('MOVSD', ['F2 0F 10 /r | xmm, xmm/m64', 'F2 0F 11 /r | xmm/m64, xmm'], lowest(8)),
  ...move(['0F 12 /r | xmm, m64', '0F 13 /r | m64, xmm'], lowHalf, ['MOVLPS', 'MOVLPD']),
  ...move(['0F 16 /r | xmm, m64', '0F 17 /r | m64, xmm'], highHalf, ['MOVHPS', 'MOVHPD']),
  sse('MOVHLPS', ['NP 0F 12 /r | xmm, xmm:r'], arranged([3, 1], 8)),
  sse('MOVLHPS', ['NP 0F 16 /r | xmm, xmm:r'], arranged([0, 2], 8)),
  // Between an XMM register and a general one, or 4 or 8 bytes of memory.
  sse2('MOVD', ['66 0F 6E /r | xmm, r/m32 | w0', '66 0F 7E /r | r/m32, xmm | w0'], word),
  sse2('MOVQ', [
    'F3 0F 7E /r | xmm, xmm/m64', '66 0F D6 /r | xmm/m64, xmm', '66 REX.W + 0F 6E /r | xmm, r/m64', '66 REX.W + 0F 7E /r | r/m64, xmm',
  ], word),
  // Past the caches, which here is the same. SDM: "Caching of Temporal vs. Non-Temporal Data".
  ...move(['0F 2B /r | m128, xmm'], aligned, ['MOVNTPS', 'MOVNTPD']),
  sse2('MOVNTDQ', ['66 0F E7 /r | m128, xmm'], aligned),
  // Signs.
  ...([['MOVMSKPS', 'NP', 4], ['MOVMSKPD', '66', 8]] as const).map(([mnemonic, prefix, width]) =>
    (width === 4 ? sse : sse2)(mnemonic, [`${prefix} 0F 50 /r | r, xmm:r | no16`], (u, dst, src) => {
      u.write(dst!, u.signs(u.readPacked(src!), width));
    })),
  sse2('PMOVMSKB', ['66 0F D7 /r | r, xmm:r | no16'], (u, dst, src) => u.write(dst!, u.signs(u.readPacked(src!), 1))),
  // Lanes by a constant.
  sse2('PSHUFD', ['66 0F 70 /r ib | xmm, xmm/m128, imm8'], (u, dst, src, by) => {
    u.writePacked(dst!, u.chosen(u.readPacked(src!), choice(u, by), 4));
  }),
  sse2('PSHUFLW', ['F2 0F 70 /r ib | xmm, xmm/m128, imm8'], (u, dst, src, by) => {
    u.writePacked(dst!, u.chosen(u.readPacked(src!), choice(u, by), 2));
  }),
  sse2('PSHUFHW', ['F3 0F 70 /r ib | xmm, xmm/m128, imm8'], (u, dst, src, by) => {
    u.writePacked(dst!, u.chosen(u.readPacked(src!), choice(u, by), 2, 4));
  }),
  sse('SHUFPS', ['NP 0F C6 /r ib | xmm, xmm/m128, imm8'], (u, dst, src, by) => {
    u.writePacked(dst!, shuffleTwo(u, u.readPacked(dst!), u.readPacked(src!), by));
  }),
  sse2('SHUFPD', ['66 0F C6 /r ib | xmm, xmm/m128, imm8'], (u, dst, src, by) => {
    const a = u.readPacked(dst!), b = u.readPacked(src!), which = u.read(by!);
    const half = (value: Packed, bit: number): ReturnType<Lift['select']> =>
      u.select(u.bit(which, bit), u.lane(value, 1, 8), u.lane(value, 0, 8));
    u.writePacked(dst!, u.packed(half(a, 0), half(b, 1)));
  }),
  sse2('PEXTRW', ['66 0F C5 /r ib | r, xmm:r, imm8 | no16'], (u, dst, src, by) => {
    const a = u.readPacked(src!), n = u.read(by!);
    const word = u.select(u.bit(n, 2), u.lane(a, 1, 8), u.lane(a, 0, 8));
    u.write(dst!, u.zeroExtend(u.shr(word, u.shl(u.and(n, 3), 4)), 2));
  }),
  sse2('PINSRW', ['66 0F C4 /r ib | xmm, r/m16v, imm8 | no16'], (u, dst, src, by) => {
    const a = u.readPacked(dst!), n = u.read(by!);
    const value = u.zeroExtend(u.read(src!), 2), at = u.shl(u.and(n, 3), 4);
    const high = u.bit(n, 2);
    const word = u.select(high, u.lane(a, 1, 8), u.lane(a, 0, 8));
    const changed = u.or(u.and(word, u.invert(u.shl(0xffff, at))), u.shl(value, at));
    u.writePacked(dst!, u.packed(u.select(high, u.lane(a, 0, 8), changed), u.select(high, changed, u.lane(a, 1, 8))));
  }),
  ...([['PUNPCKLBW', '60', 1], ['PUNPCKLWD', '61', 2], ['PUNPCKLDQ', '62', 4], ['PUNPCKLQDQ', '6C', 8]] as const)
    .map(([mnemonic, opcode, width]) => unpack(mnemonic, opcode, width, false)),
  ...([['PUNPCKHBW', '68', 1], ['PUNPCKHWD', '69', 2], ['PUNPCKHDQ', '6A', 4], ['PUNPCKHQDQ', '6D', 8]] as const)
    .map(([mnemonic, opcode, width]) => unpack(mnemonic, opcode, width, true)),
  sse('UNPCKLPS', ['NP 0F 14 /r | xmm, xmm/m128'], arranged(interleaved(4, false), 4)),
  sse2('UNPCKLPD', ['66 0F 14 /r | xmm, xmm/m128'], arranged(interleaved(8, false), 8)),
  sse('UNPCKHPS', ['NP 0F 15 /r | xmm, xmm/m128'], arranged(interleaved(4, true), 4)),
  sse2('UNPCKHPD', ['66 0F 15 /r | xmm, xmm/m128'], arranged(interleaved(8, true), 8)),
];
