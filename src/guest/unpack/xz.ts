/**
 * XZ, as far as kernels use it: blocks of LZMA2, behind which machine code may have been made easier to pack. The .xz File Format.
 *
 * Limit: checksums are not looked at (a kernel's are of CRC32 and the kernel itself unpacks it without them), and of the index only the
 * sizes.
 */
import { ImageError } from '../image.ts';
import { Lzma2 } from './lzma2.ts';
import { convertCalls } from './x86-calls.ts';

const STREAM_HEADER = 12;
/** Of the stream's footer: a checksum, the size of the index, flags and magic number. */
const FOOTER = { size: 12, indexSize: 4 } as const;
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
    const { value, end: behind } = integerAt(packed, next);
    next = behind;
    return value;
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

/** How large a file of one stream is that was packed: the index, behind the blocks, has it of each. */
export function unpackedXzSize(packed: Uint8Array): number {
  const footer = packed.length - FOOTER.size;
  if (footer < 0) throw new ImageError('the data end before the footer');
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  let { value: records, end: at } = integerAt(packed, footer - (view.getUint32(footer + FOOTER.indexSize, true) + 1) * 4 + 1);
  let size = 0;
  for (; records > 0; records -= 1) {
    const { value, end } = integerAt(packed, integerAt(packed, at).end);
    size += value;
    at = end;
  }
  return size;
}

/** Seven bits a byte, the low ones first. */
function integerAt(packed: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 7; i += 1) {
    const byte = byteAt(packed, at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  throw new ImageError(`the number at ${at} has no end`);
}

function byteAt(packed: Uint8Array, at: number): number {
  const byte = packed[at];
  if (byte === undefined) throw new ImageError(`the data end at ${packed.length}, in a header`);
  return byte;
}
