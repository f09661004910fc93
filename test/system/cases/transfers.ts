/** Transfers between levels: IRET, far jumps, calls and returns, call gates, SYSCALL, SYSENTER and the ways back. */
import { access, FAULT_STACKS, hex, loadTable, RELOAD_TR } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

type Value = bigint | number | string;
const levels = [false, true] as const;
const who = (user: boolean): string => (user ? 'user' : 'supervisor');
/** RDI is the place behind the transfer, in the user's pages. */
const THERE: Asm = ['lea   rdi, [rel .there]', 'bts   rdi, 30'];
const LANDING = '.there:';

/** Descriptors that the slot of the cases may hold. */
const SLOTS: Readonly<Record<string, bigint>> = {
  'code': 0x00af_9b00_0000_ffffn, 'code not present': 0x00af_1b00_0000_ffffn, 'code with L and D': 0x00ef_9b00_0000_ffffn,
  'code DPL 3 not present': 0x00af_7b00_0000_ffffn, 'data DPL 3 not present': 0x00cf_7300_0000_ffffn,
  'data not present': 0x00cf_1300_0000_ffffn, 'read-only data': 0x00cf_9100_0000_ffffn, 'read-only data DPL 3': 0x00cf_f100_0000_ffffn,
  'expand-down data': 0x00cf_9700_0000_ffffn,
};
const FILL = 'mov   [GDT + SLOT], r9';
const slot = (name: string): Asm => [`mov   r9, ${SLOTS[name]!}`, FILL];

/** Code selectors, and what a slot is filled with. */
const CODE: readonly (readonly [name: string, selector: Value, slot?: string])[] = [
  ...[0, 1, 3, 4, 0x100, 0xfff8].map((selector) => [`selector ${hex(selector)}`, selector] as const),
  ...[0, 1, 2, 3].flatMap((rpl) => [
    [`kernel code, RPL ${rpl}`, 8 + rpl], [`user code, RPL ${rpl}`, 0x20 + rpl], [`code DPL 1, RPL ${rpl}`, 0x78 + rpl],
    [`code DPL 2, RPL ${rpl}`, 0x88 + rpl], [`conforming code, RPL ${rpl}`, `CONFORMING + ${rpl}`],
    [`conforming code DPL 3, RPL ${rpl}`, `CONFORMING3 + ${rpl}`],
  ] as const),
  ['kernel data', 'KERNEL_DATA'], ['user data', 'USER_DATA'], ['LDT', 'LDT_SELECTOR'],
  ['code not present', 'SLOT', 'code not present'], ['code DPL 3 not present', 'SLOT + 3', 'code DPL 3 not present'],
  ['code with L and D', 'SLOT', 'code with L and D'],
];
/** Data of each level, by RPL. */
const DATA = ['KERNEL_DATA', 'DATA1', 'DATA2', 'USER_DATA'] as const;
const rplOf = (selector: Value): number => {
  const text = String(selector), plus = /\+ (\d)$/.exec(text);
  return plus ? Number(plus[1]) : typeof selector === 'number' ? selector & 3 : text.startsWith('USER') ? 3 : 0;
};

/** A frame of RAX as CS, RCX as SS, RDX as flags and RBX as RSP, for the place behind the instruction. */
const IRETQ: Asm = [THERE, 'push  rcx', 'push  rbx', 'push  rdx', 'push  rax', 'push  rdi', 'iretq', LANDING];
const FRAME = { rbx: 'ALIAS + U_TOP', rdx: 2 } as const;
const iretCode: readonly Case[] = CODE.flatMap(([name, selector, filled]) => levels.map((user): Case => ({
  name: `IRET to ${name}, ${who(user)}`, user, code: IRETQ, registers: { ...FRAME, rax: selector, rcx: DATA[rplOf(selector)]! },
  ...(filled === undefined ? {} : { prepare: slot(filled) }),
})));

const STACKS: readonly (readonly [name: string, selector: Value, slot?: string])[] = [
  ...[0, 1, 2, 3, 4, 7, 0x100].map((selector) => [`selector ${hex(selector)}`, selector] as const),
  ['kernel data', 'KERNEL_DATA'], ['user data', 'USER_DATA'], ['data DPL 1', 'DATA1'], ['data DPL 2', 'DATA2'],
  ['kernel data, RPL 3', 'KERNEL_DATA + 3'], ['user data, RPL 0', 0x18], ['kernel code', 'KERNEL_CODE'], ['TSS', 'TSS_SELECTOR'],
  ['data not present', 'SLOT', 'data not present'], ['data DPL 3 not present', 'SLOT + 3', 'data DPL 3 not present'],
  ['read-only data', 'SLOT', 'read-only data'], ['read-only data DPL 3', 'SLOT + 3', 'read-only data DPL 3'],
  ['expand-down data', 'SLOT', 'expand-down data'],
];
const LEVEL_CODE = ['KERNEL_CODE', 'CODE1', 'CODE2', 'USER_CODE'] as const;
const iretStacks: readonly Case[] = STACKS.flatMap(([name, selector, filled]) => LEVEL_CODE.map((code): Case => ({
  name: `IRET to ${code} with stack of ${name}`, code: IRETQ, registers: { ...FRAME, rax: code, rcx: selector },
  ...(filled === undefined ? {} : { prepare: slot(filled) }),
})));

