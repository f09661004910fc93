/** Addition, multiplication, division, square root, minimum, maximum and comparison, with SSE's rules for what is not a number. */
import { MXCSR_IE, MXCSR_ZE } from '../mxcsr.ts';
import {
  type Environment, type Format, finite, invalid, isInfinite, isNan, isNegative, isSignaling, isZero, magnitude, nanOf, noteDenormals,
  ROUND, seen, signed,
} from './format.ts';
import { bitLength, round } from './round.ts';

export type Arithmetic = (f: Format, env: Environment, a: bigint, b: bigint) => bigint;

/** Operands seen through DAZ; what NaNs make of them comes first, then denormals are told of. */
const operation = (compute: Arithmetic): Arithmetic => (f, env, x, y) => {
  const a = seen(f, env, x), b = seen(f, env, y);
  return nanOf(f, env, a, b) ?? compute(f, env, a, b);
};

const sum: Arithmetic = (f, env, a, b) => {
  if (isInfinite(f, a)) {
    if (isInfinite(f, b) && isNegative(f, a) !== isNegative(f, b)) return invalid(f, env);
    noteDenormals(f, env, b);
    return a;
  }
  noteDenormals(f, env, a, b);
  if (isInfinite(f, b)) return b;
  const left = finite(f, a), right = finite(f, b);
  const exponent = Math.min(left.exponent, right.exponent);
  const aligned = ({ negative, significand, exponent: own }: typeof left): bigint => {
    const value = significand << BigInt(own - exponent);
    return negative ? -value : value;
  };
  const total = aligned(left) + aligned(right);
  // An exact zero is positive, unless both were negative, or rounding is down.
  if (total === 0n) {
    const zeros = left.significand === 0n && left.negative === right.negative;
    return signed(f, zeros ? left.negative : env.rounding === ROUND.down, 0n);
  }
  return round(f, env, { negative: total < 0n, significand: total < 0n ? -total : total, exponent });
};

export const add = operation(sum);
export const subtract: Arithmetic = operation((f, env, a, b) => sum(f, env, a, b ^ f.sign));

export const multiply = operation((f, env, a, b) => {
  if ((isInfinite(f, a) && isZero(f, b)) || (isZero(f, a) && isInfinite(f, b))) return invalid(f, env);
  noteDenormals(f, env, a, b);
  const negative = isNegative(f, a) !== isNegative(f, b);
  if (isInfinite(f, a) || isInfinite(f, b)) return signed(f, negative, f.infinity);
  const left = finite(f, a), right = finite(f, b);
  const significand = left.significand * right.significand;
  if (significand === 0n) return signed(f, negative, 0n);
  return round(f, env, { negative, significand, exponent: left.exponent + right.exponent });
});

/** Bits of a quotient or root beyond those that count, so that what is left over is told by the lowest. */
const EXTRA = 4;

export const divide = operation((f, env, a, b) => {
  if ((isInfinite(f, a) && isInfinite(f, b)) || (isZero(f, a) && isZero(f, b))) return invalid(f, env);
  const negative = isNegative(f, a) !== isNegative(f, b);
  if (isZero(f, b) && !isInfinite(f, a)) {
    env.raise(MXCSR_ZE);
    return signed(f, negative, f.infinity);
  }
  noteDenormals(f, env, a, b);
  if (isInfinite(f, a)) return signed(f, negative, f.infinity);
  if (isInfinite(f, b) || isZero(f, a)) return signed(f, negative, 0n);
  const left = finite(f, a), right = finite(f, b);
  const shift = Math.max(0, f.fraction + 1 + EXTRA + bitLength(right.significand) - bitLength(left.significand));
  const dividend = left.significand << BigInt(shift);
  const quotient = dividend / right.significand;
  const rest = dividend % right.significand === 0n ? 0n : 1n;
  return round(f, env, { negative, significand: (quotient << 1n) | rest, exponent: left.exponent - right.exponent - shift - 1 });
});

/** The root of the second operand. */
export const squareRoot: Arithmetic = (f, env, _first, operand) => {
  const b = seen(f, env, operand);
  const nan = nanOf(f, env, b, b);
  if (nan !== undefined) return nan;
  if (isZero(f, b)) return b;
  if (isNegative(f, b)) return invalid(f, env);
  noteDenormals(f, env, b);
  if (isInfinite(f, b)) return b;
  const { significand, exponent } = finite(f, b);
  // Twice as many bits as the root has, and an even exponent.
  let shift = 2 * (f.fraction + 1 + EXTRA) - bitLength(significand);
  if ((exponent - shift) % 2 !== 0) shift += 1;
  const value = significand << BigInt(shift);
  const root = integerRoot(value);
  const rest = root * root === value ? 0n : 1n;
  return round(f, env, { negative: false, significand: (root << 1n) | rest, exponent: (exponent - shift) / 2 - 1 });
};

/** The largest integer whose square is not above `value`: Newton's iteration, from above. */
function integerRoot(value: bigint): bigint {
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** SDM, "MINSD", "MAXSD": the second operand if both are zeros or one is NaN, quiet or not. */
const extreme = (wanted: (order: Order) => boolean): Arithmetic => (f, env, x, y) => {
  const a = seen(f, env, x), b = seen(f, env, y);
  if (isNan(f, a) || isNan(f, b)) {
    env.raise(MXCSR_IE);
    return b;
  }
  noteDenormals(f, env, a, b);
  return wanted(orderOf(f, a, b)) ? a : b;
};
export const minimum = extreme((order) => order === 'less');
export const maximum = extreme((order) => order === 'greater');

export type Order = 'less' | 'equal' | 'greater' | 'unordered';

function orderOf(f: Format, a: bigint, b: bigint): Order {
  const value = (bits: bigint): bigint => (isNegative(f, bits) ? -magnitude(f, bits) : magnitude(f, bits));
  const left = value(a), right = value(b);
  return left < right ? 'less' : left > right ? 'greater' : 'equal';
}

/** How two numbers compare. A quiet NaN is invalid only where the comparison is one of order. */
export function compare(f: Format, env: Environment, x: bigint, y: bigint, quiet: boolean): Order {
  const a = seen(f, env, x), b = seen(f, env, y);
  if (isNan(f, a) || isNan(f, b)) {
    if (!quiet || isSignaling(f, a) || isSignaling(f, b)) env.raise(MXCSR_IE);
    return 'unordered';
  }
  noteDenormals(f, env, a, b);
  return orderOf(f, a, b);
}
