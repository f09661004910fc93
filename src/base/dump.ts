/** State as names and values: for people, for error messages, and to see what one step has changed. */
import { assert } from './assert.ts';
import { NamingVisitor } from './naming.ts';
import type { Stateful } from './state.ts';
import { bigFromWords, hex64 } from './u64.ts';

/** State as a person reads it: dotted names and values, in the order of the visit. */
export type Dump = ReadonlyMap<string, number | string>;

class Dumper extends NamingVisitor {
  readonly loading = false;
  readonly entries = new Map<string, number | string>();

  u8(name: string, value: number): number {
    return this.put(name, value);
  }

  u16(name: string, value: number): number {
    return this.put(name, value);
  }

  u32(name: string, value: number): number {
    return this.put(name, value);
  }

  count(name: string, value: number): number {
    return this.put(name, value);
  }

  time(name: string, value: number): number {
    return this.put(name, value);
  }

  /** Only what is not zero, in lines of sixteen: memory is long and mostly empty. */
  bytes(name: string, view: Uint8Array): void {
    for (let at = 0; at < view.length; at += 16) {
      const line = view.subarray(at, at + 16);
      if (line.every((byte) => byte === 0)) continue;
      const text = Array.from(line, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
      this.entries.set(`${this.whole(name)}+0x${at.toString(16)}`, text);
    }
  }

  override u64(name: string, halves: Uint32Array, at: number): void {
    this.putAs(name, hex64(bigFromWords(halves[at]!, halves[at + 1]!)));
  }

  override signed(name: string, value: number): number {
    return this.put(name, value);
  }

  override words(name: string, view: Uint32Array): void {
    for (let i = 0; i < view.length; i += 1) this.put(`${name}.${i}`, view[i]!);
  }

  override counts(name: string, view: Float64Array): void {
    for (let i = 0; i < view.length; i += 1) this.put(`${name}.${i}`, view[i]!);
  }

  private put(name: string, value: number): number {
    this.putAs(name, value);
    return value;
  }

  private putAs(name: string, value: number | string): void {
    const key = this.whole(name);
    assert(!this.entries.has(key), `two pieces of state are called ${key}`);
    this.entries.set(key, value);
  }
}

export const dump = (state: Stateful): Dump => {
  const dumper = new Dumper();
  state.serialize(dumper);
  return dumper.entries;
};

/** One piece of state that differs. An absent line of memory is undefined: it was all zeros. */
export interface Difference {
  readonly name: string;
  readonly before: number | string | undefined;
  readonly after: number | string | undefined;
}

export const diff = (before: Dump, after: Dump): Difference[] => {
  const names = new Set([...before.keys(), ...after.keys()]);
  const differences: Difference[] = [];
  for (const name of names) {
    if (before.get(name) !== after.get(name)) {
      differences.push({ name, before: before.get(name), after: after.get(name) });
    }
  }
  return differences;
};
