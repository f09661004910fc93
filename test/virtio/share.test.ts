import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { load, save } from '../../src/base/pack.ts';
import { Block } from '../../src/hw/block/block.ts';
import { Driver, NEEDS_RESET, REG } from './driver.ts';
import {
  attributesIn, Client, EEXIST, EINVAL, EISDIR, ENAMETOOLONG, ENOENT, ENOSPC, ENOSYS, ENOTDIR, ENOTEMPTY, EPERM, ESTALE, folder, OP,
} from './fuse-client.ts';

// VIRTIO 1.2, "File System Device", whose requests are those of Linux' FUSE.

const GIVEN = { b: 'second', a: { deep: 'in a folder', tool: ['#!'] }, link: '-> a/deep', 'n\xffame': '' } as const;
const client = (): Client => new Client(folder(GIVEN));
const FILE = 0o100_644, PROGRAM = 0o100_755, FOLDER = 0o040_755, LINK = 0o120_777;

test('the configuration has the tag and one queue for requests', () => {
  const { driver } = client();
  assert.deepEqual([driver.get(REG.device), driver.get(REG.config), driver.get(REG.config + 4), driver.get(REG.config + 36)],
    [26, 0x67_6174, 0, 1]);
});

test('a session begins with the version that is spoken, and the flags of both', () => {
  const all = client().done(OP.INIT, 0, [7, 38, 131_072, 0xffff_ffff]);
  // FUSE_ASYNC_READ, FUSE_BIG_WRITES, FUSE_PARALLEL_DIROPS, FUSE_MAX_PAGES; 1 MiB at a time, in 256 pages.
  assert.deepEqual([0, 4, 8, 12, 20].map((at) => all.readUInt32LE(at)), [7, 31, 131_072, 0x44_0021, 1 << 20]);
  assert.deepEqual([all.readUInt16LE(28), all.length], [256, 64]);
  assert.equal(client().done(OP.INIT, 0, [7, 38, 0, 1]).readUInt32LE(12), 1);
  assert.equal(client().ask(OP.INIT, 0, [6, 0, 0, 0]), 71);
});

test('names lead to nodes, whose attributes are the same wherever and whenever it is run', () => {
  const it = client();
  const found = ['b', 'a', 'a/deep', 'a/tool', 'link', 'n\xffame'].map((path) => it.attributes(it.walk(path)));
  assert.deepEqual(found.map(({ mode, size, nlink, uid, mtime }) => [mode, size, nlink, uid, mtime]), [
    [FILE, 6, 1, 0, 1000], [FOLDER, 0, 2, 0, 1000], [FILE, 11, 1, 0, 1000], [PROGRAM, 2, 1, 0, 1000], [LINK, 6, 1, 0, 1000],
    [FILE, 0, 1, 0, 1000],
  ]);
  assert.equal(it.attributes(1).nlink, 3);
  assert.equal(new Set(found.map(({ ino }) => ino)).size, 6);
  const again = new Client(folder({ 'n\xffame': '', link: GIVEN.link, a: { tool: ['#!'], deep: 'in a folder' }, b: 'second' }));
  assert.deepEqual(['b', 'a', 'a/deep', 'a/tool', 'link', 'n\xffame'].map((path) => again.attributes(again.walk(path))), found);
});

test('folders are listed in order, by pieces, and entries that go meanwhile make no others be missed', () => {
  const it = client();
  const all = it.list(1);
  assert.deepEqual(all.map(({ name, type }) => [name, type]), [['.', 4], ['..', 4], ['a', 4], ['b', 8], ['link', 10], ['n\xffame', 8]]);
  const many = new Client(folder(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`file-${100 + i}`, '']))));
  const names: string[] = [];
  for (let behind = 0, some = many.list(1, behind, 200); some.length > 0; some = many.list(1, behind, 200)) {
    for (const { name } of some) {
      names.push(name);
      if (name.startsWith('file')) many.done(OP.UNLINK, 1, [name]);
    }
    behind = some.at(-1)!.off;
  }
  assert.deepEqual([names.length, new Set(names).size, many.list(1).length], [102, 102, 2]);
});

