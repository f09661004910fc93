/**
 * Steps as they were taken, one behind the other: what each has read and was answered, in that order, and what it wrote, as codes of
 * cells. Unlike what is kept of them for rows, it stays true when rows get columns.
 */
import { assert } from '../base/assert.ts';
import type { Cells } from '../base/cells.ts';
import { type Row, type Rows, Writes } from './rows.ts';

const FIRST_WORDS = 1 << 10;
/** How many entries, how many writes, marks. The entries follow, and the writes. */
const HEAD = 3;
/** Below the cell of an entry, its code; below how many answers a question had, which it was. */
const LOW = 16;
const LOW_MASK = (1 << LOW) - 1;

export class StepLog {
  private words = new Int32Array(FIRST_WORDS);
  /** Where the next one begins. */
  end = 0;
  private readonly writes = new Writes();

  get memory(): number {
    return this.words.byteLength;
  }

  clear(): void {
    if (this.words.length > FIRST_WORDS) this.words = new Int32Array(FIRST_WORDS);
    this.end = 0;
  }

  /** The step that `cells` have watched, from this row, with these answers; by cell, the codes of what it left. Returns where it is. */
  add(cells: Cells, rows: Rows, from: Row, answers: readonly number[], left: Int32Array, marks: number): number {
    const at = this.end, { length, changed } = cells;
    this.room(at + HEAD + length + changed);
    const { words } = this;
    words[at] = length;
    words[at + 1] = changed;
    words[at + 2] = marks;
    let to = at + HEAD, asked = 0;
    for (let i = 0; i < length; i += 1) {
      const entry = cells.at(i);
      words[to++] = entry < 0 ? -pair(-entry, answers[asked++]!) : pair(entry, rows.codeIn(from, entry));
    }
    for (let i = 0; i < changed; i += 1) words[to++] = pair(cells.change(i), left[cells.change(i)]!);
    this.end = to;
    return at;
  }

  private room(length: number): void {
    if (length <= this.words.length) return;
    const larger = new Int32Array(Math.max(length, 2 * this.words.length));
    larger.set(this.words);
    this.words = larger;
  }

  // Of the step that is at a place.

  entriesOf(at: number): number {
    return this.words[at]!;
  }

  /** A cell that was read, with its code; or, below 0, a question with its answer. */
  entryOf(at: number, index: number): number {
    return this.words[at + HEAD + index]!;
  }

  marksOf(at: number): number {
    return this.words[at + 2]!;
  }

  /** What it writes into a row. It is good until the next is asked for. */
  writesOf(at: number, rows: Rows): Uint32Array {
    const { words, writes } = this, first = at + HEAD + words[at]!, end = this.behind(at);
    writes.clear();
    for (let i = first; i < end; i += 1) writes.put(rows, firstOf(words[i]!), secondOf(words[i]!));
    return writes.words.subarray(0, writes.length);
  }

  /** Where the one behind it begins. */
  behind(at: number): number {
    return at + HEAD + this.words[at]! + this.words[at + 1]!;
  }
}

export const firstOf = (entry: number): number => entry >> LOW;
export const secondOf = (entry: number): number => entry & LOW_MASK;

function pair(first: number, second: number): number {
  assert(first <= LOW_MASK >> 1 && second <= LOW_MASK, 'cells and codes are few');
  return (first << LOW) | second;
}
