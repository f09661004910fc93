/**
 * Translations: when a change of the page tables must be seen, accessed and dirty bits, faults that a handler mends, and
 * what is reserved in CR3. Only what the SDM guarantees: whether a stale translation is still used is nowhere asked.
 */
import { hook, MAP_PAGES, MAPPED, PAGE } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

const READ = 'mov   rax, [rdi]';
const WRITE = 'mov   [rdi], rax';
const RELOAD: Asm = ['mov   rcx, cr3', 'mov   cr3, rcx'];
const INVLPG = 'invlpg [rdi]';
const PGE: Asm = ['mov   rcx, cr4', 'or    ecx, 0x80', 'mov   cr4, rcx'];
const NO_PGE: Asm = ['mov   rcx, cr4', 'and   ecx, ~0x80', 'mov   cr4, rcx'];
const NO_WP: Asm = ['mov   rcx, cr0', 'and   ecx, ~0x1_0000', 'mov   cr0, rcx'];
const WP: Asm = ['or    ecx, 0x1_0000', 'mov   cr0, rcx'];
const setEntry = (value: string, entry = 'TEST_TABLE'): string => `mov   qword [${entry}], ${value}`;
const OTHER_PAGE = setEntry('TEST_PHYSICAL + 0x1007');
const OTHER_GLOBAL_PAGE = setEntry('TEST_PHYSICAL + 0x1107');
/** The first page global, and used. */
const GLOBAL: Asm = [PGE, 'or    qword [TEST_TABLE], 0x100', INVLPG, READ];
const DIRECTORY_ENTRY = 'TEST_DIRECTORY + 16';
const LARGE_PAGE: Asm = [setEntry('TEST_PHYSICAL + 0x87', DIRECTORY_ENTRY), RELOAD, READ, 'mov   rdx, [rsi]'];

/** Reads, changes an entry, does what makes the change seen, and reads again. */
const remapped = (name: string, change: Asm, log: NonNullable<Case['log']> = ['rax', 'rbx']): Case => ({
  name, prepare: MAPPED, registers: PAGE, log, code: [READ, change, 'mov   rbx, [rdi]'],
});
const changes: readonly Case[] = [
  remapped('INVLPG after another page', [OTHER_PAGE, INVLPG]),
  remapped('INVLPG of another byte of the page', [OTHER_PAGE, 'invlpg [rdi + 0xfff]']),
  remapped('MOV to CR3 after another page', [OTHER_PAGE, RELOAD]),
  remapped('INVLPG after another table', [
    setEntry('TEST_PHYSICAL + 0x2007', 'TEST_PHYSICAL + 0x3000'), setEntry('TEST_PHYSICAL + 0x3007', DIRECTORY_ENTRY), INVLPG,
  ]),
  remapped('INVLPG after another directory', [
    setEntry('TEST_TABLE + 0x7', 'TEST_PHYSICAL + 0x3010'), setEntry('0x1234', 'TEST_PHYSICAL'),
    setEntry('TEST_PHYSICAL + 0x3007', 'TEST_PDPT'), INVLPG,
  ]),
  remapped('INVLPG after absence', [setEntry('0'), INVLPG]),
  remapped('MOV to CR3 after absence', [setEntry('0'), RELOAD]),
  remapped('INVLPG after a reserved bit', ['bts   qword [TEST_TABLE], 51', INVLPG]),
  remapped('INVLPG after write protection', [WRITE, 'and   byte [TEST_TABLE], ~2', INVLPG, WRITE]),
  remapped('INVLPG after write protection above', [WRITE, 'and   byte [TEST_PDPT], ~2', INVLPG, WRITE]),
  remapped('MOV to CR0 after write protection', [NO_WP, 'and   byte [TEST_TABLE], ~2', INVLPG, WRITE, WP, WRITE]),
  remapped('global, then INVLPG', [GLOBAL, OTHER_GLOBAL_PAGE, INVLPG]),
  remapped('global, then CR4.PGE', [GLOBAL, OTHER_GLOBAL_PAGE, NO_PGE]),
  remapped('global bit without CR4.PGE, then MOV to CR3', ['or    qword [TEST_TABLE], 0x100', INVLPG, READ, OTHER_GLOBAL_PAGE, RELOAD]),
  remapped('global bit in a directory entry, then MOV to CR3', [
    PGE, `or    qword [${DIRECTORY_ENTRY}], 0x100`, INVLPG, READ, OTHER_PAGE, RELOAD,
  ]),
  remapped('large page, then INVLPG of part of it', [
    LARGE_PAGE, setEntry('0x60_0087', DIRECTORY_ENTRY), 'invlpg [rsi]', 'mov   rdx, [rsi]',
  ], ['rbx', 'rdx']),
  remapped('large page becomes small', [
    LARGE_PAGE, setEntry('TEST_TABLE + 7', DIRECTORY_ENTRY), setEntry('TEST_PHYSICAL + 0x2007'), RELOAD,
  ]),
  remapped('large page, reserved bit', ['mov   rcx, TEST_PHYSICAL + 0x2087', `mov   [${DIRECTORY_ENTRY}], rcx`, INVLPG]),
  remapped('large page with PAT', ['mov   rcx, TEST_PHYSICAL + 0x1087', `mov   [${DIRECTORY_ENTRY}], rcx`, INVLPG]),
  remapped('INVLPG of an absent page', 'invlpg [rdi + 0x10_0000]'),
  remapped('INVLPG of an address that is not canonical', ['mov   rcx, 0x8000_0000_0000', 'invlpg [rcx]']),
  remapped('the page table is itself a page that is written', [
    setEntry('PML4 + 7', 'PML4 + 8'), RELOAD, 'mov   rcx, PML4', 'mov   rax, [rcx]',
  ], []),
];

