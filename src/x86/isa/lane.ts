/**
 * What packed integer instructions do to each lane: the meaning of the operations that micro-ops name. Lanes come as unsigned
 * numbers; of a result the low `bits` bits count.
 */

type Operation = (a: bigint, b: bigint, bits: number) => bigint;

const signed = BigInt.asIntN;
const clamp = (value: bigint, low: bigint, high: bigint): bigint => (value < low ? low : value > high ? high : value);
const saturateSigned = (value: bigint, bits: number): bigint => clamp(value, -(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n);
const saturateUnsigned = (value: bigint, bits: number): bigint => clamp(value, 0n, (1n << BigInt(bits)) - 1n);
const chosen = (a: bigint, b: bigint, first: boolean): bigint => (first ? a : b);
/** Negative, zero or positive. */
const compareUnsigned: Operation = (a, b) => a - b;
const compareSigned: Operation = (a, b, bits) => signed(bits, a) - signed(bits, b);
const allOnes = (is: boolean): bigint => (is ? -1n : 0n);
/** The lanes of `size` bits inside a wider one, from the lowest. */
const inner = (value: bigint, size: number, bits: number): bigint[] =>
  Array.from({ length: bits / size }, (_, i) => BigInt.asUintN(size, value >> BigInt(i * size)));
const joined = (lanes: readonly bigint[], size: number): bigint =>
  lanes.reduce((all, lane, i) => all | (BigInt.asUintN(size, lane) << BigInt(i * size)), 0n);

/** The lower half of the result from the first operand, the upper from the second: each lane half as wide. */
const narrow = (saturate: (value: bigint, bits: number) => bigint) => (size: number): Operation => (a, b, bits) => {
  const half = (value: bigint): bigint => joined(inner(value, size, bits).map((lane) => saturate(signed(size, lane), size / 2)), size / 2);
  return half(a) | (half(b) << BigInt(bits / 2));
};
const narrowSigned = narrow(saturateSigned), narrowUnsigned = narrow(saturateUnsigned);

export const LANE_OPERATIONS = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  andNot: (a, b) => ~a & b,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  addSigned: (a, b, bits) => saturateSigned(signed(bits, a) + signed(bits, b), bits),
  addUnsigned: (a, b, bits) => saturateUnsigned(a + b, bits),
  subSigned: (a, b, bits) => saturateSigned(signed(bits, a) - signed(bits, b), bits),
  subUnsigned: (a, b, bits) => saturateUnsigned(a - b, bits),
  mul: (a, b) => a * b,
  mulHighSigned: (a, b, bits) => (signed(bits, a) * signed(bits, b)) >> BigInt(bits),
  mulHighUnsigned: (a, b, bits) => (a * b) >> BigInt(bits),
  /** The low halves of the lanes. */
  mulHalves: (a, b, bits) => BigInt.asUintN(bits / 2, a) * BigInt.asUintN(bits / 2, b),
  mulHalvesSigned: (a, b, bits) => signed(bits / 2, a) * signed(bits / 2, b),
  /** The sum of the products of both halves, which are signed. */
  mulAdd: (a, b, bits) => {
    const [left, right] = [a, b].map((value) => inner(value, bits / 2, bits).map((half) => signed(bits / 2, half)));
    return left![0]! * right![0]! + left![1]! * right![1]!;
  },
  average: (a, b) => (a + b + 1n) >> 1n,
  minUnsigned: (a, b, bits) => chosen(a, b, compareUnsigned(a, b, bits) < 0n),
  maxUnsigned: (a, b, bits) => chosen(a, b, compareUnsigned(a, b, bits) > 0n),
  minSigned: (a, b, bits) => chosen(a, b, compareSigned(a, b, bits) < 0n),
  maxSigned: (a, b, bits) => chosen(a, b, compareSigned(a, b, bits) > 0n),
  equal: (a, b) => allOnes(a === b),
  greater: (a, b, bits) => allOnes(compareSigned(a, b, bits) > 0n),
  /** How far the bytes are apart, in all. */
  differences: (a, b, bits) => {
    const others = inner(b, 8, bits);
    return inner(a, 8, bits).reduce((sum, byte, i) => sum + (byte > others[i]! ? byte - others[i]! : others[i]! - byte), 0n);
  },
  // Of all 128 bits as one lane, words of 16 bits become bytes, or words of 32 bits those of 16.
  narrow16Signed: narrowSigned(16),
  narrow16Unsigned: narrowUnsigned(16),
  narrow32Signed: narrowSigned(32),
  narrow32Unsigned: narrowUnsigned(32),
  /** Of all 128 bits as one lane, bytes of the first by the numbers that the second has; there is none from 16 on. */
  pick: (a, b, bits) => joined(inner(b, 8, bits).map((n) => (n < 16n ? a >> (8n * n) : 0n)), 8),
  // Shifts take any count: all bits are gone, or the sign is everywhere.
  shl: (a, count, bits) => (count < BigInt(bits) ? a << count : 0n),
  shr: (a, count, bits) => (count < BigInt(bits) ? a >> count : 0n),
  sar: (a, count, bits) => signed(bits, a) >> (count < BigInt(bits) ? count : BigInt(bits)),
} as const satisfies Record<string, Operation>;

export type LaneOperation = keyof typeof LANE_OPERATIONS;
