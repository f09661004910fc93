/**
 * Functions that say whether a rounded result is the exact one. They are called while MXCSR.PE is still clear, for ordinary
 * numbers: operands are zero or normal, results are zero or well inside the normal numbers.
 */
import { Code } from './module.ts';

/** The part of a sum that rounding took away: for numbers rounded to nearest it is itself a number (Knuth's TwoSum). */
export function inexactSum(width: 4 | 8): Code {
  const out = new Code(3);
  const [a, b, sum] = [0, 1, 2];
  const type = width === 4 ? 'f32' : 'f64';
  const part = out.local(type);
  // part = sum - a; lost = (a - (sum - part)) + (b - part)
  out.get(sum);
  out.get(a);
  out.op(`${type}_sub`);
  out.set(part);
  out.get(a);
  out.get(sum);
  out.get(part);
  out.op(`${type}_sub`, `${type}_sub`);
  out.get(b);
  out.get(part);
  out.op(`${type}_sub`, `${type}_add`);
  // lost is not 0: a zero of either sign is equal to its negation.
  const lost = out.local(type);
  out.set(lost);
  out.get(lost);
  out.get(lost);
  out.op(`${type}_neg`, `${type}_ne`);
  return out;
}

/** Returns 0 when a factor is zero: as a quotient too, of zero by infinity. */
function exactIfZero(out: Code, factor: number, bits: 'i32_reinterpret_f32' | 'i64_reinterpret_f64', type: 'i32' | 'i64'): void {
  out.get(factor);
  out.op(bits);
  if (type === 'i32') out.i32(1);
  else out.i64(1n);
  out.op(`${type}_shl`, `${type}_eqz`);
  out.if();
  out.i32(0);
  out.op('return', 'end');
}

/** A product of two singles is exact in double precision. */
export function inexactProduct4(): Code {
  const out = new Code(3);
  exactIfZero(out, 0, 'i32_reinterpret_f32', 'i32');
  for (const factor of [0, 1]) {
    out.get(factor);
    out.op('f64_promote_f32');
  }
  out.op('f64_mul');
  out.get(2);
  out.op('f64_promote_f32', 'f64_ne');
  return out;
}

const FRACTION = 52n;
const FRACTION_MASK = (1n << FRACTION) - 1n;

/**
 * A product of two doubles: significands of 53 bits with x and y zeros at their ends make one of 105 or 106 bits with x + y
 * zeros at its end. It is exact when no more than 53 are left. Which it is follows from the exponents.
 */
export function inexactProduct8(): Code {
  const out = new Code(3);
  const bits = [out.local('i64'), out.local('i64'), out.local('i64')] as const;
  for (const [i, local] of bits.entries()) {
    out.get(i);
    out.op('i64_reinterpret_f64');
    out.set(local);
  }
  exactIfZero(out, 0, 'i64_reinterpret_f64', 'i64');
  exactIfZero(out, 1, 'i64_reinterpret_f64', 'i64');
  // Another product than that is certainly not exact.
  out.get(0);
  out.get(1);
  out.op('f64_mul');
  out.get(2);
  out.op('f64_ne');
  out.if();
  out.i32(1);
  out.op('return', 'end');
  const zeros = (local: number): void => {
    out.get(local);
    out.i64(FRACTION_MASK);
    out.op('i64_and');
    out.i64(1n << FRACTION);
    out.op('i64_or', 'i64_ctz');
  };
  const exponent = (local: number): void => {
    out.get(local);
    out.i64(FRACTION);
    out.op('i64_shr_u');
    out.i64(0x7ffn);
    out.op('i64_and');
  };
  // x + y < 52 + (exponent of the product - (sum of the exponents - bias)), which is 52 or 53
  zeros(bits[0]);
  zeros(bits[1]);
  out.op('i64_add');
  exponent(bits[2]);
  exponent(bits[0]);
  out.op('i64_sub');
  exponent(bits[1]);
  out.op('i64_sub');
  out.i64(FRACTION + 1023n);
  out.op('i64_add', 'i64_lt_s');
  return out;
}
