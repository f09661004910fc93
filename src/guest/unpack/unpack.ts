/**
 * What a compressed kernel may be packed with, and how it is unpacked. LZ4 and XZ are unpacked here; gzip and Zstandard by whoever runs
 * the machine, who is likely to have them.
 */
import { ImageError } from '../image.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackXz } from './xz.ts';

/** What a file begins with that was packed in each way. */
const MAGIC = {
  gzip: [0x1f, 0x8b], xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], zstd: [0x28, 0xb5, 0x2f, 0xfd], lz4: [0x02, 0x21, 0x4c, 0x18],
} as const;
export type Codec = keyof typeof MAGIC;

/** Unpacks exactly `size` bytes, or throws an Error whose message says why not. */
export type Unpack = (packed: Uint8Array, size: number) => Uint8Array;
export type OutsideUnpackers = Readonly<Record<'gzip' | 'zstd', Unpack>>;

/** Nothing that is a kernel is larger. */
const MOST = 1 << 29;

export const codecOf = (file: Uint8Array): Codec | undefined =>
  (Object.keys(MAGIC) as Codec[]).find((codec) => MAGIC[codec].every((byte, i) => file[i] === byte));

/** Throws an ImageError when the bytes do not unpack to exactly `size`. */
export function unpack(codec: Codec, packed: Uint8Array, size: number, outside: OutsideUnpackers): Uint8Array {
  if (size > MOST) throw new ImageError(`it claims to unpack to ${size} bytes, and more than ${MOST} are not taken`);
  const unpackers: Readonly<Record<Codec, Unpack>> = { ...outside, lz4: unpackLz4, xz: unpackXz };
  let bytes: Uint8Array;
  try {
    bytes = unpackers[codec](packed, size);
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionFailure') throw error;
    throw new ImageError(`it is packed with ${codec}, and does not unpack: ${(error as Error).message.split('\n')[0]}`);
  }
  if (bytes.length !== size) throw new ImageError(`it claims to unpack to ${size} bytes, and does to ${bytes.length}`);
  return bytes;
}
