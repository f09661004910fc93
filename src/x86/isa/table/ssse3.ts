/** SSSE3: packed integers, in XMM registers and in MMX registers, whose rows say the same of half as many lanes. */
import type { Width } from '../../registers.ts';
import type { Instruction } from '../define.ts';
import type { LaneOperation } from '../lane.ts';
import type { Lift, Semantics } from '../lift.ts';
import type { Packed, Word } from '../recorder.ts';
import { mmx } from './mmx.ts';
import { ssse3 } from './sse.ts';
import { pairs } from './sse3.ts';

/** `half`: of the operands only the low eight bytes count, and of the result. */
type Operation = (u: Lift, a: Packed, b: Packed, half: boolean) => Packed;

const everywhere = (u: Lift, word: bigint): Packed => u.packed(word, word);
const negated = (u: Lift, a: Packed, width: Width): Packed => u.each('sub', u.zeros(), a, width);

/** Lanes beside each other. Those of two MMX registers are put into one register first. */
const horizontal = (operation: LaneOperation, width: 2 | 4): Operation => (u, a, b, half) => {
  const both = half ? u.arranged(a, b, [0, 2], 8) : undefined;
  const [even, odd] = pairs(u, both ?? a, both ?? b, width);
  return u.each(operation, even, odd, width);
};

/** The most negative number stays what it is, as its negative would. */
const absolute = (width: 1 | 2 | 4): Operation => (u, _a, b) => u.each('maxSigned', b, negated(u, b, width), width);

/** Each lane times the sign of the other: -1, 0 or 1. */
const signed = (width: 1 | 2 | 4): Operation => (u, a, b) => {
  const negative = u.each('greater', u.zeros(), b, width);
  const turned = u.each('sub', u.each('xor', a, negative, 8), negative, width);
  return u.each('andNot', u.each('equal', b, u.zeros(), width), turned, 8);
};

/** Bytes of the first are unsigned, those of the second signed; sums of two products are saturated. */
const mulAdd: Operation = (u, a, b) => {
  const low = u.each('and', a, everywhere(u, 0x00ff_00ff_00ff_00ffn), 8);
  const even = u.each('mul', low, u.shifted('sar', u.shifted('shl', b, 8, 2), 8, 2), 2);
  const odd = u.each('mul', u.shifted('shr', a, 8, 2), u.shifted('sar', b, 8, 2), 2);
  return u.each('addSigned', even, odd, 2);
};

/** Bits 30:15 of the product, and its bit 14 added. */
const mulRounded: Operation = (u, a, b) => {
  const high = u.each('mulHighSigned', a, b, 2), low = u.each('mul', a, b, 2);
  const kept = u.each('or', u.shifted('shl', high, 1, 2), u.shifted('shr', low, 15, 2), 8);
  return u.each('add', kept, u.shifted('shr', u.shifted('shl', low, 1, 2), 15, 2), 2);
};

/** A number with its topmost bit set chooses nothing, and is otherwise taken modulo the number of bytes. */
const shuffle: Operation = (u, a, b, half) =>
  u.each('pick', a, u.each('and', b, everywhere(u, half ? 0x8787_8787_8787_8787n : 0x8f8f_8f8f_8f8f_8f8fn), 8), 1);

/** Mnemonic, last byte of the opcode, what it does. */
const OPERATIONS: readonly (readonly [mnemonic: string, opcode: string, operation: Operation])[] = [
  ['PSHUFB', '00', shuffle], ['PHADDW', '01', horizontal('add', 2)], ['PHADDD', '02', horizontal('add', 4)],
  ['PHADDSW', '03', horizontal('addSigned', 2)], ['PMADDUBSW', '04', mulAdd], ['PHSUBW', '05', horizontal('sub', 2)],
  ['PHSUBD', '06', horizontal('sub', 4)], ['PHSUBSW', '07', horizontal('subSigned', 2)],
  ['PSIGNB', '08', signed(1)], ['PSIGNW', '09', signed(2)], ['PSIGND', '0A', signed(4)], ['PMULHRSW', '0B', mulRounded],
  ['PABSB', '1C', absolute(1)], ['PABSW', '1D', absolute(2)], ['PABSD', '1E', absolute(4)],
];

/** The numbers 0 to 15, and so many more: bytes of what begins there. Beyond 255 there are none. */
const numbersFrom = (u: Lift, first: Word): Packed => {
  const each = u.times(first, 0x0101_0101_0101_0101n);
  return u.each('addUnsigned', u.packed(0x0706_0504_0302_0100n, 0x0f0e_0d0c_0b0a_0908n), u.packed(each, each), 1);
};

/** Bytes of the second operand and, behind them, of the first. */
const align: Semantics = (u, dst, src, by) => {
  const a = u.readPacked(dst!), b = u.readPacked(src!), numbers = numbersFrom(u, u.and(u.read(by!), 0xff));
  const sixteen = everywhere(u, 0x1010_1010_1010_1010n);
  u.writePacked(dst!, u.each('or', u.each('pick', b, numbers, 1), u.each('pick', a, u.each('sub', numbers, sixteen, 1), 1), 8));
};
const alignHalf: Semantics = (u, dst, src, by) => {
  const both = u.arranged(u.readPacked(src!), u.readPacked(dst!), [0, 2], 8);
  u.writeMmx(dst!, u.lane(u.each('pick', both, numbersFrom(u, u.and(u.read(by!), 0xff)), 1), 0, 8));
};

export const SSSE3: readonly Instruction[] = [
  ...OPERATIONS.flatMap(([mnemonic, opcode, operation]) => [
    ssse3(mnemonic, [`66 0F 38 ${opcode} /r | xmm, xmm/m128`], (u, dst, src) => {
      u.writePacked(dst!, operation(u, u.readPacked(dst!), u.readPacked(src!), false));
    }),
    mmx(mnemonic, [`NP 0F 38 ${opcode} /r | mm, mm/m64`], (u, dst, src) => {
      u.writeMmx(dst!, u.lane(operation(u, u.readPacked(dst!), u.readPacked(src!), true), 0, 8));
    }, 'SSSE3'),
  ]),
  ssse3('PALIGNR', ['66 0F 3A 0F /r ib | xmm, xmm/m128, imm8'], align),
  mmx('PALIGNR', ['NP 0F 3A 0F /r ib | mm, mm/m64, imm8'], alignHalf, 'SSSE3'),
];
