/**
 * When events come: after which instruction an interrupt is taken, what holds it off, what NMIs wait for, and single
 * steps. The brackets of a line are the events, in order, each with the instruction that it came before.
 */
import { APIC_ON, hook, NMI, RELOAD_TR, sendSelf } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

const NOPS: Asm = ['nop', 'nop', 'nop'];
const IF = 'or    dword [rel entry_flags], 0x200';
/** Nothing may wait when the next case begins. */
const LET_IN: Asm = ['xor   eax, eax', 'mov   cr8, rax', 'sti', 'nop', 'nop'];
/** Interrupts wait: IF is clear while they are sent. */
const pending = (...vectors: readonly number[]): Asm => [APIC_ON, vectors.map(sendSelf)];

const shadows: readonly Case[] = [
  { name: 'CLI, STI and NOP', prepare: pending(0x41), code: ['cli', NOPS, 'sti', NOPS] },
  { name: 'STI holds off for one instruction', prepare: pending(0x41), code: ['sti', NOPS] },
  { name: 'STI and CLI', prepare: pending(0x41), code: ['sti', 'cli', NOPS, LET_IN] },
  { name: 'STI and STI', prepare: pending(0x41), code: ['sti', 'sti', NOPS] },
  { name: 'STI and HLT', prepare: pending(0x41), code: ['sti', 'hlt', NOPS] },
  { name: 'POPF does not hold off', prepare: pending(0x41), code: ['push  0x202', 'popfq', NOPS] },
  {
    name: 'IRET does not hold off', prepare: pending(0x41), registers: { rax: 'KERNEL_DATA', rcx: 'KERNEL_CODE' },
    code: [
      'mov   rbx, rsp', 'lea   rdx, [rel .there]', 'push  rax', 'push  rbx', 'push  0x202', 'push  rcx', 'push  rdx', 'iretq',
      '.there:', NOPS,
    ],
  },
  { name: 'STI of the user', user: true, code: 'sti' },
  { name: 'CLI of the user', user: true, code: 'cli' },
  {
    name: 'STI of the user with IOPL 3', user: true, prepare: [pending(0x41), 'or    dword [rel entry_flags], 0x3000'], code: ['sti', NOPS],
  },
  { name: 'POPF of the user leaves IF and IOPL', user: true, prepare: IF, code: ['push  0x3002', 'popfq', 'nop'] },
];

const setTpr = (value: number): Asm => [`mov   eax, ${value}`, 'mov   cr8, rax'];
const EOI: Asm = ['mov   dword [rbx + 0xb0], 0', NOPS];
const priorities: readonly Case[] = [
  { name: 'the higher vector first', prepare: pending(0x41, 0x61, 0x51), code: ['sti', NOPS] },
  { name: 'the same vector twice is once', prepare: pending(0x41, 0x41), code: ['sti', NOPS] },
  { name: 'TPR holds off its class', prepare: [pending(0x41, 0x61), setTpr(5)], code: ['sti', NOPS, LET_IN] },
  { name: 'TPR holds off the same class', prepare: [pending(0x4f), setTpr(4)], code: ['sti', NOPS, LET_IN] },
  { name: 'MOV to CR8 lets in', prepare: [pending(0x41), setTpr(15)], code: ['sti', 'nop', 'xor   ecx, ecx', 'mov   cr8, rcx', NOPS] },
  {
    name: 'one in service holds off its class', code: ['sti', NOPS, EOI, EOI, EOI], registers: { rbx: 'APIC' },
    prepare: ['mov   dword [rel acknowledges], 0', pending(0x41, 0x42, 0x61)],
  },
];

/** Sends another NMI from the handler of the first, and does more there. */
const fromNmi = (...more: readonly Asm[]): Asm => [
  'mov   dword [SCRATCH], 0', hook(
    'xor   eax, eax', 'cmp   r13d, 2', 'jne   .done', 'inc   dword [SCRATCH]', 'cmp   dword [SCRATCH], 1', 'jne   .resume',
    sendSelf(NMI), 'nop', more, '.resume:', 'mov   eax, 1', '.done:',
  ),
];
const IRET_HERE: Asm = [
  'mov   eax, KERNEL_DATA', 'push  rax', 'lea   rax, [rsp + 8]', 'push  rax', 'push  2', 'mov   eax, KERNEL_CODE', 'push  rax',
  'lea   rax, [rel .here]', 'push  rax', 'iretq', '.here:', 'nop',
];
const nmis: readonly Case[] = [
  { name: 'an NMI comes with IF clear', prepare: APIC_ON, code: [sendSelf(NMI), NOPS] },
  { name: 'an NMI within one waits for its IRET', prepare: [APIC_ON, fromNmi()], code: [sendSelf(NMI), NOPS] },
  { name: 'an NMI within one comes after any IRET', prepare: [APIC_ON, fromNmi(IRET_HERE)], code: [sendSelf(NMI), NOPS] },
  { name: 'NMIs that wait are one', prepare: [APIC_ON, fromNmi(sendSelf(NMI))], code: [sendSelf(NMI), NOPS] },
  {
    name: 'an NMI before an interrupt', prepare: pending(0x41), registers: { rax: 'APIC', rcx: 0x4_4400 },
    code: ['sti', 'mov   [rax + 0x300], ecx', NOPS],
  },
];

