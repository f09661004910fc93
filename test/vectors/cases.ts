/**
 * Which instructions are recorded: every row of the table, at every operand size, with registers and with memory, with
 * edge values and random ones, and with operands that fault. What cannot be recorded at CPL 3 on the recording machine,
 * or is not the same on every processor, is listed with its reason in not-recorded.ts.
 */
import { Seeded } from '../../src/base/choice.ts';
import { type Memory, RIP } from '../../src/x86/isa/decode.ts';
import type { Instruction } from '../../src/x86/isa/define.ts';
import { encodeForm, sizeMatters, sizesOf, type WantedOperand } from '../../src/x86/isa/encode.ts';
import type { Form, Operand, OperandWidth, RegisterFile } from '../../src/x86/isa/notation.ts';
import { INSTRUCTIONS } from '../../src/x86/isa/table.ts';
import { AH, FS, GS, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP, type Width } from '../../src/x86/registers.ts';
import { kindsOf } from '../differential/examples.ts';
import { interesting } from './edge.ts';
import type { VectorGroup } from './files.ts';
import { floatingOf, registerIn } from './floating.ts';
import { type Case, CODE_AT, DATA, DATA_END, FS_BASE, GS_BASE, inputOf, READ_ONLY, windowOffset } from './format.ts';
import { groupOf, isSimd, isText, isX87, lanesOf } from './group.ts';
import { notRecorded } from './not-recorded.ts';
import { interestingNumber } from './number.ts';
import { interestingLanes, simdSeed } from './simd.ts';

const USER_CODE = 0x33, USER_DATA = 0x2b;
/** Selectors with the same outcome on every Linux: null ones, the user's, and one far beyond the table. */
const SELECTORS = [0, 1, 2, 3, USER_DATA, USER_CODE, 0xfffb];

/** Where an XSAVE area has its header. */
const HEADER = 512;

interface Target { readonly address: bigint; readonly ordinary: boolean }

/** An address for a memory operand: mostly memory that is compared, now and then one that faults. */
function target(random: Seeded): Target {
  const kind = random.pick(24, 'target');
  if (kind === 0) return { address: BigInt(DATA_END - 1 - random.pick(8, 'before the end')), ordinary: false };
  if (kind === 1) return { address: BigInt(READ_ONLY + random.pick(64, 'read-only')), ordinary: false };
  if (kind === 2) return { address: 0x8000_0000_0000_0000n + BigInt(random.next()), ordinary: false };
  if (kind === 3) return { address: 0x3000_0000n + BigInt(random.pick(0x1000, 'nowhere')), ordinary: false };
  // Around the border between the two pages, which some accesses cross.
  if (kind < 8) return { address: BigInt(DATA + 0x1000 - random.pick(16, 'crossing')), ordinary: true };
  return { address: BigInt(DATA + 0xfa0 + random.pick(0xa0, 'window')), ordinary: true };
}

class Builder {
  readonly registers = new Map<number, bigint>();
  readonly memory = new Map<number, Uint8Array>();
  readonly random: Seeded;
  readonly seed: number;
  readonly instruction: Instruction;
  readonly form: Form;
  readonly size: Width;
  readonly useMemory: boolean;
  flags = 0x202;
  segment: number | undefined;
  addressSize: Width | undefined;
  at: Target | undefined;
  /** The seed of the floating-point registers; 0 where they do not matter. */
  readonly floating: number;

  constructor(random: Seeded, instruction: Instruction, form: Form, size: Width, useMemory: boolean) {
    this.random = random;
    this.seed = random.next();
    this.instruction = instruction;
    this.form = form;
    this.size = size;
    this.useMemory = useMemory;
    // Of XSAVE now and then everything is in its initial configuration.
    const initial = this.isArea && random.pick(3, 'initial') === 0;
    this.floating = initial ? 0 : isX87(instruction) ? random.next() : isSimd(instruction) ? simdSeed(random, lanesOf(instruction)) : 0;
  }

