/**
 * Registers of the system: what control, debug and model-specific registers take, and what they show of it; and the
 * registers of the descriptor tables.
 */
import { hex } from '../pieces.ts';
import type { Asm, Case, Program } from '../program.ts';

type Log = NonNullable<Case['log']>;
/** The first instruction of the case faults. */
const REFUSED = 'd:0 ip=+0 cs=8 ss=10 sp=K-0 fl=46 at=K-30';

const CR0 = 0x8001_0031, CR4 = 0x20;
const bit = (index: number): bigint => 1n << BigInt(index);
const cr0 = (name: string, value: bigint, manual = false): Case => ({
  name: `CR0 ${name}`, registers: { rax: value }, code: 'mov   cr0, rax', log: ['cr0'],
  ...(manual ? { manual: `${REFUSED} cr0=80010031` } : {}),
});
const cr4 = (name: string, value: bigint, manual = false): Case => ({
  name: `CR4 ${name}`, registers: { rax: value }, code: 'mov   cr4, rax', log: ['cr4'], ...(manual ? { manual: `${REFUSED} cr4=20` } : {}),
});
/** PE and PG, without which the emulator leaves 64-bit mode half-way. */
const CR0_NEEDED: readonly number[] = [0, 31];
/** What the processor has, and can be without: the emulator hangs when a MOV to CR4 faults. */
const CR4_KNOWN: readonly number[] = [2, 3, 4, 6, 7, 8, 9, 10, 11, 16, 20, 21];
const PRIVILEGED: readonly string[] = [
  'mov   rax, cr0', 'mov   cr0, rax', 'mov   rax, cr2', 'mov   cr3, rax', 'mov   rax, cr8', 'mov   rax, dr0', 'mov   rax, dr4',
  'mov   rax, dr7', 'mov   dr7, rax', 'clts', 'lmsw  ax', 'invlpg [rax]', 'hlt', 'invd', 'wbinvd', 'swapgs',
  'rdmsr', 'wrmsr', 'lgdt  [rax]', 'lidt  [rax]', 'rdpmc', 'stac',
];
const controls: readonly Case[] = [
  ...Array.from({ length: 32 }, (_, i) => cr0(`bit ${i} changed`, BigInt(CR0) ^ bit(i), CR0_NEEDED.includes(i))),
  cr0('NW and CD', BigInt(CR0 + 0x6000_0000)),
  ...[32, 63].map((i) => cr0(`bit ${i}`, BigInt(CR0) | bit(i))),
  ...Array.from({ length: 32 }, (_, i) => cr4(`bit ${i} changed`, BigInt(CR4) ^ bit(i), !CR4_KNOWN.includes(i))),
  ...[32, 63].map((i) => cr4(`bit ${i}`, BigInt(CR4) | bit(i), true)),
  ...[0n, 5n, 15n, 16n, bit(32), bit(63)].map((value): Case => ({
    name: `CR8 = ${hex(value)}`, registers: { rax: value }, code: 'mov   cr8, rax', log: ['cr8'],
  })),
  ...['db    0x66, 0x0f, 0x20, 0xd1', 'db    0x48, 0x0f, 0x20, 0xd1', 'db    0x0f, 0x20, 0x11'].map((code, i): Case => ({
    name: `MOV from CR2 is of 64 bits and from a register: ${['66', 'REX.W', 'mod 0'][i]}`, registers: { rax: '0x1234_5678_9abc_def0' },
    code: ['mov   cr2, rax', code], log: ['rcx'],
  })),
  {
    name: 'MOV from CR0 and CR4', registers: { rcx: '-1', rdx: '-1' }, code: ['mov   rcx, cr0', 'mov   rdx, cr4'],
    log: ['rcx', 'rdx'],
  },
  { name: 'CR2 takes anything', registers: { rax: '0x1234_5678_9abc_def0' }, code: ['mov   cr2, rax', 'mov   rcx, cr2'], log: ['rcx'] },
  ...[1, 5, 6, 7].flatMap((register): Case[] => [
    { name: `MOV from CR${register} is undefined`, code: `db    0x0f, 0x20, ${0xc0 + 8 * register}` },
    { name: `MOV to CR${register} is undefined`, code: `db    0x0f, 0x22, ${0xc0 + 8 * register}` },
  ]),
  { name: 'MOV from CR9 is undefined', code: 'db    0x44, 0x0f, 0x20, 0xc8' },
  ...PRIVILEGED.map((code): Case => ({ name: `the user: ${code.replace(/ +/, ' ')}`, user: true, code })),
  { name: 'LMSW sets the low bits', registers: { rax: 0xffff }, code: 'lmsw  ax', log: ['cr0'] },
  { name: 'LMSW does not clear PE', code: ['lmsw  ax'], log: ['cr0'] },
  { name: 'CLTS', prepare: ['mov   rax, cr0', 'or    eax, 8', 'mov   cr0, rax'], code: 'clts', log: ['cr0'] },
  { name: 'SMSW of 64 bits', code: 'smsw  rax', log: ['rax'] },
  { name: 'SMSW of 16 bits', registers: { rax: -1n & 0xffff_ffff_ffff_ffffn }, code: 'smsw  ax', log: ['rax'] },
];

