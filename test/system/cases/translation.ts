/**
 * Translations: when a change of the page tables must be seen, accesses to two pages, addresses that are not canonical, and
 * accesses that the processor makes for itself. Only what the SDM guarantees: whether a stale translation is still used is
 * nowhere asked.
 */
import { MAP_PAGES, MAPPED, onStack } from '../pieces.ts';
import type { Case, Program } from '../program.ts';

const PAGE = { rdi: 'TEST_PAGE', rsi: 'TEST_PAGE + 0x1000' } as const;

/** Reads, changes an entry, does what makes the change seen, and reads again. */
const remapped = (name: string, change: string, log: Case['log'] = ['rax', 'rbx']): Case => ({
  name, prepare: MAPPED, registers: PAGE, log: log!,
  code: `        mov   rax, [rdi]\n${change}\n        mov   rbx, [rdi]`,
});

const RELOAD = '        mov   rcx, cr3\n        mov   cr3, rcx';
const INVLPG = '        invlpg [rdi]';
const OTHER_PAGE = '        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x1007';
const PGE = '        mov   rcx, cr4\n        or    ecx, 0x80\n        mov   cr4, rcx';
const NO_PGE = '        mov   rcx, cr4\n        and   ecx, ~0x80\n        mov   cr4, rcx';
/** The first page global, and used. */
const GLOBAL = `${PGE}\n        or    qword [TEST_TABLE], 0x100\n${INVLPG}\n        mov   rax, [rdi]`;
const LARGE_PAGE = `        mov   qword [TEST_DIRECTORY + 16], TEST_PHYSICAL + 0x87\n${RELOAD}\n        mov   rax, [rdi]\n        mov   rdx, [rsi]`;

const changes: readonly Case[] = [
  remapped('INVLPG after another page', `${OTHER_PAGE}\n${INVLPG}`),
  remapped('INVLPG of another byte of the page', `${OTHER_PAGE}\n        invlpg [rdi + 0xfff]`),
  remapped('MOV to CR3 after another page', `${OTHER_PAGE}\n${RELOAD}`),
  remapped('INVLPG after another table', `        mov   qword [TEST_PHYSICAL + 0x3000], TEST_PHYSICAL + 0x2007
        mov   qword [TEST_DIRECTORY + 16], TEST_PHYSICAL + 0x3007\n${INVLPG}`),
  remapped('INVLPG after another directory', `        mov   qword [TEST_PHYSICAL + 0x3010], TEST_TABLE + 0x7
        mov   qword [TEST_PHYSICAL], 0x1234\n        mov   qword [TEST_PDPT], TEST_PHYSICAL + 0x3007\n${INVLPG}`),
  remapped('INVLPG after absence', `        mov   qword [TEST_TABLE], 0\n${INVLPG}`),
  remapped('MOV to CR3 after absence', `        mov   qword [TEST_TABLE], 0\n${RELOAD}`),
  remapped('INVLPG after a reserved bit', `        bts   qword [TEST_TABLE], 51\n${INVLPG}`),
  remapped('INVLPG after write protection', `        mov   [rdi], rax\n        and   byte [TEST_TABLE], ~2\n${INVLPG}\n        mov   [rdi], rax`),
  remapped('INVLPG after write protection above', `        mov   [rdi], rax\n        and   byte [TEST_PDPT], ~2\n${INVLPG}\n        mov   [rdi], rax`),
  remapped('MOV to CR0 after write protection', `        mov   rcx, cr0\n        and   ecx, ~0x1_0000\n        mov   cr0, rcx
        and   byte [TEST_TABLE], ~2\n${INVLPG}\n        mov   [rdi], rax\n        or    ecx, 0x1_0000\n        mov   cr0, rcx\n        mov   [rdi], rax`),
  remapped('global, then INVLPG', `${GLOBAL}\n        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x1107\n${INVLPG}`),
  remapped('global, then CR4.PGE', `${GLOBAL}\n        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x1107\n${NO_PGE}`),
  remapped('global bit without CR4.PGE, then MOV to CR3', `        or    qword [TEST_TABLE], 0x100\n${INVLPG}\n        mov   rax, [rdi]
        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x1107\n${RELOAD}`),
  remapped('global bit in a directory entry, then MOV to CR3', `${PGE}\n        or    qword [TEST_DIRECTORY + 16], 0x100\n${INVLPG}
        mov   rax, [rdi]\n${OTHER_PAGE}\n${RELOAD}`),
  remapped('large page, then INVLPG of part of it', `${LARGE_PAGE}
        mov   qword [TEST_DIRECTORY + 16], 0x60_0087\n        invlpg [rsi]\n        mov   rdx, [rsi]`, ['rbx', 'rdx']),
  remapped('large page becomes small', `${LARGE_PAGE}
        mov   qword [TEST_DIRECTORY + 16], TEST_TABLE + 7\n        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x2007\n${RELOAD}`),
  remapped('large page, reserved bit', `        mov   rcx, TEST_PHYSICAL + 0x2087\n        mov   [TEST_DIRECTORY + 16], rcx\n${INVLPG}`),
  remapped('large page with PAT', `        mov   rcx, TEST_PHYSICAL + 0x1087\n        mov   [TEST_DIRECTORY + 16], rcx\n${INVLPG}`),
  remapped('INVLPG of an absent page', '        invlpg [rdi + 0x10_0000]'),
  remapped('INVLPG of an address that is not canonical', '        mov   rcx, 0x8000_0000_0000\n        invlpg [rcx]'),
  remapped('the page table is itself a page that is written', `        mov   qword [PML4 + 8], PML4 + 7\n${RELOAD}
        mov   rcx, PML4\n        mov   rax, [rcx]`, []),
];

