/**
 * Instructions to bytes. One form of the table and its operands give one encoding; the assembler takes the shortest of
 * those that fit, a test takes them all.
 */
import { AH, CS, RBP, RSP, type Width } from '../registers.ts';
import { type Bits, type Bound, CONTROL_REGISTERS, type Decoded, type Memory, NARROW_ADDRESSES, OVERRIDES, RIP } from './decode.ts';
import type { Instruction } from './define.ts';
import type { Form, ImmediateSize, Operand, OperandWidth } from './notation.ts';
import { INSTRUCTIONS } from './table.ts';

/** What is to be encoded. A memory operand of unknown width fits any. */
export interface Wanted {
  readonly mnemonic: string;
  readonly operands: readonly WantedOperand[];
  readonly lock?: boolean;
  readonly repeat?: 0 | 0xf2 | 0xf3;
  /** What it is to be decoded as; 64-bit mode unless it is said. */
  readonly bits?: Bits;
  readonly segment?: number;
  /** Where memory is not addressed as wide as is usual. */
  readonly addressSize?: Width;
  /** For an instruction whose operands do not tell the size: a frame, a push of a constant, a return to another segment. */
  readonly operandSize?: Width;
}

export type WantedOperand =
  | Exclude<Bound, { kind: 'memory' | 'immediate' }>
  | {
    readonly kind: 'memory'; readonly memory: Memory; readonly width: OperandWidth | undefined;
    /** A jump or call through a pointer with a selector in it; the width is that of the offset. */
    readonly far?: boolean;
  }
  /** No width: as wide as the form wants it. */
  | { readonly kind: 'immediate'; readonly value: bigint };

/** The names under which an instruction is known: its mnemonic, or one for each operand size. */
export function mnemonicOf(decoded: Pick<Decoded, 'instruction' | 'operandSize'>): string {
  const { mnemonic, sized } = decoded.instruction;
  if (sized === undefined) return mnemonic;
  if (decoded.operandSize === 1) return `${mnemonic}B`;
  return sized[decoded.operandSize === 2 ? 0 : decoded.operandSize === 4 ? 1 : 2];
}

interface Named { readonly instruction: Instruction; readonly form: Form; readonly operandSize: Width | undefined }

/** All forms by mnemonic; a sized mnemonic knows its operand size. */
const BY_MNEMONIC: ReadonlyMap<string, readonly Named[]> = (() => {
  const table = new Map<string, Named[]>();
  const add = (name: string, named: Named): void => void table.set(name, [...(table.get(name) ?? []), named]);
  for (const instruction of INSTRUCTIONS) {
    for (const form of instruction.forms) {
      if (instruction.sized === undefined) add(instruction.mnemonic, { instruction, form, operandSize: undefined });
      else for (const operandSize of new Set([...sizesOf(form, 64), ...sizesOf(form, 32)])) {
        add(mnemonicOf({ instruction, operandSize }), { instruction, form, operandSize });
      }
    }
  }
  return table;
})();

export const isMnemonic = (name: string): boolean => BY_MNEMONIC.has(name);

/** The operand sizes that a form can have, the usual one first. */
export function sizesOf(form: Form, bits: Bits = 64): readonly Width[] {
  const { attributes, rexW, mandatory } = form;
  if (attributes.has(bits === 64 ? 'i64' : 'o64')) return [];
  if (attributes.has('b8')) return [1];
  if (bits !== 64) return legacySizes(form, bits);
  if (attributes.has('native')) return [8];
  if (attributes.has('f64') || rexW) return [8];
  if (attributes.has('d64')) return [8, 2];
  if (attributes.has('no16')) return attributes.has('w0') ? [4] : [4, 8];
  if (attributes.has('io') || attributes.has('w0')) return mandatory === 'NP' || mandatory === '66' ? [4] : [4, 2];
  return mandatory === 'NP' ? [4, 8] : [4, 2, 8];
}

function legacySizes({ attributes, rexW, mandatory }: Form, bits: 32 | 16): readonly Width[] {
  if (rexW) return [];
  if (attributes.has('native') || attributes.has('no16')) return [4];
  // Prefix 66 belongs to the opcode, or makes another of it.
  if (mandatory === 'NP' || mandatory === '66') return [bits === 32 ? 4 : 2];
  return bits === 32 ? [4, 2] : [2, 4];
}

/** An operand, an immediate or the name is another for another operand size. */
export const showsSize = ({ sized }: Instruction, { operands, immediates, rexW }: Form): boolean => sized !== undefined || rexW
  || operands.some(tellsSize)
  || immediates.some((size) => size === 'v' || size === 'z');

/** The operand size makes a difference, whether or not it shows. */
export const sizeMatters = (instruction: Instruction, form: Form): boolean =>
  showsSize(instruction, form) || form.attributes.has('d64') || form.attributes.has('implied');

