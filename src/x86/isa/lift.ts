/**
 * The language in which the table says what an instruction does. The semantics of an instruction are a function of a `Lift`
 * and of its operands; calling it records micro-ops, and that is all that it does.
 */
import { assert } from '../../base/assert.ts';
import { GP, type Vector } from '../fault.ts';
import { CF, OF } from '../flags.ts';
import { RSP, type Width } from '../registers.ts';
import type { BranchKind, MicroId, Program, Repeat, Via } from './micro.ts';
import { type Bit, Recorder, type Sizes, type Word, type WordLike } from './recorder.ts';

/** An operand as the semantics see it: what kind of place, and how wide. Which register it is, is known later. */
export interface Place {
  readonly kind: 'register' | 'memory' | 'immediate' | 'target';
  readonly width: Width;
  /** Which of the instruction's register fields holds it. */
  readonly slot: number;
  /** Set for a register that the form names, such as AL or CL. */
  readonly fixed: number | undefined;
}

/** What an instruction does to its places. The semantics are called with the operands in the order of the form. */
export type Semantics = (u: Lift, ...places: Place[]) => void;

/** Records what `semantics` does to `places`; with `repeat`, once per count. */
export function record(semantics: Semantics, places: readonly Place[], sizes: Sizes, repeat?: Repeat): Program {
  const run = (updates: boolean): Lift => {
    const lift = new Lift(sizes, updates);
    if (repeat === undefined) semantics(lift, ...places);
    else lift.repeat(repeat, () => semantics(lift, ...places));
    return lift;
  };
  // Most instructions with a destination in memory update it, so that is tried first; few then have to be recorded again.
  const guess = places[0]?.kind === 'memory';
  const lift = run(guess);
  return (lift.misjudged ? run(!guess) : lift).finish();
}

export class Lift extends Recorder {
  private readonly asUpdate: boolean;
  private readMemory = false;
  private wroteMemory = false;
  private update: MicroId | undefined;
  private displacement: WordLike = 0;

  /** `asUpdate`: the memory operand will be written after it was read, so the read must already be allowed to write. */
  constructor(sizes: Sizes, asUpdate: boolean) {
    super(sizes);
    this.asUpdate = asUpdate;
  }

  /** True when the memory operand was read in the wrong way: for an update and not written, or written and not for an update. */
  get misjudged(): boolean {
    return this.readMemory && this.wroteMemory !== this.asUpdate;
  }

  // Operands.

  read(place: Place): Word {
    const { kind, width, slot, fixed } = place;
    if (kind === 'immediate' || kind === 'target') return this.word(kind);
    if (kind === 'register') {
      return fixed === undefined ? this.word('operand', [], { width, n: slot }) : this.gpr(fixed, width);
    }
    assert(!this.readMemory, 'an operand in memory is read once');
    this.readMemory = true;
    if (!this.asUpdate) return this.load(this.address(), width, 'operand');
    const update = this.word('update', [this.address()], { width, via: 'operand' });
    this.update = update.word;
    return update;
  }

  write(place: Place, value: WordLike): void {
    const { kind, width, slot, fixed } = place;
    assert(kind === 'memory' || kind === 'register', 'an immediate is not written');
    if (kind === 'memory') {
      this.wroteMemory = true;
      if (this.update === undefined) this.store(this.address(), value, width, 'operand');
      else this.effect('put', [{ word: this.update }, value], { width });
    } else if (fixed === undefined) this.effect('setOperand', [value], { width, n: slot });
    else this.setGpr(fixed, value, width);
  }

  /** The linear address of the memory operand. */
  address(): Word {
    return this.word('address', [this.displacement]);
  }

  /** Moves the memory operand by so many bytes: the bit strings of BT. */
  displace(displacement: Word): void {
    this.displacement = displacement;
  }

  /** The effective address of the memory operand, without a segment. */
  offset(): Word {
    return this.word('offset');
  }

  /** The base of a segment register, or of the segment that the instruction's prefixes choose. */
  segmentBase(register = -1): Word {
    return this.word('segmentBase', [], { n: register });
  }

