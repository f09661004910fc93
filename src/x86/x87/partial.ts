/** Operations on the parts of a number: rounding to an integer, scaling, taking apart, and remainders. SDM: FRNDINT to FPREM1. */

import { fromInteger, wholeOf } from './convert.ts';
import { BIAS, classOf, type Extended, extended, infinity, withSign, zero } from './extended.ts';
import { denormalFlag, INVALID, notANumber, notNumbers } from './nan.ts';
import { bitLength, type Exact, exactly, exactOf, type Result, round } from './round.ts';
import { C0, C1, C2, C3, PE, roundingOf, ZE } from './words.ts';

export function roundToInteger(a: Extended, control: number): Result {
  const nan = notANumber(a);
  if (nan !== undefined) return nan;
  const exact = exactOf(a);
  const flags = denormalFlag(a);
  if (classOf(a) === 'infinity' || classOf(a) === 'zero' || exact.exponent >= 0) return exactly(a, flags);
  const { value, inexact, up } = wholeOf(exact, roundingOf(control));
  return { value: withSign(fromInteger(value), a.negative), flags: flags | (inexact ? PE : 0), up };
}

/** Further than this no scale moves a number: exponents are gone from one end of their range to the other, and adjusted. */
const FARTHEST = 0x1_4000;

/** ST(0) by two to the power of ST(1) without its fraction. */
export function scale(a: Extended, b: Extended, control: number): Result {
  const nan = notNumbers(a, b);
  if (nan !== undefined) return nan;
  const [kindA, kindB] = [classOf(a), classOf(b)];
  const flags = denormalFlag(a, b);
  if (kindB === 'infinity') {
    if (b.negative) return kindA === 'infinity' ? INVALID : exactly(zero(a.negative), flags);
    return kindA === 'zero' ? INVALID : exactly(infinity(a.negative), flags);
  }
  if (kindA === 'infinity' || kindA === 'zero') return exactly(a, flags);
  const exact = exactOf(a);
  const whole = Number(b.exponent > BIAS + 20 ? BigInt(FARTHEST) : wholeOf(exactOf(b), 'zero').value);
  const by = Math.min(whole, FARTHEST) * (b.negative ? -1 : 1);
  const result = round({ ...exact, exponent: exact.exponent + by }, control, 64);
  return { ...result, flags: result.flags | flags };
}

/** The exponent as a number, and the significand as one between 1 and 2. */
export function extract(a: Extended): { readonly exponent: Extended; readonly significand: Extended; readonly flags: number } {
  const nan = notANumber(a);
  if (nan !== undefined) return { exponent: nan.value, significand: nan.value, flags: nan.flags };
  const kind = classOf(a);
  if (kind === 'infinity') return { exponent: infinity(false), significand: a, flags: 0 };
  if (kind === 'zero') return { exponent: infinity(true), significand: a, flags: ZE };
  const { significand, exponent } = exactOf(a);
  const length = bitLength(significand);
  return {
    exponent: fromInteger(BigInt(exponent + length - 1)), flags: denormalFlag(a),
    significand: extended(a.negative, BIAS, significand << BigInt(64 - length)),
  };
}

/** A remainder, and with it the condition codes: three bits of the quotient, or C2 where there is more to do. NaNs have none. */
export interface Remainder { readonly result: Result; readonly codes: number | undefined }

/** The quotient's bits 2, 1 and 0 are in C0, C3 and C1. */
const quotientCodes = (quotient: bigint): number =>
  ((quotient & 4n) === 0n ? 0 : C0) | ((quotient & 2n) === 0n ? 0 : C3) | ((quotient & 1n) === 0n ? 0 : C1);

/**
 * FPREM, whose quotient is truncated, and FPREM1, whose quotient is the nearest. Exponents that lie 64 or more apart are brought
 * nearer by 32 to 63 at a time.
 */
export function remainder(a: Extended, b: Extended, control: number, nearest: boolean): Remainder {
  const nan = notNumbers(a, b);
  if (nan !== undefined) return { result: nan, codes: undefined };
  const [kindA, kindB] = [classOf(a), classOf(b)];
  if (kindA === 'infinity' || kindB === 'zero') return { result: INVALID, codes: undefined };
  const flags = denormalFlag(a, b);
  if (kindA === 'zero') return { result: exactly(a, flags), codes: 0 };
  if (kindB === 'infinity') {
    const same = round(exactOf(a), control, 64);
    return { result: { ...same, flags: same.flags | flags }, codes: 0 };
  }
  const [x, y] = [exactOf(a), exactOf(b)];
  const distance = x.exponent + bitLength(x.significand) - y.exponent - bitLength(y.significand);
  const partial = distance >= 64;
  const by = partial ? distance - (32 + (distance % 32)) : 0;
  const exponent = Math.min(x.exponent, y.exponent + by);
  const dividend = x.significand << BigInt(x.exponent - exponent), divisor = y.significand << BigInt(y.exponent + by - exponent);
  let quotient = dividend / divisor;
  let rest = dividend - quotient * divisor;
  let { negative } = a;
  if (nearest && !partial && (2n * rest > divisor || (2n * rest === divisor && (quotient & 1n) === 1n))) {
    quotient += 1n;
    rest = divisor - rest;
    negative = !negative;
  }
  if (rest === 0n) ({ negative } = a);
  const exact: Exact = { negative, significand: rest, exponent };
  const result = round(exact, control, 64);
  return { result: { ...result, flags: result.flags | flags }, codes: partial ? C2 : quotientCodes(quotient) };
}

