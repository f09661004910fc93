/**
 * XZ, as far as kernels use it: blocks of LZMA2, behind which machine code may have been made easier to pack. The .xz File Format.
 *
 * Limit: checksums are not looked at (a kernel's are of CRC32 and the kernel itself unpacks it without them), nor is the index.
 */
import { ImageError } from '../image.ts';
import { Lzma2 } from './lzma2.ts';
import { convertCalls } from './x86-calls.ts';

const STREAM_HEADER = 12;
const FILTER = { x86: 0x04, lzma2: 0x21 } as const;
/** Of block flags: how many filters there are, less one; that its packed and unpacked sizes stand there. */
const FLAG = { filters: 0x03, packedSize: 0x40, unpackedSize: 0x80 } as const;
/** Bytes of the check behind each block, by its kind. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;

interface BlockHeader { readonly end: number; readonly x86: boolean }

export function unpackXz(packed: Uint8Array, size: number): Uint8Array {
  const check = CHECK_SIZES[(packed[7] ?? 0) & 15]!;
  const out = new Uint8Array(size);
  let at = STREAM_HEADER, to = 0;
  // What stands in the place of a block header and begins with zero is the index.
  while (to < size && packed[at] !== 0) {
    const { end, x86 } = blockHeader(packed, at);
    const lzma = new Lzma2(packed, end, out, to);
    lzma.run();
    if (x86) convertCalls(out.subarray(to, lzma.to));
    to = lzma.to;
    at = Math.ceil(lzma.at / 4) * 4 + check;
  }
  return out.subarray(0, to);
}

function blockHeader(packed: Uint8Array, at: number): BlockHeader {
  const end = at + (byteAt(packed, at) + 1) * 4;
  if (end > packed.length) throw new ImageError(`the block header at ${at} ends behind the data`);
  const flags = byteAt(packed, at + 1);
  let next = at + 2;
  const integer = (): number => {
    let value = 0;
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = byteAt(packed, next++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new ImageError(`a number in the block header at ${at} has no end`);
  };
  if ((flags & FLAG.packedSize) !== 0) integer();
  if ((flags & FLAG.unpackedSize) !== 0) integer();
  const filters = Array.from({ length: (flags & FLAG.filters) + 1 }, () => {
    const id = integer(), properties = integer();
    next += properties;
    return id;
  });
  if (filters.at(-1) !== FILTER.lzma2) throw new ImageError(`its filter 0x${filters.at(-1)!.toString(16)} is not LZMA2`);
  const others = filters.slice(0, -1);
  const unknown = others.find((id) => id !== FILTER.x86);
  if (unknown !== undefined || others.length > 1) {
    throw new ImageError(`its filter 0x${(unknown ?? FILTER.x86).toString(16)} is not one that an x86 kernel needs`);
  }
  return { end, x86: others.length === 1 };
}

function byteAt(packed: Uint8Array, at: number): number {
  const byte = packed[at];
  if (byte === undefined) throw new ImageError(`the data end at ${packed.length}, in a block header`);
  return byte;
}