test('files are read and written, made and cut, and what becomes of them is given out', () => {
  const it = client();
  const b = it.walk('b');
  assert.deepEqual([it.read(b), it.read(b, 3), it.read(b, 6), it.read(b, 99), it.read(b, 0, 2)], ['second', 'ond', '', '', 'se']);
  assert.deepEqual(it.changed, []);
  assert.equal((it.write(b, 9, 'x') as Buffer).readUInt32LE(0), 1);
  assert.deepEqual([it.read(b), it.attributes(b).mtime], ['second\0\0\0x', 2000]);
  const made = it.done(OP.MKNOD, 1, [0o100_750, 0, 0, 0, 'new']);
  const id = Number(made.readBigUInt64LE(0));
  assert.deepEqual(attributesIn(made, 40), { ino: id, size: 0, mtime: 2000, mode: 0o100_750, nlink: 1, uid: 501 });
  it.write(id, 0, 'content');
  // FATTR_SIZE, then FATTR_MODE and FATTR_MTIME: valid, fh, size, owner, atime, mtime, ctime, their parts, mode, uid, gid.
  const set = (valid: number, size: bigint, mode = 0, mtime = 0n) =>
    it.ask(OP.SETATTR, id, [valid, 0, 0n, size, 0n, 0n, mtime, 0n, 0, 0, 0, mode, 0, 0, 0, 0]);
  assert.equal(attributesIn(set(8, 3n) as Buffer, 16).size, 3);
  assert.equal(attributesIn(set(8, 5n) as Buffer, 16).size, 5);
  assert.deepEqual([it.read(id), attributesIn(set(1 | 32, 0n, 0o600, 77n) as Buffer, 16).mtime], ['con\0\0', 77]);
  assert.deepEqual(it.changed, ['b=second\0\0\0x', 'new=con\0\0']);
});

test('folders, links and names come and go', () => {
  const it = client();
  const a = it.walk('a'), deep = it.walk('a/deep');
  const sub = Number(it.done(OP.MKDIR, a, [0o755, 0, 'sub']).readBigUInt64LE(0));
  assert.deepEqual([it.attributes(a).nlink, it.attributes(sub).nlink], [3, 2]);
  it.done(OP.SYMLINK, sub, ['to', '../deep']);
  assert.equal(it.done(OP.READLINK, it.walk('a/sub/to')).toString(), '../deep');
  it.done(OP.LINK, sub, [BigInt(deep), 'same']);
  assert.deepEqual([it.walk('a/sub/same'), it.attributes(deep).nlink], [deep, 2]);
  it.done(OP.RENAME, 1, [BigInt(sub), 'b', 'to']);
  it.done(OP.RENAME, a, [1n, 'sub', 'moved']);
  assert.deepEqual([it.list(1).map(({ name }) => name), it.list(a).map(({ name }) => name)],
    [['.', '..', 'a', 'link', 'n\xffame', 'moved'], ['.', '..', 'deep', 'tool']]);
  assert.equal(it.list(sub)[1]!.ino, 1);
  it.done(OP.UNLINK, a, ['deep']);
  it.done(OP.UNLINK, a, ['tool']);
  it.done(OP.RMDIR, 1, ['a']);
  assert.deepEqual(it.changed, ['moved/same=in a folder', 'moved/to=second']);
});

test('what cannot be done has the error that Linux has for it', () => {
  const it = client();
  const a = it.walk('a'), b = it.walk('b'), deep = it.walk('a/deep');
  const errors: readonly (readonly [number, number | Buffer])[] = [
    [ENOENT, it.ask(OP.LOOKUP, 1, ['absent'])], [ENOTDIR, it.ask(OP.LOOKUP, b, ['x'])], [ESTALE, it.ask(OP.GETATTR, 999, [0, 0, 0n])],
    [EEXIST, it.ask(OP.MKDIR, 1, [0o755, 0, 'a'])], [ENOTEMPTY, it.ask(OP.RMDIR, 1, ['a'])], [ENOTDIR, it.ask(OP.RMDIR, 1, ['b'])],
    [EISDIR, it.ask(OP.UNLINK, 1, ['a'])], [EISDIR, it.write(a, 0, 'x')], [EISDIR, it.ask(OP.READ, a, [0n, 0n, 9, 0, 0n, 0, 0])],
    [EINVAL, it.ask(OP.READLINK, b)], [EPERM, it.ask(OP.LINK, 1, [BigInt(a), 'again'])],
    [EPERM, it.ask(OP.MKNOD, 1, [0o020_600, 9, 0, 0, 'c'])],
    [ENOTDIR, it.ask(OP.RENAME, 1, [1n, 'a', 'b'])], [EISDIR, it.ask(OP.RENAME, 1, [1n, 'b', 'a'])],
    [EINVAL, it.ask(OP.RENAME, 1, [BigInt(a), 'a', 'inside'])], [EISDIR, it.ask(OP.RENAME, a, [1n, 'deep', 'a'])],
    [ENOSYS, it.ask(OP.OPEN, b, [0, 0])], [ENOSYS, it.ask(OP.GETXATTR, b, [0, 0, 'user.x'])], [ENOSYS, it.ask(4096, 1)],
    [ENOSPC, it.write(deep, 2n ** 30n, 'x')], [ENOSPC, it.write(deep, 2n ** 63n, 'x')],
  ];
  for (const [i, [wanted, found]] of errors.entries()) assert.equal(found, wanted, `${i}`);
});

