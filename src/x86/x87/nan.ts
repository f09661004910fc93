/**
 * Operands that are no numbers. SDM: "Operating on SNaNs and QNaNs", "Rules for Handling NaNs", and "Invalid Arithmetic Operand
 * Exception (#IA)" for operands that are nothing at all.
 */
import { classOf, type Extended, extended, INDEFINITE, QUIET_BIT } from './extended.ts';
import { exactly, type Result } from './round.ts';
import { DENORMAL, IE } from './words.ts';

export const quiet = ({ negative, exponent, significand }: Extended): Extended =>
  extended(negative, exponent, significand | QUIET_BIT);

/** A masked invalid operation. */
export const INVALID: Result = exactly(INDEFINITE, IE);

/** What comes of one operand that is not a number; undefined for one that is. */
export function notANumber(value: Extended): Result | undefined {
  const kind = classOf(value);
  if (kind === 'unsupported') return INVALID;
  if (kind === 'SNaN') return exactly(quiet(value), IE);
  return kind === 'QNaN' ? exactly(value) : undefined;
}

/** What comes of two operands of which one is not a number; undefined when both are. */
export function notNumbers(a: Extended, b: Extended): Result | undefined {
  const [kindA, kindB] = [classOf(a), classOf(b)];
  if (kindA === 'unsupported' || kindB === 'unsupported') return INVALID;
  const nanA = kindA === 'SNaN' || kindA === 'QNaN', nanB = kindB === 'SNaN' || kindB === 'QNaN';
  if (!nanA && !nanB) return undefined;
  const flags = kindA === 'SNaN' || kindB === 'SNaN' ? IE : 0;
  // Of an SNaN and a QNaN it is the QNaN; of two of a kind the one with the larger significand; of two alike the positive one.
  const chooseA = !nanB || (nanA && (kindA === kindB ? larger(a, b) : kindA === 'QNaN'));
  return exactly(quiet(chooseA ? a : b), flags);
}

const larger = (a: Extended, b: Extended): boolean =>
  a.significand > b.significand || (a.significand === b.significand && !a.negative);

/** #D, where one of the operands is a denormal. */
export const denormalFlag = (...operands: readonly Extended[]): number =>
  operands.some((operand) => classOf(operand) === 'denormal') ? DENORMAL : 0;
