import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cpio, isCpio, type Node, readCpio } from './cpio.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('an archive is, byte by byte, what "initramfs buffer format" says', () => {
  const archive = cpio([{ path: '/etc/motd', kind: 'file', bytes: bytes('hello') }]);
  const eight = (...fields: readonly number[]): string => fields.map((field) => field.toString(16).padStart(8, '0').toUpperCase()).join('');
  // Inode, mode, uid, gid, links, mtime, size, device (2), of which it is a node (2), size of the name with its zero, check.
  const folder = `070701${eight(1, 0o040755, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0)}etc\0\0\0`;
  const file = `070701${eight(2, 0o100644, 0, 0, 1, 0, 5, 0, 0, 0, 0, 9, 0)}etc/motd\0\0hello\0\0\0`;
  const trailer = `070701${eight(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0)}TRAILER!!!\0\0\0\0`;
  assert.equal(Buffer.from(archive).toString('latin1'), folder + file + trailer);
  assert.ok(isCpio(archive) && !isCpio(archive.subarray(1)));
});

test('the order in which files are named does not matter', () => {
  const nodes: Node[] = [
    { path: 'b', kind: 'link', target: 'a/c' }, { path: 'a/c', kind: 'file', bytes: bytes('x') },
    { path: 'a', kind: 'folder', mode: 0o700 },
    { path: 'dev/null', kind: 'device', type: 'character', mode: 0o666, major: 1, minor: 3 },
  ];
  const archive = cpio(nodes);
  assert.deepEqual(cpio(nodes.toReversed()), archive);
  assert.deepEqual([...readCpio(archive).keys()], ['a', 'a/c', 'b', 'dev', 'dev/null']);
  assert.equal(readCpio(archive).get('a')!.mode, 0o700);
});

const path = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => !/[/\0]/.test(text)).map((name) => `x/${name}`);
const kinds: fc.Arbitrary<Node> = fc.oneof(
  fc.record({ path, mode: fc.integer({ min: 0, max: 0o7777 }), kind: fc.constant('file' as const), bytes: fc.uint8Array() }),
  fc.record({ path, mode: fc.constant(0o755), kind: fc.constant('folder' as const) }),
  fc.record({ path, mode: fc.constant(0o777), kind: fc.constant('link' as const), target: fc.string({ minLength: 1 }) }),
  fc.record({
    path, mode: fc.constant(0o600), kind: fc.constant('device' as const), type: fc.constantFrom('character' as const, 'block' as const),
    major: fc.nat(255), minor: fc.nat(255),
  }),
);
const nodes = fc.uniqueArray(kinds, { selector: (node) => node.path, maxLength: 8 })
  .filter((all) => all.every((node) => node.path !== 'x/.' && node.path !== 'x/..'));
const byPath = (all: readonly Node[]): Map<string, Node> => new Map(all.map((node) => [node.path, node]));

test('what is written is read; of archives one behind the other, the last word counts', () => {
  fc.assert(fc.property(nodes, nodes, (first, second) => {
    if (first.length + second.length === 0) return;
    const both = readCpio(Uint8Array.from([...cpio(first), 0, 0, 0, 0, ...cpio(second)]));
    const wanted = new Map<string, Node>([...byPath(first), ...byPath(second)]);
    wanted.set('x', { path: 'x', mode: 0o755, kind: 'folder' });
    assert.deepEqual([...both.keys()].sort(), [...wanted.keys()].sort());
    for (const [at, node] of wanted) assert.deepEqual({ ...both.get(at) }, { ...node });
  }));
});

test('a path that leads elsewhere is refused', () => {
  for (const wrong of ['', '/', 'a/../b', './a', 'a//b']) {
    assert.throws(() => cpio([{ path: wrong, kind: 'folder' }]), /is no path of a file in the guest/, wrong);
  }
});

test('what is no archive is told in one line', () => {
  const archive = cpio([{ path: 'a', kind: 'file', bytes: bytes('content') }]);
  assert.throws(() => readCpio(bytes('Dear kernel,')), /^ImageError: there is no cpio header at 0$/);
  assert.throws(() => readCpio(archive.subarray(0, 100)), /^ImageError: the cpio header at 0 has no number where its nameSize stands$/);
  assert.throws(() => readCpio(archive.subarray(0, 115)), /^ImageError: the archive ends inside the file at 0$/);
});
