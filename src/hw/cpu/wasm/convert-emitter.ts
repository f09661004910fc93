/** Conversions of floating point in emitted routines, under the same conditions as arithmetic. */
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';
import { MXCSR_DAZ, MXCSR_PM, MXCSR_RC, MXCSR_RC_SHIFT } from '../../../x86/mxcsr.ts';
import { SINGLE } from '../../../x86/simd/format.ts';
import type { FloatWidth } from '../../../x86/simd/operation.ts';
import { FloatEmitter, lanesOf, onesFrom, repeated, typeOf } from './float-emitter.ts';
import { bytesOf } from './packed-emitter.ts';

/** What an integer must be below, in magnitude, to be certain to fit when it is rounded. */
const BOUND: Readonly<Record<number, number>> = { 4: 2 ** 31 - 1, 8: 2 ** 63 };
/** 2^31: below it, singles are at most 2^31 - 128. */
const SINGLE_BOUND = 0x4f00_0000n;
const bitsOf = (value: number): bigint => new DataView(new Float64Array([value]).buffer).getBigUint64(0, true);

export abstract class ConvertEmitter extends FloatEmitter {
  protected float(micro: Micro): void {
    const { args, number, n } = micro;
    const width = micro.width as FloatWidth;
    const [first, second, choice] = args as [MicroId, MicroId, MicroId];
    switch (number!) {
      case 'add': case 'sub': case 'mul': case 'div': case 'sqrt': return this.arithmetic(number!, first, second, width, n);
      case 'min': case 'max': return this.extreme(number === 'min' ? 'pmin' : 'pmax', first, second, width, n);
      case 'compare': return this.compare(first, second, choice, width, n);
      case 'toDouble': return this.toDouble(first, second, n);
      case 'toSingle': return this.toSingle(first, second, n);
      case 'fromIntegers': return this.fromIntegers(second);
      case 'fromIntegersToDouble':
        this.push(second);
        return this.code.simd('f64x2_convert_low_i32x4_s');
      case 'toIntegers': return this.toIntegers(second, width, 'nearest');
      case 'truncate': return this.toIntegers(second, width, 'trunc');
      case 'toWhole': return this.toWhole(first, second, choice, width, n);
      // Few programs want them.
      case 'reciprocal': case 'reciprocalRoot': return this.assist();
    }
  }

  /** Always exact. */
  private toDouble(first: MicroId, second: MicroId, lanes: number): void {
    const { code } = this;
    const result = code.local('v128');
    this.plain(second, 4);
    this.require(lanes, 4);
    this.kept(second);
    code.simd('f64x2_promote_low_f32x4');
    code.set(result);
    this.merged(first, result, 8, lanes);
  }

  /** Looked at as doubles again: what is well inside the normal singles, or was zero. */
  private toSingle(first: MicroId, second: MicroId, lanes: number): void {
    const { code } = this;
    const result = code.local('v128'), again = code.local('v128'), size = code.local('v128');
    const mxcsr = this.requireControl(MXCSR_RC | MXCSR_PM, MXCSR_PM);
    this.kept(second);
    code.simd('f32x4_demote_f64x2_zero');
    code.tee(result);
    code.simd('f64x2_promote_low_f32x4');
    code.tee(again);
    code.simd('f64x2_abs');
    code.tee(size);
    this.constant(repeated(bitsOf(2 ** (1 - SINGLE.bias)), 8));
    code.simd('f64x2_gt');
    code.get(size);
    this.constant(repeated(bitsOf(Number.MAX_VALUE), 8));
    code.simd('f64x2_le');
    code.simd('v128_and');
    this.isZeroLane(() => this.kept(second), 8);
    code.simd('v128_or');
    this.require(lanes, 8);
    this.noteInexact(mxcsr, () => {
      code.get(again);
      this.kept(second);
      code.simd('f64x2_eq');
      this.constant(onesFrom(lanes, 8));
      code.simd('v128_or');
      code.simd('i64x2_all_true');
      code.op('i32_eqz');
    });
    if (lanes === 1) this.merged(first, result, 4, 1);
    else code.get(result);
  }

  /** Both halves are compared as doubles, which hold both kinds. */
  private fromIntegers(second: MicroId): void {
    const { code } = this;
    const result = code.local('v128');
    const mxcsr = this.requireControl(MXCSR_RC | MXCSR_PM, MXCSR_PM);
    this.kept(second);
    code.simd('f32x4_convert_i32x4_s');
    code.set(result);
    const upperFirst = bytesOf(1, (byte) => (byte + 8) & 15);
    this.noteInexact(mxcsr, () => {
      for (const high of [false, true]) {
        for (const [push, convert] of [
          [() => this.kept(second), 'f64x2_convert_low_i32x4_s'], [() => code.get(result), 'f64x2_promote_low_f32x4'],
        ] as const) {
          push();
          if (high) {
            push();
            code.simdBytes('i8x16_shuffle', upperFirst);
          }
          code.simd(convert);
        }
        code.simd('f64x2_eq');
      }
      code.simd('v128_and');
      code.simd('i64x2_all_true');
      code.op('i32_eqz');
    });
    code.get(result);
  }