/** Accessed and dirty bits: cleared, and set anew by the next use. */
const bits = (name: string, ...code: readonly Asm[]): Case => ({ name, prepare: MAPPED, registers: PAGE, watch: 'TEST_TABLE', code });
const CLEAR_BITS = 'and   byte [TEST_TABLE], ~0x60';
const marks: readonly Case[] = [
  bits('a read sets accessed', READ),
  bits('a write sets dirty', WRITE),
  bits('a write after a read sets dirty', READ, WRITE),
  bits('a read after a write, with the dirty bit cleared', WRITE, CLEAR_BITS, INVLPG, READ),
  bits('a write after a write, with the dirty bit cleared', WRITE, CLEAR_BITS, INVLPG, WRITE),
  bits('a compare that fails sets dirty', 'lock cmpxchg [rdi], rcx'),
  bits('an addition sets dirty', 'add   [rdi], rcx'),
  bits('a test does not', 'test  [rdi], rcx'),
  bits('INVLPG does not set accessed', INVLPG),
  bits('LEA does not set accessed', 'lea   rax, [rdi]'),
  bits('REP MOVS of nothing does not set accessed', 'rep movsb'),
  bits('a string store of nothing does not set accessed', 'rep stosq'),
];

/** A fault that the handler mends; the instruction is then done again, without INVLPG. */
const mended = (name: string, before: Asm, mend: Asm, ...code: readonly Asm[]): Case => ({
  name: `${name}, mended`, registers: { ...PAGE, rcx: 0x1234 }, log: ['rax', 'rcx'], code,
  prepare: [MAPPED, before, hook(mend, 'mov   eax, 1')],
});
const ABSENT = setEntry('0');
const PRESENT = setEntry('TEST_PHYSICAL + 0x2007');
const SECOND_ABSENT = setEntry('0', 'TEST_TABLE + 8');
const SECOND_PRESENT = setEntry('TEST_PHYSICAL + 0x3007', 'TEST_TABLE + 8');
const mends: readonly Case[] = [
  mended('absent page', ABSENT, PRESENT, READ),
  mended('absent page for a write', ABSENT, PRESENT, 'mov   [rdi], rcx', READ),
  // INT 80H
  mended('absent page for a fetch', ['mov   dword [TEST_PHYSICAL + 0x2000], 0x80cd', ABSENT], PRESENT, 'jmp   rdi'),
  mended('absent table', setEntry('0', DIRECTORY_ENTRY), setEntry('TEST_TABLE + 7', DIRECTORY_ENTRY), READ),
  mended('protected page', 'and   byte [TEST_TABLE], ~2', 'or    byte [TEST_TABLE], 2', READ, 'mov   [rdi], rcx', READ),
  mended('reserved bit', 'bts   qword [TEST_TABLE], 51', 'btr   qword [TEST_TABLE], 51', READ),
  mended('absent second page', SECOND_ABSENT, SECOND_PRESENT, 'mov   rax, [rdi + 0xffc]'),
  mended('string copy into an absent page', SECOND_ABSENT, SECOND_PRESENT,
    'lea   rdi, [rsi - 4]', 'mov   rsi, TEST_PAGE + 0x2000', 'mov   ecx, 8', 'rep movsb', 'mov   rax, [rdi - 8]'),
];

/** SDM, "Control Registers": the bits from MAXPHYADDR on are reserved, the low ones but PWT and PCD are ignored. */
const setCr3 = (bit: number): Pick<Case, 'name' | 'registers' | 'log' | 'code'> => ({
  name: `CR3 bit ${bit}`, registers: { rax: `PML4 + ${1n << BigInt(bit)}` }, log: ['rcx'], code: ['mov   cr3, rax', 'mov   rcx, cr3'],
});
const cr3s: readonly Case[] = [
  ...[3, 4, 5, 11].map(setCr3),
  ...[46, 51, 52, 62, 63].map((bit) => ({ ...setCr3(bit), manual: 'd:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30 rcx=0' })),
];

export const TRANSLATION: Program = { name: 'translation', library: MAP_PAGES, cases: [...changes, ...marks, ...mends, ...cr3s] };
