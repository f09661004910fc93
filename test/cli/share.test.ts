import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AttachmentOptions, attachmentsOf, exchangeOf } from '../../src/cli/guest/attachments.ts';
import type { LinuxWorld } from '../../src/cli/guest/subject.ts';
import type { Io } from '../../src/cli/io.ts';
import { afterCommand, beforeCommand } from '../../src/guest/linux/exchange.ts';
import { Client, OP } from '../virtio/fuse-client.ts';
import { folder } from './command.ts';

// Folders of the host, a guest that works on them, and what is left of that on the host.

const io = {} as unknown as Io;
const at = (...names: readonly string[]): string => join(folder, ...names);
const shared = at('shared');
mkdirSync(join(shared, 'sub'), { recursive: true });
writeFileSync(join(shared, 'one'), 'first');
writeFileSync(join(shared, 'sub/tool'), '#!');
chmodSync(join(shared, 'sub/tool'), 0o755);
symlinkSync('/etc/passwd', join(shared, 'away'));
writeFileSync(Buffer.concat([Buffer.from(`${shared}/`), Buffer.of(0xe9)]), 'in Latin-1');
execFileSync('mkfifo', [join(shared, 'fifo')]);

function guest(options: AttachmentOptions): { client: Client; keep: () => readonly string[] } {
  const { attached, keep } = attachmentsOf(io, options);
  const client = new Client(attached.share!.root);
  return { client, keep: () => keep({ board: { disks: [], share: client.share } } as unknown as LinuxWorld) };
}

/** Makes a file in a guest. */
function make({ client }: ReturnType<typeof guest>, parent: number, name: string, text: string, mode = 0o100_644): void {
  client.write(Number(client.done(OP.MKNOD, parent, [mode, 0, 0, 0, name]).readBigUInt64LE(0)), 0, text);
}

test('a folder is shared as it is: files, programs, links that are not followed, and names in any encoding', () => {
  const { client } = guest({ share: [shared, `${shared}:other`] });
  assert.deepEqual(client.list(1).map(({ name }) => name), ['.', '..', 'other', 'shared']);
  assert.deepEqual(client.list(client.walk('shared')).map(({ name }) => name), ['.', '..', 'away', 'one', 'sub', '\xe9']);
  assert.equal(client.read(client.walk('other/\xe9')), 'in Latin-1');
  assert.equal(client.done(OP.READLINK, client.walk('shared/away')).toString(), '/etc/passwd');
  assert.equal(client.attributes(client.walk('shared/sub/tool')).mode, 0o100_755);
});

test('what the guest changed goes into a folder, and nothing else anywhere', () => {
  const it = guest({ share: [shared], shareOut: at('out/deep') });
  const top = it.client.walk('shared'), sub = it.client.walk('shared/sub');
  it.client.write(it.client.walk('shared/sub/tool'), 2, '/bin/sh');
  make(it, top, '\xe9t\xe9', 'summer');
  make(it, Number(it.client.done(OP.MKDIR, sub, [0o755, 0, 'new']).readBigUInt64LE(0)), 'x.part', 'part');
  // What lies outside of shared folders, and links, are not written.
  make(it, 1, 'stray', 'x');
  it.client.done(OP.SYMLINK, top, ['leads', '/tmp']);
  assert.deepEqual(it.keep(), []);
  const found = execFileSync('find', ['.', '-mindepth', '1'], { cwd: at('out/deep'), encoding: 'latin1' }).trim().split('\n').sort();
  assert.deepEqual(found,
    ['./shared', './shared/sub', './shared/sub/new', './shared/sub/new/x.part', './shared/sub/tool', './shared/\xe9t\xe9']);
  assert.equal(readFileSync(at('out/deep/shared/sub/tool'), 'utf8'), '#!/bin/sh');
  assert.equal(lstatSync(at('out/deep/shared/sub/tool')).mode & 0o100, 0o100);
  assert.equal(readFileSync(join(shared, 'sub/tool'), 'utf8'), '#!');
});

test('a link on the host leads nothing out of the folder', () => {
  mkdirSync(at('trap/shared'), { recursive: true });
  mkdirSync(at('elsewhere'));
  symlinkSync(at('elsewhere'), at('trap/shared/sub'));
  symlinkSync(at('elsewhere/target'), at('trap/shared/one'));
  const it = guest({ share: [shared], shareOut: at('trap') });
  it.client.write(it.client.walk('shared/one'), 0, 'FIRST');
  assert.deepEqual(it.keep(), []);
  // The link has made place for the file.
  assert.deepEqual([readFileSync(at('trap/shared/one'), 'utf8'), readdirSync(at('elsewhere'))], ['FIRST', []]);
  it.client.write(it.client.walk('shared/sub/tool'), 0, 'x');
  const message = `${at('trap/shared/sub')}: it is in the way, for it is no folder; name another place`;
  assert.throws(() => it.keep(), { name: 'UserError', message });
  assert.deepEqual([readdirSync(at('elsewhere')), readlinkSync(at('trap/shared/sub'))], [[], at('elsewhere')]);
});

