/**
 * Addresses: accesses to two pages of which one may not be used, addresses that are not canonical, and accesses that the
 * processor makes for itself.
 */
import { FAULT_STACKS, loadTable, MAP_PAGES, MAPPED, onStack, PAGE } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

/** NOP and a MOV of 8877665544332211H whose constant is on the second page, then INT 80H. */
const CROSSING_CODE: Asm = [
  'mov   rax, 0xb848_9090_9090_9090', 'mov   [TEST_PHYSICAL + 0xff8], rax',
  'mov   rax, 0x8877_6655_4433_2211', 'mov   [TEST_PHYSICAL + 0x1000], rax',
  'mov   dword [TEST_PHYSICAL + 0x1008], 0x80cd',
];
const NO_FIRST = 'mov   qword [TEST_TABLE], 0';
const NO_SECOND = 'mov   qword [TEST_TABLE + 8], 0';
const SECOND_READ_ONLY = 'and   byte [TEST_TABLE + 8], ~2';
const ACCESSES: Readonly<Record<string, Asm>> = {
  'read': 'mov   rax, [rdi + 0xffc]',
  'write': 'mov   [rdi + 0xffd], rcx',
  'update': 'add   [rdi + 0xffe], rcx',
  'exchange': 'xchg  [rdi + 0xffc], rcx',
  'compare': 'lock cmpxchg [rdi + 0xff9], rcx',
  'word read': 'movzx eax, word [rdi + 0xfff]',
  'push': ['lea   rsp, [rdi + 0x1004]', 'push  rcx'],
  'string copy': ['mov   rsi, SCRATCH', 'add   rdi, 0xffc', 'mov   ecx, 3', 'rep movsd'],
  'string store': ['add   rdi, 0xff4', 'mov   ecx, 5', 'rep stosd'],
  'fetch': ['lea   rax, [rdi + 0xffd]', 'jmp   rax'],
};
const across = (name: string, pages: Asm, code: Asm): Case => ({
  name: `across pages: ${name}`, registers: { ...PAGE, rcx: 0x1234 }, code,
  log: ['rax', 'rcx', 'rdi', 'rsp'], watch: 'TEST_PHYSICAL + 0xff8', prepare: [MAPPED, CROSSING_CODE, pages, onStack(14, 1)],
});
const crossings: readonly Case[] = Object.entries(ACCESSES).flatMap(([name, code]) => [
  across(`${name}, no second`, NO_SECOND, code),
  across(`${name}, second read-only`, SECOND_READ_ONLY, code),
  ...(name === 'fetch' ? [] : [
    across(`${name}, no first`, NO_FIRST, code),
    across(`${name}, neither`, [NO_FIRST, NO_SECOND], code),
  ]),
]);

const HOLE = '0x8000_0000_0000';
const noncanonical = (name: string, code: Asm, address = HOLE): Case => ({
  name: `not canonical: ${name}`, prepare: [MAPPED, FAULT_STACKS], registers: { rbx: address, rcx: 0x1234, rdi: 'TEST_PAGE' },
  log: ['rsp', 'rbp'], code,
});
const STACK_TO_HOLE = 'mov   rsp, rbx';
const FRAME_TO_HOLE = 'mov   rbp, rbx';
const PUSH_TO_HOLE = 'lea   rsp, [rbx + 8]';
const badAddresses: readonly Case[] = [
  ...[HOLE, '0xffff_7fff_ffff_fff8', '0x1_0000_0000_0000', '0x8000_0000_0000_0000', '0x1000_0000_0000_0000'].map((address) =>
    noncanonical(`read ${address}`, 'mov   rax, [rbx]', address)),
  noncanonical('write', 'mov   [rbx], rax'),
  noncanonical('read through RBP', [FRAME_TO_HOLE, 'mov   rax, [rbp]']),
  noncanonical('read through RSP', [STACK_TO_HOLE, 'mov   rax, [rsp]']),
  noncanonical('write through RBP with RAX', [FRAME_TO_HOLE, 'mov   [rbp + rax], cl']),
  noncanonical('read through RAX with RBP', [FRAME_TO_HOLE, 'mov   cl, [rax + rbp]']),
  noncanonical('read through FS and RBP', [FRAME_TO_HOLE, 'mov   rax, [fs:rbp]']),
  noncanonical('PUSH', [PUSH_TO_HOLE, 'push  rax']),
  noncanonical('PUSH below the top', [STACK_TO_HOLE, 'push  rax'], '0xffff_8000_0000_0000'),
  noncanonical('POP', [STACK_TO_HOLE, 'pop   rax']),
  noncanonical('PUSH from memory', 'push  qword [rbx]'),
  noncanonical('POP to memory', 'pop   qword [rbx]'),
  noncanonical('CALL with a bad stack', [PUSH_TO_HOLE, 'call  .here', '.here:']),
  noncanonical('RET with a bad stack', [STACK_TO_HOLE, 'ret']),
  noncanonical('LEAVE', [FRAME_TO_HOLE, 'leave']),
  noncanonical('ENTER', [PUSH_TO_HOLE, 'enter 0, 0']),
  noncanonical('PUSHF', [PUSH_TO_HOLE, 'pushfq']),
  noncanonical('IRET with a bad stack', [STACK_TO_HOLE, 'iretq']),
  noncanonical('JMP', 'jmp   rbx'),
  noncanonical('CALL', 'call  rbx'),
  noncanonical('RET', ['push  rbx', 'ret']),
  noncanonical('JMP through memory', ['push  rbx', 'jmp   qword [rsp]']),
  noncanonical('MOVS from', ['mov   rsi, rbx', 'movsq']),
  noncanonical('MOVS to', ['mov   rsi, rdi', 'mov   rdi, rbx', 'movsq']),
  noncanonical('STOS', ['mov   rdi, rbx', 'stosb']),
  noncanonical('REP STOS of nothing', ['mov   rdi, rbx', 'xor   ecx, ecx', 'rep stosb']),
  noncanonical('BT far away', ['mov   rax, 0x3_f800_0000_0000', 'bt    [rdi], rax']),
  noncanonical('LGDT', 'lgdt  [rbx]'),
  noncanonical('CLFLUSH', 'clflush [rbx]'),
  noncanonical('CMPXCHG16B', 'cmpxchg16b [rbx]'),
];