  // Registers.

  gpr(n: number, width: Width = 8): Word {
    return this.word('gpr', [], { width, n });
  }

  setGpr(n: number, value: WordLike, width: Width = 8): void {
    this.effect('setGpr', [value], { width, n });
  }

  nextRip(): Word {
    return this.word('nextRip');
  }

  cpl(): Word {
    return this.word('cpl');
  }

  /** The bits `mask` of RFLAGS outside the status flags. */
  system(mask: number): Word {
    return this.word('system', [], { n: mask });
  }

  setSystem(mask: number, value: WordLike): void {
    this.effect('setSystem', [value], { n: mask });
  }

  // Memory.

  load(address: WordLike, width: Width, via: Via): Word {
    return this.word('load', [address], { width, via });
  }

  store(address: WordLike, value: WordLike, width: Width, via: Via): void {
    this.effect('store', [address, value], { width, via });
  }

  /** Stores below the stack pointer, then moves it. */
  push(value: WordLike, width: Width): void {
    const top = this.minus(this.gpr(RSP), width);
    this.store(top, value, width, 'stack');
    this.setGpr(RSP, top);
  }

  /** The value on top of the stack. The pointer is moved by `drop`, when nothing can fault any more. */
  top(width: Width): Word {
    return this.load(this.gpr(RSP), width, 'stack');
  }

  drop(bytes: WordLike): void {
    this.setGpr(RSP, this.plus(this.gpr(RSP), bytes));
  }

  // Words.

  plus(a: WordLike, b: WordLike): Word {
    return this.word('add', [a, b]);
  }

  minus(a: WordLike, b: WordLike): Word {
    return this.word('sub', [a, b]);
  }

  times(a: WordLike, b: WordLike): Word {
    return this.word('mul', [a, b]);
  }

  /** Bits 127:64 of the unsigned product. */
  timesHigh(a: WordLike, b: WordLike): Word {
    return this.word('mulhu', [a, b]);
  }

  dividedBy(a: WordLike, b: WordLike): Word {
    return this.word('udiv', [a, b]);
  }

  /** The quotient of a 128-bit dividend, whose upper half is below the divisor. */
  dividedLong(high: WordLike, low: WordLike, divisor: WordLike): Word {
    return this.word('udiv128', [high, low, divisor]);
  }

  and(a: WordLike, b: WordLike): Word {
    return this.word('and', [a, b]);
  }

  or(a: WordLike, b: WordLike): Word {
    return this.word('or', [a, b]);
  }

  xor(a: WordLike, b: WordLike): Word {
    return this.word('xor', [a, b]);
  }

  /** One's complement. */
  invert(a: WordLike): Word {
    return this.xor(a, -1);
  }

  shl(a: WordLike, count: WordLike): Word {
    return this.word('shl', [a, count]);
  }

  shr(a: WordLike, count: WordLike): Word {
    return this.word('shr', [a, count]);
  }

  sar(a: WordLike, count: WordLike): Word {
    return this.word('sar', [a, count]);
  }

  trailingZeros(a: WordLike): Word {
    return this.word('ctz', [a]);
  }

  leadingZeros(a: WordLike): Word {
    return this.word('clz', [a]);
  }

  ones(a: WordLike): Word {
    return this.word('popcnt', [a]);
  }

  byteSwap(a: WordLike): Word {
    return this.word('bswap', [a]);
  }

  zeroExtend(a: Word, width: Width): Word {
    return width === 8 ? a : this.word('zext', [a], { width });
  }

  signExtend(a: Word, width: Width): Word {
    return width === 8 ? a : this.word('sext', [a], { width });
  }

  select(choose: Bit, yes: WordLike, no: WordLike): Word {
    return this.word('select', [choose, yes, no]);
  }

  /** 0 or 1. */
  wordOf(a: Bit): Word {
    return this.word('word', [a]);
  }

  // Bits.

  equal(a: WordLike, b: WordLike): Bit {
    return this.bitOf('eq', [a, b]);
  }

