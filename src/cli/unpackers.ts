/** The unpackers that the core does not have: Node's, and one in WebAssembly. */
import { gunzipSync } from 'node:zlib';
import type { OutsideUnpackers } from '../guest/unpack/unpack.ts';

export async function unpackers(): Promise<OutsideUnpackers> {
  const { ZSTDDecoder } = await import('zstddec');
  const zstd = new ZSTDDecoder();
  await zstd.init();
  return { gzip: (packed, size) => gunzipSync(packed, { maxOutputLength: size }), zstd: (packed, size) => zstd.decode(packed, size) };
}
