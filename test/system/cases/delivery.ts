/**
 * Delivery through the IDT: the stacks that gates lead to, and faults on the way, up to the triple fault.
 */
import { APIC_ON, FAULT_STACKS, loadTable, MAP_PAGES, MAPPED, NMI, onStack, RELOAD_TR, sendSelf } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

const VECTOR = 0x40;
const INT = `int   ${VECTOR}`;
const NOP = 'nop';
const levels = [false, true] as const;
const who = (user: boolean): string => (user ? 'user' : 'supervisor');

const interruptStacks: readonly Case[] = [1, 2, 3, 4, 5, 6, 7].flatMap((stack) => levels.map((user): Case => ({
  name: `interrupt stack ${stack}, ${who(user)}`, user, prepare: onStack(0x80, stack), code: NOP,
})));

const unaligned: readonly Case[] = [1, 4, 7, 8, 9, 15].flatMap((offset): Case[] => [
  { name: `stack ${offset} bytes out of line`, code: `sub   rsp, ${offset}` },
  { name: `stack ${offset} bytes out of line, fault`, code: [`sub   rsp, ${offset}`, 'ud2'] },
  { name: `RSP0 ${offset} bytes out of line`, user: true, prepare: `sub   qword [TSS + 4], ${offset}`, code: NOP },
  { name: `interrupt stack ${offset} bytes out of line`, prepare: [`sub   qword [TSS + 36], ${offset}`, onStack(0x80, 1)], code: NOP },
]);

const setRsp0 = (address: string): Asm => [`mov   rax, ${address}`, 'mov   [TSS + 4], rax'];
const setIst1 = (address: string): Asm => [`mov   rax, ${address}`, 'mov   [TSS + 36], rax', onStack(0x80, 1)];
const HOLE = '0x8000_0000_0000';
/** The handlers of #SS and #DF have stacks of their own. */
const toHole = (name: string, ...code: readonly string[]): Case => ({
  name: `stack is not canonical, ${name}`, registers: { rbx: `${HOLE} + 0x1000` }, prepare: [onStack(8, 2), onStack(12, 3)],
  code: ['mov   rsp, rbx', code],
});
const stacks: readonly Case[] = [
  { name: 'RSP0 is not canonical', user: true, prepare: [setRsp0(HOLE), FAULT_STACKS], code: NOP },
  { name: 'interrupt stack is not canonical', prepare: [setIst1(HOLE), FAULT_STACKS], code: NOP },
  { name: 'interrupt stack ends at the hole', prepare: [setIst1('0xffff_8000_0000_0010'), FAULT_STACKS], code: NOP },
  { name: 'RSP0 on an absent page', user: true, prepare: [MAPPED, setRsp0('TEST_PAGE + 0x8000'), FAULT_STACKS], code: NOP },
  {
    name: 'RSP0 on a read-only page', user: true, code: NOP,
    prepare: [MAPPED, setRsp0('TEST_PAGE + 0x1000'), 'and   byte [TEST_TABLE], ~2', FAULT_STACKS],
  },
  {
    name: 'RSP0 near a page boundary', user: true, code: NOP,
    prepare: [MAPPED, setRsp0('TEST_PAGE + 0x1010'), 'mov   qword [TEST_TABLE], 0', FAULT_STACKS],
  },
  { name: 'stack on an absent page', registers: { rbx: 'TEST_PAGE + 0x8000' }, prepare: [MAPPED, FAULT_STACKS], code: 'mov   rsp, rbx' },
  toHole('fault', 'ud2'),
  toHole('INT'),
  toHole('#PF', 'mov   rax, [0x7000_0000]'),
  toHole('#GP', 'mov   rax, [rbx + rax]'),
];

const shortTss = (limit: number): Asm => [`mov   word [GDT + TSS_SELECTOR], ${limit}`, RELOAD_TR];
/** The TSS from 4 bytes before an absent page on: RSP0 is the first quadword on it. */
const ABSENT_TSS: Asm = [
  MAPPED, 'mov   qword [TEST_TABLE + 8], 0', 'mov   rax, TEST_PAGE + 0x1000 - 4',
  'mov   [GDT + TSS_SELECTOR + 2], ax', 'shr   rax, 16', 'mov   [GDT + TSS_SELECTOR + 4], al', 'mov   [GDT + TSS_SELECTOR + 7], ah',
  'shr   rax, 16', 'mov   [GDT + TSS_SELECTOR + 8], eax', RELOAD_TR,
];
const taskState: readonly Case[] = [
  { name: 'TSS limit at the end of RSP0', user: true, prepare: [shortTss(11), onStack(10, 3)], code: NOP },
  { name: 'TSS limit at the end of interrupt stack 1', prepare: [shortTss(43), onStack(0x80, 1)], code: NOP },
  { name: 'TSS limit within interrupt stack 1', prepare: [shortTss(42), onStack(0x80, 1)], code: NOP },
  { name: 'TSS limit within interrupt stack 1, fault', prepare: [shortTss(42), onStack(6, 1)], code: 'ud2' },
  {
    name: 'TSS limit within interrupt stack 1, #GP', prepare: [shortTss(42), onStack(13, 1)], code: 'mov   rax, [rbx]',
    registers: { rbx: HOLE },
  },
];