  build(): Case | undefined {
    const { random, instruction, form, size } = this;
    this.flags |= random.next() & 0x8d5;
    if (random.pick(16, 'DF') === 0) this.flags |= 0x400;
    if (random.pick(64, 'AC') === 0) this.flags |= 0x4_0000;
    if (random.pick(10, 'segment') === 0) this.segment = random.pick(2, 'FS or GS') === 0 ? FS : GS;
    if (random.pick(12, 'address size') === 0) this.addressSize = 4;
    const operands = form.operands.map((operand) => this.operand(operand));
    const repeatable = form.attributes.has('rep') || form.attributes.has('repe');
    const repeat = repeatable ? ([0, 0xf2, 0xf3] as const)[random.pick(3, 'repeat')]! : 0;
    const lock = form.attributes.has('lock') && this.useMemory && random.pick(4, 'lock') === 0;
    // Without an operand in memory, prefixes of addresses matter to string and loop instructions only.
    const code = encodeForm(instruction, form, size, {
      mnemonic: instruction.mnemonic, operands, operandSize: size, repeat, lock,
      ...(this.segment === undefined ? {} : { segment: this.segment }),
      ...(this.addressSize === undefined ? {} : { addressSize: this.addressSize }),
    });
    if (code === undefined || code.length > 15) return undefined;
    this.relocate(code, operands);
    this.special(repeat !== 0);
    return { code, seed: this.seed, registers: this.registers, memory: this.memory, flags: this.flags, floating: this.floating };
  }

  private width(width: OperandWidth): Width {
    return typeof width === 'number' ? width as Width : this.size;
  }

  private register(width: Width, file?: RegisterFile): WantedOperand {
    if (file !== undefined) return { kind: file, reg: this.random.pick(16, 'vector register') };
    const reg = this.random.pick(16, 'register');
    // A byte register below 4 may be its high half instead, if nothing else wants REX.
    return { kind: 'register', width, reg: width === 1 && reg < 4 && this.random.pick(3, 'high') === 0 ? AH + reg : reg };
  }

  private operand(operand: Operand): WantedOperand {
    const { random } = this;
    switch (operand.kind) {
      case 'reg': return this.register(this.width(operand.width), operand.file);
      case 'rm': return this.useMemory ? this.memoryOperand(operand.width) : this.register(this.width(operand.registerWidth), operand.file);
      case 'far': return this.memoryOperand('v', true);
      case 'moffs': {
        const address = this.aim() - this.segmentBase();
        this.addressSize = address < 2n ** 32n ? this.addressSize : undefined;
        return { kind: 'memory', width: undefined, memory: { base: -1, index: -1, scale: 1, displacement: address } };
      }
      case 'fixed': return { kind: 'register', reg: operand.register, width: this.width(operand.width) };
      case 'imm': return { kind: 'immediate', value: this.immediate() };
      case 'one': return { kind: 'immediate', value: 1n };
      case 'rel': return { kind: 'relative', value: BigInt.asIntN(8, interesting(random)) };
      case 'pointer': return { kind: 'pointer', selector: 0, offset: 0n, width: this.size };
      case 'segment': return { kind: 'segment', reg: operand.register };
      case 'sreg': return { kind: 'segment', reg: random.pick(6, 'segment register') };
      case 'cr': return { kind: 'control', reg: [0, 2, 3, 4, 8][random.pick(5, 'control register')]! };
      case 'dr': return { kind: 'debug', reg: random.pick(8, 'debug register') };
      case 'st': return { kind: 'st', reg: operand.register ?? random.pick(8, 'stack register') };
    }
  }

  private immediate(): bigint {
    const { immediates } = this.form;
    const bytes = immediates[0] === 'z' ? Math.min(4, this.size) : immediates[0] === 'v' ? this.size : Number(immediates[0] ?? 1);
    // Each bit of what chooses among lanes, modes and rounding means something.
    const any = groupOf(this.instruction) === 'v2' ? BigInt(this.random.next()) : interesting(this.random);
    const value = BigInt.asIntN(8 * bytes, any);
    // Vectors that have handlers of their own are the kernel's.
    return this.instruction.mnemonic === 'INT' && [3n, 4n, -128n].includes(value) ? 0x20n : value;
  }

  private segmentBase(): bigint {
    return this.segment === FS ? FS_BASE : this.segment === GS ? GS_BASE : 0n;
  }

  /** Chooses where the memory operand lies. */
  private aim(width: OperandWidth = 1): bigint {
    const { address, ordinary } = this.isArea && this.random.pick(6, 'area') !== 0 ? this.area() : target(this.random);
    // Operands of 16 bytes and more are mostly where they must be.
    const aligned = (width === 16 || this.form.row.includes('m512byte')) && this.random.pick(8, 'aligned') !== 0;
    this.at = { address: aligned ? address & ~15n : address, ordinary };
    return this.at.address;
  }

  private get isArea(): boolean {
    return this.instruction.feature?.startsWith('XSAVE') === true;
  }

