/** Numbers in memory, to and from registers: single and double precision, integers, packed decimals. SDM: "x87 FPU Data Types". */
import { classOf, type Extended, extended, INDEFINITE, INTEGER_BIT, MAX_EXPONENT, QUIET_BIT, zero } from './extended.ts';
import { quiet } from './nan.ts';
import { type Exact, exactly, exactOf, overflowsToInfinity, type Result, round, roundTo, shiftRight } from './round.ts';
import { DENORMAL, IE, OE, PE, type RoundingMode, roundingOf, UE } from './words.ts';

/** Single or double precision: bits of the fraction and of the exponent. */
export interface Interchange { readonly fraction: number; readonly exponent: number }
export const SINGLE: Interchange = { fraction: 23, exponent: 8 };
export const DOUBLE: Interchange = { fraction: 52, exponent: 11 };

/** Full precision and all exceptions masked: for conversions that are always exact. */
const EXACT_CONTROL = 0x37f;

/** A number of single or double precision in memory. `quieted`: as it is loaded; as an operand an SNaN stays one. */
export function fromInterchange(bits: bigint, { fraction, exponent }: Interchange): Extended {
  const negative = ((bits >> BigInt(fraction + exponent)) & 1n) === 1n;
  const top = (1 << exponent) - 1;
  const biased = Number((bits >> BigInt(fraction)) & BigInt(top));
  const part = bits & ((1n << BigInt(fraction)) - 1n);
  const placed = part << BigInt(63 - fraction);
  if (biased === top) return extended(negative, MAX_EXPONENT, INTEGER_BIT | placed);
  if (biased === 0 && part === 0n) return zero(negative);
  const bias = top >> 1;
  const significand = biased === 0 ? part : part | (1n << BigInt(fraction));
  return round({ negative, significand, exponent: Math.max(biased, 1) - bias - fraction }, EXACT_CONTROL).value;
}

/** The exceptions of loading a number of single or double precision: it may be a denormal there that is none in a register. */
export function loadInterchange(bits: bigint, format: Interchange): Result {
  const value = fromInterchange(bits, format);
  if (classOf(value) === 'SNaN') return exactly(quiet(value), IE);
  return exactly(value, isDenormalIn(bits, format) ? DENORMAL : 0);
}

export const isDenormalIn = (bits: bigint, { fraction, exponent }: Interchange): boolean =>
  ((bits >> BigInt(fraction)) & ((1n << BigInt(exponent)) - 1n)) === 0n && (bits & ((1n << BigInt(fraction)) - 1n)) !== 0n;

/** What is stored, the exceptions met, and whether it was rounded away from zero. */
export interface Stored { readonly bits: bigint; readonly flags: number; readonly up: boolean }

export function toInterchange(value: Extended, format: Interchange, control: number): Stored {
  const { fraction, exponent } = format;
  const sign = value.negative ? 1n << BigInt(fraction + exponent) : 0n;
  const top = (1n << BigInt(exponent)) - 1n;
  const special = (part: bigint): bigint => sign | (top << BigInt(fraction)) | part;
  switch (classOf(value)) {
    case 'unsupported': return { ...toInterchange(INDEFINITE, format, control), flags: IE };
    case 'zero': return { bits: sign, flags: 0, up: false };
    case 'infinity': return { bits: special(0n), flags: 0, up: false };
    case 'QNaN': case 'SNaN': {
      const part = ((value.significand | QUIET_BIT) & ~INTEGER_BIT) >> BigInt(63 - fraction);
      return { bits: special(part), flags: classOf(value) === 'SNaN' ? IE : 0, up: false };
    }
    default: return finite(value, format, control);
  }
}

function finite(value: Extended, { fraction, exponent }: Interchange, control: number): Stored {
  const bias = (1 << (exponent - 1)) - 1;
  const { negative } = value;
  const mode = roundingOf(control);
  const rounded = roundTo({ precision: fraction + 1, least: 1 - bias, greatest: bias }, exactOf(value), mode, true);
  const { inexact, up, tiny, huge } = rounded;
  const sign = negative ? 1n << BigInt(fraction + exponent) : 0n;
  if (huge) {
    const toInfinity = overflowsToInfinity(mode, negative);
    const largest = (BigInt(2 * bias + 1) << BigInt(fraction)) - 1n;
    return { bits: sign | (toInfinity ? largest + 1n : largest), flags: OE | PE, up: toInfinity };
  }
  const flags = (inexact ? PE : 0) | (tiny && (inexact || (control & UE) === 0) ? UE : 0);
  // The implicit bit of a normal number adds one to an exponent that is one too small.
  const biased = rounded.exponent + bias + fraction - 1;
  return { bits: sign | ((BigInt(biased) << BigInt(fraction)) + rounded.significand), flags, up };
}

/** A signed integer; always exact. */
export function fromInteger(value: bigint): Extended {
  return round({ negative: value < 0n, significand: value < 0n ? -value : value, exponent: 0 }, EXACT_CONTROL).value;
}

/** A whole number near a value, by a rounding mode. */
export function wholeOf({ negative, significand, exponent }: Exact, mode: RoundingMode): { value: bigint; inexact: boolean; up: boolean } {
  // Of what lies far below one, that it is not zero is all that matters.
  if (exponent < -200) return shiftRight(significand === 0n ? 0n : 1n, 2, mode, negative);
  return shiftRight(significand, -exponent, mode, negative);
}

/** The integer indefinite is what does not fit. */
export function toInteger(value: Extended, width: number, control: number, mode: RoundingMode = roundingOf(control)): Stored {
  const bits = 8 * width;
  const invalid: Stored = { bits: 1n << BigInt(bits - 1), flags: IE, up: false };
  const kind = classOf(value);
  if (kind === 'infinity' || kind === 'QNaN' || kind === 'SNaN' || kind === 'unsupported') return invalid;
  const exact = exactOf(value);
  if (exact.exponent > 0) return invalid;
  const { value: size, inexact, up } = wholeOf(exact, mode);
  const whole = value.negative ? -size : size;
  if (BigInt.asIntN(bits, whole) !== whole) return invalid;
  return { bits: BigInt.asUintN(bits, whole), flags: inexact ? PE : 0, up };
}

const DIGITS = 18;

/** Eighteen decimal digits, two a byte, and a sign in the tenth byte. What is no digit is undefined, and counts what it says. */
export function fromDecimal(bits: bigint): Extended {
  let value = 0n;
  for (let i = DIGITS - 1; i >= 0; i -= 1) value = value * 10n + ((bits >> BigInt(4 * i)) & 0xfn);
  return { ...fromInteger(value), negative: ((bits >> 79n) & 1n) === 1n };
}

const DECIMAL_INDEFINITE = 0xffff_c000_0000_0000_0000n;

export function toDecimal(value: Extended, control: number): Stored {
  const stored = toInteger(value, 8, control);
  if ((stored.flags & IE) !== 0) return { ...stored, bits: DECIMAL_INDEFINITE };
  const whole = BigInt.asIntN(64, stored.bits);
  let rest = whole < 0n ? -whole : whole;
  if (rest >= 10n ** BigInt(DIGITS)) return { bits: DECIMAL_INDEFINITE, flags: IE, up: false };
  let bits = value.negative ? 1n << 79n : 0n;
  for (let i = 0n; rest > 0n; i += 4n, rest /= 10n) bits |= (rest % 10n) << i;
  return { ...stored, bits };
}