test('a name that leads elsewhere is none', () => {
  const it = client();
  for (const name of ['', '.', '..', '../x', 'a/b', 'x'.repeat(256)]) {
    const error = name.length > 255 ? ENAMETOOLONG : EINVAL;
    for (const answer of [
      it.ask(OP.LOOKUP, 1, [name]), it.ask(OP.MKDIR, 1, [0o755, 0, name]), it.ask(OP.MKNOD, 1, [0o100_644, 0, 0, 0, name]),
      it.ask(OP.SYMLINK, 1, [name, 'x']), it.ask(OP.RENAME, 1, [1n, 'b', name]), it.ask(OP.LINK, 1, [BigInt(it.walk('b')), name]),
    ]) assert.equal(answer, error, JSON.stringify(name));
  }
  assert.equal(it.ask(OP.LOOKUP, 1, [Buffer.from('no end')]), EINVAL);
  assert.deepEqual(it.changed, []);
});

test('a file without a name stays until the driver forgets it, also where it was loaded', () => {
  const saved = client(), it = client();
  const b = saved.walk('b');
  saved.walk('b');
  saved.done(OP.UNLINK, 1, ['b']);
  load(it.driver.virtio, save(saved.driver.virtio));
  it.driver.follow(saved.driver);
  assert.equal(it.read(b), 'second');
  it.done(OP.FORGET, b, [1n], 0);
  assert.equal(it.read(b), 'second');
  it.done(OP.BATCH_FORGET, 0, [2, 0, 999n, 1n, BigInt(b), 1n], 0);
  assert.equal(it.ask(OP.GETATTR, b, [0, 0, 0n]), ESTALE);
  // What has a name is found again.
  const a = it.walk('a');
  it.done(OP.DESTROY, 0);
  assert.equal(it.walk('a'), a);
});

test('a request that is cut, or has no room for its answer, is the driver\'s mistake; one whose arguments are cut has an error', () => {
  for (const [length, room] of [[39, 64], [40, 15], [40, 16], [56, 119]] as const) {
    const it = client();
    const request = Buffer.alloc(length);
    request.writeUInt32LE(OP.GETATTR, 4);
    request.writeBigUInt64LE(1n, length >= 24 ? 16 : 8);
    it.driver.ask(request, room, 1);
    assert.equal(it.driver.get(REG.status) & NEEDS_RESET, NEEDS_RESET, `${length} ${room}`);
  }
  assert.equal(client().ask(OP.WRITE, 4, [0n, 0n, 100, 0, 0n, 0, 0, 'short']), EINVAL);
});

/** What a driver may ask, with small numbers, so that it meets the same things again. */
const small = fc.integer({ min: 0, max: 14 }), name = fc.constantFrom('a', 'b', 'c', 'deep');
const requests: fc.Arbitrary<(it: Client) => unknown> = fc.oneof(
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.LOOKUP, node, [text])),
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.MKDIR, node, [0o755, 0, text])),
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.MKNOD, node, [0o100_644, 0, 0, 0, text])),
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.SYMLINK, node, [text, 'there'])),
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.UNLINK, node, [text])),
  fc.tuple(small, name).map(([node, text]) => (it: Client) => it.ask(OP.RMDIR, node, [text])),
  fc.tuple(small, name, small, name).map(([node, text, to, other]) => (it: Client) => it.ask(OP.RENAME, node, [BigInt(to), text, other])),
  fc.tuple(small, name, small).map(([node, text, other]) => (it: Client) => it.ask(OP.LINK, node, [BigInt(other), text])),
  fc.tuple(small, small).map(([node, at]) => (it: Client) => it.write(node, at, 'xyz')),
  small.map((node) => (it: Client) => it.ask(OP.BATCH_FORGET, 0, [1, 0, BigInt(node), 1n])),
);

test('whatever is asked, a folder that is loaded is the one that was saved, and no state says what is not so', () => {
  fc.assert(fc.property(fc.array(requests, { maxLength: 40 }), fc.array(requests, { maxLength: 10 }), (before, after) => {
    const one = client(), two = client();
    for (const request of before) request(one);
    two.driver.follow(one.driver);
    load(two.driver.virtio, save(one.driver.virtio));
    assert.deepEqual(save(two.driver.virtio), save(one.driver.virtio));
    for (const request of after) assert.deepEqual(request(two), request(one));
    assert.deepEqual([save(two.driver.virtio), two.changed], [save(one.driver.virtio), one.changed]);
  }), { numRuns: 200 });
});

test('a device that nobody has asked has the state of an empty slot, so that a guest can find it later', () => {
  const empty = save(new Driver([undefined, undefined]).virtio);
  const disk = new Block({ bytes: new Uint8Array(1024), readOnly: false, serial: '' });
  assert.deepEqual(save(new Driver([disk, client().share]).virtio), empty);
});

test('a session that only looks and forgets leaves the state as it was', () => {
  const it = client();
  const before = save(it.driver.virtio).length;
  it.walk('a/deep');
  assert.ok(save(it.driver.virtio).length > before);
  it.done(OP.DESTROY, 0);
  assert.equal(save(it.driver.virtio).length, before);
});
