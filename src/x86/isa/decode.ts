/**
 * Bytes to instructions, in 64-bit mode and in code of 32 and of 16 bits. The opcode table is made from the instruction
 * table; an instruction of a feature that the processor does not have is as undefined as on the real one.
 */
import { CS, DS, ES, FS, GS, RBP, RBX, RDI, RSI, SS, type Width } from '../registers.ts';
import type { Feature, Instruction } from './define.ts';
import type { Form, Operand, OperandWidth, RegisterFile } from './notation.ts';
import { ADDRESS_TRAIT, type Candidate, type Candidates, candidatesByOpcode, MODRM_SHIFT, SIZING, TRAIT } from './opcode-table.ts';
import { INSTRUCTIONS } from './table.ts';

/** What code is decoded as: 64-bit mode, or a code segment whose operands and addresses are 32 or 16 bits wide unless prefixed. */
export type Bits = (typeof BITS)[number];
export const BITS = [64, 32, 16] as const;

/** A memory operand: [base + index * scale + displacement]. Absent registers are -1; RIP as base is `RIP`. */
export interface Memory {
  readonly base: number;
  readonly index: number;
  /** 1, 2, 4 or 8. */
  readonly scale: number;
  /** Sign-extended; 64 bits wide for MOV's absolute forms. */
  readonly displacement: bigint;
}

/** The base register number that stands for RIP of the next instruction. */
export const RIP = 16;

export type Bound =
  | { readonly kind: 'register'; readonly reg: number; readonly width: Width }
  | { readonly kind: RegisterFile; readonly reg: number }
  | { readonly kind: 'memory'; readonly memory: Memory; readonly width: OperandWidth }
  | { readonly kind: 'immediate'; readonly value: bigint; readonly width: Width }
  /** A selector and an offset of the operand size. */
  | { readonly kind: 'pointer'; readonly selector: number; readonly offset: bigint; readonly width: Width }
  /** Relative to the next instruction. */
  | { readonly kind: 'relative'; readonly value: bigint }
  | { readonly kind: 'segment' | 'control' | 'debug' | 'st'; readonly reg: number };

/** One instruction, with everything that its bytes say. */
export interface Decoded {
  readonly instruction: Instruction;
  readonly form: Form;
  readonly bits: Bits;
  /** In bytes, at most 15. */
  readonly length: number;
  readonly operandSize: Width;
  readonly addressSize: Width;
  readonly lock: boolean;
  /** The last of the prefixes F2 and F3, where the form does not claim it. */
  readonly repeat: 0 | 0xf2 | 0xf3;
  /** The segment register of a prefix, or -1: in 64-bit mode only FS and GS mean something. */
  readonly segment: number;
  readonly operands: readonly Bound[];
  /** The ModRM byte; 0 where there is none. */
  readonly modrm: number;
}

/**
 * Why bytes are not an instruction: no such encoding (#UD), more than 15 bytes (#GP), or the bytes ended before the
 * instruction did (fetch more, or fault there).
 */
export type NotDecoded = 'undefined' | 'too long' | 'truncated';

export const MAX_LENGTH = 15;

/** Made when it is first needed, and the same for all decoders. */
let candidates: Candidates | undefined;

export class Decoder {
  private readonly features: ReadonlySet<Feature>;
  private readonly candidates: Candidates;
  private readonly reading = new Reading();

  constructor(features: ReadonlySet<Feature>) {
    this.features = features;
    this.candidates = candidates ??= candidatesByOpcode();
  }

  /** Decodes at `at`; bytes from `end` on are not there. */
  decode(bytes: Uint8Array, at: number, end: number, bits: Bits = 64): Decoded | NotDecoded {
    this.reading.begin(bytes, at, end, bits);
    const decoded = this.reading.decode(this.candidates);
    if (typeof decoded === 'string') return decoded;
    const { feature } = decoded.instruction;
    return feature === undefined || this.features.has(feature) ? decoded : 'undefined';
  }
}

const NO_BYTES = new Uint8Array(0);

