import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Devices } from '../memory/memory.ts';
import { Pic } from './pic.ts';

/** A pair as a PC's software sets it: vectors from 20H and 28H on, nothing masked. */
function build({ icw4 = 1, second4 = 1 } = {}) {
  const devices = new Devices();
  const pic = new Pic(() => {});
  for (const device of pic.devices) devices.add(device);
  const bus = devices.busOf(0);
  const out = (port: number, ...bytes: readonly number[]): void => {
    for (const byte of bytes) bus.out(port, byte, 1);
  };
  out(0x20, 0x11);
  out(0x21, 0x20, 4, icw4, 0);
  out(0xa0, 0x11);
  out(0xa1, 0x28, 2, second4, 0);
  /** ISR of one of them, and then its IRR again. */
  const inService = (port: number): number => {
    out(port, 0x0b);
    const isr = bus.in(port, 1);
    out(port, 0x0a);
    return isr;
  };
  /** An edge. */
  const pulse = (...lines: readonly number[]): void => {
    for (const asserted of [true, false]) for (const line of lines) pic.setLine(line, asserted);
  };
  const raise = (...lines: readonly number[]): void => {
    for (const line of lines) pic.setLine(line, true);
  };
  /** The vectors that it gives one after the other, without an EOI in between. */
  const taken = (): number[] => {
    const vectors: number[] = [];
    // At most one for each input, or it would never end.
    while (pic.requested && vectors.length <= 16) vectors.push(pic.acknowledge());
    return vectors;
  };
  return { pic, bus, out, inService, pulse, raise, taken };
}

test('the first input comes first, and a lower one waits for the end of interrupt', () => {
  const { bus, out, inService, raise, taken } = build();
  raise(5, 3);
  assert.equal(bus.in(0x20, 1), 0x28);
  assert.deepEqual(taken(), [0x23]);
  raise(1);
  assert.deepEqual(taken(), [0x21]);
  assert.deepEqual([bus.in(0x20, 1), inService(0x20)], [0x20, 0x0a]);
  out(0x20, 0x20);
  assert.deepEqual([taken(), inService(0x20)], [[], 0x08]);
  out(0x20, 0x20);
  assert.deepEqual([taken(), inService(0x20)], [[0x25], 0x20]);
});

test('the second controller is input 2 of the first: both are in service', () => {
  const { out, inService, raise, taken } = build();
  raise(10, 12);
  assert.deepEqual(taken(), [0x2a]);
  assert.deepEqual([inService(0x20), inService(0xa0)], [0x04, 0x04]);
  out(0xa0, 0x20);
  // Its next request waits for the first controller.
  assert.deepEqual(taken(), []);
  out(0x20, 0x20);
  assert.deepEqual(taken(), [0x2c]);
});

test('in special fully nested mode the second controller can interrupt itself', () => {
  const { raise, taken, inService } = build({ icw4: 0x11 });
  raise(12);
  assert.deepEqual(taken(), [0x2c]);
  raise(9);
  assert.deepEqual(taken(), [0x29]);
  assert.deepEqual([inService(0x20), inService(0xa0)], [0x04, 0x12]);
});

// A request must stay until it is acknowledged: "the IR inputs must remain high until after the falling edge of the first INTA".
test('a request that falls is none any more; what is acknowledged nevertheless is input 7, which is then not in service', () => {
  const { pic, raise, inService } = build();
  for (const line of [4, 11]) {
    raise(line);
    assert.equal(pic.requested, true);
    pic.setLine(line, false);
    assert.equal(pic.requested, false);
    assert.deepEqual([pic.acknowledge(), inService(0x20), inService(0xa0)], [0x27, 0, 0]);
  }
});

test('a request that is masked waits, and its controller asks for nothing', () => {
  const { pic, bus, out, raise, taken } = build();
  out(0xa1, 0x08);
  raise(11);
  assert.deepEqual([bus.in(0xa0, 1), bus.in(0x20, 1), pic.requested], [0x08, 0, false]);
  out(0xa1, 0);
  assert.deepEqual(taken(), [0x2b]);
});

test('with automatic end of interrupt nothing stays in service, and with rotation the input that was taken comes last', () => {
  const { out, inService, pulse, raise, taken } = build({ icw4: 3 });
  raise(3, 5);
  assert.deepEqual([taken(), inService(0x20)], [[0x23, 0x25], 0]);
  out(0x20, 0x80);
  raise(4);
  assert.deepEqual(taken(), [0x24]);
  // Now 5 is first, and 4 last.
  pulse(3, 4, 5);
  raise(4, 7);
  assert.deepEqual(taken(), [0x27, 0x24]);
});

test('an edge is needed, also after an initialization; a level asks as long as it is there', () => {
  const { pic, bus, out, raise, taken } = build();
  raise(5);
  out(0x20, 0x11);
  out(0x21, 0x20, 4, 1, 0);
  assert.deepEqual(taken(), []);
  pic.setLine(5, false);
  raise(5);
  assert.deepEqual(taken(), [0x25]);
  out(0x20, 0x20);
  assert.deepEqual(taken(), []);
  // Inputs 0 to 2, 8 and 13 are edge-triggered whatever is written.
  out(0x4d0, 0xff);
  out(0x4d1, 0xff);
  assert.deepEqual([bus.in(0x4d0, 1), bus.in(0x4d1, 1)], [0xf8, 0xde]);
  assert.deepEqual(taken(), [0x25]);
  out(0x20, 0x20);
  assert.deepEqual(taken(), [0x25]);
  pic.setLine(5, false);
  out(0x20, 0x20);
  assert.deepEqual(taken(), []);
});

test('before anybody has initialized them they ask for nothing', () => {
  const pic = new Pic(() => {});
  for (let line = 0; line < 16; line += 1) pic.setLine(line, true);
  assert.equal(pic.requested, false);
});
