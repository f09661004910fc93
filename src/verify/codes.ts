/**
 * The values of each cell as small numbers, in the order in which they are first seen: what the system has at first is 0. Objects
 * that the system consists of are told apart by which one it is, other objects by what is in them.
 */
import { assert } from '../base/assert.ts';
import type { Cells } from '../base/cells.ts';

/** How a value is written down: it is itself, or nothing, or the object of the system with this number, or any other. */
type Written = number | boolean | string | null | { readonly of: number } | { readonly is: string };

export class Codes {
  private readonly system: ReadonlyMap<unknown, number>;
  private readonly objects: readonly object[];
  private readonly codes: readonly Map<unknown, number>[];
  private readonly values: readonly unknown[][];
  /** What is in objects that were seen. */
  private readonly texts = new WeakMap<object, string>();

  constructor(cells: Cells) {
    this.objects = cells.objects;
    this.system = new Map(cells.objects.map((object, i) => [object, i]));
    this.codes = Array.from({ length: cells.count }, () => new Map<unknown, number>());
    this.values = this.codes.map((_, cell) => [cells.get(cell)]);
    for (const [cell, [value]] of this.values.entries()) this.codes[cell]!.set(this.keyOf(value), 0);
  }

  codeOf(cell: number, value: unknown): number {
    const codes = this.codes[cell]!;
    const key = typeof value === 'object' ? this.keyOf(value) : value;
    let code = codes.get(key);
    if (code === undefined) {
      code = this.values[cell]!.push(value) - 1;
      codes.set(key, code);
    }
    return code;
  }

  valueOf(cell: number, code: number): unknown {
    return this.values[cell]![code];
  }

  private keyOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const known = this.texts.get(value);
    if (known !== undefined) return known;
    if (this.isPart(value)) return value;
    const text = textOf(value);
    // It stays so, and stands for all that are like it.
    this.texts.set(Object.freeze(value), text);
    return text;
  }

  private isPart(value: object): boolean {
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    assert(isPlain || this.system.has(value), 'an object with a class is a part of the system');
    return !isPlain;
  }

  /** All of it, as text, for `take`. */
  give(): string {
    return JSON.stringify(this.values.map((values) => values.map((value) => this.written(value))));
  }

  private written(value: unknown): Written {
    if (value === undefined) return null;
    if (typeof value !== 'object' || value === null) return value as Written;
    return this.isPart(value) ? { of: this.system.get(value)! } : { is: textOf(value) };
  }

  /** False: the system has other cells, or other values in them at first. */
  take(text: string): boolean {
    const taken = JSON.parse(text) as readonly (readonly Written[])[];
    if (taken.length !== this.codes.length) return false;
    for (const [cell, written] of taken.entries()) {
      for (const [code, each] of written.entries()) if (this.codeOf(cell, this.read(each)) !== code) return false;
    }
    return true;
  }

  private read(written: Written): unknown {
    if (written === null) return undefined;
    if (typeof written !== 'object') return written;
    return 'of' in written ? this.objects[written.of] : objectOf(written.is);
  }
}

const BIG = /^-?\d+n$/;
/** JSON, in which a bigint is a list of what it is written like. */
const textOf = (value: object): string => JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? [`${each}n`] : each));
const objectOf = (text: string): unknown => JSON.parse(text, (_key, each: unknown) => {
  const [only, ...more] = Array.isArray(each) ? each as unknown[] : [];
  return typeof only === 'string' && more.length === 0 && BIG.test(only) ? BigInt(only.slice(0, -1)) : each;
});
