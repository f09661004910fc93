import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { unpackers } from '../../cli/unpackers.ts';
import { ImageError } from '../image.ts';
import { type Codec, codecOf, unpack } from './unpack.ts';
import { unpackedXzSize } from './xz.ts';

// Packed by Debian 12's gzip -9, xz --check=crc32 --x86 --lzma2=dict=1MiB, zstd -19 and lz4 -l -9.

const ROOT = new URL('../../../../', import.meta.url);
const read = (path: string): Uint8Array => readFileSync(new URL(path, ROOT));
const packed = (name: string): Uint8Array => read(`test/guest/packed/${name}`);
const HELLO = read('test/cli/images/hello.elf'), CODE = read('test/differential/real-code.bin');
const outside = await unpackers();

const NAMES: readonly (readonly [string, Codec])[] = [['gz', 'gzip'], ['xz', 'xz'], ['zst', 'zstd'], ['lz4', 'lz4']];

for (const [extension, codec] of NAMES) {
  test(`${codec}: what its tool has packed is unpacked`, () => {
    const file = packed(`hello.elf.${extension}`);
    assert.equal(codecOf(file), codec);
    assert.deepEqual(Buffer.from(unpack(codec, file, HELLO.length, outside)), HELLO);
  });

  test(`${codec}: a wrong size, and an end too soon, are told in one line`, () => {
    const file = packed(`hello.elf.${extension}`);
    for (const [bytes, size] of [[file, HELLO.length - 1], [file, HELLO.length + 1], [file.subarray(0, 100), HELLO.length]] as const) {
      assert.throws(() => unpack(codec, bytes, size, outside), (error) => error instanceof ImageError && !error.message.includes('\n'));
    }
    assert.throws(() => unpack(codec, file, 2 ** 32 - 1, outside), /claims to unpack to 4294967295 bytes, and more than 536870912/);
  });
}

test('xz and lz4: 137 KiB of machine code, with XZ\'s filter for it', () => {
  // Without the filter, calls go elsewhere: 2,000 of them are in it.
  assert.deepEqual(Buffer.from(unpack('xz', packed('real-code.bin.xz'), CODE.length, outside)), CODE);
  assert.deepEqual(Buffer.from(unpack('lz4', packed('real-code.bin.lz4'), CODE.length, outside)), CODE);
});

test('xz: the size is known before it is unpacked, and what is cut has none', () => {
  const file = packed('real-code.bin.xz');
  assert.deepEqual([unpackedXzSize(file), unpackedXzSize(packed('hello.elf.xz'))], [CODE.length, HELLO.length]);
  for (const length of [0, 11, 40]) assert.throws(() => unpackedXzSize(file.subarray(0, length)), ImageError);
});

test('what no kernel is packed with has no codec', () => {
  assert.equal(codecOf(HELLO), undefined);
  assert.equal(codecOf(new Uint8Array()), undefined);
});
