/** Packed values in emitted routines: WebAssembly's own vectors of 128 bits, and what it takes where it has no such instruction. */
import { assert } from '../../../base/assert.ts';
import type { LaneOperation } from '../../../x86/isa/lane.ts';
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';
import { CR0_EM, CR0_TS, CR4_OSFXSR } from '../../../x86/paging.ts';
import type { Width } from '../../../x86/registers.ts';
import { ES_SUMMARY, TOP_MASK } from '../../../x86/x87/words.ts';
import { CPU, RECORD, STATUS, X87_REGISTER, xmmOffset } from '../layout.ts';
import { PROCESSOR, STORE } from './emitter.ts';
import { FlagEmitter } from './flag-emitter.ts';
import type { SimdOp } from './simd-op.ts';

type ByWidth = Partial<Record<Width, SimdOp>>;
const all = (op: SimdOp): ByWidth => ({ 1: op, 2: op, 4: op, 8: op });

/** Operations that are one instruction. */
const LANES: Partial<Record<LaneOperation, ByWidth>> = {
  and: all('v128_and'), or: all('v128_or'), xor: all('v128_xor'),
  pick: all('i8x16_swizzle'),
  add: { 1: 'i8x16_add', 2: 'i16x8_add', 4: 'i32x4_add', 8: 'i64x2_add' },
  sub: { 1: 'i8x16_sub', 2: 'i16x8_sub', 4: 'i32x4_sub', 8: 'i64x2_sub' },
  addSigned: { 1: 'i8x16_add_sat_s', 2: 'i16x8_add_sat_s' }, addUnsigned: { 1: 'i8x16_add_sat_u', 2: 'i16x8_add_sat_u' },
  subSigned: { 1: 'i8x16_sub_sat_s', 2: 'i16x8_sub_sat_s' }, subUnsigned: { 1: 'i8x16_sub_sat_u', 2: 'i16x8_sub_sat_u' },
  mul: { 2: 'i16x8_mul', 4: 'i32x4_mul' }, mulAdd: { 4: 'i32x4_dot_i16x8_s' }, average: { 1: 'i8x16_avgr_u', 2: 'i16x8_avgr_u' },
  minUnsigned: { 1: 'i8x16_min_u', 2: 'i16x8_min_u', 4: 'i32x4_min_u' },
  minSigned: { 1: 'i8x16_min_s', 2: 'i16x8_min_s', 4: 'i32x4_min_s' },
  maxUnsigned: { 1: 'i8x16_max_u', 2: 'i16x8_max_u', 4: 'i32x4_max_u' },
  maxSigned: { 1: 'i8x16_max_s', 2: 'i16x8_max_s', 4: 'i32x4_max_s' },
  equal: { 1: 'i8x16_eq', 2: 'i16x8_eq', 4: 'i32x4_eq', 8: 'i64x2_eq' },
  greater: { 1: 'i8x16_gt_s', 2: 'i16x8_gt_s', 4: 'i32x4_gt_s', 8: 'i64x2_gt_s' },
  narrow16Signed: all('i8x16_narrow_i16x8_s'), narrow16Unsigned: all('i8x16_narrow_i16x8_u'),
  narrow32Signed: all('i16x8_narrow_i32x4_s'), narrow32Unsigned: all('i16x8_narrow_i32x4_u'),
};
const SHIFTS: Partial<Record<LaneOperation, ByWidth>> = {
  shl: { 2: 'i16x8_shl', 4: 'i32x4_shl', 8: 'i64x2_shl' }, shr: { 2: 'i16x8_shr_u', 4: 'i32x4_shr_u', 8: 'i64x2_shr_u' },
  sar: { 2: 'i16x8_shr_s', 4: 'i32x4_shr_s', 8: 'i64x2_shr_s' },
};
const EXTRACT: Readonly<Record<Width, SimdOp>> = {
  1: 'i8x16_extract_lane_u', 2: 'i16x8_extract_lane_u', 4: 'i32x4_extract_lane', 8: 'i64x2_extract_lane',
};
const REPLACE: Readonly<Record<Width, SimdOp>> = {
  1: 'i8x16_replace_lane', 2: 'i16x8_replace_lane', 4: 'i32x4_replace_lane', 8: 'i64x2_replace_lane',
};
const BITMASK: Readonly<Record<Width, SimdOp>> = { 1: 'i8x16_bitmask', 2: 'i16x8_bitmask', 4: 'i32x4_bitmask', 8: 'i64x2_bitmask' };

/** Sixteen bytes from lanes of `width` bytes. */
export const bytesOf = (width: Width, lane: (n: number) => number): bigint => {
  let value = 0n;
  for (let n = 0; n < 16 / width; n += 1) value |= BigInt(lane(n)) << BigInt(8 * width * n);
  return value;
};
/** The upper halves of the 32-bit lanes of both. */
const UPPER_HALVES = bytesOf(1, (n) => (n >> 1) * 4 + 2 + (n & 1));
/** The even 32-bit lanes in front. */
const EVEN_FIRST = bytesOf(1, (n) => (n < 8 ? (n >> 2) * 8 + (n & 3) : n));

