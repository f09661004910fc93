/**
 * Shifts and rotates. Counts are masked to five bits, to six for 64-bit operands; a count of zero changes no flag.
 * OF is defined for a count of one only; for others it is what the formula for one gives.
 */
import { CF, OF } from '../../flags.ts';
import type { Width } from '../../registers.ts';
import { define, type Instruction } from '../define.ts';
import type { Lift } from '../lift.ts';
import type { Bit, Word } from '../recorder.ts';

/** The result, and the bits for CF and OF. */
interface Shifted { readonly result: Word; readonly cf: Bit; readonly of: Bit }
type Shift = (u: Lift, a: Word, count: Word, width: Width) => Shifted;

const maskOf = (width: Width): number => (width === 8 ? 63 : 31);

const rows = (digit: number): string[] => [
  `D0 /${digit} | r/m8, 1`, `D2 /${digit} | r/m8, CL`, `C0 /${digit} ib | r/m8, imm8`,
  `D1 /${digit} | r/m, 1`, `D3 /${digit} | r/m, CL`, `C1 /${digit} ib | r/m, imm8`,
];

/** A shift sets all flags from its result; the destination is written even for a count of zero. */
const shift = (mnemonic: string, digits: readonly number[], operation: Shift): Instruction =>
  define(mnemonic, digits.flatMap(rows), (u, dst, by) => {
    const { width } = dst!;
    const a = u.read(dst!);
    const count = u.and(u.read(by!), maskOf(width));
    const { result, cf, of } = operation(u, a, count, width);
    u.write(dst!, u.select(u.isZero(count), a, result));
    u.if(u.not(u.isZero(count)), () => {
      u.setCarry(cf, of);
      u.resultFlags(result, width);
    });
  }, { undefinedFlags: { always: 'A', unlessCountIsOne: 'O', beyondWidth: 'C' } });

/** A rotate sets CF and OF only. `modulus` is the number of positions after which it is back where it was. */
const rotate = (mnemonic: string, digit: number, modulus: (width: Width) => number, operation: Shift): Instruction =>
  define(mnemonic, rows(digit), (u, dst, by) => {
    const { width } = dst!;
    const a = u.read(dst!);
    const masked = u.and(u.read(by!), maskOf(width));
    const bits = modulus(width);
    const count = bits > maskOf(width) ? masked : u.minus(masked, u.times(u.dividedBy(masked, bits), bits));
    const { result, cf, of } = operation(u, a, count, width);
    u.write(dst!, u.select(u.isZero(count), a, result));
    u.if(u.not(u.isZero(masked)), () => {
      u.setFlag(CF, cf);
      u.setFlag(OF, of);
    });
  }, { undefinedFlags: { unlessCountIsOne: 'O' } });

/** (a << count) | (b >> (bits - count)), for count in [0, bits). */
const funnel = (u: Lift, a: Word, b: Word, count: Word, bits: number): Word =>
  u.or(u.shl(a, count), u.shr(u.shr(b, 1), u.minus(bits - 1, count)));

const sal: Shift = (u, a, count, width) => {
  const bits = 8 * width;
  const result = u.shl(a, count);
  // The last bit out: bit `bits` of the shifted word, which a 64-bit word has lost.
  const cf = width === 8 ? u.bit(a, u.and(u.minus(64, count), 63)) : u.bit(result, bits);
  return { result, cf, of: u.differ(u.sign(result, width), cf) };
};

const shr: Shift = (u, a, count, width) => ({
  result: u.shr(a, count),
  cf: u.bit(u.shr(a, u.and(u.minus(count, 1), 63)), 0),
  of: u.sign(a, width),
});

const sar: Shift = (u, a, count, width) => {
  const signed = u.signExtend(a, width);
  return {
    result: u.sar(signed, count),
    cf: u.bit(u.sar(signed, u.and(u.minus(count, 1), 63)), 0),
    of: u.never(),
  };
};

