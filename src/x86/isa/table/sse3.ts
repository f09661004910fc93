/** SSE3: numbers beside each other in one register, and moves that repeat lanes. FISTTP stands with the x87 FPU. */
import type { FloatWidth } from '../../simd/operation.ts';
import type { Instruction } from '../define.ts';
import type { Lift, Semantics } from '../lift.ts';
import type { Packed } from '../recorder.ts';
import { sse3 } from './sse.ts';

const FLOAT = { cost: 'float' } as const;

/** The even lanes of both operands, one behind the other, and the odd ones. */
export const pairs = (u: Lift, a: Packed, b: Packed, width: 2 | 4 | 8): readonly [even: Packed, odd: Packed] => {
  const even = Array.from({ length: 16 / width }, (_, i) => 2 * i);
  return [u.arranged(a, b, even, width), u.arranged(a, b, even.map((lane) => lane + 1), width)];
};

const horizontal = (operation: 'add' | 'sub', width: FloatWidth): Semantics => (u, dst, src) => {
  const [even, odd] = pairs(u, u.readPacked(dst!), u.readPacked(src!), width);
  u.writePacked(dst!, u.float(operation, even, odd, width, 16 / width));
};

/** The infinity of each lane, and the sign of the even ones. */
const SHAPES = {
  4: { infinity: 0x7f80_0000_7f80_0000n, evenSign: 0x8000_0000n },
  8: { infinity: 0x7ff0_0000_0000_0000n, evenSign: 1n << 63n },
} as const;

/** Even lanes are subtracted, which is the addition of the negative; a NaN has none. */
const alternating = (width: FloatWidth): Semantics => (u, dst, src) => {
  const { infinity, evenSign } = SHAPES[width];
  const a = u.readPacked(dst!), b = u.readPacked(src!);
  const signs = u.packed(evenSign, width === 4 ? evenSign : 0);
  const allSigns = width === 4 ? 0x8000_0000_8000_0000n : 1n << 63n;
  const magnitude = u.each('andNot', u.packed(allSigns, allSigns), b, 8);
  const nan = u.each('greater', magnitude, u.packed(infinity, infinity), width);
  u.writePacked(dst!, u.float('add', a, u.each('xor', b, u.each('andNot', nan, signs, 8), 8), width, 16 / width));
};

const repeated = (order: readonly number[], width: 4 | 8): Semantics => (u, dst, src) => {
  const a = u.readPacked(src!);
  u.writePacked(dst!, u.arranged(a, a, order, width));
};

export const SSE3: readonly Instruction[] = [
  sse3('ADDSUBPD', ['66 0F D0 /r | xmm, xmm/m128'], alternating(8), FLOAT),
  sse3('ADDSUBPS', ['F2 0F D0 /r | xmm, xmm/m128'], alternating(4), FLOAT),
  sse3('HADDPD', ['66 0F 7C /r | xmm, xmm/m128'], horizontal('add', 8), FLOAT),
  sse3('HADDPS', ['F2 0F 7C /r | xmm, xmm/m128'], horizontal('add', 4), FLOAT),
  sse3('HSUBPD', ['66 0F 7D /r | xmm, xmm/m128'], horizontal('sub', 8), FLOAT),
  sse3('HSUBPS', ['F2 0F 7D /r | xmm, xmm/m128'], horizontal('sub', 4), FLOAT),
  sse3('LDDQU', ['F2 0F F0 /r | xmm, m128'], (u, dst, src) => u.writePacked(dst!, u.readPacked(src!, 1))),
  sse3('MOVDDUP', ['F2 0F 12 /r | xmm, xmm/m64'], repeated([0, 0], 8)),
  sse3('MOVSLDUP', ['F3 0F 12 /r | xmm, xmm/m128'], repeated([0, 0, 2, 2], 4)),
  sse3('MOVSHDUP', ['F3 0F 16 /r | xmm, xmm/m128'], repeated([1, 1, 3, 3], 4)),
];
