/**
 * RCPPS and RSQRTPS: reciprocals, and those of square roots, to twelve bits. They know no exception and no rounding mode; what is
 * denormal counts as zero.
 *
 * Deviation: the manual gives a bound of the error, 1.5 * 2^-12, and every processor has a table of its own. This is the
 * exact value rounded to twelve bits of fraction.
 */

import { MXCSR_RESET } from '../mxcsr.ts';
import { type Arithmetic, divide, squareRoot } from './arithmetic.ts';
import { Environment, isDenormal, isNan, isNegative, isZero, SINGLE } from './format.ts';

const ONE = BigInt(SINGLE.bias) << BigInt(SINGLE.fraction);
const DROPPED = BigInt(SINGLE.fraction - 12);

/** Of singles alone. */
const approximate = (compute: (x: bigint) => bigint): Arithmetic => (f, _env, _first, operand) => {
  if (isNan(f, operand)) return operand | f.quiet;
  const x = isDenormal(f, operand) ? operand & f.sign : operand;
  const exact = compute(x);
  const rounded = ((exact + (1n << (DROPPED - 1n))) >> DROPPED) << DROPPED;
  const value = isNan(f, exact) ? exact : rounded;
  return isDenormal(f, value) ? value & f.sign : value;
};

/** All exceptions masked, and their flags forgotten. */
const quietly = (compute: Arithmetic, a: bigint, b: bigint): bigint => compute(SINGLE, new Environment(MXCSR_RESET), a, b);

export const reciprocal = approximate((x) => quietly(divide, ONE, x));
export const reciprocalRoot = approximate((x) =>
  (isNegative(SINGLE, x) && !isZero(SINGLE, x) ? SINGLE.indefinite : quietly(divide, ONE, quietly(squareRoot, 0n, x))));