/** Accessed and dirty bits: cleared, and set anew by the next use. */
const bits = (name: string, code: string): Case => ({
  name, prepare: MAPPED, registers: PAGE, watch: 'TEST_TABLE', code,
});
const marks: readonly Case[] = [
  bits('a read sets accessed', '        mov   rax, [rdi]'),
  bits('a write sets dirty', '        mov   [rdi], rax'),
  bits('a write after a read sets dirty', '        mov   rax, [rdi]\n        mov   [rdi], rax'),
  bits('a read after a write, with the dirty bit cleared', `        mov   [rdi], rax\n        and   byte [TEST_TABLE], ~0x60\n${INVLPG}\n        mov   rax, [rdi]`),
  bits('a write after a write, with the dirty bit cleared', `        mov   [rdi], rax\n        and   byte [TEST_TABLE], ~0x60\n${INVLPG}\n        mov   [rdi], rax`),
  bits('a compare that fails sets dirty', '        lock cmpxchg [rdi], rcx'),
  bits('an addition sets dirty', '        add   [rdi], rcx'),
  bits('a test does not', '        test  [rdi], rcx'),
  bits('INVLPG does not set accessed', INVLPG),
  bits('LEA does not set accessed', '        lea   rax, [rdi]'),
  bits('REP MOVS of nothing does not set accessed', '        rep movsb'),
  bits('a string store of nothing does not set accessed', '        rep stosq'),
];

/** A fault that the handler mends; the instruction is then done again, without INVLPG. */
const mended = (name: string, before: string, mend: string, code: string): Case => ({
  name, registers: { ...PAGE, rcx: 0x1234 }, log: ['rax', 'rcx'], code,
  prepare: `${MAPPED}\n${before}\n        lea   rax, [rel .mend]\n        mov   [rel hook], rax\n        ret\n.mend:\n${mend}\n        mov   eax, 1`,
});
const ABSENT = '        mov   qword [TEST_TABLE], 0';
const PRESENT = '        mov   qword [TEST_TABLE], TEST_PHYSICAL + 0x2007';
const mends: readonly Case[] = [
  mended('absent page, mended', ABSENT, PRESENT, '        mov   rax, [rdi]'),
  mended('absent page, mended for a write', ABSENT, PRESENT, '        mov   [rdi], rcx\n        mov   rax, [rdi]'),
  mended('absent page, mended for a fetch', '        mov   dword [TEST_PHYSICAL + 0x2000], 0x80cd\n        mov   qword [TEST_TABLE], 0', PRESENT, '        jmp   rdi'),
  mended('absent table, mended', '        mov   qword [TEST_DIRECTORY + 16], 0', '        mov   qword [TEST_DIRECTORY + 16], TEST_TABLE + 7', '        mov   rax, [rdi]'),
  mended('protected page, mended', '        and   byte [TEST_TABLE], ~2', '        or    byte [TEST_TABLE], 2', '        mov   rax, [rdi]\n        mov   [rdi], rcx\n        mov   rax, [rdi]'),
  mended('reserved bit, mended', '        bts   qword [TEST_TABLE], 51', '        btr   qword [TEST_TABLE], 51', '        mov   rax, [rdi]'),
  mended('absent second page, mended', '        mov   qword [TEST_TABLE + 8], 0', '        mov   qword [TEST_TABLE + 8], TEST_PHYSICAL + 0x3007', '        mov   rax, [rdi + 0xffc]'),
  mended('string copy into an absent page, mended', '        mov   qword [TEST_TABLE + 8], 0', '        mov   qword [TEST_TABLE + 8], TEST_PHYSICAL + 0x3007',
    '        lea   rdi, [rsi - 4]\n        mov   rsi, TEST_PAGE + 0x2000\n        mov   ecx, 8\n        rep movsb\n        mov   rax, [rdi - 8]'),
];

