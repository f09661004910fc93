import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { Serial } from './serial.ts';

// Registers of a 16550 by offset: data (or divisor low), interrupt enable (or divisor high), identification and FIFO control,
// line control, modem control, line status, modem status, scratch.
const DATA = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7;

interface Connected { serial: Serial; sent: number[]; read(offset: number): number; write(offset: number, value: number): void }

function connect(): Connected {
  const sent: number[] = [];
  const serial = new Serial((byte) => sent.push(byte), () => {});
  return { serial, sent, read: (offset) => serial.in(offset, 1), write: (offset, value) => serial.out(offset, value, 1) };
}

test('a byte that is written leaves at once, and the transmitter is empty again', () => {
  const { sent, read, write } = connect();
  for (const byte of [0x48, 0x69, 0x0a]) {
    assert.equal(read(LSR), 0x60);
    write(DATA, byte);
  }
  assert.deepEqual(sent, [0x48, 0x69, 0x0a]);
  // Only the low byte of a wider write is data.
  write(DATA, 0x1234);
  assert.equal(sent.at(-1), 0x34);
});

test('with the latch bit the first two registers are the divisor', () => {
  const { sent, read, write } = connect();
  write(LCR, 0x83);
  write(DATA, 0x0c);
  write(IER, 0x01);
  assert.deepEqual([read(DATA), read(IER), read(LCR)], [0x0c, 0x01, 0x83]);
  write(LCR, 0x03);
  assert.deepEqual([sent, read(DATA), read(IER)], [[], 0, 0]);
  write(LCR, 0x80);
  assert.deepEqual([read(DATA), read(IER)], [0x0c, 0x01]);
});

test('registers hold their bits: four of interrupt enable, five of modem control, all of scratch', () => {
  const { read, write } = connect();
  for (const [offset, bits] of [[IER, 0x0f], [LCR, 0x7f], [MCR, 0x1f], [SCR, 0xff]] as const) {
    write(offset, offset === LCR ? 0x7f : 0xff);
    assert.equal(read(offset), bits);
    write(offset, 0);
    assert.equal(read(offset), 0);
  }
  // The status registers cannot be written.
  write(LSR, 0xff);
  write(MSR, 0xff);
  assert.deepEqual([read(LSR), read(MSR)], [0x60, 0xb0]);
});

test('received bytes wait in their order; the seventeenth is lost, and says so once', () => {
  const { serial, read, write } = connect();
  write(FCR, 0x01);
  for (let byte = 0; byte < 17; byte += 1) serial.receive(100 + byte);
  assert.equal(read(LSR), 0x63); // data ready and overrun
  assert.equal(read(LSR), 0x61);
  for (let byte = 0; byte < 16; byte += 1) assert.equal(read(DATA), 100 + byte);
  assert.deepEqual([read(LSR), read(DATA)], [0x60, 0]);
});

test('without FIFOs there is room for one byte, and the next one takes its place', () => {
  const { serial, read } = connect();
  serial.receive(1);
  serial.receive(2);
  assert.deepEqual([read(LSR), read(DATA), read(LSR)], [0x63, 2, 0x60]);
});

test('FIFO control: identification shows the FIFOs; a reset or a change of mode empties the receiver', () => {
  const { serial, read, write } = connect();
  assert.equal(read(IIR), 0x01);
  write(FCR, 0xc7);
  assert.equal(read(IIR), 0xc1);
  for (const control of [0x03, 0x00]) {
    write(FCR, 0x01);
    serial.receive(7);
    write(FCR, control);
    assert.equal(read(LSR), 0x60);
  }
  // The same mode again, and the transmitter's reset, leave the receiver alone.
  write(FCR, 0x01);
  serial.receive(7);
  write(FCR, 0x05);
  assert.equal(read(DATA), 7);
  // While the FIFOs are off, the reset bit means nothing.
  write(FCR, 0x00);
  serial.receive(8);
  write(FCR, 0x02);
  assert.deepEqual([read(IIR), read(DATA)], [0x01, 8]);
});

test('interrupts by priority: line status, received data, empty transmitter', () => {
  const { serial, read, write } = connect();
  assert.equal(serial.interrupting, false);
  // The transmitter is empty: enabling its interrupt is one, and reading the identification ends it.
  write(IER, 0x02);
  assert.equal(serial.interrupting, true);
  assert.deepEqual([read(IIR), read(IIR), serial.interrupting], [0x02, 0x01, false]);
  write(DATA, 0x41);
  assert.equal(serial.interrupting, true);
  write(IER, 0x07);
  serial.receive(1);
  serial.receive(2);
  // Line status until it is read; data until it is taken; neither ends by reading the identification.
  assert.deepEqual([read(IIR), read(IIR)], [0x06, 0x06]);
  read(LSR);
  assert.deepEqual([read(IIR), read(IIR)], [0x04, 0x04]);
  read(DATA);
  assert.deepEqual([read(IIR), read(IIR), serial.interrupting], [0x02, 0x01, false]);
  // What is not enabled does not interrupt.
  write(IER, 0);
  write(DATA, 1);
  serial.receive(3);
  assert.deepEqual([read(IIR), serial.interrupting], [0x01, false]);
});

test('in loopback what is sent is received, and the modem status follows the modem control', () => {
  const { sent, read, write } = connect();
  write(MCR, 0x10);
  write(DATA, 0xa5);
  assert.deepEqual([sent, read(LSR), read(DATA)], [[], 0x61, 0xa5]);
  // DTR to DSR (bit 5), RTS to CTS (bit 4), OUT1 to RI (bit 6), OUT2 to carrier (bit 7).
  for (const [control, status] of [[0x10, 0], [0x11, 0x20], [0x12, 0x10], [0x14, 0x40], [0x18, 0x80], [0x1f, 0xf0]] as const) {
    write(MCR, control);
    assert.equal(read(MSR), status);
  }
});

test('what is saved is loaded', () => {
  const { serial, write } = connect();
  write(LCR, 0x80);
  write(DATA, 0x23);
  write(IER, 0x45);
  write(LCR, 0x1b);
  for (const [offset, value] of [[FCR, 0xc1], [IER, 0x0f], [MCR, 0x0b], [SCR, 0x5a], [DATA, 1]] as const) write(offset, value);
  for (let byte = 0; byte < 17; byte += 1) serial.receive(byte);
  const copy = new Serial(() => {}, () => {});
  load(copy, save(serial));
  assert.deepEqual(dump(copy), dump(serial));
  assert.deepEqual([copy.in(LSR, 1), copy.in(DATA, 1), copy.in(DATA, 1), copy.interrupting], [0x63, 0, 1, true]);
});
