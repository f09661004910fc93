/** Protected mode of 32 and 16 bits, virtual-8086 mode, real-address mode, and their paging. */
import type { LegacyCase } from './program.ts';

const hex = (value: number): string => value.toString(16);
const TYPES = Array.from({ length: 32 }, (_, type) => type);
/** Types whose use is a task switch. */
const TASKS: readonly number[] = [1, 3, 5, 9, 11];
const access = (type: number, dpl: number, present = true): number => type | (dpl << 5) | (present ? 0x80 : 0);

/** A descriptor in the slot of the cases: of 32 bits, and 256 MiB. LAR leaves the bits open where the high ones of the limit are. */
const slot = (byte: number): readonly string[] =>
  ['mov   dword [GDT + SLOT], 0xffff', `mov   dword [GDT + SLOT + 4], 0x00c0_0000 + ${byte << 8}`];
/** Goes on at another level. */
const at = (code: string, data: string, top: string): readonly string[] =>
  [`push  dword ${data}`, `push  dword ${top}`, 'push  dword 0x46', `push  dword ${code}`, 'push  dword .outer', 'iretd', '.outer:'];
const USER = at('USER_CODE', 'USER_DATA', 'U_TOP');
const LEVEL1 = at('CODE1', 'DATA1', 'Q_TOP');

function* loads(): Generator<LegacyCase> {
  for (const register of ['ds', 'ss'] as const) for (const type of TYPES) for (const present of type >= 16 ? [true, false] : [true]) yield {
    name: `MOV ${register.toUpperCase()} of type ${hex(type)}${present ? '' : ' not present'}`,
    code: [
      ...slot(access(type, 0, present)), 'mov   eax, SLOT', `mov   ${register}, eax`, 'mov   eax, [cs:GDT + SLOT + 4]', 'mov   ebx, DATA',
      `mov   ${register}, ebx`,
    ],
  };
  for (const dpl of [0, 1, 3]) for (const type of [0x12, 0x1a, 0x1e]) yield {
    name: `the user: MOV DS of type ${hex(type)} DPL ${dpl}`, code: [...slot(access(type, dpl)), ...USER, 'mov   eax, SLOT + 3',
      'mov   ds, eax'],
  };
  for (const selector of [0, 3]) for (const register of ['es', 'ss']) yield {
    name: `MOV ${register.toUpperCase()} of null selector ${selector}`, code: [`mov   eax, ${selector}`, `mov   ${register}, eax`],
  };
  yield {
    name: 'an access through a null segment', code: ['xor   eax, eax', 'mov   es, eax', 'mov   eax, [es:0]'], manual: [
      'd:0 ip=+4 cs=8 fl=46', 'SDM, "Null Segment Selector Checking": an access by it is #GP. QEMU 7.2 checks no segment.',
    ],
  };
  yield { name: 'LDS and LES', code: ['mov   dword [SCRATCH], 0x1234', 'mov   word [SCRATCH + 4], DATA', 'les   eax, [SCRATCH]',
    'lds   ebx, [SCRATCH]', 'mov   ecx, es'] };
  yield { name: 'PUSH and POP of segments', code: ['push  ds', 'push  cs', 'pop   eax', 'pop   es', 'mov   ebx, es', 'push  word 0x10',
    'pop   dx'] };
}

function* looks(): Generator<LegacyCase> {
  for (const type of TYPES) yield {
    name: `LAR and LSL of type ${hex(type)}`,
    code: [...slot(access(type, 0)), 'mov   eax, SLOT', 'mov   ebx, 0x1111', 'mov   ecx, 0x2222', 'lar   ebx, eax', 'lsl   ecx, eax',
      'verr  ax', 'setz  dl', 'verw  ax', 'setz  dh'],
  };
  for (const type of TYPES) for (const [name, register] of [['LLDT', 'sldt'], ['LTR', 'str']] as const) yield {
    name: `${name} of type ${hex(type)}`,
    code: [...slot(access(type, 0)), 'mov   eax, SLOT', `${name}  ax`, `${register} bx`, 'mov   ecx, [GDT + SLOT + 4]'],
  };
  for (const [to, from] of [[0x10, 3], [0x13, 0], [0x11, 1]]) yield {
    name: `ARPL of ${to} by ${from}`, code: [`mov   eax, ${to}`, `mov   ebx, ${from}`, 'arpl  ax, bx', 'setz  dl'],
  };
  yield {
    name: 'a selector of the LDT',
    code: ['mov   eax, LDT_SELECTOR', 'lldt  ax', 'mov   dword [LDT + 8], 0xffff', 'mov   dword [LDT + 12], 0x00cf_9300',
      'mov   eax, 0xc', 'mov   es, eax', 'mov   ebx, es'],
  };
}

