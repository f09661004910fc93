/**
 * The notation of the table: the Opcode and Instruction columns of the SDM's instruction pages, one encoding a row.
 *
 *     '81 /0 iz | r/m, imm | lock'
 *
 * Left of the first bar stands the opcode as in the SDM's "Opcode Column": bytes, `NP`, `NFx`, `66`, `F2` and `F3` for
 * prefixes that must be there or must not, `REX.W +`, `/digit`, `/r`, `+r` (SDM: +rb, +rw, +rd, +ro), and immediates `ib`,
 * `iw`, `id`, `io`, `iz`, `cb`, `cz`. A ModRM byte with more than its reg field fixed is written `/0 r/m=1`, and
 * `/0 mod=mem` or `mod=reg` where one kind alone is meant. Opcodes of the x87 FPU are written as there: `D8 C0+i`, `D9 E8`.
 *
 * Then the operands as in the SDM's "Instruction Column", with two letters of its opcode maps (Appendix "Opcode Map",
 * "Codes for Operand Type") so that one row stands for three: an operand without a width (`r`, `r/m`, `rAX`, `immv`) has the
 * operand size; `iz`, `cz` and `imm` are as wide as it, but at most four bytes, and sign-extended. `<XMM0>` is implied: it
 * stands there to be read.
 *
 * Then attributes, from `ATTRIBUTES`.
 */
import { assert } from '../../base/assert.ts';
import { CS, DS, ES, FS, GS, gprByName, SS, type Width } from '../registers.ts';

export const ATTRIBUTES = {
  lock: 'LOCK is allowed with a memory destination',
  d64: 'in 64-bit mode the operand size is 64 bits unless a prefix makes it 16: there is no 32',
  f64: 'the operand size is 64 bits in 64-bit mode, whatever the prefixes say',
  native: 'the operand size is 64 bits in 64-bit mode and 32 bits elsewhere, whatever the prefixes say',
  i64: 'invalid in 64-bit mode',
  o64: 'in 64-bit mode only',
  rep: 'REP repeats it',
  repe: 'REPE and REPNE repeat it',
  no16: 'the operand size is 32 or 64 bits: prefix 66 does not make it 16',
  implied: 'the operand size matters, although no operand tells it',
  nob: 'REX.B is clear',
  w0: 'REX.W is clear: with it, it is another instruction',
  a16: 'addresses are 16 bits wide',
  a32: 'addresses are 32 bits wide',
  a64: 'addresses are 64 bits wide',
  b8: 'the operand size is 8 bits',
  io: 'the operand size is 16 or 32 bits: a port is never wider, nor is a pointer of the x87 environment',
  sx: 'the immediate byte is sign-extended to the operand size',
  popm: 'a base of RSP is taken after the pop',
} as const;
export type Attribute = keyof typeof ATTRIBUTES;

/** The width of an operand: fixed, or the operand size (`v`), or ten bytes, or none because memory is only addressed. */
export type OperandWidth = Width | 16 | 'v' | 'none' | 'pair' | 'tword';

/** Registers that are not general: a register operand is one of these where the form says so. */
export type RegisterFile = 'xmm' | 'mm';

/** Where an operand is encoded, and what it is. */
export type Operand =
  | { readonly kind: 'reg'; readonly from: 'reg' | 'opcode'; readonly width: OperandWidth; readonly file?: RegisterFile }
  | {
    readonly kind: 'rm'; readonly width: OperandWidth; readonly registerWidth: OperandWidth;
    readonly only?: 'reg' | 'mem' | 'always reg'; readonly file?: RegisterFile;
  }
  | { readonly kind: 'fixed'; readonly register: number; readonly width: OperandWidth }
  | { readonly kind: 'segment'; readonly register: number }
  | { readonly kind: 'imm'; readonly width: OperandWidth }
  | { readonly kind: 'one' }
  | { readonly kind: 'rel' }
  | { readonly kind: 'moffs'; readonly width: OperandWidth }
  | { readonly kind: 'far' }
  | { readonly kind: 'pointer' }
  | { readonly kind: 'sreg' }
  | { readonly kind: 'cr' }
  | { readonly kind: 'dr' }
  /** A register of the x87 stack; undefined where the r/m field names it. */
  | { readonly kind: 'st'; readonly register: number | undefined };

/** `NP`: none of 66, F2 and F3. `NFx`: neither F2 nor F3. */
export type MandatoryPrefix = 'NP' | 'NFx' | '66' | 'F2' | 'F3';
/** Bytes of an immediate: `v` is the operand size, `z` the same but at most four. */
export type ImmediateSize = 1 | 2 | 4 | 8 | 'z' | 'v';

