/**
 * The states that were seen, each once, and how each was first reached. A state is a list of numbers, one a chunk: the contents of
 * a chunk are kept once for all states that have it. A state is found by its hash and told apart by its numbers, and contents by
 * their slots, so that "complete" means complete.
 */
import { assert } from '../base/assert.ts';
import type { ChunkPlace, Slots } from '../base/slots.ts';
import { ChunkPool, hashOf } from './chunk-pool.ts';
import { grown, NONE } from './growth.ts';
import { PickCodes } from './pick-codes.ts';

/** States in a piece of typed array: what is kept is not moved when more comes. */
const PIECE = 1 << 14;
/** The chunks of the system are not known. */
const UNKNOWN = -1;

/** Knows which picks led to the state. */
export interface Taken { picks(): readonly number[] }

export class StateStore {
  private readonly pools: readonly ChunkPool[];
  private readonly pieces: Uint32Array[] = [];
  /** By state: the one that it came from, and the picks that led here. */
  private parents: Uint32Array = new Uint32Array(1024);
  private codes: Uint32Array = new Uint32Array(1024);
  private readonly picks = new PickCodes();
  private table: Uint32Array = new Uint32Array(4096).fill(NONE);
  private readonly chunks: number;
  private readonly slots: Slots;
  /** By chunk: the number of what the system has now. */
  private readonly here: Int32Array;
  private readonly numbers: Uint32Array;
  private readonly places: readonly ChunkPlace[];
  private readonly source: (ChunkPlace | undefined)[];
  count = 0;

  constructor(slots: Slots) {
    this.slots = slots;
    this.chunks = slots.chunks;
    this.pools = slots.saved.map(() => new ChunkPool());
    this.here = new Int32Array(this.chunks).fill(UNKNOWN);
    this.numbers = new Uint32Array(this.chunks);
    this.places = slots.saved.map(() => ({ buffer: this.numbers, start: 0, length: 0 }));
    this.source = [...this.places];
  }

  /** Bytes that it takes. */
  get memory(): number {
    const pools = this.pools.reduce((sum, { memory }) => sum + memory, 0);
    const pieces = this.pieces.length * PIECE * this.chunks * Uint32Array.BYTES_PER_ELEMENT;
    return pools + pieces + this.table.byteLength + this.parents.byteLength + this.codes.byteLength;
  }

  /** Adds the state in which `slots` has just saved the system, unless it is there. Returns its number, or -1 when it is known. */
  add(parent: number, taken: Taken): number {
    const { numbers, chunks, here, pools } = this;
    const { saved } = this.slots;
    for (let c = 0; c < chunks; c += 1) {
      const { buffer, start, length } = saved[c]!;
      const before = here[c]!;
      numbers[c] = before !== UNKNOWN && pools[c]!.is(before, buffer, start, length) ? before : pools[c]!.numberOf(saved[c]!);
      here[c] = numbers[c]!;
    }
    if (2 * this.count >= this.table.length) this.grow();
    const mask = this.table.length - 1;
    let slot = hashOf(numbers, 0, chunks) & mask;
    for (; this.table[slot] !== NONE; slot = (slot + 1) & mask) if (this.same(this.table[slot]!)) return -1;
    const state = this.count;
    this.table[slot] = state;
    this.keep(state);
    this.parents = grown(this.parents, state + 1);
    this.codes = grown(this.codes, state + 1);
    this.parents[state] = parent;
    this.codes[state] = this.picks.codeOf(taken.picks());
    this.count = state + 1;
    return state;
  }

  /** Where the chunks of the state are that the system does not have now: for `slots` to load. The system has them then. */
  sourceOf(state: number): readonly (ChunkPlace | undefined)[] {
    const { chunks, here, places, source } = this;
    const piece = this.pieces[Math.floor(state / PIECE)]!, at = state % PIECE * chunks;
    for (let c = 0; c < chunks; c += 1) {
      const number = piece[at + c]!;
      if (number === here[c]) {
        source[c] = undefined;
        continue;
      }
      this.pools[c]!.find(number, places[c]!);
      source[c] = places[c];
      here[c] = number;
    }
    return source;
  }

  /** The system has gone on to where nobody looks. */
  forget(): void {
    this.here.fill(UNKNOWN);
  }

  /** The picks of each step that leads to the state, from the first state on. */
  path(state: number): (readonly number[])[] {
    const steps: (readonly number[])[] = [];
    for (let at = state; at !== 0; at = this.parents[at]!) steps.push(this.picks.picksOf(this.codes[at]!));
    return steps.reverse();
  }

  private keep(state: number): void {
    const { chunks, numbers } = this;
    if (state % PIECE === 0) this.pieces.push(new Uint32Array(PIECE * chunks));
    const piece = this.pieces[Math.floor(state / PIECE)]!, at = state % PIECE * chunks;
    for (let c = 0; c < chunks; c += 1) piece[at + c] = numbers[c]!;
  }

  private same(state: number): boolean {
    const { chunks, numbers } = this;
    const piece = this.pieces[Math.floor(state / PIECE)]!, at = state % PIECE * chunks;
    for (let c = 0; c < chunks; c += 1) if (piece[at + c] !== numbers[c]) return false;
    return true;
  }

  private grow(): void {
    const { chunks } = this;
    const table = new Uint32Array(2 * this.table.length).fill(NONE), mask = table.length - 1;
    for (let state = 0; state < this.count; state += 1) {
      const piece = this.pieces[Math.floor(state / PIECE)]!, at = state % PIECE * chunks;
      let slot = hashOf(piece, at, at + chunks) & mask;
      while (table[slot] !== NONE) slot = (slot + 1) & mask;
      table[slot] = state;
    }
    this.table = table;
  }

  /** All of it as arrays, for `take` of a store for the same system. They are views: nothing is copied. */
  give(): Uint32Array[] {
    const { count, chunks } = this;
    return [
      this.parents.subarray(0, count), this.codes.subarray(0, count), this.picks.give(), ...this.pools.flatMap((pool) => pool.give()),
      ...this.pieces.map((piece, i) => piece.subarray(0, Math.min(PIECE, count - i * PIECE) * chunks)),
    ];
  }

  /** False: it is not of this system, whose first state `slots` has just saved. */
  take([parents, codes, picks, ...rest]: readonly Uint32Array[]): boolean {
    const { chunks } = this;
    assert(this.count === 0, 'nothing was explored yet');
    const pools = rest.slice(0, 2 * chunks), pieces = rest.slice(2 * chunks);
    if (pieces.length === 0 || pieces[0]!.length < chunks) return false;
    for (const [c, pool] of this.pools.entries()) pool.take(pools[2 * c]!, pools[2 * c + 1]!);
    const { saved } = this.slots;
    for (let c = 0; c < chunks; c += 1) {
      const number = pieces[0]![c]!;
      if (number >= this.pools[c]!.count || !this.pools[c]!.is(number, saved[c]!.buffer, saved[c]!.start, saved[c]!.length)) return false;
    }
    for (const piece of pieces) {
      const whole = new Uint32Array(PIECE * chunks);
      whole.set(piece);
      this.pieces.push(whole);
    }
    this.parents = parents!;
    this.codes = codes!;
    this.picks.take(picks!);
    this.count = parents!.length;
    while (2 * this.count >= this.table.length) this.table = new Uint32Array(2 * this.table.length);
    this.grow();
    return true;
  }
}
