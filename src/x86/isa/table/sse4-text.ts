/** SSE4.2: comparison of strings, and checksums. */
import { CF, OF, SF, ZF } from '../../flags.ts';
import { RAX, RCX, RDX } from '../../registers.ts';
import { define, type Instruction } from '../define.ts';
import type { Lift, Place, Semantics } from '../lift.ts';
import type { Bit, Packed, Word } from '../recorder.ts';
import { sse42 } from './sse.ts';
import { lanesOfBits } from './sse4-move.ts';

/** SDM, "Imm8 Control Byte Operation for PCMPESTRI / PCMPESTRM / PCMPISTRI / PCMPISTRM": elements are words, not bytes. */
const WORDS = 0;
/** The topmost match is the index, not the lowest; the mask has an element for each match, not a bit. */
const OTHER_OUTPUT = 6;

interface Compared { readonly matches: Word; readonly words: Bit; readonly elements: Word; readonly other: Bit }

/** How many elements a register has, whose sign does not matter, and at most as many as there is room for. */
const explicitLength = (u: Lift, reg: number, elements: Word): Word => {
  const value = u.signExtend(u.gpr(reg, u.operandSize), u.operandSize);
  const size = u.select(u.less(value, 0), u.minus(0, value), value);
  return u.select(u.below(size, elements), size, elements);
};

/** Up to the first element that is zero. */
const implicitLength = (u: Lift, a: Packed, words: Bit, elements: Word): Word => {
  const zeros = (width: 1 | 2): Word => u.trailingZeros(u.signs(u.each('equal', a, u.zeros(), width), width));
  const first = u.select(words, zeros(2), zeros(1));
  return u.select(u.below(first, elements), first, elements);
};

const compared = (u: Lift, x: Place, y: Place, by: Place, explicit: boolean): Compared => {
  // SDM: the operand in memory may lie anywhere.
  const a = u.readPacked(x), b = u.readPacked(y, 1), choice = u.read(by);
  const words = u.bit(choice, WORDS);
  const elements = u.select(words, 8, 16);
  const first = explicit ? explicitLength(u, RAX, elements) : implicitLength(u, a, words, elements);
  const second = explicit ? explicitLength(u, RDX, elements) : implicitLength(u, b, words, elements);
  const matches = u.matches(a, b, u.or(first, u.shl(second, 8)), choice);
  const flag = (is: Bit, mask: number): Word => u.shl(u.wordOf(is), Math.log2(mask));
  const status = [
    flag(u.not(u.isZero(matches)), CF), flag(u.bit(matches, 0), OF),
    flag(u.below(second, elements), ZF), flag(u.below(first, elements), SF),
  ];
  u.setStatus(status.reduce((all, one) => u.or(all, one)));
  return { matches, words, elements, other: u.bit(choice, OTHER_OUTPUT) };
};

const index = (explicit: boolean): Semantics => (u, x, y, by) => {
  const { matches, elements, other } = compared(u, x!, y!, by!, explicit);
  const place = u.select(other, u.minus(63, u.leadingZeros(matches)), u.trailingZeros(matches));
  u.setGpr(RCX, u.select(u.isZero(matches), elements, place), 4);
};

const mask = (explicit: boolean): Semantics => (u, x, y, by) => {
  const { matches, words, other } = compared(u, x!, y!, by!, explicit);
  const spread = (value: Word, factor: bigint): Word => u.times(u.and(value, 0xff), factor);
  const each = spread(matches, 0x0001_0001_0001_0001n);
  const asWords = lanesOfBits(u, u.packed(each, each), 2);
  const asBytes = lanesOfBits(u, u.packed(spread(matches, 0x0101_0101_0101_0101n), spread(u.shr(matches, 8), 0x0101_0101_0101_0101n)), 1);
  const half = (n: 0 | 1): Word =>
    u.select(other, u.select(words, u.lane(asWords, n, 8), u.lane(asBytes, n, 8)), n === 0 ? matches : 0);
  u.setVector(0, u.packed(half(0), half(1)));
};

const checksum: Semantics = (u, dst, src) => {
  const data = u.read(src!);
  u.write(dst!, u.crc32(u.zeroExtend(u.read(dst!), 4), data, src!.width));
};

export const SSE4_TEXT: readonly Instruction[] = [
  sse42('PCMPESTRM', ['66 0F 3A 60 /r ib | xmm, xmm/m128, imm8 | no16 implied'], mask(true)),
  sse42('PCMPESTRI', ['66 0F 3A 61 /r ib | xmm, xmm/m128, imm8 | no16 implied'], index(true)),
  sse42('PCMPISTRM', ['66 0F 3A 62 /r ib | xmm, xmm/m128, imm8'], mask(false)),
  sse42('PCMPISTRI', ['66 0F 3A 63 /r ib | xmm, xmm/m128, imm8'], index(false)),
  // It is of general registers, and asks nobody whether XMM registers may be used.
  define('CRC32', [
    'F2 0F 38 F0 /r | r, r/m8 | no16', 'F2 0F 38 F1 /r | r32, r/m | w0', 'F2 REX.W + 0F 38 F1 /r | r64, r/m64',
  ], checksum, { feature: 'SSE4_2' }),
];
