/**
 * Descriptors: what MOV to a segment register, LAR, LSL, VERR, VERW, LLDT and LTR make of every type of them, and what
 * selectors lead to.
 */
import { access, hex, loadTable, TYPES } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

const levels = [false, true] as const;
const who = (user: boolean): string => (user ? 'user' : 'supervisor');
const presence = (present: boolean): string => (present ? '' : ' not present');

/** A descriptor of RCX's access byte in the slot of the cases. LAR leaves the bits open where the high ones of the limit are. */
const FILL: Asm = ['mov   dword [GDT + SLOT], 0x0000_4321', 'mov   dword [GDT + SLOT + 4], 0x00c0_0000', 'mov   [GDT + SLOT + 5], cl'];
const slot = (type: number, dpl: number, present: boolean, rpl = 0): Pick<Case, 'prepare' | 'registers'> => ({
  prepare: FILL, registers: { rax: `SLOT + ${rpl}`, rcx: access(type, dpl, present) },
});

/** Four questions in one case: the access rights and the limit, and whether each of the four worked. */
const LOOK: Asm = [
  'mov   ecx, 0x1111', 'mov   ebx, 0x2222', 'lar   ecx, eax', 'setz  dl', 'lsl   ebx, eax', 'setz  dh', 'verr  ax', 'setz  sil',
  'verw  ax', 'setz  dil',
];
function* lookCases(): Generator<Case> {
  for (const type of TYPES) for (const dpl of [0, 3]) for (const user of levels) for (const present of [true, false]) yield {
    name: `look at type ${hex(type)} DPL ${dpl}${presence(present)}, ${who(user)}`, user, code: LOOK,
    ...slot(type, dpl, present), log: ['rcx', 'rbx', 'rdx', 'rsi', 'rdi'],
  };
  for (const type of [0x12, 0x1a, 0x1e, 0x0b]) for (const dpl of [1, 2, 3]) for (const rpl of [2, 3]) yield {
    name: `look at type ${hex(type)} DPL ${dpl} with RPL ${rpl}`, code: LOOK, ...slot(type, dpl, true, rpl),
    log: ['rcx', 'rbx', 'rdx', 'rsi', 'rdi'],
  };
}

function* loadCases(): Generator<Case> {
  for (const register of ['ds', 'ss'] as const) for (const type of TYPES) for (const user of levels) for (const dpl of [0, 3]) {
    for (const rpl of user ? [3] : [0, 3]) for (const present of dpl === rpl ? [true, false] : [true]) yield {
      name: `MOV ${register.toUpperCase()} of type ${hex(type)} DPL ${dpl}${presence(present)} with RPL ${rpl}, ${who(user)}`, user,
      code: `mov   ${register}, eax`, ...slot(type, dpl, present, rpl), ...(register === 'ds' ? { log: ['ds'] } : {}), watch: 'GDT + SLOT',
    };
  }
}

/** Selectors of no descriptor, or of one elsewhere. */
const selectors = (register: string, user: boolean): readonly Case[] =>
  [0, 1, 2, 3, 4, 7, 0x12, 0x18, 0x1b, 0x39, 0xf8, 0x100, 0xfffc].map((selector) => ({
    name: `MOV ${register.toUpperCase()} of selector ${hex(selector)}, ${who(user)}`, user, registers: { rax: selector },
    code: `mov   ${register}, eax`, ...(register === 'ss' ? {} : { log: [register as 'fs'] }),
  }));

