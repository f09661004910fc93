/**
 * What is recorded outside 64-bit mode: every row of the table that compatibility mode has, with operands in segments of several kinds,
 * inside their limits and outside. Registers have 32 bits: what the others hold is nowhere said.
 */
import { Seeded } from '../../src/base/choice.ts';
import type { Memory } from '../../src/x86/isa/decode.ts';
import type { Instruction } from '../../src/x86/isa/define.ts';
import { encodeForm, sizeMatters, sizesOf, type WantedOperand } from '../../src/x86/isa/encode.ts';
import type { Form, Operand, OperandWidth, RegisterFile } from '../../src/x86/isa/notation.ts';
import { INSTRUCTIONS } from '../../src/x86/isa/table.ts';
import { AH, DS, ES, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP, SS, type Width } from '../../src/x86/registers.ts';
import { kindsOf } from '../differential/examples.ts';
import { interesting } from './edge.ts';
import { baseOf, type Environment, LDT } from './environment.ts';
import { floatingOf, registerIn } from './floating.ts';
import { type Case, DATA, windowOffset } from './format.ts';
import { groupOf, isSimd, isText, isX87, lanesOf } from './group.ts';
import { notRecorded } from './not-recorded.ts';
import { interestingNumber } from './number.ts';
import { interestingLanes, simdSeed } from './simd.ts';

/** Instructions whose numbers are the 64-bit vectors' business: here they would only repeat them, and what matters is where they are. */
const isNumeric = (instruction: Instruction): boolean => groupOf(instruction) !== 'general' || isX87(instruction);
/** Linux: 64-bit code. */
const LONG_CODE = 0x33;
const SELECTORS = [0, 3, 0x23, 0x2b, LONG_CODE, 0xfffb, 0xffff, ...LDT.map((_, i) => (i << 3) | 7), 0x04];
/** Of code that can be returned and jumped to. */
const CODE_SELECTORS = [0x23, LONG_CODE, 0x07, 0x2f];

/** Instructions that use the stack pointer besides their operands. */
const STACKS = /^(PUSH|POP|CALL|RET|ENTER|LEAVE|IRET)/;

const narrowed = (value: bigint): bigint => BigInt.asUintN(32, value);

class Builder {
  private readonly registers = new Map<number, bigint>();
  private readonly memory = new Map<number, Uint8Array>();
  private readonly random: Seeded;
  private readonly environment: Environment;
  private readonly instruction: Instruction;
  private readonly form: Form;
  private readonly size: Width;
  private readonly useMemory: boolean;
  private readonly addressSize: Width;
  private readonly override: number | undefined;
  private target = 0;
  /** The seed of the floating-point registers; 0 where they do not matter. */
  private readonly floating: number;
  /** Registers of the operand in memory. */
  private readonly addressing: number[] = [];

  constructor(random: Seeded, environment: Environment, instruction: Instruction, form: Form, size: Width, useMemory: boolean) {
    this.random = random;
    this.environment = environment;
    this.instruction = instruction;
    this.form = form;
    this.size = size;
    this.useMemory = useMemory;
    const usual = (environment.bits / 8) as Width;
    this.addressSize = this.one(4) === 0 ? (6 - usual) as Width : usual;
    this.override = this.one(4) === 0 ? this.one(6) : undefined;
    this.floating = isX87(instruction) ? random.next() : isSimd(instruction) ? simdSeed(random, lanesOf(instruction)) : 0;
  }

  build(): Case | undefined {
    const { random, instruction, form, size, environment: { bits } } = this;
    const seed = random.next();
    for (let reg = 0; reg < 8; reg += 1) this.registers.set(reg, narrowed(interesting(random)));
    for (let reg = 8; reg < 16; reg += 1) this.registers.set(reg, 0n);
    const operands = form.operands.map((operand) => this.operand(operand));
    const repeatable = form.attributes.has('rep') || form.attributes.has('repe');
    const repeat = repeatable ? ([0, 0xf2, 0xf3] as const)[this.one(3)]! : 0;
    const code = encodeForm(instruction, form, size, {
      mnemonic: instruction.mnemonic, operands, operandSize: size, repeat, bits, addressSize: this.addressSize,
      lock: form.attributes.has('lock') && this.useMemory && this.one(4) === 0,
      ...(this.override === undefined ? {} : { segment: this.override }),
    });
    if (code === undefined || code.length > 15) return undefined;
    this.special(repeat !== 0);
    const flags = 0x202 | (random.next() & 0x8d5) | (this.one(16) === 0 ? 0x400 : 0);
    return { code, seed, registers: this.registers, memory: this.memory, flags, floating: this.floating };
  }