  /** An area of XSAVE whose header, or whose beginning, is compared. */
  private area(): Target {
    const offset = this.random.pick(4, 'header or beginning') === 0 ? 0 : HEADER;
    return { address: BigInt(DATA + 0xf80 - offset + 64 * this.random.pick(3, 'place')), ordinary: true };
  }

  /** Parts that are asked for, and a header that mostly says what can be. Processors that record have more parts than these. */
  private partsAndHeader(): void {
    const { random } = this;
    const parts = (): bigint => BigInt(random.pick(4, 'parts'));
    const odd = (bits: bigint): bigint => (random.pick(12, 'odd') === 0 ? bits : 0n);
    this.registers.set(RAX, parts() | odd(0xf000_0000n));
    this.registers.set(RDX, odd(1n << 31n));
    const compacted = random.pick(2, 'compacted') === 0 ? (1n << 63n) | parts() | odd(1n << 40n) : odd(1n);
    const header = [parts() | odd(1n << 62n), compacted, odd(1n), odd(1n << 8n), 0n, 0n, 0n, 0n];
    const at = this.operandAddress()! + BigInt(HEADER);
    for (const [i, word] of header.entries()) this.poke(at + BigInt(8 * i), word, 8);
  }

  private memoryOperand(width: OperandWidth, far = false): WantedOperand {
    const { random } = this;
    this.aim(width);
    const base = random.pick(5, 'form') === 0 ? -1 : random.pick(16, 'base');
    const pickIndex = random.pick(2, 'index') === 0 ? -1 : random.pick(16, 'index register');
    const index = pickIndex === RSP ? -1 : pickIndex;
    const relative = base === -1 && index === -1 && random.pick(3, 'RIP') !== 0;
    const scale = index === -1 ? 1 : [1, 2, 4, 8][random.pick(4, 'scale')]!;
    const bits = [0, 8, 32][random.pick(3, 'displacement')]!;
    const displacement = BigInt.asIntN(bits, interesting(random));
    const memory: Memory = { base: relative ? RIP : base, index, scale, displacement };
    return { kind: 'memory', width: width === 'v' ? undefined : width, memory, far };
  }

  /** Makes base, index or displacement such that the operand lies where it was aimed at. */
  private relocate(code: Uint8Array, operands: readonly WantedOperand[]): void {
    const operand = operands.find((o): o is Extract<WantedOperand, { kind: 'memory' }> => o.kind === 'memory');
    if (operand === undefined || this.at === undefined) return;
    const { base, index, scale, displacement } = operand.memory;
    const offset = this.at.address - this.segmentBase();
    if (base === RIP || (base === -1 && index === -1)) return this.patchDisplacement(code, operand.memory, offset);
    const given = inputOf({ code, seed: this.seed, registers: this.registers, memory: this.memory, flags: 0, floating: 0 }).registers;
    if (base === -1) {
      // The index alone: what the scale cannot reach stays off.
      this.registers.set(index, BigInt.asUintN(64, (offset - displacement) / BigInt(scale)));
      return;
    }
    if (base === index) {
      this.registers.set(base, BigInt.asUintN(64, (offset - displacement) / BigInt(scale + 1)));
      return;
    }
    const indexed = index === -1 ? 0n : given[index]! * BigInt(scale);
    this.registers.set(base, BigInt.asUintN(64, offset - displacement - indexed));
  }

  /** A displacement that stands alone is encoded by hand; it is the last field before the immediates. */
  private patchDisplacement(code: Uint8Array, { base }: Memory, offset: bigint): void {
    if (this.form.operands.some(({ kind }) => kind === 'moffs')) return;
    let immediates = 0;
    for (const size of this.form.immediates) immediates += size === 'z' ? Math.min(4, this.size) : size === 'v' ? this.size : size;
    const at = code.length - immediates - 4;
    const value = base === RIP ? offset - BigInt(CODE_AT + code.length) : offset;
    new DataView(code.buffer, code.byteOffset).setInt32(at, Number(BigInt.asIntN(32, value)), true);
  }

