/**
 * Delivery through the IDT: gates of every type and level, the stacks they lead to, the flags behind them, and faults on
 * the way, up to the double fault.
 */
import { APIC_ON, access, hex, MAP_PAGES, MAPPED, NMI, onStack, sendSelf, TYPES } from '../pieces.ts';
import type { Case, Program } from '../program.ts';

const VECTOR = 0x40;
const GATE = `IDT + ${VECTOR} * 16`;
const INT = `        int   ${VECTOR}`;
const SET_ACCESS = `        mov   byte [${GATE} + 5], al`;
const SET_SELECTOR = `        mov   word [${GATE} + 2], ax\n        mov   [GDT + SLOT], rcx`;
const levels = [false, true] as const;
const who = (user: boolean): string => (user ? 'user' : 'supervisor');

const types: readonly Case[] = TYPES.flatMap((type) => levels.flatMap((user) => [true, false].map((present): Case => ({
  name: `gate type ${hex(type)}${present ? '' : ' not present'}, ${who(user)}`, user, prepare: SET_ACCESS, code: INT,
  registers: { rax: access(type, 3, present) }, log: ['hf'],
}))));

const dpls: readonly Case[] = [0, 1, 2, 3].flatMap((dpl) => levels.flatMap((user) => [0xe, 0xf, 0x5, 0xc].flatMap((type) => [true, false].map((present): Case => ({
  name: `gate type ${hex(type)} DPL ${dpl}${present ? '' : ' not present'}, ${who(user)}`, user, prepare: SET_ACCESS, code: INT,
  registers: { rax: access(type, dpl, present) },
})))));

/** Code descriptors behind the gate: attributes from bit 40 on, and what is special. */
const CODE: Readonly<Record<string, bigint>> = {
  'kernel code': 0x00af_9b00_0000_ffffn, 'code not accessed': 0x00af_9a00_0000_ffffn, 'execute-only code': 0x00af_9800_0000_ffffn,
  'conforming code': 0x00af_9e00_0000_ffffn, 'code DPL 1': 0x00af_bb00_0000_ffffn, 'conforming code DPL 1': 0x00af_be00_0000_ffffn,
  'code not present': 0x00af_1b00_0000_ffffn, 'conforming code not present': 0x00af_1e00_0000_ffffn, 'code DPL 1 not present': 0x00af_3b00_0000_ffffn,
  '32-bit code': 0x00cf_9b00_0000_ffffn, '16-bit code': 0x008f_9b00_0000_ffffn, 'code with L and D': 0x00ef_9b00_0000_ffffn,
  '32-bit code not present': 0x00cf_1b00_0000_ffffn, 'data': 0x00cf_9300_0000_ffffn, 'TSS': 0x0000_8900_0000_0067n, 'LDT': 0x0000_8200_0000_0067n,
  'call gate': 0x0000_8c00_0000_0000n, 'nothing': 0n,
};
const targets: readonly Case[] = Object.entries(CODE).flatMap(([name, descriptor]) => levels.map((user): Case => ({
  name: `gate to ${name}, ${who(user)}`, user, prepare: `${SET_SELECTOR}\n        or    byte [${GATE} + 5], 0x60`, code: INT,
  registers: { rax: 'SLOT', rcx: descriptor }, watch: 'GDT + SLOT', log: ['hf'],
})).filter(({ user }) => !(user && name.startsWith('conforming code') && !name.endsWith('present'))));

const selectors: readonly Case[] = [0, 1, 2, 3, 4, 0x9, 0xb, 0x3b, 0x3c, 0x100, 0xfff8, 0x23, 0x98].map((selector): Case => ({
  name: `gate with selector ${hex(selector)}`, prepare: SET_SELECTOR, code: INT, registers: { rax: selector, rcx: CODE['kernel code']! },
}));

/** The handler stays at CPL 3: what it finds on the stack. */
const sameLevel: readonly Case[] = [['CODE DPL 3', 'USER_CODE'], ['conforming code', 'CONFORMING'], ['conforming code DPL 3', 'CONFORMING3']].map(([name, selector]): Case => ({
  name: `user gate to ${name}`, user: true, registers: { rax: selector!, rcx: 0 }, log: ['rsi', 'rdi', 'rbx', 'rcx', 'rdx'],
  prepare: `${SET_SELECTOR}\n        or    byte [${GATE} + 5], 0x60\n        lea   rax, [rel same_level]\n        mov   rcx, ALIAS\n        add   rax, rcx
        mov   [${GATE}], ax\n        shr   rax, 16\n        mov   [${GATE} + 6], ax\n        shr   rax, 16\n        mov   [${GATE} + 8], eax`,
  code: `${INT}\n        nop`,
}));
const LIBRARY = `${MAP_PAGES}
same_level:
        pop   rsi
        pop   rdi
        pop   rbx
        pop   rcx
        pop   rdx
        jmp   rsi
`;

