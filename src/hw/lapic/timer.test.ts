import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dump } from '../../base/dump.ts';
import { load, save } from '../../base/pack.ts';
import { NEVER } from '../../base/state.ts';
import { Lapic } from './lapic.ts';

// Registers: local vector table entry, initial and current count, divide configuration.
const TIMER = 0x320, INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3e0;
const ONE_SHOT = 0, PERIODIC = 1 << 17, DEADLINE = 2 << 17, MASKED = 1 << 16;
const VECTOR = 0xee;
/** The code of division by 1. */
const BY_1 = 0xb;

class Bench {
  now = 1000;
  fired = 0;
  readonly lapic: Lapic;

  /** `ticks` of the time-stamp counter are one count. */
  constructor(mode: number, ticks = 1, divide = BY_1) {
    this.lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: true, timerTicks: ticks }, {
      now: () => this.now, send: () => {}, endOfInterrupt: () => {},
      timerFired: () => {
        this.fired += 1;
      },
    });
    this.lapic.write(0xf0, 0x1ff);
    this.lapic.write(DIVIDE, divide);
    this.mode(mode);
  }

  mode(mode: number): void {
    this.lapic.write(TIMER, mode | VECTOR);
  }

  get count(): number {
    return this.lapic.read(CURRENT);
  }

  pass(ticks: number): void {
    this.now += ticks;
    this.lapic.advance();
  }

  /** Whether the interrupt has come since the last time; it is taken and ended. */
  interrupted(): boolean {
    if (this.lapic.pending() === -1) return false;
    assert.equal(this.lapic.acknowledge(), VECTOR);
    this.lapic.write(0xb0, 0);
    return true;
  }
}

test('one-shot: counts down to 0, interrupts once, and stays at 0', () => {
  const bench = new Bench(ONE_SHOT);
  assert.deepEqual([bench.count, bench.lapic.deadline()], [0, NEVER]);
  bench.lapic.write(INITIAL, 10);
  assert.deepEqual([bench.count, bench.lapic.deadline()], [10, 1010]);
  bench.pass(1);
  assert.equal(bench.count, 9);
  bench.pass(8);
  assert.deepEqual([bench.count, bench.interrupted()], [1, false]);
  bench.pass(1);
  assert.deepEqual([bench.count, bench.interrupted(), bench.lapic.deadline()], [0, true, NEVER]);
  bench.pass(1000);
  assert.deepEqual([bench.count, bench.interrupted(), bench.fired, bench.lapic.read(INITIAL)], [0, false, 1, 10]);
});

test('periodic: the count is loaded again, and periods do not drift', () => {
  const bench = new Bench(PERIODIC);
  bench.lapic.write(INITIAL, 10);
  const counts: number[] = [], when: number[] = [];
  for (let tick = 1; tick <= 25; tick += 1) {
    bench.pass(1);
    counts.push(bench.count);
    if (bench.interrupted()) when.push(tick);
  }
  assert.deepEqual(counts.slice(0, 12), [9, 8, 7, 6, 5, 4, 3, 2, 1, 10, 9, 8]);
  assert.deepEqual(when, [10, 20]);
  // Three periods at once, 25 + 28 = 53: one interrupt, and the next is at 60.
  bench.pass(28);
  assert.deepEqual([bench.interrupted(), bench.count, bench.lapic.deadline()], [true, 7, 1060]);
  bench.pass(7);
  assert.ok(bench.interrupted());
});

test('a write of the initial count starts again, one of 0 stops', () => {
  for (const mode of [ONE_SHOT, PERIODIC]) {
    const bench = new Bench(mode);
    bench.lapic.write(INITIAL, 100);
    bench.pass(60);
    bench.lapic.write(INITIAL, 50);
    assert.equal(bench.count, 50);
    bench.pass(49);
    assert.equal(bench.interrupted(), false);
    bench.pass(1);
    assert.equal(bench.interrupted(), true);
    bench.lapic.write(INITIAL, 50);
    bench.pass(10);
    bench.lapic.write(INITIAL, 0);
    bench.pass(1000);
    assert.deepEqual([bench.interrupted(), bench.count, bench.lapic.deadline()], [false, 0, NEVER]);
  }
});

test('the largest count', () => {
  const bench = new Bench(ONE_SHOT);
  bench.lapic.write(INITIAL, 0xffff_ffff);
  bench.pass(0xffff_fffe);
  assert.deepEqual([bench.count, bench.interrupted()], [1, false]);
  bench.pass(1);
  assert.deepEqual([bench.count, bench.interrupted()], [0, true]);
});