/** One encoding: a row of the table, taken apart. */
export interface Form {
  /** The row as written. */
  readonly row: string;
  /** The opcode without its prefixes: escape bytes first. */
  readonly map: 0 | 1 | 2 | 3;
  readonly opcode: number;
  /** Undefined: the prefixes 66, F2 and F3 do not tell this encoding from another. */
  readonly mandatory: MandatoryPrefix | undefined;
  readonly rexW: boolean;
  readonly modrm: boolean;
  readonly digit: number | undefined;
  readonly rm: number | undefined;
  readonly mod: 'reg' | 'mem' | undefined;
  readonly opcodeRegister: boolean;
  readonly immediates: readonly ImmediateSize[];
  readonly operands: readonly Operand[];
  readonly attributes: ReadonlySet<Attribute>;
}

const operand = (token: string): Operand => {
  const known = OPERANDS[token];
  if (known !== undefined) return known;
  const gpr = gprByName(token);
  assert(gpr !== undefined, `no such operand: ${token}`);
  return { kind: 'fixed', register: gpr.reg, width: gpr.width };
};

const rm = (width: OperandWidth, registerWidth: OperandWidth = width): Operand => ({ kind: 'rm', width, registerWidth });
const memory = (width: OperandWidth): Operand => ({ kind: 'rm', width, registerWidth: width, only: 'mem' });
const register = (width: OperandWidth): Operand => ({ kind: 'reg', from: 'reg', width });
const FILE_WIDTH: Readonly<Record<RegisterFile, OperandWidth>> = { xmm: 16, mm: 8 };
const vector = (file: RegisterFile): Operand => ({ kind: 'reg', from: 'reg', width: FILE_WIDTH[file], file });
const vectorRm = (file: RegisterFile, width: OperandWidth): Operand => ({ kind: 'rm', width, registerWidth: FILE_WIDTH[file], file });
const vectorOnly = (file: RegisterFile): Operand => ({ ...vectorRm(file, FILE_WIDTH[file]), only: 'reg' }) as Operand;

const OPERANDS: Readonly<Record<string, Operand>> = {
  r8: register(1), r16: register(2), r32: register(4), r64: register(8), r: register('v'),
  'r/m8': rm(1), 'r/m16': rm(2), 'r/m32': rm(4), 'r/m64': rm(8), 'r/m': rm('v'),
  // A register destination takes the operand size, memory takes a word: SLDT, STR, SMSW, MOV from a segment register.
  'r/m16v': rm(2, 'v'),
  // Likewise a byte or a doubleword: PEXTRB, PINSRB, EXTRACTPS.
  'r/m8v': rm(1, 'v'), 'r/m32v': rm(4, 'v'),
  m: memory('none'), m8: memory(1), m16: memory(2), m32: memory(4), m64: memory(8), mv: memory('v'),
  // Two words of the operand size: CMPXCHG8B and CMPXCHG16B. And a limit with a base: the descriptor-table registers.
  'm:pair': memory('pair'), 'm16&64': memory('none'),
  // Operands of the x87 FPU: numbers in memory, its environment, and its registers.
  m32fp: memory(4), m64fp: memory(8), m80fp: memory('tword'),
  m16int: memory(2), m32int: memory(4), m64int: memory(8), m80bcd: memory('tword'),
  m2byte: memory(2), 'm14/28byte': memory('none'), 'm94/108byte': memory('none'),
  ST: { kind: 'st', register: 0 }, 'ST(0)': { kind: 'st', register: 0 }, 'ST(i)': { kind: 'st', register: undefined },
  'rm:r': { kind: 'rm', width: 'v', registerWidth: 'v', only: 'reg' },
  // A register whatever the mod field says.
  'rm=r': { kind: 'rm', width: 'v', registerWidth: 'v', only: 'always reg' },
  rAX: { kind: 'fixed', register: 0, width: 'v' },
  imm8: { kind: 'imm', width: 1 }, imm16: { kind: 'imm', width: 2 }, imm: { kind: 'imm', width: 'v' },
  immv: { kind: 'imm', width: 'v' },
  // SDM: xmm1, xmm2/m128 and so on. A register of the ModRM byte that cannot be memory is written xmm:r.
  xmm: vector('xmm'), 'xmm:r': vectorOnly('xmm'), m128: memory(16), m512byte: memory('none'), mem: memory('none'),
  'xmm/m128': vectorRm('xmm', 16), 'xmm/m64': vectorRm('xmm', 8), 'xmm/m32': vectorRm('xmm', 4), 'xmm/m16': vectorRm('xmm', 2),
  mm: vector('mm'), 'mm:r': vectorOnly('mm'), 'mm/m64': vectorRm('mm', 8), 'mm/m32': vectorRm('mm', 4),
  1: { kind: 'one' },
  rel: { kind: 'rel' },
  moffs8: { kind: 'moffs', width: 1 }, moffs: { kind: 'moffs', width: 'v' },
  'm16:v': { kind: 'far' }, 'ptr16:v': { kind: 'pointer' },
  Sreg: { kind: 'sreg' }, CR: { kind: 'cr' }, DR: { kind: 'dr' },
  ...Object.fromEntries(Object.entries({ ES, CS, SS, DS, FS, GS }).map(([name, register]) => [name, { kind: 'segment', register }])),
};

