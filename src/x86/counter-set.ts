/**
 * Sets of counters. The manual numbers counters in a 64-bit index space with a gap: general counter i is bit i, fixed counter
 * j is bit 32 + j. A `CounterSet` closes the gap to fit an integer: fixed counter j is bit 16 + j. Every mask of counters in
 * this program is one; the gap is put back where a register is read.
 */
import type { Brand } from '../base/brand.ts';

/** General counter i is bit i, fixed counter j bit 16 + j. */
export type CounterSet = Brand<number, 'CounterSet'>;
export const NO_COUNTERS = 0 as CounterSet;
/** Those that do not exist, too. */
export const EVERY_COUNTER = -1 as CounterSet;
const FIXED_SHIFT = 16;
const GENERAL_HALF = 0xffff;

export const generalCounter = (i: number): CounterSet => (1 << i) as CounterSet;
export const fixedCounter = (j: number): CounterSet => (1 << (FIXED_SHIFT + j)) as CounterSet;
export const isFixed = (set: CounterSet): boolean => set >>> FIXED_SHIFT !== 0;
export const setLow = (set: CounterSet): number => set & GENERAL_HALF;
export const setHigh = (set: CounterSet): number => set >>> FIXED_SHIFT;
export const counterSet = (low: number, high: number): CounterSet => ((low & GENERAL_HALF) | (high << FIXED_SHIFT)) as CounterSet;
export const union = (a: CounterSet, b: CounterSet): CounterSet => (a | b) as CounterSet;
export const without = (a: CounterSet, b: CounterSet): CounterSet => (a & ~b) as CounterSet;
export const common = (a: CounterSet, b: CounterSet): CounterSet => (a & b) as CounterSet;
/** Of those in the set, the one whose bit is lowest; and all others. */
export const lowest = (set: CounterSet): CounterSet => (set & -set) as CounterSet;
export const withoutLowest = (set: CounterSet): CounterSet => (set & (set - 1)) as CounterSet;
