/** A kernel as small as can be: what Linux's 64-bit boot protocol starts, assembled here. */
import { assemble } from '../../src/x86/isa/assemble.ts';

export const KERNEL = 0x100_0000n;

/** An executable of one segment, in the way of System V's "Object Files": a file header, a program header, code. */
export function kernelOf(source: string, at = KERNEL, entry = at): Uint8Array {
  const { bytes } = assemble(source, at, new Map());
  const file = Buffer.alloc(0x80 + bytes.length);
  file.write('\x7fELF\x02\x01\x01', 'latin1');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeBigUInt64LE(entry, 24);
  file.writeBigUInt64LE(0x40n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 0x40);
  // Offset, linear and physical address, sizes in the file and in memory.
  for (const [i, value] of [0x80n, 0xffff_ffff_8000_0000n + at, at, BigInt(bytes.length), 0x2000n].entries()) {
    file.writeBigUInt64LE(value, 0x48 + 8 * i);
  }
  Buffer.from(bytes).copy(file, 0x80);
  return file;
}
