import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../src/base/pack.ts';
import type { VirtioDevice } from '../../src/hw/virtio/virtio.ts';
import { DriverFault } from '../../src/hw/virtio/virtio.ts';
import {
  ACKNOWLEDGE, AT, DRIVER, DRIVER_OK, Driver, F_INDIRECT_DESC, FEATURES_OK, INDIRECT, MEMORY, NEEDS_RESET, NEXT, REG, WRITE,
} from './driver.ts';

// VIRTIO 1.2, "Virtio Over MMIO" and "Split Virtqueues", with a device that turns bytes around.

class Mirror implements VirtioDevice {
  readonly id = 42;
  readonly features = 0b101;
  readonly queues = 1;
  readonly config = Uint8Array.of(1, 2, 3, 4, 5, 6);
  asked: string[] = [];
  resets = 0;
  kept: Uint8Array = new Uint8Array();

  serve(_queue: number, request: Uint8Array, room: number): Uint8Array {
    if (request[0] === 0xff) throw new DriverFault('it may not ask so');
    this.asked.push(Buffer.from(request).toString('latin1'));
    return request.toReversed().subarray(0, room);
  }

  reset(): void {
    this.resets += 1;
  }

  changes(): Uint8Array {
    return this.kept;
  }

  restore(changes: Uint8Array): void {
    this.kept = changes;
  }
}

function begun(features = 0, size = 8): { driver: Driver; mirror: Mirror } {
  const mirror = new Mirror();
  return { driver: new Driver([mirror]).begin(features, { size }), mirror };
}

test('a slot says what it is; an empty one has device 0, and takes nothing', () => {
  const driver = new Driver([undefined, new Mirror()], 1);
  assert.deepEqual([REG.magic, REG.version, REG.device].map((register) => driver.get(register)), [0x7472_6976, 2, 42]);
  // Shared memory regions that do not exist have length 2^64 - 1.
  assert.deepEqual([driver.get(REG.shmLenLow), driver.get(REG.shmLenLow + 4)], [0xffff_ffff, 0xffff_ffff]);
  const empty = new Driver([undefined, new Mirror()]);
  empty.set(REG.status, ACKNOWLEDGE);
  assert.deepEqual([REG.magic, REG.version, REG.device, REG.status].map((register) => empty.get(register)), [0x7472_6976, 2, 0, 0]);
});

test('features come in words, and are taken when all of them were offered and VIRTIO_F_VERSION_1 is one', () => {
  const driver = new Driver([new Mirror()]);
  const offered = [0, 1, 2].map((word) => {
    driver.set(REG.deviceFeaturesSel, word);
    return driver.get(REG.deviceFeatures);
  });
  assert.deepEqual(offered, [0b101 | F_INDIRECT_DESC, 1, 0]);
  for (const [low, high, taken] of [[0b100, 1, true], [0, 1, true], [0b100, 0, false], [0b10, 1, false], [0, 3, false]] as const) {
    driver.set(REG.status, 0);
    driver.set(REG.status, ACKNOWLEDGE | DRIVER);
    driver.features(low, high);
    driver.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assert.equal((driver.get(REG.status) & FEATURES_OK) !== 0, taken, `${low} ${high}`);
  }
});

test('configuration is read by bytes, halves and words; registers by words only', () => {
  const { virtio } = new Driver([new Mirror()]);
  assert.deepEqual([virtio.read(0x100, 1), virtio.read(0x101, 1), virtio.read(0x102, 2), virtio.read(0x104, 4), virtio.read(0x1f8, 8)],
    [1n, 2n, 0x0403n, 0x0605n, 0n]);
  assert.deepEqual([virtio.read(0, 1), virtio.read(0, 8)], [0n, 0n]);
});

test('a chain is served, and its answer and length are in memory when the interrupt comes', () => {
  const { driver, mirror } = begun();
  driver.memory.set(Buffer.from('hello'), AT.buffers);
  driver.describe(3, { address: AT.buffers, length: 2, flags: NEXT, next: 1 });
  driver.describe(1, { address: AT.buffers + 2, length: 3, flags: NEXT, next: 7 });
  driver.describe(7, { address: AT.buffers + 0x100, length: 1, flags: NEXT | WRITE, next: 0 });
  driver.describe(0, { address: AT.buffers + 0x200, length: 9, flags: WRITE });
  driver.offer(3);
  assert.deepEqual([mirror.asked, driver.levels], [[], ['16 down']]);
  driver.notify();
  assert.deepEqual([mirror.asked, driver.used, driver.levels], [['hello'], [[3, 5]], ['16 down', '16 up']]);
  assert.equal(Buffer.from(driver.memory.subarray(AT.buffers + 0x100, AT.buffers + 0x101)).toString(), 'o');
  assert.equal(Buffer.from(driver.memory.subarray(AT.buffers + 0x200, AT.buffers + 0x209)).toString(), 'lleh\0\0\0\0\0');
  assert.equal(driver.get(REG.interruptStatus), 1);
  driver.set(REG.interruptAck, 1);
  assert.deepEqual([driver.get(REG.interruptStatus), driver.levels.at(-1)], [0, '16 down']);
});

