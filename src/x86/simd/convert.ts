/** Conversions between the two formats, and to and from integers. */
import { MXCSR_IE, MXCSR_PE } from '../mxcsr.ts';
import {
  type Environment, type Format, finite, isInfinite, isNan, isNegative, isSignaling, isZero, nanOf, noteDenormals, ROUND, seen, signed,
} from './format.ts';
import { round, shiftRounded } from './round.ts';

/** To the other format. A NaN keeps the upper bits of its fraction. */
export function toFormat(from: Format, to: Format, env: Environment, operand: bigint): bigint {
  const a = seen(from, env, operand);
  const negative = isNegative(from, a);
  if (isNan(from, a)) {
    if (isSignaling(from, a)) env.raise(MXCSR_IE);
    const fraction = a & ((1n << BigInt(from.fraction)) - 1n);
    const longer = BigInt(to.fraction - from.fraction);
    const moved = longer > 0n ? fraction << longer : fraction >> -longer;
    return signed(to, negative, to.infinity | to.quiet | moved);
  }
  noteDenormals(from, env, a);
  if (isInfinite(from, a)) return signed(to, negative, to.infinity);
  if (isZero(from, a)) return signed(to, negative, 0n);
  return round(to, env, finite(from, a));
}

/** To a signed integer of so many bits; the most negative one for what has no such integer. */
export function toInteger(f: Format, bits: number, env: Environment, operand: bigint, truncate: boolean): bigint {
  const a = seen(f, env, operand);
  const indefinite = 1n << BigInt(bits - 1);
  if (!isNan(f, a) && !isInfinite(f, a)) {
    const { negative, significand, exponent } = finite(f, a);
    const { rounded, inexact } = shiftRounded(significand, -exponent, negative, truncate ? ROUND.zero : env.rounding);
    const value = negative ? -rounded : rounded;
    if (BigInt.asIntN(bits, value) === value) {
      if (inexact) env.raise(MXCSR_PE);
      return BigInt.asUintN(bits, value);
    }
  }
  env.raise(MXCSR_IE);
  return indefinite;
}

/** Bits of the constant of ROUNDPS and its kin: how to round, that MXCSR says it, and that inexactness is no exception. */
const BY_MXCSR = 1 << 2, SUPPRESS = 1 << 3;

/** To a whole number. SDM, "Rounding Modes and Encoding of Rounding Control (RC) Field": denormals are not told of. */
export function toWhole(f: Format, env: Environment, operand: bigint, choice: number): bigint {
  const a = seen(f, env, operand);
  const nan = nanOf(f, env, a, a);
  if (nan !== undefined) return nan;
  if (isInfinite(f, a) || isZero(f, a)) return a;
  const { negative, significand, exponent } = finite(f, a);
  const { rounded, inexact } = shiftRounded(significand, -exponent, negative, (choice & BY_MXCSR) !== 0 ? env.rounding : choice & 3);
  if (inexact && (choice & SUPPRESS) === 0) env.raise(MXCSR_PE);
  return rounded === 0n ? signed(f, negative, 0n) : round(f, env, { negative, significand: rounded, exponent: 0 });
}

/** From a signed integer of so many bits. */
export function fromInteger(f: Format, bits: number, env: Environment, operand: bigint): bigint {
  const value = BigInt.asIntN(bits, operand);
  if (value === 0n) return 0n;
  return round(f, env, { negative: value < 0n, significand: value < 0n ? -value : value, exponent: 0 });
}