  private toIntegers(second: MicroId, width: FloatWidth, rounding: 'nearest' | 'trunc'): void {
    const { code } = this;
    const type = typeOf(width);
    const rounded = code.local('v128');
    const control = MXCSR_PM | MXCSR_DAZ | (rounding === 'nearest' ? MXCSR_RC : 0);
    const mxcsr = this.requireControl(control, MXCSR_PM);
    this.kept(second);
    code.simd(`${type}_abs`);
    this.constant(width === 4 ? repeated(SINGLE_BOUND, 4) : repeated(bitsOf(BOUND[4]!), 8));
    code.simd(`${type}_lt`);
    this.require(16 / width, width);
    this.kept(second);
    code.simd(`${type}_${rounding}`);
    code.set(rounded);
    this.noteInexact(mxcsr, () => {
      code.get(rounded);
      this.kept(second);
      code.simd(`${type}_eq`);
      code.simd(`${lanesOf(width)}_all_true`);
      code.op('i32_eqz');
    });
    code.get(rounded);
    code.simd(width === 4 ? 'i32x4_trunc_sat_f32x4_s' : 'i32x4_trunc_sat_f64x2_s_zero');
  }

  /** Rounded as the constant says, or MXCSR: to nearest, down, up, towards zero. */
  private toWhole(first: MicroId, second: MicroId, choice: MicroId, width: FloatWidth, lanes: number): void {
    const { code } = this;
    const type = typeOf(width);
    const constant = code.local('i32'), rounding = code.local('i32'), result = code.local('v128');
    const mxcsr = this.requireControl(MXCSR_PM | MXCSR_DAZ, MXCSR_PM);
    this.plain(second, width);
    this.require(lanes, width);
    this.push(choice);
    code.op('i32_wrap_i64');
    code.set(constant);
    code.get(mxcsr);
    code.i32(MXCSR_RC_SHIFT);
    code.op('i32_shr_u');
    code.get(constant);
    code.get(constant);
    code.i32(4);
    code.op('i32_and', 'select');
    code.i32(3);
    code.op('i32_and');
    code.set(rounding);
    for (const [mode, name] of (['nearest', 'floor', 'ceil', 'trunc'] as const).entries()) {
      code.get(rounding);
      code.i32(mode);
      code.op('i32_eq');
      code.if();
      this.push(second);
      code.simd(`${type}_${name}`);
      code.set(result);
      code.op('end');
    }
    this.noteInexact(mxcsr, () => {
      code.get(result);
      this.push(second);
      code.simd(`${type}_eq`);
      this.constant(onesFrom(lanes, width));
      code.simd('v128_or');
      code.simd(`${lanesOf(width)}_all_true`);
      code.op('i32_eqz');
      code.get(constant);
      code.i32(8);
      code.op('i32_and', 'i32_eqz', 'i32_and');
    });
    this.merged(first, result, width, lanes);
  }

  // Between lanes and words.

  protected integerOf({ op, args, width, n }: Micro): void {
    const { code } = this;
    const truncates = op === 'truncated';
    const value = code.local('f64'), rounded = code.local('f64');
    const mxcsr = this.requireControl(MXCSR_PM | MXCSR_DAZ | (truncates ? 0 : MXCSR_RC), MXCSR_PM);
    this.lowDouble(args[0]!, width as FloatWidth);
    code.tee(value);
    code.op('f64_abs');
    code.i64(bitsOf(BOUND[n]!));
    code.op('f64_reinterpret_i64', 'f64_lt', 'i32_eqz');
    this.assistIf();
    code.get(value);
    code.op(truncates ? 'f64_trunc' : 'f64_nearest');
    code.set(rounded);
    this.noteInexact(mxcsr, () => {
      code.get(rounded);
      code.get(value);
      code.op('f64_ne');
    });
    code.get(rounded);
    code.truncate();
    if (n === 4) code.op('i32_wrap_i64', 'i64_extend_i32_u');
  }

  protected floatOf({ args, width, n }: Micro): void {
    const { code } = this;
    const [first, value] = args as [MicroId, MicroId];
    const integer = code.local('i64');
    const exact = width === 8 && n === 4;
    const mxcsr = exact ? undefined : this.requireControl(MXCSR_RC | MXCSR_PM, MXCSR_PM);
    this.push(value);
    if (n === 4) code.op('i64_extend32_s');
    code.set(integer);
    if (mxcsr !== undefined) this.noteInexact(mxcsr, () => this.tooLong(integer, width === 4 ? 24n : 53n));
    this.kept(first);
    code.get(integer);
    code.op(width === 4 ? 'f32_convert_i64_s' : 'f64_convert_i64_s');
    code.simdLane(`${typeOf(width as FloatWidth)}_replace_lane`, 0);
  }

  /** Pushes whether an integer has more significant bits than `precision`. */
  private tooLong(integer: number, precision: bigint): void {
    const { code } = this;
    const size = code.local('i64');
    code.i64(0n);
    code.get(integer);
    code.op('i64_sub');
    code.get(integer);
    code.get(integer);
    code.i64(0n);
    code.op('i64_lt_s', 'select');
    code.set(size);
    // 64 - leading zeros - trailing zeros; of 0 that is negative
    code.i64(64n);
    code.get(size);
    code.op('i64_clz', 'i64_sub');
    code.get(size);
    code.op('i64_ctz', 'i64_sub');
    code.i64(precision);
    code.op('i64_gt_s');
  }
}