/** NOP and a MOV of 8877665544332211H whose constant is on the second page. */
const CROSSING_CODE = `        mov   rax, 0xb848_9090_9090_9090
        mov   [TEST_PHYSICAL + 0xff8], rax
        mov   rax, 0x8877_6655_4433_2211
        mov   [TEST_PHYSICAL + 0x1000], rax
        mov   dword [TEST_PHYSICAL + 0x1008], 0x80cd`;

/** The second page is not there, or cannot be written. */
const across = (name: string, second: string, code: string): Case => ({
  name: `across pages: ${name}`, registers: { ...PAGE, rcx: 0x1234 }, log: ['rax', 'rcx', 'rdi', 'rsp'], watch: 'TEST_PHYSICAL + 0xff8', code,
  prepare: `${MAPPED}\n${CROSSING_CODE}\n${second}`,
});
const NO_SECOND = '        mov   qword [TEST_TABLE + 8], 0';
const SECOND_READ_ONLY = '        and   byte [TEST_TABLE + 8], ~2';
const NO_FIRST = '        mov   qword [TEST_TABLE], 0';
const NEITHER = `${NO_FIRST}\n${NO_SECOND}`;
const accesses: Readonly<Record<string, string>> = {
  read: '        mov   rax, [rdi + 0xffc]', write: '        mov   [rdi + 0xffd], rcx', update: '        add   [rdi + 0xffe], rcx',
  exchange: '        xchg  [rdi + 0xffc], rcx', compare: '        lock cmpxchg [rdi + 0xff9], rcx', 'word read': '        movzx eax, word [rdi + 0xfff]',
  push: '        lea   rsp, [rdi + 0x1004]\n        push  rcx', 'string copy': '        mov   rsi, 0x25_0000\n        add   rdi, 0xffc\n        mov   ecx, 3\n        rep movsd',
  'string store': '        add   rdi, 0xff4\n        mov   ecx, 5\n        rep stosd', fetch: '        lea   rax, [rdi + 0xffd]\n        jmp   rax',
};
const crossings: readonly Case[] = Object.entries(accesses).flatMap(([name, code]) => [
  across(`${name}, no second`, `${NO_SECOND}\n${onStack(14, 1)}`, code),
  across(`${name}, second read-only`, `${SECOND_READ_ONLY}\n${onStack(14, 1)}`, code),
  ...(name === 'fetch' ? [] : [
    across(`${name}, no first`, `${NO_FIRST}\n${onStack(14, 1)}`, code),
    across(`${name}, neither`, `${NEITHER}\n${onStack(14, 1)}`, code),
  ]),
]);

