/**
 * A state as a row of columns, four bits each, in words: a cell has as many columns as its codes need, and none as long as its
 * value is always the same. Columns are only ever added, behind the others, and are 0 in the rows that were there before, because
 * the code of what a cell has at first is 0.
 */
import { assert } from '../base/assert.ts';
import { grown } from './growth.ts';

export type Row = Uint32Array;

const BITS = 4;
const MASK = 15;
const PER_WORD = 8;
/** Words more when a row has no room for a column. */
const WORDS_MORE = 2;
/** Codes of a cell: 16^4. */
const MOST_COLUMNS = 4;
/** Words of what is written into one word of a row. */
const WRITE = 3;
const NOWHERE = -1;

export class Rows {
  /** Words of a row. It grows, and `width` of rows that were made before must follow. */
  width = WORDS_MORE;
  /** By column: its cell. */
  private readonly cellOf: number[] = [];
  /** By cell: the columns of its code, the lowest bits first. */
  readonly columns: readonly number[][];
  /** Cells with a column, in the order of their first. */
  readonly varying: number[] = [];

  constructor(cells: number) {
    this.columns = Array.from({ length: cells }, () => []);
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
    if (this.count > this.width * PER_WORD) this.width += WORDS_MORE;
  }

  /** By column, its cell: for `take` of rows that have no columns. */
  give(): Uint32Array {
    return Uint32Array.from(this.cellOf);
  }

  take(cells: Uint32Array): void {
    for (const cell of cells) this.addColumn(cell);
  }

  /** Puts the code of a cell, for which there is room, into the row. */
  setCode(row: Row, cell: number, code: number): void {
    const columns = this.columns[cell]!;
    for (let i = 0; i < columns.length; i += 1) {
      const word = columns[i]! >> 3, shift = (columns[i]! & 7) * BITS;
      row[word] = (row[word]! & ~(MASK << shift)) | (partOf(code, i) << shift);
    }
  }

  codeIn(row: Row, cell: number): number {
    const columns = this.columns[cell]!;
    let code = 0;
    for (let i = 0; i < columns.length; i += 1) code |= valueIn(row, columns[i]!) << (BITS * i);
    return code;
  }
}

export const valueIn = (row: Row, column: number): number => (row[column >> 3]! >>> ((column & 7) * BITS)) & MASK;
/** The four bits of a code that are in the so-manieth of its columns. */
export const partOf = (code: number, index: number): number => (code >> (BITS * index)) & MASK;

/** A column with its value, in a word. */
export const columnValue = (column: number, value: number): number => (column << BITS) | value;
export const columnOf = (word: number): number => word >> BITS;
export const codeOf = (word: number): number => word & MASK;
export const hasValue = (row: Row, word: number): boolean => valueIn(row, word >> BITS) === (word & MASK);

/** Makes a row what the other is: for a few words, sooner than `set` begins. */
export function copyRow(to: Row, from: Row): void {
  for (let i = 0; i < from.length; i += 1) to[i] = from[i]!;
}

export function isSameRow(one: Row, other: Row): boolean {
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return false;
  return true;
}

/** Words of zeros at its end change nothing: rows from before there were so many columns are shorter. */
export function hashOf(row: Row): number {
  let hash = 0, factor = 0x9e3779b1 | 0;
  for (let i = 0; i < row.length; i += 1) {
    let word = Math.imul(row[i]!, factor);
    // Odd, as it was.
    factor = (factor + 0x632be5aa) | 0;
    word = Math.imul(word ^ (word >>> 15), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    hash ^= word ^ (word >>> 15);
  }
  return hash >>> 0;
}

/** Values of columns that a step writes, as the words of a row in which they are. */
export class Writes {
  /** For each word three: which it is, the bits of it that stay, and what the others become. The first `length` of them. */
  words: Uint32Array = new Uint32Array(WRITE * PER_WORD);
  length = 0;
  /** By word of a row: where it is above. */
  private at: Int32Array = new Int32Array(WORDS_MORE).fill(NOWHERE);

  clear(): void {
    for (let i = 0; i < this.length; i += WRITE) this.at[this.words[i]!] = NOWHERE;
    this.length = 0;
  }

  put({ columns: columnsOf }: Rows, cell: number, code: number): void {
    const columns = columnsOf[cell]!;
    for (let k = 0; k < columns.length; k += 1) {
      const at = this.placeOf(columns[k]! >> 3), shift = (columns[k]! & 7) * BITS;
      const { words } = this;
      words[at + 1] = words[at + 1]! & ~(MASK << shift);
      words[at + 2] = (words[at + 2]! & ~(MASK << shift)) | (partOf(code, k) << shift);
    }
  }

  private placeOf(word: number): number {
    if (word >= this.at.length) {
      const larger = new Int32Array(word + WORDS_MORE).fill(NOWHERE);
      larger.set(this.at);
      this.at = larger;
    }
    const known = this.at[word]!;
    if (known !== NOWHERE) return known;
    const at = this.length;
    this.words = grown(this.words, at + WRITE);
    this.words.set([word, -1, 0], at);
    this.at[word] = at;
    this.length = at + WRITE;
    return at;
  }
}

/** Takes a row on by writes that are in a list from `at` on. */
export function applyWrites(row: Row, list: Int32Array | Uint32Array, at: number, length: number): void {
  for (let i = at; i < at + length; i += WRITE) {
    const word = list[i]!;
    row[word] = (row[word]! & list[i + 1]!) | list[i + 2]!;
  }
}