/** First events, and what is at fault while they are delivered. */
const FIRST: Readonly<Record<string, readonly [vector: number, ...code: Asm[]]>> = {
  '#DE': [0, 'xor   edx, edx', 'div   edx'],
  '#DB of a single step': [1, 'push  0x102', 'popfq', 'nop', 'nop'],
  '#BP': [3, 'int3'],
  '#UD': [6, 'ud2'],
  '#NP': [11, 'mov   dword [GDT + SLOT + 4], 0xcf_1300', 'mov   eax, SLOT', 'mov   ds, eax'],
  '#SS': [12, 'mov   dword [GDT + SLOT + 4], 0xcf_1300', 'mov   eax, SLOT', 'mov   ss, eax'],
  '#GP': [13, 'mov   eax, 0x100', 'mov   ds, eax'],
  '#PF': [14, 'mov   rax, [0x7000_0000]'],
  'INT 13': [13, 'int   13'],
  'INT 14': [14, 'int   14'],
  'INT 40': [VECTOR, INT],
  'an interrupt': [0x41, APIC_ON, sendSelf(0x41), 'sti', 'nop', 'nop'],
  'an NMI': [2, APIC_ON, sendSelf(NMI), 'nop'],
};
const codeOf = (first: string): Asm => FIRST[first]!.slice(1) as readonly Asm[];

const ist7 = (address: string, vector: number): Asm => [`mov   rax, ${address}`, 'mov   [TSS + 84], rax', onStack(vector, 7)];
const SECOND: Readonly<Record<string, (vector: number) => Asm>> = {
  'absent gate': (vector) => `and   byte [IDT + ${vector} * 16 + 5], 0x7f`,
  'gate of another type': (vector) => `mov   byte [IDT + ${vector} * 16 + 5], 0x8c`,
  'absent code segment': (vector) => [
    `mov   word [IDT + ${vector} * 16 + 2], SLOT2`, 'mov   rax, 0x00af_1b00_0000_ffff', 'mov   [GDT + SLOT2], rax',
  ],
  'stack on an absent page': (vector) => ist7('0x7000_0000', vector),
  'bad stack': (vector) => ist7(HOLE, vector),
};
const seconds: readonly Case[] = Object.entries(FIRST).flatMap(([first, [vector]]) =>
  Object.entries(SECOND).map(([second, prepare]): Case => ({
    name: `${first}, then ${second}`, prepare: prepare(vector), code: codeOf(first),
  })));

/** The IDT on two pages, of which one is absent: the first has the gates below the boundary. */
const splitIdt = (boundary: number, absent: 'first' | 'second'): Asm => [
  MAPPED, 'mov   rsi, IDT', `mov   rdi, TEST_PHYSICAL + 0x1000 - 16 * ${boundary}`, 'mov   ecx, 512', 'rep movsq',
  loadTable('idt', `TEST_PAGE + 0x1000 - 16 * ${boundary}`, 0xfff), `mov   qword [TEST_TABLE + ${absent === 'first' ? 0 : 8}], 0`,
];
const absentGates: readonly Case[] = [
  ...['#DE', '#DB of a single step', '#BP', '#UD', 'an NMI'].map((first) => [first, splitIdt(8, 'first')] as const),
  // The gate of #PF is there.
  ...['#NP', '#SS', '#GP', 'INT 13'].map((first) => [first, splitIdt(14, 'first')] as const),
  // That of #DF is, which comes of it.
  ...['#PF', 'INT 14'].map((first) => [first, splitIdt(9, 'second')] as const),
  ...['INT 40', 'an interrupt'].map((first) => [first, splitIdt(32, 'second')] as const),
].map(([first, prepare]): Case => ({ name: `${first}, then absent IDT page`, prepare, code: codeOf(first) }));
const absentForUser: Case = { name: 'the user\'s INT 40, then absent IDT page', user: true, prepare: splitIdt(32, 'second'), code: INT };

/** All of its handlers want RSP0. */
const triple: Case = { name: 'TSS on an absent page', user: true, prepare: ABSENT_TSS, code: NOP };

export const DELIVERY: Program = {
  name: 'delivery', library: MAP_PAGES,
  cases: [...interruptStacks, ...unaligned, ...stacks, ...taskState, ...seconds, ...absentGates, absentForUser, triple],
};
