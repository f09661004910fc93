/**
 * The states that were seen: their compact form, each once, in pieces of typed array; and how each was first reached. A state is
 * found by its hash and told apart by its bytes, so that "complete" means complete.
 */
import { assert } from '../base/assert.ts';

const PIECE = 1 << 24;
const NONE = 0xffff_ffff;

export class StateStore {
  private readonly pieces: Uint8Array[] = [];
  private used = PIECE;
  /** By state: the piece and the place in it, its length, the state that it came from, and the pick that led here. */
  private places = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private parents = new Uint32Array(1024);
  private picks: (readonly number[])[] = [];
  private table = new Uint32Array(4096).fill(NONE);
  count = 0;

  /** Bytes that it takes. */
  get memory(): number {
    return this.pieces.length * PIECE + this.table.byteLength + this.places.byteLength + this.lengths.byteLength + this.parents.byteLength;
  }

  /** Adds the state, unless it is there. Returns its number, or -1 when it is known. */
  add(packed: Uint8Array, parent: number, picks: readonly number[]): number {
    if (2 * this.count >= this.table.length) this.grow();
    let slot = hashOf(packed) & (this.table.length - 1);
    for (; this.table[slot] !== NONE; slot = (slot + 1) & (this.table.length - 1)) {
      if (this.same(this.table[slot]!, packed)) return -1;
    }
    const state = this.count;
    this.table[slot] = state;
    this.keep(state, packed);
    this.parents[state] = parent;
    this.picks[state] = picks;
    this.count += 1;
    return state;
  }

  /** Where the bytes of a state are: buffer, start and length. */
  buffer(state: number): Uint8Array {
    return this.pieces[Math.floor(this.places[state]! / PIECE)]!;
  }

  start(state: number): number {
    return this.places[state]! % PIECE;
  }

  length(state: number): number {
    return this.lengths[state]!;
  }

  /** The picks of each step that leads to the state, from the first state on. */
  path(state: number): (readonly number[])[] {
    const steps: (readonly number[])[] = [];
    for (let at = state; at !== 0; at = this.parents[at]!) steps.push(this.picks[at]!);
    return steps.reverse();
  }

  private keep(state: number, packed: Uint8Array): void {
    assert(packed.length < PIECE, 'a small state');
    if (this.used + packed.length > PIECE) {
      this.pieces.push(new Uint8Array(PIECE));
      this.used = 0;
    }
    if (state === this.lengths.length) {
      this.places = doubled(this.places, Float64Array);
      this.lengths = doubled(this.lengths, Uint32Array);
      this.parents = doubled(this.parents, Uint32Array);
    }
    this.pieces.at(-1)!.set(packed, this.used);
    this.places[state] = (this.pieces.length - 1) * PIECE + this.used;
    this.lengths[state] = packed.length;
    this.used += packed.length;
  }

  private same(state: number, packed: Uint8Array): boolean {
    if (this.lengths[state] !== packed.length) return false;
    const bytes = this.buffer(state), start = this.start(state);
    for (let i = 0; i < packed.length; i += 1) if (bytes[start + i] !== packed[i]) return false;
    return true;
  }

  private grow(): void {
    const table = new Uint32Array(2 * this.table.length).fill(NONE);
    for (let state = 0; state < this.count; state += 1) {
      const start = this.start(state);
      let slot = hashOf(this.buffer(state).subarray(start, start + this.lengths[state]!)) & (table.length - 1);
      while (table[slot] !== NONE) slot = (slot + 1) & (table.length - 1);
      table[slot] = state;
    }
    this.table = table;
  }
}

function doubled<T extends Float64Array | Uint32Array>(old: T, make: new (length: number) => T): T {
  const grown = new make(2 * old.length);
  grown.set(old);
  return grown;
}

/** FNV-1a, with the bits mixed at the end. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += 1) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