function* gates(): Generator<LegacyCase> {
  for (const type of TYPES.filter((each) => ![5, 6, 7].includes(each))) yield {
    name: `INT 81H through type ${hex(type)}`, code: [`mov   byte [IDT + 0x81 * 8 + 5], ${access(type, 0)}`, 'int   0x81'],
  };
  yield { name: 'a gate that is not present', code: ['mov   byte [IDT + 0x81 * 8 + 5], 0x0e', 'int   0x81'] };
  yield { name: 'the user: INT 81H of DPL 0', code: [...USER, 'int   0x81'] };
  yield { name: 'the user: INT 80H', code: USER };
  yield { name: 'level 1: INT 80H', code: LEVEL1 };
  yield { name: 'the user: a fault', code: [...USER, 'ud2'] };
  yield { name: 'the IDT ends before the gate', code: ['mov   word [idtr], 0x407', 'lidt  [idtr]', 'mov   word [idtr], 0x7ff',
    'int   0x81'] };
  for (const selector of ['0', 'DATA', 'USER_CODE', 'SLOT']) yield {
    name: `a gate to selector ${selector}`, code: [`mov   word [IDT + 0x81 * 8 + 2], ${selector}`, 'int   0x81'],
  };
  yield { name: 'a gate to conforming code, from the user', code: ['mov   word [IDT + 0x81 * 8 + 2], CONFORMING',
    'or    byte [IDT + 0x81 * 8 + 5], 0x60', ...USER, 'int   0x81'] };
  for (const [name, type] of [['interrupts', 0x86], ['traps', 0x87]] as const) yield {
    name: `a gate of 16 bits, for ${name}`,
    code: [
      'mov   esi, .real', 'mov   edi, REAL_CODE', 'mov   ecx, 16', 'rep movsb', 'mov   dword [IDT + 0x81 * 8], (CODE16_LOW << 16) + 0',
      `mov   dword [IDT + 0x81 * 8 + 4], ${type << 8}`, 'push  dword 0x246', 'popfd', 'int   0x81', '.back:', '.real:', 'bits  16',
        'pop   ax', 'sub   ax, .back & 0xffff', 'pop   bx', 'pop   cx', 'pushf',
      'pop   dx', 'and   dh, 2', 'int   0x80', 'bits  32',
    ],
  };
  for (const flag of ['', 'or    dword [esp], 0x800', 'popfd'].slice(0, 2)) yield {
    name: `INTO ${flag === '' ? 'without' : 'with'} an overflow`, code: ['pushfd', flag, 'popfd', 'into', 'mov   eax, 1'],
  };
  yield { name: 'INT3', code: ['int3'] };
  for (const index of [-1, 0, 5, 6]) yield {
    name: `BOUND of ${index}`, code: ['mov   dword [SCRATCH], 0', 'mov   dword [SCRATCH + 4], 5', `mov   eax, ${index}`,
      'bound eax, [SCRATCH]'],
  };
}

/** A gate of so many parameters in the slot, to `.gate`. */
const callGate = (type: number, dpl: number, selector: string, parameters: number): readonly string[] => [
  'mov   eax, .gate', 'mov   ebx, eax', 'and   eax, 0xffff', `or    eax, ${selector} << 16`, 'mov   [GDT + SLOT], eax',
    'and   ebx, 0xffff_0000',
  `or    ebx, ${(access(type, dpl) << 8) + parameters}`, 'mov   [GDT + SLOT + 4], ebx',
];
/** What the gate has pushed, from the top. */
const PUSHED = ['.gate:', 'mov   eax, [esp]', 'sub   eax, .back', 'mov   ebx, [esp + 4]', 'mov   ecx, [esp + 8]',
  'mov   edx, [esp + 12]', 'int   0x80'];

