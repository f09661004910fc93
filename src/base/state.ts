/**
 * All state passes through one method. `serialize(s)` visits every piece of state once, in a fixed order; saving,
 * loading, hashing and dumping are visitors over it, so they cannot disagree about what the state is.
 *
 * The visitors are in pack.ts, hash.ts and dump.ts.
 */
/**
 * Each scalar call returns the value to keep: the argument itself, or when loading, the stored one. A view is filled in
 * place. The widths are those of the packed form, and a value outside its width is a mistake of ours.
 */
export interface Serializer {
  /** True when values come back changed; whatever is derived from them must then be worked out again. */
  readonly loading: boolean;
  flag(name: string, value: boolean): boolean;
  u8(name: string, value: number): number;
  u16(name: string, value: number): number;
  u32(name: string, value: number): number;
  /** A non-negative integer below 2^53: cycles, event counts, physical addresses. */
  count(name: string, value: number): number;
  /** An integer in (-2^50, 2^50). */
  signed(name: string, value: number): number;
  /**
   * A count that somebody will read and nothing depends on. Visitors that ask what can happen next leave it out.
   */
  statistic(name: string, value: number): number;
  /**
   * A point in time, in the unit of `now`; -1 is "never". It is stored relative to `now` where the visitor was asked
   * to, so that two states which differ only in age are one.
   */
  time(name: string, value: number): number;
  /** A 64-bit word in two halves: the low one at `at`, the high one after it. */
  u64(name: string, halves: Uint32Array, at: number): void;
  bytes(name: string, view: Uint8Array): void;
  /** Bytes whose number is part of the state, fewer than 2^32. Returns those to keep. */
  sized(name: string, bytes: Uint8Array): Uint8Array;
  words(name: string, view: Uint32Array): void;
  counts(name: string, view: Float64Array): void;
  part(name: string, part: Stateful): void;
  /** The list has a fixed length: nothing stateful is made after construction. */
  parts(name: string, parts: readonly Stateful[]): void;
}

export interface Stateful {
  serialize(s: Serializer): void;
}

/** Where `time` values are measured from. */
export type Now = () => number;
export const ABSOLUTE: Now = () => 0;
/** The `time` of what will not happen. */
export const NEVER = -1;

/** Numbers that may be negative are kept as far above 0 as they can be below it. */
const SIGNED = 2 ** 50;

/** Sized bytes are visited in pieces of so many: what is kept apart from the state of a machine is its memory, and nothing else. */
const SIZED_PIECE = 1 << 16;

/** The walk through parts, which all visitors share. */
export abstract class Visitor implements Serializer {
  abstract readonly loading: boolean;
  abstract u8(name: string, value: number): number;
  abstract u16(name: string, value: number): number;
  abstract u32(name: string, value: number): number;
  abstract count(name: string, value: number): number;
  abstract time(name: string, value: number): number;
  abstract bytes(name: string, view: Uint8Array): void;

  signed(name: string, value: number): number {
    return this.count(name, value + SIGNED) - SIGNED;
  }

  statistic(name: string, value: number): number {
    return this.count(name, value);
  }

  flag(name: string, value: boolean): boolean {
    return this.u8(name, value ? 1 : 0) !== 0;
  }

  u64(name: string, halves: Uint32Array, at: number): void {
    halves[at] = this.u32(name, halves[at]!);
    halves[at + 1] = this.u32(name, halves[at + 1]!);
  }

  sized(name: string, bytes: Uint8Array): Uint8Array {
    const length = this.u32(`${name}.length`, bytes.length);
    const kept = this.loading ? new Uint8Array(length) : bytes;
    for (let at = 0; at < length; at += SIZED_PIECE) this.bytes(`${name}.${at / SIZED_PIECE}`, kept.subarray(at, at + SIZED_PIECE));
    return kept;
  }

  words(name: string, view: Uint32Array): void {
    for (let i = 0; i < view.length; i += 1) view[i] = this.u32(name, view[i]!);
  }

  counts(name: string, view: Float64Array): void {
    for (let i = 0; i < view.length; i += 1) view[i] = this.count(name, view[i]!);
  }

  part(_name: string, part: Stateful): void {
    part.serialize(this);
  }

  parts(name: string, parts: readonly Stateful[]): void {
    for (const part of parts) this.part(name, part);
  }
}