const UMIP: Asm = ['mov   rax, cr4', 'or    eax, 0x800', 'mov   cr4, rax'];
const STORES = ['sgdt  [rdi]', 'sidt  [rdi]', 'sldt  ax', 'str   ax', 'smsw  ax'] as const;
const tables: readonly Case[] = [
  ...STORES.flatMap((code): Case[] => {
    const name = code.replace(/ +/, ' '), stored = { log: ['rax'], watch: 'SCRATCH + 2' } as const;
    return [
      { name: `the user: ${name}`, user: true, code, registers: { rdi: 'ALIAS + SCRATCH' }, ...stored },
      { name: `the user with UMIP: ${name}`, user: true, prepare: UMIP, code, registers: { rdi: 'ALIAS + SCRATCH' } },
      { name: `with UMIP: ${name}`, prepare: UMIP, code, registers: { rdi: 'SCRATCH' }, ...stored },
    ];
  }),
  ...['gdt', 'idt'].map((table): Case => ({
    name: `L${table.toUpperCase()} of a base that is not canonical`, registers: { rax: '0x8000_0000_0000', rdi: 'SCRATCH' },
    code: ['mov   [rdi + 2], rax', `l${table}  [rdi]`], manual: 'd:0 ip=+4 cs=8 ss=10 sp=K-0 fl=46 at=K-30',
  })),
  {
    name: 'LGDT and SGDT', registers: { rax: '0xffff_8000_1234_5678', rdi: 'SCRATCH', rcx: 'GDT' }, log: ['rbx', 'rdx'],
    code: [
      'mov   [rdi + 2], rax', 'mov   word [rdi], 0x4321', 'lgdt  [rdi]', 'sgdt  [rdi + 16]', 'movzx ebx, word [rdi + 16]',
      'mov   rdx, [rdi + 18]', 'mov   [rdi + 2], rcx', 'lgdt  [rdi]',
    ],
  },
];

const debug = (name: string, register: string, value: bigint): Case => ({
  name: `${register.toUpperCase()} ${name}`, registers: { rax: value }, log: ['rcx'],
  code: [`mov   ${register}, rax`, `mov   rcx, ${register}`],
});
const DE: Asm = ['mov   rcx, cr4', 'or    ecx, 8', 'mov   cr4, rcx'];
const GD: Asm = ['mov   eax, 0x2400', 'mov   dr7, rax'];
const debugs: readonly Case[] = [
  ...[0, 1, 2, 3].map((register) => debug('takes anything', `dr${register}`, 0x8765_4321_9abc_def0n)),
  debug('0', 'dr6', 0n), debug('all ones', 'dr6', 0xffff_ffffn),
  ...[32, 63].map((index) => debug(`bit ${index}`, 'dr6', bit(index))),
  debug('0', 'dr7', 0n), debug('reserved bits', 'dr7', 0xd400n), debug('conditions', 'dr7', 0xffff_0000n),
  debug('LE and GE', 'dr7', 0x300n),
  ...[32, 63].map((index) => debug(`bit ${index}`, 'dr7', bit(index))),
  { name: 'DR4 is DR6', code: 'db    0x0f, 0x21, 0xe0', log: ['rax'] },
  { name: 'DR5 is DR7', code: 'db    0x0f, 0x21, 0xe8', log: ['rax'] },
  { name: 'DR4 with CR4.DE', prepare: DE, code: 'db    0x0f, 0x21, 0xe0' },
  { name: 'DR5 with CR4.DE', prepare: DE, code: 'db    0x0f, 0x23, 0xe8' },
  { name: 'DR7.GD at a read', prepare: GD, code: 'mov   rax, dr0', log: ['dr7'] },
  { name: 'DR7.GD at a read of DR7', prepare: GD, code: 'mov   rax, dr7', log: ['dr7'] },
  { name: 'DR7.GD at a read of DR4', prepare: GD, code: 'db    0x0f, 0x21, 0xe0', log: ['dr7'] },
  { name: 'DR7.GD at a write', prepare: GD, code: 'mov   dr6, rax', log: ['dr7'] },
];

