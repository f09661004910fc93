import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Seeded } from '../../src/base/choice.ts';
import { unpackers } from '../../src/cli/unpackers.ts';
import { needsOf } from '../../src/guest/dynamic.ts';
import { cpio, type Node } from '../../src/guest/linux/cpio.ts';
import { type Codec, codecOf, unpack } from '../../src/guest/unpack/unpack.ts';

// Archives and unpackers beside the tools of Debian: cpio, gzip, xz, zstd, lz4 and readelf.

const folder = mkdtempSync(join(tmpdir(), 'vpmu-packing-'));
after(() => rmSync(folder, { recursive: true }));
const outside = await unpackers();

/** Bytes that repeat themselves at all distances, as far as a MiB, and some that do not. */
function repetitive(seed: number): Uint8Array {
  const random = new Seeded(seed);
  const bytes = new Uint8Array(1 + random.pick(1 << 20, 'size'));
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.pick([4, 40, 400, 40_000][random.pick(4, 'scale')]!, 'length');
    if (at === 0 || random.pick(3, 'new') === 0) {
      const letters = 1 + random.pick(256, 'letters');
      for (let i = at; i < Math.min(at + length, bytes.length); i += 1) bytes[i] = random.pick(letters, 'byte');
    } else bytes.copyWithin(at, random.pick(at, 'from'), Math.min(at, bytes.length - length));
    at += length;
  }
  return bytes;
}

const TOOLS: Readonly<Record<Codec, readonly (readonly string[])[]>> = {
  gzip: [['gzip', '-c'], ['gzip', '-9c']],
  xz: [
    ['xz', '-c'], ['xz', '-0c', '--check=none'], ['xz', '-9ec', '--check=sha256'], ['xz', '-c', '--x86', '--lzma2=lc=0,lp=4,pb=0'],
    ['xz', '-c', '--lzma2=lc=4,lp=0,pb=4,mf=bt2'], ['xz', '-c', '--x86', '--lzma2=mode=fast', '--block-size=300000'],
  ],
  zstd: [['zstd', '-qc'], ['zstd', '-qc', '--ultra', '-22']],
  lz4: [['lz4', '-lqc'], ['lz4', '-lqc9']],
};

const NODE = readFileSync(process.execPath);
const SAMPLES = [repetitive(1), repetitive(2), repetitive(3), new Uint8Array(9_000_000), NODE.subarray(20_000_000, 22_000_000)];

for (const [codec, commands] of Object.entries(TOOLS) as [Codec, (readonly string[])[]][]) {
  for (const [tool, ...args] of commands) {
    test(`${[tool, ...args].join(' ')} is undone`, () => {
      for (const [i, sample] of SAMPLES.entries()) {
        const packed = execFileSync(tool!, args, { input: sample, maxBuffer: 1 << 26 });
        assert.equal(codecOf(packed), codec);
        assert.ok(Buffer.from(unpack(codec, packed, sample.length, outside)).equals(sample), `sample ${i}`);
      }
    });
  }
}

test('cpio lists and unpacks an archive as it was meant', () => {
  const nodes: Node[] = [
    { path: 'bin/tool', kind: 'file', mode: 0o755, bytes: Buffer.from('#!/bin/sh\n') },
    { path: 'empty', kind: 'file', bytes: new Uint8Array() },
    { path: 'b\u00fccher/\u4e00', kind: 'file', bytes: repetitive(4) },
    { path: 'bin/link', kind: 'link', target: 'tool' },
    { path: 'tmp', kind: 'folder', mode: 0o1777 },
    { path: 'dev/console', kind: 'device', type: 'character', major: 5, minor: 1 },
    { path: 'dev/sda', kind: 'device', type: 'block', major: 8, minor: 0 },
  ];
  const archive = cpio(nodes);
  const list = execFileSync('cpio', ['--quiet', '-tvn'], { input: archive, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  const lines = list.trim().split('\n').map((line) => line.split(/\s+/));
  assert.deepEqual(lines.map(([mode]) => mode), [
    'drwxr-xr-x', 'lrwxrwxrwx', '-rwxr-xr-x', 'drwxr-xr-x', '-rw-r--r--', 'drwxr-xr-x',
    'crw-------', 'brw-------', '-rw-r--r--', 'drwxrwxrwt',
  ]);
  assert.ok(list.includes('5,   1 Jan  1  1970 dev/console\n') && list.includes('8,   0 Jan  1  1970 dev/sda\n'), list);
  execFileSync('cpio', ['--quiet', '-id', '--no-preserve-owner', 'bin/*', 'empty', 'b*/*', 'tmp'], { input: archive, cwd: folder });
  assert.deepEqual(readdirSync(folder).sort(), ['bin', 'b\u00fccher', 'empty', 'tmp'].sort());
  assert.equal(readlinkSync(join(folder, 'bin/link')), 'tool');
  assert.equal(lstatSync(join(folder, 'bin/tool')).mode & 0o777, 0o755);
  assert.ok(readFileSync(join(folder, 'b\u00fccher/\u4e00')).equals(repetitive(4)));
});

test('readelf names the same libraries', () => {
  for (const program of ['/bin/ls', '/usr/bin/env', '/usr/bin/gcc', process.execPath]) {
    const said = execFileSync('readelf', ['-dl', program], { encoding: 'utf8' });
    const libraries = [...said.matchAll(/\(NEEDED\) .*\[(.*)\]/g)].map(([, name]) => name);
    const interpreter = /interpreter: (.*)\]/.exec(said)?.[1];
    assert.deepEqual(needsOf(readFileSync(program)), { libraries, interpreter }, program);
  }
});
