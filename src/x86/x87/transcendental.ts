/**
 * The transcendental instructions. SDM: F2XM1, FYL2X, FYL2XP1, FPATAN, FSIN, FCOS, FSINCOS, FPTAN.
 *
 * Results are those of exact mathematics, rounded once to the full precision. The SDM promises less: an error below one unit in the
 * last place. Deviation: a real processor may give the other neighbour of the exact value.
 */
import { exactQuotient, multiplyExact } from './arithmetic.ts';
import { classOf, type Extended, extended, infinity, ONE, withSign, zero } from './extended.ts';
import { denormalFlag, INVALID, notANumber, notNumbers } from './nan.ts';
import { bitLength, type Exact, exactly, exactOf, type Result, round } from './round.ts';
import { atanhQuotient, atanQuotient, cosine, expm1Quotient, FRACTION, LN2, PI, sineQuotient, UNIT } from './series.ts';
import { PE, ZE } from './words.ts';

/** The bits of an exact value above the point of the fixed one, and those below as far as it has them. */
function fixedOf({ negative, significand, exponent }: Exact): bigint {
  const shift = exponent + FRACTION;
  const size = shift >= 0 ? significand << BigInt(shift) : significand >> BigInt(-shift);
  return negative ? -size : size;
}

/** A number in fixed point that is never the exact value: its last bit stands for what follows. */
const fromFixed = (fixed: bigint): Exact =>
  ({ negative: fixed < 0n, significand: ((fixed < 0n ? -fixed : fixed) << 1n) | 1n, exponent: -FRACTION - 1 });

const times = (a: bigint, b: bigint): bigint => (a * b) >> BigInt(FRACTION);
const over = (a: bigint, b: bigint): bigint => (a << BigInt(FRACTION)) / b;
const square = (value: Exact): bigint => times(fixedOf(value), fixedOf(value));
/** Something below one, however near. */
const belowOne = (fixed: bigint): bigint => (fixed >= UNIT ? UNIT - 1n : fixed);

const finish = (exact: Exact, control: number, flags: number): Result => {
  const result = round(exact, control, 64);
  return { ...result, flags: result.flags | flags };
};

// Exponentials and logarithms.

const isOne = ({ exponent, significand }: Extended): boolean => exponent === ONE.exponent && significand === ONE.significand;

/** 2^x - 1 for |x| <= 1. Beyond that it is undefined, and the operand stays what it is; at the ends of all numbers it has its limits. */
export function exponential(x: Extended, control: number): Result {
  const nan = notANumber(x);
  if (nan !== undefined) return nan;
  const flags = denormalFlag(x);
  if (classOf(x) === 'infinity') return exactly(x.negative ? withSign(ONE, true) : x);
  if (classOf(x) === 'zero') return exactly(x);
  if (isOne(x)) return exactly(x.negative ? extended(true, ONE.exponent - 1, ONE.significand) : x);
  if (x.exponent >= ONE.exponent) return exactly(x, PE);
  const exact = exactOf(x);
  const quotient = times(expm1Quotient(times(fixedOf(exact), LN2)), LN2);
  return finish(multiplyExact(exact, fromFixed(quotient)), control, flags);
}

/** log2(1 + z) for z between -1/4 and 1/2: to the last bit, however small z is. */
function logarithmOfOnePlus(z: Exact): Exact {
  const fixed = fixedOf(z);
  // ln(1 + z) = 2 atanh(z / (2 + z)).
  const s = over(fixed, 2n * UNIT + fixed);
  const factor = over(times(over(2n * UNIT, 2n * UNIT + fixed), atanhQuotient(times(s, s))), LN2);
  return multiplyExact(z, fromFixed(factor));
}

/** log2 of a positive number: exact for powers of two. */
function logarithm({ significand, exponent }: Exact): Exact {
  const length = bitLength(significand);
  // 2^power * f, with f from 3/4 to 3/2.
  const upper = (significand >> BigInt(Math.max(0, length - 2))) === 3n && length > 1;
  const power = exponent + length - 1 + (upper ? 1 : 0);
  const one = 1n << BigInt(length - 1 + (upper ? 1 : 0));
  const difference = significand - one;
  const whole: Exact = { negative: power < 0, significand: BigInt(Math.abs(power)), exponent: 0 };
  if (difference === 0n) return whole;
  const size = difference < 0n ? -difference : difference;
  const rest = logarithmOfOnePlus({ negative: difference < 0n, significand: size, exponent: exponent - power });
  return power === 0 ? rest : fromFixed(fixedOf(whole) + fixedOf(rest));
}

