/**
 * A bzImage, the file in which distributions ship Linux: a setup header, code that unpacks, and the packed kernel, which is an ELF
 * file. Linux, "The Linux/x86 Boot Protocol".
 */
import { isElf } from '../elf.ts';
import { ImageError } from '../image.ts';
import { type Codec, codecOf, type OutsideUnpackers, unpack } from '../unpack/unpack.ts';

const SECTOR = 512;
/** What 0 setup sectors mean. */
const OLD_SETUP_SECTORS = 4;
const AT = {
  setupSectors: 0x1f1, bootFlag: 0x1fe, jump: 0x200, magic: 0x202, version: 0x206, alignment: 0x230, extraFlags: 0x236,
  commandLineSize: 0x238, payload: 0x248, payloadSize: 0x24c, preferredAddress: 0x258, initSize: 0x260, end: 0x264,
} as const;
const BOOT_FLAG = 0xaa55;
/** "HdrS". */
const MAGIC = 0x5372_6448;
/** The first protocol with an address that the kernel prefers and the memory that it needs there. */
const LEAST_VERSION = 0x020a;
/** Of the extra flags, which exist since 2.12: there is a 64-bit entry, 200H behind the beginning of the code. */
const KERNEL_64 = { since: 0x020c, flag: 1 << 0, offset: 0x200 } as const;

export interface BzImage {
  /** 020FH is 2.15. */
  readonly version: number;
  /** From 1F1H on, as `struct boot_params` has it. */
  readonly setupHeader: Uint8Array;
  /** What is loaded: the code that unpacks, with the packed kernel in it. */
  readonly code: Uint8Array;
  /** Where in the code its 64-bit entry is, if it has one. */
  readonly entry64: number | undefined;
  readonly preferredAddress: bigint;
  /** Memory that it needs from where it runs. */
  readonly initSize: number;
  readonly alignment: number;
  /** Letters of the longest command line. */
  readonly commandLineSize: number;
  /** The packed kernel, and the size that it unpacks to. */
  readonly payload: Uint8Array;
  readonly codec: Codec;
  readonly unpackedSize: number;
}

const viewOf = (file: Uint8Array): DataView => new DataView(file.buffer, file.byteOffset, file.byteLength);

export const isBzImage = (file: Uint8Array): boolean =>
  file.length >= AT.end && viewOf(file).getUint16(AT.bootFlag, true) === BOOT_FLAG && viewOf(file).getUint32(AT.magic, true) === MAGIC;

export function parseBzImage(file: Uint8Array): BzImage {
  if (!isBzImage(file)) throw new ImageError('it is no bzImage');
  const view = viewOf(file);
  const version = view.getUint16(AT.version, true);
  if (version < LEAST_VERSION) throw new ImageError(`it has boot protocol ${version >> 8}.${version & 0xff}, and 2.10 or newer is needed`);
  const sectors = view.getUint8(AT.setupSectors);
  const codeAt = ((sectors === 0 ? OLD_SETUP_SECTORS : sectors) + 1) * SECTOR;
  const payloadAt = codeAt + view.getUint32(AT.payload, true), payloadEnd = payloadAt + view.getUint32(AT.payloadSize, true);
  // Behind the packed bytes stands the size of the unpacked ones.
  if (payloadEnd > file.length || payloadEnd - payloadAt < 4) throw new ImageError('its packed kernel ends behind the file');
  const payload = file.subarray(payloadAt, payloadEnd - 4);
  const codec = codecOf(payload);
  if (codec === undefined) throw new ImageError('its kernel is packed in a way that is not known; gzip, xz, zstd and lz4 are');
  // The header says itself where it ends: behind the jump over it.
  const headerEnd = Math.min(AT.jump + 2 + view.getUint8(AT.jump + 1), codeAt);
  const has64 = version >= KERNEL_64.since && (view.getUint16(AT.extraFlags, true) & KERNEL_64.flag) !== 0;
  return {
    version, codec, payload, unpackedSize: view.getUint32(payloadEnd - 4, true), code: file.subarray(codeAt),
    setupHeader: file.subarray(AT.setupSectors, headerEnd), entry64: has64 ? KERNEL_64.offset : undefined,
    preferredAddress: view.getBigUint64(AT.preferredAddress, true), initSize: view.getUint32(AT.initSize, true),
    alignment: view.getUint32(AT.alignment, true), commandLineSize: view.getUint32(AT.commandLineSize, true),
  };
}

/** The kernel's ELF file: the file itself, or what is packed in a bzImage. Relocations may follow the ELF file. */
export function kernelElf(file: Uint8Array, outside: OutsideUnpackers): Uint8Array {
  if (isElf(file)) return file;
  if (!isBzImage(file)) throw new ImageError('it is neither a bzImage nor an ELF file; a kernel is a file such as /boot/vmlinuz');
  const { codec, payload, unpackedSize } = parseBzImage(file);
  const kernel = unpack(codec, payload, unpackedSize, outside);
  if (!isElf(kernel)) throw new ImageError('what is packed in the bzImage is no ELF file');
  return kernel;
}
