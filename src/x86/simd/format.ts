/**
 * Single and double precision as SSE has them: what bits mean, and the state that an operation depends on and adds to. SDM: "Real
 * Numbers and Floating-Point Formats", "MXCSR Control and Status Register".
 */
import { MXCSR_DAZ, MXCSR_DE, MXCSR_FLAGS, MXCSR_FTZ, MXCSR_IE, MXCSR_MASK_SHIFT, MXCSR_RC, MXCSR_RC_SHIFT, MXCSR_ZE } from '../mxcsr.ts';

export interface Format {
  /** In bytes. */
  readonly width: 4 | 8;
  /** Bits of the fraction that are stored. */
  readonly fraction: number;
  readonly maxExponent: number;
  readonly bias: number;
  readonly sign: bigint;
  readonly infinity: bigint;
  readonly quiet: bigint;
  /** SDM: "QNaN Floating-Point Indefinite". */
  readonly indefinite: bigint;
}

const format = (width: 4 | 8, exponentBits: number): Format => {
  const fraction = 8 * width - 1 - exponentBits;
  const maxExponent = 2 ** exponentBits - 1;
  const sign = 1n << BigInt(8 * width - 1), infinity = BigInt(maxExponent) << BigInt(fraction), quiet = 1n << BigInt(fraction - 1);
  return { width, fraction, maxExponent, bias: 2 ** (exponentBits - 1) - 1, sign, infinity, quiet, indefinite: sign | infinity | quiet };
};
export const SINGLE = format(4, 8);
export const DOUBLE = format(8, 11);

export const ROUND = { nearest: 0, down: 1, up: 2, zero: 3 } as const;

/** Exceptions that are found before anything is computed: unmasked, they keep the others from being found. */
const BEFORE = MXCSR_IE | MXCSR_DE | MXCSR_ZE;

/** What an operation is done under, and the exceptions that its lanes have met. */
export class Environment {
  readonly rounding: number;
  readonly denormalsAreZero: boolean;
  readonly flushes: boolean;
  /** Flags whose exception is not masked. */
  private readonly unmasked: number;
  private flags = 0;
  private earlier = 0;

  constructor(mxcsr: number) {
    this.rounding = (mxcsr & MXCSR_RC) >> MXCSR_RC_SHIFT;
    this.denormalsAreZero = (mxcsr & MXCSR_DAZ) !== 0;
    this.flushes = (mxcsr & MXCSR_FTZ) !== 0;
    this.unmasked = ~(mxcsr >> MXCSR_MASK_SHIFT) & MXCSR_FLAGS;
  }

  raise(flags: number): void {
    this.flags |= flags;
  }

  /** What follows is computed from what came about: flags that are set by now stay set. */
  next(): void {
    this.earlier = this.raised;
    this.flags = 0;
  }

  traps(flag: number): boolean {
    return (this.unmasked & flag) !== 0;
  }

  /** The flags that are set: those after the computation only if it came about. */
  get raised(): number {
    return this.earlier | ((this.flags & this.unmasked & BEFORE) !== 0 ? this.flags & BEFORE : this.flags);
  }

  /** An unmasked exception: #XM. */
  get faults(): boolean {
    return (this.flags & this.unmasked) !== 0;
  }
}

/** A number that is neither NaN nor infinite: significand * 2^exponent. */
export interface Finite {
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}

const exponentOf = (f: Format, bits: bigint): number => Number(bits >> BigInt(f.fraction)) & f.maxExponent;
export const magnitude = (f: Format, bits: bigint): bigint => bits & (f.sign - 1n);
export const isNegative = (f: Format, bits: bigint): boolean => (bits & f.sign) !== 0n;
export const isNan = (f: Format, bits: bigint): boolean => magnitude(f, bits) > f.infinity;
export const isSignaling = (f: Format, bits: bigint): boolean => isNan(f, bits) && (bits & f.quiet) === 0n;
export const isInfinite = (f: Format, bits: bigint): boolean => magnitude(f, bits) === f.infinity;
export const isZero = (f: Format, bits: bigint): boolean => magnitude(f, bits) === 0n;
export const isDenormal = (f: Format, bits: bigint): boolean => exponentOf(f, bits) === 0 && !isZero(f, bits);

export const signed = (f: Format, negative: boolean, bits: bigint): bigint => (negative ? f.sign | bits : bits);

export function finite(f: Format, bits: bigint): Finite {
  const exponent = exponentOf(f, bits);
  const fraction = bits & ((1n << BigInt(f.fraction)) - 1n);
  return {
    negative: isNegative(f, bits),
    significand: exponent === 0 ? fraction : fraction | (1n << BigInt(f.fraction)),
    exponent: Math.max(1, exponent) - f.bias - f.fraction,
  };
}

/** An operand as MXCSR.DAZ lets it be seen. */
export const seen = (f: Format, env: Environment, bits: bigint): bigint =>
  (env.denormalsAreZero && isDenormal(f, bits) ? bits & f.sign : bits);

/** Tells of denormal operands. */
export function noteDenormals(f: Format, env: Environment, ...operands: readonly bigint[]): void {
  if (operands.some((bits) => isDenormal(f, bits))) env.raise(MXCSR_DE);
}

/** An operation on impossible operands. */
export function invalid(f: Format, env: Environment): bigint {
  env.raise(MXCSR_IE);
  return f.indefinite;
}

/** SDM: "Rules for Handling NaNs": the first operand that is one, made quiet. Undefined when none is. */
export function nanOf(f: Format, env: Environment, a: bigint, b: bigint): bigint | undefined {
  if (!isNan(f, a) && !isNan(f, b)) return undefined;
  if (isSignaling(f, a) || isSignaling(f, b)) env.raise(MXCSR_IE);
  return (isNan(f, a) ? a : b) | f.quiet;
}