/** What the processor reads and writes for itself is a supervisor's access, whatever CPL is. */
const SMAP: Asm = ['mov   rcx, cr4', 'or    ecx, 0x20_0000', 'mov   cr4, rcx'];
const SMEP: Asm = ['mov   rcx, cr4', 'or    ecx, 0x10_0000', 'mov   cr4, rcx'];
const AC = 'or    dword [rel entry_flags], 0x4_0000';
/** A GDT on two pages: the slots for the cases are on the second. */
const SPLIT_GDT: Asm = [
  MAPPED, 'mov   rsi, GDT', 'mov   rdi, TEST_PHYSICAL + 0x1000 - SLOT', 'mov   ecx, 7', 'rep movsq',
  loadTable('gdt', 'TEST_PAGE + 0x1000 - SLOT', 'GDT_LIMIT'),
];
const USER_SLOTS: Asm = [SPLIT_GDT, 'and   byte [TEST_TABLE], ~4', SMAP];
const absentDescriptor: readonly Case[] = ['mov   ds, eax', 'lsl   ecx, eax', 'verr  ax'].flatMap((code) => [false, true].map((user) => ({
  name: `${user ? 'user' : 'supervisor'}: ${code.replace(/ +/, ' ')}, descriptor on an absent page`, user,
  registers: { rax: 'SLOT + 3' }, prepare: [SPLIT_GDT, NO_SECOND], code,
})));

const ALIASED = { rax: 'ALIAS + GDT' } as const;
const READ_ALIAS = 'mov   rcx, [rax]';
/** The label `.there` in the pages of the other side. */
const there = (operation: string): Asm => ['lea   rax, [rel .there]', 'mov   rcx, ALIAS', `${operation} rax, rcx`];
const own: readonly Case[] = [
  {
    name: 'the user loads DS: the GDT is a supervisor page', user: true, registers: { rax: 'USER_DATA' }, log: ['ds'],
    code: 'mov   ds, eax',
  },
  ...absentDescriptor,
  {
    name: 'a GDT in a user page', prepare: loadTable('gdt', 'ALIAS + GDT', 'GDT_LIMIT'), registers: { rax: 'USER_DATA' }, log: ['ds'],
    code: 'mov   ds, eax',
  },
  { name: 'a descriptor on a user page, with SMAP', prepare: USER_SLOTS, registers: { rax: 'SLOT' }, code: 'lar   ecx, eax' },
  { name: 'a descriptor on a user page, with SMAP and AC', prepare: [USER_SLOTS, AC], registers: { rax: 'SLOT' }, code: 'lar   ecx, eax' },
  {
    name: 'a descriptor on a user page, with SMAP, for the user', user: true, prepare: USER_SLOTS, registers: { rax: 'SLOT' },
    code: 'lar   ecx, eax',
  },
  { name: 'explicit access to a user page, with SMAP', prepare: SMAP, registers: ALIASED, code: READ_ALIAS },
  { name: 'explicit access to a user page, with SMAP and AC', prepare: [SMAP, AC], registers: ALIASED, log: ['rcx'], code: READ_ALIAS },
  { name: 'STAC and CLAC', prepare: SMAP, registers: ALIASED, log: ['rcx'], code: ['stac', READ_ALIAS, 'clac', READ_ALIAS] },
  {
    name: 'POPF sets AC', prepare: SMAP, registers: ALIASED, log: ['rcx'],
    code: ['push  0x4_0002', 'popfq', READ_ALIAS, 'push  2', 'popfq', READ_ALIAS],
  },
  { name: 'AC does not last into the handler of a gate', prepare: [SMAP, AC], log: ['hf'], code: 'nop' },
  { name: 'SMEP: a call into a user page', prepare: SMEP, code: [there('add'), 'call  rax', '.there:'] },
  { name: 'a jump into a user page', code: [there('add'), 'jmp   rax', '.there:'] },
  { name: 'the user calls into a supervisor page', user: true, code: [there('sub'), 'call  rax', '.there:'] },
  {
    name: 'the user reads the end of a page before a supervisor page', user: true, prepare: [MAPPED, 'and   byte [TEST_TABLE + 8], ~4'],
    registers: PAGE, code: 'mov   rax, [rdi + 0xffc]',
  },
];

export const ADDRESSES: Program = { name: 'addresses', library: MAP_PAGES, cases: [...crossings, ...badAddresses, ...own] };
