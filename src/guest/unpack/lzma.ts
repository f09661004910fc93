/** LZMA: a range coder with adaptive bits, which say literals and matches. Igor Pavlov, "LZMA specification". */
import { ImageError } from '../image.ts';

const EVEN = 1024;
const PROBABILITY_BITS = 11;
const MOVE = 5;
const TOP = 2 ** 24;
const STATES = 12;
/** States below it follow a literal. */
const LITERAL_STATES = 7;
const POSITIONS = 16;
const MATCH_LEAST = 2;

/** Bits that are said one after the other, each with a probability by what came before it. */
class RangeCoder {
  private bytes: Uint8Array = new Uint8Array();
  private at = 0;
  private range = 0;
  private code = 0;

  start(bytes: Uint8Array): void {
    if (bytes.length < 5 || bytes[0] !== 0) throw new ImageError('a chunk of LZMA does not begin as one does');
    this.bytes = bytes;
    this.range = 0xffff_ffff;
    this.code = ((bytes[1]! << 24) | (bytes[2]! << 16) | (bytes[3]! << 8) | bytes[4]!) >>> 0;
    this.at = 5;
  }

  bit(probabilities: Uint16Array, index: number): number {
    const probability = probabilities[index]!;
    const bound = Math.imul(this.range >>> PROBABILITY_BITS, probability) >>> 0;
    if (this.code < bound) {
      this.range = bound;
      probabilities[index] = probability + ((2 ** PROBABILITY_BITS - probability) >>> MOVE);
      if (bound < TOP) this.shift();
      return 0;
    }
    this.range = (this.range - bound) >>> 0;
    this.code = (this.code - bound) >>> 0;
    probabilities[index] = probability - (probability >>> MOVE);
    if (this.range < TOP) this.shift();
    return 1;
  }

  /** Bits whose probability nobody kept, the highest first. */
  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      this.range >>>= 1;
      const bit = this.code >= this.range ? 1 : 0;
      if (bit === 1) this.code = (this.code - this.range) >>> 0;
      if (this.range < TOP) this.shift();
      value = value * 2 + bit;
    }
    return value;
  }

  /** A number of so many bits, by a tree of probabilities that begins at `base`; the highest bit first. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i += 1) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** The same with the lowest bit first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1, value = 0;
    for (let i = 0; i < bits; i += 1) {
      const bit = this.bit(probabilities, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  private shift(): void {
    // What stands behind the end does not matter: a chunk that needs it is wrong, and its bytes will be.
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.bytes[this.at] ?? 0)) >>> 0;
    this.at += 1;
  }
}

const evenly = (count: number): Uint16Array => new Uint16Array(count).fill(EVEN);

/** How long a match is: three ranges, each with its tree. */
class Lengths {
  private readonly choice = evenly(2);
  private readonly low = evenly(POSITIONS << 3);
  private readonly middle = evenly(POSITIONS << 3);
  private readonly high = evenly(256);

  reset(): void {
    for (const probabilities of [this.choice, this.low, this.middle, this.high]) probabilities.fill(EVEN);
  }

  read(coder: RangeCoder, position: number): number {
    if (coder.bit(this.choice, 0) === 0) return coder.tree(this.low, position << 3, 3);
    if (coder.bit(this.choice, 1) === 0) return 8 + coder.tree(this.middle, position << 3, 3);
    return 16 + coder.tree(this.high, 0, 8);
  }
}

export class Lzma {
  /** Where the dictionary begins in the output: nothing before it is repeated. */
  dictionary: number;
  private readonly out: Uint8Array;
  private readonly coder = new RangeCoder();
  private state = 0;
  private readonly distances = [0, 0, 0, 0];
  private lc = 0;
  private lp = 0;
  private pb = 0;
  private readonly isMatch = evenly(STATES * POSITIONS);
  private readonly isRepeat = evenly(STATES);
  private readonly isRepeat0 = evenly(STATES);
  private readonly isRepeat1 = evenly(STATES);
  private readonly isRepeat2 = evenly(STATES);
  private readonly isLongRepeat0 = evenly(STATES * POSITIONS);
  private readonly slots = evenly(4 << 6);
  private readonly closeBits = evenly(128);
  private readonly alignBits = evenly(16);
  private readonly matchLengths = new Lengths();
  private readonly repeatLengths = new Lengths();
  private literals = evenly(0x300);

