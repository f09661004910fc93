import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { built, inVpmu } from './guest.ts';
import { KERNELS } from './kernels.ts';

// Disks that the host's own tools have made, read and written by unmodified kernels, and looked at by these tools again.

const folder = mkdtempSync(join(tmpdir(), 'vpmu-disk-'));
after(() => rmSync(folder, { recursive: true }));

const CONTENT = Uint8Array.from({ length: 700_000 }, (_, i) => (i * i) >> 9);
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** A file system in a file, with a tree in it. */
function ext4(name: string): string {
  const tree = join(folder, 'tree'), image = join(folder, name);
  mkdirSync(join(tree, 'deep/er'), { recursive: true });
  writeFileSync(join(tree, 'deep/er/content'), CONTENT);
  writeFileSync(image, new Uint8Array(16 << 20));
  execFileSync('/sbin/mkfs.ext4', ['-q', '-F', '-d', tree, image]);
  return image;
}

/** Sectors whose numbers are in them. */
function raw(name: string): string {
  const image = join(folder, name), bytes = Buffer.alloc(3000 * 512);
  for (let sector = 0; sector < 3000; sector += 1) bytes.writeUInt32LE(sector, 512 * sector);
  writeFileSync(image, bytes);
  return image;
}

const COMMAND = `
mount /dev/vda /mnt && md5sum </mnt/deep/er/content
dd if=/dev/vdb bs=512 2>/dev/null | md5sum; cat /sys/block/vda/serial; echo; cat /sys/block/vdb/ro
echo x 2>/dev/null >/dev/vdb || echo refused
cp /mnt/deep/er/content "/mnt/a copy"; seq 1 20000 >/mnt/deep/numbers; rm /mnt/deep/er/content
exit 5`;
const NUMBERS = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join('');

const RUNS = [
  [KERNELS[0], []], [KERNELS[0], ['--cpus', '2', '--on', 'mediated']], [KERNELS[0], ['--on', 'general']],
  [KERNELS[1], ['--cpus', '2']], [KERNELS[2], []],
] as const;

for (const [i, [kernel, options]] of RUNS.entries()) {
  test(`${kernel} ${options.join(' ')} reads a disk, and what it writes the host's tools read`, () => {
    const image = ext4(`ext4-${i}`), sectors = raw('raw');
    const { output, status, log } = inVpmu(built(kernel).store, COMMAND, '--disk', `${image},write`, '--disk', `${sectors},ro`, ...options);
    assert.deepEqual([output.split('\n'), status], [
      [`${md5(CONTENT)}  -`, `${md5(readFileSync(sectors))}  -`, `ext4-${i}`, '1', 'refused', ''], 5,
    ], log);
    // It was unmounted: nothing is left in its journal.
    execFileSync('/sbin/fsck.ext4', ['-fn', image], { stdio: 'pipe' });
    const debugfs = (request: string): Uint8Array =>
      execFileSync('/sbin/debugfs', ['-R', request, image], { stdio: 'pipe', maxBuffer: 1 << 26 });
    assert.equal(md5(debugfs('cat "/a copy"')), md5(CONTENT));
    assert.equal(debugfs('cat /deep/numbers').toString(), NUMBERS);
    assert.equal(debugfs('cat /deep/er/content').length, 0);
  });
}

test('a disk that nobody writes back stays, and two runs are the same to the last bit', () => {
  const image = ext4('kept'), before = md5(readFileSync(image));
  const command = 'mount /dev/vda /mnt; cp /mnt/deep/er/content /mnt/other; sync; md5sum </mnt/other';
  const [one, two] = [1, 2].map(() => inVpmu(built(KERNELS[0]).store, command, '--disk', image, '--cpus', '2'));
  assert.deepEqual([one!.output, one!.hash, one!.status], [`${md5(CONTENT)}  -\n`, two!.hash, 0], one!.log);
  assert.equal(md5(readFileSync(image)), before);
});
