/** Packed values as the reference interpreter has them: 128 bits in one bigint, taken apart and put together in lanes. */

import { assert } from '../../base/assert.ts';
import type { Width } from '../registers.ts';
import { dotProduct } from '../simd/dot.ts';
import type { Environment } from '../simd/format.ts';
import {
  FLOAT_OPERATIONS, type FloatOperation, type FloatWidth, floatToWord, orderFlags, resultWidth, wordToFloat,
} from '../simd/operation.ts';
import { LANE_OPERATIONS, type LaneOperation } from './lane.ts';
import type { Micro } from './micro.ts';

const WORD = 64n;
export const PACKED_BITS = 128;

export const join = (low: bigint, high: bigint): bigint => low | (high << WORD);

const laneOf = (value: bigint, n: number, width: Width): bigint => BigInt.asUintN(8 * width, value >> BigInt(8 * n * width));

function withLane(value: bigint, lane: bigint, n: number, width: Width): bigint {
  const at = BigInt(8 * n * width);
  const mask = ((1n << BigInt(8 * width)) - 1n) << at;
  return (value & ~mask) | ((lane << at) & mask);
}

/** Puts lanes together; of each the low bits count. */
export function fromLanes(count: number, bits: number, lane: (n: number) => bigint): bigint {
  let value = 0n;
  for (let n = 0; n < count; n += 1) value |= BigInt.asUintN(bits, lane(n)) << BigInt(n * bits);
  return value;
}

/** Operations that see all 128 bits as one lane. */
const WHOLE: ReadonlySet<LaneOperation> = new Set([
  'narrow16Signed', 'narrow16Unsigned', 'narrow32Signed', 'narrow32Unsigned', 'pick',
]);

function eachLane(operation: LaneOperation, a: bigint, b: bigint, width: Width): bigint {
  const operate = LANE_OPERATIONS[operation];
  if (WHOLE.has(operation)) return operate(a, b, PACKED_BITS);
  return fromLanes(16 / width, 8 * width, (n) => operate(laneOf(a, n, width), laneOf(b, n, width), 8 * width));
}

const shiftLanes = (operation: LaneOperation, a: bigint, count: bigint, width: Width): bigint =>
  fromLanes(16 / width, 8 * width, (n) => LANE_OPERATIONS[operation](laneOf(a, n, width), count, 8 * width));

/** The first `count` lanes, computed; the rest is that of `a`. */
function floatLanes(
  operation: FloatOperation, env: Environment, a: bigint, b: bigint, choice: bigint, width: FloatWidth, count: number,
): bigint {
  const to = resultWidth(operation, width);
  let value = a;
  for (let n = 0; n < count; n += 1) {
    value = withLane(value, FLOAT_OPERATIONS[operation].compute(width, env, laneOf(a, n, width), laneOf(b, n, width), choice), n, to);
  }
  return value;
}

/** Bytes of both, the first having 0 to 15 and the second 16 to 31, by the sixteen numbers in `order`. */
function arrange(a: bigint, b: bigint, order: bigint): bigint {
  const both = a | (b << BigInt(PACKED_BITS));
  return fromLanes(16, 8, (n) => both >> (8n * laneOf(order, n, 1)));
}

/** Four lanes from `first` on, each chosen by two bits. */
function permute(a: bigint, choice: bigint, width: Width, first: number): bigint {
  return fromLanes(16 / width, 8 * width, (n) => {
    const chosen = n >= first && n < first + 4;
    return laneOf(a, chosen ? first + Number((choice >> BigInt(2 * (n - first))) & 3n) : n, width);
  });
}

const signsOf = (a: bigint, width: Width): bigint =>
  fromLanes(16 / width, 1, (n) => laneOf(a, n, width) >> BigInt(8 * width - 1));

/** A micro-op on packed values that reads nothing else. */
export function packedValue({ op, each, width, n, value }: Micro, a: bigint, b: bigint): bigint {
  switch (op) {
    case 'packed': return join(a, b);
    case 'lanes': return eachLane(each!, a, b, width);
    case 'shift': return shiftLanes(each!, a, b, width);
    case 'bytes': return arrange(a, b, value);
    case 'permute': return permute(a, b, width, n);
    case 'withLane': return withLane(a, b, n, width);
    case 'lane': return laneOf(a, n, width);
    case 'signs': return signsOf(a, width);
    default: return assert(false, `${op} is of no packed value`) as never;
  }
}

/** A micro-op on numbers. */
export function floatValue({ op, number, n, ...micro }: Micro, env: Environment, a: bigint, b: bigint, choice: bigint): bigint {
  const width = micro.width as FloatWidth;
  switch (op) {
    case 'float': return floatLanes(number!, env, a, b, choice, width, n);
    case 'dot': return dotProduct(width, env, a, b, choice);
    case 'floatOf': return withLane(a, wordToFloat(width, n, env, b), 0, width);
    case 'integerOf': return floatToWord(width, n, env, laneOf(a, 0, width), false);
    case 'truncated': return floatToWord(width, n, env, laneOf(a, 0, width), true);
    case 'order': return orderFlags(width, env, laneOf(a, 0, width), laneOf(b, 0, width), n === 1);
    default: return assert(false, `${op} is of no number`) as never;
  }
}
