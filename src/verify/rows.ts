/**
 * A state as a row of columns, four bits each, in words: a cell has as many columns as its codes need, and none as long as its
 * value is always the same. Columns are only ever added, behind the others, and are 0 in the rows that were there before, because
 * the code of what a cell has at first is 0.
 */
import { assert } from '../base/assert.ts';

export type Row = Uint32Array;

const BITS = 4;
const MASK = 15;
const PER_WORD = 8;
/** Words more when a row has no room for a column. */
const WORDS_MORE = 2;
/** Codes of a cell: 16^4. */
const MOST_COLUMNS = 4;

export class Rows {
  /** Words of a row. It grows, and `width` of rows that were made before must follow. */
  width = WORDS_MORE;
  /** By column: its cell. */
  private readonly cellOf: number[] = [];
  /** By cell: the columns of its code, the lowest bits first. */
  readonly columns: readonly number[][];
  /** Cells with a column, in the order of their first. */
  readonly varying: number[] = [];
  /** By column and its value: what it adds to the hash of a row. Nothing for 0. */
  private mix = new Uint32Array(0);

  constructor(cells: number) {
    this.columns = Array.from({ length: cells }, () => []);
    this.spread();
  }

  get count(): number {
    return this.cellOf.length;
  }

  /** Gives the cell columns for this code. False: it had them. */
  makeRoom(cell: number, code: number): boolean {
    const columns = this.columns[cell]!;
    if (code >> (BITS * columns.length) === 0) return false;
    while (code >> (BITS * columns.length) !== 0) this.addColumn(cell);
    return true;
  }

  private addColumn(cell: number): void {
    const columns = this.columns[cell]!;
    assert(columns.length < MOST_COLUMNS, 'a cell has fewer values');
    if (columns.length === 0) this.varying.push(cell);
    columns.push(this.cellOf.push(cell) - 1);
    if (this.count <= this.width * PER_WORD) return;
    this.width += WORDS_MORE;
    this.spread();
  }

  /** By column, its cell: for `take` of rows that have no columns. */
  give(): Uint32Array {
    return Uint32Array.from(this.cellOf);
  }

  take(cells: Uint32Array): void {
    for (const cell of cells) this.addColumn(cell);
  }

  private spread(): void {
    this.mix = Uint32Array.from({ length: this.width * PER_WORD << BITS }, (_, i) => ((i & MASK) === 0 ? 0 : scrambled(i)));
  }

  codeIn(row: Row, cell: number): number {
    const columns = this.columns[cell]!;
    let code = 0;
    for (let i = 0; i < columns.length; i += 1) code |= valueIn(row, columns[i]!) << (BITS * i);
    return code;
  }

  /** Returns how the hash of the row changes, as bits that flip. */
  putWord(row: Row, columnWithValue: number): number {
    return this.put(row, columnWithValue >> BITS, columnWithValue & MASK);
  }

  put(row: Row, column: number, value: number): number {
    const at = column >> 3, shift = (column & 7) * BITS, before = (row[at]! >>> shift) & MASK;
    if (before === value) return 0;
    row[at] = row[at]! ^ ((before ^ value) << shift);
    return this.mix[(column << BITS) | before]! ^ this.mix[(column << BITS) | value]!;
  }

  hashOf(row: Row): number {
    let hash = 0;
    for (let column = 0; column < this.count; column += 1) hash ^= this.mix[(column << BITS) | valueIn(row, column)]!;
    return hash;
  }
}

export const valueIn = (row: Row, column: number): number => (row[column >> 3]! >>> ((column & 7) * BITS)) & MASK;
/** The four bits of a code that are in the so-manieth of its columns. */
export const partOf = (code: number, index: number): number => (code >> (BITS * index)) & MASK;

/** Makes a row what the other is: for a few words, sooner than `set` begins. */
export function copyRow(to: Row, from: Row): void {
  for (let i = 0; i < from.length; i += 1) to[i] = from[i]!;
}

/** A column with its value, in a word. */
export const columnValue = (column: number, value: number): number => (column << BITS) | value;

function scrambled(index: number): number {
  let word = Math.imul(index, 0x9e3779b1);
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}
