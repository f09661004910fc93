import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Guest, Store } from '../../src/cli/guest/store.ts';
import { readCpio } from '../../src/guest/linux/cpio.ts';
import { bzImage, HELLO } from '../guest/bzimage.ts';
import { dynamicElf } from '../guest/dynamic-elf.ts';
import { moduleElf } from '../guest/module-elf.ts';
import { COMMAND, type Done, folder, vpmu } from './command.ts';
import { Distribution } from './distribution.ts';

const KERNEL = 'linux-image-9.9-cloud-amd64';
const GUEST = join(folder, 'guest');
const distribution = new Distribution();
const perf = dynamicElf(['libone.so.1'], '/lib64/ld-linux-x86-64.so.2');
distribution.add('linux-image-cloud-amd64', KERNEL, {});
distribution.add(KERNEL, 'kmod', { 'boot/vmlinuz-9.9': bzImage('lz4'), 'lib/modules/9.9/kernel/net/a.ko': 'a module',
  'lib/modules/9.9/kernel/drivers/virtio_mmio.ko': moduleElf(['depends=virtio']), 'lib/modules/9.9/kernel/virtio.ko': moduleElf([]) });
distribution.add('busybox-static', '', { 'bin/busybox': 'a shell', 'usr/share/doc/busybox': 'a document' });
distribution.add('linux-perf', 'libc6 (>= 2), libone1, perl:any | python3', { 'usr/bin/perf': perf, 'usr/share/man/perf.1': 'a page' });
// It needs a library of a package that only it depends on, by a name that the package provides.
distribution.add('libone1', 'libc6, libtwo2-abi7, libmissing',
  { 'usr/lib/x86_64-linux-gnu/libone.so.1': dynamicElf(['libtwo.so.2', 'libc.so.6']) });
distribution.add('libtwo2', 'libc6', { 'lib/x86_64-linux-gnu/libtwo.so.2': dynamicElf([]) }, { provides: 'libtwo2-abi7' });
distribution.add('libc6', '', { 'lib/x86_64-linux-gnu/libc.so.6': 'c', 'lib64/ld-linux-x86-64.so.2': 'loader' });
distribution.add('perl', '', { 'usr/bin/perl': 'a large one' });

const manifest = (): Guest => JSON.parse(readFileSync(join(GUEST, 'guest.json'), 'utf8')) as Guest;
const mistaken = ({ status, out, err }: Done, message: string | RegExp): void => {
  assert.deepEqual([status, out, err.split('\n').length], [2, '', 2], err);
  if (typeof message === 'string') assert.equal(err, `vpmu: ${message}\n`);
  else assert.match(err, message);
};

test('a guest is a kernel, programs and the libraries that they need, from packages', () => {
  const { status, out, err } = distribution.build({}, '--json');
  assert.deepEqual([status, err], [0, '']);
  const guest = manifest();
  assert.deepEqual({ folder: './guest', ...guest }, JSON.parse(out));
  assert.deepEqual([guest.kernel.package, guest.kernel.release], [KERNEL, '9.9']);
  assert.deepEqual(readFileSync(join(GUEST, guest.kernel.file)), HELLO);
  const files = readCpio(readFileSync(join(GUEST, guest.initrd.file)));
  for (const path of [
    'init', 'bin/busybox', 'usr/bin/perf', 'lib64/ld-linux-x86-64.so.2',
    ...['libone.so.1', 'libtwo.so.2', 'libc.so.6'].map((name) => `lib/x86_64-linux-gnu/${name}`),
  ]) assert.ok(files.has(path), path);
  assert.ok(![...files.keys()].some((path) => path.startsWith('usr/share') || path.endsWith('/a.ko')));
  for (const name of ['virtio_mmio.ko', 'virtio.ko', 'modules.dep', 'modules.alias']) assert.ok(files.has(`lib/modules/9.9/${name}`), name);
  const from = [KERNEL, 'busybox-static', 'libc6', 'libone1', 'libtwo2', 'linux-perf'];
  assert.deepEqual(guest.packages.map(({ name }) => name).sort(), from.sort());
  // Perl is depended on, and nothing in it is needed.
  assert.ok(!distribution.downloads().includes('perl'));
});

test('what was downloaded is not downloaded again, and makes the same guest', () => {
  const before = manifest();
  assert.equal(distribution.build().status, 0);
  assert.deepEqual([distribution.downloads(), manifest()], [[], before]);
  // But a file that is not what it was is no good.
  writeFileSync(join(GUEST, 'packages/libone1_1.deb'), 'x');
  assert.equal(distribution.build().status, 0);
  assert.deepEqual([distribution.downloads(), manifest()], [['libone1'], before]);
});