const TF: Asm = ['push  0x102', 'popfq'];
const NO_TF: Asm = ['push  2', 'popfq', 'nop'];
const SYSCALL: Asm = [
  'mov   ecx, IA32_STAR', 'xor   eax, eax', 'mov   edx, 0x0010_0008', 'wrmsr',
  'mov   ecx, IA32_FMASK', 'mov   eax, 0x100', 'xor   edx, edx', 'wrmsr',
  'mov   ecx, IA32_LSTAR', 'lea   rax, [rel step_target]', 'wrmsr',
];
const steps: readonly Case[] = [
  { name: 'single steps', code: [TF, NOPS, NO_TF] },
  { name: 'single steps of the user', user: true, code: [TF, 'nop', NO_TF] },
  { name: 'a single step into the case', prepare: 'or    dword [rel entry_flags], 0x100', code: ['nop', NO_TF] },
  { name: 'a single step over MOV SS', registers: { rax: 'KERNEL_DATA' }, code: [TF, 'mov   ss, eax', NOPS, NO_TF] },
  { name: 'a single step over POP FS', registers: { rax: 'KERNEL_DATA' }, code: ['push  rax', TF, 'pop   fs', 'nop', NO_TF] },
  { name: 'a single step over STI', code: [TF, 'sti', 'nop', NO_TF] },
  { name: 'single steps of a string instruction', registers: { rcx: 3, rdi: 'SCRATCH' }, code: [TF, 'rep stosb', NO_TF], log: ['rcx'] },
  { name: 'a single step over INT', code: [TF, 'int   0x40', 'nop', NO_TF] },
  {
    name: 'a single step over INT3', code: [TF, 'int3', 'nop', NO_TF],
    prepare: hook('mov   eax, 1', 'cmp   r13d, 0x80', 'jne   .done', 'xor   eax, eax', '.done:'),
  },
  { name: 'a single step ends at a fault', code: [TF, 'ud2'] },
  { name: 'a single step over SYSCALL', prepare: SYSCALL, code: [TF, 'syscall', 'nop'] },
  { name: 'a single step over a jump', code: [TF, 'jmp   .there', 'nop', '.there:', 'nop', NO_TF] },
  { name: 'a single step before an interrupt', prepare: pending(0x41), code: [TF, 'push  0x302', 'popfq', NOPS, NO_TF] },
  { name: 'DR6.BS stays', code: ['mov   rax, dr6', 'or    eax, 0x4000', 'mov   dr6, rax', 'nop', 'mov   rax, dr6'], log: ['rax'] },
];

/** Ports: by IOPL, or by the bitmap of the TSS, which allows 80H to 83H. */
const BITMAP: Asm = [
  'mov   word [TSS + 102], 104', 'mov   qword [TSS + 104], -1', 'mov   qword [TSS + 112], -1', 'mov   dword [TSS + 120], 0xffff_fff0',
];
const SHORT_TSS: Asm = ['mov   word [GDT + TSS_SELECTOR], 120', RELOAD_TR];
const ports: readonly Case[] = [
  { name: 'OUT of the user', user: true, code: 'out   0x80, al' },
  { name: 'OUT of the user with IOPL 3', user: true, prepare: 'or    dword [rel entry_flags], 0x3000', code: 'out   0x80, al' },
  ...[0x80, 0x83, 0x84].map((port): Case => ({
    name: `OUT of the user to port ${port.toString(16)} by the bitmap`, user: true, prepare: BITMAP, code: `out   ${port}, al`,
  })),
  { name: 'OUT of four bytes of the user by the bitmap', user: true, prepare: BITMAP, code: 'out   0x80, eax' },
  { name: 'OUT of two bytes of the user, the second forbidden', user: true, prepare: BITMAP, code: 'out   0x83, ax' },
  {
    name: 'OUT of the user beyond the TSS', user: true, code: 'out   0x80, al',
    prepare: [BITMAP, SHORT_TSS],
  },
];

export const INTERRUPTS: Program = {
  name: 'interrupts', library: 'step_target: nop\n        jmp rcx',
  cases: [...shadows, ...priorities, ...nmis, ...steps, ...ports],
};
