import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionFailure } from '../../base/assert.ts';
import { load, save } from '../../base/pack.ts';
import type { Width } from '../../x86/registers.ts';
import { ExitPort } from '../exit/exit.ts';
import { Devices, type MemoryDevice, type PortDevice } from './memory.ts';

type Access = readonly [kind: string, offset: number, ...rest: (number | bigint)[]];

/** A device that answers with its offset, and writes down who asked. */
const memoryDevice = (start: number, size: number, log: Access[]): MemoryDevice => ({
  start, size,
  read: (offset, width, cpu) => {
    log.push(['read', offset, width, cpu]);
    return BigInt(offset);
  },
  write: (offset, value, width, cpu) => void log.push(['write', offset, value, width, cpu]),
});

const portDevice = (port: number, ports: number, log: Access[]): PortDevice => ({
  port, ports,
  in: (offset, width) => {
    log.push(['in', offset, width]);
    return offset;
  },
  out: (offset, value, width) => void log.push(['out', offset, value, width]),
});

const WIDTHS: readonly Width[] = [1, 2, 4, 8];

test('where nothing answers, a read gives ones and a write is lost', () => {
  const bus = new Devices().busOf(0);
  for (const width of WIDTHS) {
    assert.equal(bus.read(0xd000_0000, width), 2n ** BigInt(8 * width) - 1n);
    bus.write(0xd000_0000, 1n, width);
  }
  for (const width of [1, 2, 4] as const) {
    assert.equal(bus.in(0x70, width), 2 ** (8 * width) - 1);
    bus.out(0x70, 1, width);
  }
});

test('a device sees offsets in its range, the width, and the processor that asks', () => {
  const log: Access[] = [];
  const devices = new Devices();
  devices.add(memoryDevice(0xfee0_0000, 0x1000, log));
  devices.add(memoryDevice(0xfec0_0000, 0x20, log));
  assert.equal(devices.busOf(1).read(0xfee0_0340, 4), 0x340n);
  devices.busOf(2).write(0xfec0_0010, 0x55n, 4);
  assert.deepEqual(log, [['read', 0x340, 4, 1], ['write', 0x10, 0x55n, 4, 2]]);
});

test('an access must lie in the device as a whole', () => {
  const log: Access[] = [];
  const devices = new Devices();
  devices.add(memoryDevice(0x1000, 0x10, log));
  const bus = devices.busOf(0);
  for (const width of WIDTHS) {
    assert.equal(bus.read(0x1010 - width, width), BigInt(0x10 - width));
    assert.equal(bus.read(0x1011 - width, width), 2n ** BigInt(8 * width) - 1n);
    assert.equal(bus.read(0xfff, width), 2n ** BigInt(8 * width) - 1n);
  }
  assert.equal(log.length, 4);
});

test('a port belongs to the device in whose range it is', () => {
  const log: Access[] = [];
  const devices = new Devices();
  devices.add(portDevice(0x3f8, 8, log));
  devices.add(portDevice(0xf4, 4, log));
  const bus = devices.busOf(0);
  assert.deepEqual([bus.in(0x3f8, 1), bus.in(0x3ff, 1), bus.in(0x400, 1), bus.in(0x3f7, 1)], [0, 7, 0xff, 0xff]);
  bus.out(0xf6, 9, 2);
  assert.deepEqual(log, [['in', 0, 1], ['in', 7, 1], ['out', 2, 9, 2]]);
});

test('two devices cannot have the same place', () => {
  const devices = new Devices();
  devices.add(memoryDevice(0x1000, 0x1000, []));
  devices.add(memoryDevice(0x2000, 0x1000, []));
  devices.add(portDevice(0x3f8, 8, []));
  for (const [start, size] of [[0x1000, 1], [0x2fff, 1], [0, 0x1001], [0x1800, 0x1000]] as const) {
    assert.throws(() => devices.add(memoryDevice(start, size, [])), AssertionFailure);
  }
  for (const [port, ports] of [[0x3f8, 1], [0x3ff, 4], [0x3f0, 9]] as const) {
    assert.throws(() => devices.add(portDevice(port, ports, [])), AssertionFailure);
  }
  devices.add(memoryDevice(0x3000, 1, []));
  devices.add(portDevice(0x400, 1, []));
});

test('the exit port ends the run with what is written to it', () => {
  let ended = 0;
  const port = new ExitPort(() => {
    ended += 1;
  });
  assert.deepEqual([port.code, port.in(), ended], [undefined, 0, 0]);
  port.out(0, 0, 4);
  assert.deepEqual([port.code, ended], [0, 1]);
  port.out(0, 0x2a, 1);
  assert.equal(port.code, 0x2a);
  // All ones stand for "none" in its state: bit 31 is not kept.
  port.out(0, 0xffff_ffff, 4);
  assert.equal(port.code, 0x7fff_ffff);
  const copy = new ExitPort(() => {});
  load(copy, save(port));
  assert.equal(copy.code, 0x7fff_ffff);
});
