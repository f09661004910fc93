/**
 * The state of a running system as numbered cells: a field that loading sets is one, and so is every element of an array that
 * `serialize` visits. What follows from the state when it is loaded is among them. They are found by watching the system load what
 * it already has; statistics are left out.
 *
 * From then on the system's fields are accessors, so that it is known what a step reads before it writes it, and what it writes.
 * Who goes to another state sets the cells that are different there, and nothing else: `serialize` is not called again.
 *
 * Objects with a class hold state; objects without one are values, which are replaced and never changed.
 */
import { assert } from './assert.ts';
import { type Stateful, Visitor } from './state.ts';

type Words = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
type Fields = Record<string, unknown>;

const READ = 1;
const WRITTEN = 2;
/** Questions in one step. */
const MOST_PICKS = 256;

/** A field of an object; of a list, an element. */
interface Place { readonly object: Fields; readonly key: string }

export class Cells {
  /** The objects that the system consists of, in an order that follows from how it is built. */
  readonly objects: readonly object[];
  /** By cell of a field: its value. */
  private readonly values: unknown[] = [];
  private readonly arrays: readonly Words[];
  /** By array: its first cell. The cells of arrays are behind those of fields. */
  private readonly starts: number[] = [];
  /** By cell of an array: which array. */
  private readonly arrayOf: number[] = [];
  readonly count: number;

  private readonly marks: Uint8Array;
  private readonly log: Int32Array;
  private logged = 0;
  private readonly changes: Int32Array;
  /** Cells that were written. */
  changed = 0;

  constructor(system: Stateful) {
    const objects = reachable(system);
    this.objects = objects;
    const places = objects.filter(hasClass).flatMap(fieldsOf);
    const { set, arrays } = watchLoading(system, places);
    const holders = objects.flatMap((object) => holdersOf(object, arrays));
    this.arrays = [...arrays];
    this.count = set.length + this.arrays.reduce((sum, { length }) => sum + length, 0);
    this.marks = new Uint8Array(this.count);
    this.log = new Int32Array(this.count + MOST_PICKS);
    this.changes = new Int32Array(this.count);
    for (const place of set) this.takeField(place);
    for (const array of this.arrays) {
      this.starts.push(this.values.length + this.arrayOf.length);
      for (const _element of array) this.arrayOf.push(this.starts.length - 1);
    }
    const watched = this.arrays.map((array, i) => (array instanceof Float64Array ? this.watchedArray(array, this.starts[i]!) : undefined));
    for (const place of holders) {
      const index = this.arrays.indexOf(place.object[place.key] as Words);
      this.takeArray(place, this.arrays[index]!, watched[index], this.starts[index]!);
    }
    for (const object of objects) if (hasClass(object)) makeFast(object);
  }

  private takeField({ object, key }: Place): void {
    const { values, marks } = this;
    const cell = values.push(object[key]) - 1;
    Object.defineProperty(object, key, {
      configurable: true, enumerable: true,
      get: () => {
        if (marks[cell] === 0) this.reads(cell);
        return values[cell];
      },
      set: (value: unknown) => {
        if (marks[cell]! < WRITTEN) this.writes(cell);
        values[cell] = value;
      },
    });
  }

  /**
   * Counts change one by one: who holds them is given what stands for them, which sees each element. Other arrays are watched as a
   * whole, which costs less, and takes more for read than was.
   */
  private takeArray({ object, key }: Place, array: Words, watched: Words | undefined, start: number): void {
    if (watched !== undefined) Object.defineProperty(object, key, { configurable: true, enumerable: true, value: watched });
    else {
      Object.defineProperty(object, key, {
        configurable: true, enumerable: true,
        get: () => {
          this.touches(array, start);
          return array;
        },
      });
    }
  }

  /** Whoever has the array may read and write every element. */
  private touches(array: Words, start: number): void {
    if (this.marks[start] === (READ | WRITTEN)) return;
    for (let cell = start; cell < start + array.length; cell += 1) {
      this.reads(cell);
      this.writes(cell);
    }
  }

  private watchedArray(array: Float64Array, start: number): Float64Array {
    return new Proxy(array, {
      get: (_array, key) => {
        const index = indexIn(array, key);
        if (index !== NO_INDEX) {
          this.reads(start + index);
          return array[index];
        }
        const value: unknown = Reflect.get(array, key, array);
        return typeof value !== 'function' ? value : (...args: unknown[]): unknown => {
          this.touches(array, start);
          return Reflect.apply(value, array, args);
        };
      },
      set: (_array, key, value) => {
        const index = indexIn(array, key);
        assert(index !== NO_INDEX, 'it is an element that is set');
        this.writes(start + index);
        array[index] = value as number;
        return true;
      },
    });
  }

  private reads(cell: number): void {
    if (this.marks[cell] !== 0) return;
    this.marks[cell] = READ;
    this.log[this.logged++] = cell;
  }

  private writes(cell: number): void {
    const mark = this.marks[cell]!;
    if (mark >= WRITTEN) return;
    this.marks[cell] = mark | WRITTEN;
    this.changes[this.changed++] = cell;
  }

