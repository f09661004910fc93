/**
 * Takes steps of a system from states that are rows, part by part. A part that is like one that was run before is not run again:
 * what it did is known. Now and then it is, to see that it does the same.
 */
import { assert } from '../base/assert.ts';
import { Cells } from '../base/cells.ts';
import { type Choice, Odometer } from '../base/choice.ts';
import type { System } from '../base/system.ts';
import { Codes } from './codes.ts';
import type { Property } from './explore.ts';
import { copyRow, hashOf, isSameRow, type Row, Rows } from './rows.ts';
import { StepMemory, UNKNOWN } from './step-memory.ts';

/** Of so many parts that are known, one is run. */
const CHECKED = 1 << 12;
/** In the marks of a part, above those of properties: the system goes on. */
const GOES_ON = 1 << 29;

export class Stepper<S extends System> {
  readonly choice = new Odometer();
  private readonly system: S;
  /** The parts of a step, and the review behind them. */
  private readonly parts: readonly (() => boolean)[];
  private readonly reviewed: number;
  private readonly properties: readonly Property<S>[];
  private readonly cells: Cells;
  private readonly codes: Codes;
  readonly rows: Rows;
  /** By part. */
  private readonly known: readonly StepMemory[];
  /** Where a step begins, where its part begins, and where the last one has led. */
  private begun: Row;
  private from: Row;
  row: Row;
  private marks = 0;
  /** By cell: the code of what the system has now. */
  private readonly here: Int32Array;
  private recalled = 0;

  constructor(build: (choice: Choice) => S, properties: readonly Property<S>[]) {
    let cells: Cells | undefined;
    this.system = build({
      pick: (n, what) => {
        cells?.asked(n);
        return this.choice.pick(n, what);
      },
    });
    const { system } = this;
    const parts = system.parts ?? [() => system.step()];
    this.reviewed = parts.length;
    this.parts = [...parts, () => system.review?.() ?? true];
    cells = new Cells(system);
    this.cells = cells;
    this.properties = properties;
    this.codes = new Codes(cells);
    this.rows = new Rows(cells.count);
    this.known = this.parts.map(() => new StepMemory(this.rows));
    this.here = new Int32Array(cells.count);
    this.begun = new Uint32Array(this.rows.width);
    this.from = this.begun.slice();
    this.row = this.begun.slice();
  }

  /** Bytes that what is known of steps takes. */
  get memory(): number {
    return this.known.reduce((sum, { memory }) => sum + memory, 0);
  }

  /** What the columns of rows mean, for `take` of a stepper of the same system. */
  give(): { readonly codes: string; readonly columns: Uint32Array } {
    return { codes: this.codes.give(), columns: this.rows.give() };
  }

  /** Before any step is taken. False: that was another system. */
  take(codes: string, columns: Uint32Array): boolean {
    if (!this.codes.take(codes)) return false;
    this.rows.take(columns);
    this.widen();
    return true;
  }

  private widen(): void {
    const { width } = this.rows;
    if (this.row.length === width) return;
    [this.begun, this.from, this.row] = [this.begun, this.from, this.row].map((row) => {
      const wider = new Uint32Array(width);
      wider.set(row);
      return wider;
    }) as [Row, Row, Row];
  }

  /** The steps that follow begin here. A row from before there were so many columns is shorter. */
  begin(row: Row): void {
    this.begun.set(row);
    this.begun.fill(0, row.length);
    this.choice.restart();
  }

  /** Takes the next step from there, but for its review: `row` and the marks are of where it leads. False: there is none. */
  next(): boolean {
    if (!this.choice.next()) return false;
    copyRow(this.row, this.begun);
    this.marks = GOES_ON;
    for (let part = 0; part < this.reviewed; part += 1) this.mark(this.takePart(part));
    return true;
  }

  get hash(): number {
    return hashOf(this.row);
  }

  /** The step has led to where it began. */
  get stays(): boolean {
    return isSameRow(this.row, this.begun);
  }

  /** Reviews where the step has led. */
  review(): void {
    this.mark(this.takePart(this.reviewed));
  }

  /** Whatever a part shows is shown; all of them must go on. */
  private mark(marks: number): void {
    this.marks = ((this.marks | marks) & ~GOES_ON) | (this.marks & marks & GOES_ON);
  }

  /** Takes `row` on by this part of a step. Returns its marks. */
  private takePart(part: number): number {
    const known = this.known[part]!, { asked } = this.choice;
    const leaf = known.find(this.row, this.choice);
    if (leaf === UNKNOWN) return this.learn(part, asked);
    this.recalled += 1;
    if (this.recalled % CHECKED === 0) this.check(part, leaf, asked);
    known.apply(leaf, this.row);
    return known.marksOf(leaf);
  }

  get goesOn(): boolean {
    return (this.marks & GOES_ON) !== 0;
  }

  /** The property of this number holds, or does not, in the way that is worth telling. */
  shows(property: number): boolean {
    return (this.marks & (1 << property)) !== 0;
  }

  private learn(part: number, asked: number): number {
    const marks = this.run(part, asked);
    this.known[part]!.learn(this.from, this.cells, this.choice.picks().slice(asked), this.here, marks);
    return marks;
  }

  /** What is known must be what happens. The row stays as it is. */
  private check(part: number, leaf: number, asked: number): void {
    const marks = this.run(part, asked);
    const ran = this.row.slice();
    copyRow(this.row, this.from);
    this.known[part]!.apply(leaf, this.row);
    const same = marks === this.known[part]!.marksOf(leaf) && isSameRow(this.row, ran);
    assert(same, 'what is known of a step is what it does');
    copyRow(this.row, this.from);
  }

  /** Runs a part of a step from `row`, which it takes on. Returns its marks. */
  private run(part: number, asked: number): number {
    const { cells, choice, properties, system } = this;
    copyRow(this.from, this.row);
    this.load();
    cells.watch();
    choice.backTo(asked);
    let marks = this.parts[part]!() ? GOES_ON : 0;
    for (let i = 0; i < properties.length; i += 1) {
      if (properties[i]!.holds(system) === (properties[i]!.kind === 'sometimes')) marks |= 1 << i;
    }
    if (this.encode()) for (const known of this.known) known.grow();
    this.write();
    return marks;
  }

  /** Brings the system to where the part begins. */
  private load(): void {
    const { cells, codes, here, rows, from } = this;
    const { varying } = rows;
    for (let i = 0; i < varying.length; i += 1) {
      const cell = varying[i]!, code = rows.codeIn(from, cell);
      if (code === here[cell]) continue;
      here[cell] = code;
      cells.set(cell, codes.valueOf(cell, code));
    }
  }

  /** Works out the codes of what was left. True: there are columns more. */
  private encode(): boolean {
    const { cells, codes, here, rows } = this;
    let grew = false;
    for (let i = 0; i < cells.changed; i += 1) {
      const cell = cells.change(i), value = cells.get(cell);
      // Most of what is written is what it was.
      if (codes.valueOf(cell, here[cell]!) === value) continue;
      here[cell] = codes.codeOf(cell, value);
      if (rows.makeRoom(cell, here[cell]!)) grew = true;
    }
    this.widen();
    return grew;
  }

  /** Puts into the row what was left. */
  private write(): void {
    const { cells, here, row, rows } = this;
    for (let i = 0; i < cells.changed; i += 1) rows.setCode(row, cells.change(i), here[cells.change(i)]!);
  }
}
