/**
 * Elementary functions of small arguments, by their power series, in fixed point: a whole number n stands for n / 2^FRACTION.
 * Each is given as its quotient by its argument, which is known to the same number of bits however small the argument is.
 * That leaves more than a hundred bits below the last one of a register, so that the rounded result is the right one.
 */

export const FRACTION = 256;
const SHIFT = BigInt(FRACTION);
export const UNIT = 1n << SHIFT;

const times = (a: bigint, b: bigint): bigint => (a * b) >> SHIFT;

/** The sum of `first` and of what `next` makes of each term, until nothing is left of it. */
function sum(first: bigint, next: (term: bigint, n: bigint) => bigint, share: (term: bigint, n: bigint) => bigint): bigint {
  let total = 0n;
  for (let term = first, n = 0n; term !== 0n && term !== -1n; n += 1n, term = next(term, n)) total += share(term, n);
  return total;
}

/** (e^y - 1) / y = 1 + y/2! + y^2/3! + ... */
export const expm1Quotient = (y: bigint): bigint => sum(UNIT, (term, n) => times(term, y) / (n + 1n), (term) => term);

/** atanh(s) / s = 1 + s^2/3 + s^4/5 + ..., of the square of s. */
export const atanhQuotient = (square: bigint): bigint => sum(UNIT, (term) => times(term, square), (term, n) => term / (2n * n + 1n));

/** atan(z) / z = 1 - z^2/3 + z^4/5 - ..., of the square of z. */
export const atanQuotient = (square: bigint): bigint => atanhQuotient(-square);

/** sin(r) / r = 1 - r^2/3! + r^4/5! - ..., of the square of r. */
export const sineQuotient = (square: bigint): bigint =>
  sum(UNIT, (term, n) => -times(term, square) / (2n * n * (2n * n + 1n)), (term) => term);

/** cos(r) = 1 - r^2/2! + r^4/4! - ..., of the square of r. */
export const cosine = (square: bigint): bigint =>
  sum(UNIT, (term, n) => -times(term, square) / ((2n * n - 1n) * 2n * n), (term) => term);

/** ln(2) = 2 atanh(1/3). */
export const LN2 = (2n * atanhQuotient(UNIT / 9n)) / 3n;

/** Machin: pi/4 = 4 atan(1/5) - atan(1/239). */
export const PI = 4n * ((4n * atanQuotient(UNIT / 25n)) / 5n - atanQuotient(UNIT / (239n * 239n)) / 239n);
