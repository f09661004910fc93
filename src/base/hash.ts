/** State as sixteen hexadecimal digits: two runs are the same run when these are. */
import { ABSOLUTE, NEVER, type Now, type Stateful, Visitor } from './state.ts';

const LANE_A = 0x85ebca6b;
const LANE_B = 0xc2b2ae35;

/** Sixty-four bits of digest in two 32-bit lanes. Not cryptographic: it tells states apart, it guards nothing. */
export class Hasher extends Visitor {
  readonly loading = false;
  private a = 0;
  private b = 0;
  private readonly now: Now;

  constructor(now: Now = ABSOLUTE) {
    super();
    this.now = now;
  }

  /** Sixteen hexadecimal digits. */
  hash(state: Stateful): string {
    this.a = 0x243f6a88;
    this.b = 0x85a308d3;
    state.serialize(this);
    return this.digest(this.a, this.b) + this.digest(this.b, this.a);
  }

  u8(_name: string, value: number): number {
    this.mix(value);
    return value;
  }

  u16(_name: string, value: number): number {
    this.mix(value);
    return value;
  }

  u32(_name: string, value: number): number {
    this.mix(value);
    return value;
  }

  count(_name: string, value: number): number {
    this.mix(value >>> 0);
    this.mix(Math.floor(value / 0x1_0000_0000));
    return value;
  }

  time(name: string, value: number): number {
    this.count(name, value === NEVER ? Number.MAX_SAFE_INTEGER : value - this.now());
    return value;
  }

  bytes(_name: string, view: Uint8Array): void {
    let i = 0;
    if (view.byteOffset % 4 === 0) {
      const words = new Uint32Array(view.buffer, view.byteOffset, view.length >>> 2);
      this.mixWords(words);
      i = words.length * 4;
    }
    for (; i < view.length; i += 1) this.mix(view[i]!);
  }

  private mix(word: number): void {
    this.a = Math.imul((this.a ^ word) >>> 0, LANE_A) ^ (this.b >>> 13);
    this.b = (Math.imul(this.b, LANE_B) + (word ^ (this.a >>> 16))) | 0;
  }

  /** Memory is mostly zeros: a run of them is counted and mixed once. */
  private mixWords(words: Uint32Array): void {
    let zeros = 0;
    for (let i = 0; i < words.length; i += 1) {
      if (words[i] === 0) {
        zeros += 1;
        continue;
      }
      if (zeros > 0) this.mixZeros(zeros);
      zeros = 0;
      this.mix(words[i]!);
    }
    if (zeros > 0) this.mixZeros(zeros);
  }

  /** No other word is mixed as 0 in a run, so a run is not mistaken for words. */
  private mixZeros(run: number): void {
    this.mix(0);
    this.mix(run);
  }

  private digest(a: number, b: number): string {
    let mixed = a ^ (b >>> 7);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
    return ((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, '0');
  }
}

export const hash = (state: Stateful): string => new Hasher().hash(state);
