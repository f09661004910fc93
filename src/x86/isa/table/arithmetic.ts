/** Addition, subtraction and comparison, in all their forms. */
import { CF } from '../../flags.ts';
import { RAX, type Width } from '../../registers.ts';
import { define, type Instruction } from '../define.ts';
import type { Lift, Semantics } from '../lift.ts';
import type { Word, WordLike } from '../recorder.ts';

/** The encodings that ADD, OR, ADC, SBB, AND, SUB, XOR and CMP share. `base` is the opcode of `r/m8, r8`. */
export function binary(mnemonic: string, base: number, digit: number, semantics: Semantics): Instruction {
  const at = (offset: number): string => (base + offset).toString(16).toUpperCase().padStart(2, '0');
  const lock = mnemonic === 'CMP' ? '' : 'lock';
  return define(mnemonic, [
    `${at(4)} ib | AL, imm8`,
    `${at(5)} iz | rAX, imm`,
    `80 /${digit} ib | r/m8, imm8 | ${lock}`,
    `81 /${digit} iz | r/m, imm | ${lock}`,
    `83 /${digit} ib | r/m, imm8 | sx ${lock}`,
    `82 /${digit} ib | r/m8, imm8 | i64 ${lock}`,
    `${at(0)} /r | r/m8, r8 | ${lock}`,
    `${at(1)} /r | r/m, r | ${lock}`,
    `${at(2)} /r | r8, r/m8`,
    `${at(3)} /r | r, r/m`,
  ], semantics);
}

/** A sum, with its flags. The carry out of each bit follows from the operands and the sum. */
export function sum(u: Lift, a: Word, b: WordLike, carryIn: WordLike, width: Width): Word {
  const result = u.plus(u.plus(a, b), carryIn);
  u.resultFlags(result, width);
  u.carryFlags(u.or(u.and(a, b), u.and(u.or(a, b), u.invert(result))), width);
  return result;
}

/** A difference, with its flags: the borrow out of each bit. */
export function difference(u: Lift, a: WordLike, b: Word, borrowIn: WordLike, width: Width): Word {
  const result = u.minus(u.minus(a, b), borrowIn);
  u.resultFlags(result, width);
  const notA = u.invert(a);
  u.carryFlags(u.or(u.and(notA, b), u.and(u.or(notA, b), result)), width);
  return result;
}

export const ARITHMETIC: readonly Instruction[] = [
  binary('ADD', 0x00, 0, (u, dst, src) => {
    u.write(dst!, sum(u, u.read(dst!), u.read(src!), 0, dst!.width));
  }),
  binary('ADC', 0x10, 2, (u, dst, src) => {
    const a = u.read(dst!), b = u.read(src!);
    u.write(dst!, sum(u, a, b, u.wordOf(u.carry()), dst!.width));
  }),
  binary('SBB', 0x18, 3, (u, dst, src) => {
    const a = u.read(dst!), b = u.read(src!);
    u.write(dst!, difference(u, a, b, u.wordOf(u.carry()), dst!.width));
  }),
  binary('SUB', 0x28, 5, (u, dst, src) => {
    u.write(dst!, difference(u, u.read(dst!), u.read(src!), 0, dst!.width));
  }),
  binary('CMP', 0x38, 7, (u, dst, src) => {
    difference(u, u.read(dst!), u.read(src!), 0, dst!.width);
  }),
  define('INC', ['FE /0 | r/m8 | lock', 'FF /0 | r/m | lock', '40 +r | r | i64'], (u, dst) => {
    const carry = u.carry();
    u.write(dst!, sum(u, u.read(dst!), u.const(1), 0, dst!.width));
    u.setFlag(CF, carry);
  }),
  define('DEC', ['FE /1 | r/m8 | lock', 'FF /1 | r/m | lock', '48 +r | r | i64'], (u, dst) => {
    const carry = u.carry();
    u.write(dst!, difference(u, u.read(dst!), u.const(1), 0, dst!.width));
    u.setFlag(CF, carry);
  }),
  define('NEG', ['F6 /3 | r/m8 | lock', 'F7 /3 | r/m | lock'], (u, dst) => {
    u.write(dst!, difference(u, 0, u.read(dst!), 0, dst!.width));
  }),
  define('XADD', ['0F C0 /r | r/m8, r8 | lock', '0F C1 /r | r/m, r | lock'], (u, dst, src) => {
    const a = u.read(dst!), b = u.read(src!);
    const result = sum(u, a, b, 0, dst!.width);
    u.write(src!, a);
    u.write(dst!, result);
  }),
  define('CMPXCHG', ['0F B0 /r | r/m8, r8 | lock', '0F B1 /r | r/m, r | lock'], (u, dst, src) => {
    const { width } = dst!;
    const old = u.read(dst!), wanted = u.gpr(RAX, width);
    difference(u, wanted, old, 0, width);
    const same = u.equal(wanted, old);
    const replacement = u.read(src!);
    // Memory is written in either case, with its old value if they differ; a register is then not touched at all.
    if (dst!.kind === 'memory') u.write(dst!, u.select(same, replacement, old));
    else u.if(same, () => u.write(dst!, replacement));
    u.if(u.not(same), () => u.setGpr(RAX, old, width));
  }),
];
