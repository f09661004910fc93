import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpackers } from '../../src/cli/unpackers.ts';
import { pvhEntry } from '../../src/guest/elf.ts';
import { kernelElf, parseBzImage } from '../../src/guest/linux/bzimage.ts';
import { bzImage, HELLO } from './bzimage.ts';

const outside = await unpackers();

for (const [extension, codec] of [['gz', 'gzip'], ['xz', 'xz'], ['zst', 'zstd'], ['lz4', 'lz4']] as const) {
  test(`a bzImage packed with ${codec} gives its fields, and the ELF file that is in it`, () => {
    const file = bzImage(extension);
    const { setupHeader, code, payload, ...fields } = parseBzImage(file);
    assert.deepEqual(fields, {
      version: 0x020f, codec, unpackedSize: HELLO.length, entry64: 0x200, preferredAddress: 0x100_0000n, initSize: 0x40_0000,
      alignment: 0x20_0000, commandLineSize: 2047,
    });
    // The header ends behind the jump at 200H, which is of two bytes and jumps over 6AH; three setup sectors precede the code.
    assert.deepEqual([setupHeader.length, code.length], [0x200 + 2 + 0x6a - 0x1f1, file.length - 3 * 512]);
    assert.equal(payload.length, file.length - 3 * 512 - 0x40 - 4);
    assert.deepEqual(Buffer.from(kernelElf(file, outside)), HELLO);
  });
}

test('an ELF file is a kernel as it is', () => assert.equal(kernelElf(HELLO, outside), HELLO));

test('what is no kernel is told in one line', () => {
  const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const file = bzImage('lz4');
    file.set(bytes, at);
    return file;
  };
  for (const [file, message] of [
    [new TextEncoder().encode('Dear machine,'), 'it is neither a bzImage nor an ELF file; a kernel is a file such as /boot/vmlinuz'],
    [changed(0x206, 0x09, 0x02), 'it has boot protocol 2.9, and 2.10 or newer is needed'],
    [changed(0x24c, 0xff, 0xff), 'its packed kernel ends behind the file'],
    [changed(0x640, 0x42, 0x5a), 'its kernel is packed in a way that is not known; gzip, xz, zstd and lz4 are'],
  ] as const) {
    assert.throws(() => kernelElf(file, outside), { name: 'ImageError', message });
  }
});

/** hello.elf with a second program header, PT_NOTE, and a note behind everything. */
function withNote(name: string, type: number, value: number): Uint8Array {
  const headers = HELLO.length, note = headers + 2 * 56;
  const file = new Uint8Array(note + 12 + 4 + 8);
  const view = new DataView(file.buffer);
  file.set(HELLO);
  file.set(HELLO.subarray(64, 64 + 56), headers);
  view.setBigUint64(32, BigInt(headers), true);
  view.setUint16(56, 2, true);
  view.setUint32(headers + 56, 4, true);
  view.setBigUint64(headers + 56 + 8, BigInt(note), true);
  view.setBigUint64(headers + 56 + 32, BigInt(file.length - note), true);
  view.setUint32(note, name.length + 1, true);
  view.setUint32(note + 4, 8, true);
  view.setUint32(note + 8, type, true);
  file.set(new TextEncoder().encode(name), note + 12);
  view.setBigUint64(note + 16, BigInt(value), true);
  return file;
}

test('the PVH entry is that of Xen\'s note of type 18, and of no other', () => {
  assert.equal(pvhEntry(withNote('Xen', 18, 0x100_0850)), 0x100_0850);
  assert.equal(pvhEntry(withNote('Xen', 19, 0x100_0850)), undefined);
  assert.equal(pvhEntry(withNote('GNU', 18, 0x100_0850)), undefined);
  assert.equal(pvhEntry(HELLO), undefined);
});