export abstract class PackedEmitter extends FlagEmitter {
  /** Leaves the handler unless software has made the XMM registers usable. */
  protected simd(): void {
    const { code } = this;
    this.cpuField('i32_load', CPU.cr4);
    code.i32(CR4_OSFXSR);
    code.op('i32_xor');
    code.i32(CR4_OSFXSR);
    code.op('i32_and');
    this.cpuField('i32_load', CPU.cr0);
    code.i32(CR0_EM | CR0_TS);
    code.op('i32_and', 'i32_or');
    this.assistIf();
  }

  /** Leaves the handler when the bit on the stack is set: the reference does the instruction. */
  protected assistIf(): void {
    this.code.rarely();
    this.assist();
    this.code.op('end');
  }

  protected assist(): void {
    this.code.i32(STATUS.assist);
    this.code.op('return');
  }

  protected xmm(slot: number): void {
    this.code.get(PROCESSOR);
    this.recordField('i32_load16_u', RECORD.operands + 2 * slot);
    this.code.op('i32_add');
    this.code.simdAccess('v128_load', 0);
  }

  protected setVector(value: MicroId, reg: number): void {
    this.code.get(PROCESSOR);
    this.push(value);
    this.code.simdAccess('v128_store', xmmOffset(reg));
  }

  protected vector(reg: number): void {
    this.code.get(PROCESSOR);
    this.code.simdAccess('v128_load', xmmOffset(reg));
  }

  protected setXmm(value: MicroId, slot: number): void {
    this.code.get(PROCESSOR);
    this.recordField('i32_load16_u', RECORD.operands + 2 * slot);
    this.code.op('i32_add');
    this.push(value);
    this.code.simdAccess('v128_store', 0);
  }

  /** Leaves the handler unless MMX registers may be used and no exception of the x87 FPU waits. */
  protected mmx(): void {
    const { code } = this;
    this.cpuField('i32_load', CPU.cr0);
    code.i32(CR0_EM | CR0_TS);
    code.op('i32_and');
    this.cpuField('i32_load16_u', CPU.x87Status);
    code.i32(ES_SUMMARY);
    code.op('i32_and', 'i32_or');
    this.assistIf();
  }

  protected mmxState(inUse: number): void {
    const { code } = this;
    code.get(PROCESSOR);
    this.cpuField('i32_load16_u', CPU.x87Status);
    code.i32(0xffff & ~TOP_MASK);
    code.op('i32_and');
    code.access('i32_store16', CPU.x87Status);
    code.get(PROCESSOR);
    code.i32(inUse);
    code.access('i32_store16', CPU.x87InUse);
  }

  protected setMmx(value: MicroId, slot: number): void {
    const { code } = this;
    const at = code.local('i32');
    code.get(PROCESSOR);
    this.recordField('i32_load16_u', RECORD.operands + 2 * slot);
    code.op('i32_add');
    code.tee(at);
    this.push(value);
    code.access('i64_store', 0);
    code.get(at);
    code.i32(0xffff);
    code.access('i32_store16', X87_REGISTER.upper);
  }

  protected setXmmLow(value: MicroId, slot: number, width: Width): void {
    this.code.get(PROCESSOR);
    this.recordField('i32_load16_u', RECORD.operands + 2 * slot);
    this.code.op('i32_add');
    this.push(value);
    this.code.access(STORE[width], 0);
  }

  protected packedValue(micro: Micro): void {
    const { op, args, width, n } = micro;
    switch (op) {
      case 'packed': return this.packed(args);
      case 'lanes': return this.lanes(micro);
      case 'shift': return this.shift(micro);
      case 'bytes':
        this.pushAll(args);
        return this.code.simdBytes('i8x16_shuffle', micro.value);
      case 'permute': return this.permute(micro);
      case 'withLane':
        this.pushAll(args);
        if (width !== 8) this.code.op('i32_wrap_i64');
        return this.code.simdLane(REPLACE[width], n);
      case 'lane':
        this.push(args[0]!);
        this.code.simdLane(EXTRACT[width], n);
        if (width !== 8) this.code.op('i64_extend_i32_u');
        return;
      case 'signs':
        this.push(args[0]!);
        this.code.simd(BITMASK[width]);
        return this.code.op('i64_extend_i32_u');
      default: assert(false, `${op} has no packed value`);
    }
  }

  protected constant(value: bigint): void {
    this.code.simdBytes('v128_const', value);
  }

  private packed([low, high]: readonly MicroId[]): void {
    if (this.isZero(low!) && this.isZero(high!)) return this.constant(0n);
    this.push(low!);
    this.code.simd('i64x2_splat');
    this.push(high!);
    this.code.simdLane('i64x2_replace_lane', 1);
  }

