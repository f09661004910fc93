import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../base/choice.ts';
import { NO_TRACE } from '../../trace/trace.ts';
import { UNIT_TIMING } from '../cpu/timing.ts';
import { Machine } from '../machine.ts';
import { GENERIC } from '../model.ts';

const PERFMON = {
  version: 2, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: false, tsx: false,
};
// Offsets, and fields of the interrupt command register.
const SVR = 0xf0, LDR = 0xd0, DFR = 0xe0, ESR = 0x280, ICR = 0x300, ICR_HIGH = 0x310, IRR = 0x200, TMR = 0x180;
const LOGICAL = 1 << 11, ASSERT = 1 << 14, LEVEL = 1 << 15, SELF = 1 << 18, ALL = 2 << 18, OTHERS = 3 << 18;
const LOWEST = 1 << 8, NMI = 4 << 8, INIT = 5 << 8, STARTUP = 6 << 8;
const ENABLED = 0xfee0_0800, EXTENDED = 0xfee0_0c00, DISABLED = 0xfee0_0000;

/** A board of several processors: its local APICs, wired to each other. */
class Board {
  readonly machine: Machine;

  constructor(cpus: number, x2apic: boolean) {
    this.machine = new Machine(
      { cpus, memory: 0x1000, model: GENERIC, perfmon: PERFMON, skid: 0, masksPmi: true, timing: UNIT_TIMING, quantum: 1000 },
      { choice: FIRST, tracer: NO_TRACE, transmit: () => {} },
    );
    for (const lapic of this.lapics) {
      lapic.write(SVR, 0x1ff);
      if (x2apic) assert.ok(lapic.setApicBase(EXTENDED | (lapic.id === 0 ? 0x100 : 0)));
    }
  }

  get lapics() {
    return this.machine.cpus.map(({ lapic }) => lapic);
  }

  /** Sends from a processor in xAPIC mode; the destination is 8 bits. */
  send(from: number, low: number, destination = 0): void {
    const lapic = this.lapics[from]!;
    lapic.write(ICR_HIGH, destination * 2 ** 24);
    lapic.write(ICR, low);
  }

  /** Sends from a processor in x2APIC mode, with one write. */
  sendWide(from: number, low: number, destination = 0): void {
    assert.ok(this.lapics[from]!.writeMsr(0x830, low, destination));
  }

