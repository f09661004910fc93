/** Comparisons and examination. SDM: FCOM, FUCOM, FTST, FXAM. */
import { classOf, type Extended, isNan } from './extended.ts';
import { denormalFlag } from './nan.ts';
import { exactOf } from './round.ts';
import { C0, C2, C3, IE } from './words.ts';

export type Order = 'less' | 'equal' | 'greater' | 'unordered';
export interface Comparison { readonly order: Order; readonly flags: number }

/** Ordered comparisons take no NaN at all; unordered ones take quiet NaNs. */
export function compare(a: Extended, b: Extended, ordered: boolean): Comparison {
  const kinds = [classOf(a), classOf(b)];
  const wrong = kinds.includes('unsupported') || kinds.includes('SNaN');
  if (wrong || isNan(a) || isNan(b)) return { order: 'unordered', flags: wrong || ordered ? IE : 0 };
  const flags = denormalFlag(a, b);
  const difference = key(a) - key(b);
  return { order: difference < 0n ? 'less' : difference > 0n ? 'greater' : 'equal', flags };
}

/** A whole number that is ordered as the values are; both zeros have the same. */
function key(value: Extended): bigint {
  const { significand } = exactOf(value);
  const size = (BigInt(Math.max(value.exponent, 1)) << 64n) + significand;
  const isZero = classOf(value) === 'zero';
  return isZero ? 0n : value.negative ? -size : size;
}

/** The condition codes of FCOM and its kin. */
export const ORDER_CODES: Readonly<Record<Order, number>> = { greater: 0, less: C0, equal: C3, unordered: C0 | C2 | C3 };

/** The condition codes of FXAM, without the sign, of a register that is not empty. */
export function examine(value: Extended): number {
  switch (classOf(value)) {
    case 'unsupported': return 0;
    case 'SNaN': case 'QNaN': return C0;
    case 'normal': return C2;
    case 'infinity': return C2 | C0;
    case 'zero': return C3;
    case 'denormal': return C3 | C2;
  }
}