/** Without TF and RF, and without VIF and VIP, which mean nothing here. */
const ALL_FLAGS = 0x24_7ed7n;
const DATA_SEGMENTS: NonNullable<Case['log']> = ['ds', 'es', 'fs', 'gs'];
const LOAD_DATA: Asm = Object.entries({ ds: 'KERNEL_DATA', es: 'USER_DATA', fs: 'CONFORMING', gs: '2' }).map(([register, selector]) =>
  [`mov   r9d, ${selector}`, `mov   ${register}, r9d`]);
const BAD_TARGET: Asm = ['push  rcx', 'push  rbx', 'push  rdx', 'push  rax', 'push  rsi', 'iretq'];
const toUser = { rax: 'USER_CODE', rcx: 'USER_DATA' } as const, toKernel = { rax: 'KERNEL_CODE', rcx: 'KERNEL_DATA' } as const;
const HOLE = '0x8000_0000_0000';
const iretMore: readonly Case[] = [
  { name: 'IRET with all flags, to the kernel', code: IRETQ, registers: { ...FRAME, ...toKernel, rdx: ALL_FLAGS & ~0x4000n }, log: ['hf'] },
  { name: 'IRET with all flags, to the user', code: IRETQ, registers: { ...FRAME, ...toUser, rdx: ALL_FLAGS & ~0x4000n }, log: ['hf'] },
  { name: 'IRET with all flags, of the user', user: true, code: IRETQ, registers: { ...FRAME, ...toUser, rdx: ALL_FLAGS & ~0x4000n } },
  {
    name: 'IRET with all flags, of the user with IOPL 3', user: true, code: IRETQ, prepare: 'or    dword [rel entry_flags], 0x3000',
    registers: { ...FRAME, ...toUser, rdx: ALL_FLAGS & ~0x4000n & ~0x3000n },
  },
  { name: 'IRET clears flags', prepare: 'mov   dword [rel entry_flags], 0x24_0ed7', code: IRETQ, registers: { ...FRAME, ...toKernel } },
  { name: 'IRET sets NT', code: IRETQ, registers: { ...FRAME, ...toKernel, rdx: 0x4002 } },
  { name: 'IRET with NT set', prepare: 'or    dword [rel entry_flags], 0x4000', code: IRETQ, registers: { ...FRAME, ...toKernel } },
  { name: 'IRET to a bad address', code: BAD_TARGET, registers: { ...FRAME, ...toKernel, rsi: HOLE } },
  { name: 'IRET to a bad address of the user', code: BAD_TARGET, registers: { ...FRAME, ...toUser, rsi: HOLE } },
  { name: 'IRET to a bad stack of the user', code: IRETQ, registers: { ...FRAME, ...toUser, rbx: HOLE } },
  { name: 'IRET takes data segments from the user', code: [LOAD_DATA, IRETQ], registers: { ...FRAME, ...toUser }, log: DATA_SEGMENTS },
  { name: 'IRET leaves data segments', code: [LOAD_DATA, IRETQ], registers: { ...FRAME, ...toKernel }, log: DATA_SEGMENTS },
  {
    name: 'IRETD', registers: { ...FRAME, ...toUser },
    code: [
      THERE, 'sub   rsp, 20', 'mov   [rsp], edi', 'mov   [rsp + 4], eax', 'mov   [rsp + 8], edx', 'mov   [rsp + 12], ebx',
      'mov   [rsp + 16], ecx', 'iretd', LANDING,
    ],
  },
];

/** A far pointer of 32 bits to the place behind, with RAX as its selector. */
const FAR_POINTER: Asm = [THERE, 'mov   rsi, ALIAS + SCRATCH', 'mov   [rsi], edi', 'mov   [rsi + 4], ax'];
const FAR: Readonly<Record<string, Asm>> = { JMP: 'jmp   far dword [rsi]', CALL: 'call  far dword [rsi]' };
const far: readonly Case[] = Object.entries(FAR).flatMap(([operation, instruction]) => CODE.flatMap(([name, selector, filled]) =>
  levels.map((user): Case => ({
    name: `far ${operation} to ${name}, ${who(user)}`, user, code: [FAR_POINTER, instruction, LANDING], registers: { rax: selector },
    ...(filled === undefined ? {} : { prepare: slot(filled) }),
  }))));

