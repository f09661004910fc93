/** The files that hold the vectors: one for instructions on XMM registers, one for all others. */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { unpack, type Vector } from './format.ts';

export const VECTOR_FILES = [{ path: 'test/vectors/vectors.br', simd: false }, { path: 'test/vectors/simd.br', simd: true }] as const;

export function* readVectors(): Generator<Vector> {
  for (const { path } of VECTOR_FILES) yield* unpack(brotliDecompressSync(readFileSync(path)));
}
