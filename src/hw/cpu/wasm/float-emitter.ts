/**
 * Floating point in emitted routines. WebAssembly's own operations round to nearest and tell of no exception. So they are used where
 * none but inexactness can have occurred, which is looked at only until MXCSR.PE is set: operands are zero or normal, results
 * zero or normal, and MXCSR rounds to nearest and masks that exception. The reference does all else.
 */
import { ZF } from '../../../x86/flags.ts';
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';
import { MXCSR_PE, MXCSR_PM, MXCSR_RC } from '../../../x86/mxcsr.ts';
import { DOUBLE, type Format, SINGLE } from '../../../x86/simd/format.ts';
import type { FloatOperation, FloatWidth } from '../../../x86/simd/operation.ts';
import { CPU } from '../layout.ts';
import { PROCESSOR } from './emitter.ts';
import { bytesOf, PackedEmitter } from './packed-emitter.ts';
import type { SimdOp } from './simd-op.ts';

const formatOf = (width: FloatWidth): Format => (width === 4 ? SINGLE : DOUBLE);
export const typeOf = (width: FloatWidth): 'f32x4' | 'f64x2' => (width === 4 ? 'f32x4' : 'f64x2');
export const lanesOf = (width: FloatWidth): 'i32x4' | 'i64x2' => (width === 4 ? 'i32x4' : 'i64x2');
const smallestNormal = (f: Format): bigint => 1n << BigInt(f.fraction);
const largest = (f: Format): bigint => f.infinity - 1n;
export const repeated = (value: bigint, width: FloatWidth): bigint =>
  value * (width === 4 ? 0x1_0000_0001_0000_0001_0000_0001n : 0x1_0000_0000_0000_0001n);
/** All ones in the lanes from `from` on. */
export const onesFrom = (from: number, width: number): bigint => (1n << 128n) - (1n << BigInt(8 * width * Math.min(from, 16 / width)));
export abstract class FloatEmitter extends PackedEmitter {
  // Conditions, lane by lane: all ones where they hold.

  /** Neither denormal nor NaN. */
  protected plain(value: MicroId, width: FloatWidth): void {
    this.kept(value);
    this.code.simd(`${typeOf(width)}_abs`);
    this.constant(repeated(smallestNormal(formatOf(width)), width));
    this.code.simd(`${typeOf(width)}_ge`);
    this.isZeroLane(() => this.kept(value), width);
    this.code.simd('v128_or');
  }

  protected isZeroLane(push: () => void, width: FloatWidth): void {
    push();
    this.constant(0n);
    this.code.simd(`${typeOf(width)}_eq`);
  }

  /** Finite and above the smallest normal number, which may have been rounded up to, in a local variable. */
  protected normal(result: number, width: FloatWidth): void {
    const { code } = this;
    const size = code.local('v128');
    code.get(result);
    code.simd(`${typeOf(width)}_abs`);
    code.tee(size);
    this.constant(repeated(smallestNormal(formatOf(width)), width));
    code.simd(`${typeOf(width)}_gt`);
    code.get(size);
    this.constant(repeated(largest(formatOf(width)), width));
    code.simd(`${typeOf(width)}_le`);
    code.simd('v128_and');
  }

  /** Leaves the handler unless the condition on the stack holds in the first `lanes` lanes. */
  protected require(lanes: number, width: FloatWidth): void {
    const others = onesFrom(lanes, width);
    if (others !== 0n) {
      this.constant(others);
      this.code.simd('v128_or');
    }
    this.code.simd(`${lanesOf(width)}_all_true`);
    this.code.op('i32_eqz');
    this.assistIf();
  }

  /** Leaves the handler unless MXCSR has exactly `wanted` of the bits `among`; returns the local variable it is in. */
  protected requireControl(among: number, wanted: number): number {
    const { code } = this;
    const mxcsr = code.local('i32');
    this.cpuField('i32_load', CPU.mxcsr);
    code.tee(mxcsr);
    code.i32(among);
    code.op('i32_and');
    code.i32(wanted);
    code.op('i32_ne');
    this.assistIf();
    return mxcsr;
  }

  /** Sets MXCSR.PE, if it is not set, when the bit that `push` pushes is. */
  protected noteInexact(mxcsr: number, push: () => void): void {
    const { code } = this;
    code.get(mxcsr);
    code.i32(MXCSR_PE);
    code.op('i32_and', 'i32_eqz');
    code.if();
    push();
    code.if();
    code.get(PROCESSOR);
    code.get(mxcsr);
    code.i32(MXCSR_PE);
    code.op('i32_or');
    code.access('i32_store', CPU.mxcsr);
    code.op('end', 'end');
  }

  /** Pushes the result; lanes from `lanes` on are those of the first operand. */
  protected merged(first: MicroId, result: number, width: FloatWidth, lanes: number): void {
    const { code } = this;
    code.get(result);
    if (lanes * width === 16) return;
    this.kept(first);
    code.simdBytes('i8x16_shuffle', bytesOf(1, (byte) => (byte < lanes * width ? byte : 16 + byte)));
  }

  // Operations.

