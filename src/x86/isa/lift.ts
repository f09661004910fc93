/**
 * The language in which the table says what an instruction does. The semantics of an instruction are a function of a `Lift`
 * and of its operands; calling it records micro-ops, and that is all that it does.
 */
import { assert } from '../../base/assert.ts';
import { GP, type Vector } from '../fault.ts';
import { CF, OF } from '../flags.ts';
import { RSP, SS, type Width } from '../registers.ts';
import { type BranchKind, FIELDS, type Field, type MicroId, type Program, type Repeat, type Via } from './micro.ts';
import { PackedWords } from './packed.ts';
import type { Bit, Sizes, Word, WordLike } from './recorder.ts';

/** An operand as the semantics see it: what kind of place, and how wide. Which register it is, is known later. */
export interface Place {
  readonly kind: 'register' | 'memory' | 'immediate' | 'target' | 'xmm' | 'mm' | 'packed memory';
  /** Of a packed place, that of the words that it is made of. */
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

export class Lift extends PackedWords {
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
    if (kind === 'xmm' || kind === 'mm') return this.word('operand', [], { width: 8, n: slot });
    if (kind === 'register') {
      return fixed === undefined ? this.word('operand', [], { width, n: slot }) : this.gpr(fixed, width);
    }
    assert(!this.readMemory, 'an operand in memory is read once');
    this.readMemory = true;
    if (!this.asUpdate) return this.load(this.address(), width, 'operand');
    const update = this.updateOf(this.address(), width);
    this.update = update.word;
    return update;
  }

  write(place: Place, value: WordLike): void {
    const { kind, width, slot, fixed } = place;
    assert(kind === 'memory' || kind === 'register', 'an immediate is not written');
    if (kind === 'memory') {
      this.wroteMemory = true;
      if (this.update === undefined) this.store(this.address(), value, width, 'operand');
      else this.put({ word: this.update }, value, width);
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

  /** The base of a segment register, or of the segment that the instruction's prefixes choose. ES and SS have none in 64-bit mode. */
  segmentBase(register = -1): Word {
    return register !== -1 && !this.legacy ? this.const(0) : this.word('segmentBase', [], { n: register });
  }

  /** Where a branch operand leads: an offset in the code segment. */
  target(place: Place): Word {
    const to = this.read(place);
    return this.legacy ? this.zeroExtend(to, this.operandSize) : to;
  }

  /** Nothing can be executed there: the address is not canonical, or beyond the limit of the code segment. */
  outside(target: Word): Bit {
    return this.legacy ? this.below(this.word('codeLimit'), target) : this.notCanonical(target);
  }

  // Registers.

  gpr(n: number, width: Width = 8): Word {
    return this.word('gpr', [], { width, n });
  }

  setGpr(n: number, value: WordLike, width: Width = 8): void {
    this.effect('setGpr', [value], { width, n });
  }

  /** Which control or debug register the instruction names. */
  specialNumber(): Word {
    return this.word('immediate');
  }

  field(field: Field): Word {
    return this.word('field', [], { n: FIELDS.indexOf(field) });
  }

  setField(field: Field, value: WordLike): void {
    this.effect('setField', [value], { n: FIELDS.indexOf(field) });
  }

  timestamp(): Word {
    return this.word('timestamp');
  }

  /** At CPL 0, behind a change of EFLAGS.AC. */
  applyRights(): void {
    this.effect('rights', []);
  }

  nextRip(): Word {
    const next = this.word('nextRip');
    return this.legacy ? this.zeroExtend(next, 4) : next;
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

  /** A load of what `put` will write, which must already be allowed to write. */
  updateOf(address: WordLike, width: Width): Word {
    return this.word('update', [address], { width, via: 'operand' });
  }

  put(update: Word, value: WordLike, width: Width): void {
    this.effect('put', [update, value], { width });
  }

  /** Stores below the stack pointer, then moves it. */
  push(value: WordLike, width: Width): void {
    const top = this.stackOffset(this.minus(this.gpr(RSP), width));
    this.store(this.stackAddress(top), value, width, 'stack');
    this.setStackPointer(top);
  }

  /** The value on top of the stack. The pointer is moved by `drop`, when nothing can fault any more. */
  top(width: Width): Word {
    return this.load(this.stackAddress(this.stackOffset(this.gpr(RSP))), width, 'stack');
  }

  drop(bytes: WordLike): void {
    this.setStackPointer(this.plus(this.gpr(RSP), bytes));
  }

  /** As many bits of a stack or frame pointer as the stack segment uses. */
  stackOffset(pointer: Word): Word {
    return this.legacy ? this.and(pointer, this.word('stackMask')) : pointer;
  }

  stackAddress(offset: Word): Word {
    return this.legacy ? this.plus(this.segmentBase(SS), offset) : offset;
  }

  /** What the stack segment does not use of the pointer stays as it is. */
  setStackPointer(pointer: Word): void {
    if (!this.legacy) return this.setGpr(RSP, pointer);
    const mask = this.word('stackMask');
    this.setGpr(RSP, this.or(this.and(this.gpr(RSP, 4), this.invert(mask)), this.and(pointer, mask)), 4);
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
    this.faultIf(this.both(taken, this.outside(target)));
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

  /** The rest, and all that faults in it, is the routine's; nothing has happened yet. */
  microcodeIf(rare: Bit): void {
    this.if(rare, () => this.effect('microcode', []));
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
