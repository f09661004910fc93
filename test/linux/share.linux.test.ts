import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { vpmu } from '../cli/command.ts';
import { built, inVpmu } from './guest.ts';
import { KERNELS } from './kernels.ts';

// Folders and files between host and guest, with unmodified kernels.

const folder = mkdtempSync(join(tmpdir(), 'vpmu-share-'));
after(() => rmSync(folder, { recursive: true }));

const CONTENT = Uint8Array.from({ length: 900_000 }, (_, i) => (i * i) >> 9);
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const shared = join(folder, 'work');
mkdirSync(join(shared, 'deep/er'), { recursive: true });
writeFileSync(join(shared, 'deep/er/content'), CONTENT);
writeFileSync(join(shared, 'deep/script'), '#!/bin/sh\necho "script $1"\n', { mode: 0o755 });
for (let i = 0; i < 300; i += 1) writeFileSync(join(shared, `file ${1000 + i}`), `${i}`);
symlinkSync('deep/script', join(shared, 'short'));

/** What is printed, and then what is done to the folder. */
const COMMAND = `
cd /mnt/work; md5sum <deep/er/content; ./short 1; ls | wc -l; cat file* | md5sum; readlink short; stat -c '%a %s %Y %u' deep/script
cp deep/er/content copy; mv deep/er moved; seq 1 50000 >>copy; rm file*; echo more >>deep/script; mkdir new; echo x >new/x
dd if=/dev/zero of=sparse bs=1 seek=300000 count=1 2>/dev/null; ln copy same; : >empty; ls | wc -l
mkfifo fifo 2>/dev/null || echo no fifo; mkdir deep 2>/dev/null || echo there; rmdir moved 2>/dev/null || echo not empty
exit 4`;
const LIST = Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join('');

for (const [kernel, options] of [
  [KERNELS[0], ['--cpus', '2']], [KERNELS[0], ['--on', 'mediated']], [KERNELS[1], []], [KERNELS[2], ['--cpus', '2', '--on', 'general']],
] as const) {
  test(`${kernel} ${options.join(' ')} works in a folder of the host, and what it changed comes back`, () => {
    const out = mkdtempSync(join(folder, 'out-'));
    const { output, status, log } = inVpmu(built(kernel).store, COMMAND, '--share', shared, '--share-out', out, ...options);
    const numbers = Array.from({ length: 300 }, (_, i) => `${i}`).join('');
    assert.deepEqual([output.split('\n'), status], [[
      `${md5(CONTENT)}  -`, 'script 1', '302', `${md5(Buffer.from(numbers))}  -`, 'deep/script', '755 27 1767225600 0',
      '8', 'no fifo', 'there', 'not empty', '',
    ], 4], log);
    const files = execFileSync('find', ['work', '-type', 'f'], { cwd: out, encoding: 'utf8' }).trim().split('\n').sort();
    assert.deepEqual(files, [
      'work/copy', 'work/deep/script', 'work/empty', 'work/moved/content', 'work/new/x', 'work/same', 'work/sparse',
    ]);
    const read = (path: string): Uint8Array => readFileSync(join(out, 'work', path));
    assert.equal(md5(read('copy')), md5(Buffer.concat([CONTENT, Buffer.from(LIST)])));
    assert.deepEqual([md5(read('same')), md5(read('moved/content'))], [md5(read('copy')), md5(CONTENT)]);
    assert.deepEqual([read('sparse').length, read('empty').length], [300_001, 0]);
    assert.equal(readFileSync(join(shared, 'deep/script'), 'utf8'), '#!/bin/sh\necho "script $1"\n');
  });
}

for (const options of [[], ['--on', 'mediated']]) {
  test(`perf.data of a guest ${options.join(' ')} comes back, and perf of the host reads it`, () => {
    const file = join(folder, `perf.data${options.length}`);
    const command = 'perf record -q -e instructions:u -c 100000 -o perf.data busybox sha256sum /bin/busybox; md5sum <perf.data';
    const { output, status, log } = inVpmu(built(KERNELS[0]).store, command, '--get', `perf.data:${file}`, ...options);
    assert.equal(status, 0, log);
    assert.equal(output.split('\n')[1], `${md5(readFileSync(file))}  -`);
    const report = execFileSync('perf', ['report', '-i', file, '--stdio', '-q', '--sort', 'comm,dso'], { encoding: 'utf8', stdio: 'pipe' });
    assert.match(report, /^ +\d+\.\d+% +busybox +busybox/m);
  });
}

test('a guest that was kept before it looked for devices goes on with a disk and a folder', () => {
  const kept = join(folder, 'kept'), disk = join(folder, 'disk'), file = join(folder, 'file');
  writeFileSync(disk, new Uint8Array(4096));
  assert.equal(vpmu('snapshot', kept, '--dir', built(KERNELS[0]).store.folder).status, 0);
  const command = 'dd if=/mnt/work/deep/script of=/dev/vda conv=sync 2>/dev/null; echo done >it; /mnt/work/short 2';
  const options = ['--disk', `${disk},write`, '--share', shared, '--get', `it:${file}`];
  const { status, out, err } = vpmu('run', '--linux', '--from', kept, ...options, '--exec', command);
  assert.deepEqual([status, out, err], [0, 'script 2\n', '']);
  assert.deepEqual(readFileSync(disk).subarray(0, 27), readFileSync(join(shared, 'deep/script')));
  assert.equal(readFileSync(file, 'utf8'), 'done\n');
});

test('two runs with a folder are the same to the last bit, and so is one with a folder whose times are others', () => {
  const runs = [1, 2].map(() => inVpmu(built(KERNELS[0]).store, COMMAND, '--share', shared));
  execFileSync('touch', ['-d', '2001-02-03', join(shared, 'deep/script')]);
  const other = inVpmu(built(KERNELS[0]).store, COMMAND, '--share', shared);
  assert.deepEqual([runs[0]!.hash, other.hash, other.output], [runs[1]!.hash, runs[0]!.hash, runs[0]!.output]);
});
