import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { disksOf } from '../../src/cli/guest/disks.ts';
import type { Io } from '../../src/cli/io.ts';
import { cpio } from '../../src/guest/linux/cpio.ts';
import { INIT } from '../../src/guest/linux/init.ts';
import { DISK_IMAGE, DISK_KERNEL, DISK_OUTPUT } from '../guest/disk-kernel.ts';
import { type Done, file, folder, vpmu } from './command.ts';

// A kernel that writes the first sector of its disk to the second one.

const KERNEL = file('kernel', DISK_KERNEL);
const INITRD = file('initrd', cpio([...INIT, { path: 'bin/busybox', kind: 'file', bytes: new Uint8Array() }]));
const run = (...args: readonly string[]): Done =>
  vpmu('run', '--linux', '--initrd', INITRD, '--memory', '128', '--exec', 'x', ...args);
const contentOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const written = Uint8Array.from([...DISK_IMAGE.subarray(0, 512), ...DISK_IMAGE.subarray(0, 512)]);

test('a file that is a disk stays as it is, unless it is to be written', () => {
  const disk = file('disk', DISK_IMAGE);
  chmodSync(join(folder, 'disk'), 0o640);
  symlinkSync('disk', join(folder, 'link'));
  const output = { status: 3, out: DISK_OUTPUT, err: '' };
  assert.deepEqual([run('--kernel', KERNEL, '--disk', disk), contentOf('disk')], [output, DISK_IMAGE]);
  // What a link leads to is replaced, and keeps its permissions.
  assert.deepEqual([run('--kernel', KERNEL, '--disk', './link,write', '--on', 'mediated'), contentOf('disk')], [output, written]);
  assert.equal(statSync(join(folder, 'disk')).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.part')), []);
});

test('a guest that may not write is told so, and one that does not end as it should changes nothing', () => {
  const disk = file('another', DISK_IMAGE);
  // The status of its write is 1.
  assert.deepEqual(run('--kernel', KERNEL, '--disk', `${disk},ro`), { status: 3, out: DISK_OUTPUT.replace(/0$/, '1'), err: '' });
  const endless = Buffer.from(DISK_KERNEL);
  endless.write('X', endless.indexOf('\x03vpmu 3\x04'));
  const { status } = run('--kernel', file('endless', endless), '--disk', `${disk},write`);
  assert.deepEqual([status, contentOf('another')], [1, DISK_IMAGE]);
});

test('what is no disk is told in one line', () => {
  const io = { readFile: (path: string) => readFileSync(join(folder, path)) } as unknown as Io;
  for (const [texts, message] of [
    [[',ro'], "--disk takes file, file,ro or file,write, not ',ro'"],
    [[file('odd', new Uint8Array(513))], './odd: it has 513 bytes, and a disk\'s are a multiple of 512; name an image of a disk'],
    [[file('empty', '')], './empty: it has 0 bytes, and a disk\'s are a multiple of 512; name an image of a disk'],
    [Array.from({ length: 8 }, () => KERNEL), 'a guest has 7 disks at most, and --disk is there 8 times'],
  ] as const) assert.throws(() => disksOf(io, texts), { name: 'UserError', message });
});
