/**
 * From exact values to values of a format: rounding, and what becomes of results that are too large or too small. SDM:
 * "Rounding", "Numeric Overflow Exception (#O)", "Numeric Underflow Exception (#U)", "Inexact-Result (Precision) Exception (#P)".
 *
 * An exact value is a whole number times a power of two. Where it would be endless, its last bit stands for what follows,
 * far below what rounding looks at.
 */
import { BIAS, type Extended, extended, infinity, MAX_EXPONENT } from './extended.ts';
import { OE, PE, type Precision, precisionOf, type RoundingMode, roundingOf, UE } from './words.ts';

export interface Exact {
  readonly negative: boolean;
  readonly significand: bigint;
  /** The value is significand * 2^exponent. */
  readonly exponent: number;
}

/** What an operation came to. */
export interface Result {
  readonly value: Extended;
  /** Exceptions that it met, as the status word flags them. */
  readonly flags: number;
  /** It was rounded away from zero: C1. */
  readonly up: boolean;
}

export const exactly = (value: Extended, flags = 0): Result => ({ value, flags, up: false });

export function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return 4 * digits.length + 28 - Math.clz32(Number.parseInt(digits[0]!, 16));
}

/** The exact value of a finite number. */
export const exactOf = ({ negative, exponent, significand }: Extended): Exact =>
  ({ negative, significand, exponent: Math.max(exponent, 1) - BIAS - 63 });

interface Shifted { readonly value: bigint; readonly inexact: boolean; readonly up: boolean }

/** A whole number without its last `count` bits, rounded. */
export function shiftRight(significand: bigint, count: number, mode: RoundingMode, negative: boolean): Shifted {
  if (count <= 0) return { value: significand << BigInt(-count), inexact: false, up: false };
  const shift = BigInt(count);
  const value = significand >> shift;
  const rest = significand - (value << shift);
  const half = 1n << (shift - 1n);
  const inexact = rest !== 0n;
  const away = mode === 'nearest' ? rest > half || (rest === half && (value & 1n) === 1n)
    : mode === 'up' ? !negative : mode === 'down' && negative;
  const up = inexact && away;
  return { value: up ? value + 1n : value, inexact, up };
}

/** A format: bits of its significand, and exponents of its smallest normal and its largest finite numbers. */
export interface Format { readonly precision: number; readonly least: number; readonly greatest: number }

export interface Rounded {
  /** At most `precision` bits; the value is significand * 2^exponent. */
  readonly significand: bigint;
  readonly exponent: number;
  readonly inexact: boolean;
  readonly up: boolean;
  /** Rounded as if exponents had no end, it lies below the smallest normal number, or beyond the largest finite one. */
  readonly tiny: boolean;
  readonly huge: boolean;
}

/** Rounds to a format. What is tiny is made a denormal where `denormalize` says so. */
export function roundTo(format: Format, { negative, significand, exponent }: Exact, mode: RoundingMode, denormalize: boolean): Rounded {
  const { precision, least, greatest } = format;
  const drop = bitLength(significand) - precision;
  const normal = shiftRight(significand, drop, mode, negative);
  // Rounding up may give one bit more, which is then all there is.
  const top = exponent + drop + bitLength(normal.value) - 1;
  const tiny = top < least;
  const shift = tiny && denormalize ? least - precision + 1 - exponent : drop;
  const { value, inexact, up } = tiny && denormalize ? shiftRight(significand, shift, mode, negative) : normal;
  return { significand: value, exponent: exponent + shift, inexact, up, tiny, huge: top > greatest };
}

/** Whether a result that is too large becomes infinity, rather than the largest finite number. */
export const overflowsToInfinity = (mode: RoundingMode, negative: boolean): boolean =>
  mode === 'nearest' || mode === (negative ? 'down' : 'up');

const formatOf = (precision: Precision): Format => ({ precision, least: 1 - BIAS, greatest: BIAS });

/** What is added to, or taken from, the exponent where the exception is unmasked: the handler gets a number all the same. */
const BIAS_ADJUSTMENT = 24576;

/** Rounds to a register, as the control word says; with another precision than its own where an instruction has one. */
export function round(exact: Exact, control: number, precision: Precision = precisionOf(control)): Result {
  const { negative, significand } = exact;
  if (significand === 0n) return exactly(extended(negative, 0, 0n));
  const mode = roundingOf(control);
  const masked = (control & UE) !== 0;
  const rounded = roundTo(formatOf(precision), exact, mode, masked);
  const { inexact, up, tiny, huge } = rounded;
  const precisionFlag = inexact ? PE : 0;
  if (huge && (control & OE) !== 0) {
    const toInfinity = overflowsToInfinity(mode, negative);
    const largest = extended(negative, MAX_EXPONENT - 1, ((1n << BigInt(precision)) - 1n) << BigInt(64 - precision));
    return { value: toInfinity ? infinity(negative) : largest, flags: OE | PE, up: toInfinity };
  }
  const adjustment = huge ? -BIAS_ADJUSTMENT : tiny && !masked ? BIAS_ADJUSTMENT : 0;
  const value = pack(negative, rounded, adjustment);
  // Further out than an adjusted exponent reaches, only FSCALE gets.
  const lost = adjustment !== 0 && (value.exponent === 0 || value.exponent === MAX_EXPONENT) ? PE : 0;
  const flags = precisionFlag | lost | (huge ? OE : 0) | (tiny && (!masked || inexact) ? UE : 0);
  return { value, flags, up: up || (huge && lost !== 0) };
}

/** A rounded number in a register's format, its exponent adjusted. */
function pack(negative: boolean, { significand, exponent }: Rounded, adjustment: number): Extended {
  if (significand === 0n) return extended(negative, 0, 0n);
  const length = bitLength(significand);
  const biased = exponent + length - 1 + BIAS + adjustment;
  if (biased >= MAX_EXPONENT) return infinity(negative);
  const normalized = significand << BigInt(64 - length);
  if (biased >= 1) return extended(negative, biased, normalized);
  return extended(negative, 0, normalized >> BigInt(1 - biased));
}

