/** DPPS and DPPD: the sum of products of lanes. SDM: "DPPS - Dot Product of Packed Single Precision Floating-Point Values". */
import { add, multiply } from './arithmetic.ts';
import { DOUBLE, type Environment, SINGLE } from './format.ts';

/** Bits 7:4 of `choice` say which products count, bits 3:0 which lanes get the sum; the others are zero. */
export function dotProduct(width: 4 | 8, env: Environment, a: bigint, b: bigint, choice: bigint): bigint {
  const f = width === 4 ? SINGLE : DOUBLE;
  const lanes = Array.from({ length: 16 / width }, (_, i) => i);
  const lane = (value: bigint, i: number): bigint => BigInt.asUintN(8 * width, value >> BigInt(8 * width * i));
  const has = (bit: number): boolean => ((choice >> BigInt(bit)) & 1n) === 1n;
  let terms = lanes.map((i) => (has(4 + i) ? multiply(f, env, lane(a, i), lane(b, i)) : 0n));
  // Exceptions are determined separately for products and sums; one that is not masked ends it.
  while (terms.length > 1 && !env.faults) {
    env.next();
    const pairs = terms.filter((_, i) => (i & 1) === 0).map((even, i) => [even, terms[2 * i + 1]!] as const);
    terms = pairs.map(([even, odd]) => add(f, env, even, odd));
  }
  return lanes.reduce((all, i) => all | ((has(i) ? terms[0]! : 0n) << BigInt(8 * width * i)), 0n);
}
