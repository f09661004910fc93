/** A test image as a file: the kernel and its `main`, in a 32-bit ELF file as test images are linked. */
import { CONSTANTS } from '../../src/guest/constants.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';
import { KERNEL } from './kernel.ts';

const ORIGIN = 0x40_0000;
const HEADERS = { file: 52, program: 32 } as const;
/** The code lies on a page of the file, as it does in memory. */
const OFFSET = 0x1000;
const I386 = 3;
/** Readable, writable, executable. */
const ALL_RIGHTS = 7;

/** Where the vectors of `main` lie is known: 20H to 7FH are pushed as they are, those above as negative numbers. */
export function buildImage(main: string): Uint8Array {
  const { bytes, labels } = assemble(`${KERNEL}\n${main}\n`, BigInt(ORIGIN), CONSTANTS);
  const file = new Uint8Array(OFFSET + bytes.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, I386, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, Number(labels.get('start')), true);
  view.setUint32(28, HEADERS.file, true);
  for (const [at, half] of [[40, HEADERS.file], [42, HEADERS.program], [44, 1]] as const) view.setUint16(at, half, true);
  const segment = [1, OFFSET, ORIGIN, ORIGIN, bytes.length, bytes.length, ALL_RIGHTS, OFFSET];
  for (const [i, word] of segment.entries()) view.setUint32(HEADERS.file + 4 * i, word, true);
  file.set(bytes, OFFSET);
  return file;
}
