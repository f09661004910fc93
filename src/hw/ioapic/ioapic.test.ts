import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import { type InterruptMessage, Ioapic } from './ioapic.ts';

// Intel, 82093AA: IOREGSEL at 0, IOWIN at 10H; registers 0 to 2, and two words a redirection entry from 10H on.
const SELECT = 0x00, WINDOW = 0x10;
const MASKED = 1 << 16, LEVEL = 1 << 15, REMOTE_IRR = 1 << 14, LOGICAL = 1 << 11;
const PIN = 4, ENTRY = 0x10 + 2 * PIN;

function connect() {
  const sent: InterruptMessage[] = [];
  const ioapic = new Ioapic((message) => sent.push(message));
  const write = (register: number, value: number): void => {
    ioapic.write(SELECT, BigInt(register), 4);
    ioapic.write(WINDOW, BigInt(value >>> 0), 4);
  };
  const read = (register: number): number => {
    ioapic.write(SELECT, BigInt(register), 4);
    return Number(ioapic.read(WINDOW, 4));
  };
  return { ioapic, sent, write, read, vectors: () => sent.map(({ vector }) => vector) };
}

test('after power-on: version 11H, 24 entries, all masked', () => {
  const { read } = connect();
  assert.deepEqual([read(0), read(1), read(2)], [0, 0x17_0011, 0]);
  for (let entry = 0x10; entry < 0x40; entry += 2) assert.deepEqual([read(entry), read(entry + 1)], [MASKED, 0]);
  // Beyond the last entry there is nothing.
  assert.equal(read(0x40), 0);
});

test('registers hold the bits that they have', () => {
  const { read, write } = connect();
  write(0, 0xffff_ffff);
  write(1, 0xffff_ffff);
  // Delivery status and remote IRR, bits 12 and 14, are read-only; bits 31:17 are reserved.
  write(ENTRY, 0xffff_ffff);
  write(ENTRY + 1, 0xff00_0000);
  assert.deepEqual([read(0), read(1), read(ENTRY), read(ENTRY + 1)], [0x0f00_0000, 0x17_0011, 0x1_afff, 0xff00_0000]);
});

test('an edge sends one message, to where the entry says', () => {
  const { ioapic, sent, write } = connect();
  write(ENTRY + 1, 0x0300_0000);
  write(ENTRY, LOGICAL | 0x31);
  ioapic.setLine(PIN, true);
  ioapic.setLine(PIN, true);
  ioapic.setLine(PIN, false);
  assert.deepEqual(sent, [{ mode: 0, vector: 0x31, logical: true, destination: 3, level: false }]);
  ioapic.setLine(PIN, true);
  assert.equal(sent.length, 2);
});

// 82093AA, "Interrupt Mask": edge-sensitive interrupts signaled on a masked interrupt pin are ignored.
test('an edge on a masked line is lost', () => {
  const { ioapic, sent, write } = connect();
  write(ENTRY, MASKED | 0x31);
  ioapic.setLine(PIN, true);
  write(ENTRY, 0x31);
  assert.deepEqual(sent, []);
  ioapic.setLine(PIN, false);
  ioapic.setLine(PIN, true);
  assert.equal(sent.length, 1);
});

test('a level is sent once until its EOI, and again while it lasts', () => {
  const { ioapic, vectors, read, write } = connect();
  write(ENTRY, LEVEL | 0x41);
  ioapic.setLine(PIN, true);
  assert.deepEqual([vectors(), read(ENTRY)], [[0x41], LEVEL | REMOTE_IRR | 0x41]);
  ioapic.setLine(PIN, false);
  ioapic.setLine(PIN, true);
  ioapic.endOfInterrupt(0x40);
  assert.deepEqual(vectors(), [0x41]);
  ioapic.endOfInterrupt(0x41);
  assert.deepEqual(vectors(), [0x41, 0x41]);
  ioapic.setLine(PIN, false);
  ioapic.endOfInterrupt(0x41);
  assert.deepEqual([vectors(), read(ENTRY)], [[0x41, 0x41], LEVEL | 0x41]);
});

test('a level waits behind the mask, and remote IRR stays through a write', () => {
  const { ioapic, vectors, read, write } = connect();
  write(ENTRY, LEVEL | MASKED | 0x41);
  ioapic.setLine(PIN, true);
  assert.deepEqual(vectors(), []);
  write(ENTRY, LEVEL | 0x41);
  assert.deepEqual(vectors(), [0x41]);
  write(ENTRY, LEVEL | 0x42);
  assert.deepEqual([vectors(), read(ENTRY)], [[0x41], LEVEL | REMOTE_IRR | 0x42]);
  // As an edge it waits for no EOI.
  write(ENTRY, 0x42);
  assert.equal(read(ENTRY), 0x42);
});

test('accesses of other widths and places see nothing', () => {
  const { ioapic, read } = connect();
  assert.deepEqual([ioapic.read(WINDOW, 1), ioapic.read(0x20, 4)], [0xffn, 0xffff_ffffn]);
  read(1);
  ioapic.write(WINDOW, 0n, 2);
  ioapic.write(0x20, 0n, 4);
  assert.equal(read(ENTRY), MASKED);
});

test('saved and loaded, it goes on as it was', () => {
  const { ioapic, write } = connect();
  write(ENTRY, LEVEL | 0x41);
  ioapic.setLine(PIN, true);
  const { ioapic: copy, sent, read } = connect();
  load(copy, save(ioapic));
  assert.equal(read(ENTRY), LEVEL | REMOTE_IRR | 0x41);
  copy.endOfInterrupt(0x41);
  assert.deepEqual(sent.map(({ vector }) => vector), [0x41]);
});
