/** Who may use the x87 FPU, and when its exceptions are raised: CR0.TS, EM and MP, and instructions that wait or do not. */
import type { Asm, Case, Program } from '../program.ts';

const cr0 = (set: number): Asm => ['mov   rcx, cr0', `or    ecx, ${set}`, 'mov   cr0, rcx'];
const TS = 8, EM = 4, MP = 2;
const INSTRUCTIONS: readonly (readonly [name: string, code: Asm])[] = [
  ['an instruction that computes', 'fld1'], ['WAIT', 'fwait'], ['FNINIT', 'fninit'], ['FNSTSW', 'fnstsw ax'], ['FNCLEX', 'fnclex'],
  ['FLDCW', 'fldcw [rdi]'], ['FNSTENV', 'fnstenv [rdi]'],
];

const available: readonly Case[] = [0, TS, EM, MP, TS | MP, TS | EM, EM | MP, TS | EM | MP].flatMap((bits) =>
  INSTRUCTIONS.map(([name, code]): Case => ({
    name: `CR0 with ${['TS', 'EM', 'MP'].filter((_, i) => (bits & [TS, EM, MP][i]!) !== 0).join(' ') || 'none'}: ${name}`,
    prepare: ['fninit', 'mov   word [SCRATCH], 0x37f', cr0(bits)], registers: { rdi: 'SCRATCH' }, code,
  })));

/**
 * A division of one by zero, with its exception unmasked: it stays pending. The emulator raises it with WAIT alone; which other
 * instructions wait is in the vectors of a real processor.
 */
const PENDING: Asm = ['fninit', 'mov   word [SCRATCH], 0x37b', 'fldcw [SCRATCH]', 'fld1', 'fldz', 'fdivp st1, st0'];
const pending: readonly Case[] = [
  ...['fwait', 'fninit', 'fnclex', 'fnsave [rdi]'].map((code): Case => ({
    name: `with an exception pending: ${code}`, prepare: PENDING, registers: { rdi: 'SCRATCH + 64' }, code,
  })),
  { name: 'the user meets an exception that is pending', user: true, prepare: PENDING, code: ['nop', 'fwait'] },
];

export const X87: Program = { name: 'x87', cases: [...available, ...pending] };
