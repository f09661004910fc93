/**
 * The part of the table's language that speaks of packed values: XMM registers, their lanes, and 16 bytes of memory at once.
 * Lanes are told by their width in bytes.
 */
import { assert } from '../../base/assert.ts';
import type { Width } from '../registers.ts';
import type { FloatOperation, FloatWidth } from '../simd/operation.ts';
import type { LaneOperation } from './lane.ts';
import type { Place } from './lift.ts';
import type { Packed, Word, WordLike } from './recorder.ts';
import { Words } from './words.ts';

export abstract class PackedWords extends Words {
  abstract address(): Word;
  abstract read(place: Place): Word;

  /** Faults unless software has made the XMM registers usable: #UD, or #NM for a lazy switch of tasks. */
  simd(): void {
    this.effect('simd', []);
  }

  /** A register or memory; what is not there of 128 bits is zero. SDM: operands of 16 bytes are aligned, unless it says otherwise. */
  readPacked(place: Place, alignment = 16): Packed {
    if (place.kind === 'xmm') return this.packedOf('xmm', [], { n: place.slot });
    if (place.kind === 'packed memory') return this.packedOf('loadPacked', [this.address()], { n: alignment, via: 'operand' });
    return this.packed(this.read(place), 0);
  }

  /** An XMM register that no operand names. */
  vector(n: number): Packed {
    return this.packedOf('vector', [], { n });
  }

  setVector(n: number, value: Packed): void {
    this.effect('setVector', [value], { n });
  }

  writePacked(place: Place, value: Packed, alignment = 16): void {
    if (place.kind === 'xmm') return this.effect('setXmm', [value], { n: place.slot });
    assert(place.kind === 'packed memory', 'all 128 bits are written');
    this.effect('storePacked', [this.address(), value], { n: alignment, via: 'operand' });
  }

  /** Faults unless MMX registers may be used, which are the x87 FPU's: #UD, #NM, or #MF for an exception that is pending there. */
  mmx(): void {
    this.effect('mmx', []);
  }

  /** From now on they are MMX registers: TOP is 0, and all are in use. */
  enterMmx(): void {
    this.effect('mmxState', [], { n: 0xff });
  }

  /** All of the x87 FPU's registers are empty. */
  leaveMmx(): void {
    this.effect('mmxState', [], { n: 0 });
  }

  /** Writes an MMX register, and with it ones where the number has its sign and exponent. */
  writeMmx(place: Place, value: WordLike): void {
    this.effect('setMmx', [value], { n: place.slot });
  }

  /** Two words put together. */
  packed(low: WordLike, high: WordLike): Packed {
    return this.packedOf('packed', [low, high]);
  }

  /** The low bytes of a register; the others stay. */
  writeLow(place: Place, value: WordLike, width: Width): void {
    this.effect('setXmmLow', [value], { n: place.slot, width });
  }

  zeros(): Packed {
    return this.packed(0, 0);
  }

  lane(a: Packed, n: number, width: Width): Word {
    return this.word('lane', [a], { n, width });
  }

  withLane(a: Packed, value: WordLike, n: number, width: Width): Packed {
    return this.packedOf('withLane', [a, value], { n, width });
  }

  /** The topmost bit of each lane. */
  signs(a: Packed, width: Width): Word {
    return this.word('signs', [a], { width });
  }

  /** Each lane of `a` with that of `b`. */
  each(operation: LaneOperation, a: Packed, b: Packed, width: Width): Packed {
    return this.packedOf('lanes', [a, b], { each: operation, width });
  }

  /** Each lane by the same count. */
  shifted(operation: LaneOperation, a: Packed, count: WordLike, width: Width): Packed {
    return this.packedOf('shift', [a, count], { each: operation, width });
  }

  /** Lanes of `a` and, from 16 / width on, of `b`, in this order. */
  arranged(a: Packed, b: Packed, order: readonly number[], width: Width): Packed {
    let value = 0n;
    for (const [i, lane] of order.entries()) {
      for (let byte = 0; byte < width; byte += 1) value |= BigInt(lane * width + byte) << BigInt(8 * (i * width + byte));
    }
    return this.packedOf('bytes', [a, b], { value });
  }

  /** Of the first `lanes` lanes of both; the rest is that of `a`. What has one operand takes the second. */
  float(operation: FloatOperation, a: Packed, b: Packed, width: FloatWidth, lanes: number, choice: WordLike = 0): Packed {
    return this.packedOf('float', [a, b, choice], { number: operation, width, n: lanes });
  }

  /** SDM, "DPPS", "DPPD": which products are summed, and where the sum goes, are bits of the choice. */
  dot(a: Packed, b: Packed, width: FloatWidth, choice: WordLike): Packed {
    return this.packedOf('dot', [a, b, choice], { width });
  }

  /** Lane 0 from a signed integer of so many bytes. */
  floatOf(a: Packed, value: Word, width: FloatWidth, bytes: Width): Packed {
    return this.packedOf('floatOf', [a, value], { width, n: bytes });
  }

  /** Lane 0 as a signed integer of so many bytes. */
  integerOf(a: Packed, width: FloatWidth, bytes: Width, truncate: boolean): Word {
    return this.word(truncate ? 'truncated' : 'integerOf', [a], { width, n: bytes });
  }

  /** How the numbers in lane 0 compare, as status flags. */
  order(a: Packed, b: Packed, width: FloatWidth, quiet: boolean): Word {
    return this.word('order', [a, b], { width, n: quiet ? 1 : 0 });
  }

  /**
   * SDM, "String Comparison Instructions": IntRes2 of two strings, whose numbers of elements are the low bytes of `lengths`, under the
   * low bits of the constant.
   */
  matches(a: Packed, b: Packed, lengths: WordLike, choice: WordLike): Word {
    return this.word('matches', [a, b, lengths, choice]);
  }

  mxcsr(): Word {
    return this.word('mxcsr');
  }

  setMxcsr(value: Word): void {
    this.effect('setMxcsr', [value]);
  }

  /** From lane `first` on, four lanes become those of these four that pairs of bits of `choice` name; the others stay. */
  chosen(a: Packed, choice: WordLike, width: Width, first = 0): Packed {
    return this.packedOf('permute', [a, choice], { width, n: first });
  }
}
