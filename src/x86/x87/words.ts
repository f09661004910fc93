/** The x87 control, status and tag words. SDM: "x87 FPU Execution Environment". */
import { classOf, type Extended } from './extended.ts';

/** The six exceptions, as the status word flags them and the control word masks them. */
export const IE = 1 << 0;
export const DENORMAL = 1 << 1;
export const ZE = 1 << 2;
export const OE = 1 << 3;
export const UE = 1 << 4;
export const PE = 1 << 5;
export const EXCEPTIONS = IE | DENORMAL | ZE | OE | UE | PE;

/** Those that are met before there is a result: where one is unmasked, there is none. */
export const BEFORE_RESULT = IE | DENORMAL | ZE;

/** Status word: stack fault, error summary, condition codes, top of stack, busy. */
export const SF_FAULT = 1 << 6;
export const ES_SUMMARY = 1 << 7;
export const C0 = 1 << 8;
export const C1 = 1 << 9;
export const C2 = 1 << 10;
export const C3 = 1 << 14;
export const BUSY = 1 << 15;
export const CONDITION_CODES = C0 | C1 | C2 | C3;
export const TOP_SHIFT = 11;
export const TOP_MASK = 7 << TOP_SHIFT;

/** Control word: what FNINIT makes of it, what it is after a reset, and the bit that always reads as 1. */
export const INITIAL_CONTROL = 0x37f;
export const RESET_CONTROL = 0x40;
export const CONTROL_KNOWN = 0x1f3f;
export const CONTROL_ONES = 0x40;

export type RoundingMode = 'nearest' | 'down' | 'up' | 'zero';
const ROUNDING_MODES: readonly RoundingMode[] = ['nearest', 'down', 'up', 'zero'];
export const roundingOf = (control: number): RoundingMode => ROUNDING_MODES[(control >> 10) & 3]!;

/** Bits of a significand that precision control leaves; the reserved setting is the full precision. */
export type Precision = 24 | 53 | 64;
const PRECISIONS: readonly Precision[] = [24, 64, 53, 64];
export const precisionOf = (control: number): Precision => PRECISIONS[(control >> 8) & 3]!;

/** The status word with its summary bits as the control word wants them: set while an unmasked exception is flagged. */
export function summarize(status: number, control: number): number {
  const pending = (status & ~control & EXCEPTIONS) !== 0;
  return pending ? status | ES_SUMMARY | BUSY : status & ~(ES_SUMMARY | BUSY);
}

/** A register's two bits of the tag word. */
export const TAG = { valid: 0, zero: 1, special: 2, empty: 3 } as const;

export function tagOf(value: Extended): number {
  const kind = classOf(value);
  return kind === 'normal' ? TAG.valid : kind === 'zero' ? TAG.zero : TAG.special;
}