  protected arithmetic(
    operation: 'add' | 'sub' | 'mul' | 'div' | 'sqrt', first: MicroId, second: MicroId, width: FloatWidth, lanes: number,
  ): void {
    const { code } = this;
    const root = operation === 'sqrt';
    const result = code.local('v128');
    const mxcsr = this.requireControl(MXCSR_RC | MXCSR_PM, MXCSR_PM);
    if (!root) this.kept(first);
    this.kept(second);
    code.simd(`${typeOf(width)}_${operation}`);
    code.set(result);
    // A zero is exact if it is a sum, or comes from a zero.
    this.normal(result, width);
    this.isZeroLane(() => (operation === 'add' || operation === 'sub' ? code.get(result) : this.kept(root ? second : first)), width);
    code.simd('v128_or');
    if (operation === 'mul') {
      this.isZeroLane(() => this.kept(second), width);
      code.simd('v128_or');
    }
    if (operation === 'mul' || operation === 'div' || root) {
      // Zero times infinity, and zero by zero, are no numbers.
      code.get(result);
      code.get(result);
      code.simd(`${typeOf(width)}_eq`);
      code.simd('v128_and');
    }
    if (!root) {
      this.plain(first, width);
      code.simd('v128_and');
    }
    this.plain(second, width);
    code.simd('v128_and');
    this.require(lanes, width);
    this.noteInexact(mxcsr, () => this.inexact(operation, first, second, result, width, lanes));
    this.merged(first, result, width, lanes);
  }

  /** Pushes whether any lane of the result is not exact. A quotient and a root are looked at as what they are multiplied to. */
  protected inexact(operation: FloatOperation, first: MicroId, second: MicroId, result: number, width: FloatWidth, lanes: number): void {
    const { code, callees } = this;
    const product = operation !== 'add' && operation !== 'sub';
    for (let lane = 0; lane < lanes; lane += 1) {
      const extract: SimdOp = `${typeOf(width)}_extract_lane`;
      const operand = (id: MicroId): void => {
        this.kept(id);
        code.simdLane(extract, lane);
      };
      const outcome = (): void => {
        code.get(result);
        code.simdLane(extract, lane);
      };
      if (operation === 'div' || operation === 'sqrt') outcome();
      else operand(first);
      if (operation === 'sqrt') outcome();
      else operand(second);
      if (operation === 'sub') code.op(width === 4 ? 'f32_neg' : 'f64_neg');
      if (operation === 'div') operand(first);
      else if (operation === 'sqrt') operand(second);
      else outcome();
      code.call(callees[`inexact${product ? 'Product' : 'Sum'}${width}`]);
      if (lane > 0) code.op('i32_or');
    }
  }

  /** WebAssembly's pseudo-minimum of (second, first) is the processor's of (first, second). */
  protected extreme(operation: 'pmin' | 'pmax', first: MicroId, second: MicroId, width: FloatWidth, lanes: number): void {
    const { code } = this;
    const result = code.local('v128');
    this.requirePlain(first, second, width, lanes);
    this.kept(second);
    this.kept(first);
    code.simd(`${typeOf(width)}_${operation}`);
    code.set(result);
    this.merged(first, result, width, lanes);
  }

  protected requirePlain(first: MicroId, second: MicroId, width: FloatWidth, lanes: number): void {
    this.plain(first, width);
    this.plain(second, width);
    this.code.simd('v128_and');
    this.require(lanes, width);
  }

  /**
   * SDM, "Comparison Predicate for CMPPD and CMPPS Instructions": of numbers that have an order, predicates 1 and 2 hold for less, 0
   * and 2 for equal, and from 4 on they are negated.
   */
  protected compare(first: MicroId, second: MicroId, choice: MicroId, width: FloatWidth, lanes: number): void {
    const { code } = this;
    const result = code.local('v128'), predicate = code.local('i32');
    this.requirePlain(first, second, width, lanes);
    this.push(choice);
    code.op('i32_wrap_i64');
    code.set(predicate);
    /** All ones in all lanes when the bit on the stack is set. */
    const everywhere = (): void => {
      code.i32(1);
      code.op('i32_and');
      code.i32(-1);
      code.op('i32_mul');
      code.simd('i32x4_splat');
    };
    const part = (comparison: 'lt' | 'eq', wanted: () => void): void => {
      this.kept(first);
      this.kept(second);
      code.simd(`${typeOf(width)}_${comparison}`);
      wanted();
      everywhere();
      code.simd('v128_and');
    };
    // less: bit 0 of (predicate + 1) / 2; equal: not bit 0 of the predicate
    part('lt', () => {
      code.get(predicate);
      code.i32(3);
      code.op('i32_and');
      code.i32(1);
      code.op('i32_add');
      code.i32(1);
      code.op('i32_shr_u');
    });
    part('eq', () => {
      code.get(predicate);
      code.i32(1);
      code.op('i32_xor');
    });
    code.simd('v128_or');
    code.get(predicate);
    code.i32(2);
    code.op('i32_shr_u');
    everywhere();
    code.simd('v128_xor');
    code.set(result);
    this.merged(first, result, width, lanes);
  }

  /** Pushes lane 0 as a double. */
  protected lowDouble(value: MicroId, width: FloatWidth): void {
    this.kept(value);
    this.code.simdLane(`${typeOf(width)}_extract_lane`, 0);
    if (width === 4) this.code.op('f64_promote_f32');
  }

  /** CF for less, ZF for equal. */
  protected order({ args, width }: Micro): void {
    const { code } = this;
    const [first, second] = args as [MicroId, MicroId];
    this.requirePlain(first, second, width as FloatWidth, 1);
    const compare = (comparison: 'f64_lt' | 'f64_eq'): void => {
      this.lowDouble(first, width as FloatWidth);
      this.lowDouble(second, width as FloatWidth);
      code.op(comparison);
    };
    compare('f64_lt');
    compare('f64_eq');
    code.i32(Math.log2(ZF));
    code.op('i32_shl', 'i32_or', 'i64_extend_i32_u');
  }

  protected setMxcsr(value: MicroId): void {
    this.code.get(PROCESSOR);
    this.push(value);
    this.code.op('i32_wrap_i64');
    this.code.access('i32_store', CPU.mxcsr);
  }
}
