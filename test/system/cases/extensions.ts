/**
 * What x86-64-v2 and XSAVE bring: who may use them, by CR0.EM, CR0.TS, CR4.OSFXSR and CR4.OSXSAVE; XCR0; and what is saved and restored.
 * A processor without them knows none of these instructions.
 */
import type { Asm, Case, Program } from '../program.ts';

const EM = 1 << 2, TS = 1 << 3;
const OSFXSR = 1 << 9, OSXSAVE = 1 << 18;

const usable = (cr0: number, cr4: number): Asm => [
  'mov   rax, cr4', `or    eax, ${cr4}`, 'mov   cr4, rax', 'mov   rax, cr0', `or    eax, ${cr0}`, 'mov   cr0, rax',
];
/** XSAVE is enabled, with all parts that there are. */
const ENABLED: Asm = [usable(0, OSFXSR | OSXSAVE), 'xor   ecx, ecx', 'xor   edx, edx', 'mov   eax, 3', 'xsetbv'];

/** One of each kind of each set; CRC32 needs no XMM register. */
const INSTRUCTIONS: readonly string[] = [
  'haddps xmm1, xmm2', 'lddqu xmm1, [SCRATCH]', 'movddup xmm1, xmm2', 'fisttp word [SCRATCH]', 'pshufb xmm1, xmm2', 'pshufb mm1, mm2',
  'palignr mm1, mm2, 3', 'pextrb eax, xmm1, 3', 'roundsd xmm1, xmm2, 0', 'ptest xmm1, xmm2', 'blendvps xmm1, xmm2', 'pmovsxbw xmm1, xmm2',
  'pcmpistri xmm1, xmm2, 0', 'pcmpgtq xmm1, xmm2', 'crc32 eax, cl',
  'xsave [SCRATCH + 0x200]', 'xsaveopt [SCRATCH + 0x200]', 'xrstor [SCRATCH + 0x200]', 'xsave64 [SCRATCH + 0x200]',
];
/** Their outcome tells only whether they may be used. */
const READS = 'xgetbv';
const CONTROLS: readonly (readonly [name: string, cr0: number, cr4: number])[] = [
  ['nothing', 0, 0], ['OSFXSR and OSXSAVE', 0, OSFXSR | OSXSAVE], ['OSFXSR', 0, OSFXSR], ['OSXSAVE', 0, OSXSAVE],
  ['TS', TS, OSFXSR | OSXSAVE], ['EM', EM, OSFXSR | OSXSAVE], ['TS alone', TS, 0],
];
const availability: readonly Case[] = CONTROLS.flatMap(([name, cr0, cr4]) => [...INSTRUCTIONS, READS].map((code) => ({
  name: `${name}: ${code.replace(/\s+/, ' ')}`, prepare: usable(cr0, cr4), code,
})));

const OSXSAVE_OF_CPUID: Asm = ['mov   eax, 1', 'cpuid', 'and   ecx, 0xc00_0000'];
const registers: readonly Case[] = [
  { name: 'CR4.OSXSAVE is in CPUID', prepare: usable(0, OSXSAVE), code: OSXSAVE_OF_CPUID, log: ['rcx'] },
  { name: 'without it it is not', code: OSXSAVE_OF_CPUID, log: ['rcx'] },
  { name: 'XCR0 at the start', prepare: usable(0, OSXSAVE), code: 'xgetbv', log: ['rax', 'rdx'] },
  { name: 'XGETBV of register 2', prepare: usable(0, OSXSAVE), registers: { rcx: 2 }, code: 'xgetbv' },
  { name: 'the user: XGETBV', user: true, prepare: ENABLED, code: 'xgetbv', log: ['rax', 'rdx'] },
  { name: 'the user: XSETBV', user: true, prepare: usable(0, OSXSAVE), registers: { rax: 3 }, code: 'xsetbv' },
  { name: 'XSETBV without CR4.OSXSAVE', registers: { rax: 3 }, code: 'xsetbv' },
  ...[0, 1, 2, 3, 7, 0x103].map((value): Case => ({
    name: `XSETBV of ${value}`, prepare: usable(0, OSXSAVE), registers: { rax: value }, code: ['xsetbv', 'xgetbv'], log: ['rax', 'rdx'],
  })),
  { name: 'XSETBV of a bit above 31', prepare: usable(0, OSXSAVE), registers: { rax: 3, rdx: 1 }, code: 'xsetbv' },
  { name: 'XSETBV of register 1', prepare: usable(0, OSXSAVE), registers: { rcx: 1, rax: 3 }, code: 'xsetbv' },
  ...[0, 1, 2].map((subleaf): Case => ({
    name: `CPUID leaf 0DH, subleaf ${subleaf}`, prepare: ENABLED, registers: { rax: 0xd, rcx: subleaf }, code: 'cpuid',
    log: ['rax', 'rbx', 'rcx', 'rdx'],
  })),
];

