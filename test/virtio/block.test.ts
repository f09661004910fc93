import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmallSaver } from '../../src/base/apart.ts';
import { load, save } from '../../src/base/pack.ts';
import { Block } from '../../src/hw/block/block.ts';
import { Driver, NEEDS_RESET, REG } from './driver.ts';

// VIRTIO 1.2, "Block Device".

const IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11;
const OK = 0, IOERR = 1, UNSUPP = 2;
const SECTORS = 33;
/** Sector i is full of i. */
const image = (): Uint8Array => Uint8Array.from({ length: SECTORS * 512 }, (_, at) => at >> 9);

function disk(readOnly = false): { block: Block; driver: Driver; bytes: Uint8Array } {
  const bytes = image();
  const block = new Block({ bytes, readOnly, serial: 'twenty letters of id' });
  return { block, driver: new Driver([block]).begin(), bytes };
}

function request(type: number, sector: number | bigint, data: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = Buffer.alloc(16 + data.length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeBigUInt64LE(BigInt(sector), 8);
  bytes.set(data, 16);
  return bytes;
}

const status = (answer: Uint8Array): number | undefined => answer.at(-1);

test('the configuration says how large it is and how it wants requests; the features what it can', () => {
  const { driver } = disk();
  const config = [0, 4, 8, 12, 20].map((at) => driver.get(REG.config + at));
  assert.deepEqual([driver.get(REG.device), config], [2, [SECTORS, 0, 262_144, 126, 512]]);
  const features = ({ driver: { virtio } }: ReturnType<typeof disk>): number => Number(virtio.read(REG.deviceFeatures, 4)) & 0xff_ffff;
  // SIZE_MAX, SEG_MAX, BLK_SIZE, FLUSH; and RO.
  const writable = 1 << 1 | 1 << 2 | 1 << 6 | 1 << 9;
  assert.deepEqual([features(disk()), features(disk(true))], [writable, writable | 1 << 5]);
});

test('sectors are read and written, across pieces and up to the last one, and what lies beneath stays', () => {
  const { block, driver, bytes } = disk();
  assert.deepEqual(driver.ask(request(IN, 7), 1025), Uint8Array.from([...bytes.subarray(7 * 512, 9 * 512), OK]));
  assert.equal(block.written, undefined);
  const data = new Uint8Array(3 * 512).fill(0xaa);
  assert.deepEqual(driver.ask(request(OUT, 6, data), 1), Uint8Array.of(OK));
  assert.deepEqual(driver.ask(request(OUT, 32, data.subarray(0, 512)), 1), Uint8Array.of(OK));
  const wanted = image();
  wanted.fill(0xaa, 6 * 512, 9 * 512);
  wanted.fill(0xaa, 32 * 512);
  assert.deepEqual(driver.ask(request(IN, 0), wanted.length + 1), Uint8Array.from([...wanted, OK]));
  assert.deepEqual([block.written, bytes], [wanted, image()]);
  assert.deepEqual(driver.ask(request(FLUSH, 0), 1), Uint8Array.of(OK));
});

test('what lies outside of it, or is no whole sector, is an error, and nothing is done', () => {
  const { block, driver } = disk();
  for (const [sector, length] of [[SECTORS, 512], [SECTORS - 1, 1024], [0, 511], [2n ** 63n, 512], [2n ** 64n - 1n, 512]] as const) {
    const read = driver.ask(request(IN, sector), length + 1);
    assert.deepEqual([read.length, status(read)], [length + 1, IOERR], `${sector}`);
    assert.equal(status(driver.ask(request(OUT, sector, new Uint8Array(length)), 1)), IOERR, `${sector}`);
  }
  assert.equal(block.written, undefined);
});

test('it tells its serial number, in 20 bytes; what it does not know it says', () => {
  const { driver } = disk();
  assert.equal(Buffer.from(driver.ask(request(GET_ID, 0), 21)).toString('latin1'), 'twenty letters of id\0');
  assert.equal(status(driver.ask(request(DISCARD, 0, new Uint8Array(16)), 1)), UNSUPP);
});

test('one that is read only refuses writes', () => {
  const { block, driver } = disk(true);
  assert.equal(status(driver.ask(request(OUT, 0, new Uint8Array(512)), 1)), IOERR);
  assert.deepEqual([status(driver.ask(request(IN, 0), 513)), block.written], [OK, undefined]);
});

test('a request without its header, or without room for the status, is the driver\'s mistake', () => {
  for (const [bytes, room] of [[request(IN, 0).subarray(0, 15), 513], [request(FLUSH, 0), 0]] as const) {
    const { driver } = disk();
    driver.ask(bytes, room);
    assert.equal(driver.get(REG.status) & NEEDS_RESET, NEEDS_RESET);
  }
});

test('however much was written, it is no piece of state that is kept apart', () => {
  const large = new Block({ bytes: new Uint8Array(8 << 20), readOnly: false, serial: '' });
  const driver = new Driver([large]).begin();
  const data = new Uint8Array(0x3_0000).fill(7);
  for (let i = 0; i < 20; i += 1) driver.ask(request(OUT, i * 0x180, data), 1);
  const saver = new SmallSaver();
  const saved = saver.save(driver.virtio).slice();
  assert.deepEqual([saver.large.length, saved.length > 20 * data.length], [0, true]);
  const copy = new Block({ bytes: new Uint8Array(8 << 20), readOnly: false, serial: '' });
  load(new Driver([copy]).virtio, saved);
  assert.deepEqual(copy.written, large.written);
});

test('what was written is state; the same contents are the same state, and a reset of the driver keeps them', () => {
  const { driver, block } = disk();
  const fresh = save(driver.virtio);
  driver.ask(request(OUT, 20, new Uint8Array(512).fill(1)), 1);
  driver.ask(request(OUT, 1, new Uint8Array(512).fill(2)), 1);
  driver.begin();
  assert.equal(save(driver.virtio).length, fresh.length + 2 * (4 + 4096));
  const other = disk();
  other.driver.ask(request(OUT, 1, new Uint8Array(512).fill(2)), 1);
  other.driver.ask(request(OUT, 20, new Uint8Array(512).fill(1)), 1);
  other.driver.begin();
  assert.deepEqual(save(other.driver.virtio), save(driver.virtio));
  const copy = disk();
  load(copy.driver.virtio, save(driver.virtio));
  assert.deepEqual(copy.block.written, block.written);
});
