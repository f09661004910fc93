/** A kernel as small as can be: what Linux's 64-bit boot protocol starts, assembled here. */
import { assemble } from '../../src/x86/isa/assemble.ts';
import { bzImage } from './bzimage.ts';

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

/** The same with a note that says where it is entered by PVH, in 32-bit mode. Xen, "elfnote.h": type 18, PHYS32_ENTRY. */
export function pvhKernelOf(source: string): Uint8Array {
  const kernel = kernelOf(`bits 32\n${source}`);
  const note = Buffer.alloc(20);
  for (const [i, word] of [4, 4, 18].entries()) note.writeUInt32LE(word, 4 * i);
  note.write('Xen\0', 12, 'latin1');
  note.writeUInt32LE(Number(KERNEL), 16);
  // Both program headers move behind all else.
  const headers = Buffer.alloc(2 * 56);
  Buffer.from(kernel).copy(headers, 0, 0x40, 0x40 + 56);
  headers.writeUInt32LE(4, 56);
  headers.writeBigUInt64LE(BigInt(kernel.length), 56 + 8);
  headers.writeBigUInt64LE(BigInt(note.length), 56 + 32);
  const file = Buffer.concat([kernel, note, headers]);
  file.writeBigUInt64LE(BigInt(kernel.length + note.length), 32);
  file.writeUInt16LE(2, 56);
  return file;
}

/** A bzImage whose code, at its 64-bit entry, is this. */
export function bzKernelOf(source: string): Uint8Array {
  const { bytes } = assemble(source, KERNEL + 0x200n, new Map());
  const whole = bzImage('gz');
  const view = new DataView(whole.buffer, whole.byteOffset);
  const codeAt = (whole[0x1f1]! + 1) * 512, moved = 0x1000;
  const payload = whole.subarray(codeAt + view.getUint32(0x248, true));
  const file = Buffer.alloc(codeAt + moved + payload.length);
  file.set(whole.subarray(0, codeAt));
  file.set(bytes, codeAt + 0x200);
  file.set(payload, codeAt + moved);
  file.writeUInt32LE(moved, 0x248);
  return file;
}
