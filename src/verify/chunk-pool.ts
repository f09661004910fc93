/** The contents that one chunk of the state was seen with: each once, by number. */
import type { ChunkPlace } from '../base/slots.ts';
import { grown, NONE } from './growth.ts';

export class ChunkPool {
  private data: Uint32Array = new Uint32Array(1024);
  /** By content: where it begins. The next begins where it ends. */
  private starts: Uint32Array = new Uint32Array(256);
  private table: Uint32Array = new Uint32Array(512).fill(NONE);
  count = 0;

  get memory(): number {
    return this.data.byteLength + this.starts.byteLength + this.table.byteLength;
  }

  /** The number of this content; it is taken in when it is new. */
  numberOf({ buffer, start, length }: ChunkPlace): number {
    const mask = this.table.length - 1;
    let slot = hashOf(buffer, start, start + length) & mask;
    for (; this.table[slot] !== NONE; slot = (slot + 1) & mask) {
      if (this.is(this.table[slot]!, buffer, start, length)) return this.table[slot]!;
    }
    const number = this.count;
    this.table[slot] = number;
    const at = this.starts[number]!;
    this.data = grown(this.data, at + length);
    for (let i = 0; i < length; i += 1) this.data[at + i] = buffer[start + i]!;
    this.starts = grown(this.starts, number + 2);
    this.starts[number + 1] = at + length;
    this.count = number + 1;
    if (2 * this.count >= this.table.length) this.rehash(2 * this.table.length);
    return number;
  }

  /** Whether the content of this number is the same. */
  is(number: number, buffer: Uint32Array, start: number, length: number): boolean {
    const { data } = this;
    const at = this.starts[number]!;
    if (this.starts[number + 1]! - at !== length) return false;
    for (let i = 0; i < length; i += 1) if (data[at + i] !== buffer[start + i]) return false;
    return true;
  }

  /** Where the content of this number is. It stays there until the next one is taken in. */
  find(number: number, place: ChunkPlace): void {
    place.buffer = this.data;
    place.start = this.starts[number]!;
    place.length = this.starts[number + 1]! - place.start;
  }

  private rehash(size: number): void {
    const table = new Uint32Array(size).fill(NONE);
    for (let number = 0; number < this.count; number += 1) {
      let slot = hashOf(this.data, this.starts[number]!, this.starts[number + 1]!) & (size - 1);
      while (table[slot] !== NONE) slot = (slot + 1) & (size - 1);
      table[slot] = number;
    }
    this.table = table;
  }

  /** What `take` makes the same pool from. */
  give(): Uint32Array[] {
    return [this.starts.subarray(0, this.count + 1), this.data.subarray(0, this.starts[this.count])];
  }

  take(starts: Uint32Array, data: Uint32Array): void {
    this.count = starts.length - 1;
    this.starts = starts;
    this.data = data;
    let size = 512;
    while (size <= 2 * this.count) size *= 2;
    this.rehash(size);
  }
}

/** Multiplies word by word, with the bits mixed at the end. */
export function hashOf(words: Uint32Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i += 1) {
    hash = Math.imul(hash ^ words[i]!, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