/** Interrupt stacks for #SS, #GP and #PF: the stack itself may be at fault. */
const OWN_STACKS = [onStack(12, 1), onStack(13, 1), onStack(14, 3)].join('');
const noncanonical = (name: string, code: string, address = '0x8000_0000_0000'): Case => ({
  name: `not canonical: ${name}`, prepare: `${MAPPED}\n${OWN_STACKS}`, registers: { rbx: address, rcx: 0x1234, rdi: 'TEST_PAGE' }, log: ['rsp', 'rbp'], code,
});
const badAddresses: readonly Case[] = [
  ...['0x8000_0000_0000', '0xffff_7fff_ffff_fff8', '0x1_0000_0000_0000', '0x8000_0000_0000_0000', '0x1000_0000_0000_0000'].map((address) =>
    noncanonical(`read ${address}`, '        mov   rax, [rbx]', address)),
  noncanonical('write', '        mov   [rbx], rax'),
  noncanonical('read through RBP', '        mov   rbp, rbx\n        mov   rax, [rbp]'),
  noncanonical('read through RSP', '        mov   rsp, rbx\n        mov   rax, [rsp]'),
  noncanonical('write through RBP with RAX', '        mov   rbp, rbx\n        mov   [rbp + rax], cl'),
  noncanonical('read through RAX with RBP', '        mov   rbp, rbx\n        mov   cl, [rax + rbp]'),
  noncanonical('read through FS and RBP', '        mov   rbp, rbx\n        mov   rax, [fs:rbp]'),
  noncanonical('PUSH', '        mov   rsp, rbx\n        add   rsp, 8\n        push  rax'),
  noncanonical('PUSH below the top', '        mov   rsp, rbx\n        push  rax', '0xffff_8000_0000_0000'),
  noncanonical('POP', '        mov   rsp, rbx\n        pop   rax'),
  noncanonical('PUSH from memory', '        push  qword [rbx]'),
  noncanonical('POP to memory', '        pop   qword [rbx]'),
  noncanonical('CALL with a bad stack', '        lea   rsp, [rbx + 8]\n        call  .here\n.here:'),
  noncanonical('RET with a bad stack', '        mov   rsp, rbx\n        ret'),
  noncanonical('LEAVE', '        mov   rbp, rbx\n        leave'),
  noncanonical('ENTER', '        lea   rsp, [rbx + 8]\n        enter 0, 0'),
  noncanonical('PUSHF', '        lea   rsp, [rbx + 8]\n        pushfq'),
  noncanonical('IRET with a bad stack', '        mov   rsp, rbx\n        iretq'),
  noncanonical('JMP', '        jmp   rbx'),
  noncanonical('CALL', '        call  rbx'),
  noncanonical('RET', '        push  rbx\n        ret'),
  noncanonical('JMP through memory', '        push  rbx\n        jmp   qword [rsp]'),
  noncanonical('MOVS from', '        mov   rsi, rbx\n        movsq'),
  noncanonical('MOVS to', '        mov   rsi, rdi\n        mov   rdi, rbx\n        movsq'),
  noncanonical('STOS', '        mov   rdi, rbx\n        stosb'),
  noncanonical('REP STOS of nothing', '        mov   rdi, rbx\n        xor   ecx, ecx\n        rep stosb'),
  noncanonical('BT far away', '        mov   rax, 0x3_f800_0000_0000\n        bt    [rdi], rax'),
  noncanonical('LGDT', '        lgdt  [rbx]'),
  noncanonical('CLFLUSH', '        clflush [rbx]'),
  noncanonical('CMPXCHG16B', '        cmpxchg16b [rbx]'),
];