test('the divide configuration: bits 3, 1 and 0', () => {
  // SDM: "Divide Configuration Register".
  for (const [code, divisor] of [[0, 2], [1, 4], [2, 8], [3, 16], [8, 32], [9, 64], [0xa, 128], [0xb, 1]] as const) {
    // 5 ticks are one count at divide 1.
    const bench = new Bench(ONE_SHOT, 5, code);
    assert.equal(bench.lapic.read(DIVIDE), code);
    bench.lapic.write(INITIAL, 3);
    assert.equal(bench.lapic.deadline(), 1000 + 3 * 5 * divisor);
    bench.pass(5 * divisor - 1);
    assert.equal(bench.count, 3);
    bench.pass(1);
    assert.equal(bench.count, 2);
  }
  // Bit 2 is not there.
  assert.equal(new Bench(ONE_SHOT, 1, 0xff).lapic.read(DIVIDE), 0xb);
});

test('a change of the divisor goes on from the present count at the new rate', () => {
  const bench = new Bench(ONE_SHOT, 1, BY_1);
  bench.lapic.write(INITIAL, 100);
  bench.pass(40);
  // 60 are left, each now of 4 ticks.
  bench.lapic.write(DIVIDE, 1);
  assert.deepEqual([bench.count, bench.lapic.deadline()], [60, 1040 + 240]);
  bench.pass(40);
  assert.equal(bench.count, 50);
  bench.lapic.write(DIVIDE, BY_1);
  assert.equal(bench.lapic.deadline(), 1080 + 50);
});

test('TSC-deadline mode: one interrupt when the counter has reached it, then disarmed', () => {
  const bench = new Bench(DEADLINE);
  bench.lapic.tscDeadline = 1500;
  assert.deepEqual([bench.lapic.tscDeadline, bench.lapic.deadline(), bench.count], [1500, 1500, 0]);
  bench.pass(499);
  assert.equal(bench.interrupted(), false);
  bench.pass(1);
  assert.deepEqual([bench.interrupted(), bench.lapic.tscDeadline, bench.lapic.deadline()], [true, 0, NEVER]);
  // In the past: at once. 0 disarms.
  bench.lapic.tscDeadline = 3;
  assert.deepEqual([bench.interrupted(), bench.lapic.tscDeadline], [true, 0]);
  bench.lapic.tscDeadline = 2000;
  bench.lapic.tscDeadline = 0;
  bench.pass(1000);
  assert.equal(bench.interrupted(), false);
  // The later write wins.
  bench.lapic.tscDeadline = 3000;
  bench.lapic.tscDeadline = 2600;
  assert.equal(bench.lapic.deadline(), 2600);
  // The initial count means nothing in this mode.
  bench.lapic.write(INITIAL, 10);
  assert.deepEqual([bench.count, bench.lapic.read(INITIAL), bench.lapic.deadline()], [0, 0, 2600]);
});

test('the deadline register is ignored in the other modes, and changing to or from deadline mode disarms', () => {
  const bench = new Bench(ONE_SHOT);
  bench.lapic.tscDeadline = 1500;
  assert.deepEqual([bench.lapic.tscDeadline, bench.lapic.deadline()], [0, NEVER]);
  bench.lapic.write(INITIAL, 100);
  bench.mode(DEADLINE);
  assert.deepEqual([bench.lapic.deadline(), bench.count], [NEVER, 0]);
  bench.lapic.tscDeadline = 1500;
  bench.mode(PERIODIC);
  bench.mode(DEADLINE);
  assert.deepEqual([bench.lapic.tscDeadline, bench.lapic.deadline()], [0, NEVER]);
});

test('between one-shot and periodic the count goes on', () => {
  const bench = new Bench(ONE_SHOT);
  bench.lapic.write(INITIAL, 100);
  bench.pass(70);
  bench.mode(PERIODIC);
  assert.equal(bench.count, 30);
  bench.pass(30);
  assert.deepEqual([bench.count, bench.interrupted()], [100, true]);
  bench.pass(60);
  bench.mode(ONE_SHOT);
  assert.equal(bench.count, 40);
  bench.pass(40);
  assert.deepEqual([bench.count, bench.interrupted()], [0, true]);
  // Expired, it does not begin again by itself.
  bench.mode(PERIODIC);
  bench.pass(500);
  assert.deepEqual([bench.count, bench.interrupted()], [0, false]);
});

test('a masked timer counts and fires, but does not interrupt', () => {
  const bench = new Bench(PERIODIC | MASKED);
  bench.lapic.write(INITIAL, 10);
  bench.pass(10);
  assert.deepEqual([bench.fired, bench.interrupted(), bench.count], [1, false, 10]);
  bench.mode(PERIODIC);
  assert.equal(bench.interrupted(), false);
  bench.pass(10);
  assert.deepEqual([bench.fired, bench.interrupted()], [2, true]);
});

test('a count-down that was saved goes on elsewhere', () => {
  for (const mode of [ONE_SHOT, PERIODIC]) {
    const bench = new Bench(mode, 3);
    bench.lapic.write(INITIAL, 100);
    bench.pass(123);
    const other = new Bench(ONE_SHOT, 3);
    other.now = bench.now;
    load(other.lapic, save(bench.lapic));
    assert.deepEqual(dump(other.lapic), dump(bench.lapic));
    // 123 / 3 = 41 gone.
    assert.deepEqual([other.count, other.lapic.deadline()], [59, 1300]);
  }
});
