/**
 * State as 32-bit slots, for those who save and load it millions of times: fields in the order in which `serialize` visits them, a
 * slot each or two, and without what nothing depends on. Two states with the same slots go on in the same way.
 *
 * The slots lie in chunks: parts of a handy size, and in chunk 0 whatever is outside of them. A step changes few chunks, so who
 * keeps states can keep each chunk's content once, and who goes back to a state loads only the chunks that are different there.
 *
 * It is one class for both directions, so that the calls in `serialize` have one target and the engine can inline them.
 *
 * What a part works out from its state when it is loaded must follow from that state alone: parts that are the same are not loaded.
 */
import { assert } from './assert.ts';
import { NEVER, type Stateful, Visitor } from './state.ts';

/** A part with so many slots is a chunk of its own, unless it is in one already. Smaller ones are in chunk 0. */
const LEAST = 8;
const MOST = 64;
/** A chunk has far fewer: its size may change, but nothing of it is memory of a machine. */
const CAPACITY = 1 << 14;
const TWO_32 = 2 ** 32;
const SIGNED = 2 ** 50;
/** The part is no chunk: it is inside of one, or in chunk 0. */
const NO_CHUNK = -1;

/** The content of a chunk: `length` slots of `buffer`, from `start` on. */
export interface ChunkPlace { buffer: Uint32Array; start: number; length: number }

/** By part, in the order in which they are visited: its chunk, and the part that is visited after all that is inside of it. */
interface Layout {
  readonly chunkOf: readonly number[];
  readonly after: readonly number[];
  /** By chunk: the part that it is; chunk 0 is the whole system. */
  readonly parts: readonly Stateful[];
}

export class Slots extends Visitor {
  loading = false;
  private readonly layout: Layout;
  private readonly scratch: readonly Uint32Array[];
  /** By chunk: what `save` has found. */
  readonly saved: readonly ChunkPlace[];
  /** By chunk: what `load` takes; undefined where the system has it already. */
  private source: readonly (ChunkPlace | undefined)[] = [];
  private slots: Uint32Array;
  private at = 0;
  private nextPart = 0;
  /** In a chunk other than chunk 0: there are no chunks in it, and nobody counts its parts. */
  private inside = false;

  constructor(system: Stateful) {
    super();
    this.layout = layoutOf(system);
    this.scratch = this.layout.parts.map(() => new Uint32Array(CAPACITY));
    this.saved = this.scratch.map((buffer) => ({ buffer, start: 0, length: 0 }));
    this.slots = this.scratch[0]!;
  }

  get chunks(): number {
    return this.layout.parts.length;
  }

  /** The result is in `saved`, until the next one. */
  save(): void {
    this.loading = false;
    this.slots = this.scratch[0]!;
    this.at = 0;
    this.nextPart = 0;
    this.layout.parts[0]!.serialize(this);
    this.ends(0, 0);
    assert(this.nextPart === this.layout.chunkOf.length, 'a system always has the same parts');
  }

  /** A chunk that is left out must be as it is in the system. */
  load(source: readonly (ChunkPlace | undefined)[]): void {
    const { parts } = this.layout;
    const rest = source[0];
    this.loading = true;
    this.source = source;
    if (rest === undefined) {
      // Chunk 0 lies around the others: when it is the same, there is no need to walk through it.
      for (let chunk = 1; chunk < parts.length; chunk += 1) {
        const place = source[chunk];
        if (place !== undefined) this.chunk(chunk, place, parts[chunk]!);
      }
    } else {
      this.nextPart = 0;
      this.chunk(0, rest, parts[0]!);
    }
    this.loading = false;
  }

  private chunk(chunk: number, { buffer, start }: ChunkPlace, part: Stateful): void {
    this.slots = buffer;
    this.at = start;
    this.inside = chunk !== 0;
    part.serialize(this);
    this.inside = false;
    this.ends(chunk, start);
  }

  override part(_name: string, part: Stateful): void {
    if (this.inside) return part.serialize(this);
    const index = this.nextPart;
    this.nextPart = index + 1;
    const chunk = this.layout.chunkOf[index]!;
    if (chunk === NO_CHUNK) part.serialize(this);
    else this.visit(chunk, index, part);
  }

  private visit(chunk: number, index: number, part: Stateful): void {
    const { slots, at } = this;
    const place = this.loading ? this.source[chunk] : this.saved[chunk];
    this.nextPart = this.layout.after[index]!;
    if (place === undefined) return;
    this.chunk(chunk, place, part);
    this.slots = slots;
    this.at = at;
  }