/** Writes EDX:EAX, and reads it back. */
const msr = (name: string, register: string, value: bigint, log: Log = ['rax', 'rdx']): Case => ({
  name: `${register} ${name}`, registers: { rax: value & 0xffff_ffffn, rdx: value >> 32n, rcx: register }, log,
  code: ['wrmsr', 'mov   eax, 0', 'mov   edx, 0', 'rdmsr'],
});
const ADDRESS_MSRS = [
  'IA32_FS_BASE', 'IA32_GS_BASE', 'IA32_KERNEL_GS_BASE', 'IA32_LSTAR', 'IA32_CSTAR', 'IA32_SYSENTER_ESP', 'IA32_SYSENTER_EIP',
] as const;
const HIGH = 0xffff_8000_1234_5678n, HOLE = 0x8000_0000_0000n;
const EFER = 0xd01n;
const msrs: readonly Case[] = [
  ...ADDRESS_MSRS.flatMap((register) => [msr('takes an address', register, HIGH), msr('not canonical', register, HOLE)]),
  msr('without SCE', 'IA32_EFER', EFER & ~1n), msr('without NXE', 'IA32_EFER', EFER & ~0x800n),
  { ...msr('without LME', 'IA32_EFER', EFER & ~0x100n, ['efer']), manual: `${REFUSED} efer=d01` },
  ...[1, 2, 7, 9, 16, 32, 63].map((index) => msr(`bit ${index}`, 'IA32_EFER', EFER | bit(index), ['efer'])),
  msr('takes anything', 'IA32_STAR', 0x1234_5678_9abc_def0n),
  msr('of 32 bits', 'IA32_FMASK', 0xffff_ffffn), msr('of more than 32 bits', 'IA32_FMASK', bit(32)),
  msr('of 32 bits', 'IA32_TSC_AUX', 0xffff_ffffn), msr('of more than 32 bits', 'IA32_TSC_AUX', bit(32)),
  msr('known types', 'IA32_PAT', 0x0706_0504_0100_0706n), msr('type 2', 'IA32_PAT', 0x0706_0504_0102_0706n),
  msr('type 8', 'IA32_PAT', 0x0806_0504_0100_0706n),
  { name: 'RDMSR of no register', registers: { rcx: 0x1234_5678 }, code: 'rdmsr' },
  { name: 'WRMSR of no register', registers: { rcx: 0x1234_5678 }, code: 'wrmsr' },
  {
    name: 'RDMSR clears the upper halves', registers: { rcx: '0xffff_ffff_0000_0000 + IA32_STAR' }, log: ['rax', 'rdx'],
    prepare: ['mov   ecx, IA32_STAR', 'mov   eax, 0x8765_4321', 'mov   edx, eax', 'wrmsr'],
    code: ['mov   rax, -1', 'mov   rdx, rax', 'rdmsr'],
  },
];

const SWAPPED: Asm = ['mov   ecx, IA32_KERNEL_GS_BASE', 'mov   eax, 0x1234_5678', 'mov   edx, 0xffff_9999', 'wrmsr'];
const FSGSBASE: Asm = ['mov   rax, cr4', 'or    eax, 0x1_0000', 'mov   cr4, rax'];
const bases: readonly Case[] = [
  { name: 'SWAPGS', prepare: SWAPPED, code: 'swapgs', log: ['gsbase', 'kernelgsbase'] },
  { name: 'SWAPGS twice', prepare: SWAPPED, code: ['swapgs', 'swapgs'], log: ['gsbase', 'kernelgsbase'] },
  ...['rdfsbase rax', 'rdgsbase eax', 'wrfsbase rax', 'wrgsbase eax'].flatMap((code): Case[] => [
    { name: `${code} without CR4.FSGSBASE`, code },
    { name: code, prepare: FSGSBASE, registers: { rax: HIGH }, code, log: ['rax', 'fsbase', 'gsbase'] },
    { name: `the user: ${code}`, user: true, prepare: FSGSBASE, registers: { rax: HIGH }, code, log: ['rax', 'fsbase', 'gsbase'] },
  ]),
  { name: 'wrfsbase, not canonical', prepare: FSGSBASE, registers: { rax: HOLE }, code: 'wrfsbase rax', log: ['fsbase'] },
  { name: 'wrgsbase, not canonical', prepare: FSGSBASE, registers: { rax: HOLE }, code: 'wrgsbase rax', log: ['gsbase'] },
  { name: 'rdfsbase with LOCK', prepare: FSGSBASE, code: 'db    0xf0, 0xf3, 0x0f, 0xae, 0xc0' },
  { name: 'rdfsbase without F3', prepare: FSGSBASE, code: 'db    0x0f, 0xae, 0xc0' },
];

export const REGISTERS: Program = { name: 'registers', cases: [...controls, ...tables, ...debugs, ...msrs, ...bases] };
