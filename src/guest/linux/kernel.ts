/**
 * A kernel's file, by the protocol that it is started with: the 64-bit entry of its ELF file, the PVH entry of the same file, or the
 * 64-bit entry of a bzImage, whose own code then unpacks it.
 */
import { elfSegments, pvhEntry } from '../elf.ts';
import { type Image, ImageError, type Segment } from '../image.ts';
import { isBzImage, parseBzImage } from './bzimage.ts';

export interface Kernel {
  readonly segments: readonly Segment[];
  readonly entry: bigint;
  readonly mode: Image['mode'];
  /** The setup header of a bzImage. */
  readonly header?: Uint8Array;
}

function elf64(file: Uint8Array): Kernel {
  const { segments, entry } = elfSegments(file);
  if (!segments.some(({ at, size }) => entry >= at && entry < at + size)) {
    throw new ImageError(`the kernel's entry point 0x${entry.toString(16)} is in none of its segments`);
  }
  return { segments, entry, mode: '64-bit' };
}

function pvh(file: Uint8Array): Kernel {
  const { segments } = elfSegments(file);
  const entry = pvhEntry(file);
  if (entry === undefined) throw new ImageError('the kernel has no PVH entry');
  return { segments, entry: BigInt(entry), mode: '32-bit' };
}

function bzImage(file: Uint8Array): Kernel {
  if (!isBzImage(file)) throw new ImageError('the kernel is no bzImage');
  const { code, entry64, initSize, preferredAddress, setupHeader } = parseBzImage(file);
  if (entry64 === undefined) throw new ImageError('the bzImage has no 64-bit entry');
  const at = Number(preferredAddress);
  return {
    segments: [{ at, bytes: code, size: Math.max(initSize, code.length) }], entry: preferredAddress + BigInt(entry64), mode: '64-bit',
    header: setupHeader,
  };
}

const PROTOCOL_KERNELS = { '64-bit': elf64, pvh, bzimage: bzImage } as const;
export type LinuxProtocol = keyof typeof PROTOCOL_KERNELS;
export const LINUX_PROTOCOLS = Object.keys(PROTOCOL_KERNELS) as LinuxProtocol[];

/** The kernel in a file. Throws an ImageError when there is none that can be started so. */
export const kernelOf = (file: Uint8Array, protocol: LinuxProtocol): Kernel => PROTOCOL_KERNELS[protocol](file);