const IMMEDIATES: Readonly<Record<string, ImmediateSize>> = {
  ib: 1, iw: 2, id: 4, io: 8, iz: 'z', iv: 'v', cb: 1, cz: 'z',
};

/** Takes a row apart. A row that makes no sense is a mistake in the table, found when the table is loaded. */
export function parseForm(row: string): Form {
  const [opcodeColumn = '', operandColumn = '', attributeColumn = ''] = row.split('|').map((column) => column.trim());
  const bytes: number[] = [];
  const immediates: ImmediateSize[] = [];
  let mandatory: MandatoryPrefix | undefined;
  let rexW = false, modrm = false, opcodeRegister = false;
  let digit: number | undefined, rmField: number | undefined, mod: 'reg' | 'mem' | undefined;
  for (const token of opcodeColumn.replace('REX.W +', 'REX.W').split(/\s+/)) {
    if (token === 'REX.W') rexW = true;
    else if (/^(NP|NFx|66|F2|F3)$/.test(token) && bytes.length === 0) mandatory = token as MandatoryPrefix;
    else if (/^[0-9A-F]{2}(\+i)?$/.test(token)) {
      const byte = Number.parseInt(token, 16);
      if (bytes.length === 0 || !isEscape(bytes)) bytes.push(byte);
      else {
        modrm = true;
        mod = 'reg';
        digit = (byte >> 3) & 7;
        if (!token.endsWith('+i')) rmField = byte & 7;
      }
    }
    else if (token === '+r') opcodeRegister = true;
    else if (token === '/r') modrm = true;
    else if (/^\/[0-7]$/.test(token)) {
      modrm = true;
      digit = Number(token[1]);
    }
    else if (/^r\/m=[0-7]$/.test(token)) rmField = Number(token[4]);
    else if (token === 'mod=mem' || token === 'mod=reg') mod = token.slice(4) as 'mem' | 'reg';
    else {
      const size = IMMEDIATES[token];
      assert(size !== undefined, `${row}: what is ${token}?`);
      immediates.push(size);
    }
  }
  const [map, opcode] = splitEscape(bytes);
  const encoded = operandColumn.split(',').map((token) => token.trim()).filter((token) => !/^(<.*>)?$/.test(token));
  const operands = encoded.map(operand);
  const attributes = attributeColumn === '' ? [] : attributeColumn.split(/\s+/);
  for (const name of attributes) assert(name in ATTRIBUTES, `${row}: no attribute ${name}`);
  for (const o of operands) {
    if (o.kind === 'far') mod = 'mem';
    if (o.kind === 'rm' && (o.only === 'mem' || o.only === 'reg')) mod = o.only;
  }
  if (rmField !== undefined) mod = 'reg';
  return {
    row, map, opcode, mandatory, rexW, modrm, digit, rm: rmField, mod, opcodeRegister, immediates,
    operands: operands.map((o) => (o.kind === 'reg' && opcodeRegister ? { ...o, from: 'opcode' } : o)),
    attributes: new Set(attributes as Attribute[]),
  };
}

/** An opcode of the x87 FPU, whose second byte is a ModRM byte. */
const isEscape = ([first, ...rest]: readonly number[]): boolean => rest.length === 0 && first! >= 0xd8 && first! <= 0xdf;

function splitEscape(bytes: readonly number[]): [Form['map'], number] {
  if (bytes[0] !== 0x0f) return [0, bytes[0]!];
  if (bytes[1] === 0x38) return [2, bytes[2]!];
  if (bytes[1] === 0x3a) return [3, bytes[2]!];
  return [1, bytes[1]!];
}