/** y * log2(x), of an infinite y or x. */
function infiniteLogarithm(y: Extended, x: Extended, flags: number, sign: 'above' | 'below' | 'one'): Result {
  if (classOf(x) === 'infinity') return classOf(y) === 'zero' ? INVALID : exactly(infinity(y.negative), flags);
  return sign === 'one' ? INVALID : exactly(infinity(y.negative !== (sign === 'below')), flags);
}

/** FYL2X: y * log2(x). */
export function yLog2(y: Extended, x: Extended, control: number): Result {
  const nan = notNumbers(y, x);
  if (nan !== undefined) return nan;
  const [kindY, kindX] = [classOf(y), classOf(x)];
  const flags = denormalFlag(y, x);
  if (kindX === 'zero') {
    if (kindY === 'zero') return INVALID;
    return exactly(infinity(!y.negative), kindY === 'infinity' ? flags : ZE);
  }
  if (x.negative) return INVALID;
  const below = x.exponent < ONE.exponent;
  if (kindX === 'infinity' || kindY === 'infinity') return infiniteLogarithm(y, x, flags, isOne(x) ? 'one' : below ? 'below' : 'above');
  if (kindY === 'zero' || isOne(x)) return exactly(zero(y.negative !== below), flags);
  return finish(multiplyExact(exactOf(y), logarithm(exactOf(x))), control, flags);
}

/**
 * FYL2XP1: y * log2(x + 1). Outside -(1 - sqrt(1/2)) to sqrt(2) - 1 it is undefined. Where there is a logarithm all the same it is
 * that, and else x.
 */
export function yLog2OnePlus(y: Extended, x: Extended, control: number): Result {
  const nan = notNumbers(y, x);
  if (nan !== undefined) return nan;
  const [kindY, kindX] = [classOf(y), classOf(x)];
  const flags = denormalFlag(y, x);
  if (kindX === 'infinity' && x.negative) return INVALID;
  if (kindX === 'infinity' || kindY === 'infinity') {
    return infiniteLogarithm(y, x, flags, kindX === 'zero' ? 'one' : x.negative ? 'below' : 'above');
  }
  if (kindY === 'zero' || kindX === 'zero') return exactly(zero(y.negative !== x.negative), flags);
  if (x.negative && x.exponent >= ONE.exponent) return exactly(x, flags | PE);
  const exact = exactOf(x);
  const small = x.exponent < ONE.exponent - 2;
  const log = small ? logarithmOfOnePlus(exact) : logarithm(onePlus(exact));
  return finish(multiplyExact(exactOf(y), log), control, flags);
}

/** 1 + z, for a z that is not small; far above, the one is what follows. */
function onePlus({ negative, significand, exponent }: Exact): Exact {
  if (exponent > 0) return { negative: false, significand: (significand << 2n) | 1n, exponent: exponent - 2 };
  const one = 1n << BigInt(-exponent);
  return { negative: false, significand: negative ? one - significand : one + significand, exponent };
}

// The arctangent.

/** atan(z) in fixed point, for z from 0 to 1. */
function arctangent(z: bigint): bigint {
  // Above a half: pi/4 - atan((1 - z) / (1 + z)).
  if (2n * z > UNIT) return PI / 4n - arctangent(over(UNIT - z, UNIT + z));
  return times(z, atanQuotient(times(z, z)));
}