  /** Registers and memory that make something of instructions which random ones would seldom get anywhere with. */
  private special(repeated: boolean): void {
    const { random, registers } = this;
    const { mnemonic } = this.instruction;
    const aim = (): bigint => target(random).address;
    if (this.isArea && this.useMemory) this.partsAndHeader();
    else if (isSimd(this.instruction) && this.useMemory) this.lanesInMemory();
    if (isText(mnemonic)) this.lengths();
    if (this.form.attributes.has('rep') || this.form.attributes.has('repe')) {
      registers.set(RSI, BigInt.asUintN(64, aim() - this.segmentBase()));
      registers.set(RDI, aim());
      if (repeated) registers.set(RCX, BigInt(random.pick(7, 'count')));
      if (random.pick(3, 'alike') === 0) this.sameBytes();
    }
    if (/^(LOOP|J.CXZ)/.test(mnemonic) && random.pick(2, 'small') === 0) registers.set(RCX, BigInt(random.pick(3, 'count')));
    if (mnemonic === 'XLATB') registers.set(RBX, BigInt.asUintN(64, aim() - this.segmentBase() - (this.value(RAX) & 0xffn)));
    if (/^I?DIV$/.test(mnemonic) && random.pick(3, 'small dividend') !== 0) {
      registers.set(RDX, BigInt.asUintN(64, [0n, 0n, -1n, 1n, 5n][random.pick(5, 'high')]!));
    }
    if (mnemonic.startsWith('BT') && this.useMemory) this.smallBitOffset();
    if (mnemonic.startsWith('CMPXCHG') && random.pick(2, 'equal') === 0) this.equalAccumulator();
    if (/^(PUSH|POP|CALL|RET|ENTER|LEAVE|IRET)/.test(mnemonic) && !registers.has(RSP)) registers.set(RSP, aim());
    if (/^(LEAVE|ENTER)$/.test(mnemonic)) registers.set(RBP, aim());
    if (mnemonic === 'RETF' || mnemonic === 'IRET') this.returnFrame();
    if (this.form.operands.some(({ kind }) => kind === 'far')) this.farPointer();
    if (/^(MOV|LAR|LSL|VERR|VERW|POP)$/.test(mnemonic)) this.selectorOperand();
    if (isX87(this.instruction)) this.floatingOperand();
    if (/^(JMP|CALL|RET)$/.test(mnemonic) && random.pick(2, 'canonical') === 0) this.canonicalTarget();
  }

  private value(reg: number): bigint {
    const plain: Case = { code: new Uint8Array(), seed: this.seed, registers: new Map(), memory: new Map(), flags: 0, floating: 0 };
    return this.registers.get(reg) ?? inputOf(plain).registers[reg]!;
  }