  below(a: WordLike, b: WordLike): Bit {
    return this.bitOf('ltu', [a, b]);
  }

  less(a: WordLike, b: WordLike): Bit {
    return this.bitOf('lts', [a, b]);
  }

  not(a: Bit): Bit {
    return this.bitOf('not', [a]);
  }

  both(a: Bit, b: Bit): Bit {
    return this.bitOf('both', [a, b]);
  }

  either(a: Bit, b: Bit): Bit {
    return this.bitOf('either', [a, b]);
  }

  differ(a: Bit, b: Bit): Bit {
    return this.bitOf('differ', [a, b]);
  }

  isZero(a: WordLike): Bit {
    return this.equal(a, 0);
  }

  /** Bit `n` of a word. */
  bit(a: WordLike, n: WordLike): Bit {
    return this.not(this.isZero(this.and(this.shr(a, n), 1)));
  }

  /** The topmost bit of a word of `width` bytes. */
  sign(a: WordLike, width: Width): Bit {
    return this.bit(a, 8 * width - 1);
  }

  never(): Bit {
    return this.equal(1, 0);
  }

  // Status flags.

  /** The six status flags, as RFLAGS has them. */
  status(): Word {
    return this.word('status');
  }

  setStatus(value: WordLike): void {
    this.effect('setStatus', [value]);
  }

  flag(mask: number): Bit {
    return this.bitOf('flag', [], { n: mask });
  }

  setFlag(mask: number, value: Bit): void {
    this.effect('setFlag', [value], { n: mask });
  }

  carry(): Bit {
    return this.flag(CF);
  }

  overflow(): Bit {
    return this.flag(OF);
  }

  condition(code: number): Bit {
    return this.bitOf('condition', [], { n: code });
  }

  /** ZF, SF and PF of a result. */
  resultFlags(result: WordLike, width: Width): void {
    this.effect('resultFlags', [result], { width });
  }

  /** CF, OF and AF from the carries out of every bit position: the SDM's definitions of all three in one vector. */
  carryFlags(carries: WordLike, width: Width): void {
    this.effect('carryFlags', [carries], { width });
  }

  /** Sets CF and OF, and clears AF. */
  setCarry(cf: Bit, of: Bit): void {
    this.effect('setCarry', [cf, of]);
  }

  /** The flags of a bitwise operation: CF and OF clear. */
  logicFlags(result: WordLike, width: Width): void {
    this.resultFlags(result, width);
    this.setCarry(this.never(), this.never());
  }

  // Control.

  jump(target: WordLike, branch: BranchKind): void {
    this.effect('jump', [target], { branch });
  }

  /** Jumps when the bit is set, else goes on with the next instruction; before that, when nothing faults, `first`. */
  branch(taken: Bit, target: Word, first: () => void = () => {}): void {
    this.faultIf(this.both(taken, this.notCanonical(target)));
    first();
    this.effect('branch', [taken, target], { branch: 'conditional' });
  }

  /** Bits 63:47 are not all alike. */
  notCanonical(address: Word): Bit {
    return this.not(this.equal(this.sar(this.shl(address, 16), 16), address));
  }

  fault(vector: Vector): void {
    this.effect('fault', [], { n: vector });
  }

  faultIf(wrong: Bit, vector: Vector = GP): void {
    this.if(wrong, () => this.fault(vector));
  }

  /** Ends the instruction where a pending interrupt may be taken. */
  check(): void {
    this.effect('check', []);
  }

  microcode(): void {
    this.effect('microcode', []);
  }

  if(choose: Bit, then: () => void, otherwise?: () => void): void {
    const body = this.inner(then);
    this.effect('if', [choose], otherwise ? { body, otherwise: this.inner(otherwise) } : { body });
  }

  /** Records one iteration of a repeated string instruction. */
  repeat(kind: Repeat, iteration: () => void): void {
    this.effect('repeat', [], { n: kind, width: this.addressSize, body: this.inner(iteration) });
  }
}