const ACCESSED = 'SDM, "Code- and Data-Segment Descriptor Types": loading a segment register sets the accessed bit. QEMU 7.2 does not when '
  + 'it jumps or calls.';

function* transfers(): Generator<LegacyCase> {
  for (const name of ['jmp', 'call']) for (const type of TYPES.filter((each) => !TASKS.includes(each) && each !== 4 && each !== 12)) yield {
    name: `${name.toUpperCase()} to type ${hex(type)}`,
    code: [...slot(access(type, 0)), `${name.padEnd(5)} SLOT:.there`, '.there: mov   eax, [GDT + SLOT + 4]', 'mov   ebx, cs'],
    ...([0x18, 0x1a, 0x1c, 0x1e].includes(type) ? {
      manual: [`80 ip=+24 cs=40 fl=46 eax=c0${hex(access(type, 0) + 1)}00 ebx=40 ecx=0 edx=0 m=0`, ACCESSED] as const,
    } : {}),
  };
  for (const selector of ['0', 'DATA', 'USER_CODE', 'CODE + 3', 'CODE1', 'CONFORMING', '0x88']) yield {
    name: `JMP to selector ${selector}`, code: [`jmp   ${selector}:.there`, '.there: mov   ebx, cs'],
  };
  yield { name: 'JMP to code that is not present', code: [...slot(access(0x1a, 0, false)), 'jmp   SLOT:.there', '.there:'] };
  for (const parameters of [0, 2]) yield {
    name: `the user calls through a gate with ${parameters} parameters`,
    code: [...callGate(12, 3, 'CODE', parameters), ...USER, 'push  dword 0x2222', 'push  dword 0x1111', 'call  SLOT:0', '.back: nop',
      ...PUSHED],
  };
  yield { name: 'a call through a gate to the same level', code: [...callGate(12, 0, 'CODE', 3), 'call  SLOT:0', '.back: nop', ...PUSHED] };
  yield { name: 'a jump through a gate', code: [...callGate(12, 0, 'CODE', 0), 'jmp   SLOT:0', '.back: nop', '.gate: mov   eax, 7'] };
  yield { name: 'the user calls through a gate of DPL 0', code: [...callGate(12, 0, 'CODE', 0), ...USER, 'call  SLOT:0', '.back: nop',
    ...PUSHED] };
  yield { name: 'the user jumps through a gate to an inner level', code: [...callGate(12, 3, 'CODE', 0), ...USER, 'jmp   SLOT:0',
    '.back: nop', ...PUSHED] };
  for (const [name, selector] of [['null', '0'], ['of level 3', 'USER_DATA'], ['of code', 'CODE1'], ['beyond the GDT',
    '0x88']] as const) yield {
    name: `a call to level 1, for which the TSS has a stack ${name}`,
    code: [`mov   dword [TSS + 16], ${selector}`, ...callGate(12, 3, 'CODE1', 0), ...USER, 'call  SLOT:0', '.back: nop', ...PUSHED],
  };
  yield { name: 'a call to level 1', code: [...callGate(12, 3, 'CODE1', 0), ...USER, 'call  SLOT:0', '.back: nop', ...PUSHED] };
  yield { name: 'a gate to data', code: [...callGate(12, 0, 'DATA', 0), 'call  SLOT:0', '.back: nop', ...PUSHED] };
  yield {
    name: 'RETF to the user, with parameters to release',
    code: ['push  dword USER_DATA', 'push  dword U_TOP', 'push  dword 0', 'push  dword USER_CODE', 'push  dword .outer', 'retf  4',
      '.outer:'],
  };
  yield { name: 'RETF to an inner level', code: [...USER, 'push  dword CODE', 'push  dword .there', 'retf', '.there:'] };
  yield { name: 'RETF to a null selector', code: ['push  dword 0', 'push  dword .there', 'retf', '.there:'] };
  yield { name: 'a return to the user drops what it may not use', code: [...USER, 'mov   eax, ds', 'mov   ebx, es'] };
  yield { name: 'RETF of 16 bits', code: ['push  word CODE16_LOW', 'push  word 0x10', 'mov   dword [REAL_CODE + 0x10], 0x80cd',
    'o16 retf'] };
  yield { name: 'CALL and RET of 16 bits', code: ['mov   dword [REAL_CODE], 0x9090_00e8', 'mov   dword [REAL_CODE + 2], 0x5800_00e8',
    'mov   word [REAL_CODE + 6], 0x80cd', 'jmp   CODE16_LOW:2'] };
  yield { name: 'a stack of 16 bits wraps', code: ['mov   eax, DATA16', 'mov   ss, eax', 'mov   esp, 0x1234_0002',
    'push  dword 0x55aa_66bb', 'mov   eax, esp', 'mov   ebx, [0xfffe]', 'mov   ecx, DATA', 'mov   ss, ecx', 'mov   esp, K_TOP'] };
}

