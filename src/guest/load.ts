/** A file as an image: multiboot, ELF, or, when it is neither, plain code that is loaded at 1 MiB and entered there. */
import { isElf, loadElf } from './elf.ts';
import { type Image, ImageError } from './image.ts';
import { isMultiboot, loadMultiboot } from './multiboot.ts';

const FLAT_AT = 0x10_0000;

export function loadImage(name: string, file: Uint8Array): Image {
  if (file.length === 0) throw new ImageError('the file is empty');
  if (isMultiboot(file)) return loadMultiboot(name, file);
  if (isElf(file)) return loadElf(name, file);
  const segment = { at: FLAT_AT, bytes: file, size: file.length };
  return { name, entry: BigInt(FLAT_AT), segments: [segment], symbols: new Map(), listing: [], mode: '64-bit' };
}
