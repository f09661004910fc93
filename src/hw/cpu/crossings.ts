/**
 * Instructions that lie on two pages. What they are depends on two translations, so they are in no block: each time both pages are looked
 * up, and only where the bytes are not what they were is anything decoded.
 */
import type { Decoded, NotDecoded } from '../../x86/isa/decode.ts';

/** An instruction that is no block's. */
export interface Single { readonly record: number; readonly decoded: Decoded | NotDecoded }

export interface Crossing extends Single {
  readonly bytes: Uint8Array;
  /** How many of its bytes are on the first page. */
  readonly first: number;
}

/** So many are kept: a kernel has some thousand. */
const MOST = 1 << 14;

/** Those of 64-bit mode, by where they begin in linear memory. */
export class Crossings {
  private readonly u8: Uint8Array;
  private readonly known = new Map<number, Crossing>();

  constructor(u8: Uint8Array) {
    this.u8 = u8;
  }

  /** The one that begins at `host`, if on the first page its bytes are what they were: then it needs the second as it did. */
  at(host: number): Crossing | undefined {
    const crossing = this.known.get(host);
    return crossing !== undefined && this.same(crossing.bytes, 0, crossing.first, host) ? crossing : undefined;
  }

  /** On the second page, at `host`, its bytes are what they were too. */
  goesOn({ bytes, first }: Crossing, host: number): boolean {
    return this.same(bytes, first, bytes.length, host);
  }

  keep(host: number, crossing: Crossing): void {
    if (this.known.size === MOST) this.known.clear();
    this.known.set(host, crossing);
  }

  forgetAll(): void {
    this.known.clear();
  }

  private same(bytes: Uint8Array, from: number, to: number, host: number): boolean {
    for (let i = from; i < to; i += 1) if (this.u8[host + i - from] !== bytes[i]) return false;
    return true;
  }
}
