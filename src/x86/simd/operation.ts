/** The floating-point operations that micro-ops name: what each does to one lane. */
import { CF, PF, ZF } from '../flags.ts';
import { reciprocal, reciprocalRoot } from './approximate.ts';
import { type Arithmetic, add, compare, divide, maximum, minimum, multiply, type Order, squareRoot, subtract } from './arithmetic.ts';
import { fromInteger, toFormat, toInteger, toWhole } from './convert.ts';
import { DOUBLE, type Environment, type Format, SINGLE } from './format.ts';

export type FloatWidth = 4 | 8;
const formatOf = (width: FloatWidth): Format => (width === 4 ? SINGLE : DOUBLE);

interface Lane {
  /** Width of the result, where it is not that of the operands. */
  readonly result?: FloatWidth;
  /** `width` is that of the operands. One with a single operand takes the second. */
  readonly compute: (width: FloatWidth, env: Environment, a: bigint, b: bigint, choice: bigint) => bigint;
}

const arithmetic = (compute: Arithmetic): Lane => ({ compute: (width, env, a, b) => compute(formatOf(width), env, a, b) });

/** Which orders the first four predicates want; the others negate them. SDM: "Comparison Predicate for CMPPD and CMPPS Instructions". */
const PREDICATES: readonly (readonly Order[])[] = [['equal'], ['less'], ['less', 'equal'], ['unordered']];

export const FLOAT_OPERATIONS = {
  add: arithmetic(add),
  sub: arithmetic(subtract),
  mul: arithmetic(multiply),
  div: arithmetic(divide),
  min: arithmetic(minimum),
  max: arithmetic(maximum),
  sqrt: arithmetic(squareRoot),
  reciprocal: arithmetic(reciprocal),
  reciprocalRoot: arithmetic(reciprocalRoot),
  /** All ones where the predicate that is chosen holds. Those of equality and order take quiet NaNs. */
  compare: {
    compute: (width, env, a, b, choice) => {
      const predicate = Number(choice) & 3, negated = (choice & 4n) !== 0n;
      const order = compare(formatOf(width), env, a, b, predicate === 0 || predicate === 3);
      return PREDICATES[predicate]!.includes(order) === negated ? 0n : (1n << BigInt(8 * width)) - 1n;
    },
  },
  toSingle: { result: 4, compute: (_width, env, _a, b) => toFormat(DOUBLE, SINGLE, env, b) },
  toDouble: { result: 8, compute: (_width, env, _a, b) => toFormat(SINGLE, DOUBLE, env, b) },
  // Integers of 32 bits.
  fromIntegers: { compute: (_width, env, _a, b) => fromInteger(SINGLE, 32, env, b) },
  fromIntegersToDouble: { result: 8, compute: (_width, env, _a, b) => fromInteger(DOUBLE, 32, env, b) },
  toIntegers: { result: 4, compute: (width, env, _a, b) => toInteger(formatOf(width), 32, env, b, false) },
  truncate: { result: 4, compute: (width, env, _a, b) => toInteger(formatOf(width), 32, env, b, true) },
  /** To a whole number of the same format, as the constant of ROUNDPS and its kin says. */
  toWhole: { compute: (width, env, _a, b, choice) => toWhole(formatOf(width), env, b, Number(choice)) },
} as const satisfies Record<string, Lane>;
export type FloatOperation = keyof typeof FLOAT_OPERATIONS;

export const resultWidth = (operation: FloatOperation, width: FloatWidth): FloatWidth =>
  (FLOAT_OPERATIONS[operation] as Lane).result ?? width;

/** An integer of a general register, and the number it is. */
export const wordToFloat = (width: FloatWidth, bytes: number, env: Environment, value: bigint): bigint =>
  fromInteger(formatOf(width), 8 * bytes, env, value);
export const floatToWord = (width: FloatWidth, bytes: number, env: Environment, value: bigint, truncate: boolean): bigint =>
  toInteger(formatOf(width), 8 * bytes, env, value, truncate);

/** SDM, "COMISD", "UCOMISD": the order as status flags. */
const ORDER_FLAGS: Readonly<Record<Order, number>> = { unordered: ZF | PF | CF, less: CF, equal: ZF, greater: 0 };
export const orderFlags = (width: FloatWidth, env: Environment, a: bigint, b: bigint, quiet: boolean): bigint =>
  BigInt(ORDER_FLAGS[compare(formatOf(width), env, a, b, quiet)]);
