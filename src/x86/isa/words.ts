/** Words and bits from words and bits: what the semantics of instructions compute with. */
import type { Width } from '../registers.ts';
import { type Bit, Recorder, type Word, type WordLike } from './recorder.ts';

export class Words extends Recorder {
  // Words.

  plus(a: WordLike, b: WordLike): Word {
    return this.word('add', [a, b]);
  }

  minus(a: WordLike, b: WordLike): Word {
    return this.word('sub', [a, b]);
  }

  times(a: WordLike, b: WordLike): Word {
    return this.word('mul', [a, b]);
  }

  /** Bits 127:64 of the unsigned product. */
  timesHigh(a: WordLike, b: WordLike): Word {
    return this.word('mulhu', [a, b]);
  }

  dividedBy(a: WordLike, b: WordLike): Word {
    return this.word('udiv', [a, b]);
  }

  /** The quotient of a 128-bit dividend, whose upper half is below the divisor. */
  dividedLong(high: WordLike, low: WordLike, divisor: WordLike): Word {
    return this.word('udiv128', [high, low, divisor]);
  }

  and(a: WordLike, b: WordLike): Word {
    return this.word('and', [a, b]);
  }

  or(a: WordLike, b: WordLike): Word {
    return this.word('or', [a, b]);
  }

  xor(a: WordLike, b: WordLike): Word {
    return this.word('xor', [a, b]);
  }

  /** One's complement. */
  invert(a: WordLike): Word {
    return this.xor(a, -1);
  }

  shl(a: WordLike, count: WordLike): Word {
    return this.word('shl', [a, count]);
  }

  shr(a: WordLike, count: WordLike): Word {
    return this.word('shr', [a, count]);
  }

  sar(a: WordLike, count: WordLike): Word {
    return this.word('sar', [a, count]);
  }

  trailingZeros(a: WordLike): Word {
    return this.word('ctz', [a]);
  }

  leadingZeros(a: WordLike): Word {
    return this.word('clz', [a]);
  }

  ones(a: WordLike): Word {
    return this.word('popcnt', [a]);
  }

  byteSwap(a: WordLike): Word {
    return this.word('bswap', [a]);
  }

  /** The checksum after the low `width` bytes of `data`. */
  crc32(crc: WordLike, data: WordLike, width: Width): Word {
    return this.word('crc32', [crc, data], { width });
  }

  zeroExtend(a: Word, width: Width): Word {
    return width === 8 ? a : this.word('zext', [a], { width });
  }

  signExtend(a: Word, width: Width): Word {
    return width === 8 ? a : this.word('sext', [a], { width });
  }

  select(choose: Bit, yes: WordLike, no: WordLike): Word {
    return this.word('select', [choose, yes, no]);
  }

  /** 0 or 1. */
  wordOf(a: Bit): Word {
    return this.word('word', [a]);
  }

  // Bits.

  equal(a: WordLike, b: WordLike): Bit {
    return this.bitOf('eq', [a, b]);
  }

  below(a: WordLike, b: WordLike): Bit {
    return this.bitOf('ltu', [a, b]);
  }

  less(a: WordLike, b: WordLike): Bit {
    return this.bitOf('lts', [a, b]);
  }

  not(a: Bit): Bit {
    return this.bitOf('not', [a]);
  }

  both(a: Bit, b: Bit): Bit {
    return this.bitOf('both', [a, b]);
  }

  either(a: Bit, b: Bit): Bit {
    return this.bitOf('either', [a, b]);
  }

  differ(a: Bit, b: Bit): Bit {
    return this.bitOf('differ', [a, b]);
  }

  isZero(a: WordLike): Bit {
    return this.equal(a, 0);
  }

  /** Bit `n` of a word. */
  bit(a: WordLike, n: WordLike): Bit {
    return this.not(this.isZero(this.and(this.shr(a, n), 1)));
  }

  /** The topmost bit of a word of `width` bytes. */
  sign(a: WordLike, width: Width): Bit {
    return this.bit(a, 8 * width - 1);
  }

  never(): Bit {
    return this.equal(1, 0);
  }
}
