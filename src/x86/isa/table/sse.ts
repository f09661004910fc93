/** How rows of SSE and what came after it are defined: each first asks whether XMM registers may be used. */
import { define, type Feature, type Instruction, type InstructionOptions } from '../define.ts';
import type { Semantics } from '../lift.ts';

export type Define = (mnemonic: string, rows: readonly string[], semantics: Semantics, options?: InstructionOptions) => Instruction;

const withRegisters = (semantics: Semantics): Semantics => (u, ...places) => {
  u.simd();
  semantics(u, ...places);
};

const defineFor = (feature: Feature): Define => (mnemonic, rows, semantics, options = {}) =>
  define(mnemonic, rows, withRegisters(semantics), { feature, ...options });

export const sse = defineFor('SSE');
export const sse2 = defineFor('SSE2');
export const sse3 = defineFor('SSE3');
export const ssse3 = defineFor('SSSE3');
export const sse41 = defineFor('SSE4_1');
export const sse42 = defineFor('SSE4_2');