  private lanes({ args, each, width }: Micro): void {
    const one = LANES[each!]?.[width];
    if (one !== undefined) {
      this.pushAll(args);
      return this.code.simd(one);
    }
    const [a, b] = args as [MicroId, MicroId];
    switch (each) {
      case 'andNot':
        this.pushAll([b, a]);
        return this.code.simd('v128_andnot');
      case 'mulHighSigned': return this.mulHigh(a, b, 'i32x4_extmul_low_i16x8_s', 'i32x4_extmul_high_i16x8_s');
      case 'mulHighUnsigned': return this.mulHigh(a, b, 'i32x4_extmul_low_i16x8_u', 'i32x4_extmul_high_i16x8_u');
      case 'mulHalves': return this.mulHalves(a, b, 'i64x2_extmul_low_i32x4_u');
      case 'mulHalvesSigned': return this.mulHalves(a, b, 'i64x2_extmul_low_i32x4_s');
      case 'differences': return this.differences(a, b);
      default: assert(false, `${each} of ${width} bytes`);
    }
  }

  /** Pushes a value that is pushed more than once: it is computed the first time. */
  protected kept(id: MicroId): void {
    if (this.locals[id] === undefined) {
      const local = this.code.local('v128');
      this.push(id);
      this.code.set(local);
      this.locals[id] = local;
    }
    this.push(id);
  }

  private mulHalves(a: MicroId, b: MicroId, product: SimdOp): void {
    for (const half of [a, b]) {
      this.kept(half);
      this.kept(half);
      this.code.simdBytes('i8x16_shuffle', EVEN_FIRST);
    }
    this.code.simd(product);
  }

  private mulHigh(a: MicroId, b: MicroId, low: SimdOp, high: SimdOp): void {
    for (const half of [low, high]) {
      this.kept(a);
      this.kept(b);
      this.code.simd(half);
    }
    this.code.simdBytes('i8x16_shuffle', UPPER_HALVES);
  }

  /** |a - b| of bytes is whichever saturated difference is not 0; then the sums of two, of four and of eight. */
  private differences(a: MicroId, b: MicroId): void {
    const { code } = this;
    const sums = code.local('v128');
    for (const [left, right] of [[a, b], [b, a]] as const) {
      this.kept(left);
      this.kept(right);
      code.simd('i8x16_sub_sat_u');
    }
    code.simd('v128_or');
    code.simd('i16x8_extadd_pairwise_i8x16_u');
    code.simd('i32x4_extadd_pairwise_i16x8_u');
    code.tee(sums);
    code.get(sums);
    code.i32(32);
    code.simd('i64x2_shr_u');
    code.simd('i64x2_add');
    this.constant(bytesOf(8, () => 0xffff));
    code.simd('v128_and');
  }

  /** WebAssembly takes a count modulo the width; here all bits are gone then, or the sign is everywhere. */
  private shift({ args, each, width }: Micro): void {
    const { code } = this;
    const count = code.local('i64');
    const bits = BigInt(8 * width);
    const op = SHIFTS[each!]?.[width];
    assert(op !== undefined, `${each} of ${width} bytes`);
    this.push(args[1]!);
    code.set(count);
    const isSmall = (): void => {
      code.get(count);
      code.i64(bits);
      code.op('i64_lt_u');
    };
    this.push(args[0]!);
    if (each === 'sar') {
      code.get(count);
      code.i64(bits - 1n);
      isSmall();
      code.op('select', 'i32_wrap_i64');
      return code.simd(op);
    }
    code.get(count);
    code.op('i32_wrap_i64');
    code.simd(op);
    this.constant(0n);
    isSmall();
    code.op('select');
  }

  /** The pair of bits of each lane goes to bit 6 by a multiplication, from there to bit 0; then lanes become bytes. */
  private permute({ args, width, n: first }: Micro): void {
    const { code } = this;
    const words = width === 2;
    const moved = (lane: number): boolean => lane >= first && lane < first + 4;
    const byteNumbers = (lane: number): number =>
      Array.from({ length: width }, (_, i) => (lane * width + i) * 2 ** (8 * i)).reduce((a, b) => a + b);
    const step = byteNumbers(1) - byteNumbers(0);
    this.push(args[0]!);
    this.push(args[1]!);
    code.op('i32_wrap_i64');
    code.simd(words ? 'i16x8_splat' : 'i32x4_splat');
    const combine = (op: 'mul' | 'add', lane: (n: number) => number): void => {
      this.constant(bytesOf(width, lane));
      code.simd(`${words ? 'i16x8' : 'i32x4'}_${op}`);
    };
    combine('mul', (lane) => (moved(lane) ? 4 ** (3 - (lane - first)) : 0));
    code.i32(6);
    code.simd(words ? 'i16x8_shr_u' : 'i32x4_shr_u');
    this.constant(bytesOf(width, () => 3));
    code.simd('v128_and');
    combine('mul', () => step);
    combine('add', (lane) => byteNumbers(moved(lane) ? first : lane));
    code.simd('i8x16_swizzle');
  }
}