/** Code of 16 bits at REAL_CODE, copied there. */
const low = (code: readonly string[], before: readonly string[]): readonly string[] => [
  'mov   esi, .real', 'mov   edi, REAL_CODE', 'mov   ecx, 0x100', 'rep movsb', ...before, 'bits  16', '.real:', ...code, 'bits  32',
    '.done:',
];
const virtual = (iopl: number, code: readonly string[]): readonly string[] => low([...code, 'int   0x80'], [
  ...[0x4444, 0x3333, 0x0800, 0x2222, 0x1000, 0x100, 0x2_0046 + (iopl << 12), 0x800, 0].map((value) => `push  dword ${value}`),
  'xor   esi, esi', 'xor   edi, edi', 'xor   ecx, ecx', 'iretd',
]);

const IN_VIRTUAL_8086 = [
  'nop', 'cli', 'sti', 'pushf', 'popf', 'int3', 'int   0x81', 'hlt', 'sldt  ax', 'lar   ax, ax', 'arpl  ax, ax', 'mov   eax, cr0',
    'smsw  ax',
  'in    al, 0x81',
];

function* virtual8086(): Generator<LegacyCase> {
  for (const iopl of [0, 3]) for (const code of iopl === 0 ? [...IN_VIRTUAL_8086, 'iret'] : IN_VIRTUAL_8086) yield {
    name: `virtual-8086 mode, IOPL ${iopl}: ${code.replace(/ +/, ' ')}`, code: virtual(iopl, [code, 'xor   eax, eax']),
  };
  yield { name: 'virtual-8086 mode: a port that the map forbids', code: ['mov   byte [TSS + 0x68 + 0x10], 2', ...virtual(3,
    ['in    al, 0x81'])] };
  yield { name: 'virtual-8086 mode: segments are paragraphs', code: virtual(3, ['mov   ax, 0x7ff', 'mov   es, ax',
    'mov   eax, [es:0x10]', 'mov   bx, es', 'mov   cx, [cs:0]']) };
  yield { name: 'virtual-8086 mode: a far call and return', code: virtual(3, ['call  0x0800:.far - .real', 'mov   bx, 5', 'jmp   .end',
    '.far: mov   ax, cs', 'retf', '.end: nop']) };
  yield { name: 'virtual-8086 mode: flags of PUSHF', code: virtual(3, ['pushf', 'pop   ax']) };
}

const toReal = (code: readonly string[]): readonly string[] => low([
  'mov   eax, cr0', 'and   al, 0xfe', 'mov   cr0, eax', 'jmp   0x0800:.in - .real', '.in: xor   ax, ax', 'mov   ds, ax', 'mov   ss, ax',
    'mov   sp, REAL_STACK',
  'o32 lidt [cs:.vectors - .real]', 'xor   eax, eax', ...code, 'mov   esi, cr0', 'or    si, 1', 'mov   cr0, esi',
    'jmp   dword CODE:.done', '.vectors: dw 0x3ff, 0, 0',
], ['mov   eax, DATA', 'mov   fs, eax', 'mov   eax, DATA16', 'mov   ss, eax', 'mov   ds, eax', 'mov   es, eax', 'jmp   CODE16_LOW:0']);
const BACK = ['mov   esi, DATA', 'mov   ds, esi', 'mov   ss, esi', 'mov   esp, K_TOP', 'lidt  [idtr]'];