/** The state of one decoding. Nothing of it is left when the next one begins. */
class Reading {
  private bytes: Uint8Array = NO_BYTES;
  private start = 0;
  private end = 0;
  private bits: Bits = 64;
  private at = 0;
  private operandPrefix = false;
  private addressPrefix = false;
  private lock = false;
  private repeat: 0 | 0xf2 | 0xf3 = 0;
  private segment = -1;
  private rex = 0;
  private modrm = 0;
  private memory: Memory | undefined;
  /** Its immediates that no operand has taken yet. */
  private first: bigint | undefined;
  private second: bigint | undefined;

  begin(bytes: Uint8Array, start: number, end: number, bits: Bits): void {
    this.bytes = bytes;
    this.bits = bits;
    this.start = start;
    this.end = end;
    this.at = start;
    this.operandPrefix = this.addressPrefix = this.lock = false;
    this.repeat = 0;
    this.segment = -1;
    this.rex = this.modrm = 0;
    this.memory = this.first = this.second = undefined;
  }

  decode(table: Candidates): Decoded | NotDecoded {
    let map = 0;
    let opcode = this.prefixes();
    if (opcode === 0x0f) {
      opcode = this.byte();
      map = 1;
      if (opcode === 0x38 || opcode === 0x3a) {
        map = opcode === 0x38 ? 2 : 3;
        opcode = this.byte();
      }
    }
    if (this.short) return this.problem();
    const candidates = table[map * 256 + opcode]!;
    if (candidates[0]?.form.modrm) {
      this.modrm = this.byte();
      if (this.short) return this.problem();
    }
    const { traits } = this;
    for (let i = 0; i < candidates.length; i += 1) {
      const candidate = candidates[i]!;
      if ((traits & candidate.mask) === candidate.traits) return this.operands(candidate, opcode);
    }
    return 'undefined';
  }

  /** True when a byte was wanted that is not there. */
  private get short(): boolean {
    return this.at > this.end || this.at - this.start > MAX_LENGTH;
  }

  private problem(): NotDecoded {
    return this.at - this.start > MAX_LENGTH && this.start + MAX_LENGTH <= this.end ? 'too long' : 'truncated';
  }

  private byte(): number {
    const value = this.at < this.end ? this.bytes[this.at]! : 0;
    this.at += 1;
    return value;
  }

  /** Reads prefixes, and returns the first byte of the opcode. REX counts only when nothing follows it but the opcode. */
  private prefixes(): number {
    for (;;) {
      const byte = this.byte();
      if (this.short) return 0;
      if (this.bits === 64 && (byte & 0xf0) === 0x40) {
        this.rex = byte;
        const opcode = this.byte();
        if ((opcode & 0xf0) !== 0x40 && PREFIXES[opcode] === 0) return opcode;
        this.rex = 0;
        this.at -= 1;
        continue;
      }
      if (PREFIXES[byte] === 0) return byte;
      if (byte === 0x66) this.operandPrefix = true;
      else if (byte === 0x67) this.addressPrefix = true;
      else if (byte === 0xf0) this.lock = true;
      else if (byte === 0xf2 || byte === 0xf3) this.repeat = byte;
      else {
        const segment = OVERRIDES[byte]!;
        if (this.bits !== 64 || segment >= FS) this.segment = segment;
      }
    }
  }

  /** What was read so far, as encodings are told apart by. */
  private get traits(): number {
    const { modrm, rex, repeat } = this;
    return (this.operandPrefix ? TRAIT.p66 : 0) | (repeat === 0xf2 ? TRAIT.f2 : 0) | (repeat === 0xf3 ? TRAIT.f3 : 0)
      | ((rex & 8) !== 0 ? TRAIT.rexW : 0) | ((rex & 1) !== 0 ? TRAIT.rexB : 0) | (this.bits === 64 ? TRAIT.long : 0)
      | ADDRESS_TRAIT[this.addressSize]! | (modrm >= 0xc0 ? TRAIT.register : 0) | (modrm << MODRM_SHIFT);
  }

