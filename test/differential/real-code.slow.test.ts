import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { agree } from './agree.ts';

const ELF_MAGIC = 0x464c_457f, X86_64 = 62, PT_LOAD = 1, PF_X = 1;

/** The executable segments of an ELF file for x86-64; none of any other file. System V ABI, "Program Header". */
function executable(file: Buffer): Buffer[] {
  if (file.readUInt32LE(0) !== ELF_MAGIC || file.readUInt16LE(18) !== X86_64) return [];
  const first = Number(file.readBigUInt64LE(32)), size = file.readUInt16LE(54), count = file.readUInt16LE(56);
  return Array.from({ length: count }, (_, i) => first + i * size)
    .filter((at) => file.readUInt32LE(at) === PT_LOAD && (file.readUInt32LE(at + 4) & PF_X) !== 0)
    .map((at) => {
      const offset = Number(file.readBigUInt64LE(at + 8));
      return file.subarray(offset, offset + Number(file.readBigUInt64LE(at + 32)));
    });
}

const NODE_TEXT = executable(readFileSync(process.execPath));

test('the text of Node does too: a million instructions and more', { skip: NODE_TEXT.length === 0 && 'not x86-64 ELF' }, (t) => {
  // Four pieces of each segment, from its beginning to its end: V8, ICU, OpenSSL, zlib and what else is linked in.
  const PIECE = 4 << 20;
  const pieces = NODE_TEXT.flatMap((text) => [0, 1, 2, 3].map((i) => {
    const at = Math.floor((i * Math.max(0, text.length - PIECE)) / 3);
    return text.subarray(at, at + PIECE);
  }));
  assert.ok(agree(t, Buffer.concat(pieces)) > 1_000_000);
});
