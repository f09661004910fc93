/** How micro-ops are recorded, one after the other, with those of conditions and repetitions inside others. */
import { assert } from '../../base/assert.ts';
import type { Width } from '../registers.ts';
import { MICRO_OPS, type Micro, type MicroId, type MicroName, type Program } from './micro.ts';

/** A 64-bit value inside one instruction. */
export interface Word { readonly word: MicroId }
/** A truth value inside one instruction. */
export interface Bit { readonly bit: MicroId }
/** A 128-bit value inside one instruction: lanes of any width. */
export interface Packed { readonly packed: MicroId }
/** Where a word is wanted, a number stands for the constant. */
export type WordLike = Word | number | bigint;

export interface Sizes {
  /** The size of the operation in bytes, for instructions whose operands do not tell. */
  readonly operandSize: Width;
  /** The size of addresses in bytes: how much of RCX, RSI and RDI string and loop instructions use. */
  readonly addressSize: Width;
  /** Outside 64-bit mode: segments have bases, and stack and instruction pointers are narrower. */
  readonly legacy: boolean;
}

type Options = Partial<Pick<Micro, 'width' | 'n' | 'value' | 'via' | 'branch' | 'each' | 'number' | 'body' | 'otherwise'>>;
type Argument = WordLike | Bit | Packed;

const NOTHING: readonly MicroId[] = [];
const DEFAULTS: Options = {};

export class Recorder implements Sizes {
  private readonly sizes: Sizes;
  private usedOperandSize = false;
  private usedAddressSize = false;
  private readonly micros: Micro[] = [];
  private block: MicroId[] = [];

  constructor(sizes: Sizes) {
    this.sizes = sizes;
  }

  get operandSize(): Width {
    this.usedOperandSize = true;
    return this.sizes.operandSize;
  }

  get legacy(): boolean {
    return this.sizes.legacy;
  }

  get addressSize(): Width {
    this.usedAddressSize = true;
    return this.sizes.addressSize;
  }

  finish(): Program {
    const { usedOperandSize, usedAddressSize } = this;
    return { micros: this.micros, body: this.block, usedOperandSize, usedAddressSize };
  }

  const(value: number | bigint): Word {
    return this.word('const', [], { value: BigInt.asUintN(64, BigInt(value)) });
  }

  protected inner(body: () => void): readonly MicroId[] {
    const outer = this.block;
    this.block = [];
    body();
    const block = this.block;
    this.block = outer;
    return block;
  }

  protected word(op: MicroName, args: readonly Argument[] = [], options: Options = DEFAULTS): Word {
    return { word: this.add(op, args, options) };
  }

  protected packedOf(op: MicroName, args: readonly Argument[], options: Options = DEFAULTS): Packed {
    return { packed: this.add(op, args, options) };
  }

  protected bitOf(op: MicroName, args: readonly Argument[], options: Options = DEFAULTS): Bit {
    return { bit: this.add(op, args, options) };
  }

  protected effect(op: MicroName, args: readonly Argument[], options: Options = DEFAULTS): void {
    this.add(op, args, options);
  }

  private add(op: MicroName, args: readonly Argument[], { width, n, value, via, branch, each, number, body, otherwise }: Options): MicroId {
    // At its size from the beginning: a list that grows has room for seventeen, and there are 17,000 lists.
    const ids = new Array<MicroId>(args.length);
    for (let i = 0; i < ids.length; i += 1) {
      const arg = args[i]!;
      ids[i] = typeof arg !== 'object' ? this.const(arg).word : 'bit' in arg ? arg.bit : 'packed' in arg ? arg.packed : arg.word;
    }
    const id = this.micros.length;
    for (const arg of ids) assert(MICRO_OPS[this.micros[arg]!.op].result !== 'none', 'an effect is no argument');
    this.micros.push({
      op, args: ids, width: width ?? 8, n: n ?? 0, value: value ?? 0n, via: via ?? 'data', branch, each, number,
      body: body ?? NOTHING, otherwise: otherwise ?? NOTHING,
    });
    this.block.push(id);
    return id;
  }
}