function* real(): Generator<LegacyCase> {
  const tests: readonly (readonly [string, readonly string[]])[] = [
    ['a segment is a paragraph', ['mov   ax, 0x0800', 'mov   es, ax', 'mov   eax, [es:0]', 'mov   bx, es']],
    ['the last paragraph reaches beyond 1 MiB', ['mov   ax, 0xffff', 'mov   es, ax', 'mov   eax, [es:0x10]']],
    ['a limit stays what it was', ['a32 mov eax, [fs:0x10_0000]', 'mov   bx, fs']],
    ['INT goes through the vector table', [
      'mov   word [0x60 * 4], .handler - .real', 'mov   word [0x60 * 4 + 2], 0x800', 'stc', 'int   0x60', 'mov   cx, 9', 'jmp   .end',
      '.handler: mov   bp, sp', 'mov   ax, [bp]', 'sub   ax, .handler - .real', 'mov   bx, [bp + 2]', 'mov   dx, [bp + 4]', 'iret',
        '.end: nop',
    ]],
    ['a fault goes there too, without an error code', [
      'mov   word [6 * 4], .handler - .real', 'mov   word [6 * 4 + 2], 0x800', 'mov   bx, sp', '.bad: ud2', 'jmp   .end',
      '.handler: mov   cx, sp', 'sub   bx, cx', 'pop   ax', 'sub   ax, .bad - .real', 'add   sp, 4', '.end: nop',
    ]],
    ['far calls and returns', ['call  0x0700:0x1000 + .far - .real', 'mov   cx, sp', 'jmp   .end', '.far: mov   ax, cs', 'mov   bp, sp',
      'mov   bx, [bp + 2]', 'retf  2', '.end: nop']],
    ['registers of 32 bits', ['mov   eax, 0x1234_5678', 'mov   bx, ax', 'a32 mov ecx, [0x8000]', 'push  eax', 'pop   edx']],
    ['PUSHA and POPA', ['mov   bx, 3', 'pusha', 'xor   bx, bx', 'popa', 'pushad', 'popad', 'mov   ax, sp']],
    ['LLDT is undefined', ['mov   word [6 * 4], .handler - .real', 'mov   word [6 * 4 + 2], 0x800', 'lldt  ax', 'jmp   .end',
      '.handler: mov   ax, 6', 'add   sp, 6', '.end: nop']],
    ['SMSW', ['smsw  ax', 'and   ax, 0xff']],
    ['a loop with CX', ['mov   ecx, 0x1_0003', '.again: inc   ax', 'loop  .again', 'mov   ebx, ecx']],
    ['string instructions of 16 bits', ['mov   ax, 0x0800', 'mov   ds, ax', 'mov   ax, 0x0900', 'mov   es, ax', 'xor   si, si',
      'xor   di, di', 'mov   cx, 8', 'rep movsw', 'mov   eax, [es:0]', 'mov   bx, si', 'mov   dx, di']],
  ];
  for (const [name, code] of tests) yield { name: `real-address mode: ${name}`, code: [...toReal(code), ...BACK] };
}

