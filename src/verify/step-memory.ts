/**
 * What steps did, by what they have read. A step is a function of the columns that it reads before it writes them and of the
 * answers that it gets, and what it reads next follows from what it has read: so that all steps are one tree. A node is a column
 * or a question, its branches are the values and the answers, and a leaf is what was written. Where only one way is known,
 * columns with their values are a chain, one behind the other.
 *
 * Most steps from different states are the same step, because it does not look at what is different there.
 */
import { assert } from '../base/assert.ts';
import type { Cells } from '../base/cells.ts';
import type { Choice } from '../base/choice.ts';
import { applyWrites, codeOf, columnOf, columnValue, hashOf, hasValue, partOf, type Row, type Rows, valueIn } from './rows.ts';
import { firstOf, StepLog, secondOf } from './step-log.ts';

/** The step is not known. */
export const UNKNOWN = 0;
const LEAF = -(1 << 30);
const LEAF_WORDS = 3;
/** Less the number of columns in it. What is above asks a question. */
const CHAIN = -(1 << 20);
const COLUMN_SHIFT = 5;
const VALUES = (1 << COLUMN_SHIFT) - 1;
/** Words, after which everything is forgotten. */
const CAPACITY = 1 << 25;
const FIRST_NODE = 1;
/**
 * Words of steps that are put in their places anew when rows get columns. Columns come when a search is young: later they are let go,
 * and whatever is known is forgotten then.
 */
const MOST_LOGGED = 1 << 20;

export class StepMemory {
  private readonly rows: Rows;
  /**
   * The word at 0 points to the first node. A node that branches is a word for what it asks, and a pointer for each value: `column << 5 |
   * values`, as many as it has room for, or less than 0 the number of answers. A chain is CHAIN - n, n columns with values, and a
   * pointer. A leaf is LEAF, marks, and where the writes are: how many words, and these.
   */
  private nodes = new Int32Array(1 << 12);
  private end = FIRST_NODE;
  /** By the hash of what is in it: a list of writes. Many leaves have the same. */
  private readonly lists = new Map<number, number>();
  /** What is known, while it is little. */
  private readonly log = new StepLog();
  private logs = true;
  // While a step is learned: the pointer that comes next, or how many columns of the chain behind it were passed, or which columns
  // with values a chain will have that is not there yet.
  private slot = 0;
  private passed = 0;
  private readonly fresh: number[] = [];

  constructor(rows: Rows) {
    this.rows = rows;
  }

  get memory(): number {
    return this.nodes.byteLength + this.log.memory;
  }

  /** Rows have columns that no node asks for. */
  grow(): void {
    this.forget();
    for (let at = 0; at < this.log.end; at = this.log.behind(at)) this.put(at);
  }

  private forget(): void {
    this.nodes.fill(0, 0, this.end);
    this.end = FIRST_NODE;
    this.lists.clear();
  }

