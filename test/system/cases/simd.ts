/**
 * Who may use XMM registers: CR0.EM, CR0.TS and CR4.OSFXSR before each instruction, and CR4.OSXMMEXCPT for exceptions that MXCSR does
 * not mask.
 */
import type { Asm, Case, Program } from '../program.ts';

const MP = 1 << 1, EM = 1 << 2, TS = 1 << 3;
const OSFXSR = 1 << 9, OSXMMEXCPT = 1 << 10;

const usable = (cr0: number, cr4: number): Asm => [
  'mov   rax, cr4', `or    eax, ${cr4}`, 'mov   cr4, rax', 'mov   rax, cr0', `or    eax, ${cr0}`, 'mov   cr0, rax',
];

/** One of each kind: it moves, computes on integers or on numbers, reads or writes MXCSR or all state; or it needs no XMM register. */
const INSTRUCTIONS: readonly string[] = [
  'movaps xmm1, xmm2', 'movups [SCRATCH], xmm0', 'movd  eax, xmm3', 'paddd xmm1, xmm1', 'addsd xmm1, xmm2', 'ucomiss xmm1, xmm1',
  'cvtsi2sd xmm1, ecx', 'stmxcsr [SCRATCH]', 'ldmxcsr [SCRATCH + 8]', 'maskmovdqu xmm1, xmm2', 'fxsave [SCRATCH + 0x200]',
  'fxrstor [SCRATCH + 0x200]', 'movnti [SCRATCH], ecx', 'sfence', 'prefetcht0 [SCRATCH]', 'paddb mm0, mm1', 'movq  [SCRATCH], mm2', 'emms',
];
const CONTROLS: readonly (readonly [name: string, cr0: number, cr4: number])[] = [
  ['nothing', 0, 0], ['OSFXSR', 0, OSFXSR], ['OSFXSR and TS', TS, OSFXSR], ['OSFXSR, TS and MP', TS | MP, OSFXSR],
  ['OSFXSR and EM', EM, OSFXSR], ['OSFXSR, EM and TS', EM | TS, OSFXSR], ['TS alone', TS, 0], ['EM alone', EM, 0],
];

const availability: readonly Case[] = CONTROLS.flatMap(([name, cr0, cr4]) => INSTRUCTIONS.map((code) => ({
  name: `${name}: ${code.replace(/\s+/, ' ')}`, prepare: usable(cr0, cr4), code,
})));

/** Zero by zero is invalid, one by zero has an exception of its own, one by three is not exact. */
const DIVISIONS: readonly (readonly [name: string, dividend: number, divisor: number, masks: number])[] = [
  ['invalid', 0, 0, 0x1f00], ['by zero', 1, 0, 0x1d80], ['inexact', 1, 3, 0x0f80],
];
// The emulator raises none of them.
const FAULT = 'ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-28';
const unmasked: readonly Case[] = DIVISIONS.flatMap(([name, dividend, divisor, masks]) => [[OSFXSR, '6'], [OSFXSR | OSXMMEXCPT, '13']].map(
  ([cr4, vector]): Case => ({
    name: `unmasked ${name}, ${vector === '6' ? 'and CR4.OSXMMEXCPT clear' : 'and set'}`, code: 'divsd xmm0, xmm1',
    registers: { rcx: dividend, rdx: divisor },
    prepare: [
      usable(0, Number(cr4)), `mov   dword [SCRATCH], ${masks}`, 'cvtsi2sd xmm0, ecx', 'cvtsi2sd xmm1, edx', 'ldmxcsr [SCRATCH]',
    ],
    manual: `${vector} ${FAULT}`,
  }),
));

export const SIMD: Program = { name: 'simd', cases: [...availability, ...unmasked] };