  private operands({ instruction, form, neverMemory, absolute, sizing }: Candidate, opcode: number): Decoded | NotDecoded {
    const { addressSize, bits } = this;
    const operandSize = this.operandSize(sizing, form.mandatory);
    if (form.modrm && this.modrm < 0xc0 && !neverMemory) this.readMemory(addressSize);
    if (absolute) this.memory = { base: -1, index: -1, scale: 1, displacement: this.immediate(addressSize, false) };
    for (const size of form.immediates) {
      const value = this.immediate(size === 'v' ? operandSize : size === 'z' ? Math.min(operandSize, 4) : size, true);
      if (this.first === undefined) this.first = value;
      else this.second = value;
    }
    if (this.short) return this.problem();
    if (this.lock && !(form.attributes.has('lock') && this.memory !== undefined)) return 'undefined';
    const bound: Bound[] = [];
    for (let slot = 0; slot < form.operands.length; slot += 1) {
      const taken = this.bind(form.operands[slot]!, opcode, operandSize);
      if (taken === undefined) return 'undefined';
      bound.push(taken);
    }
    return {
      instruction, form, bits, length: this.at - this.start, operandSize, addressSize, lock: this.lock, segment: this.segment,
      repeat: form.mandatory === 'F2' || form.mandatory === 'F3' ? 0 : this.repeat, operands: bound, modrm: this.modrm,
    };
  }

  private get addressSize(): Width {
    if (this.bits === 64) return this.addressPrefix ? 4 : 8;
    return (this.bits === 16) === this.addressPrefix ? 4 : 2;
  }

  private operandSize(sizing: number, mandatory: Form['mandatory']): Width {
    const wide = (this.rex & 8) !== 0;
    const narrow = this.operandPrefix && mandatory !== '66';
    if ((sizing & SIZING.b8) !== 0) return 1;
    if ((sizing & SIZING.native) !== 0) return this.bits === 64 ? 8 : 4;
    if (this.bits !== 64) return (sizing & SIZING.no16) !== 0 || (this.bits === 16) === narrow ? 4 : 2;
    if ((sizing & SIZING.f64) !== 0) return 8;
    if ((sizing & SIZING.d64) !== 0) return narrow && !wide ? 2 : 8;
    if ((sizing & SIZING.no16) !== 0) return wide ? 8 : 4;
    if ((sizing & SIZING.io) !== 0) return narrow && !wide ? 2 : 4;
    return wide ? 8 : narrow ? 2 : 4;
  }

  /** One operand; undefined when it names a register that does not exist. */
  private bind(operand: Operand, opcode: number, operandSize: Width): Bound | undefined {
    const reg = ((this.modrm >> 3) & 7) | ((this.rex & 4) << 1);
    const rm = (this.modrm & 7) | ((this.rex & 1) << 3);
    const sized = (width: OperandWidth): Width => (typeof width === 'number' ? width as Width : operandSize);
    switch (operand.kind) {
      case 'reg': {
        const number = operand.from === 'reg' ? reg : (opcode & 7) | ((this.rex & 1) << 3);
        return operand.file === undefined ? this.register(number, sized(operand.width)) : vectorRegister(operand.file, number);
      }
      case 'rm': {
        if (this.memory !== undefined) {
          return { kind: 'memory', memory: this.memory, width: operand.width === 'v' ? operandSize : operand.width };
        }
        return operand.file === undefined ? this.register(rm, sized(operand.registerWidth)) : vectorRegister(operand.file, rm);
      }
      case 'far': return { kind: 'memory', memory: this.memory!, width: operandSize };
      case 'moffs': return { kind: 'memory', memory: this.memory!, width: sized(operand.width) };
      case 'fixed': return { kind: 'register', reg: operand.register, width: sized(operand.width) };
      case 'imm': return { kind: 'immediate', value: this.nextImmediate(), width: sized(operand.width) };
      case 'one': return { kind: 'immediate', value: 1n, width: 1 };
      case 'pointer': {
        const offset = BigInt.asUintN(8 * operandSize, this.nextImmediate());
        return { kind: 'pointer', offset, selector: Number(BigInt.asUintN(16, this.nextImmediate())), width: operandSize };
      }
      case 'rel': return { kind: 'relative', value: this.nextImmediate() };
      case 'segment': return { kind: 'segment', reg: operand.register };
      case 'sreg': {
        const field = reg & 7;
        // MOV to CS does not exist: only a branch loads it.
        const loads = opcode === 0x8e;
        return field > GS || (loads && field === CS) ? undefined : { kind: 'segment', reg: field };
      }
      case 'cr': return CONTROL_REGISTERS.has(reg) ? { kind: 'control', reg } : undefined;
      case 'dr': return reg > 7 ? undefined : { kind: 'debug', reg };
      case 'st': return { kind: 'st', reg: operand.register ?? rm & 7 };
    }
  }