const LOCAL: Asm = ['mov   eax, LDT_SELECTOR', 'lldt  ax', 'mov   rcx, 0x00cf_9300_0000_ffff', 'mov   [LDT + 8], rcx'];
const local: readonly Case[] = [
  { name: 'a selector of the LDT', prepare: LOCAL, registers: { rax: 0xc }, log: ['es'], code: 'mov   es, eax' },
  { name: 'a selector at the end of the LDT', prepare: LOCAL, registers: { rax: 0xfc }, code: 'mov   es, eax' },
  { name: 'a selector beyond the LDT', prepare: LOCAL, registers: { rax: 0x104 }, code: 'mov   es, eax' },
  { name: 'a selector of the LDT, when there is none', registers: { rax: 0xc }, code: 'mov   es, eax' },
  {
    name: 'the GDT ends within the descriptor', prepare: loadTable('gdt', 'GDT', 0x16), registers: { rax: 0x10 }, code: 'mov   es, eax',
  },
  {
    name: 'the GDT ends with the descriptor', prepare: loadTable('gdt', 'GDT', 0x17), registers: { rax: 0x10 }, log: ['es'],
    code: 'mov   es, eax',
  },
  { name: 'MOV CS is undefined', code: 'db    0x8e, 0xc8' },
  { name: 'MOV to the sixth segment register is undefined', code: 'db    0x8e, 0xf0' },
  { name: 'LSS', registers: { rax: 'KERNEL_DATA' }, code: ['mov   [SCRATCH + 4], ax', 'mov   rdi, SCRATCH', 'lss   eax, [rdi]'] },
  {
    name: 'LFS of a bad selector leaves the register', registers: { rax: 'KERNEL_CODE + 0x100', rdi: 'SCRATCH' }, log: ['rax', 'fs'],
    code: ['mov   [rdi + 4], ax', 'lfs   eax, [rdi]'],
  },
  { name: 'POP FS', registers: { rax: 'USER_DATA' }, log: ['fs', 'rsp'], code: ['push  rax', 'pop   fs'] },
  { name: 'POP GS of a bad selector', registers: { rax: 0x100 }, log: ['gs', 'rsp'], code: ['push  rax', 'pop   gs'] },
  {
    name: 'a selector sets the base', prepare: [FILL, 'mov   word [GDT + SLOT + 2], 0x5678'], registers: { rax: 'SLOT', rcx: 0x93 },
    log: ['fs', 'fsbase'], code: 'mov   fs, eax',
  },
];

/** LLDT and LTR: the descriptor has 16 bytes; RDX is its upper half. */
const FILL_SYSTEM: Asm = [FILL, 'mov   [GDT + SLOT + 8], rdx'];
const LOADERS = { LLDT: 'ldtr', LTR: 'tr' } as const;
function* systemCases(): Generator<Case> {
  for (const [name, log] of Object.entries(LOADERS)) {
    const code = `${name.toLowerCase()}   ax`;
    for (const type of TYPES) for (const present of [true, false]) yield {
      name: `${name} of type ${hex(type)}${presence(present)}`, code, prepare: FILL_SYSTEM, watch: 'GDT + SLOT', log: [log],
      registers: { rax: 'SLOT', rcx: access(type, 0, present) },
    };
    const good = access(name === 'LTR' ? 9 : 2, 0);
    yield { name: `${name} with RPL 3`, code, prepare: FILL_SYSTEM, log: [log], registers: { rax: 'SLOT + 3', rcx: good } };
    yield { name: `${name} of DPL 3`, code, prepare: FILL_SYSTEM, log: [log], registers: { rax: 'SLOT', rcx: good | 0x60 } };
    yield { name: `${name} of the user`, user: true, code, prepare: FILL_SYSTEM, registers: { rax: 'SLOT', rcx: good } };
    yield { name: `${name} of the LDT`, code, prepare: LOCAL, log: [log], registers: { rax: 0xc } };
    yield {
      name: `${name} of a base that is not canonical`, code, prepare: FILL_SYSTEM, log: [log],
      registers: { rax: 'SLOT', rcx: good, rdx: 0x8000 },
    };
    if (name === 'LTR') yield {
      name: `${name} with a type in the upper half`, code, prepare: FILL_SYSTEM, log: [log],
      registers: { rax: 'SLOT', rcx: good, rdx: 1n << 40n },
    };
    for (const selector of [0, 3, 0x100, 0xf0, 0xf8]) yield {
      name: `${name} of selector ${hex(selector)}`, code, log: [log], registers: { rax: selector },
    };
    yield {
      name: `${name} of half a descriptor`, code, prepare: [FILL_SYSTEM, loadTable('gdt', 'GDT', 'SLOT + 7')], log: [log],
      registers: { rax: 'SLOT', rcx: good },
    };
  }
}

export const SEGMENTS: Program = {
  name: 'segments',
  cases: [
    ...lookCases(), ...loadCases(), ...['ds', 'ss', 'gs'].flatMap((register) => levels.flatMap((user) => selectors(register, user))),
    ...local, ...systemCases(),
  ],
};