  /** Puts bytes into the compared memory, where the address lies there. */
  private poke(address: bigint, value: bigint, bytes: number): void {
    const offset = windowOffset(Number(BigInt.asUintN(48, address)));
    if (address >= 2n ** 32n || offset === undefined || windowOffset(Number(address) + bytes - 1) !== offset + bytes - 1) return;
    this.memory.set(offset, Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn)));
  }

  private lanesInMemory(): void {
    const address = this.operandAddress(), lanes = interestingLanes(this.random, this.floating);
    if (address === undefined || this.random.pick(8, 'any') === 0) return;
    this.poke(address, BigInt.asUintN(64, lanes), 8);
    this.poke(address + 8n, lanes >> 64n, 8);
  }

  /** Of the strings: mostly no more than there is room for. */
  private lengths(): void {
    for (const reg of [RAX, RDX]) {
      const length = BigInt(this.random.pick(40, 'length') - 20);
      if (!this.registers.has(reg) && this.random.pick(6, 'long') !== 0) this.registers.set(reg, BigInt.asUintN(64, length));
    }
  }

  private operandAddress(): bigint | undefined {
    return this.useMemory || this.form.operands.some(({ kind }) => kind === 'far') ? this.at?.address : undefined;
  }

  /** All compared memory alike, and the accumulator too: repeated comparisons then go on. */
  private sameBytes(): void {
    const byte = this.random.pick(256, 'byte');
    this.memory.set(0, new Uint8Array(0x140).fill(byte));
    this.registers.set(RAX, BigInt(byte) * 0x0101_0101_0101_0101n);
  }

  private smallBitOffset(): void {
    const operand = this.form.operands[1];
    if (operand?.kind !== 'reg') return;
    for (let reg = 0; reg < 16; reg += 1) {
      if (!this.registers.has(reg)) this.registers.set(reg, BigInt.asUintN(64, BigInt(this.random.pick(512, 'bit') - 256)));
    }
  }

  private equalAccumulator(): void {
    const address = this.operandAddress();
    if (address === undefined || this.registers.has(RAX)) return;
    this.poke(address, this.value(RAX), this.instruction.mnemonic === 'CMPXCHG8B' ? 4 : 8);
    if (this.instruction.mnemonic.endsWith('B')) this.poke(address + (this.size === 8 ? 8n : 4n), this.value(RDX), this.size === 8 ? 8 : 4);
  }

  private selector(): bigint {
    return BigInt(SELECTORS[this.random.pick(SELECTORS.length, 'selector')]!);
  }

  /** What RETF and IRET pop: mostly something that can be returned to. */
  private returnFrame(): void {
    const { random, size } = this;
    const at = this.registers.get(RSP)!;
    const good = random.pick(3, 'good') !== 0;
    const frame = [
      size === 2 ? BigInt(random.next() & 0xffff) : BigInt(random.next()), good ? BigInt(USER_CODE) : this.selector(),
      BigInt((random.next() & 0x8d5) | 0x202), BigInt(DATA + 0x1000), good ? BigInt(USER_DATA) : this.selector(),
    ];
    for (const [i, value] of frame.entries()) this.poke(at + BigInt(i * size), value, size);
  }

  private farPointer(): void {
    const address = this.operandAddress();
    if (address === undefined) return;
    this.poke(address, BigInt(this.random.next()), this.size === 2 ? 2 : 4);
    this.poke(address + BigInt(this.size), this.random.pick(2, 'good') === 0 ? BigInt(USER_CODE) : this.selector(), 2);
  }

  /** Registers and the operand in memory hold selectors, where one may be wanted. */
  private selectorOperand(): void {
    const looks = /^(LAR|LSL|VER)/.test(this.instruction.mnemonic);
    if (!looks && !this.form.operands.some(({ kind }) => kind === 'sreg' || kind === 'segment')) return;
    const address = this.operandAddress();
    const choose = (): bigint => (looks ? [0n, 3n, 0xfffbn][this.random.pick(3, 'selector')]! : this.selector());
    if (address !== undefined) this.poke(address, choose(), 2);
    else for (let reg = 0; reg < 16; reg += 1) if (!this.registers.has(reg)) this.registers.set(reg, choose());
    if (this.instruction.mnemonic === 'POP') this.poke(this.registers.get(RSP)!, this.selector(), 2);
  }

  /** Numbers in memory that are of some kind, not only any. */
  private floatingOperand(): void {
    const address = this.operandAddress();
    if (address === undefined) return;
    const number = interestingNumber(this.random, this.form, registerIn(floatingOf(this.floating), 0));
    if (number !== undefined) this.poke(address, number.value, number.bytes);
  }

  private canonicalTarget(): void {
    const to = BigInt.asUintN(64, BigInt.asIntN(48, interesting(this.random)));
    const address = this.instruction.mnemonic === 'RET' ? this.registers.get(RSP) : this.operandAddress();
    if (address !== undefined) this.poke(address, to, 8);
  }
}

/** How many times the usual number of cases: instructions that find their operands on the x87 stack have few forms for all they do. */
function weight({ feature, cost, mnemonic }: Instruction, { operands }: Form): number {
  // Strings have 128 ways to be compared; sums of products, several places for an exception.
  if (isText(mnemonic) || /^DPP/.test(mnemonic)) return 5;
  if (feature !== 'FPU') return 1;
  if (operands.length === 2) return 3;
  return operands.length === 0 && /^x87 (divide|transcendental)$/.test(cost) ? 4 : 1;
}

const SEEDS: Readonly<Record<VectorGroup, number>> = { general: 2018, simd: 1999, v2: 2008 };

/** All cases of a group: `each` of every form, operand size and kind of operand, and more of some. */
export function* cases(each: number, group: VectorGroup): Generator<Case> {
  const random = new Seeded(SEEDS[group]);
  for (const instruction of INSTRUCTIONS) {
    if (groupOf(instruction) !== group) continue;
    for (const form of instruction.forms) {
      for (const size of sizeMatters(instruction, form) ? sizesOf(form) : sizesOf(form).slice(0, 1)) {
        if (notRecorded(instruction, form, size) !== undefined) continue;
        for (const useMemory of kindsOf(form)) {
          const wanted = each * weight(instruction, form);
          for (let made = 0, tries = 0; made < wanted && tries < 4 * wanted; tries += 1) {
            const built = new Builder(random, instruction, form, size, useMemory).build();
            if (built === undefined) continue;
            made += 1;
            yield built;
          }
        }
      }
    }
  }
}
