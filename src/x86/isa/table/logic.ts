/** Bitwise operations. AF is undefined after them. */
import { define, type Instruction } from '../define.ts';
import type { Lift, Place } from '../lift.ts';
import type { Word } from '../recorder.ts';
import { binary } from './arithmetic.ts';

const UNDEFINED = { undefinedFlags: { always: 'A' } } as const;

type Operation = (u: Lift, a: Word, b: Word) => Word;

const bitwise = (mnemonic: string, base: number, digit: number, operation: Operation): Instruction => ({
  ...binary(mnemonic, base, digit, (u, dst, src) => {
    const result = operation(u, u.read(dst!), u.read(src!));
    u.write(dst!, result);
    u.logicFlags(result, dst!.width);
  }),
  ...UNDEFINED,
});

const test = (u: Lift, a: Place, b: Place): void => u.logicFlags(u.and(u.read(a), u.read(b)), a.width);

export const LOGIC: readonly Instruction[] = [
  bitwise('OR', 0x08, 1, (u, a, b) => u.or(a, b)),
  bitwise('AND', 0x20, 4, (u, a, b) => u.and(a, b)),
  bitwise('XOR', 0x30, 6, (u, a, b) => u.xor(a, b)),
  define('TEST', [
    'A8 ib | AL, imm8', 'A9 iz | rAX, imm', 'F6 /0 ib | r/m8, imm8', 'F6 /1 ib | r/m8, imm8', 'F7 /0 iz | r/m, imm',
    'F7 /1 iz | r/m, imm', '84 /r | r/m8, r8', '85 /r | r/m, r',
  ], (u, a, b) => test(u, a!, b!), UNDEFINED),
  define('NOT', ['F6 /2 | r/m8 | lock', 'F7 /2 | r/m | lock'], (u, dst) => u.write(dst!, u.invert(u.read(dst!)))),
];