  constructor(out: Uint8Array, dictionary: number) {
    this.out = out;
    this.dictionary = dictionary;
  }

  setProperties(lc: number, lp: number, pb: number): void {
    this.lc = lc;
    this.lp = lp;
    this.pb = pb;
    this.literals = evenly(0x300 << (lc + lp));
  }

  reset(): void {
    this.state = 0;
    this.distances.fill(0);
    this.matchLengths.reset();
    this.repeatLengths.reset();
    for (const probabilities of [
      this.isMatch, this.isRepeat, this.isRepeat0, this.isRepeat1, this.isRepeat2, this.isLongRepeat0, this.slots, this.closeBits,
      this.alignBits, this.literals,
    ]) probabilities.fill(EVEN);
  }

  /** Unpacks one chunk into the output, from `from` up to `end`. */
  run(chunk: Uint8Array, from: number, end: number): void {
    const { coder, out } = this;
    coder.start(chunk);
    for (let to = from; to < end;) {
      const position = (to - this.dictionary) & ((1 << this.pb) - 1);
      const { state } = this;
      if (coder.bit(this.isMatch, (state << 4) + position) === 0) {
        out[to] = this.literal(to);
        to += 1;
        continue;
      }
      const length = coder.bit(this.isRepeat, state) === 0 ? this.match(position) : this.repeat(position);
      to = this.copy(to, length, end);
    }
  }

  private literal(to: number): number {
    const { coder, literals, state, out } = this;
    const before = to > this.dictionary ? out[to - 1]! : 0;
    const context = (((to - this.dictionary) & ((1 << this.lp) - 1)) << this.lc) + (before >> (8 - this.lc));
    const base = 0x300 * context;
    let node = 1;
    if (state >= LITERAL_STATES) {
      // After a match the byte that would have continued it helps, as long as it is right.
      const source = to - this.distances[0]! - 1;
      let expected = source >= this.dictionary ? out[source]! : 0;
      while (node < 0x100) {
        const hoped = (expected >> 7) & 1;
        expected <<= 1;
        const bit = coder.bit(literals, base + ((1 + hoped) << 8) + node);
        node = (node << 1) | bit;
        if (bit !== hoped) break;
      }
    }
    while (node < 0x100) node = (node << 1) | coder.bit(literals, base + node);
    this.state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    return node & 0xff;
  }

  private match(position: number): number {
    const { coder, distances } = this;
    distances[3] = distances[2]!;
    distances[2] = distances[1]!;
    distances[1] = distances[0]!;
    const length = this.matchLengths.read(coder, position);
    this.state = this.state < LITERAL_STATES ? 7 : 10;
    distances[0] = this.distance(length);
    return length + MATCH_LEAST;
  }

  private distance(length: number): number {
    const { coder } = this;
    const slot = coder.tree(this.slots, Math.min(length, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + coder.reverseTree(this.closeBits, base - slot, bits);
    return base + coder.direct(bits - 4) * 16 + coder.reverseTree(this.alignBits, 0, 4);
  }

  /** A match at one of the last four distances, which becomes the first of them. */
  private repeat(position: number): number {
    const { coder, distances, state } = this;
    if (coder.bit(this.isRepeat0, state) === 0) {
      if (coder.bit(this.isLongRepeat0, (state << 4) + position) === 0) {
        this.state = state < LITERAL_STATES ? 9 : 11;
        return 1;
      }
    } else {
      const which = coder.bit(this.isRepeat1, state) === 0 ? 1 : coder.bit(this.isRepeat2, state) === 0 ? 2 : 3;
      const distance = distances[which]!;
      for (let i = which; i > 0; i -= 1) distances[i] = distances[i - 1]!;
      distances[0] = distance;
    }
    const length = this.repeatLengths.read(coder, position);
    this.state = state < LITERAL_STATES ? 8 : 11;
    return length + MATCH_LEAST;
  }

  private copy(to: number, length: number, end: number): number {
    const { out } = this;
    const distance = this.distances[0]! + 1;
    if (to - distance < this.dictionary) throw new ImageError('a match begins before the data');
    if (to + length > end) throw new ImageError('a match goes on behind its chunk');
    if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
    else for (let i = to; i < to + length; i += 1) out[i] = out[i - distance]!;
    return to + length;
  }
}