/** FPATAN: the angle of the point (x, y), from -pi to pi. */
export function arctangentOf(y: Extended, x: Extended, control: number): Result {
  const nan = notNumbers(y, x);
  if (nan !== undefined) return nan;
  const [kindY, kindX] = [classOf(y), classOf(x)];
  const flags = denormalFlag(y, x);
  const angle = (fixed: bigint): Result => finish(fromFixed(y.negative ? -fixed : fixed), control, flags);
  if (kindY === 'infinity') return angle(kindX !== 'infinity' ? PI / 2n : x.negative ? (3n * PI) / 4n : PI / 4n);
  if (kindY === 'zero' || kindX === 'infinity') return x.negative ? angle(PI) : exactly(zero(y.negative), flags);
  if (kindX === 'zero') return angle(PI / 2n);
  const [a, b] = [exactOf(y), exactOf({ ...x, negative: y.negative })];
  const steep = compareSize(a, b) > 0;
  const ratio = steep ? exactQuotient(b, a, 2 * FRACTION) : exactQuotient(a, b, 2 * FRACTION);
  const fixed = fixedOf(ratio);
  if (steep) return angle(PI / 2n + (x.negative ? arctangent(fixed) : -arctangent(fixed)));
  if (x.negative) return angle(PI - arctangent(fixed));
  if (2n * fixed > UNIT) return angle(arctangent(fixed));
  const quotient = belowOne(atanQuotient(times(fixed, fixed)));
  return finish(multiplyExact({ ...ratio, negative: y.negative }, fromFixed(quotient)), control, flags);
}

function compareSize(a: Exact, b: Exact): number {
  const difference = a.exponent + bitLength(a.significand) - b.exponent - bitLength(b.significand);
  if (difference !== 0) return difference;
  const shift = BigInt(Math.abs(a.exponent - b.exponent));
  const [x, y] = a.exponent > b.exponent ? [a.significand << shift, b.significand] : [a.significand, b.significand << shift];
  return x > y ? 1 : x < y ? -1 : 0;
}

// Angles.

/** SDM, "Approximation of Pi": 66 bits, by which arguments are reduced. This is pi/2 times 2^67. */
const HALF_PI = 0xc_90fd_aa22_168c_234cn;
const HALF_PI_EXPONENT = -67;

/** Arguments from 2^63 on are not reduced: C2 says so. */
export const isReducible = (x: Extended): boolean => x.exponent < 16383 + 63;

interface Reduced {
  /** At most pi/4. */
  readonly rest: Exact;
  /** Quarters of a turn that were taken away, modulo 4. */
  readonly quarter: number;
}

function reduce(x: Exact): Reduced {
  const { negative, significand, exponent } = x;
  if (exponent < HALF_PI_EXPONENT) return { rest: x, quarter: 0 };
  const size = significand << BigInt(exponent - HALF_PI_EXPONENT);
  const turns = (2n * size + HALF_PI) / (2n * HALF_PI);
  const rest = size - turns * HALF_PI;
  const quarter = Number(turns & 3n);
  return {
    rest: { negative: negative !== rest < 0n, significand: rest < 0n ? -rest : rest, exponent: HALF_PI_EXPONENT },
    quarter: negative ? (4 - quarter) & 3 : quarter,
  };
}

const sineOf = (rest: Exact): Exact => multiplyExact(rest, fromFixed(belowOne(sineQuotient(square(rest)))));
const cosineOf = (rest: Exact): Exact => fromFixed(belowOne(cosine(square(rest))));
const signed = (exact: Exact, negate: boolean): Exact => ({ ...exact, negative: exact.negative !== negate });

/** What the trigonometric functions have in common: `zero` is the function of zero, which keeps its sign where it is one. */
function trigonometric(x: Extended, control: number, ofZero: Extended, compute: (reduced: Reduced) => Exact): Result {
  const nan = notANumber(x);
  if (nan !== undefined) return nan;
  const kind = classOf(x);
  if (kind === 'infinity') return INVALID;
  if (kind === 'zero') return exactly(ofZero);
  return finish(compute(reduce(exactOf(x))), control, denormalFlag(x));
}

export const sine = (x: Extended, control: number): Result => trigonometric(x, control, zero(x.negative), ({ rest, quarter }) =>
  signed(quarter % 2 === 0 ? sineOf(rest) : cosineOf(rest), quarter >= 2));

export const cosineOfAngle = (x: Extended, control: number): Result => trigonometric(x, control, ONE, ({ rest, quarter }) =>
  signed(quarter % 2 === 0 ? cosineOf(rest) : sineOf(rest), quarter === 1 || quarter === 2));

export const tangent = (x: Extended, control: number): Result => trigonometric(x, control, zero(x.negative), ({ rest, quarter }) => {
  if (quarter % 2 === 1) return signed(exactQuotient(cosineOf(rest), sineOf(rest), FRACTION), true);
  const quotient = over(sineQuotient(square(rest)), cosine(square(rest)));
  return multiplyExact(rest, fromFixed(quotient));
});