const rol: Shift = (u, a, count, width) => {
  const result = funnel(u, a, a, count, 8 * width);
  const cf = u.bit(result, 0);
  return { result, cf, of: u.differ(u.sign(result, width), cf) };
};

const ror: Shift = (u, a, count, width) => {
  const bits = 8 * width;
  const result = u.or(u.shr(a, count), u.shl(u.shl(a, 1), u.minus(bits - 1, count)));
  return {
    result: u.zeroExtend(result, width),
    cf: u.sign(result, width),
    of: u.differ(u.sign(result, width), u.bit(result, bits - 2)),
  };
};

/** Through CF, left: a word of one bit more than the operand. For a count of zero CF stays. */
const rcl: Shift = (u, a, count, width) => {
  const bits = 8 * width;
  const carry = u.carry();
  const zero = u.isZero(count);
  const back = u.and(u.minus(count, 1), 63);
  // The old bits that come in below: CF, and above it the upper bits of the operand.
  const low = u.shl(u.wordOf(carry), back);
  const wrapped = u.shr(u.shr(a, 1), u.and(u.minus(bits, count), 63));
  const result = u.or(u.or(u.shl(a, count), low), wrapped);
  const cf = u.bit(a, u.and(u.minus(bits, count), 63));
  const out = u.either(u.both(zero, carry), u.both(u.not(zero), cf));
  return { result: u.zeroExtend(result, width), cf: out, of: u.differ(u.sign(result, width), out) };
};

const rcr: Shift = (u, a, count, width) => {
  const bits = 8 * width;
  const carry = u.carry();
  const zero = u.isZero(count);
  const back = u.and(u.minus(count, 1), 63);
  const high = u.shl(u.wordOf(carry), u.and(u.minus(bits, count), 63));
  const wrapped = u.shl(u.shl(a, 1), u.and(u.minus(bits, count), 63));
  const result = u.zeroExtend(u.or(u.or(u.shr(a, count), high), wrapped), width);
  const cf = u.bit(a, back);
  return {
    result,
    cf: u.either(u.both(zero, carry), u.both(u.not(zero), cf)),
    of: u.differ(u.sign(result, width), u.bit(result, bits - 2)),
  };
};

/** SHLD and SHRD: bits come in from a second register. */
const double = (mnemonic: string, opcode: number, left: boolean): Instruction => {
  const at = (n: number): string => n.toString(16).toUpperCase();
  return define(mnemonic, [`0F ${at(opcode)} /r ib | r/m, r, imm8`, `0F ${at(opcode + 1)} /r | r/m, r, CL`], (u, dst, src, by) => {
    const { width } = dst!;
    const bits = 8 * width;
    const a = u.read(dst!), b = u.read(src!);
    const count = u.and(u.read(by!), maskOf(width));
    const other = u.and(u.minus(bits, count), 63);
    const result = u.zeroExtend(
      left ? u.or(u.shl(a, count), u.shr(b, other)) : u.or(u.shr(a, count), u.shl(b, other)), width);
    const zero = u.isZero(count);
    u.write(dst!, u.select(zero, a, result));
    u.if(u.not(zero), () => {
      const cf = u.bit(a, left ? other : u.minus(count, 1));
      u.setCarry(cf, u.differ(u.sign(result, width), u.sign(a, width)));
      u.resultFlags(result, width);
    });
  }, { undefinedFlags: { always: 'A', unlessCountIsOne: 'O', beyondWidth: 'OSZPC' } });
};

const whole = (width: Width): number => 8 * width;
const withCarry = (width: Width): number => 8 * width + 1;

export const SHIFT: readonly Instruction[] = [
  rotate('ROL', 0, whole, rol),
  rotate('ROR', 1, whole, ror),
  rotate('RCL', 2, withCarry, rcl),
  rotate('RCR', 3, withCarry, rcr),
  shift('SHL', [4, 6], sal),
  shift('SHR', [5], shr),
  shift('SAR', [7], sar),
  double('SHLD', 0xa4, true),
  double('SHRD', 0xac, false),
];
