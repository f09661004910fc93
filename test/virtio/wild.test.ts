import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Block } from '../../src/hw/block/block.ts';
import { Share } from '../../src/hw/share/share.ts';
import { AT, Driver, MEMORY, REG } from './driver.ts';
import { folder } from './fuse-client.ts';

// A driver that has gone wild. That nothing outside of memory is read or written, the driver's memory asserts.

const NOW = { seconds: 0, nanoseconds: 0 };
const disk = (): Block => new Block({ bytes: new Uint8Array(64 << 10), readOnly: false, serial: 'wild' });
const share = (): Share => new Share({ tag: 'wild', root: folder({ a: { b: 'c' } }) }, NOW, () => NOW);

/** Small numbers, those at the edges of memory, and any. */
const number = fc.oneof(fc.nat(40), fc.constantFrom(MEMORY - 16, MEMORY - 1, MEMORY, 0x7fff_ffff, 0xffff_ffff), fc.nat(MEMORY));
const descriptor = fc.record({ address: number, length: number, flags: fc.nat(7), next: fc.nat(9) });
const action: fc.Arbitrary<(driver: Driver, queue: number) => void> = fc.oneof(
  fc.tuple(fc.constantFrom(...Object.values(REG)), number).map(([register, value]) => (driver: Driver) => driver.set(register, value)),
  fc.tuple(fc.nat(8), descriptor).map(([index, what]) => (driver: Driver) => driver.describe(index, what)),
  fc.tuple(fc.nat(3), descriptor).map(([index, what]) => (driver: Driver) => driver.describe(index, what, AT.tables)),
  fc.tuple(fc.nat(60), fc.uint8Array({ maxLength: 60 }))
    .map(([at, bytes]) => (driver: Driver) => driver.memory.set(bytes, AT.buffers + at)),
  fc.tuple(fc.nat(60), fc.nat(0xffff))
    .map(([at, value]) => (driver: Driver) => driver.view.setUint16(AT.available + 2 * at, value, true)),
  fc.nat(9).map((head) => (driver: Driver, queue: number) => {
    driver.offer(head);
    driver.notify(queue);
  }),
);

for (const [name, make, queue] of [['disk', disk, 0], ['folder', share, 1]] as const) {
  test(`a ${name} survives whatever its driver does, and works after a reset`, () => {
    fc.assert(fc.property(fc.boolean(), fc.array(action, { maxLength: 60 }), (indirect, actions) => {
      const driver = new Driver([make()]).begin(indirect ? 1 << 28 : 0, { queue });
      for (const act of actions) act(driver, queue);
      driver.begin(0, { queue });
      const header = Buffer.alloc(queue === 0 ? 16 : 40);
      // A flush; FUSE_STATFS.
      if (queue === 0) header.writeUInt32LE(4, 0);
      else header.writeUInt32LE(17, 4);
      const answer = Buffer.from(driver.ask(header, queue === 0 ? 1 : 96, queue));
      assert.deepEqual(queue === 0 ? [...answer] : [answer.length, answer.readInt32LE(4)], queue === 0 ? [0] : [96, 0]);
    }), { numRuns: 300 });
  });
}