const limits: readonly Case[] = [
  { name: 'IDT limit just at the gate', prepare: lidt(VECTOR * 16 + 15), code: INT },
  { name: 'IDT limit within the gate', prepare: lidt(VECTOR * 16 + 14), code: INT },
  { name: 'IDT limit before the gate', prepare: lidt(VECTOR * 16 - 1), code: INT },
  { name: 'IDT limit before the gate, user', user: true, prepare: lidt(VECTOR * 16 - 1), code: INT },
  { name: 'INT FF beyond the limit', prepare: lidt(0xfef), code: '        int   0xff' },
  { name: 'INT3', code: '        int3' },
  { name: 'INT3 of the user, DPL 0', user: true, code: '        int3' },
  { name: 'INT3 of the user, DPL 3', user: true, prepare: '        or    byte [IDT + 3 * 16 + 5], 0x60', code: '        int3' },
  { name: 'INT 3 of the user, DPL 0', user: true, code: '        db    0xcd, 3' },
  { name: 'INT1', code: '        int1' },
  { name: 'INT1 of the user, DPL 0', user: true, code: '        int1' },
  { name: 'INT 13 pushes no error code', code: '        int   13' },
  { name: 'INT 8 pushes no error code', code: '        int   8' },
  { name: 'INT 14 pushes no error code, and leaves CR2', code: '        int   14' },
  { name: 'INTO is undefined', code: '        db    0xce' },
  { name: 'UD2 of the user, DPL 0', user: true, code: '        ud2' },
  { name: 'a gate to an address that is not canonical', prepare: `        mov   dword [${GATE} + 8], 0x8000`, code: INT },
  { name: 'a gate to an address that is not canonical, user', user: true, prepare: `        mov   dword [${GATE} + 8], 0x8000\n        or    byte [${GATE} + 5], 0x60`, code: INT },
  { name: 'a gate to an absent page', prepare: `        mov   dword [${GATE} + 8], 0x70${onStack(14, 1)}`, code: INT },
];

function lidt(limit: number): string {
  return `        mov   qword [SCRATCH + 2], IDT\n        mov   word [SCRATCH], ${limit}\n        lidt  [SCRATCH]`;
}

const stacks: readonly Case[] = [
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((stack) => levels.map((user): Case => ({
    name: `interrupt stack ${stack}, ${who(user)}`, user, prepare: `${onStack(0x80, stack)}`, code: '        nop',
  }))),
  ...[1, 4, 7, 8, 9, 15].flatMap((offset): Case[] => [
    { name: `stack ${offset} bytes out of line`, code: `        sub   rsp, ${offset}` },
    { name: `stack ${offset} bytes out of line, fault`, code: `        sub   rsp, ${offset}\n        ud2` },
    { name: `RSP0 ${offset} bytes out of line`, user: true, prepare: `        sub   qword [TSS + 4], ${offset}`, code: '        nop' },
    { name: `interrupt stack ${offset} bytes out of line`, prepare: `        sub   qword [TSS + 36], ${offset}\n${onStack(0x80, 1)}`, code: '        nop' },
  ]),
  { name: 'RSP0 is not canonical', user: true, prepare: `        mov   rax, 0x8000_0000_0000\n        mov   [TSS + 4], rax\n${onStack(12, 2)}`, code: '        nop' },
  { name: 'interrupt stack is not canonical', prepare: `        mov   rax, 0x8000_0000_0000\n        mov   [TSS + 36], rax\n${onStack(0x80, 1)}${onStack(12, 2)}`, code: '        nop' },
  { name: 'interrupt stack ends at the hole', prepare: `        mov   rax, 0xffff_8000_0000_0010\n        mov   [TSS + 36], rax\n${onStack(0x80, 1)}${onStack(12, 2)}${onStack(14, 3)}`, code: '        nop' },
  { name: 'RSP0 on an absent page', user: true, prepare: `${MAPPED}        mov   rax, TEST_PAGE + 0x8000\n        mov   [TSS + 4], rax\n${onStack(14, 2)}`, code: '        nop' },
  { name: 'RSP0 on a read-only page', user: true, prepare: `${MAPPED}        mov   rax, TEST_PAGE + 0x1000\n        mov   [TSS + 4], rax\n        and   byte [TEST_TABLE], ~2\n${onStack(14, 2)}`, code: '        nop' },
  { name: 'RSP0 near a page boundary', user: true, prepare: `${MAPPED}        mov   rax, TEST_PAGE + 0x1010\n        mov   [TSS + 4], rax\n        mov   qword [TEST_TABLE], 0\n${onStack(14, 2)}`, code: '        nop' },
  { name: 'stack on an absent page', registers: { rbx: 'TEST_PAGE + 0x8000' }, prepare: `${MAPPED}${onStack(14, 2)}`, code: '        mov   rsp, rbx' },
  { name: 'stack is not canonical, fault', registers: { rbx: '0x8000_0000_0000' }, prepare: onStack(12, 2), code: '        mov   rsp, rbx\n        ud2' },
  { name: 'stack is not canonical, INT', registers: { rbx: '0x8000_0000_0000' }, prepare: onStack(12, 2), code: '        mov   rsp, rbx' },
  { name: 'stack is not canonical, double fault', registers: { rbx: '0x8000_0000_0000' }, prepare: onStack(8, 2), code: '        mov   rsp, rbx\n        ud2' },
  { name: 'stack is not canonical, #GP becomes a double fault', registers: { rbx: '0x8000_0000_0000' }, prepare: onStack(8, 2), code: '        mov   rsp, rbx\n        mov   rax, [rbx]' },
  { name: 'TSS limit within RSP0', user: true, prepare: shortTss(11), code: '        nop' },
  { name: 'TSS limit before RSP0', user: true, prepare: shortTss(10), code: '        nop' },
  { name: 'TSS limit before RSP0, fault', user: true, prepare: shortTss(10), code: '        ud2' },
  { name: 'TSS limit within the interrupt stack', prepare: `${shortTss(42)}\n${onStack(0x80, 1)}`, code: '        nop' },
  { name: 'TSS limit behind the interrupt stack', prepare: `${shortTss(43)}\n${onStack(0x80, 1)}`, code: '        nop' },
  { name: 'TSS on an absent page', user: true, prepare: `${MAPPED}        mov   qword [TEST_TABLE + 8], 0
        mov   rax, TEST_PAGE + 0x1000 - 4\n        mov   [GDT + TSS_SELECTOR + 2], ax\n        shr   rax, 16\n        mov   [GDT + TSS_SELECTOR + 4], al
        mov   [GDT + TSS_SELECTOR + 7], ah\n        shr   rax, 16\n        mov   [GDT + TSS_SELECTOR + 8], eax
        mov   byte [GDT + TSS_SELECTOR + 5], 0x89\n        mov   eax, TSS_SELECTOR\n        ltr   ax\n${onStack(14, 0)}`, code: '        nop' },
];

