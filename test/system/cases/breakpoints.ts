/**
 * Breakpoints of the debug registers: where they are met, what is told of it, and what comes first when several things happen at
 * once. What each event is, the handler writes with its DR6.
 */
import type { Asm, Case, Program } from '../program.ts';

/** Of DR7, for breakpoint 0: globally enabled, and what it is. */
const EXECUTE = 0x2, WRITE = 0x1_0002, PORT = 0x2_0002, ACCESS = 0x3_0002;
const LENGTH = { 1: 0, 2: 0x4_0000, 4: 0xc_0000, 8: 0x8_0000 } as const;

/** Sets breakpoint 0. */
const at = (address: string, control: number): Asm => [
  `mov   rax, ${address}`, 'mov   dr0, rax', `mov   eax, 0x400 + ${control}`, 'mov   dr7, rax',
];
/** The code of the case, whose address a breakpoint wants, follows `.here`. */
const here = (control: number, ...code: readonly string[]): Asm =>
  ['lea   rax, [rel .here]', 'mov   dr0, rax', `mov   eax, 0x400 + ${control}`, 'mov   dr7, rax', '.here:', ...code];

/** The first event of a case: at the instruction that `here` watches. */
const MET = '[1 ip=+12 fl=46 dr6=ffff0ff1]';
const END = 'cs=8 ss=10 sp=K-0 fl=46 at=K-28';

/** QEMU 7.2 does not set RF in what it pushes, and does not look at it: it meets the breakpoint again and again. */
const executed: readonly Case[] = [
  {
    name: 'a breakpoint at an instruction', code: here(EXECUTE, 'inc   ecx', 'inc   ecx'), log: ['rcx'],
    manual: `${MET} 80 ip=+18 cs=8 ss=10 sp=K-0 fl=2 at=K-28 rcx=2`,
  },
  {
    name: 'one that is enabled for the task', code: here(1, 'inc   ecx'), log: ['rcx'],
    manual: `${MET} 80 ip=+16 cs=8 ss=10 sp=K-0 fl=2 at=K-28 rcx=1`,
  },
  { name: 'one that nothing enables', code: here(0, 'inc   ecx'), log: ['rcx'] },
  { name: 'one in front of a fault', code: here(EXECUTE, 'nop', 'ud2'), manual: `${MET} 6 ip=+13 ${END}` },
  { name: 'one at an instruction that faults', code: here(EXECUTE, 'ud2'), manual: `${MET} 6 ip=+12 ${END}` },
  {
    name: 'RF holds it off for one instruction', log: ['rcx'],
    code: [
      'lea   rbx, [rel .here]', 'mov   dr0, rbx', 'mov   eax, 0x402', 'mov   dr7, rax', 'mov   edx, 2',
      'mov   rsi, rsp', 'push  0x10', 'push  rsi', 'push  0x1_0046', 'push  8', 'push  rbx', 'iretq',
      '.here: inc   ecx', 'dec   edx', 'jnz   .here',
    ],
    // The second round meets it, with the flags of DEC to 1.
    manual: `[1 ip=+27 fl=2 dr6=ffff0ff1] 80 ip=+2f ${END} rcx=2`,
  },
  {
    name: 'one at a repeated instruction is met once', registers: { rdi: 'SCRATCH', rcx: 3 }, log: ['rcx'],
    code: here(EXECUTE, 'rep stosb'), manual: `${MET} 80 ip=+16 ${END} rcx=0`,
  },
  {
    name: 'single step and a breakpoint', code: ['pushfq', 'or    dword [rsp], 0x100', here(EXECUTE, 'popfq', 'nop', 'nop')],
    // The breakpoint is in front of POPF, with the flags of OR; the traps come from behind the first NOP on.
    manual: '[1 ip=+1a fl=2 dr6=ffff0ff1] [1 ip=+1c fl=146 dr6=ffff4ff0] [1 ip=+1d fl=146 dr6=ffff4ff0] '
      + '80 ip=+1f cs=8 ss=10 sp=K-0 fl=146 at=K-28',
  },
];

const WRITES: Asm = ['mov   [SCRATCH], eax', 'nop'];
const data: readonly Case[] = [
  { name: 'a write', prepare: at('SCRATCH', WRITE | LENGTH[4]), code: WRITES },
  { name: 'a read where writes are watched', prepare: at('SCRATCH', WRITE | LENGTH[4]), code: ['mov   eax, [SCRATCH]', 'nop'] },
  { name: 'a read', prepare: at('SCRATCH', ACCESS | LENGTH[4]), code: ['mov   eax, [SCRATCH]', 'nop'] },
  { name: 'an update', prepare: at('SCRATCH', WRITE | LENGTH[4]), code: ['inc   dword [SCRATCH]', 'nop'] },
  ...[1, 2, 4, 8].map((length): Case => ({
    name: `a write of a byte behind the first ${length}`, code: [`mov   byte [SCRATCH + ${length}], 1`, 'nop'],
    prepare: at('SCRATCH', WRITE | LENGTH[length as 1]),
  })),
  ...[1, 2, 4, 8].map((length): Case => ({
    name: `a write of the last byte of ${length}`, code: [`mov   byte [SCRATCH + ${length - 1}], 1`, 'nop'],
    prepare: at('SCRATCH', WRITE | LENGTH[length as 1]),
  })),
  { name: 'a write that begins before it', prepare: at('SCRATCH + 4', WRITE), code: ['mov   qword [SCRATCH], 1', 'nop'] },
  { name: 'a write that ends before it', prepare: at('SCRATCH + 4', WRITE), code: WRITES },
  { name: 'a push', prepare: at('K_TOP - 0x108', WRITE | LENGTH[8]), code: ['sub   rsp, 0x100', 'push  rax', 'nop', 'mov   rsp, K_TOP'] },
  {
    name: 'two of them at once', code: WRITES,
    prepare: ['mov   eax, SCRATCH', 'mov   dr1, rax', 'mov   dr2, rax', 'mov   eax, 0x1d10_0428', 'mov   dr7, rax'],
  },
  {
    name: 'a write and a single step', prepare: at('SCRATCH', WRITE | LENGTH[4]),
    code: ['pushfq', 'or    dword [rsp], 0x100', 'popfq', WRITES],
  },
  { name: 'a write that faults', registers: { rdi: 'TEST_PAGE' }, prepare: at('TEST_PAGE', WRITE), code: ['mov   [rdi], eax'] },
  {
    name: 'each iteration of a string instruction', registers: { rdi: 'SCRATCH', rcx: 3 }, prepare: at('SCRATCH + 1', WRITE),
    code: ['rep stosb', 'nop'], log: ['rcx'],
  },
  {
    name: 'a load of SS holds it off', registers: { rcx: 'KERNEL_DATA' },
    prepare: ['mov   [SCRATCH], ecx', at('SCRATCH', ACCESS | LENGTH[2])], code: ['mov   ss, [SCRATCH]', 'nop', 'nop'],
  },
];

const ports: readonly Case[] = [
  { name: 'a port without CR4.DE', prepare: at('0x80', PORT), code: ['in    al, 0x80', 'nop'] },
  {
    name: 'a port', code: ['in    al, 0x81', 'nop', 'out   0x82, al', 'nop'],
    prepare: ['mov   rcx, cr4', 'or    ecx, 8', 'mov   cr4, rcx', at('0x80', PORT | LENGTH[2])],
  },
];

export const BREAKPOINTS: Program = { name: 'breakpoints', cases: [...executed, ...data, ...ports] };