  private nextImmediate(): bigint {
    const value = this.first!;
    this.first = this.second;
    return value;
  }

  /** Without REX, bytes 4 to 7 are AH, CH, DH and BH. */
  private register(number: number, width: Width): Bound {
    const reg = width === 1 && this.rex === 0 && number >= 4 ? number + 12 : number;
    return { kind: 'register', reg, width };
  }

  /** SDM: "ModR/M and SIB Bytes" with the extensions of REX. */
  private readMemory(addressSize: Width): void {
    if (addressSize === 2) return this.readNarrowMemory();
    const mod = this.modrm >> 6;
    let base = (this.modrm & 7) | ((this.rex & 1) << 3);
    let index = -1;
    let scale = 1;
    let wide = mod === 2;
    if ((this.modrm & 7) === 4) {
      const sib = this.byte();
      index = ((sib >> 3) & 7) | ((this.rex & 2) << 2);
      if (index === 4) index = -1;
      else scale = 1 << (sib >> 6);
      base = (sib & 7) | ((this.rex & 1) << 3);
      if ((sib & 7) === 5 && mod === 0) {
        base = -1;
        wide = true;
      }
    } else if ((this.modrm & 7) === 5 && mod === 0) {
      base = this.bits === 64 ? RIP : -1;
      wide = true;
    }
    const displacement = wide ? this.immediate(4, true) : mod === 1 ? this.immediate(1, true) : 0n;
    // A displacement alone is as wide as addresses are: with 32-bit addresses it is not sign-extended.
    this.memory = { base, index, scale, displacement: addressSize === 4 ? BigInt.asIntN(32, displacement) : displacement };
  }

  /** SDM, "16-Bit Addressing Forms with the ModR/M Byte". */
  private readNarrowMemory(): void {
    const mod = this.modrm >> 6;
    const alone = mod === 0 && (this.modrm & 7) === 6;
    const [base, index] = alone ? [-1, -1] as const : NARROW_ADDRESSES[this.modrm & 7]!;
    const displacement = alone || mod === 2 ? this.immediate(2, true) : mod === 1 ? this.immediate(1, true) : 0n;
    this.memory = { base, index, scale: 1, displacement };
  }

  private immediate(size: number, signed: boolean): bigint {
    let low = 0, high = 0;
    for (let i = 0; i < size; i += 1) {
      const byte = this.byte();
      if (i < 4) low |= byte << (8 * i);
      else high |= byte << (8 * (i - 4));
    }
    if (size <= 4) {
      const unused = 32 - 8 * size;
      return BigInt(signed ? low << unused >> unused : low >>> 0);
    }
    const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    return signed ? BigInt.asIntN(8 * size, value) : value;
  }
}

/** Segment overrides. */
export const OVERRIDES: Readonly<Record<number, number>> = { 38: ES, 46: CS, 54: SS, 62: DS, 100: FS, 101: GS };

/** Base and index of addresses of 16 bits, by the r/m field. */
export const NARROW_ADDRESSES: readonly (readonly [base: number, index: number])[] = [
  [RBX, RSI], [RBX, RDI], [RBP, RSI], [RBP, RDI], [RSI, -1], [RDI, -1], [RBP, -1], [RBX, -1],
];

/** By byte, 1 for legacy prefixes: those that do something in 64-bit mode, and the segment overrides that do not. */
const PREFIXES = new Uint8Array(256);
for (const byte of [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3]) PREFIXES[byte] = 1;

/** There are eight MMX registers, and REX names no others. */
const vectorRegister = (file: RegisterFile, number: number): Bound => ({ kind: file, reg: file === 'mm' ? number & 7 : number });

/** The control registers that exist. */
export const CONTROL_REGISTERS: ReadonlySet<number> = new Set([0, 2, 3, 4, 8]);

/** All features of the table: for the assembler, the disassembler and tests. */
export const ALL_FEATURES: ReadonlySet<Feature> = new Set(
  INSTRUCTIONS.flatMap(({ feature }) => (feature === undefined ? [] : [feature])),
);
