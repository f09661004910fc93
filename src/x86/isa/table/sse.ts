/** How rows of SSE and SSE2 are defined: each first asks whether XMM registers may be used. */
import { define, type Instruction, type InstructionOptions } from '../define.ts';
import type { Semantics } from '../lift.ts';

const withRegisters = (semantics: Semantics): Semantics => (u, ...places) => {
  u.simd();
  semantics(u, ...places);
};

export const sse = (mnemonic: string, rows: readonly string[], semantics: Semantics, options: InstructionOptions = {}): Instruction =>
  define(mnemonic, rows, withRegisters(semantics), { feature: 'SSE', ...options });

export const sse2 = (mnemonic: string, rows: readonly string[], semantics: Semantics, options: InstructionOptions = {}): Instruction =>
  define(mnemonic, rows, withRegisters(semantics), { feature: 'SSE2', ...options });
