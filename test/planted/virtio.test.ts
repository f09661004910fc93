import { type Planted, testPlanted } from './plant.ts';

// Bugs in disks, in shared folders, and in the rings by which drivers ask for them.

const TRANSPORT = 'test/virtio/transport.test.js';
const BLOCK = 'test/virtio/block.test.js';
const SHARE = 'test/virtio/share.test.js';

const PLANTED: readonly Planted[] = [
  {
    name: 'a descriptor behind the last one is read',
    file: 'src/hw/virtio/queue.js', from: 'if (index >= entries)', to: 'if (index > entries)',
    test: TRANSPORT, only: '^a descriptor that does',
  },
  {
    name: 'a buffer may end behind memory',
    file: 'src/hw/virtio/queue.js', from: 'if (at + length > this.memory.size)', to: 'if (at > this.memory.size)',
    test: TRANSPORT, only: '^bytes that end',
  },
  {
    name: 'a first write of a piece hides what lies beneath',
    file: 'src/hw/block/overlay.js', from: 'piece.set(this.beneath', to: 'void (this.beneath', test: BLOCK, only: '^sectors',
  },
  {
    name: 'a device writes over code that stays decoded',
    file: 'src/hw/machine.js', from: 'if (this.blocks.holdsCode(page))', to: 'if (false)',
    test: 'test/guest/disk.test.js', only: 'over decoded code',
  },
  {
    name: 'what the driver was told of is no state',
    file: 'src/hw/share/tree-state.js', from: "s.count('lookups', node.lookups)", to: 'node.lookups',
    test: SHARE, only: '^a file without a name',
  },
  {
    name: 'files of a guest are written where a link of the host leads',
    file: 'src/cli/guest/folders.js', from: 'stats !== undefined && !stats.isDirectory()', to: 'false',
    test: 'test/cli/share.test.js', only: '^a link on the host',
  },
];

testPlanted(PLANTED);
