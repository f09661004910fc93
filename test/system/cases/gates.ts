/** Gates of the IDT: every type, level and target, the limit of the table, and the flags that a handler finds. */
import { access, FAULT_STACKS, forUser, hex, loadTable, onStack, TYPES } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

const VECTOR = 0x40;
const GATE = `IDT + ${VECTOR} * 16`;
const INT = `int   ${VECTOR}`;
const SET_ACCESS = `mov   byte [${GATE} + 5], al`;
const SET_SELECTOR: Asm = [`mov   word [${GATE} + 2], ax`, 'mov   [GDT + SLOT], rcx'];
const NOP = 'nop';

const levels = [false, true] as const;
const who = (user: boolean): string => (user ? 'user' : 'supervisor');
const presence = (present: boolean): string => (present ? '' : ' not present');

const types: readonly Case[] = TYPES.flatMap((type) => levels.flatMap((user) => [true, false].map((present): Case => ({
  name: `gate type ${hex(type)}${presence(present)}, ${who(user)}`, user, prepare: SET_ACCESS, code: INT,
  registers: { rax: access(type, 3, present) }, log: ['hf'],
}))));

function* levelCases(): Generator<Case> {
  for (const dpl of [0, 1, 2, 3]) for (const user of levels) for (const type of [0xe, 0xf, 0x5, 0xc]) for (const present of [true, false]) {
    yield {
      name: `gate type ${hex(type)} DPL ${dpl}${presence(present)}, ${who(user)}`, user, prepare: SET_ACCESS, code: INT,
      registers: { rax: access(type, dpl, present) },
    };
  }
}

/**
 * What is in the GDT behind the gate. The manual leaves open which fault it is when code is neither 64-bit nor present: that is not
 * asked.
 */
const CODE: Readonly<Record<string, bigint>> = {
  'kernel code': 0x00af_9b00_0000_ffffn, 'code not accessed': 0x00af_9a00_0000_ffffn, 'execute-only code': 0x00af_9800_0000_ffffn,
  'conforming code': 0x00af_9e00_0000_ffffn, 'code DPL 1': 0x00af_bb00_0000_ffffn, 'conforming code DPL 1': 0x00af_be00_0000_ffffn,
  'code not present': 0x00af_1b00_0000_ffffn, 'conforming code not present': 0x00af_1e00_0000_ffffn,
  'code DPL 1 not present': 0x00af_3b00_0000_ffffn,
  '32-bit code': 0x00cf_9b00_0000_ffffn, '16-bit code': 0x008f_9b00_0000_ffffn, 'code with L and D': 0x00ef_9b00_0000_ffffn,
  'data': 0x00cf_9300_0000_ffffn, 'TSS': 0x0000_8900_0000_0067n,
  'LDT': 0x0000_8200_0000_0067n, 'call gate': 0x0000_8c00_0000_0000n, 'nothing': 0n,
};
/** The user's handler may not lie on a supervisor's page: `sameLevel` has those. */
const staysUser = (name: string, user: boolean): boolean => user && name.startsWith('conforming code') && !name.endsWith('present');
const targets: readonly Case[] = Object.entries(CODE).flatMap(([name, descriptor]) =>
  levels.filter((user) => !staysUser(name, user)).map((user): Case => ({
    name: `gate to ${name}, ${who(user)}`, user, prepare: [SET_SELECTOR, forUser(VECTOR)], code: INT,
    registers: { rax: 'SLOT', rcx: descriptor }, watch: 'GDT + SLOT', log: ['hf'],
  })));

const selectors: readonly Case[] = [0, 1, 2, 3, 4, 0x9, 0xb, 0x3b, 0x3c, 0x100, 0xfff8, 0x23, 0x98].map((selector): Case => ({
  name: `gate with selector ${hex(selector)}`, prepare: SET_SELECTOR, code: INT, registers: { rax: selector, rcx: CODE['kernel code']! },
}));

/** The handler stays at CPL 3: what it finds on the stack. */
const TO_SAME_LEVEL: Asm = [
  SET_SELECTOR, forUser(VECTOR),
  'lea   rax, [rel same_level]', 'mov   rcx, ALIAS', 'add   rax, rcx',
  `mov   [${GATE}], ax`, 'shr   rax, 16', `mov   [${GATE} + 6], ax`, 'shr   rax, 16', `mov   [${GATE} + 8], eax`,
];
const SAME_LEVEL = `
same_level:
        pop   rsi
        pop   rdi
        pop   rbx
        pop   rcx
        pop   rdx
        jmp   rsi
`;
const sameLevel: readonly Case[] = Object.entries({
  'code DPL 3': 'USER_CODE', 'conforming code': 'CONFORMING', 'conforming code DPL 3': 'CONFORMING3',
}).map(([name, selector]): Case => ({
  name: `user gate to ${name}`, user: true, registers: { rax: selector }, prepare: TO_SAME_LEVEL, code: [INT, NOP],
  log: ['rsi', 'rdi', 'rbx', 'rcx', 'rdx'],
}));