  /** The leaf of the step from here, with the answers that `choice` gives, or UNKNOWN. */
  find(row: Row, choice: Choice): number {
    const { nodes } = this;
    let at = nodes[0]!;
    while (at !== UNKNOWN) {
      const what = nodes[at]!;
      if (what >= 0) {
        const value = valueIn(row, what >> COLUMN_SHIFT);
        at = value < (what & VALUES) ? nodes[at + 1 + value]! : UNKNOWN;
      } else if (what > CHAIN) at = nodes[at + 1 + choice.pick(-what, 'what a step like this has asked')]!;
      else if (what === LEAF) return at;
      else {
        const end = at + 1 + CHAIN - what;
        for (at += 1; at < end && hasValue(row, nodes[at]!);) at += 1;
        at = at === end ? nodes[end]! : UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  marksOf(leaf: number): number {
    return this.nodes[leaf + 1]!;
  }

  /** Makes what the step writes of what the row was. */
  apply(leaf: number, row: Row): void {
    const { nodes } = this, list = nodes[leaf + 2]!;
    applyWrites(row, nodes, list + 1, nodes[list]!);
  }

  /** The step that `cells` have watched, from this row, with these answers; by cell, the codes of what it left. */
  learn(row: Row, cells: Cells, answers: readonly number[], left: Int32Array, marks: number): void {
    if (this.end > CAPACITY) this.forget();
    this.put(this.log.add(cells, this.rows, row, answers, left, marks));
    this.logs &&= this.log.end <= MOST_LOGGED;
    if (!this.logs) this.log.clear();
  }

  /** Puts what is there in the log in its place. */
  private put(at: number): void {
    const { log, rows } = this, entries = log.entriesOf(at);
    this.slot = 0;
    for (let i = 0; i < entries; i += 1) {
      const entry = log.entryOf(at, i);
      if (entry < 0) this.question(firstOf(-entry), secondOf(-entry));
      else {
        const columns = rows.columns[firstOf(entry)]!;
        for (let k = 0; k < columns.length; k += 1) this.column(columns[k]!, partOf(secondOf(entry), k));
      }
    }
    this.endChain();
    assert(this.nodes[this.slot] === UNKNOWN, 'a step follows from what it reads');
    const list = this.listOf(log.writesOf(at, rows));
    const leaf = this.place(this.slot, LEAF_WORDS);
    this.nodes[leaf] = LEAF;
    this.nodes[leaf + 1] = log.marksOf(at);
    this.nodes[leaf + 2] = list;
  }

  private listOf(words: Uint32Array): number {
    const hash = hashOf(words), known = this.lists.get(hash);
    if (known !== undefined && this.nodes[known] === words.length && words.every((word, i) => this.nodes[known + 1 + i] === (word | 0))) {
      return known;
    }
    const list = this.room(1 + words.length);
    this.nodes[list] = words.length;
    this.nodes.set(words, list + 1);
    this.lists.set(hash, list);
    return list;
  }

  // The way of a step that is learned.

  private question(answers: number, answer: number): void {
    this.endChain();
    const known = this.nodes[this.slot]!;
    const node = known === UNKNOWN ? this.place(this.slot, 1 + answers) : known;
    if (known === UNKNOWN) this.nodes[node] = -answers;
    isAsked(this.nodes[node] === -answers);
    this.slot = node + 1 + answer;
  }

  private column(column: number, value: number): void {
    const { nodes, passed, slot } = this;
    const node = nodes[slot]!, what = nodes[node]!;
    if (node === UNKNOWN) this.fresh.push(columnValue(column, value));
    else if (what >= 0) this.slot = this.wayOf(slot, column, value);
    else {
      const next = nodes[node + 1 + passed]!, length = CHAIN - what;
      isAsked(length > 0 && columnOf(next) === column);
      if (next !== columnValue(column, value)) {
        this.split(node);
        this.slot = this.wayOf(this.slot, column, value);
      } else if (passed + 1 < length) this.passed += 1;
      else {
        this.slot = node + 1 + length;
        this.passed = 0;
      }
    }
  }

  /** What begins behind a chain: none may have been left half-way, and one that is not there yet is made. */
  private endChain(): void {
    isAsked(this.passed === 0);
    const { fresh } = this;
    if (fresh.length === 0) return;
    this.slot = this.chain(this.slot, fresh);
    fresh.length = 0;
  }

  /** Returns where its pointer is. */
  private chain(slot: number, columns: readonly number[] | Int32Array): number {
    const { length } = columns;
    const node = this.place(slot, length + 2);
    this.nodes[node] = CHAIN - length;
    this.nodes.set(columns, node + 1);
    return node + 1 + length;
  }

  /** Makes a branch of the next column of the chain. What was passed stays a chain, and what is behind becomes one. */
  private split(node: number): void {
    const { nodes, passed } = this;
    const end = node + 1 + CHAIN - nodes[node]!, at = node + 1 + passed;
    const next = nodes[at]!, behind = nodes.slice(at + 1, end), last = nodes[end]!;
    if (passed > 0) {
      nodes[node] = CHAIN - passed;
      this.slot = at;
    }
    this.passed = 0;
    this.nodes[this.slot] = UNKNOWN;
    const way = this.wayOf(this.slot, columnOf(next), codeOf(next));
    const pointer = behind.length === 0 ? way : this.chain(way, behind);
    this.nodes[pointer] = last;
  }

  /** Where the pointer for this value is, in the node for this column to which the word at `slot` points. */
  private wayOf(slot: number, column: number, value: number): number {
    const known = this.nodes[slot]!;
    const room = known === UNKNOWN ? 0 : this.nodes[known]! & VALUES;
    isAsked(known === UNKNOWN || this.nodes[known]! >> COLUMN_SHIFT === column);
    if (value < room) return known + 1 + value;
    // Most have two values. One that has more moves to where there is room.
    const more = Math.max(2, 2 * room, value + 1);
    const node = this.place(slot, 1 + more);
    if (room > 0) this.nodes.copyWithin(node, known, known + 1 + room);
    this.nodes[node] = (column << COLUMN_SHIFT) | more;
    return node + 1 + value;
  }

  private place(slot: number, length: number): number {
    const at = this.room(length);
    this.nodes[slot] = at;
    return at;
  }

  private room(length: number): number {
    const at = this.end;
    this.end += length;
    if (this.end > this.nodes.length) {
      const larger = new Int32Array(Math.max(this.end, 2 * this.nodes.length));
      larger.set(this.nodes);
      this.nodes = larger;
    }
    return at;
  }
}

const isAsked = (same: boolean): void => assert(same, 'what a step reads next follows from what it has read');