test('rings go round, and a driver that does not want to be interrupted is not', () => {
  const { driver, mirror } = begun(0, 4);
  driver.view.setUint16(AT.available, 1, true);
  for (let i = 0; i < 70_000; i += 1) driver.ask(Uint8Array.of(i & 0x7f), 1);
  assert.deepEqual([mirror.asked.length, driver.view.getUint16(AT.used + 2, true), driver.levels], [70_000, 70_000 & 0xffff, ['16 down']]);
});

test('descriptors may stand in a table of their own, behind others', () => {
  const { driver, mirror } = begun(F_INDIRECT_DESC);
  driver.memory.set(Buffer.from('abc'), AT.buffers);
  driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 1 });
  driver.describe(1, { address: AT.tables, length: 32, flags: INDIRECT | WRITE });
  driver.describe(0, { address: AT.buffers + 1, length: 2, flags: NEXT, next: 1 }, AT.tables);
  driver.describe(1, { address: AT.buffers + 8, length: 3, flags: WRITE }, AT.tables);
  driver.offer(0);
  driver.notify();
  assert.deepEqual([mirror.asked, driver.used], [['abc'], [[0, 3]]]);
});

test('before DRIVER_OK, and to a queue that is not ready or does not exist, a notification does nothing', () => {
  const { driver, mirror } = begun();
  driver.describe(0, { address: AT.buffers, length: 1 });
  driver.offer(0);
  for (const other of [1, 2, 0xffff_ffff]) driver.notify(other);
  driver.set(REG.queueReady, 0);
  driver.notify();
  driver.set(REG.queueReady, 1);
  driver.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
  driver.notify();
  assert.deepEqual([mirror.asked, driver.get(REG.status) & NEEDS_RESET], [[], 0]);
  driver.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
  driver.notify();
  assert.equal(mirror.asked.length, 1);
});

/** What a driver may not do, each in a queue of 8. */
const WRONG: Readonly<Record<string, (driver: Driver) => void>> = {
  'a descriptor that does not exist': (driver) => driver.view.setUint16(AT.available + 4, 8, true),
  'a chain that goes on where nothing is': (driver) => driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 9 }),
  'a loop of one': (driver) => driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 0 }),
  'a loop of two': (driver) => {
    driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 1 });
    driver.describe(1, { address: AT.buffers, length: 1, flags: NEXT, next: 0 });
  },
  'bytes that end behind memory': (driver) => driver.describe(0, { address: MEMORY - 4, length: 5 }),
  'bytes far behind memory': (driver) => driver.describe(0, { address: 0xffff_ffff_ffff_fff0n, length: 0x20 }),
  'an answer behind memory': (driver) => driver.describe(0, { address: MEMORY, length: 1, flags: WRITE }),
  'bytes to read behind room to write': (driver) => {
    driver.describe(0, { address: AT.buffers, length: 1, flags: WRITE | NEXT, next: 1 });
    driver.describe(1, { address: AT.buffers, length: 1 });
  },
  'a table that was not agreed on': (driver) => driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT }),
  'more chains than descriptors': (driver) => driver.view.setUint16(AT.available + 2, 9, true),
  'fewer chains than before': (driver) => driver.view.setUint16(AT.available + 2, 0xffff, true),
  'a request that the device refuses': (driver) => driver.memory.fill(0xff, AT.buffers, AT.buffers + 1),
};
/** The same with tables. */
const WRONG_TABLES: Readonly<Record<string, (driver: Driver) => void>> = {
  'a table with a part of a descriptor': (driver) => driver.describe(0, { address: AT.tables, length: 24, flags: INDIRECT }),
  'an empty table': (driver) => driver.describe(0, { address: AT.tables, length: 0, flags: INDIRECT }),
  'a table behind memory': (driver) => driver.describe(0, { address: MEMORY - 8, length: 16, flags: INDIRECT }),
  'a table with more behind it': (driver) => driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT | NEXT, next: 1 }),
  'a table in a table': (driver) => {
    driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT });
    driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT }, AT.tables);
  },
  'a loop in a table': (driver) => {
    driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT });
    driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 0 }, AT.tables);
  },
  'a chain that leaves its table': (driver) => {
    driver.describe(0, { address: AT.tables, length: 16, flags: INDIRECT });
    driver.describe(0, { address: AT.buffers, length: 1, flags: NEXT, next: 1 }, AT.tables);
  },
  'far more bytes than memory has': (driver) => {
    driver.describe(0, { address: AT.tables, length: 16 * 64, flags: INDIRECT });
    for (let i = 0; i < 64; i += 1) driver.describe(i, { address: 0, length: MEMORY, flags: NEXT, next: i + 1 }, AT.tables);
  },
};

