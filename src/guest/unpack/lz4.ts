/**
 * LZ4 in the frame that kernels use, the "legacy frame" of the LZ4 Frame Format Description: a magic number, then blocks behind their
 * sizes. Each stands alone, and unpacks to 8 MiB at most.
 */
import { ImageError } from '../image.ts';

const HEADER = 4;
const BLOCK_MOST = 8 << 20;
const MATCH_LEAST = 4;
/** A length of 15 goes on in the next byte, and in those behind it as long as they are 255. */
const LONG = 15;

export function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const out = new Uint8Array(size);
  let at = HEADER, to = 0;
  while (to < size) {
    if (at + 4 > packed.length) throw new ImageError(`the data end at ${packed.length}, before a block`);
    const end = at + 4 + view.getUint32(at, true);
    if (end > packed.length) throw new ImageError(`the block at ${at} ends behind the data`);
    to = unpackBlock(packed.subarray(at + 4, end), out, to);
    at = end;
  }
  return out;
}

/** Sequences of literals and a match; the last one has no match. Returns where it stopped. LZ4 Block Format Description. */
function unpackBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  const limit = Math.min(out.length, start + BLOCK_MOST);
  let at = 0, to = start;
  const length = (nibble: number): number => {
    let sum = nibble;
    if (nibble !== LONG) return sum;
    for (;;) {
      const more = block[at++];
      if (more === undefined) throw new ImageError('a block ends in a length');
      sum += more;
      if (more !== 255) return sum;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = length(token >> 4);
    if (at + literals > block.length || to + literals > limit) throw new ImageError('literals go on behind their block');
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === block.length) break;
    const distance = block[at]! | ((block[at + 1] ?? 0) << 8);
    at += 2;
    const end = to + length(token & LONG) + MATCH_LEAST;
    if (distance === 0 || to - distance < start) throw new ImageError('a match begins before its block');
    if (end > limit) throw new ImageError('a match goes on behind its block');
    if (distance >= end - to) out.copyWithin(to, to - distance, end - distance);
    else for (let i = to; i < end; i += 1) out[i] = out[i - distance]!;
    to = end;
  }
  return to;
}