/** Page directory at TABLES that maps the first 64 MiB to themselves, with pages of 4 MiB; CR4.PSE and CR0.PG. */
const narrowPaging = (changes: readonly string[], cr4 = 0x10, cr0 = 0): readonly string[] => [
  'mov   edi, TABLES', 'mov   eax, 0x87', 'mov   ecx, 16', '.fill: mov   [edi], eax', 'add   eax, 0x40_0000', 'add   edi, 4', 'loop  .fill',
  // The second 4 MiB by pages of 4 KiB.
  'mov   dword [TABLES + 4], TABLES + 0x1007', 'mov   edi, TABLES + 0x1000', 'mov   eax, 0x23_0007', 'mov   ecx, 1024',
    '.page: mov   [edi], eax', 'add   edi, 4', 'loop  .page',
  ...changes, `mov   eax, ${cr4}`, 'mov   cr4, eax', 'mov   eax, TABLES', 'mov   cr3, eax', 'mov   eax, cr0',
    `or    eax, 0x8000_0000 + ${cr0}`, 'mov   cr0, eax',
  'xor   eax, eax', 'xor   edi, edi',
];
const widePaging = (changes: readonly string[], efer = 0): readonly string[] => [
  'mov   edi, TABLES', 'mov   ecx, 0xc00', 'xor   eax, eax', 'rep stosd', 'mov   dword [TABLES], TABLES + 0x1001',
    'mov   edi, TABLES + 0x1000', 'mov   eax, 0x87', 'mov   ecx, 32',
  '.fill: mov   [edi], eax', 'add   eax, 0x20_0000', 'add   edi, 8', 'loop  .fill',
    'mov   dword [TABLES + 0x1000 + 16], TABLES + 0x2007', 'mov   dword [TABLES + 0x2000], 0x23_0007',
  ...changes, ...(efer === 0 ? [] : ['mov   ecx, 0xc000_0080', `mov   eax, ${efer}`, 'xor   edx, edx', 'wrmsr']),
  'mov   eax, 0x20', 'mov   cr4, eax', 'mov   eax, TABLES', 'mov   cr3, eax', 'mov   eax, cr0', 'or    eax, 0x8000_0000',
    'mov   cr0, eax', 'xor   eax, eax', 'xor   edi, edi', 'xor   ecx, ecx',
];
const READ = 'mov   eax, [0x40_0000]', WRITE = 'mov   dword [0x40_0000], 0x77';

const RESERVED = 'SDM, "Page-Fault Exceptions": where the RSVD flag is set, the P flag is set too. QEMU clears it.';

/** What the manual says of cases of paging where QEMU 7.2 does something else. */
const PAGES: Readonly<Record<string, readonly [outcome: string, reason: string]>> = {
  'bit 21 of a large page is reserved': [
    'e:9 ip=+64 cs=8 fl=46 cr2=400000', RESERVED,
  ],
  'NX without NXE': ['e:9 ip=+72 cs=8 fl=46 cr2=400000', RESERVED],
  'a write marks the entries, and not what CR3 points to': [
    '80 ip=+92 cs=8 fl=2 eax=0 ebx=27 ecx=67 edx=211001 m=77',
      'SDM, "PAE Paging": an entry of the uppermost level has no accessed flag. QEMU sets one.',
  ],
  'an entry changed behind CR3 is the old one': [
    '80 ip=+80 cs=8 fl=46 eax=0 ebx=0 ecx=0 edx=0 m=0',
      'SDM, "PDPTE Registers": the four entries are read when CR3 is written. QEMU reads them at each walk.',
  ],
};
const inPages = (name: string): Pick<LegacyCase, 'manual'> => (PAGES[name] === undefined ? {} : { manual: PAGES[name] });