function shortTss(limit: number): string {
  return `        mov   word [GDT + TSS_SELECTOR], ${limit}\n        mov   byte [GDT + TSS_SELECTOR + 5], 0x89\n        mov   eax, TSS_SELECTOR\n        ltr   ax
        mov   byte [GDT + TSS_SELECTOR + 5], 0x89`;
}

/** The flags that a handler finds. */
const ALL_FLAGS = 0x24_4ed7;
const flags: readonly Case[] = [['interrupt', 0x8e], ['trap', 0x8f]].flatMap(([name, value]) => levels.flatMap((user): Case[] => [
  {
    name: `flags behind an ${name} gate, ${who(user)}`, user, registers: { rax: value! }, log: ['hf'], code: '        nop',
    prepare: `        or    al, 0x60\n        mov   [IDT + 0x80 * 16 + 5], al\n        mov   dword [rel entry_flags], ${ALL_FLAGS} & ~0x4000`,
  },
  {
    name: `flags behind an ${name} gate with IOPL, ${who(user)}`, user, registers: { rax: value! }, log: ['hf'], code: '        nop',
    prepare: `        or    al, 0x60\n        mov   [IDT + 0x80 * 16 + 5], al\n        mov   dword [rel entry_flags], 0x3202`,
  },
  {
    name: `NT behind an ${name} gate, ${who(user)}`, user, registers: { rax: value! }, log: ['hf'], code: '        nop',
    prepare: `        or    al, 0x60\n        mov   [IDT + 0x80 * 16 + 5], al\n        mov   dword [rel entry_flags], 0x4002`,
  },
]));
const resumeFlags: readonly Case[] = [
  { name: 'RF of a fault', log: ['rf', 'hf'], code: '        ud2' },
  { name: 'RF of a page fault', log: ['rf', 'hf'], code: '        mov   rax, [0x7000_0000]' },
  { name: 'RF of INT', log: ['rf', 'hf'], code: '        nop' },
  { name: 'RF of INT, with RF set', prepare: '        or    dword [rel entry_flags], 0x1_0000', log: ['rf', 'hf'], code: '' },
  { name: 'RF is cleared by the next instruction', prepare: '        or    dword [rel entry_flags], 0x1_0000', log: ['rf', 'hf', 'rax'], code: '        pushfq\n        pop   rax' },
  { name: 'RF of a fault, with RF set', prepare: '        or    dword [rel entry_flags], 0x1_0000', log: ['rf', 'hf'], code: '        ud2' },
  { name: 'RF is not popped', log: ['rf', 'hf'], code: '        push  0x1_0002\n        popfq' },
];

