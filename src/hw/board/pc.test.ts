import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import type { InterruptMessage } from '../ioapic/ioapic.ts';
import { Devices } from '../memory/memory.ts';
import { Board } from './board.ts';

const HZ = 1_193_182;

function build() {
  const devices = new Devices();
  const interrupts: InterruptMessage[] = [];
  let ticks = 0, asked = 0;
  const board = new Board(devices, {
    transmit: () => {}, interrupt: (message) => void interrupts.push(message), seconds: () => 0, ended: () => {},
    memory: { size: 0, read: () => new Uint8Array(), write: () => {} },
    pc: {
      cpus: 3, memory: 5 * 2 ** 30, hz: HZ, ticks: () => ticks,
      requested: () => {
        asked += 1;
      },
    },
  });
  const bus = devices.busOf(0);
  const pin = (line: number, low: number): void => {
    bus.write(0xfec0_0000, BigInt(0x10 + 2 * line), 4);
    bus.write(0xfec0_0010, BigInt(low), 4);
  };
  const pass = (time: number): void => {
    ticks += time;
    board.external!.advance();
  };
  const initialize = (): void => {
    for (const [port, base, icw3] of [[0x20, 0x20, 4], [0xa0, 0x28, 2]] as const) {
      bus.out(port, 0x11, 1);
      for (const byte of [base, icw3, 1, 0]) bus.out(port + 1, byte, 1);
    }
  };
  return { board, bus, interrupts, pin, pass, initialize, asked: () => asked };
}

test('the timer comes by line 0 of the interrupt controllers and by pin 2 of the I/O APIC', () => {
  const { board: { external }, bus, interrupts, pin, pass, initialize } = build();
  initialize();
  pin(2, 0x30);
  bus.out(0x43, 0x34, 1);
  for (const byte of [100, 0]) bus.out(0x40, byte, 1);
  assert.deepEqual([external!.requested, interrupts.length, external!.deadline()], [false, 0, 101]);
  pass(101);
  assert.deepEqual([external!.requested, interrupts.map(({ vector }) => vector)], [true, [0x30]]);
  assert.equal(external!.acknowledge(), 0x20);
  pass(99);
  assert.equal(external!.requested, false);
});

test('the serial port comes by line 4 of either, and the test device sets any line', () => {
  const { board, bus, interrupts, pin, initialize, asked } = build();
  initialize();
  pin(4, 0x34);
  pin(20, 0x44);
  bus.out(0x3f9, 1, 1);
  board.serial.receive(0x41);
  assert.deepEqual([board.external!.acknowledge(), interrupts.map(({ vector }) => vector)], [0x24, [0x34]]);
  const before = asked();
  bus.out(0x2000 + 20, 1, 1);
  assert.deepEqual([interrupts.at(-1)!.vector, asked()], [0x44, before]);
  bus.out(0x20, 0x20, 1);
  bus.out(0x2000 + 12, 1, 1);
  assert.ok(asked() > before);
  assert.equal(board.external!.acknowledge(), 0x2c);
});

test('the firmware tells the number of processors and the size of memory, byte by byte', () => {
  const { bus } = build();
  const item = (selector: number, bytes: number): number[] => {
    bus.out(0x510, selector, 2);
    return Array.from({ length: bytes }, () => bus.in(0x511, 1));
  };
  assert.deepEqual(item(5, 3), [3, 0, 0]);
  assert.deepEqual(item(3, 9), [0, 0, 0, 0x40, 1, 0, 0, 0, 0]);
  assert.equal(String.fromCharCode(...item(0, 4)), 'QEMU');
  // A byte selects nothing; another item begins at its beginning.
  bus.out(0x510, 3, 1);
  assert.deepEqual([bus.in(0x511, 1), item(0xf, 2), item(0x19, 2)], [0, [3, 0], [0, 0]]);
});

test('the test device has a latch that can be reached in parts, and memory of its own', () => {
  const { board, bus } = build();
  bus.out(0xe0, 0x1234_5678, 4);
  bus.out(0xe1, 0xab, 1);
  assert.deepEqual([bus.in(0xe0, 4), bus.in(0xe2, 2), bus.in(0xe9, 1)], [0x1234_ab78, 0x1234, 0xab]);
  bus.write(0xff00_0010, 0x1122_3344_5566_7788n, 8);
  bus.write(0xff00_0012, 0xffn, 1);
  assert.deepEqual([bus.read(0xff00_0010, 8), bus.read(0xff00_0014, 2)], [0x1122_3344_55ff_7788n, 0x3344n]);
  bus.out(0xe4, 0x1000, 4);
  const copy = build();
  load(copy.board, save(board));
  assert.deepEqual([copy.bus.in(0xe0, 4), copy.bus.read(0xff00_0010, 1)], [0x1234_ab78, 0x88n]);
});

test('port 61H has the gate and the output of the third counter, and the clock of refreshes', () => {
  const { bus, pass } = build();
  bus.out(0x43, 0x90, 1);
  bus.out(0x42, 20, 1);
  pass(1);
  assert.equal(bus.in(0x61, 1), 0);
  bus.out(0x61, 1, 1);
  pass(19);
  assert.equal(bus.in(0x61, 1), 0x11);
  pass(1);
  assert.equal(bus.in(0x61, 1), 0x31);
  pass(18);
  assert.equal(bus.in(0x61, 1), 0x21);
});