  /** Which processors have this vector pending; it is taken and ended. */
  got(vector: number): number[] {
    return this.lapics.filter((lapic) => {
      if (lapic.pending() !== vector) return false;
      lapic.acknowledge();
      if (lapic.x2apic) lapic.writeMsr(0x80b, 0, 0);
      else lapic.write(0xb0, 0);
      return true;
    }).map(({ id }) => id);
  }
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test('shorthands: self, all including self, all excluding self', () => {
  for (const x2apic of [false, true]) {
    const board = new Board(4, x2apic);
    const send = (low: number): void => (x2apic ? board.sendWide(2, low, 0) : board.send(2, low, 0));
    send(SELF | ASSERT | 0x51);
    assert.deepEqual(board.got(0x51), [2]);
    send(ALL | ASSERT | 0x52);
    assert.deepEqual(board.got(0x52), [0, 1, 2, 3]);
    send(OTHERS | ASSERT | 0x53);
    assert.deepEqual(board.got(0x53), [0, 1, 3]);
  }
});

test('physical destination: one APIC ID, or all ones for everybody', () => {
  const narrow = new Board(4, false), wide = new Board(4, true);
  for (const id of range(4)) {
    narrow.send(0, ASSERT | 0x61, id);
    assert.deepEqual(narrow.got(0x61), [id]);
    wide.sendWide(0, ASSERT | 0x61, id);
    assert.deepEqual(wide.got(0x61), [id]);
  }
  narrow.send(1, ASSERT | 0x62, 0xff);
  assert.deepEqual(narrow.got(0x62), [0, 1, 2, 3]);
  wide.sendWide(1, ASSERT | 0x62, 0xffff_ffff);
  assert.deepEqual(wide.got(0x62), [0, 1, 2, 3]);
  // Nobody's ID; 0FFH is one among many where IDs have 32 bits.
  narrow.send(1, ASSERT | 0x63, 9);
  wide.sendWide(1, ASSERT | 0x63, 0xff);
  assert.deepEqual([narrow.got(0x63), wide.got(0x63)], [[], []]);
});

test('logical destination, flat model: a bit for each of eight', () => {
  const board = new Board(4, false);
  for (const [i, lapic] of board.lapics.entries()) lapic.write(LDR, 2 ** (24 + i));
  const reached = (destination: number): number[] => {
    board.send(0, LOGICAL | ASSERT | 0x55, destination);
    return board.got(0x55);
  };
  assert.deepEqual(reached(0b0001), [0]);
  assert.deepEqual(reached(0b1010), [1, 3]);
  assert.deepEqual(reached(0b1111), [0, 1, 2, 3]);
  assert.deepEqual(reached(0xff), [0, 1, 2, 3]);
  assert.deepEqual(reached(0xf0), []);
  assert.deepEqual(reached(0), []);
});

test('logical destination, cluster model: four bits name the cluster, four its members', () => {
  const board = new Board(4, false);
  // Members 0 and 1 of cluster 1, members 0 and 3 of cluster 2.
  for (const [i, id] of [0x11, 0x12, 0x21, 0x28].entries()) {
    board.lapics[i]!.write(DFR, 0x0fff_ffff);
    board.lapics[i]!.write(LDR, id * 2 ** 24);
  }
  const reached = (destination: number): number[] => {
    board.send(0, LOGICAL | ASSERT | 0x55, destination);
    return board.got(0x55);
  };
  assert.deepEqual(reached(0x11), [0]);
  assert.deepEqual(reached(0x13), [0, 1]);
  assert.deepEqual(reached(0x29), [2, 3]);
  assert.deepEqual(reached(0x26), []);
  assert.deepEqual(reached(0x3f), []);
  assert.deepEqual(reached(0xff), [0, 1, 2, 3]);
});

test('logical destination in x2APIC mode: the cluster in the upper half, a bit of sixteen in the lower', () => {
  const board = new Board(8, true);
  const reached = (destination: number): number[] => {
    board.sendWide(0, LOGICAL | ASSERT | 0x55, destination);
    return board.got(0x55);
  };
  // All eight are in cluster 0.
  assert.deepEqual(reached(0x0000_0001), [0]);
  assert.deepEqual(reached(0x0000_00a4), [2, 5, 7]);
  assert.deepEqual(reached(0x0000_ff00), []);
  assert.deepEqual(reached(0x0001_00ff), []);
  assert.deepEqual(reached(0xffff_ffff), range(8));
});

test('an IPI is an edge, whatever its level and trigger bits say', () => {
  const board = new Board(2, false);
  for (const bits of [0, ASSERT, LEVEL, LEVEL | ASSERT]) {
    board.send(0, bits | 0x45, 1);
    // 45H is bit 5 of the third word.
    assert.deepEqual([board.lapics[1]!.read(IRR + 0x20), board.lapics[1]!.read(TMR + 0x20)], [1 << 5, 0]);
    assert.deepEqual(board.got(0x45), [1]);
  }
});

test('NMI, INIT and start-up are latched by the receiver, and INIT level de-assert is not sent', () => {
  const board = new Board(3, false);
  const [, one, two] = board.lapics;
  board.send(0, NMI | ASSERT, 1);
  assert.deepEqual([one!.nmiPending, two!.nmiPending, one!.pending()], [true, false, -1]);
  board.send(0, INIT | LEVEL, 1);
  assert.equal(one!.initPending, false);
  board.send(0, INIT | ASSERT | LEVEL, 1);
  assert.deepEqual([one!.initPending, two!.initPending], [true, false]);
  board.send(0, STARTUP | ASSERT | 0x9f, 1);
  assert.deepEqual([one!.startupVector, two!.startupVector], [0x9f, -1]);
});

test('an illegal vector is an error of the sender, and of who receives it; other modes need no vector', () => {
  const board = new Board(2, false);
  const errors = (): number[] => board.lapics.map((lapic) => {
    lapic.write(ESR, 0);
    return lapic.read(ESR);
  });
  board.send(0, ASSERT | 0x0f, 1);
  assert.deepEqual(errors(), [0x20, 0x40]);
  board.send(0, ASSERT | 0x10, 1);
  assert.deepEqual([errors(), board.got(0x10)], [[0, 0], [1]]);
  board.send(0, NMI | ASSERT | 0x02, 1);
  assert.deepEqual(errors(), [0, 0]);
});

test('lowest-priority IPIs are not sent: a redirectable-IPI error, and no other', () => {
  for (const vector of [0x55, 0x05]) {
    const board = new Board(2, true);
    board.sendWide(0, LOWEST | ASSERT | LOGICAL | vector, 3);
    assert.deepEqual(board.got(0x55), []);
    assert.ok(board.lapics[0]!.writeMsr(0x828, 0, 0));
    assert.deepEqual(board.lapics[0]!.readMsr(0x828), { low: 0x10, high: 0 });
  }
});

test('the command register reads back what was written, with an idle delivery status', () => {
  const board = new Board(2, false);
  board.send(0, 0xc_dfff & ~(7 << 8), 0x12);
  assert.deepEqual([board.lapics[0]!.read(ICR), board.lapics[0]!.read(ICR_HIGH)], [0xc_c8ff, 0x1200_0000]);
});

test('in xAPIC mode reserved bits of the command register are not kept', () => {
  const [lapic] = new Board(1, false).lapics;
  lapic!.write(ICR_HIGH, 0xffff_ffff);
  // Bits 31:20, 17, 16 and 13 are reserved, 12 is read-only; self, with vector 45H.
  lapic!.write(ICR, 0xfff7_7045);
  assert.deepEqual([lapic!.read(ICR), lapic!.read(ICR_HIGH)], [0x4_4045, 0xff00_0000]);
  assert.equal(lapic!.pending(), 0x45);
});

test('who is software-disabled takes no fixed interrupt, who is switched off nothing at all', () => {
  const board = new Board(3, false);
  board.lapics[1]!.write(SVR, 0xff);
  board.lapics[2]!.setApicBase(DISABLED);
  board.send(0, ALL | ASSERT | 0x66);
  assert.deepEqual(board.got(0x66), [0]);
  board.send(0, OTHERS | NMI | ASSERT);
  assert.deepEqual(board.lapics.map((lapic) => lapic.nmiPending), [false, true, false]);
  board.lapics[2]!.setApicBase(ENABLED);
  assert.equal(board.lapics[2]!.nmiPending, false);
});
