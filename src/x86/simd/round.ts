/** Rounding of exact values to a format, with the exceptions of overflow, underflow and inexactness. */
import { MXCSR_OE, MXCSR_PE, MXCSR_UE } from '../mxcsr.ts';
import { type Environment, type Finite, type Format, ROUND, signed } from './format.ts';

export const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** value / 2^shift as an integer, rounded; and whether anything was lost. */
export function shiftRounded(value: bigint, shift: number, negative: boolean, rounding: number): { rounded: bigint; inexact: boolean } {
  if (shift <= 0) return { rounded: value << BigInt(-shift), inexact: false };
  const kept = value >> BigInt(shift), lost = value - (kept << BigInt(shift));
  if (lost === 0n) return { rounded: kept, inexact: false };
  const half = 1n << BigInt(shift - 1);
  const up = rounding === ROUND.nearest ? lost > half || (lost === half && (kept & 1n) === 1n)
    : rounding === ROUND.up ? !negative
    : rounding === ROUND.down && negative;
  return { rounded: up ? kept + 1n : kept, inexact: true };
}

/** The largest finite number, or infinity, as the rounding mode wants it. Unmasked, it says what rounding has lost, and not more. */
function overflow(f: Format, env: Environment, negative: boolean, inexact: boolean): bigint {
  env.raise(MXCSR_OE | (inexact || !env.traps(MXCSR_OE) ? MXCSR_PE : 0));
  const { rounding } = env;
  const toInfinity = rounding === ROUND.nearest || (rounding === ROUND.up && !negative) || (rounding === ROUND.down && negative);
  return signed(f, negative, toInfinity ? f.infinity : f.infinity - 1n);
}

/** Rounds a value that is not zero. A significand that is not exact has its lowest bit set, far below what counts. */
export function round(f: Format, env: Environment, { negative, significand, exponent }: Finite): bigint {
  const precision = f.fraction + 1;
  const lowest = 1 - f.bias;
  const length = bitLength(significand);
  const top = exponent + length - 1;
  // SDM, "Numeric Underflow Exception": tiny is what is below the normal numbers after rounding as if exponents had no end.
  const unbounded = shiftRounded(significand, length - precision, negative, env.rounding);
  const tiny = top + (bitLength(unbounded.rounded) > precision ? 1 : 0) < lowest;
  if (tiny && env.traps(MXCSR_UE)) {
    env.raise(MXCSR_UE | (unbounded.inexact ? MXCSR_PE : 0));
    return 0n;
  }
  if (tiny && env.flushes) {
    env.raise(MXCSR_UE | MXCSR_PE);
    return signed(f, negative, 0n);
  }
  const unit = Math.max(top, lowest) - f.fraction;
  const { rounded, inexact } = shiftRounded(significand, unit - exponent, negative, env.rounding);
  // The implicit bit, if it is there, adds one to the exponent field; so does a carry out of the fraction.
  const bits = (BigInt(unit + f.fraction - lowest) << BigInt(f.fraction)) + rounded;
  if (bits >= f.infinity) return overflow(f, env, negative, inexact);
  if (inexact) env.raise(MXCSR_PE | (tiny ? MXCSR_UE : 0));
  return signed(f, negative, bits);
}