test('files that are wanted come to where they are wanted, and those that are not there are told', () => {
  const it = guest({ get: [`perf.data:${at('mine')}`, `/tmp/it's:${folder}`, '/absent:x'] });
  const wanted = it.client.walk('.wanted');
  make(it, wanted, '0', 'PERFILE2');
  make(it, wanted, '1', '#!', 0o100_755);
  assert.deepEqual(it.keep(), ['--get /absent: the guest has no such file']);
  assert.deepEqual([readFileSync(at('mine'), 'utf8'), readFileSync(at("it's"), 'utf8')], ['PERFILE2', '#!']);
  assert.equal(lstatSync(at("it's")).mode & 0o100, 0o100);
  const nowhere = guest({ get: [`x:${at('no/where')}`] });
  make(nowhere, nowhere.client.walk('.wanted'), '0', 'x');
  assert.throws(() => nowhere.keep(), { name: 'UserError', message: `${at('no/where')}: there is no such folder; name one that exists` });
});

test('files that are brought are in a folder that is not the guest\'s to change on the host', () => {
  const { attached, keep } = attachmentsOf(io, { share: [shared], shareOut: at('not-brought') }, [
    { path: '/opt/a', bytes: Buffer.from('one'), executable: false }, { path: '/opt/b', bytes: Buffer.from('#!'), executable: true },
  ]);
  const client = new Client(attached.share!.root);
  assert.deepEqual(client.list(client.walk('.brought')).map(({ name }) => name), ['.', '..', '0', '1']);
  client.write(client.walk('.brought/0'), 0, 'changed');
  keep({ board: { disks: [], share: client.share } } as unknown as LinuxWorld);
  assert.deepEqual(readdirSync(at('not-brought')), []);
});

test('the guest is told what to do in a shell\'s words', () => {
  const brought = [{ path: "/opt/it's", bytes: new Uint8Array(), executable: true }];
  const exchange = exchangeOf({ disk: ['x', 'y'], share: [shared], get: ["it's:z"] }, brought);
  const [before, after] = [beforeCommand(exchange)!, afterCommand(exchange)!];
  for (const script of [before, after]) execFileSync('sh', ['-n'], { input: script });
  assert.match(before, /^\[ -b \/dev\/vdb \] \|\| /m);
  assert.match(before, /^mkdir -p \/mnt\/shared && mount --bind \/vpmu\/shared\/shared \/mnt\/shared$/m);
  assert.match(after, /^cp -- 'it'\\''s' \/vpmu\/shared\/\.wanted\/0 /m);
  const to = "'/opt/it'\\''s'";
  assert.ok(before.includes(`\nmkdir -p "$(dirname ${to})" && cp /vpmu/shared/.brought/0 ${to} && chmod 755 ${to} || exit 1\n`), before);
  assert.deepEqual([beforeCommand(exchangeOf({})), afterCommand(exchangeOf({}))], [undefined, undefined]);
});

test('what cannot be shared or wanted is told in one line', () => {
  writeFileSync(at('file'), '');
  for (const [options, message] of [
    [{ share: [at('absent')] }, `--share ${at('absent')}: there is no such folder`],
    [{ share: [at('file')] }, `--share ${at('file')}: it is no folder; --file brings a file`],
    [{ share: [`${shared}:a/b`] }, /its name for the guest is 'a\/b', which is not of letters, .*; folder:name gives it another$/],
    [{ share: [`${shared}:..`] }, /its name for the guest is '\.\.', which is not of letters/],
    [{ share: [shared, shared] }, `--share ${shared}: there is another 'shared'; folder:name gives it another name`],
    [{ shareOut: 'x' }, '--share-out is for what the guest makes of a folder; name one with --share'],
    [{ get: ['perf.data'] }, "--get takes guest:host, such as perf.data:./perf.data, not 'perf.data'"],
    [{ get: ['tmp/:x'] }, "--get takes guest:host, such as perf.data:./perf.data, not 'tmp/:x'"],
  ] as const) assert.throws(() => attachmentsOf(io, options), { name: 'UserError', message });
});
