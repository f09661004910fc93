/** The stack. A pop moves the stack pointer only when nothing can fault any more. */
import { AC, DF, FIXED_FLAG, ID, IF, IOPL, NT, TF, VM } from '../../flags.ts';
import { RBP } from '../../registers.ts';
import { define, type Instruction, microcoded } from '../define.ts';
import type { Lift } from '../lift.ts';

/** What POPF may change besides the status flags, before privilege is considered. */
const POPPED = TF | IF | DF | NT | AC | ID;

/** SDM, "PUSHF", "POPF": a virtual-8086 task must have an IOPL of 3. */
const checkVirtual = (u: Lift): void => {
  if (u.legacy) u.faultIf(u.both(u.not(u.isZero(u.system(VM))), u.not(u.equal(u.system(IOPL), IOPL))));
};

export const STACK: readonly Instruction[] = [
  define('PUSH', ['50 +r | r | d64', 'FF /6 | r/m | d64', '6A ib | imm8 | d64 sx', '68 iz | imm | d64'], (u, src) => {
    u.push(u.read(src!), u.operandSize);
  }),
  microcoded('PUSH', ['0F A0 | FS | d64', '0F A8 | GS | d64'], 'descriptor', { counted: ['store'] }),
  define('POP', ['58 +r | r | d64', '8F /0 | r/m | d64 popm'], (u, dst) => {
    const size = u.operandSize;
    const value = u.top(size);
    if (dst!.kind === 'memory') {
      u.write(dst!, value);
      u.drop(size);
    } else {
      // POP RSP: the popped value wins over the moved pointer.
      u.drop(size);
      u.write(dst!, value);
    }
  }),
  microcoded('PUSH', [
    '06 | ES | i64 implied', '0E | CS | i64 implied', '16 | SS | i64 implied', '1E | DS | i64 implied',
  ], 'descriptor', { counted: ['store'] }),
  microcoded('POP', [
    '0F A1 | FS | d64', '0F A9 | GS | d64', '07 | ES | i64 implied', '17 | SS | i64 implied', '1F | DS | i64 implied',
  ], 'descriptor', { counted: ['load'] }),
  define('PUSHF', ['9C | | d64'], (u) => {
    checkVirtual(u);
    const system = u.system(TF | IF | DF | IOPL | NT | AC | ID);
    u.push(u.or(u.or(u.status(), system), FIXED_FLAG), u.operandSize);
  }, { sized: ['PUSHF', 'PUSHFD', 'PUSHFQ'] }),
  define('POPF', ['9D | | d64'], (u) => {
    const size = u.operandSize;
    checkVirtual(u);
    const value = u.top(size);
    // IOPL changes at CPL 0 only; IF where CPL is at most IOPL. What may not change silently stays.
    const iopl = u.select(u.isZero(u.cpl()), IOPL, 0);
    const mayMask = u.below(u.cpl(), u.plus(u.shr(u.system(IOPL), 12), 1));
    const changeable = u.and(u.or(u.select(mayMask, POPPED, POPPED & ~IF), iopl), size === 2 ? 0xffff : -1);
    const old = u.system(POPPED | IOPL);
    const changed = u.and(u.xor(old, value), changeable);
    u.drop(size);
    u.setStatus(value);
    u.setSystem(POPPED | IOPL, u.xor(old, changed));
    // An interrupt, a single step or another meaning of user pages may begin here.
    u.if(u.not(u.isZero(u.and(changed, IF | TF | AC))), () => u.check());
  }, { sized: ['POPF', 'POPFD', 'POPFQ'] }),
  microcoded('ENTER', ['C8 iw ib | imm16, imm8 | d64'], 'simple', { counted: ['store'] }),
  define('LEAVE', ['C9 | | d64'], (u) => {
    const size = u.operandSize;
    const frame = u.stackOffset(u.gpr(RBP));
    const value = u.load(u.stackAddress(frame), size, 'stack');
    u.setStackPointer(u.plus(frame, size));
    u.setGpr(RBP, value, size);
  }),
];
