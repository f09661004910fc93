/**
 * The branch predictor `gshare-12`: conditional branches by a table of 4096 two-bit counters, indexed by address and the
 * outcomes of the last twelve; indirect branches by their last target; returns by a stack of sixteen. Direct branches and
 * calls are always right.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { BranchKind } from '../../x86/isa/micro.ts';
import { HISTORY, LEARNED, newRoom, RETURNS, type Room, TARGETS } from './learned.ts';

export class BranchPredictor implements Stateful {
  static readonly name = 'gshare-12';
  private readonly counters: Uint8Array;
  private readonly targets: Uint32Array;
  private readonly returns: Uint32Array;
  private readonly scalars: Uint32Array;

  constructor({ buffer, at }: Room = newRoom()) {
    this.counters = new Uint8Array(buffer, at + LEARNED.counters, 1 << HISTORY).fill(1);
    this.targets = new Uint32Array(buffer, at + LEARNED.targets, TARGETS);
    this.returns = new Uint32Array(buffer, at + LEARNED.returns, RETURNS);
    this.scalars = new Uint32Array(buffer, at + LEARNED.history, 2);
  }

  private get history(): number {
    return this.scalars[0]!;
  }

  private set history(value: number) {
    this.scalars[0] = value;
  }

  private get depth(): number {
    return this.scalars[1]!;
  }

  private set depth(value: number) {
    this.scalars[1] = value;
  }

  serialize(s: Serializer): void {
    s.bytes('counters', this.counters);
    s.words('targets', this.targets);
    s.words('returns', this.returns);
    this.history = s.u16('history', this.history);
    this.depth = s.u8('depth', this.depth);
  }

  /**
   * A branch retires. `next` is the low half of the address behind it, `target` that of where it went. True when it was
   * mispredicted.
   */
  retire(kind: BranchKind, next: number, taken: boolean, target: number): boolean {
    switch (kind) {
      case 'conditional': return this.conditional(next, taken);
      case 'indirect': return this.indirect(next, target);
      case 'call': this.push(next); return false;
      case 'indirect call': this.push(next); return this.indirect(next, target);
      case 'return': return this.pop() !== target;
      case 'direct': return false;
    }
  }

  private conditional(next: number, taken: boolean): boolean {
    const index = ((next ^ (next >>> HISTORY)) ^ this.history) & ((1 << HISTORY) - 1);
    const counter = this.counters[index]!;
    this.counters[index] = taken ? Math.min(3, counter + 1) : Math.max(0, counter - 1);
    this.history = ((this.history << 1) | (taken ? 1 : 0)) & ((1 << HISTORY) - 1);
    return counter >= 2 !== taken;
  }

  private indirect(next: number, target: number): boolean {
    const index = (next ^ (next >>> Math.log2(TARGETS))) & (TARGETS - 1);
    const wrong = this.targets[index] !== target;
    this.targets[index] = target;
    return wrong;
  }

  /** The stack wraps: what is deeper than it holds is forgotten. */
  private push(next: number): void {
    this.depth = (this.depth + 1) % RETURNS;
    this.returns[this.depth] = next;
  }

  private pop(): number {
    const target = this.returns[this.depth]!;
    this.depth = (this.depth + RETURNS - 1) % RETURNS;
    return target;
  }
}