  private one(of: number): number {
    return this.random.pick(of, 'legacy');
  }

  private width(width: OperandWidth): Width {
    return typeof width === 'number' ? width as Width : this.size;
  }

  private operand(operand: Operand): WantedOperand {
    switch (operand.kind) {
      case 'reg': return this.register(this.width(operand.width), operand.file);
      case 'rm': return this.useMemory
        ? { kind: 'memory', memory: this.place(operand.width === 16), width: operand.width === 'v' ? undefined : operand.width }
        : this.register(this.width(operand.registerWidth), operand.file);
      case 'far': return { kind: 'memory', memory: this.place(), width: undefined, far: true };
      case 'moffs': return {
        kind: 'memory', width: undefined, memory: { base: -1, index: -1, scale: 1, displacement: this.offset(this.override ?? DS) },
      };
      case 'fixed': return { kind: 'register', reg: operand.register, width: this.width(operand.width) };
      case 'imm': return { kind: 'immediate', value: this.immediate() };
      case 'one': return { kind: 'immediate', value: 1n };
      case 'rel': return { kind: 'relative', value: BigInt.asIntN(8, interesting(this.random)) };
      case 'pointer': return {
        kind: 'pointer', selector: this.selector(), offset: BigInt.asUintN(8 * this.size, this.codeOffset()), width: this.size,
      };
      case 'segment': return { kind: 'segment', reg: operand.register };
      case 'sreg': return { kind: 'segment', reg: this.one(6) };
      case 'cr': return { kind: 'control', reg: [0, 2, 3, 4][this.one(4)]! };
      case 'dr': return { kind: 'debug', reg: this.one(8) };
      case 'st': return { kind: 'st', reg: operand.register ?? this.one(8) };
    }
  }

  private register(width: Width, file?: RegisterFile): WantedOperand {
    const reg = this.one(8);
    if (file !== undefined) return { kind: file, reg };
    return { kind: 'register', width, reg: width === 1 && reg >= 4 ? AH + reg - 4 : reg };
  }

  private immediate(): bigint {
    const [first] = this.form.immediates;
    const bytes = first === 'z' || first === 'v' ? this.size : Number(first ?? 1);
    const value = BigInt.asIntN(8 * bytes, interesting(this.random));
    // Vectors that have handlers of their own are the kernel's.
    return this.instruction.mnemonic === 'INT' && [3n, 4n, -128n].includes(value) ? 0x20n : value;
  }

  private selector(): number {
    const from = this.one(2) === 0 ? CODE_SELECTORS : SELECTORS;
    const selector = from[this.one(from.length)]!;
    // The recording kernel never comes back from 64-bit mode with a stack segment of 16 bits.
    return selector === LONG_CODE && (this.environment.selectors[SS]! & 4) !== 0 ? 0x23 : selector;
  }

  /** Where to go in a code segment: inside the limits of the small ones, or anywhere. */
  private codeOffset(): bigint {
    return BigInt(this.one(2) === 0 ? this.one(0x1000) : this.random.next());
  }