/** What the processor reads and writes for itself is a supervisor's access, whatever CPL is. */
const SMAP = '        mov   rcx, cr4\n        or    ecx, 0x20_0000\n        mov   cr4, rcx';
const USER_GDT = '        mov   rbx, ALIAS + GDT\n        mov   qword [SCRATCH + 2], rbx\n        mov   word [SCRATCH], GDT_LIMIT\n        lgdt  [SCRATCH]';
/** A GDT on two pages: the slots for the cases are on the second. */
const SPLIT_GDT = `${MAPPED}\n        mov   rsi, GDT\n        mov   rdi, TEST_PHYSICAL + 0x1000 - SLOT\n        mov   ecx, 7\n        rep movsq
        mov   rbx, TEST_PAGE + 0x1000 - SLOT\n        mov   [SCRATCH + 2], rbx\n        mov   word [SCRATCH], GDT_LIMIT\n        lgdt  [SCRATCH]
`;
const USER_SLOTS = `${SPLIT_GDT}\n        and   byte [TEST_TABLE], ~4\n${SMAP}`;
const SETAC = '        or    dword [rel entry_flags], 0x4_0000';
const own: readonly Case[] = [
  { name: 'the user loads DS: the GDT is a supervisor page', user: true, registers: { rax: 'USER_DATA' }, log: ['ds'], code: '        mov   ds, eax' },
  ...['mov   ds, eax', 'lsl   ecx, eax', 'verr  ax'].flatMap((instruction) => [false, true].map((user): Case => ({
    name: `${user ? 'user' : 'supervisor'}: ${instruction.replace(/ +/, ' ')}, descriptor on an absent page`, user, registers: { rax: 'SLOT + 3' },
    prepare: `${SPLIT_GDT}\n${NO_SECOND}`, code: `        ${instruction}`,
  }))),
  { name: 'a GDT in a user page', prepare: `${USER_GDT}`, registers: { rax: 'USER_DATA' }, log: ['ds'], code: '        mov   ds, eax' },
  { name: 'a descriptor on a user page, with SMAP', prepare: USER_SLOTS, registers: { rax: 'SLOT' }, code: '        lar   ecx, eax' },
  { name: 'a descriptor on a user page, with SMAP and AC', prepare: `${USER_SLOTS}\n${SETAC}`, registers: { rax: 'SLOT' }, code: '        lar   ecx, eax' },
  { name: 'a descriptor on a user page, with SMAP, for the user', user: true, prepare: USER_SLOTS, registers: { rax: 'SLOT' }, code: '        lar   ecx, eax' },
  { name: 'explicit access to a user page, with SMAP', prepare: SMAP, registers: { rax: 'ALIAS + GDT' }, code: '        mov   rcx, [rax]' },
  { name: 'explicit access to a user page, with SMAP and AC', prepare: `${SMAP}\n${SETAC}`, registers: { rax: 'ALIAS + GDT' }, log: ['rcx'], code: '        mov   rcx, [rax]' },
  { name: 'STAC and CLAC', prepare: SMAP, registers: { rax: 'ALIAS + GDT' }, log: ['rcx'], code: '        stac\n        mov   rcx, [rax]\n        clac\n        mov   rcx, [rax]' },
  { name: 'POPF sets AC', prepare: SMAP, registers: { rax: 'ALIAS + GDT' }, log: ['rcx'], code: '        push  0x4_0002\n        popfq\n        mov   rcx, [rax]\n        push  2\n        popfq\n        mov   rcx, [rax]' },
  { name: 'AC does not last into the handler of a gate', prepare: `${SMAP}\n${SETAC}`, log: ['hf'], code: '        nop' },
  { name: 'SMEP: a call into a user page', prepare: '        mov   rcx, cr4\n        or    ecx, 0x10_0000\n        mov   cr4, rcx', code: '        lea   rax, [rel .there]\n        mov   rcx, ALIAS\n        add   rax, rcx\n        call  rax\n.there:' },
  { name: 'a call into a user page', code: '        lea   rax, [rel .there]\n        mov   rcx, ALIAS\n        add   rax, rcx\n        jmp   rax\n.there:' },
  { name: 'the user calls into a supervisor page', user: true, code: '        lea   rax, [rel .there]\n        mov   rcx, ALIAS\n        sub   rax, rcx\n        call  rax\n.there:' },
  { name: 'the user reads the end of a page before a supervisor page', user: true, prepare: `${MAPPED}\n        and   byte [TEST_TABLE + 8], ~4`, registers: PAGE, code: '        mov   rax, [rdi + 0xffc]' },
];

/** CR3: bits above MAXPHYADDR are reserved. */
const cr3s: readonly Case[] = [3, 4, 5, 11, 45, 46, 51, 52, 62, 63].map((bit) => ({
  name: `CR3 bit ${bit}`, registers: { rax: `PML4 + ${1n << BigInt(bit)}` }, log: ['rcx'],
  // With bit 45 the tables would lie where there is no memory: it is only put back where it was never in use.
  code: bit === 45 ? '        nop' : '        mov   cr3, rax\n        mov   rcx, cr3',
}));

export const TRANSLATION: Program = {
  name: 'translation', library: MAP_PAGES,
  cases: [...changes, ...marks, ...mends, ...crossings, ...badAddresses, ...own, ...cr3s],
};