  private ends(chunk: number, start: number): void {
    const length = this.at - start;
    if (this.loading) assert(length === this.source[chunk]!.length, `chunk ${chunk} was saved as it is loaded`);
    else {
      assert(length <= CAPACITY, `chunk ${chunk} has ${length} slots`);
      this.saved[chunk]!.length = length;
    }
  }

  override flag(_name: string, value: boolean): boolean {
    const { at } = this;
    this.at = at + 1;
    if (this.loading) return this.slots[at] !== 0;
    this.slots[at] = value ? 1 : 0;
    return value;
  }

  override statistic(_name: string, value: number): number {
    return value;
  }

  u8(name: string, value: number): number {
    return this.u32(name, value);
  }

  u16(name: string, value: number): number {
    return this.u32(name, value);
  }

  u32(name: string, value: number): number {
    const { at } = this;
    this.at = at + 1;
    if (this.loading) return this.slots[at]!;
    this.slots[at] = value;
    if (value >>> 0 !== value) assert(false, `${name} = ${value} has 32 bits`);
    return value;
  }

  count(name: string, value: number): number {
    const { at, slots } = this;
    this.at = at + 2;
    if (this.loading) return slots[at + 1] === 0 ? slots[at]! : slots[at + 1]! * TWO_32 + slots[at]!;
    if (value >>> 0 === value) {
      slots[at] = value;
      slots[at + 1] = 0;
      return value;
    }
    assert(Number.isSafeInteger(value) && value >= 0, `${name} = ${value} is not a count`);
    slots[at] = value % TWO_32;
    slots[at + 1] = Math.floor(value / TWO_32);
    return value;
  }

  override signed(name: string, value: number): number {
    return this.count(name, value + SIGNED) - SIGNED;
  }

  time(name: string, value: number): number {
    return this.count(name, value - NEVER) + NEVER;
  }

  /** Four to a slot. */
  bytes(_name: string, view: Uint8Array): void {
    const { slots } = this;
    let { at } = this;
    for (let i = 0; i < view.length; i += 4, at += 1) {
      if (this.loading) {
        const four = slots[at]!;
        // Past the end of a typed array nothing is written, and 0 is read.
        view[i] = four;
        view[i + 1] = four >>> 8;
        view[i + 2] = four >>> 16;
        view[i + 3] = four >>> 24;
      } else slots[at] = view[i]! | ((view[i + 1] ?? 0) << 8) | ((view[i + 2] ?? 0) << 16) | ((view[i + 3] ?? 0) << 24);
    }
    this.at = at;
  }

  override words(_name: string, view: Uint32Array): void {
    const { slots, at } = this;
    this.at = at + view.length;
    if (this.loading) for (let i = 0; i < view.length; i += 1) view[i] = slots[at + i]!;
    else for (let i = 0; i < view.length; i += 1) slots[at + i] = view[i]!;
  }
}

/** Finds how many slots each part has. */
class Measure extends Visitor {
  readonly loading = false;
  private slots = 0;
  readonly visited: Stateful[] = [];
  /** By part: its slots, and the part after it. */
  readonly sizes: number[] = [];
  readonly after: number[] = [];

  override part(_name: string, part: Stateful): void {
    const index = this.sizes.push(0) - 1, before = this.slots;
    this.after.push(0);
    this.visited.push(part);
    part.serialize(this);
    this.sizes[index] = this.slots - before;
    this.after[index] = this.sizes.length;
  }

  override statistic(_name: string, value: number): number {
    return value;
  }

  private add(slots: number, value: number): number {
    this.slots += slots;
    return value;
  }

  u8 = (_name: string, value: number): number => this.add(1, value);
  u16 = (_name: string, value: number): number => this.add(1, value);
  u32 = (_name: string, value: number): number => this.add(1, value);
  count = (_name: string, value: number): number => this.add(2, value);
  time = (_name: string, value: number): number => this.add(2, value);
  bytes = (_name: string, view: Uint8Array): void => void this.add(Math.ceil(view.length / 4), 0);
}

function layoutOf(system: Stateful): Layout {
  const measure = new Measure();
  system.serialize(measure);
  const { sizes, after } = measure;
  const chunkOf = sizes.map(() => NO_CHUNK);
  const parts = [system];
  for (let part = 0; part < sizes.length;) {
    const size = sizes[part]!;
    if (size >= LEAST && size <= MOST) chunkOf[part] = parts.push(measure.visited[part]!) - 1;
    // What is inside of a chunk, or of something too small, is looked at no more.
    part = size > MOST ? part + 1 : after[part]!;
  }
  return { chunkOf, after, parts };
}
