/**
 * What steps did, by what they have read. A step is a function of the columns that it reads before it writes them and of the
 * answers that it gets, and what it reads next follows from what it has read: so that all steps are one tree. A node is a column
 * or a question, its branches are the values and the answers, and a leaf is what was written.
 *
 * Most steps from different states are the same step, because it does not look at what is different there.
 */
import { assert } from '../base/assert.ts';
import type { Cells } from '../base/cells.ts';
import type { Choice } from '../base/choice.ts';
import { type Row, type Rows, valueIn } from './rows.ts';

/** The step is not known. */
export const UNKNOWN = 0;
const LEAF = -(1 << 30);
const COLUMN_SHIFT = 5;
const VALUES = (1 << COLUMN_SHIFT) - 1;
const INCONSISTENT = 'what a step reads next follows from what it has read';
/** Words, after which everything is forgotten. */
const CAPACITY = 1 << 25;
const FIRST_NODE = 1;

export class StepMemory {
  private readonly rows: Rows;
  /**
   * The word at 0 points to the first node. A node is a word for what it asks, and a pointer for each value: `column << 5 | values`,
   * as many as it has room for, or less than 0 the number of answers. Or it is LEAF, marks, how many writes, and the writes.
   */
  private nodes = new Int32Array(1 << 12);
  private end = FIRST_NODE;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  get memory(): number {
    return this.nodes.byteLength;
  }

  /** Rows have columns that no node asks for. */
  forget(): void {
    this.nodes.fill(0, 0, this.end);
    this.end = FIRST_NODE;
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
      } else if (what === LEAF) return at;
      else at = nodes[at + 1 + choice.pick(-what, 'what a step like this has asked')]!;
    }
    return UNKNOWN;
  }

  marksOf(leaf: number): number {
    return this.nodes[leaf + 1]!;
  }

  /** Makes what the step writes of what the row was. Returns how its hash changes, as bits that flip. */
  apply(leaf: number, row: Row): number {
    const { nodes, rows } = this;
    const end = leaf + 3 + nodes[leaf + 2]!;
    let flips = 0;
    for (let at = leaf + 3; at < end; at += 1) flips ^= rows.putWord(row, nodes[at]!);
    return flips;
  }

  /** The step that `cells` have watched, from this row, with these answers. `writes` are as in a leaf. */
  learn(row: Row, cells: Cells, answers: readonly number[], marks: number, writes: Uint32Array): void {
    if (this.end > CAPACITY) this.forget();
    let slot = 0, asked = 0;
    for (let i = 0; i < cells.length; i += 1) {
      const entry = cells.at(i);
      if (entry < 0) slot = this.question(slot, -entry, answers[asked++]!);
      else for (const column of this.rows.columns[entry]!) slot = this.column(slot, column, valueIn(row, column));
    }
    assert(this.nodes[slot] === UNKNOWN, 'a step follows from what it reads');
    const leaf = this.place(slot, 3 + writes.length);
    this.nodes[leaf] = LEAF;
    this.nodes[leaf + 1] = marks;
    this.nodes[leaf + 2] = writes.length;
    this.nodes.set(writes, leaf + 3);
  }

  // The node to which the word at `slot` points asks this; where the pointer for that answer, or that value, is.

  private question(slot: number, answers: number, answer: number): number {
    const known = this.nodes[slot]!;
    const node = known === UNKNOWN ? this.place(slot, 1 + answers) : known;
    if (known === UNKNOWN) this.nodes[node] = -answers;
    assert(this.nodes[node] === -answers, INCONSISTENT);
    return node + 1 + answer;
  }

  private column(slot: number, column: number, value: number): number {
    const known = this.nodes[slot]!;
    const room = known === UNKNOWN ? 0 : this.nodes[known]! & VALUES;
    assert(known === UNKNOWN || this.nodes[known]! >> COLUMN_SHIFT === column, INCONSISTENT);
    if (value < room) return known + 1 + value;
    // Most have two values. One that has more moves to where there is room.
    const more = Math.max(2, 2 * room, value + 1);
    const node = this.place(slot, 1 + more);
    if (room > 0) this.nodes.copyWithin(node, known, known + 1 + room);
    this.nodes[node] = (column << COLUMN_SHIFT) | more;
    return node + 1 + value;
  }

  private place(slot: number, length: number): number {
    const at = this.end;
    this.end += length;
    if (this.end > this.nodes.length) {
      const larger = new Int32Array(Math.max(this.end, 2 * this.nodes.length));
      larger.set(this.nodes);
      this.nodes = larger;
    }
    this.nodes[slot] = at;
    return at;
  }
}