  /** An offset in a segment: mostly of memory that is compared, now and then at its end, behind it, or anywhere. */
  private offset(segment: number, aligned = false): bigint {
    const kind = this.one(16);
    const place = kind === 0 ? DATA + 0x2000 - this.one(9) : kind === 1 ? DATA + 0x3000 + this.one(64) : kind === 2 ? DATA - this.one(4)
      : kind < 6 ? DATA + 0x1000 - this.one(16) : DATA + 0xfa0 + this.one(0xa0);
    // Operands of 16 bytes are mostly where they must be.
    const linear = aligned && this.one(8) !== 0 ? place & ~15 : place;
    this.target = linear;
    const selector = this.environment.selectors[segment]!;
    // Anywhere is for segments with a limit: the recorder itself lies in the flat ones.
    const anywhere = kind === 3 && (selector & 4) !== 0;
    const offset = anywhere ? BigInt(this.random.next()) : BigInt(linear - baseOf(selector));
    return BigInt.asUintN(8 * this.addressSize, offset);
  }

  /** Base, index and displacement that lead to such an offset. */
  private place(aligned = false): Memory {
    const { addressSize } = this;
    const wide = addressSize === 4;
    const chosen = this.one(5) === 0 ? -1 : wide ? this.one(8) : [RBX, RBP, RSI, RDI][this.one(4)]!;
    const base = chosen === RSP && STACKS.test(this.instruction.mnemonic) ? RBX : chosen;
    const candidate = this.one(2) === 0 ? -1 : wide ? this.one(8) : [RSI, RDI][this.one(2)]!;
    const index = candidate === RSP || (!wide && (base === -1 || base === RSI || base === RDI)) ? -1 : candidate;
    const scale = index === -1 || !wide ? 1 : 1 << this.one(4);
    const offset = this.offset(this.override ?? (base === RSP || base === RBP ? SS : DS), aligned);
    const bits = 8 * addressSize;
    this.addressing.push(base, index);
    const displacement = BigInt.asIntN([8, bits, bits][this.one(3)]!, interesting(this.random));
    const indexed = index === -1 ? 0n : this.registers.get(index)! * BigInt(scale);
    if (base === -1 || base === index) {
      const own = base === -1 ? 0n : this.registers.get(base)!;
      return { base, index, scale, displacement: BigInt.asIntN(bits, offset - indexed - own) };
    }
    const value = BigInt.asUintN(bits, offset - displacement - indexed);
    const upper = wide ? 0n : this.registers.get(base)! & 0xffff_0000n;
    this.registers.set(base, upper | value);
    return { base, index, scale, displacement };
  }

  private set(reg: number, value: bigint): void {
    const mask = (1n << BigInt(8 * this.addressSize)) - 1n;
    this.registers.set(reg, narrowed((this.registers.get(reg)! & ~mask) | (value & mask)));
  }

  /** Registers and memory that make something of instructions which random ones would seldom get anywhere with. */
  private special(repeated: boolean): void {
    const { form, instruction: { mnemonic } } = this;
    if (isNumeric(this.instruction)) this.numbers();
    if (form.attributes.has('rep') || form.attributes.has('repe')) {
      this.set(RSI, this.offset(this.override ?? DS));
      this.set(RDI, this.offset(ES));
      if (repeated) this.set(RCX, BigInt(this.one(7)));
      if (this.one(3) === 0) {
        this.memory.set(0, new Uint8Array(0x140).fill(7));
        this.registers.set(RAX, 0x0707_0707n);
      }
    }
    if (/^(LOOP|J.?CXZ)/.test(mnemonic) && this.one(2) === 0) this.set(RCX, BigInt(this.one(3)));
    if (mnemonic === 'XLATB') this.set(RBX, this.offset(this.override ?? DS) - (this.registers.get(RAX)! & 0xffn));
    if (/^I?DIV$/.test(mnemonic) && this.one(3) !== 0) this.registers.set(RDX, [0n, 0n, 0xffff_ffffn, 1n][this.one(4)]!);
    if (mnemonic.startsWith('BT') && this.useMemory) this.smallBitOffset();
    if (/^(AAA|AAS|DAA|DAS)$/.test(mnemonic)) this.registers.set(RAX, BigInt(this.random.next()));
    if (STACKS.test(mnemonic)) this.registers.set(RSP, this.pointer());
    if (/^(LEAVE|ENTER)$/.test(mnemonic)) this.registers.set(RBP, this.pointer());
    if (/^(RETF|IRET)/.test(mnemonic)) this.frame();
    if (form.operands.some(({ kind }) => kind === 'far')) this.farPointer();
    if (/^(MOV|LAR|LSL|VERR|VERW|POP|ARPL)$/.test(mnemonic)) this.selectors();
  }

