/**
 * Near branches. In 64-bit mode they are 64 bits wide: prefix 66 is ignored, as Intel's processors do. Elsewhere they are as wide
 * as the operand size says, and the far ones can have their target in the instruction.
 */
import { CONDITIONS, ZF } from '../../flags.ts';
import { RCX } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Lift } from '../lift.ts';
import type { Bit } from '../recorder.ts';

const hex = (n: number): string => n.toString(16).toUpperCase();

/** LOOP and its kin: decrement the counter, branch while it is not zero and the condition holds. */
const loop = (mnemonic: string, opcode: string, condition: (u: Lift) => Bit | undefined): Instruction =>
  define(mnemonic, [`${opcode} cb | rel | f64`], (u, target) => {
    const count = u.zeroExtend(u.minus(u.gpr(RCX, u.addressSize), 1), u.addressSize);
    const going = u.not(u.isZero(count));
    const also = condition(u);
    // The counter is written by the branch itself: a branch to a bad address changes nothing.
    u.branch(also ? u.both(going, also) : going, u.target(target!), () => u.setGpr(RCX, count, u.addressSize));
  }, { cost: 'branch' });

export const BRANCH: readonly Instruction[] = [
  define('JMP', ['EB cb | rel | f64', 'E9 cz | rel | f64', 'FF /4 | r/m | f64'], (u, target) => {
    const to = u.target(target!);
    u.faultIf(u.outside(to));
    u.jump(to, target!.kind === 'target' ? 'direct' : 'indirect');
  }, { cost: 'branch' }),
  ...CONDITIONS.map((name, code) => define(`J${name}`, [`${hex(0x70 + code)} cb | rel | f64`, `0F ${hex(0x80 + code)} cz | rel | f64`],
    (u, target) => u.branch(u.condition(code), u.target(target!)), { cost: 'branch' })),
  loop('LOOPNE', 'E0', (u) => u.not(u.flag(ZF))),
  loop('LOOPE', 'E1', (u) => u.flag(ZF)),
  loop('LOOP', 'E2', () => undefined),
  ...[['JRCXZ', 'a64'], ['JECXZ', 'a32'], ['JCXZ', 'a16 i64']].map(([name, size]) =>
    define(name!, [`E3 cb | rel | f64 ${size}`], (u, target) => {
      u.branch(u.isZero(u.gpr(RCX, u.addressSize)), u.target(target!));
    }, { cost: 'branch' })),
  define('CALL', ['E8 cz | rel | f64', 'FF /2 | r/m | f64'], (u, target) => {
    const to = u.target(target!);
    const kind = target!.kind === 'target' ? 'call' : 'indirect call';
    u.faultIf(u.outside(to));
    u.push(u.nextRip(), u.operandSize);
    u.jump(to, kind);
  }, { cost: 'branch' }),
  define('RET', ['C3 | | f64', 'C2 iw | imm16 | f64'], (u, bytes) => {
    const size = u.operandSize;
    const to = u.top(size);
    u.faultIf(u.outside(to));
    u.drop(bytes ? u.plus(u.read(bytes), size) : size);
    u.jump(to, 'return');
  }, { cost: 'branch' }),
  microcoded('JMP', ['FF /5 | m16:v'], 'far', { counted: ['branch', 'load'] }),
  microcoded('JMP', ['EA iv iw | ptr16:v | i64'], 'far', { counted: ['branch'] }),
  microcoded('CALL', ['FF /3 | m16:v'], 'far', { counted: ['branch', 'load', 'store'] }),
  microcoded('CALL', ['9A iv iw | ptr16:v | i64'], 'far', { counted: ['branch', 'store'] }),
  microcoded('RETF', ['CB | | implied', 'CA iw | imm16 | implied'], 'far', { counted: ['branch', 'load'] }),
];