/** First events, and what is at fault while they are delivered. */
const FIRST: Readonly<Record<string, readonly [vector: number, code: string]>> = {
  '#DE': [0, '        xor   edx, edx\n        div   edx'],
  '#DB of INT1': [1, '        int1'],
  '#DB of a single step': [1, '        push  0x102\n        popfq\n        nop\n        nop'],
  '#BP': [3, '        int3'],
  '#UD': [6, '        ud2'],
  '#NP': [11, '        mov   dword [GDT + SLOT + 4], 0xcf_1300\n        mov   eax, SLOT\n        mov   ds, eax'],
  '#SS': [12, '        mov   dword [GDT + SLOT + 4], 0xcf_1300\n        mov   eax, SLOT\n        mov   ss, eax'],
  '#GP': [13, '        mov   eax, 0x100\n        mov   ds, eax'],
  '#PF': [14, '        mov   rax, [0x7000_0000]'],
  'INT 13': [13, '        int   13'],
  'INT 14': [14, '        int   14'],
  'INT 40': [0x40, INT],
  'an interrupt': [0x41, `${APIC_ON}${sendSelf(0x41)}        sti\n        nop\n        nop`],
  'an NMI': [2, `${APIC_ON}${sendSelf(NMI)}        nop`],
};
const SECOND: Readonly<Record<string, (vector: number) => string>> = {
  'absent gate': (vector) => `        and   byte [IDT + ${vector} * 16 + 5], 0x7f`,
  'gate of another type': (vector) => `        mov   byte [IDT + ${vector} * 16 + 5], 0x8c`,
  'absent code segment': (vector) => `        mov   word [IDT + ${vector} * 16 + 2], SLOT2\n        mov   rax, 0x00af_1b00_0000_ffff\n        mov   [GDT + SLOT2], rax`,
  'stack on an absent page': (vector) => `        mov   eax, 0x7000_0000\n        mov   [TSS + 84], rax\n${onStack(vector, 7)}`,
  'bad stack': (vector) => `        mov   rax, 0x8000_0000_0000\n        mov   [TSS + 84], rax\n${onStack(vector, 7)}`,
};
const seconds: readonly Case[] = Object.entries(FIRST).flatMap(([first, [vector, code]]) => Object.entries(SECOND).map(([second, prepare]): Case => ({
  name: `${first}, then ${second}`, prepare: prepare(vector), code,
})));

/** The IDT on two pages, of which one is absent: the first has the gates below the boundary. */
const splitIdt = (boundary: number, absent: 'first' | 'second'): string => `${MAPPED}
        mov   rsi, IDT
        mov   rdi, TEST_PHYSICAL + 0x1000 - 16 * ${boundary}
        mov   ecx, 512
        rep movsq
        mov   rax, TEST_PAGE + 0x1000 - 16 * ${boundary}
        mov   [SCRATCH + 2], rax
        mov   word [SCRATCH], 0xfff
        lidt  [SCRATCH]
        mov   qword [TEST_TABLE + ${absent === 'first' ? 0 : 8}], 0`;
const absentGates: readonly Case[] = [
  ...['#DE', '#DB of INT1', '#DB of a single step', '#BP', '#UD', 'an NMI'].map((first): Case => ({ name: `${first}, then absent IDT page`, prepare: splitIdt(8, 'first'), code: FIRST[first]![1] })),
  ...['#NP', '#SS', '#GP', 'INT 13'].map((first): Case => ({ name: `${first}, then absent IDT page`, prepare: splitIdt(14, 'first'), code: FIRST[first]![1] })),
  ...['#PF', 'INT 14'].map((first): Case => ({ name: `${first}, then absent IDT page`, prepare: splitIdt(first === '#PF' ? 9 : 14, first === '#PF' ? 'second' : 'second'), code: FIRST[first]![1] }))
    .filter(({ name }) => name.startsWith('#PF')),
  ...['INT 40', 'an interrupt'].map((first): Case => ({ name: `${first}, then absent IDT page`, prepare: splitIdt(32, 'second'), code: FIRST[first]![1] })),
  { name: 'the user\'s INT 40, then absent IDT page', user: true, prepare: splitIdt(32, 'second'), code: INT },
];

export const DELIVERY: Program = {
  name: 'delivery', library: LIBRARY,
  cases: [
    ...types, ...dpls, ...targets, ...selectors, ...sameLevel, ...limits, ...stacks, ...flags, ...resumeFlags, ...seconds, ...absentGates,
  ],
};