  get(cell: number): unknown {
    const { length } = this.values;
    if (cell < length) return this.values[cell];
    const array = this.arrayOf[cell - length]!;
    return this.arrays[array]![cell - this.starts[array]!];
  }

  /** It counts neither as read nor as written. */
  set(cell: number, value: unknown): void {
    const { length } = this.values;
    if (cell < length) this.values[cell] = value;
    else {
      const array = this.arrayOf[cell - length]!;
      this.arrays[array]![cell - this.starts[array]!] = value as number;
    }
  }

  // What was read and written since.

  watch(): void {
    const { marks, log, changes } = this;
    for (let i = 0; i < this.logged; i += 1) if (log[i]! >= 0) marks[log[i]!] = 0;
    for (let i = 0; i < this.changed; i += 1) marks[changes[i]!] = 0;
    this.logged = 0;
    this.changed = 0;
  }

  /** A question with so many answers was asked. */
  asked(answers: number): void {
    this.log[this.logged++] = -answers;
  }

  get length(): number {
    return this.logged;
  }

  /** In the order in which it happened: the cell that was read, or, below 0, with how many answers a question was asked. */
  at(index: number): number {
    return this.log[index]!;
  }

  /** One of the cells that were written. */
  change(index: number): number {
    return this.changes[index]!;
  }
}

const hasClass = (object: object): boolean => {
  const prototype = Object.getPrototypeOf(object) as unknown;
  return prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null;
};

const NO_INDEX = -1;
const ZERO = '0'.charCodeAt(0);
/** The element that the key of a property means. Most are of one digit, and are asked for often. */
function indexIn(array: Words, key: string | symbol): number {
  if (typeof key !== 'string') return NO_INDEX;
  const index = key.length === 1 ? key.charCodeAt(0) - ZERO : Number(key);
  return index >= 0 && index < array.length ? index : NO_INDEX;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Depth first, each once, without what an array of numbers consists of. */
function reachable(root: object): object[] {
  const seen = new Set<object>([root]);
  for (const object of seen) {
    for (const value of Object.values(object)) {
      if (isObject(value) && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) seen.add(value);
    }
  }
  return [...seen];
}

function fieldsOf(object: object): Place[] {
  return Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([, { writable, configurable }]) => writable && configurable)
    .filter(([, { value }]) => typeof value !== 'function' && !ArrayBuffer.isView(value))
    .map(([key]) => ({ object: object as Fields, key }));
}

const holdersOf = (object: object, arrays: ReadonlySet<Words>): Place[] =>
  Object.entries(object).filter(([, value]) => arrays.has(value as Words)).map(([key]) => ({ object: object as Fields, key }));

/** Loads what the system has. The fields that were set, but for statistics, and the arrays that were visited. */
function watchLoading(system: Stateful, places: readonly Place[]): { readonly set: readonly Place[]; readonly arrays: ReadonlySet<Words> } {
  const visitor = new Reloading();
  const set = new Set<Place>();
  for (const place of places) {
    const { object, key } = place;
    let value = object[key];
    Object.defineProperty(object, key, {
      configurable: true, enumerable: true,
      get: () => value,
      set: (to: unknown) => {
        if (!visitor.isStatistic) set.add(place);
        visitor.isStatistic = false;
        value = to;
      },
    });
  }
  system.serialize(visitor);
  for (const { object, key } of places) {
    Object.defineProperty(object, key, { configurable: true, enumerable: true, writable: true, value: object[key] });
  }
  return { set: [...set], arrays: visitor.arrays };
}

/** Loads what is there. */
class Reloading extends Visitor {
  readonly loading = true;
  readonly arrays = new Set<Words>();
  /** The field that is set next is one. */
  isStatistic = false;

  private same<T>(value: T): T {
    this.isStatistic = false;
    return value;
  }

  override statistic(_name: string, value: number): number {
    this.isStatistic = true;
    return value;
  }

  override signed = (_name: string, value: number): number => this.same(value);
  u8 = (_name: string, value: number): number => this.same(value);
  u16 = (_name: string, value: number): number => this.same(value);
  u32 = (_name: string, value: number): number => this.same(value);
  count = (_name: string, value: number): number => this.same(value);
  time = (_name: string, value: number): number => this.same(value);
  bytes = (_name: string, view: Uint8Array): void => void this.arrays.add(this.same(view));
  override words = (_name: string, view: Uint32Array): void => void this.arrays.add(this.same(view));
  override counts = (_name: string, view: Float64Array): void => void this.arrays.add(this.same(view));
  override u64 = (_name: string, halves: Uint32Array): void => void this.arrays.add(this.same(halves));
}

/**
 * V8 keeps an object whose fields were redefined as a table, until something is read through it as the prototype of another: then it
 * is laid out anew, for speed. A step takes a fifth of the time.
 */
function makeFast(object: object): void {
  const heir = Object.create(object) as Record<string, unknown>;
  for (let times = 0; times < READS; times += 1) assert(readNothing(heir) === undefined, 'there is no such field');
}

/** So often one place must read before V8 looks. */
const READS = 3;
const readNothing = (heir: Record<string, unknown>): unknown => heir['no such field'];
