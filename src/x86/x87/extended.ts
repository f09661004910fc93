/**
 * The double extended-precision format: a sign, 15 bits of exponent, and a significand of 64 bits whose integer bit is
 * written out. SDM: "x87 FPU Data Types". A value is its bits; what they mean is asked with `classOf`.
 */
export interface Extended {
  readonly negative: boolean;
  /** Biased: 0 to 7FFFH. */
  readonly exponent: number;
  /** 64 bits, with the integer bit on top. */
  readonly significand: bigint;
}

export const BIAS = 16383;
export const MAX_EXPONENT = 0x7fff;
export const INTEGER_BIT = 1n << 63n;
/** The topmost bit of the fraction: a NaN is quiet when it is set. */
export const QUIET_BIT = 1n << 62n;

export const extended = (negative: boolean, exponent: number, significand: bigint): Extended => ({ negative, exponent, significand });

export const ZERO = extended(false, 0, 0n);
export const ONE = extended(false, BIAS, INTEGER_BIT);
/** The QNaN floating-point indefinite: what a masked invalid operation gives. */
export const INDEFINITE = extended(true, MAX_EXPONENT, INTEGER_BIT | QUIET_BIT);
export const zero = (negative: boolean): Extended => extended(negative, 0, 0n);
export const infinity = (negative: boolean): Extended => extended(negative, MAX_EXPONENT, INTEGER_BIT);

/** Sign and exponent as the upper 16 bits of the format hold them. */
export const upperHalf = ({ negative, exponent }: Extended): number => (negative ? 0x8000 : 0) | exponent;
/** All 80 bits. */
export const fromBits = (bits: bigint): Extended => fromHalves(Number(bits >> 64n), BigInt.asUintN(64, bits));
export const bitsOf = (value: Extended): bigint => (BigInt(upperHalf(value)) << 64n) | value.significand;
export const fromHalves = (upper: number, significand: bigint): Extended => extended((upper & 0x8000) !== 0, upper & 0x7fff, significand);

/**
 * SDM: "x87 FPU Data Types". A pseudo-denormal, whose integer bit is set although its exponent is 0, is a denormal;
 * pseudo-NaNs, pseudo-infinities and unnormals are unsupported.
 */
export type Class = 'zero' | 'denormal' | 'normal' | 'infinity' | 'QNaN' | 'SNaN' | 'unsupported';

export function classOf({ exponent, significand }: Extended): Class {
  if (exponent === 0) return significand === 0n ? 'zero' : 'denormal';
  if ((significand & INTEGER_BIT) === 0n) return 'unsupported';
  if (exponent !== MAX_EXPONENT) return 'normal';
  if (significand === INTEGER_BIT) return 'infinity';
  return (significand & QUIET_BIT) === 0n ? 'SNaN' : 'QNaN';
}

export const isNan = (value: Extended): boolean => {
  const kind = classOf(value);
  return kind === 'QNaN' || kind === 'SNaN';
};

export const withSign = (value: Extended, negative: boolean): Extended => extended(negative, value.exponent, value.significand);