const RETFQ: Asm = [THERE, 'push  rcx', 'push  rbx', 'push  rax', 'push  rdi', 'retfq', LANDING];
const returns: readonly Case[] = [
  ...CODE.flatMap(([name, selector, filled]) => levels.map((user): Case => ({
    name: `RETF to ${name}, ${who(user)}`, user, code: RETFQ, registers: { ...FRAME, rax: selector, rcx: DATA[rplOf(selector)]! },
    ...(filled === undefined ? {} : { prepare: slot(filled) }),
  }))),
  ...STACKS.map(([name, selector, filled]): Case => ({
    name: `RETF to the user with stack of ${name}`, code: RETFQ, registers: { ...FRAME, rax: 'USER_CODE', rcx: selector },
    ...(filled === undefined ? {} : { prepare: slot(filled) }),
  })),
  {
    name: 'RETF 16 to the user', registers: { ...FRAME, ...toUser },
    code: [THERE, 'push  rcx', 'push  rbx', 'push  0', 'push  0', 'push  rax', 'push  rdi', 'retfq 16', LANDING],
  },
  { name: 'RETF 16 to the kernel', registers: { ...FRAME, ...toKernel }, code: [THERE, 'push  rax', 'push  rdi', 'retfq 16', LANDING] },
  { name: 'RETF takes data segments from the user', code: [LOAD_DATA, RETFQ], registers: { ...FRAME, ...toUser }, log: DATA_SEGMENTS },
];

/** A call gate in the slot: RAX is the selector that uses it, RCX its access byte, RDX the selector behind it. */
const GATE: Asm = [
  'lea   rax, [rel gate_target]', 'bts   rax, 30', 'mov   [GDT + SLOT], ax', 'mov   [GDT + SLOT + 2], dx', 'mov   byte [GDT + SLOT + 4], 0',
  'mov   [GDT + SLOT + 5], cl', 'shr   rax, 16', 'mov   [GDT + SLOT + 6], ax', 'shr   rax, 16', 'mov   [GDT + SLOT + 8], rax',
];
const THROUGH: Readonly<Record<string, Asm>> = { JMP: ['mov   rdi, rsp', 'jmp   far dword [rsi]'], CALL: 'call  far dword [rsi]' };
const POINTER: Asm = ['lea   r9, [rel .there]', 'mov   rsi, ALIAS + SCRATCH', 'mov   [rsi + 4], ax'];
/** What a gate leads to logs what a call has pushed; after a jump it ends at once. */
const LIBRARY = `
gate_target:
        test  r10, r10
        jnz   gate_end
        pop   rsi
        pop   rdi
        pop   rbx
        pop   rdx
        jmp   rsi
gate_end: jmp r9
`;
const GATE_LOG = { log: ['rsi', 'rdi', 'rbx', 'rdx'] as const };
type Registers = NonNullable<Case['registers']>;
const gate = (operation: string, name: string, registers: Registers, user: boolean, ...more: readonly Asm[]): Case => ({
  name: `${operation} through ${name}, ${who(user)}`, user, registers, prepare: [GATE, ...more],
  code: [operation === 'JMP' ? 'mov   r10d, 1' : 'xor   r10d, r10d', POINTER, THROUGH[operation]!, LANDING],
  ...(operation === 'CALL' ? GATE_LOG : {}),
});
const TARGETS: readonly (readonly [string, Value])[] = [
  ['kernel code', 'KERNEL_CODE'], ['kernel code, RPL 3', 'KERNEL_CODE + 3'],
  ['code DPL 1', 'CODE1'], ['code DPL 2', 'CODE2'], ['user code', 'USER_CODE'],
  ['conforming code', 'CONFORMING'], ['conforming code DPL 3', 'CONFORMING3'], ['kernel data', 'KERNEL_DATA'], ['a null selector', 0],
  ['selector 100', 0x100], ['TSS', 'TSS_SELECTOR'],
];
/** It ends with RSP0. */
const SHORT_TSS: Asm = ['mov   word [GDT + TSS_SELECTOR], 18', RELOAD_TR];
function* gateCases(): Generator<Case> {
  for (const operation of ['JMP', 'CALL']) for (const user of levels) {
    for (const [name, selector] of TARGETS) {
      yield gate(operation, `a gate to ${name}`, { rax: 'SLOT', rcx: access(12, 3), rdx: selector }, user);
    }
    for (const dpl of [0, 1, 2, 3]) for (const rpl of [0, 3]) {
      const registers = { rax: `SLOT + ${rpl}`, rcx: access(12, dpl), rdx: user ? 'CONFORMING' : 'KERNEL_CODE' };
      yield gate(operation, `a gate of DPL ${dpl} by RPL ${rpl}`, registers, user);
    }
    const registers = { rax: 'SLOT', rcx: access(12, 3), rdx: 'CONFORMING' } as const;
    yield gate(operation, 'a gate that is not present', { ...registers, rcx: access(12, 3, false) }, user);
    for (const type of [2, 4, 5, 7, 9, 11, 14, 15]) {
      yield gate(operation, `a gate of type ${hex(type)}`, { ...registers, rcx: access(type, 3) }, user);
    }
    yield gate(operation, 'a gate with a type in its upper half', registers, user, 'mov   byte [GDT + SLOT + 13], 1');
    yield gate(operation, 'a gate to a bad address', registers, user, 'mov   word [GDT + SLOT + 8], 0x8000');
    yield gate(operation, 'half a gate', registers, user, loadTable('gdt', 'GDT', 'SLOT + 7'));
  }
  const inner = { rax: 'SLOT', rcx: access(12, 3), rdx: 'KERNEL_CODE' } as const;
  yield gate('CALL', 'a gate with a stack that is not canonical', inner, true, `mov   rax, ${HOLE}`, 'mov   [TSS + 4], rax', FAULT_STACKS);
  yield gate('CALL', 'a gate with an absent stack', inner, true, 'mov   dword [TSS + 4], 0x7000_0000', FAULT_STACKS);
  yield gate('CALL', 'a gate to level 1 beyond the TSS', { ...inner, rdx: 'CODE1' }, true, SHORT_TSS);
}

