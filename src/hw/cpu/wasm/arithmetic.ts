/** Functions that emitted routines call: what WebAssembly has no instruction for. */
import { POLYNOMIAL } from '../../../x86/isa/word-value.ts';
import { CPU } from '../layout.ts';
import { PROCESSOR } from './emitter.ts';
import { Code } from './module.ts';

/** Bits 127:64 of a product, from four products of halves. */
export function mulhu(): Code {
  const out = new Code(2);
  const [a, b] = [0, 1];
  const middle = out.local('i64'), cross = out.local('i64');
  const low = (local: number): void => {
    out.get(local);
    out.i64(0xffff_ffffn);
    out.op('i64_and');
  };
  const high = (local: number): void => {
    out.get(local);
    out.i64(32n);
    out.op('i64_shr_u');
  };
  // middle = aHigh * bLow + (aLow * bLow >> 32), which cannot overflow
  high(a); low(b); out.op('i64_mul');
  low(a); low(b); out.op('i64_mul');
  out.i64(32n);
  out.op('i64_shr_u', 'i64_add');
  out.set(middle);
  // cross = aLow * bHigh + low half of middle
  low(a); high(b); out.op('i64_mul');
  low(middle);
  out.op('i64_add');
  out.set(cross);
  high(a); high(b); out.op('i64_mul');
  high(middle);
  out.op('i64_add');
  high(cross);
  out.op('i64_add');
  return out;
}

/** (high:low) / divisor, with high < divisor: one machine division when high is 0, else 64 steps of long division. */
export function udiv128(): Code {
  const out = new Code(3);
  const [high, low, divisor] = [0, 1, 2];
  const steps = out.local('i32'), carry = out.local('i64');
  out.get(high);
  out.op('i64_eqz');
  out.if();
  out.get(low);
  out.get(divisor);
  out.op('i64_div_u', 'return', 'end');
  out.i32(64);
  out.set(steps);
  out.loop();
  // Shift high:low left by one. What leaves `high` makes the remainder exceed the divisor for certain.
  out.get(high);
  out.i64(63n);
  out.op('i64_shr_u');
  out.set(carry);
  out.get(high);
  out.i64(1n);
  out.op('i64_shl');
  out.get(low);
  out.i64(63n);
  out.op('i64_shr_u', 'i64_or');
  out.set(high);
  out.get(low);
  out.i64(1n);
  out.op('i64_shl');
  out.set(low);
  out.get(carry);
  out.op('i32_wrap_i64');
  out.get(high);
  out.get(divisor);
  out.op('i64_ge_u', 'i32_or');
  out.if();
  out.get(high);
  out.get(divisor);
  out.op('i64_sub');
  out.set(high);
  out.get(low);
  out.i64(1n);
  out.op('i64_or');
  out.set(low);
  out.op('end');
  out.get(steps);
  out.i32(1);
  out.op('i32_sub');
  out.tee(steps);
  out.brIf(0);
  out.op('end');
  out.get(low);
  return out;
}

/** The eight bytes in the other order: swap halves, then their halves, then theirs. */
export function bswap(): Code {
  const out = new Code(1);
  const swap = (bits: bigint, mask: bigint): void => {
    out.get(0);
    out.i64(bits);
    out.op('i64_shr_u');
    out.i64(mask);
    out.op('i64_and');
    out.get(0);
    out.i64(mask);
    out.op('i64_and');
    out.i64(bits);
    out.op('i64_shl', 'i64_or');
    out.set(0);
  };
  swap(8n, 0x00ff_00ff_00ff_00ffn);
  swap(16n, 0x0000_ffff_0000_ffffn);
  out.get(0);
  out.i64(32n);
  out.op('i64_rotl');
  return out;
}

/** Bit after bit, the lowest first: where it is set, the polynomial is taken away. */
export function crc32(): Code {
  const out = new Code(2);
  const [value, bits] = [0, 1];
  out.loop();
  out.get(value);
  out.i64(1n);
  out.op('i64_shr_u');
  out.i64(0n);
  out.get(value);
  out.i64(1n);
  out.op('i64_and', 'i64_sub');
  out.i64(POLYNOMIAL);
  out.op('i64_and', 'i64_xor');
  out.set(value);
  out.get(bits);
  out.i32(1);
  out.op('i32_sub');
  out.tee(bits);
  out.brIf(0);
  out.op('end');
  out.get(value);
  return out;
}

/** The status flags as RFLAGS has them, gathered from what they follow from. */
export function status(): Code {
  const out = new Code(1);
  const carries = out.local('i64'), sign = out.local('i64');
  out.get(PROCESSOR);
  out.access('i64_load', CPU.carries);
  out.set(carries);
  out.get(PROCESSOR);
  out.access('i64_load', CPU.signSource);
  out.set(sign);
  const bit = (value: number, from: bigint, to: bigint): void => {
    out.get(value);
    out.i64(from);
    out.op('i64_shr_u');
    out.i64(1n);
    out.op('i64_and');
    out.i64(to);
    out.op('i64_shl');
  };
  bit(carries, 63n, 0n); // CF
  bit(carries, 3n, 4n); // AF
  out.op('i64_or');
  bit(sign, 63n, 7n); // SF
  out.op('i64_or');
  out.get(PROCESSOR);
  out.access('i64_load', CPU.zeroSource);
  out.op('i64_eqz', 'i64_extend_i32_u');
  out.i64(6n); // ZF
  out.op('i64_shl', 'i64_or');
  // PF: an even number of ones in the low byte.
  out.get(sign);
  out.i64(0xffn);
  out.op('i64_and', 'i64_popcnt');
  out.i64(1n);
  out.op('i64_xor');
  out.i64(1n);
  out.op('i64_and');
  out.i64(2n);
  out.op('i64_shl', 'i64_or');
  out.get(carries);
  out.get(carries);
  out.i64(1n);
  out.op('i64_shl', 'i64_xor');
  out.i64(63n);
  out.op('i64_shr_u');
  out.i64(11n); // OF
  out.op('i64_shl', 'i64_or');
  return out;
}

/** The other way round. */
export function setStatus(): Code {
  const out = new Code(2);
  const flags = 1;
  const bit = (from: bigint, to: bigint): void => {
    out.get(flags);
    out.i64(from);
    out.op('i64_shr_u');
    out.i64(1n);
    out.op('i64_and');
    out.i64(to);
    out.op('i64_shl');
  };
  out.get(PROCESSOR);
  bit(6n, 0n);
  out.i64(1n);
  out.op('i64_xor');
  out.access('i64_store', CPU.zeroSource);
  out.get(PROCESSOR);
  bit(7n, 63n);
  bit(2n, 0n); // PF clear: one bit in the low byte
  out.i64(1n);
  out.op('i64_xor', 'i64_or');
  out.access('i64_store', CPU.signSource);
  out.get(PROCESSOR);
  bit(0n, 63n);
  bit(0n, 62n);
  bit(11n, 62n);
  out.op('i64_xor', 'i64_or');
  bit(4n, 3n);
  out.op('i64_or');
  out.access('i64_store', CPU.carries);
  return out;
}
