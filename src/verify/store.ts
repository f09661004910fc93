/**
 * The states that were seen, each once, and how each was first reached. A state is found by the hash of its row and told apart by
 * the row itself, so that "complete" means complete.
 */
import { grown, NONE } from './growth.ts';
import { PickCodes } from './pick-codes.ts';
import type { Row } from './rows.ts';

/** States in a piece of typed array: what is kept is not moved when more comes. */
const PIECE_BITS = 12;
const PIECE = 1 << PIECE_BITS;

export class StateStore {
  /** Words of a row. */
  private width: number;
  private pieces: Uint32Array[] = [];
  /** By state: the one that it came from, and the picks that led here. */
  private parents: Uint32Array = new Uint32Array(1024);
  private codes: Uint32Array = new Uint32Array(1024);
  private readonly picks = new PickCodes();
  /** Open addressing: the hash, and the state or NONE. */
  private table: Uint32Array = new Uint32Array(8192).fill(NONE);
  count = 0;

  constructor(width: number) {
    this.width = width;
  }

  /** Bytes that it takes. */
  get memory(): number {
    const pieces = this.pieces.length * PIECE * this.width * Uint32Array.BYTES_PER_ELEMENT;
    return pieces + this.table.byteLength + this.parents.byteLength + this.codes.byteLength;
  }

  has(row: Row, hash: number): boolean {
    return this.table[this.find(row, hash) + 1] !== NONE;
  }

  /** Where the state is in the table, or should be. */
  private find(row: Row, hash: number): number {
    if (row.length > this.width) this.widen(row.length);
    const { table } = this;
    const mask = table.length - 1, tag = hash >>> 0;
    let at = (tag << 1) & mask;
    while (table[at + 1] !== NONE && (table[at] !== tag || !this.same(table[at + 1]!, row))) at = (at + 2) & mask;
    return at;
  }

  /** Adds a state that is not there. */
  add(row: Row, hash: number, parent: number, picks: readonly number[]): void {
    if (3 * this.count >= this.table.length) this.grow();
    const at = this.find(row, hash), state = this.count;
    this.table[at] = hash >>> 0;
    this.table[at + 1] = state;
    if (state % PIECE === 0) this.pieces.push(new Uint32Array(PIECE * this.width));
    this.pieces[state >> PIECE_BITS]!.set(row, (state & (PIECE - 1)) * this.width);
    this.parents = grown(this.parents, state + 1);
    this.codes = grown(this.codes, state + 1);
    this.parents[state] = parent;
    this.codes[state] = this.picks.codeOf(picks);
    this.count = state + 1;
  }

  /** A view of the row of this state; it may be narrower than a row of now. */
  rowOf(state: number): Row {
    const at = (state & (PIECE - 1)) * this.width;
    return this.pieces[state >> PIECE_BITS]!.subarray(at, at + this.width);
  }

  private same(state: number, row: Row): boolean {
    const piece = this.pieces[state >> PIECE_BITS]!, at = (state & (PIECE - 1)) * this.width;
    for (let i = 0; i < row.length; i += 1) if (piece[at + i] !== row[i]) return false;
    return true;
  }

  /** The picks of each step that leads to the state, from the first state on. */
  path(state: number): (readonly number[])[] {
    const steps: (readonly number[])[] = [];
    for (let at = state; at !== 0; at = this.parents[at]!) steps.push(this.picks.picksOf(this.codes[at]!));
    return steps.reverse();
  }

  private widen(width: number): void {
    const before = this.width;
    this.pieces = this.pieces.map((piece) => {
      const wider = new Uint32Array(PIECE * width);
      for (let i = 0; i < PIECE; i += 1) wider.set(piece.subarray(i * before, (i + 1) * before), i * width);
      return wider;
    });
    this.width = width;
  }

  private grow(): void {
    const before = this.table;
    const table = new Uint32Array(2 * before.length).fill(NONE), mask = table.length - 1;
    for (let from = 0; from < before.length; from += 2) {
      if (before[from + 1] === NONE) continue;
      let at = (before[from]! << 1) & mask;
      while (table[at + 1] !== NONE) at = (at + 2) & mask;
      table[at] = before[from]!;
      table[at + 1] = before[from + 1]!;
    }
    this.table = table;
  }

  /** All of it as arrays, for `take`. They are views: nothing is copied. */
  give(): Uint32Array[] {
    const { count, width } = this;
    return [
      Uint32Array.of(width), this.parents.subarray(0, count), this.codes.subarray(0, count), this.picks.give(),
      ...this.pieces.map((piece, i) => piece.subarray(0, Math.min(PIECE, count - i * PIECE) * width)),
    ];
  }

  /** Takes what another store has given; `hashOf` is that of a row. */
  take([width, parents, codes, picks, ...pieces]: readonly Uint32Array[], hashOf: (row: Row) => number): void {
    this.width = width![0]!;
    this.picks.take(picks!);
    for (const [i, piece] of pieces.entries()) {
      for (let at = 0; at < piece.length; at += this.width) {
        const row = piece.subarray(at, at + this.width), state = i * PIECE + at / this.width;
        this.add(row, hashOf(row), parents![state]!, this.picks.picksOf(codes![state]!));
      }
    }
  }
}