export interface Encoding {
  readonly bytes: Uint8Array;
  /** Of the operand in memory, as this encoding takes it; undefined where there is none. */
  readonly memoryWidth: OperandWidth | undefined;
}

/** All encodings of what is wanted, shortest first. */
export function encode(wanted: Wanted): Encoding[] {
  const encodings: Encoding[] = [];
  const at = wanted.operands.findIndex(({ kind }) => kind === 'memory');
  for (const { instruction, form, operandSize } of BY_MNEMONIC.get(wanted.mnemonic) ?? []) {
    for (const size of sizesOf(form, wanted.bits)) {
      if (operandSize !== undefined && operandSize !== size) continue;
      const bytes = encodeForm(instruction, form, size, wanted);
      if (bytes === undefined) continue;
      const place = at === -1 ? undefined : form.operands[at]!;
      const width = place?.kind === 'far' ? 'v' : place && 'width' in place ? place.width : undefined;
      encodings.push({ bytes, memoryWidth: width === 'v' ? size : width });
    }
  }
  return encodings.sort((a, b) => a.bytes.length - b.bytes.length);
}

/** One encoding, or undefined where the operands do not fit the form. */
export function encodeForm(instruction: Instruction, form: Form, operandSize: Width, wanted: Wanted): Uint8Array | undefined {
  const { operands } = wanted;
  if (operands.length !== form.operands.length) return undefined;
  if (wanted.operandSize !== undefined && wanted.operandSize !== operandSize) return undefined;
  if (wanted.lock && !(form.attributes.has('lock') && operands.some(({ kind }) => kind === 'memory'))) return undefined;
  if (wanted.repeat && !form.attributes.has('rep') && !form.attributes.has('repe')) return undefined;
  const writing = new Writing(form, operandSize, wanted);
  for (let i = 0; i < operands.length; i += 1) {
    if (!writing.take(form.operands[i]!, operands[i]!)) return undefined;
  }
  // Where neither an operand nor a prefix tells the size, it is the first that the form can have. A constant tells nothing.
  const told = wanted.operandSize !== undefined || instruction.sized !== undefined
    || form.operands.some(tellsSize);
  return told || operandSize === sizesOf(form, wanted.bits)[0] ? writing.bytes() : undefined;
}

function tellsSize(operand: Operand): boolean {
  if (operand.kind === 'imm') return false;
  return operand.kind === 'far' || operand.kind === 'pointer' || ('width' in operand && operand.width === 'v')
    || ('registerWidth' in operand && operand.registerWidth === 'v');
}

class Writing {
  private readonly form: Form;
  private readonly operandSize: Width;
  private readonly wanted: Wanted;
  private readonly bits: Bits;
  private readonly addressSize: Width;
  private rexR = 0;
  private rexX = 0;
  private rexB = 0;
  private needsRex = false;
  private forbidsRex = false;
  private reg = 0;
  private rmRegister: number | undefined;
  private opcodeLow = 0;
  private memory: Memory | undefined;
  private absolute: bigint | undefined;
  private readonly immediates: number[] = [];

  constructor(form: Form, operandSize: Width, wanted: Wanted) {
    this.form = form;
    this.operandSize = operandSize;
    this.wanted = wanted;
    this.bits = wanted.bits ?? 64;
    const { attributes } = form;
    const only = attributes.has('a16') ? 2 : attributes.has('a32') ? 4 : attributes.has('a64') ? 8 : undefined;
    this.addressSize = only ?? wanted.addressSize ?? ((this.bits / 8) as Width);
  }

