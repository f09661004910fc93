import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FIRST, Seeded } from '../../src/base/choice.ts';
import { unpackers } from '../../src/cli/unpackers.ts';
import { pvhEntry } from '../../src/guest/elf.ts';
import { type Image, ImageError } from '../../src/guest/image.ts';
import { kernelElf } from '../../src/guest/linux/bzimage.ts';
import { cpio, readCpio } from '../../src/guest/linux/cpio.ts';
import { INIT } from '../../src/guest/linux/init.ts';
import { loadImage } from '../../src/guest/load.ts';
import { open } from '../../src/lab/experiment.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { bzImage, HELLO } from './bzimage.ts';

// A file from anywhere is an image, or is refused in one line; what is an image runs, whatever is in it.

const IMAGES = 10_000;
/** Of those that load, one in so many is run. */
const RUN = 400;
const BOOT = readFileSync(new URL('../../../test/cli/images/boot.bin', import.meta.url));
const outside = await unpackers();

/** A few bytes set to any value, or to one that is likely to matter; bits flipped; the end cut off; a piece moved. */
function mutated(file: Uint8Array, random: Seeded): Uint8Array {
  const bytes = Uint8Array.from(file);
  for (let changes = 1 + random.pick(4, 'changes'); changes > 0; changes -= 1) {
    const at = random.pick(bytes.length, 'where');
    const kind = random.pick(5, 'how');
    if (kind === 0) bytes[at] = random.pick(256, 'byte');
    else if (kind === 1) bytes[at]! ^= 1 << random.pick(8, 'bit');
    else if (kind === 2) bytes.fill([0, 0xff, 0x7f, 0x80][random.pick(4, 'value')]!, at, at + 1 + random.pick(8, 'length'));
    else if (kind === 3) bytes.copyWithin(at, random.pick(bytes.length, 'from'), bytes.length);
    else return bytes.subarray(0, at);
  }
  return bytes;
}

const oneLine = (error: unknown): void => {
  assert.ok(error instanceof ImageError && error.message !== '' && !error.message.includes('\n'), `${error}`);
};

/** Calls `load` with each mutated file. Returns what it made of them, and how many were refused. */
function loadAll<T>(files: readonly Uint8Array[], load: (file: Uint8Array) => T): { readonly loaded: T[]; readonly refused: number } {
  const loaded: T[] = [];
  let refused = 0;
  for (let seed = 1; seed <= IMAGES; seed += 1) {
    const file = mutated(files[seed % files.length]!, new Seeded(seed));
    try {
      loaded.push(load(file));
    } catch (error) {
      oneLine(error);
      refused += 1;
    }
  }
  return { loaded, refused };
}

function runSome(images: readonly Image[]): void {
  // Two processors look at the limit often.
  const scenario = parseScenario({ name: 'x', machine: { memory: 3, cpus: 2 }, program: { kind: 'image', file: 'x' }, limit: 2000 });
  for (const image of images.filter((_, i) => i % RUN === 0)) {
    try {
      open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {} }, image).run();
    } catch (error) {
      oneLine(error);
    }
  }
}

test('10,000 mutated ELF files', () => {
  const { loaded, refused } = loadAll([HELLO], (file) => loadImage('x.elf', file));
  assert.ok(loaded.length > 1000 && refused > 1000, `${loaded.length} loaded, ${refused} refused`);
  runSome(loaded);
});

test('10,000 mutated multiboot images', () => {
  const { loaded, refused } = loadAll([BOOT], (file) => loadImage('x.bin', file));
  assert.ok(loaded.length > 1000 && refused > 100, `${loaded.length} loaded, ${refused} refused`);
  runSome(loaded);
});

test('10,000 mutated kernels, in each way of packing', () => {
  const { loaded, refused } = loadAll(['gz', 'xz', 'zst', 'lz4'].map(bzImage), (file) => {
    const elf = kernelElf(file, outside);
    pvhEntry(elf);
    return elf;
  });
  assert.ok(loaded.length > 1000 && refused > 1000, `${loaded.length} loaded, ${refused} refused`);
});

test('10,000 mutated cpio archives', () => {
  const { loaded, refused } = loadAll([cpio(INIT)], readCpio);
  assert.ok(loaded.length > 1000 && refused > 1000, `${loaded.length} loaded, ${refused} refused`);
});