for (const [features, size, wrongs] of [[0, 8, WRONG], [F_INDIRECT_DESC, 64, WRONG_TABLES]] as const) {
  for (const [what, wrong] of Object.entries(wrongs)) {
    test(`${what}: the device needs a reset, says so by an interrupt, and works after it`, () => {
      const { driver, mirror } = begun(features, size);
      driver.describe(0, { address: AT.buffers, length: 1 });
      driver.offer(0);
      wrong(driver);
      driver.notify();
      assert.equal(driver.get(REG.status) & NEEDS_RESET, NEEDS_RESET);
      assert.deepEqual([driver.get(REG.interruptStatus), driver.levels.at(-1), mirror.asked], [2, '16 up', []]);
      // It stays so, whatever the driver writes, until the driver begins anew.
      driver.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
      driver.describe(0, { address: AT.buffers, length: 1 });
      driver.notify();
      assert.deepEqual([driver.get(REG.status) & NEEDS_RESET, mirror.asked], [NEEDS_RESET, []]);
      driver.begin();
      driver.memory.fill(0, AT.buffers, AT.buffers + 8);
      assert.deepEqual([driver.levels.at(-1), driver.ask(Uint8Array.of(1, 2), 2), mirror.resets], ['16 down', Uint8Array.of(2, 1), 2]);
    });
  }
}

test('a queue of no size, of another than a power of two, askew or outside of memory is none', () => {
  for (const [register, value] of [
    [REG.queueNum, 0], [REG.queueNum, 6], [REG.queueNum, 512], [REG.queueNum, 0x1_0008], [REG.queueDescLow, 0x1008],
    [REG.queueDescLow, MEMORY - 64], [REG.queueDescHigh, 1], [REG.queueDriverLow, 0x2001], [REG.queueDeviceLow, MEMORY],
    [REG.queueDeviceLow, 0x3002],
  ] as const) {
    const { driver } = begun();
    driver.set(REG.queueReady, 0);
    driver.set(register, value);
    driver.set(REG.queueReady, 1);
    assert.deepEqual([driver.get(REG.queueReady), driver.get(REG.status) & NEEDS_RESET], [0, NEEDS_RESET], `${register} ${value}`);
  }
});

test('a device that overwrites the ring it is fed by does not work for ever', () => {
  const { driver, mirror } = begun();
  // Each answer is the ring's index, one further on.
  driver.describe(0, { address: AT.buffers, length: 2, flags: NEXT, next: 1 });
  driver.describe(1, { address: AT.available + 2, length: 2, flags: WRITE });
  driver.memory.set([0, 7], AT.buffers);
  driver.offer(0);
  driver.notify();
  assert.deepEqual([mirror.asked.length, driver.view.getUint16(AT.available + 2, true)], [1, 7]);
});

test('a slot that is loaded goes on as the one that was saved', () => {
  const { driver } = begun(F_INDIRECT_DESC | 0b100);
  driver.ask(Uint8Array.of(1, 2, 3), 3);
  const copy = new Driver([new Mirror()]);
  load(copy.virtio, save(driver.virtio));
  assert.deepEqual(save(copy.virtio), save(driver.virtio));
  copy.follow(driver);
  assert.deepEqual([copy.get(REG.status), copy.get(REG.interruptStatus)], [driver.get(REG.status), 1]);
  copy.offer(0, 0);
  copy.notify();
  assert.equal(copy.view.getUint16(AT.used + 2, true), 3);
});
