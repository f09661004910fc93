/** The four operations and the square root, to the precision and by the rounding of the control word. SDM: FADD to FSQRT. */
import { classOf, type Extended, infinity, zero } from './extended.ts';
import { denormalFlag, INVALID, notANumber, notNumbers } from './nan.ts';
import { bitLength, type Exact, exactly, exactOf, type Result, round } from './round.ts';
import { roundingOf, ZE } from './words.ts';

/** An operation on two numbers. */
export type Binary = (a: Extended, b: Extended, control: number) => Result;

/** How far below the other operand one is that no rounding can tell from something smaller still. */
const FAR = 160;

const isInfinite = (value: Extended): boolean => classOf(value) === 'infinity';
const isZero = (value: Extended): boolean => classOf(value) === 'zero';

const flagged = (result: Result, flags: number): Result => ({ ...result, flags: result.flags | flags });

export const add: Binary = (a, b, control) => {
  const nan = notNumbers(a, b);
  if (nan !== undefined) return nan;
  if (isInfinite(a) || isInfinite(b)) {
    if (isInfinite(a) && isInfinite(b) && a.negative !== b.negative) return INVALID;
    return exactly(infinity(isInfinite(a) ? a.negative : b.negative), denormalFlag(a, b));
  }
  const sum = exactSum(exactOf(a), exactOf(b));
  // Exact zeros keep a common sign; a difference of equals is positive, unless everything is rounded down.
  const alike = a.negative === b.negative && isZero(a) && isZero(b);
  const negative = sum.significand === 0n ? (alike ? a.negative : roundingOf(control) === 'down') : sum.negative;
  return flagged(round({ ...sum, negative }, control), denormalFlag(a, b));
};

function exactSum(a: Exact, b: Exact): Exact {
  if (a.significand === 0n) return b;
  if (b.significand === 0n) return a;
  const [big, small] = bitLength(a.significand) + a.exponent >= bitLength(b.significand) + b.exponent ? [a, b] : [b, a];
  const distance = bitLength(big.significand) + big.exponent - bitLength(small.significand) - small.exponent;
  const far = distance > FAR;
  const exponent = far ? big.exponent - FAR : Math.min(big.exponent, small.exponent);
  const aligned = big.significand << BigInt(big.exponent - exponent);
  const other = far ? 1n : small.significand << BigInt(small.exponent - exponent);
  const difference = aligned - other;
  if (big.negative === small.negative) return { negative: big.negative, significand: aligned + other, exponent };
  return { negative: difference < 0n !== big.negative, significand: difference < 0n ? -difference : difference, exponent };
}

/** NaNs keep their sign, so that a difference is not the sum with a sign changed. */
export const subtract: Binary = (a, b, control) => notNumbers(a, b) ?? add(a, { ...b, negative: !b.negative }, control);

export const multiply: Binary = (a, b, control) => {
  const nan = notNumbers(a, b);
  if (nan !== undefined) return nan;
  const negative = a.negative !== b.negative;
  if (isInfinite(a) || isInfinite(b)) return isZero(a) || isZero(b) ? INVALID : exactly(infinity(negative), denormalFlag(a, b));
  return flagged(round(multiplyExact(exactOf(a), exactOf(b)), control), denormalFlag(a, b));
};

export const multiplyExact = (a: Exact, b: Exact): Exact =>
  ({ negative: a.negative !== b.negative, significand: a.significand * b.significand, exponent: a.exponent + b.exponent });

/** Bits of a quotient or a root: those of a significand, and enough for the last one to stand for the rest. */
const ENOUGH = 70;

export const divide: Binary = (a, b, control) => {
  const nan = notNumbers(a, b);
  if (nan !== undefined) return nan;
  const negative = a.negative !== b.negative;
  if (isInfinite(a)) return isInfinite(b) ? INVALID : exactly(infinity(negative), denormalFlag(b));
  if (isInfinite(b)) return exactly(zero(negative), denormalFlag(a));
  if (isZero(b)) return isZero(a) ? INVALID : exactly(infinity(negative), ZE);
  if (isZero(a)) return exactly(zero(negative), denormalFlag(b));
  return flagged(round(exactQuotient(exactOf(a), exactOf(b)), control), denormalFlag(a, b));
};

export function exactQuotient(a: Exact, b: Exact, bits = ENOUGH): Exact {
  const shift = Math.max(0, bits + bitLength(b.significand) - bitLength(a.significand));
  const dividend = a.significand << BigInt(shift);
  const quotient = dividend / b.significand;
  const rest = dividend - quotient * b.significand === 0n ? 0n : 1n;
  return { negative: a.negative !== b.negative, significand: (quotient << 1n) | rest, exponent: a.exponent - b.exponent - shift - 1 };
}

export function squareRoot(a: Extended, control: number): Result {
  const nan = notANumber(a);
  if (nan !== undefined) return nan;
  if (isZero(a)) return exactly(a);
  if (a.negative) return INVALID;
  if (isInfinite(a)) return exactly(a);
  const { significand, exponent } = exactOf(a);
  // An even exponent, and twice the bits that the root is to have.
  const widen = 2 * ENOUGH - bitLength(significand);
  const shift = widen + ((exponent - widen) & 1);
  const square = significand << BigInt(shift);
  const root = wholeRoot(square);
  const rest = root * root === square ? 0n : 1n;
  const exact = { negative: false, significand: (root << 1n) | rest, exponent: (exponent - shift) / 2 - 1 };
  return flagged(round(exact, control), denormalFlag(a));
}

/** The largest whole number whose square is not above `value`: Newton's iteration, from above. */
export function wholeRoot(value: bigint): bigint {
  if (value === 0n) return 0n;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
