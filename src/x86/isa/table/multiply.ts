/** Multiplication and division. */
import { DE } from '../../fault.ts';
import { AH, RAX, RDX, type Width } from '../../registers.ts';
import { define, type Instruction } from '../define.ts';
import type { Lift, Place } from '../lift.ts';
import type { Bit, Word } from '../recorder.ts';

const PRODUCT = { cost: 'multiply', undefinedFlags: { always: 'SZAP' } } as const;
const QUOTIENT = { cost: 'divide', undefinedFlags: { always: 'OSZAPC' } } as const;

/** Writes a double-width result: AX for bytes, else rDX:rAX. */
function writePair(u: Lift, high: Word, low: Word, width: Width): void {
  if (width === 1) {
    u.setGpr(RAX, low, 1);
    u.setGpr(AH, high, 1);
  } else {
    u.setGpr(RAX, low, width);
    u.setGpr(RDX, high, width);
  }
}

/** Bits 127:64 of the signed product. */
function timesHighSigned(u: Lift, a: Word, b: Word): Word {
  const unsigned = u.timesHigh(a, b);
  const ofA = u.select(u.less(a, 0), b, 0);
  const ofB = u.select(u.less(b, 0), a, 0);
  return u.minus(u.minus(unsigned, ofA), ofB);
}

function mul(u: Lift, src: Place): void {
  const { width } = src;
  const a = u.read(src), b = u.gpr(RAX, width);
  const low = u.times(a, b);
  const high = width === 8 ? u.timesHigh(a, b) : u.shr(low, 8 * width);
  writePair(u, high, low, width);
  const wide = u.not(u.isZero(high));
  u.setCarry(wide, wide);
}

function imulWide(u: Lift, src: Place): void {
  const { width } = src;
  const a = u.signExtend(u.read(src), width), b = u.signExtend(u.gpr(RAX, width), width);
  const low = u.times(a, b);
  const high = width === 8 ? timesHighSigned(u, a, b) : u.sar(low, 8 * width);
  writePair(u, high, low, width);
  // The product fits when the upper half is the sign of the lower.
  const sign = u.sar(u.signExtend(low, width), 63);
  const wide = u.not(u.equal(sign, high));
  u.setCarry(wide, wide);
}

function imul(u: Lift, dst: Place, left: Place, right: Place): void {
  const { width } = dst;
  const a = u.signExtend(u.read(left), width), b = u.signExtend(u.read(right), width);
  const low = u.times(a, b);
  u.write(dst, low);
  const wide = width === 8
    ? u.not(u.equal(timesHighSigned(u, a, b), u.sar(low, 63)))
    : u.not(u.equal(u.signExtend(low, width), low));
  u.setCarry(wide, wide);
}

/** The dividend as two 64-bit halves: AX for bytes, else rDX:rAX; sign- or zero-extended. */
function dividend(u: Lift, width: Width, signed: boolean): { high: Word; low: Word } {
  if (width === 8) return { high: u.gpr(RDX), low: u.gpr(RAX) };
  const both = width === 1
    ? u.gpr(RAX, 2)
    : u.or(u.shl(u.gpr(RDX, width), 8 * width), u.gpr(RAX, width));
  const low = signed ? u.signExtend(both, (2 * width) as Width) : both;
  return { high: signed ? u.sar(low, 63) : u.const(0), low };
}

function div(u: Lift, src: Place): void {
  const { width } = src;
  const divisor = u.read(src);
  const { high, low } = dividend(u, width, false);
  u.faultIf(u.isZero(divisor), DE);
  let quotient: Word;
  if (width === 8) {
    u.faultIf(u.not(u.below(high, divisor)), DE);
    quotient = u.dividedLong(high, low, divisor);
  } else {
    quotient = u.dividedBy(low, divisor);
    u.faultIf(u.not(u.isZero(u.shr(quotient, 8 * width))), DE);
  }
  writePair(u, u.minus(low, u.times(quotient, divisor)), quotient, width);
}

const negateIf = (u: Lift, choose: Bit, a: Word): Word => u.select(choose, u.minus(0, a), a);

function idiv(u: Lift, src: Place): void {
  const { width } = src;
  const divisor = u.signExtend(u.read(src), width);
  const { high, low } = dividend(u, width, true);
  u.faultIf(u.isZero(divisor), DE);
  // Divide magnitudes, then give quotient and remainder their signs.
  const negative = u.less(high, 0), negativeDivisor = u.less(divisor, 0);
  const negativeQuotient = u.differ(negative, negativeDivisor);
  const size = negateIf(u, negativeDivisor, divisor);
  const lowSize = negateIf(u, negative, low);
  let quotient: Word;
  if (width === 8) {
    const borrow = u.wordOf(u.isZero(low));
    const highSize = u.select(negative, u.plus(u.invert(high), borrow), high);
    u.faultIf(u.not(u.below(highSize, size)), DE);
    quotient = u.dividedLong(highSize, lowSize, size);
  } else quotient = u.dividedBy(lowSize, size);
  // The magnitude may be 2^(n-1) when the quotient is negative, and one less when it is not.
  const limit = u.plus(u.const(1n << BigInt(8 * width - 1)), u.wordOf(negativeQuotient));
  u.faultIf(u.not(u.below(quotient, limit)), DE);
  const remainder = u.minus(lowSize, u.times(quotient, size));
  writePair(u, negateIf(u, negative, remainder), negateIf(u, negativeQuotient, quotient), width);
}

export const MULTIPLY: readonly Instruction[] = [
  define('MUL', ['F6 /4 | r/m8', 'F7 /4 | r/m'], (u, src) => mul(u, src!), PRODUCT),
  define('IMUL', ['F6 /5 | r/m8', 'F7 /5 | r/m', '0F AF /r | r, r/m', '6B /r ib | r, r/m, imm8 | sx', '69 /r iz | r, r/m, imm'],
    (u, first, second, third) => {
      if (second === undefined) imulWide(u, first!);
      else imul(u, first!, third === undefined ? first! : second, third ?? second);
    }, PRODUCT),
  define('DIV', ['F6 /6 | r/m8', 'F7 /6 | r/m'], (u, src) => div(u, src!), QUOTIENT),
  define('IDIV', ['F6 /7 | r/m8', 'F7 /7 | r/m'], (u, src) => idiv(u, src!), QUOTIENT),
];
