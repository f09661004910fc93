/**
 * Encodings of every form of the table: each operand size, register, kind of address, segment, address size, prefix and edge
 * of a constant at least once, and all of them in many combinations.
 */
import { Seeded } from '../../src/base/choice.ts';
import { type Bits, type Memory, RIP } from '../../src/x86/isa/decode.ts';
import type { Instruction } from '../../src/x86/isa/define.ts';
import { encodeForm, sizeMatters, sizesOf, type Wanted, type WantedOperand } from '../../src/x86/isa/encode.ts';
import type { Form, Operand, OperandWidth, RegisterFile } from '../../src/x86/isa/notation.ts';
import { INSTRUCTIONS } from '../../src/x86/isa/table.ts';
import { AH, FS, RSP, type Width } from '../../src/x86/registers.ts';
import { kindsOf } from './examples.ts';

export interface Example {
  readonly instruction: Instruction;
  readonly form: Form;
  readonly size: Width;
  readonly wanted: Wanted;
  readonly bytes: Uint8Array;
}

const DISPLACEMENTS = [0n, 1n, -1n, 0x7fn, -0x80n, 0x80n, -0x81n, 0x1234n, 0x7fff_ffffn, -0x8000_0000n];
const CONSTANTS = [
  0n, 1n, -1n, 5n, 0x7fn, -0x80n, 0x80n, 0xffn, 0x7fffn, -0x8000n, 0x1_2345n, 0x7fff_ffffn, -0x8000_0000n, 0x1234_5678_9abcn,
];

class Chooser {
  private readonly random: Seeded;
  private readonly size: Width;
  private readonly form: Form;
  private readonly useMemory: boolean;
  private readonly bits: Bits;

  constructor(random: Seeded, form: Form, size: Width, useMemory: boolean, bits: Bits) {
    this.bits = bits;
    this.random = random;
    this.form = form;
    this.size = size;
    this.useMemory = useMemory;
  }

  wanted(mnemonic: string): Wanted {
    const { form, useMemory, bits } = this;
    const { attributes, operands } = form;
    const implicit = attributes.has('rep') || attributes.has('repe');
    const addresses = implicit || useMemory || /^(XLATB|LOOP(N?E)?)$/.test(mnemonic);
    const overridden = useMemory || /^(MOVS|CMPS|LODS|OUTS|XLATB)$/.test(mnemonic);
    return {
      mnemonic, operands: operands.map((operand) => this.operand(operand)), operandSize: this.size, bits,
      ...(addresses && this.one(4) === 0 ? { addressSize: bits === 32 ? 2 : 4 } : {}),
      ...(overridden && this.one(4) === 0 ? { segment: bits === 64 ? FS + this.one(2) : this.one(6) } : {}),
      ...(attributes.has('lock') && useMemory && this.one(4) === 0 ? { lock: true } : {}),
      ...(implicit && this.one(2) === 0 ? { repeat: attributes.has('repe') && this.one(2) === 0 ? 0xf2 : 0xf3 } : {}),
    };
  }

  private one(of: number): number {
    return this.random.pick(of, 'encoding');
  }

  private sized(width: OperandWidth): Width {
    return typeof width === 'number' ? width as Width : this.size;
  }

  private register(width: Width, file?: RegisterFile): WantedOperand {
    if (file !== undefined) return { kind: file, reg: this.one(16) };
    const reg = this.one(width === 1 ? AH + 4 : 16);
    return { kind: 'register', reg, width };
  }

  private operand(operand: Operand): WantedOperand {
    switch (operand.kind) {
      case 'reg': return this.register(this.sized(operand.width), operand.file);
      case 'rm': return this.useMemory
        ? { kind: 'memory', memory: this.memory(), width: operand.width === 'v' ? this.size : operand.width }
        : this.register(this.sized(operand.registerWidth), operand.file);
      case 'far': return { kind: 'memory', memory: this.memory(), width: this.size, far: true };
      case 'moffs': {
        const displacement = [0x10n, 0x8000_0000n, 0x1234_5678_9abc_def0n][this.one(3)]!;
        return { kind: 'memory', memory: { base: -1, index: -1, scale: 1, displacement }, width: this.sized(operand.width) };
      }
      case 'fixed': return { kind: 'register', reg: operand.register, width: this.sized(operand.width) };
      case 'imm': return { kind: 'immediate', value: CONSTANTS[this.one(CONSTANTS.length)]! };
      case 'one': return { kind: 'immediate', value: 1n };
      case 'rel': return { kind: 'relative', value: DISPLACEMENTS[this.one(DISPLACEMENTS.length)]! };
      case 'pointer': return { kind: 'pointer', selector: 0x1234, offset: 0x5678n, width: this.size };
      case 'segment': return { kind: 'segment', reg: operand.register };
      case 'sreg': return { kind: 'segment', reg: this.one(6) };
      case 'cr': return { kind: 'control', reg: [0, 2, 3, 4, 8][this.one(5)]! };
      case 'dr': return { kind: 'debug', reg: this.one(8) };
      case 'st': return { kind: 'st', reg: operand.register ?? this.one(8) };
    }
  }

  private memory(): Memory {
    const displacement = DISPLACEMENTS[this.one(DISPLACEMENTS.length)]!;
    const kind = this.one(8);
    // Half as far, for the instruction may become shorter.
    if (kind === 0) return { base: RIP, index: -1, scale: 1, displacement: displacement / 2n };
    const base = kind === 1 ? -1 : this.one(16);
    const index = this.one(2) === 0 ? RSP : this.one(16);
    if (index === RSP) return { base, index: -1, scale: 1, displacement };
    return { base, index, scale: 1 << this.one(4), displacement };
  }
}

/** `each` examples of each form, at each operand size that matters, with a register and with memory. */
export function* encodings(each: number, bits: Bits = 64): Generator<Example> {
  const random = new Seeded(14);
  for (const instruction of INSTRUCTIONS) {
    for (const form of instruction.forms) {
      for (const size of sizeMatters(instruction, form) ? sizesOf(form, bits) : sizesOf(form, bits).slice(0, 1)) {
        for (const useMemory of kindsOf(form)) {
          const chooser = new Chooser(random, form, size, useMemory, bits);
          for (let made = 0, tries = 0; made < each && tries < 20 * each; tries += 1) {
            const wanted = chooser.wanted(instruction.mnemonic);
            const bytes = encodeForm(instruction, form, size, wanted);
            if (bytes === undefined || bytes.length > 15) continue;
            made += 1;
            yield { instruction, form, size, wanted, bytes };
          }
        }
      }
    }
  }
}
