import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import type { InterruptMessage } from '../ioapic/ioapic.ts';
import { Devices } from '../memory/memory.ts';
import { Board } from './board.ts';

function build() {
  const devices = new Devices();
  const interrupts: InterruptMessage[] = [];
  let ends = 0, seconds = 0;
  const board = new Board(devices, {
    transmit: () => {},
    interrupt: (message) => interrupts.push(message),
    seconds: () => seconds,
    ended: () => {
      ends += 1;
    },
    memory: { size: 0, read: () => new Uint8Array(), write: () => {} },
  });
  return { board, bus: devices.busOf(0), interrupts, ends: () => ends, pass: (time: number) => void (seconds += time) };
}

type Built = ReturnType<typeof build>;

const cmos = ({ bus }: Built, index: number): number => {
  bus.out(0x70, index, 1);
  return bus.in(0x71, 1);
};

test('a byte for the serial port comes to the processors by line 4 of the I/O APIC', () => {
  const { board, bus, interrupts } = build();
  bus.write(0xfec0_0000, 0x18n, 4);
  bus.write(0xfec0_0010, 0x24n, 4);
  bus.out(0x3f9, 1, 1);
  bus.out(0x3fc, 8, 1);
  assert.deepEqual(interrupts, []);
  board.serial.receive(0x41);
  assert.deepEqual(interrupts.map(({ vector, level }) => [vector, level]), [[0x24, false]]);
  // The line falls when the byte is taken, and the next one is an edge again.
  assert.equal(bus.in(0x3f8, 1), 0x41);
  board.serial.receive(0x42);
  assert.equal(interrupts.length, 2);
});

// ACPI Specification, "Sleep Control Register": SLP_TYP is bits 4:2, SLP_EN bit 5. The board's S5 has type 5.
test('soft off is the sleep type of S5 with the enable bit; the reset register is another way to end', () => {
  const off = build();
  off.bus.out(0x600, 5 << 2, 1);
  off.bus.out(0x600, (1 << 5) | (3 << 2), 1);
  off.bus.out(0x602, 0, 1);
  assert.deepEqual([off.board.end, off.ends()], [undefined, 0]);
  off.bus.out(0x600, (1 << 5) | (5 << 2), 1);
  assert.deepEqual([off.board.end, off.ends()], [{ kind: 'power off' }, 1]);

  const reset = build();
  assert.equal(reset.bus.in(0x601, 1), 0);
  reset.bus.out(0x602, 1, 1);
  assert.deepEqual(reset.board.end, { kind: 'reset' });
  const copy = build();
  load(copy.board, save(reset.board));
  assert.deepEqual(copy.board.end, { kind: 'reset' });
});

test('the clock begins on Thursday 1 January 2026, and knows leap years', () => {
  const built = build();
  const now = (): number[] => [9, 8, 7, 6, 4, 2, 0, 0x32].map((index) => cmos(built, index));
  assert.deepEqual(now(), [0x26, 0x01, 0x01, 5, 0, 0, 0, 0x20]);
  // 365 + 365 + 31 + 28 days, 13 hours, 14 minutes and 15 seconds on: Tuesday 29 February 2028.
  built.pass(789 * 86_400 + 13 * 3600 + 14 * 60 + 15);
  assert.deepEqual(now(), [0x28, 0x02, 0x29, 3, 0x13, 0x14, 0x15, 0x20]);
  built.pass(86_400);
  assert.deepEqual(now().slice(0, 4), [0x28, 0x03, 0x01, 4]);
  // Binary, by bit 2 of register B; 24 hours stay.
  built.bus.out(0x70, 11, 1);
  built.bus.out(0x71, 0x04, 1);
  assert.deepEqual([cmos(built, 0), cmos(built, 9), cmos(built, 11), cmos(built, 13)], [15, 28, 6, 0x80]);
});

test('what the battery keeps can be written, the time cannot; the index has seven bits and is not read', () => {
  const built = build();
  for (const [index, value] of [[14, 0x55], [127, 0xaa], [0, 0x30]] as const) {
    built.bus.out(0x70, index | 0x80, 1);
    built.bus.out(0x71, value, 1);
  }
  assert.deepEqual([cmos(built, 14), cmos(built, 127), cmos(built, 0), built.bus.in(0x70, 1)], [0x55, 0xaa, 0, 0xff]);
});

test('port 61H names no reason for an NMI; where no port is, there are ones', () => {
  const { bus } = build();
  assert.equal(bus.in(0x61, 1), 0);
  bus.out(0x61, 0xff, 1);
  assert.equal(bus.in(0x61, 1) & 0xc0, 0);
  assert.deepEqual([bus.in(0x2f8 + 5, 1), bus.in(0xcfc, 4), bus.in(0x43, 1), bus.in(0x60, 1)], [0xff, 0xffff_ffff, 0xff, 0xff]);
});
