/** Packed integers: arithmetic, comparison, logic and shifts on the lanes of XMM registers. */

import type { Width } from '../../registers.ts';
import type { Instruction } from '../define.ts';
import type { LaneOperation } from '../lane.ts';
import type { Semantics } from '../lift.ts';
import { sse, sse2 } from './sse.ts';

const each = (operation: LaneOperation, width: Width): Semantics => (u, dst, src) =>
  u.writePacked(dst!, u.each(operation, u.readPacked(dst!), u.readPacked(src!), width));

/** Mnemonic, last byte of the opcode, operation, width of a lane. */
export const OPERATIONS: readonly (readonly [mnemonic: string, opcode: string, operation: LaneOperation, width: Width])[] = [
  ['PADDB', 'FC', 'add', 1], ['PADDW', 'FD', 'add', 2], ['PADDD', 'FE', 'add', 4], ['PADDQ', 'D4', 'add', 8],
  ['PSUBB', 'F8', 'sub', 1], ['PSUBW', 'F9', 'sub', 2], ['PSUBD', 'FA', 'sub', 4], ['PSUBQ', 'FB', 'sub', 8],
  ['PADDSB', 'EC', 'addSigned', 1], ['PADDSW', 'ED', 'addSigned', 2],
  ['PADDUSB', 'DC', 'addUnsigned', 1], ['PADDUSW', 'DD', 'addUnsigned', 2],
  ['PSUBSB', 'E8', 'subSigned', 1], ['PSUBSW', 'E9', 'subSigned', 2],
  ['PSUBUSB', 'D8', 'subUnsigned', 1], ['PSUBUSW', 'D9', 'subUnsigned', 2],
  ['PMULLW', 'D5', 'mul', 2], ['PMULHW', 'E5', 'mulHighSigned', 2], ['PMULHUW', 'E4', 'mulHighUnsigned', 2],
  ['PMULUDQ', 'F4', 'mulHalves', 8], ['PMADDWD', 'F5', 'mulAdd', 4], ['PSADBW', 'F6', 'differences', 8],
  ['PAVGB', 'E0', 'average', 1], ['PAVGW', 'E3', 'average', 2],
  ['PMINUB', 'DA', 'minUnsigned', 1], ['PMAXUB', 'DE', 'maxUnsigned', 1],
  ['PMINSW', 'EA', 'minSigned', 2], ['PMAXSW', 'EE', 'maxSigned', 2],
  ['PCMPEQB', '74', 'equal', 1], ['PCMPEQW', '75', 'equal', 2], ['PCMPEQD', '76', 'equal', 4],
  ['PCMPGTB', '64', 'greater', 1], ['PCMPGTW', '65', 'greater', 2], ['PCMPGTD', '66', 'greater', 4],
  ['PAND', 'DB', 'and', 8], ['PANDN', 'DF', 'andNot', 8], ['POR', 'EB', 'or', 8], ['PXOR', 'EF', 'xor', 8],
  ['PACKSSWB', '63', 'narrow16Signed', 8], ['PACKUSWB', '67', 'narrow16Unsigned', 8], ['PACKSSDW', '6B', 'narrow32Signed', 8],
];

/** The same bits under a name for floating point. */
const LOGIC: readonly (readonly [name: string, opcode: string, operation: LaneOperation])[] = [
  ['AND', '54', 'and'], ['ANDN', '55', 'andNot'], ['OR', '56', 'or'], ['XOR', '57', 'xor'],
];

/** By the low 64 bits of an operand, or by a constant. */
type Shift = readonly [mnemonic: string, operand: string, constant: string, digit: number, operation: LaneOperation, width: Width];
export const SHIFTS: readonly Shift[] = [
  ['PSLLW', 'F1', '71', 6, 'shl', 2], ['PSLLD', 'F2', '72', 6, 'shl', 4], ['PSLLQ', 'F3', '73', 6, 'shl', 8],
  ['PSRLW', 'D1', '71', 2, 'shr', 2], ['PSRLD', 'D2', '72', 2, 'shr', 4], ['PSRLQ', 'D3', '73', 2, 'shr', 8],
  ['PSRAW', 'E1', '71', 4, 'sar', 2], ['PSRAD', 'E2', '72', 4, 'sar', 4],
];

/** All 128 bits by bytes: each word of 64 bits takes in what the other gives. */
const byteShift = (left: boolean): Semantics => (u, dst, by) => {
  const a = u.readPacked(dst!);
  const count = u.and(u.read(by!), 0xff);
  const bits = u.shl(u.and(count, 7), 3);
  const [low, high] = [u.lane(a, 0, 8), u.lane(a, 1, 8)];
  const [near, far] = left ? [low, high] : [high, low];
  const moved = (value: typeof low): typeof low => (left ? u.shl(value, bits) : u.shr(value, bits));
  const carried = u.select(u.isZero(bits), 0, left ? u.shr(near, u.minus(64, bits)) : u.shl(near, u.minus(64, bits)));
  const few = u.below(count, 8), some = u.below(count, 16);
  const nearAfter = u.select(few, moved(near), 0);
  const farAfter = u.select(few, u.or(moved(far), carried), u.select(some, moved(near), 0));
  u.writePacked(dst!, left ? u.packed(nearAfter, farAfter) : u.packed(farAfter, nearAfter));
};

export const SSE_INTEGER: readonly Instruction[] = [
  ...OPERATIONS.map(([mnemonic, opcode, operation, width]) =>
    sse2(mnemonic, [`66 0F ${opcode} /r | xmm, xmm/m128`], each(operation, width))),
  ...LOGIC.flatMap(([name, opcode, operation]) => [
    sse(`${name}PS`, [`NP 0F ${opcode} /r | xmm, xmm/m128`], each(operation, 8)),
    sse2(`${name}PD`, [`66 0F ${opcode} /r | xmm, xmm/m128`], each(operation, 8)),
  ]),
  ...SHIFTS.map(([mnemonic, operand, constant, digit, operation, width]) => sse2(mnemonic, [
    `66 0F ${operand} /r | xmm, xmm/m128`, `66 0F ${constant} /${digit} ib | xmm:r, imm8`,
  ], (u, dst, by) => {
    const count = by!.kind === 'immediate' ? u.and(u.read(by!), 0xff) : u.lane(u.readPacked(by!), 0, 8);
    u.writePacked(dst!, u.shifted(operation, u.readPacked(dst!), count, width));
  })),
  sse2('PSLLDQ', ['66 0F 73 /7 ib | xmm:r, imm8'], byteShift(true)),
  sse2('PSRLDQ', ['66 0F 73 /3 ib | xmm:r, imm8'], byteShift(false)),
];
