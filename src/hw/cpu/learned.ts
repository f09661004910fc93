/**
 * Where branch predictor and first-level cache of a processor keep what they have learned: in linear memory behind its translations, so
 * that emitted code can look. They are told in predictor.ts and cache.ts; `wasm/observers.ts` does the same.
 */
import { FIRST_LEVEL } from '../caches.ts';

/** Of the predictor: outcomes in its history; targets of indirect branches, and returns, that it remembers. */
export const HISTORY = 12;
export const TARGETS = 512;
export const RETURNS = 16;

const targets = 1 << HISTORY, returns = targets + 4 * TARGETS, history = returns + 4 * RETURNS;

/** Offsets from where it begins. */
export const LEARNED = {
  counters: 0, //      u8 each, one for each history
  targets, //          u32 each
  returns, //          u32 each
  history, //          u32
  depth: history + 4, // u32: the return that was pushed last
  // Not learned, and no state: what is counted since the last fold, and what does not change.
  mispredicts: history + 8, // u32
  penalty: history + 12, // u32: what a wrong guess costs
  memory: history + 16, // u32: the number of the line in linear memory with which the memory of the machine begins
  tags: history + 64, // u32 each, of the first level
  size: history + 64 + 4 * FIRST_LEVEL.ways * FIRST_LEVEL.sets,
} as const;

/** The room for it, in a piece of memory. */
export interface Room { readonly buffer: ArrayBuffer; readonly at: number }
export const newRoom = (): Room => ({ buffer: new ArrayBuffer(LEARNED.size), at: 0 });