  /** Numbers in memory, lengths of strings, and of the parts that XSAVE may be asked for those that this machine has. */
  private numbers(): void {
    const { instruction, random } = this;
    if (instruction.feature?.startsWith('XSAVE') || isText(instruction.mnemonic)) {
      for (const reg of [RAX, RDX]) if (!this.addressing.includes(reg)) this.registers.set(reg, BigInt(reg === RAX ? this.one(4) : 0));
    }
    if (!this.useMemory) return;
    if (isX87(instruction)) {
      const number = interestingNumber(random, this.form, registerIn(floatingOf(this.floating), 0));
      if (number !== undefined) this.poke(this.target, number.value, number.bytes);
    } else this.poke(this.target, interestingLanes(random, this.floating), 16);
  }

  private smallBitOffset(): void {
    const register = this.form.operands[1];
    if (register?.kind !== 'reg') return;
    for (let reg = 0; reg < 8; reg += 1) {
      if (!this.addressing.includes(reg)) this.registers.set(reg, narrowed(BigInt(this.one(512) - 256)));
    }
  }

  /** A stack pointer, of as many bits as the stack segment has; the others are any. */
  private pointer(): bigint {
    const selector = this.environment.selectors[SS]!;
    const narrow = (selector & 4) !== 0 && !LDT[selector >> 3]!.wide;
    const linear = this.one(6) === 0 ? DATA + 0x2000 - this.one(9) : DATA + 0xfc0 + this.one(0x80);
    this.target = linear;
    const value = narrowed(BigInt(linear - baseOf(selector)));
    return narrow ? (BigInt(this.random.next()) & 0xffff_0000n) | (value & 0xffffn) : value;
  }

  private poke(linear: number, value: bigint, bytes: number): void {
    const offset = windowOffset(linear);
    if (offset === undefined || windowOffset(linear + bytes - 1) !== offset + bytes - 1) return;
    this.memory.set(offset, Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn)));
  }

  private frame(): void {
    const { size } = this;
    this.registers.set(RSP, this.pointer());
    const words = [this.codeOffset(), BigInt(this.selector()), BigInt((this.random.next() & 0x8d5) | 0x202)];
    for (const [i, value] of words.entries()) this.poke(this.target + i * size, BigInt.asUintN(8 * size, value), size);
  }

  private farPointer(): void {
    this.poke(this.target, this.codeOffset(), this.size);
    this.poke(this.target + this.size, BigInt(this.selector()), 2);
  }

  private selectors(): void {
    if (this.instruction.mnemonic === 'MOV' && !this.form.operands.some(({ kind }) => kind === 'sreg')) return;
    if (this.useMemory || this.instruction.mnemonic === 'POP') this.poke(this.target, BigInt(this.selector()), 2);
    else for (const reg of [RAX, RCX, RDX, RBX, RSI, RDI]) this.registers.set(reg, BigInt(this.selector()));
  }
}

/** `each` cases of every form, operand size and kind of operand; or of those that compute with numbers. */
export function* legacyCases(environment: Environment, each: number, numeric: boolean): Generator<Case> {
  const { bits } = environment;
  const random = new Seeded(bits + each);
  for (const instruction of INSTRUCTIONS) {
    if (isNumeric(instruction) !== numeric) continue;
    for (const form of instruction.forms) {
      const sizes = sizesOf(form, bits);
      for (const size of sizeMatters(instruction, form) || form.attributes.has('f64') ? sizes : sizes.slice(0, 1)) {
        if (notRecorded(instruction, form, size) !== undefined) continue;
        for (const useMemory of kindsOf(form)) {
          for (let made = 0, tries = 0; made < each && tries < 4 * each; tries += 1) {
            const built = new Builder(random, environment, instruction, form, size, useMemory).build();
            if (built === undefined) continue;
            made += 1;
            yield built;
          }
        }
      }
    }
  }
}