test('an interrupted build leaves the guest as it was, and nothing half made after the next one', async () => {
  const before = manifest();
  rmSync(join(GUEST, 'packages'), { recursive: true });
  const child = spawn(process.execPath, [COMMAND, 'guest', 'build', '--dir', './guest'], {
    cwd: folder, env: { ...distribution.env, APT_WAITS: 'yes' }, detached: true, stdio: 'ignore',
  });
  while (!existsSync(join(distribution.root, 'waiting'))) await new Promise((resolve) => setTimeout(resolve, 20));
  const ended = new Promise((resolve) => child.on('close', resolve));
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
  assert.deepEqual(manifest(), before);
  assert.ok(readdirSync(GUEST).some((name) => name.startsWith('unfinished-')));
  assert.equal(distribution.build().status, 0);
  assert.deepEqual(readdirSync(GUEST).sort(), ['guest.json', 'packages', before.initrd.file, before.kernel.file].sort());
});

test('a new kernel replaces the old one', () => {
  const before = manifest();
  distribution.add('linux-image-8.8', '', { 'boot/vmlinuz-8.8': bzImage('xz'), 'boot/config-8.8': '' });
  assert.equal(distribution.build({}, '--kernel-package', 'linux-image-8.8', '--with', '').status, 0);
  assert.equal(manifest().kernel.release, '8.8');
  assert.deepEqual(readdirSync(GUEST).filter((name) => name.startsWith('initrd-')), [manifest().initrd.file]);
  assert.notEqual(manifest().initrd.file, before.initrd.file);
});

test('what does not work is told in one line, and leaves the guest as it was', () => {
  const before = manifest();
  mistaken(distribution.build({}, '--with', 'perv'), "apt knows no package perv; if the name is right, run 'apt-get update'");
  mistaken(distribution.build({}, '--kernel-package', 'busybox-static'), 'the package busybox-static has no kernel in /boot');
  distribution.add('linux-image-7', '', { 'boot/vmlinuz-7': 'a letter' });
  mistaken(distribution.build({}, '--kernel-package', 'linux-image-7'),
    '/boot/vmlinuz-7 of linux-image-7: it is neither a bzImage nor an ELF file; a kernel is a file such as /boot/vmlinuz');
  distribution.add('documents', '', { 'usr/share/doc/x': 'x' });
  mistaken(distribution.build({}, '--with', 'documents'), 'the package documents has no programs');
  distribution.add('lonely', 'libc6', { 'usr/bin/lonely': dynamicElf(['libnone.so.3']) });
  mistaken(distribution.build({}, '--with', 'lonely'), 'lonely needs libnone.so.3, and no package that it depends on has it');
  distribution.add('changed', '', { 'usr/bin/x': 'x' }, { sha256: '00'.repeat(32) });
  mistaken(distribution.build({}, '--with', 'changed'),
    /^vpmu: changed 1 has the checksum [0-9a-f]{64}, and apt's list says 0{64}; run 'apt-get update'\n$/);
  mistaken(distribution.build({ ARCHITECTURE: 'arm64' }),
    /^vpmu: the packages here are for arm64, and guests are amd64; elsewhere, bring a kernel/);
  const fetch = 'E: Failed to fetch http://there/x.deb  ';
  distribution.add('fresh', '', { 'usr/bin/x': 'y' });
  for (const [says, message] of [
    ["Temporary failure resolving 'there'", "Temporary failure resolving 'there'; is there a network?"],
    ['404  Not Found [IP: 127.0.0.1 80]',
      "404  Not Found [IP: 127.0.0.1 80]; the list of packages is older than the archive: run 'apt-get update'"],
  ] as const) {
    mistaken(distribution.build({ APT_SAYS: `W: something\n${fetch}${says}` }, '--with', 'fresh'),
      `fresh 1 could not be downloaded: ${fetch.slice(3)}${message}`);
  }
  mistaken(distribution.build({ PATH: join(folder, 'nothing') }),
    /^vpmu: there is no dpkg here: vpmu guest build takes packages of Debian or Ubuntu; /);
  writeFileSync(join(folder, 'a-file'), '');
  mistaken(distribution.build({}, '--dir', './a-file/guest'), /^vpmu: \.\/a-file\/guest: ENOTDIR.*; name another folder with --dir\n$/);
  assert.deepEqual(manifest(), before);
});

test('too little room is told before anything is downloaded', () => {
  const store = new Store(folder);
  store.checkSpace(1);
  assert.throws(() => store.checkSpace(2 ** 40),
    { name: 'UserError', message: /: there are \d+ MiB, and 1099511627776 are needed; name another/ });
});

test('a guest that is not what was built is told so', () => {
  const { kernel } = manifest();
  const again = "'vpmu guest build' makes it anew";
  const run = (): Done => vpmu('run', '--linux', '--dir', './guest', '--exec', 'true');
  writeFileSync(join(GUEST, kernel.file), 'x');
  mistaken(run(), `guest/${kernel.file}: it is not what was built, by its checksum; ${again}`);
  rmSync(join(GUEST, kernel.file));
  mistaken(run(), `guest/${kernel.file}: it is gone; ${again}`);
  writeFileSync(join(GUEST, 'guest.json'), '{ "version": 2 }');
  mistaken(run(), `guest/guest.json: $.version: expected an integer from 1 to 1, found 2; ${again}`);
  rmSync(GUEST, { recursive: true });
  mistaken(run(), "there is no guest yet: 'vpmu guest build' makes one, and --kernel brings one");
});