const limit = (bytes: number): Asm => loadTable('idt', 'IDT', bytes);
const limits: readonly Case[] = [
  { name: 'IDT limit just at the gate', prepare: limit(VECTOR * 16 + 15), code: INT },
  { name: 'IDT limit within the gate', prepare: limit(VECTOR * 16 + 14), code: INT },
  { name: 'IDT limit before the gate', prepare: limit(VECTOR * 16 - 1), code: INT },
  { name: 'IDT limit before the gate, user', user: true, prepare: limit(VECTOR * 16 - 1), code: INT },
  { name: 'INT FF beyond the limit', prepare: limit(0xfef), code: 'int   0xff' },
];

const NOT_CANONICAL = `mov   dword [${GATE} + 8], 0x8000`;
const vectors: readonly Case[] = [
  { name: 'INT3', code: 'int3' },
  { name: 'INT3 of the user, DPL 0', user: true, code: 'int3' },
  { name: 'INT3 of the user, DPL 3', user: true, prepare: forUser(3), code: 'int3' },
  { name: 'INT 3 of the user, DPL 0', user: true, code: 'db    0xcd, 3' },
  { name: 'INT1', code: 'int1' },
  { name: 'INT1 of the user, DPL 0', user: true, code: 'int1' },
  { name: 'INT 13 pushes no error code', code: 'int   13' },
  { name: 'INT 8 pushes no error code', code: 'int   8' },
  { name: 'INT 14 pushes no error code, and leaves CR2', code: 'int   14' },
  { name: 'INTO is undefined', code: 'db    0xce' },
  { name: 'UD2 of the user, DPL 0', user: true, code: 'ud2' },
  { name: 'a gate to an address that is not canonical', prepare: NOT_CANONICAL, code: INT },
  { name: 'a gate to an address that is not canonical, user', user: true, prepare: [NOT_CANONICAL, forUser(VECTOR)], code: INT },
  { name: 'a gate to an absent page', prepare: [`mov   dword [${GATE} + 8], 0x70`, onStack(14, 1)], code: INT },
];

/** Flags of the case: all but TF, NT, RF and VM; IOPL alone; NT alone. */
const FLAGS = { '': 0x24_0ed7, ' with IOPL': 0x3202, ' with NT': 0x4002 } as const;
function* flagCases(): Generator<Case> {
  for (const [gate, type] of [['interrupt', 0xee], ['trap', 0xef]] as const) for (const user of levels) {
    for (const [name, value] of Object.entries(FLAGS)) yield {
      name: `flags behind ${gate} gate${name}, ${who(user)}`, user, registers: { rax: type }, log: ['hf'], code: NOP,
      prepare: ['mov   [IDT + 0x80 * 16 + 5], al', `mov   dword [rel entry_flags], ${value}`],
    };
  }
}

const WITH_RF = 'or    dword [rel entry_flags], RF';
const resumeFlags: readonly Case[] = [
  { name: 'RF of a fault', log: ['rf', 'hf'], code: 'ud2' },
  { name: 'RF of a page fault', log: ['rf', 'hf'], code: 'mov   rax, [0x7000_0000]' },
  { name: 'RF of INT', log: ['rf', 'hf'], code: NOP },
  { name: 'RF of INT, with RF set', prepare: WITH_RF, log: ['rf', 'hf'], code: '' },
  { name: 'RF is cleared by the next instruction', prepare: WITH_RF, log: ['rf', 'hf', 'rax'], code: ['pushfq', 'pop   rax'] },
  { name: 'RF of a fault, with RF set', prepare: WITH_RF, log: ['rf', 'hf'], code: 'ud2' },
  { name: 'RF is not popped', log: ['rf', 'hf'], code: ['push  0x1_0002', 'popfq'] },
];

/** A double fault whose handler is not there either. */
const triple: Case = {
  name: 'absent gates of #GP and #DF', code: INT,
  prepare: [FAULT_STACKS, ...[VECTOR, 8, 11, 13].map((vector) => `and   byte [IDT + ${vector} * 16 + 5], 0x7f`)],
};

export const GATES: Program = {
  name: 'gates', library: SAME_LEVEL,
  cases: [...types, ...levelCases(), ...targets, ...selectors, ...sameLevel, ...limits, ...vectors, ...flagCases(), ...resumeFlags, triple],
};
