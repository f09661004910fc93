/** The files that hold the vectors of 64-bit mode: instructions of x86-64-v2, those on XMM and MMX registers before it, and all others. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { unpack, type Vector } from './format.ts';

export type VectorGroup = 'general' | 'simd' | 'v2';
/** `each`: how many vectors an encoding has. */
export const VECTOR_FILES: readonly { readonly path: string; readonly group: VectorGroup; readonly each: number }[] = [
  { path: 'test/vectors/vectors.br', group: 'general', each: 96 }, { path: 'test/vectors/simd.br', group: 'simd', each: 96 },
  { path: 'test/vectors/v2.br', group: 'v2', each: 32 },
];

export function* readVectors(): Generator<Vector> {
  for (const { path } of VECTOR_FILES) yield* unpack(brotliDecompressSync(readFileSync(path)));
}