  /** Takes one operand; false when it does not fit. */
  take(operand: Operand, given: WantedOperand): boolean {
    switch (operand.kind) {
      case 'reg': {
        if (operand.file !== undefined) return given.kind === operand.file && this.setReg(given.reg);
        if (given.kind !== 'register' || given.width !== this.width(operand.width)) return false;
        const number = this.number(given.reg, given.width);
        return operand.from === 'reg' ? this.setReg(number) : this.setOpcodeRegister(number);
      }
      case 'rm': {
        if (given.kind === 'memory') {
          if (given.far) return false;
          if (operand.only === 'reg' || operand.only === 'always reg' || this.form.mod === 'reg') return false;
          this.memory = given.memory;
          return this.reaches(given.memory) && (given.width === undefined || given.width === this.width(operand.width));
        }
        if (operand.only === 'mem' || this.form.mod === 'mem') return false;
        if (operand.file !== undefined) return given.kind === operand.file && this.setRm(given.reg);
        if (given.kind !== 'register' || given.width !== this.width(operand.registerWidth)) return false;
        return this.setRm(this.number(given.reg, given.width));
      }
      case 'far': {
        if (given.kind !== 'memory' || (given.width !== undefined && given.width !== this.operandSize)) return false;
        // LFS and its kin take nothing else, and need not be told.
        if (this.form.operands.length === 1 && !given.far) return false;
        this.memory = given.memory;
        return this.reaches(given.memory);
      }
      case 'moffs': {
        if (given.kind !== 'memory' || given.memory.base !== -1 || given.memory.index !== -1) return false;
        this.absolute = given.memory.displacement;
        if (!fits(this.absolute, 8 * this.addressSize)) return false;
        return given.width === undefined || given.width === this.width(operand.width);
      }
      case 'fixed':
        return given.kind === 'register' && given.reg === operand.register && given.width === this.width(operand.width);
      case 'imm': return given.kind === 'immediate' && this.immediate(given.value, this.width(operand.width) as Width);
      case 'one': return given.kind === 'immediate' && given.value === 1n;
      case 'rel': return given.kind === 'relative' && this.immediate(given.value, 8);
      case 'segment': return given.kind === 'segment' && given.reg === operand.register;
      case 'pointer':
        return given.kind === 'pointer' && given.width === this.operandSize && this.immediate(given.offset, this.operandSize)
          && this.immediate(BigInt(given.selector), 2);
      case 'sreg': return given.kind === 'segment' && !(given.reg === CS && this.form.opcode === TO_SEGMENT) && this.setReg(given.reg);
      case 'cr': return given.kind === 'control' && CONTROL_REGISTERS.has(given.reg) && this.setReg(given.reg);
      case 'dr': return given.kind === 'debug' && given.reg < 8 && this.setReg(given.reg);
      case 'st':
        if (given.kind !== 'st') return false;
        if (operand.register !== undefined) return given.reg === operand.register;
        this.rmRegister = given.reg;
        return true;
    }
  }

  bytes(): Uint8Array | undefined {
    const { form, operandSize, wanted, bits } = this;
    const { attributes } = form;
    const wide = form.rexW || (operandSize === 8 && !attributes.has('f64') && !attributes.has('d64') && !attributes.has('native'));
    const fixed = attributes.has('b8') || attributes.has('native') || attributes.has('no16');
    const resized = bits === 64 ? operandSize === 2 : !fixed && 8 * operandSize !== bits;
    const out: number[] = [];
    // In the order of the manual's groups of prefixes.
    if (wanted.lock) out.push(0xf0);
    if (wanted.repeat) out.push(wanted.repeat);
    if (wanted.segment !== undefined) out.push(prefixOf(wanted.segment));
    if (resized || form.mandatory === '66') out.push(0x66);
    if (8 * this.addressSize !== bits) out.push(0x67);
    if (form.mandatory === 'F2') out.push(0xf2);
    if (form.mandatory === 'F3') out.push(0xf3);
    const tail: number[] = [];
    if (form.modrm) this.writeModrm(tail);
    if (this.absolute !== undefined) pushBytes(tail, this.absolute, this.addressSize);
    tail.push(...this.immediates);
    const rex = (wide ? 8 : 0) | (this.rexR << 2) | (this.rexX << 1) | this.rexB;
    if (rex !== 0 || this.needsRex) {
      if (this.forbidsRex || bits !== 64) return undefined;
      out.push(0x40 | rex);
    }
    if (form.map > 0) out.push(0x0f);
    if (form.map > 1) out.push(form.map === 2 ? 0x38 : 0x3a);
    out.push(form.opcode + this.opcodeLow, ...tail);
    return Uint8Array.from(out);
  }

  private width(width: OperandWidth): OperandWidth {
    return width === 'v' ? this.operandSize : width;
  }

  /** The encoding number of a register: AH to BH exclude REX, SPL to DIL want it. */
  private number(reg: number, width: Width): number {
    if (reg >= AH) {
      this.forbidsRex = true;
      return reg - 12;
    }
    if (width === 1 && reg >= 4 && reg < 8) this.needsRex = true;
    return reg;
  }

  /** Whether the displacement survives its 32 bits, which are sign-extended to the address size; and RSP is no index. */
  private reaches({ base, index, displacement }: Memory): boolean {
    const bits = base === RIP ? 64 : 8 * this.addressSize;
    if (base === RIP && this.bits !== 64) return false;
    if (this.addressSize === 2) return fits(displacement, 16) && narrowField(base, index) !== undefined;
    return index !== RSP && fits(displacement, bits) && BigInt.asIntN(32, displacement) === BigInt.asIntN(bits, displacement);
  }

  private setRm(number: number): true {
    this.rmRegister = number & 7;
    this.rexB = number >> 3;
    return true;
  }

  private setReg(number: number): true {
    this.reg = number & 7;
    this.rexR = number >> 3;
    return true;
  }

