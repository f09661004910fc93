/** SSE4.1: arithmetic on packed integers and numbers, with PCMPGTQ of SSE4.2. */
import { CF, ZF } from '../../flags.ts';
import type { Width } from '../../registers.ts';
import type { FloatWidth } from '../../simd/operation.ts';
import type { Instruction } from '../define.ts';
import type { LaneOperation } from '../lane.ts';
import type { Lift, Semantics } from '../lift.ts';
import type { Packed, Word } from '../recorder.ts';
import { type Define, sse41, sse42 } from './sse.ts';

/** Mnemonic, last byte of the opcode, operation, width of a lane. */
type Operation = readonly [mnemonic: string, opcode: string, operation: LaneOperation, width: Width, define?: Define];
const OPERATIONS: readonly Operation[] = [
  ['PMULDQ', '28', 'mulHalvesSigned', 8], ['PCMPEQQ', '29', 'equal', 8], ['PACKUSDW', '2B', 'narrow32Unsigned', 8],
  ['PCMPGTQ', '37', 'greater', 8, sse42], ['PMULLD', '40', 'mul', 4],
  ['PMINSB', '38', 'minSigned', 1], ['PMINSD', '39', 'minSigned', 4],
  ['PMINUW', '3A', 'minUnsigned', 2], ['PMINUD', '3B', 'minUnsigned', 4],
  ['PMAXSB', '3C', 'maxSigned', 1], ['PMAXSD', '3D', 'maxSigned', 4],
  ['PMAXUW', '3E', 'maxUnsigned', 2], ['PMAXUD', '3F', 'maxUnsigned', 4],
];

/** The smallest of eight words, and its place: the smallest of the words with their places behind them. */
const smallest: Semantics = (u, dst, src) => {
  const a = u.readPacked(src!);
  let least: Word | undefined;
  for (let i = 0; i < 8; i += 1) {
    const word = u.or(u.shl(u.lane(a, i, 2), 3), i);
    least = least === undefined ? word : u.select(u.below(word, least), word, least);
  }
  u.writePacked(dst!, u.packed(u.or(u.shr(least!, 3), u.shl(u.and(least!, 7), 16)), 0));
};

/** Eight words from bytes of `a`: word i is byte i + `first`, zero-extended; with `step` 0 all are the same byte. */
const bytesAsWords = (u: Lift, a: Packed, first: Word, step: 0 | 1): Packed => {
  const numbers = [0n, 1n].map((half) => [0n, 1n, 2n, 3n].reduce((sum, i) =>
    sum | ((0xff00n | (step === 0 ? 0n : 4n * half + i)) << (16n * i)), 0n));
  const each = u.times(first, 0x0001_0001_0001_0001n);
  return u.each('pick', a, u.each('add', u.packed(numbers[0]!, numbers[1]!), u.packed(each, each), 1), 1);
};

/** Eight sums of how far four bytes are from four of the second operand; where they begin is in the constant. */
const blockDifferences: Semantics = (u, dst, src, by) => {
  const a = u.readPacked(dst!), b = u.readPacked(src!), choice = u.read(by!);
  const left = u.and(choice, 4), right = u.shl(u.and(choice, 3), 2);
  let sum: Packed | undefined;
  for (let j = 0; j < 4; j += 1) {
    const x = bytesAsWords(u, a, u.plus(left, j), 1), y = bytesAsWords(u, b, u.plus(right, j), 0);
    const apart = u.each('or', u.each('subUnsigned', x, y, 2), u.each('subUnsigned', y, x, 2), 8);
    sum = sum === undefined ? apart : u.each('add', sum, apart, 2);
  }
  u.writePacked(dst!, sum!);
};

/** ZF where the operands have no bit in common, CF where the second has none beyond the first. */
const tested: Semantics = (u, x, y) => {
  const a = u.readPacked(x!), b = u.readPacked(y!);
  const none = (of: Packed): ReturnType<Lift['wordOf']> => u.wordOf(u.isZero(u.or(u.lane(of, 0, 8), u.lane(of, 1, 8))));
  const zero = none(u.each('and', a, b, 8)), carry = none(u.each('andNot', a, b, 8));
  u.setStatus(u.or(u.shl(zero, Math.log2(ZF)), u.shl(carry, Math.log2(CF))));
};

const rounded = (width: FloatWidth, lanes: number): Semantics => (u, dst, src, by) =>
  u.writePacked(dst!, u.float('toWhole', u.readPacked(dst!), u.readPacked(src!), width, lanes, u.read(by!)));

const summed = (width: FloatWidth): Semantics => (u, dst, src, by) =>
  u.writePacked(dst!, u.dot(u.readPacked(dst!), u.readPacked(src!), width, u.read(by!)));

const FLOAT = { cost: 'float' } as const;

export const SSE4_INTEGER: readonly Instruction[] = [
  ...OPERATIONS.map(([mnemonic, opcode, operation, width, define = sse41]) =>
    define(mnemonic, [`66 0F 38 ${opcode} /r | xmm, xmm/m128`], (u, dst, src) => {
      u.writePacked(dst!, u.each(operation, u.readPacked(dst!), u.readPacked(src!), width));
    })),
  sse41('PHMINPOSUW', ['66 0F 38 41 /r | xmm, xmm/m128'], smallest),
  sse41('MPSADBW', ['66 0F 3A 42 /r ib | xmm, xmm/m128, imm8'], blockDifferences),
  sse41('PTEST', ['66 0F 38 17 /r | xmm, xmm/m128'], tested),
  sse41('ROUNDPS', ['66 0F 3A 08 /r ib | xmm, xmm/m128, imm8'], rounded(4, 4), FLOAT),
  sse41('ROUNDPD', ['66 0F 3A 09 /r ib | xmm, xmm/m128, imm8'], rounded(8, 2), FLOAT),
  sse41('ROUNDSS', ['66 0F 3A 0A /r ib | xmm, xmm/m32, imm8'], rounded(4, 1), FLOAT),
  sse41('ROUNDSD', ['66 0F 3A 0B /r ib | xmm, xmm/m64, imm8'], rounded(8, 1), FLOAT),
  sse41('DPPS', ['66 0F 3A 40 /r ib | xmm, xmm/m128, imm8'], summed(4), FLOAT),
  sse41('DPPD', ['66 0F 3A 41 /r ib | xmm, xmm/m128, imm8'], summed(8), FLOAT),
];
