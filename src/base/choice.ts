/**
 * The only source of nondeterminism. Where hardware or timing leaves something open, the code asks for a pick; a test
 * answers with the first alternative, a fuzzer from a seed, a replay from a recorded path, and the verifier with every
 * value in turn. That they are one mechanism is what makes a counterexample replay in the real machine.
 */
import { assert } from './assert.ts';
import type { Serializer, Stateful } from './state.ts';

export interface Choice {
  /** Returns an integer in [0, n). `what` names the open question in traces and counterexamples. */
  pick(n: number, what: string): number;
}

/** One answered question: what was asked, out of how many, and the answer. */
export interface Pick {
  readonly what: string;
  readonly n: number;
  readonly value: number;
}

/** Always the first alternative: the quiet run, in which nothing unlikely happens. */
export const FIRST: Choice = { pick: () => 0 };

/**
 * Answers from a 32-bit seed. The generator is part of the state of the system that asks, so that a snapshot continues
 * with the same answers.
 */
export class Seeded implements Choice, Stateful {
  private word: number;

  constructor(seed: number) {
    this.word = seed >>> 0;
  }

  /** Uniform in [0, 2^32): Weyl sequence with a two-round mixer of the SplitMix family. */
  next(): number {
    this.word = (this.word + 0x9e3779b9) >>> 0;
    let mixed = this.word;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  pick(n: number, _what: string): number {
    assert(Number.isInteger(n) && n > 0, `a pick out of ${n}`);
    // The bias of the multiply is below n / 2^32, far under anything a fuzzer can see.
    return Math.floor((this.next() / 0x1_0000_0000) * n);
  }

  serialize(s: Serializer): void {
    this.word = s.u32('word', this.word);
  }
}

/** Answers from a list, then always the first alternative. The list is a path that was recorded or found. */
export class Scripted implements Choice {
  private readonly picks: readonly number[];
  private position = 0;

  constructor(picks: readonly number[]) {
    this.picks = picks;
  }

  pick(n: number, what: string): number {
    const value = this.picks[this.position] ?? 0;
    assert(value < n, `pick ${this.position} of the script is ${value}, but '${what}' has ${n} alternatives`);
    this.position += 1;
    return value;
  }

  /** True when the script was used to its end. */
  get exhausted(): boolean {
    return this.position >= this.picks.length;
  }
}

/** Passes every question on and remembers the answer. */
export class Recorded implements Choice {
  readonly picks: Pick[] = [];
  private readonly inner: Choice;

  constructor(inner: Choice) {
    this.inner = inner;
  }

  pick(n: number, what: string): number {
    const value = this.inner.pick(n, what);
    this.picks.push({ what, n, value });
    return value;
  }
}

/** Enumerates every sequence of picks of one step, like an odometer: the last digit moves first. */
export class Odometer implements Choice {
  // Two parallel arrays that are reused: the verifier asks hundreds of thousands of times a second.
  private readonly values: number[] = [];
  private readonly bounds: number[] = [];
  private used = 0;
  private position = 0;
  private started = false;

  /** Forgets the step just finished and starts enumerating another. */
  restart(): void {
    this.used = 0;
    this.position = 0;
    this.started = false;
  }

  /** Questions that were asked in this step. */
  get asked(): number {
    return this.position;
  }

  /** The step asks once more what it has asked after so many questions, and gets the same answers. */
  backTo(asked: number): void {
    assert(asked <= this.position, 'so many questions were asked');
    this.position = asked;
  }

  /** Moves to the next sequence. Returns false when all have been seen. */
  next(): boolean {
    // A step may ask fewer questions than the digits that were carried over; those it did not reach are gone.
    if (this.started) this.used = Math.min(this.used, this.position);
    this.position = 0;
    if (!this.started) {
      this.started = true;
      return true;
    }
    while (this.used > 0) {
      const last = this.used - 1;
      if (this.values[last]! + 1 < this.bounds[last]!) {
        this.values[last]! += 1;
        return true;
      }
      this.used = last;
    }
    return false;
  }

  pick(n: number, what: string): number {
    const at = this.position;
    if (at >= this.used) {
      this.values[at] = 0;
      this.bounds[at] = n;
      this.used = at + 1;
    }
    // Asked millions of times a second: the message is made only when it is needed.
    if (this.bounds[at] !== n) assert(false, `'${what}' had ${this.bounds[at]} alternatives before and has ${n} now`);
    this.position = at + 1;
    return this.values[at]!;
  }

  /** The sequence that the step just run has asked for. */
  picks(): number[] {
    return this.values.slice(0, this.position);
  }
}
