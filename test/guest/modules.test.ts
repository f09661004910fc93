import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageError } from '../../src/guest/image.ts';
import { moduleName, moduleTree } from '../../src/guest/linux/modules.ts';
import { moduleElf } from './module-elf.ts';

/** As `modinfo` shows them of Debian 12's, and more that nobody wants. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  virtio_ring: ['license=GPL', 'depends='], virtio: ['depends=virtio_ring'],
  virtio_mmio: ['alias=acpi*:LNRO0005:*', 'depends=virtio,virtio_ring'],
  ext4: ['softdep=pre: crypto-crc32c post: other', 'alias=fs-ext4', 'alias=ext3', 'depends=jbd2,mbcache,crc16'], jbd2: ['depends=crc16'],
  mbcache: ['depends='], crc16: [], crc32c_generic: ['alias=crypto-crc32c', 'depends='], other: [],
};

const texts = (wanted: readonly string[]): Readonly<Record<string, string>> => {
  const nodes = moduleTree('6.1', wanted, (name) => (name in MODULES ? moduleElf(MODULES[name]!) : undefined));
  return Object.fromEntries(nodes.map((node) => [node.path, node.kind === 'file' ? Buffer.from(node.bytes).toString('latin1') : '']));
};

test('wanted modules come with what they need, in the order in which modprobe loads them: from the right to the left', () => {
  const found = texts(['ext4', 'virtio_mmio', 'builtin']);
  const folder = 'lib/modules/6.1';
  assert.deepEqual(Object.keys(found).map((path) => path.slice(folder.length + 1)), [
    ...['crc16', 'crc32c_generic', 'ext4', 'jbd2', 'mbcache', 'virtio', 'virtio_mmio', 'virtio_ring'].map((name) => `${name}.ko`),
    'modules.dep', 'modules.alias',
  ]);
  assert.equal(found[`${folder}/modules.dep`], [
    'crc16.ko:', 'crc32c_generic.ko:', 'ext4.ko: crc32c_generic.ko mbcache.ko jbd2.ko crc16.ko', 'jbd2.ko: crc16.ko', 'mbcache.ko:',
    'virtio.ko: virtio_ring.ko', 'virtio_mmio.ko: virtio.ko virtio_ring.ko', 'virtio_ring.ko:', '',
  ].join('\n'));
  assert.equal(found[`${folder}/modules.alias`], [
    'alias crypto-crc32c crc32c_generic', 'alias fs-ext4 ext4', 'alias ext3 ext4', 'alias acpi*:LNRO0005:* virtio_mmio', '',
  ].join('\n'));
});

test('a kernel without modules has no folder of them; a module that is cut is told', () => {
  assert.deepEqual(moduleTree('6.1', ['ext4'], () => undefined), []);
  const file = moduleElf(['depends=']);
  assert.throws(() => moduleTree('6.1', ['x'], () => file.subarray(0, file.length - 70)), ImageError);
});

test('a module is called by its file\'s name, with underscores', () => {
  assert.deepEqual(['virtio_blk.ko', 'crc32c-intel.ko.xz', 'nls_cp437'].map(moduleName), ['virtio_blk', 'crc32c_intel', 'nls_cp437']);
});