/** SYSCALL to a place that goes on behind it; the flags and RCX and R11 are logged there. */
const STAR = (high: string): Asm => [
  'mov   ecx, IA32_STAR', 'xor   eax, eax', `mov   edx, ${high}`, 'wrmsr',
  'mov   ecx, IA32_FMASK', 'mov   eax, 0x4_7700', 'xor   edx, edx', 'wrmsr',
  'mov   ecx, IA32_LSTAR', 'lea   rax, [rel syscall_target]', 'wrmsr',
];
const SYSCALLS = `
syscall_target: jmp rcx
`;
const NO_SCE: Asm = ['mov   ecx, IA32_EFER', 'mov   eax, EFER_DEFAULT & ~1', 'xor   edx, edx', 'wrmsr'];
const SELECTORS = '0x0010_0008';
const SYSRETQ = 'sysretq';
const RETURN: Asm = [THERE, 'mov   rcx, rdi', 'mov   r11d, 2', SYSRETQ];
const back: NonNullable<Case['log']> = ['rcx', 'r11'];
const calls: readonly Case[] = [
  ...levels.map((user): Case => ({ name: `SYSCALL, ${who(user)}`, user, prepare: STAR(SELECTORS), code: 'syscall', log: back })),
  {
    name: 'SYSCALL with flags', user: true, code: 'syscall', log: back,
    prepare: [STAR(SELECTORS), 'mov   dword [rel entry_flags], 0x24_3ed7'],
  },
  { name: 'SYSCALL forces RPL 0', user: true, prepare: STAR('0x0010_000b'), code: 'syscall', log: back },
  { name: 'SYSCALL to a null selector', user: true, prepare: STAR('0'), code: 'syscall', log: back },
  { name: 'SYSCALL without SCE', user: true, prepare: [STAR(SELECTORS), NO_SCE], code: 'syscall' },
  { name: 'SYSRET without SCE', prepare: [STAR(SELECTORS), NO_SCE], code: SYSRETQ },
  { name: 'SYSRET of the user', user: true, prepare: STAR(SELECTORS), code: SYSRETQ },
  { name: 'SYSRET', prepare: STAR(SELECTORS), code: [RETURN, LANDING] },
  {
    name: 'SYSRET with all flags', prepare: STAR(SELECTORS),
    code: [THERE, 'mov   rcx, rdi', 'mov   r11, 0xffff_ffff_0024_7ed7', SYSRETQ, LANDING],
  },
  { name: 'SYSRET leaves RSP', prepare: STAR(SELECTORS), code: ['lea   rsp, [rsp + 0x1000]', RETURN, LANDING] },
  { name: 'SYSRET forces RPL 3', prepare: STAR('0x0008_0008'), code: [RETURN, LANDING] },
  { name: 'SYSRET to a bad address', prepare: STAR(SELECTORS), registers: { rcx: HOLE }, code: SYSRETQ },
  { name: 'SYSENTER with a null selector', user: true, code: 'sysenter' },
  { name: 'SYSEXIT of the user', user: true, code: 'sysexitq' },
  { name: 'SYSEXIT with a null selector', code: 'sysexitq' },
];

export const TRANSFERS: Program = {
  name: 'transfers', library: [LIBRARY, SYSCALLS],
  cases: [...iretCode, ...iretStacks, ...iretMore, ...far, ...returns, ...gateCases(), ...calls],
};