  /** There is no exchange of EAX with itself in one byte: that is NOP, and leaves the upper half alone. */
  private setOpcodeRegister(number: number): boolean {
    this.opcodeLow = number & 7;
    this.rexB = number >> 3;
    return !(this.form.opcode === NOP && number === 0 && this.operandSize === 4);
  }

  /** Appends the next immediate of the form; false when the value does not survive its size. */
  private immediate(value: bigint, operandWidth: Width): boolean {
    const taken = this.immediates.length;
    let offset = 0;
    for (const size of this.form.immediates) {
      const bytes = sizeOfImmediate(size, this.operandSize);
      if (offset === taken) {
        // A byte that is sign-extended to the operand size cannot be 129, which would be -127.
        const bits = 8 * (this.form.attributes.has('sx') ? this.operandSize : operandWidth);
        const wrapped = BigInt.asIntN(bits, value);
        if (!fits(value, bits)) return false;
        if (BigInt.asIntN(8 * bytes, wrapped) !== wrapped) return false;
        pushBytes(this.immediates, wrapped, bytes);
        return true;
      }
      offset += bytes;
    }
    return false;
  }

  private writeModrm(out: number[]): void {
    const { form } = this;
    const reg = (form.digit ?? this.reg) << 3;
    if (this.memory === undefined) {
      out.push(0xc0 | reg | (form.rm ?? this.rmRegister ?? 0));
      return;
    }
    const { base, index, scale, displacement } = this.memory;
    if (base === RIP) {
      out.push(reg | 5);
      pushBytes(out, displacement, 4);
      return;
    }
    if (this.addressSize === 2) return this.writeNarrowMemory(out, reg, this.memory);
    const bits = 8 * this.addressSize;
    // Where nothing is relative to RIP, an address alone needs no SIB byte.
    if (base === -1 && index === -1 && this.bits !== 64) {
      out.push(reg | 5);
      pushBytes(out, displacement, 4);
      return;
    }
    const narrow = BigInt.asIntN(8, displacement) === BigInt.asIntN(bits, displacement);
    // A base of RBP or R13 has no form without displacement: mod 0 means something else there.
    const mod = base === -1 ? 0 : displacement === 0n && (base & 7) !== RBP ? 0 : narrow ? 1 : 2;
    if (base === -1 || index !== -1 || (base & 7) === RSP) {
      out.push((mod << 6) | reg | 4);
      out.push((Math.log2(scale) << 6) | ((index === -1 ? 4 : index & 7) << 3) | (base === -1 ? 5 : base & 7));
      this.rexX = index === -1 ? 0 : index >> 3;
    } else out.push((mod << 6) | reg | (base & 7));
    this.rexB = base === -1 ? 0 : base >> 3;
    if (base === -1 || mod === 2) pushBytes(out, displacement, 4);
    else if (mod === 1) pushBytes(out, displacement, 1);
  }

  private writeNarrowMemory(out: number[], reg: number, { base, index, displacement }: Memory): void {
    const field = narrowField(base, index)!;
    const value = BigInt.asIntN(16, displacement);
    const alone = base === -1 && index === -1;
    const mod = alone || (value === 0n && field !== ALONE) ? 0 : BigInt.asIntN(8, value) === value ? 1 : 2;
    out.push((mod << 6) | reg | field);
    if (alone || mod === 2) pushBytes(out, value, 2);
    else if (mod === 1) pushBytes(out, value, 1);
  }
}

/** The r/m field of a base and an index of 16 bits; undefined where there is none. */
const narrowField = (base: number, index: number): number | undefined => {
  if (base === -1 && index === -1) return ALONE;
  const field = NARROW_ADDRESSES.findIndex((pair) =>
    (pair[0] === base && pair[1] === index) || (index !== -1 && pair[0] === index && pair[1] === base));
  return field === -1 ? undefined : field;
};
/** The r/m field that is a displacement alone with mod 0, and BP otherwise. */
const ALONE = 6;

const prefixOf = (segment: number): number => Number(Object.keys(OVERRIDES).find((prefix) => OVERRIDES[Number(prefix)] === segment));

const NOP = 0x90;
/** MOV to a segment register, which may not be CS. */
const TO_SEGMENT = 0x8e;

/** Signed or unsigned. */
const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value || BigInt.asUintN(bits, value) === value;

const sizeOfImmediate = (size: ImmediateSize, operandSize: Width): Width =>
  size === 'v' ? operandSize : size === 'z' ? (Math.min(operandSize, 4) as Width) : size;

function pushBytes(out: number[], value: bigint, bytes: number): void {
  for (let i = 0n; i < BigInt(bytes); i += 1n) out.push(Number((value >> (8n * i)) & 0xffn));
}
