/**
 * What exists outside 64-bit mode only, and is neither a segment's nor a far transfer: decimal arithmetic, and the
 * instructions for arrays and for all registers at once.
 */
import { DE } from '../../fault.ts';
import { AF, CF } from '../../flags.ts';
import { AH, RAX } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Lift } from '../lift.ts';
import type { Bit } from '../recorder.ts';

/** AL is no decimal digit, or was a sum or difference of two that carried. */
const adjusts = (u: Lift): Bit => u.either(u.below(9, u.and(u.gpr(RAX, 1), 0xf)), u.flag(AF));

const setFlags = (u: Lift, mask: number, value: Bit): void => {
  const status = u.and(u.status(), ~mask);
  u.setStatus(u.or(status, u.select(value, mask, 0)));
};

/** AAA and AAS: AX moves by 106H, so that a carry out of AL and one out of the digit both reach AH. */
const ascii = (mnemonic: string, opcode: string, direction: 1 | -1): Instruction => define(mnemonic, [`${opcode} | | i64`], (u) => {
  const carry = adjusts(u);
  const ax = u.gpr(RAX, 2);
  const moved = u.plus(ax, direction * 0x106);
  u.setGpr(RAX, u.and(u.select(carry, moved, ax), 0xff0f), 2);
  setFlags(u, AF | CF, carry);
}, { undefinedFlags: { always: 'OSZP' } });

/** DAA and DAS: the lower digit by 6, then the upper by 60H. SDM: "DAA", "DAS". */
const decimal = (mnemonic: string, opcode: string, direction: 1 | -1): Instruction => define(mnemonic, [`${opcode} | | i64`], (u) => {
  const al = u.gpr(RAX, 1);
  const low = adjusts(u);
  const high = u.either(u.below(0x99, al), u.carry());
  const once = u.zeroExtend(u.plus(al, u.select(low, direction * 6, 0)), 1);
  const borrowed = direction === 1 ? u.never() : u.both(low, u.below(al, 6));
  const result = u.zeroExtend(u.plus(once, u.select(high, direction * 0x60, 0)), 1);
  u.setGpr(RAX, result, 1);
  u.resultFlags(u.signExtend(result, 1), 1);
  setFlags(u, AF, low);
  setFlags(u, CF, u.either(high, borrowed));
}, { undefinedFlags: { always: 'O' } });

export const DECIMAL: readonly Instruction[] = [
  ascii('AAA', '37', 1),
  ascii('AAS', '3F', -1),
  decimal('DAA', '27', 1),
  decimal('DAS', '2F', -1),
  define('AAM', ['D4 ib | imm8 | i64 b8'], (u, base) => {
    const al = u.gpr(RAX, 1), divisor = u.zeroExtend(u.read(base!), 1);
    u.faultIf(u.isZero(divisor), DE);
    const quotient = u.dividedBy(al, divisor);
    const rest = u.minus(al, u.times(quotient, divisor));
    u.setGpr(RAX, u.or(u.shl(quotient, 8), rest), 2);
    u.logicFlags(u.signExtend(rest, 1), 1);
  }, { cost: 'divide', undefinedFlags: { always: 'OAC' } }),
  define('AAD', ['D5 ib | imm8 | i64 b8'], (u, base) => {
    const sum = u.plus(u.gpr(RAX, 1), u.times(u.gpr(AH, 1), u.read(base!)));
    const result = u.zeroExtend(sum, 1);
    u.setGpr(RAX, result, 2);
    u.logicFlags(u.signExtend(result, 1), 1);
  }, { cost: 'multiply', undefinedFlags: { always: 'OAC' } }),
  // Undocumented for long, and in the manual's opcode map by now: AL becomes all copies of CF.
  define('SALC', ['D6 | | i64'], (u) => u.setGpr(RAX, u.select(u.carry(), 0xff, 0), 1)),
  microcoded('PUSHA', ['60 | | i64'], 'simple', { counted: ['store'], sized: ['PUSHA', 'PUSHAD', 'PUSHAD'] }),
  microcoded('POPA', ['61 | | i64'], 'simple', { counted: ['load'], sized: ['POPA', 'POPAD', 'POPAD'] }),
  microcoded('BOUND', ['62 /r | r, m:pair | i64'], 'simple', { counted: ['load'] }),
];