function* paging(): Generator<LegacyCase> {
  const narrow: readonly (readonly [string, readonly string[], readonly string[], number?, number?])[] = [
    ['a read marks the entries', [], [READ, 'mov   ebx, [TABLES + 4]', 'and   ebx, 0xfff', 'mov   ecx, [TABLES + 0x1000]',
      'and   ecx, 0xfff']],
    ['a write marks the entries', [], [WRITE, 'mov   ebx, [TABLES + 4]', 'and   ebx, 0xfff', 'mov   ecx, [TABLES + 0x1000]',
      'and   ecx, 0xfff']],
    ['a large page is marked', [], ['mov   [0x80_0000], eax', 'mov   ebx, [TABLES + 8]']],
    ['a directory entry that is not present', ['mov   dword [TABLES + 4], 0'], [READ]],
    ['a page that is not present', ['mov   dword [TABLES + 0x1000], 0'], [WRITE]],
    ['a write to a read-only page', ['and   dword [TABLES + 0x1000], -3'], [WRITE]],
    ['a write to a read-only page, with WP', ['and   dword [TABLES + 0x1000], -3'], [WRITE], 0x10, 0x1_0000],
    ['the user reads a page of the supervisor', ['and   dword [TABLES + 0x1000], -5'], [...USER, 'mov   eax, [cs:0x40_0000]']],
    ['the user reads his own page', [], [...USER, 'mov   eax, [cs:0x40_0000]']],
    ['the user executes a page that is not there', [], [...USER, 'jmp   0x500_0000']],
    ['without PSE there are no large pages', ['mov   dword [TABLES], TABLES + 0x2087', 'mov   edi, TABLES + 0x2000', 'mov   eax, 7',
      'mov   ecx, 1024',
      '.low: mov   [edi], eax', 'add   eax, 0x1000', 'add   edi, 4', 'loop  .low'], [READ], 0],
    ['an address beyond the tables', [], ['mov   eax, [0xffc0_0000]']],
    ['bit 21 of a large page is reserved', ['mov   dword [TABLES + 4], 0x20_0087'], [READ]],
    ['a large page at another place', ['mov   dword [TABLES + 4], 0x87'], ['mov   eax, [0x40_0000 + SCRATCH]',
      'mov   dword [SCRATCH], 5', 'mov   ebx, [0x40_0000 + SCRATCH]']],
    ['INVLPG', [], [READ, 'mov   dword [TABLES + 0x1000], 0x23_1007', 'mov   dword [0x23_1000], 9', 'invlpg [0x40_0000]', READ]],
  ];
  for (const [name, changes, code, cr4, cr0] of narrow) yield {
    name: `32-bit paging: ${name}`, code: [...narrowPaging(changes, cr4, cr0), ...code], ...inPages(name),
  };
  const wide: readonly (readonly [string, readonly string[], readonly string[], number?])[] = [
    ['a write marks the entries, and not what CR3 points to', [], [WRITE, 'mov   ebx, [TABLES + 0x1010]', 'and   ebx, 0xfff',
      'mov   ecx, [TABLES + 0x2000]', 'and   ecx, 0xfff', 'mov   edx, [TABLES]']],
    ['a large page', [], ['mov   eax, [0x60_0000 - 4]']],
    ['a quarter that is not present', [], ['mov   eax, [0x4000_0000]']],
    ['an entry changed behind CR3 is the old one', [], ['mov   dword [TABLES], 0', 'invlpg [0x40_0000]', READ]],
    ['a page that must not be executed', ['mov   dword [TABLES + 0x2004], 0x8000_0000'], ['jmp   0x40_0000'], 0x800],
    ['NX without NXE', ['mov   dword [TABLES + 0x2004], 0x8000_0000'], [READ]],
    ['the user writes a read-only page', ['and   dword [TABLES + 0x2000], -3'], [...USER, 'mov   eax, DATA', 'mov   eax, USER_DATA',
      'mov   ds, eax', WRITE]],
  ];
  for (const [name, changes, code, efer] of wide) yield {
    name: `PAE paging: ${name}`, code: [...widePaging(changes, efer), ...code], ...inPages(name),
  };
  yield {
    name: 'paging without protection', code: ['mov   eax, 0x8000_0010', 'mov   cr0, eax'],
    manual: ['d:0 ip=+5 cs=8 fl=46', 'SDM, "MOV - Move to/from Control Registers": PG without PE is #GP. QEMU 7.2 takes it.'],
  };
  yield {
    name: 'MOV from control and debug registers in 32-bit code',
    code: ['mov   eax, 0x1234_5678', 'mov   cr2, eax', 'mov   dr3, eax', 'mov   ebx, cr2', 'mov   ecx, dr7', 'mov   edx, dr3'],
  };
  yield {
    name: 'MOV from DR5 on two pages', code: ['mov   dword [0x40_0ffe], 0xc3e9_210f', 'call  0x40_0ffe'],
  };
  yield { name: 'MOV to CR3 in 32-bit code takes 32 bits', code: ['mov   eax, 0x1234_5000', 'mov   cr3, eax', 'mov   ebx, cr3'] };
}

export const LEGACY_CASES: readonly LegacyCase[] = [
  ...loads(), ...looks(), ...gates(), ...transfers(), ...virtual8086(), ...real(), ...paging(),
];
