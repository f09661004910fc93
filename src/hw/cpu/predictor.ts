/**
 * The branch predictor `gshare-12`: conditional branches by a table of 4096 two-bit counters, indexed by address and the
 * outcomes of the last twelve; indirect branches by their last target; returns by a stack of sixteen. Direct branches and
 * calls are always right.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { BranchKind } from '../../x86/isa/micro.ts';

/** Kinds of branches as small numbers, as emitted code passes them. */
export const BRANCH_CODE: Readonly<Record<BranchKind, number>> = {
  direct: 0, indirect: 1, conditional: 2, call: 3, 'indirect call': 4, return: 5,
};
export const BRANCH_KINDS = Object.keys(BRANCH_CODE) as readonly BranchKind[];

const HISTORY = 12;
const TARGETS = 512;
const RETURNS = 16;

export class BranchPredictor implements Stateful {
  static readonly name = 'gshare-12';
  private readonly counters = new Uint8Array(1 << HISTORY).fill(1);
  private readonly targets = new Uint32Array(TARGETS);
  private readonly returns = new Uint32Array(RETURNS);
  private history = 0;
  private depth = 0;

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
    const index = (next ^ (next >>> 9)) & (TARGETS - 1);
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
