/**
 * A file as an image: multiboot, ELF, or plain code that is loaded at 1 MiB and entered there. Plain code is whatever somebody says
 * it is, so its name must say it: any other file that is taken for an image is a mistake.
 */
import { isElf, loadElf } from './elf.ts';
import { type Image, ImageError } from './image.ts';
import { isMultiboot, loadMultiboot } from './multiboot.ts';

const FLAT_AT = 0x10_0000;

export function loadImage(name: string, file: Uint8Array): Image {
  if (file.length === 0) throw new ImageError('the file is empty; an image is ELF, multiboot, or plain code called .bin');
  if (isMultiboot(file)) return loadMultiboot(name, file);
  if (isElf(file)) return loadElf(name, file);
  if (!name.endsWith('.bin')) throw new ImageError('the file is neither ELF nor multiboot; if it is plain code, call it .bin');
  return flatImage(name, file);
}

/** Plain code. */
export function flatImage(name: string, file: Uint8Array): Image {
  const segment = { at: FLAT_AT, bytes: file, size: file.length };
  return { name, entry: BigInt(FLAT_AT), segments: [segment], symbols: new Map(), listing: [], mode: '64-bit' };
}