const AREA = 'SCRATCH + 0x400';
const FILL: Asm = ['cld', 'mov   edi, SCRATCH + 0x400', 'mov   ecx, 72', 'mov   rax, 0x5555_5555_5555_5555', 'rep stosq', 'xor   eax, eax'];
/** XMM1 holds something, and everything else of the parts is as FNINIT and a clear register leave it. */
const SSE_IN_USE: Asm = ['fninit', ...Array.from({ length: 16 }, (_, i) => `pxor  xmm${i}, xmm${i}`), 'pcmpeqd xmm1, xmm1'];
const words = [0, 24, 160, 176, 512, 520] as const;
const saves: readonly Case[] = (['xsave', 'xsaveopt'] as const).flatMap((name) => [1, 2, 3].flatMap((parts) => words.map((at): Case => ({
  name: `${name} of ${parts}: the word at ${at}`, prepare: [ENABLED, FILL, SSE_IN_USE], registers: { rax: parts },
  code: [`mov   eax, ${parts}`, `${name} [${AREA}]`], watch: `${AREA} + ${at}`,
}))));

/** A header with these words, and an area of which MXCSR alone is said. */
const restoring = (name: string, header: readonly number[], parts: number): Case => ({
  name, prepare: [
    ENABLED, SSE_IN_USE, 'mov   edi, SCRATCH + 0x400', 'mov   ecx, 72', 'xor   eax, eax', 'rep stosq',
    `mov   dword [${AREA} + 24], 0x1f80`, `mov   qword [${AREA} + 176], 0x1234`,
    ...header.map((word, i) => `mov   qword [${AREA} + 512 + ${8 * i}], ${word}`),
  ],
  code: [`mov   eax, ${parts}`, `xrstor [${AREA}]`, 'movq  rbx, xmm1'], log: ['rbx'],
});
const restores: readonly Case[] = [
  restoring('XRSTOR of what is there', [2], 3), restoring('XRSTOR of what is not there', [1], 3),
  restoring('XRSTOR of another part', [2], 1),
  restoring('XRSTOR of nothing', [2], 0), restoring('XRSTOR of a part that there is not', [4], 3),
  restoring('XRSTOR with XCOMP_BV', [2, 1], 3), restoring('XRSTOR with a reserved word', [2, 0, 1], 3),
  {
    name: 'XRSTOR of a bad MXCSR', code: ['mov   eax, 3', `xrstor [${AREA}]`],
    prepare: [ENABLED, FILL, [512, 520, 528].map((at) => `mov   qword [${AREA} + ${at}], 0`)],
  },
  { name: 'XSAVE of an area that is not aligned', prepare: ENABLED, code: ['mov   eax, 3', 'xsave [SCRATCH + 0x410]'] },
  { name: 'XRSTOR of an area that is not aligned', prepare: ENABLED, code: ['mov   eax, 3', 'xrstor [SCRATCH + 0x410]'] },
];

/** What the emulator, which takes every part for one in use, and has no XSAVEC, cannot be asked. */
const INITIAL: Asm = [
  'mov   edi, SCRATCH + 0x400', 'mov   ecx, 72', 'xor   eax, eax', 'rep stosq', `mov   dword [${AREA} + 24], 0x1f80`, 'mov   eax, 3',
  `xrstor [${AREA}]`,
];
const manual = (name: string, prepare: Asm, code: string, at: number, word: string): Case => ({
  name, prepare: [ENABLED, INITIAL, FILL, prepare], code: ['mov   eax, 3', `${code} [${AREA}]`], watch: `${AREA} + ${at}`,
  manual: `80 ip=+f cs=8 ss=10 sp=K-0 fl=46 at=K-28 m=${word}`,
});
const MXCSR: Asm = ['mov   dword [SCRATCH], 0x1f00', 'ldmxcsr [SCRATCH]'];
const initial: readonly Case[] = [
  manual('XSAVEOPT of what is initial writes none of it', [], 'xsaveopt', 0, '5555555555555555'),
  manual('and says so', [], 'xsaveopt', 512, '5555555555555554'),
  manual('XSAVE writes it', [], 'xsave', 0, '37f'), manual('XSAVE says so too', [], 'xsave', 512, '5555555555555554'),
  manual('XSAVEC of what is initial', [], 'xsavec', 512, '0'), manual('XSAVEC says in which form', [], 'xsavec', 520, '8000000000000003'),
  manual('XSAVEC of one part', 'pcmpeqd xmm1, xmm1', 'xsavec', 512, '2'), manual('XSAVEC of MXCSR alone', MXCSR, 'xsavec', 512, '2'),
  manual('XSAVEOPT of MXCSR alone', MXCSR, 'xsaveopt', 512, '5555555555555554'),
];

export const EXTENSIONS: Program = {
  name: 'extensions', extended: true, cases: [...availability, ...registers, ...saves, ...restores, ...initial],
};
/** Of a processor without the extensions all of these are undefined. */
export const WITHOUT: Program = {
  name: 'without', cases: INSTRUCTIONS.map((code): Case => ({ name: code, prepare: usable(0, OSFXSR), code })),
};
