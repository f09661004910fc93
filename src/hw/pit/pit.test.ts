import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../base/pack.ts';
import { NEVER } from '../../base/state.ts';
import { Pit } from './pit.ts';

const CLOCK = 1_193_182;

/** A timer on a machine of so many ticks a second: as many as it has pulses, unless a test says otherwise. */
function build(hz = CLOCK) {
  let ticks = 0;
  const levels: boolean[] = [];
  const pit = new Pit({ ticks: () => ticks, hz, interrupt: (asserted) => void (levels.at(-1) === asserted || levels.push(asserted)) });
  return {
    pit, levels,
    at: (time: number) => {
      ticks = time;
      pit.advance();
    },
    pass: () => {
      ticks += 1;
      pit.advance();
    },
  };
}

/** A byte of the count as it is now, and OUT, by the read-back command; only the low byte is written and read. */
function look({ pit }: ReturnType<typeof build>, counter: number): readonly [count: string, out: string] {
  pit.out(3, 0xc0 | (2 << counter));
  const status = pit.in(counter);
  return [pit.in(counter).toString(16), (status & 0x80) === 0 ? 'L' : 'H'];
}

/**
 * What the third counter does: `w4` writes the count 4, `g` and `G` take the gate down and up, and each `.` is a pulse, after which
 * count and OUT are noted.
 */
function play(mode: number, script: string): string {
  const built = build();
  const counts: string[] = [], outs: string[] = [];
  built.pit.out(3, 0x90 | (mode << 1));
  for (const [, action, count] of script.matchAll(/([.gGw])([0-9a-f]*)/g)) {
    if (action === 'w') built.pit.out(2, Number.parseInt(count!, 16));
    else if (action !== '.') built.pit.setSpeakerGate(action === 'G');
    else {
      built.pass();
      const [value, out] = look(built, 2);
      counts.push(value);
      outs.push(out);
    }
  }
  return `${counts.join(' ')} ${outs.join('')}`;
}

// "8254 Programmable Interval Timer", the figures of each mode: count and OUT after each pulse.
for (const [mode, what, script, expected] of [
  [0, 'counts to its end, and on', 'G w4 ......', '4 3 2 1 0 ff LLLLHH'],
  [0, 'is held by the gate', 'G w3 .. g .. G ....', '3 2 2 2 1 0 ff fe LLLLLHHH'],
  [0, 'takes a new count at the next pulse', 'G w3 .. w2 ....', '3 2 2 1 0 ff LLLLHH'],
  [0, 'is loaded while the gate holds it', 'w3 .. G ...', '3 3 2 1 0 LLLLH'],
  [1, 'is one pulse of so many, from a trigger on', 'w3 . G ..... g G ..', '0 3 2 1 0 ff 3 2 HLLLHHLL'],
  [1, 'begins again when it is triggered again', 'w3 G ... g G .....', '3 2 1 3 2 1 0 ff LLLLLLHH'],
  [1, 'keeps a new count for the next trigger', 'w2 G . w4 .... g G ..', '2 1 0 ff fe 4 3 LLHHHLL'],
  [2, 'is low for one pulse of each period', 'G w3 .......', '3 2 1 3 2 1 3 HHLHHLH'],
  [2, 'begins anew by the gate', 'G w3 .. g .. G ....', '3 2 2 2 3 2 1 3 HHHHHHLH'],
  [2, 'takes a new count at the end of the period', 'G w4 .. w5 ......', '4 3 2 1 5 4 3 2 HHHLHHHH'],
  [3, 'is high for half of an even period', 'G w4 ........', '4 2 4 2 4 2 4 2 HHLLHHLL'],
  [3, 'is high for one pulse more of an odd one', 'G w5 ..........', '4 2 0 4 2 4 2 0 4 2 HHHLLHHHLL'],
  [3, 'goes high with the gate down, and begins anew', 'G w4 ... g .. G ....', '4 2 4 4 4 4 2 4 2 HHLHHHHLL'],
  [3, 'takes a new count at the end of the half', 'G w4 . w6 ......', '4 2 6 4 2 6 4 HHLLLHH'],
  [4, 'strobes for one pulse at the end', 'G w3 .......', '3 2 1 0 ff fe fd HHHLHHH'],
  [4, 'is held by the gate', 'w3 ... G ....', '3 3 3 2 1 0 ff HHHHHLH'],
  [4, 'begins again with a new count', 'G w3 ... w2 ....', '3 2 1 2 1 0 ff HHHHHLH'],
  [5, 'strobes at the end of a triggered count', 'w3 . G .....', '0 3 2 1 0 ff HHHHLH'],
  [5, 'begins again when it is triggered again', 'w3 G .. g G .....', '3 2 3 2 1 0 ff HHHHHLH'],
  [6, 'is mode 2', 'G w2 ....', '2 1 2 1 HLHL'],
  [7, 'is mode 3', 'G w2 ....', '2 2 2 2 HLHL'],
] as const) {
  test(`mode ${mode} ${what}`, () => assert.equal(play(mode, script), expected));
}

test('a count has one byte or two, in binary or BCD', () => {
  const { pit, at } = build();
  pit.out(3, 0x30); // the first counter, two bytes, mode 0
  pit.out(0, 0x34);
  pit.out(0, 0x12);
  at(0x1234);
  // 1234H was loaded at pulse 1. Without a latch the two bytes are read one after the other.
  assert.deepEqual([pit.in(0), pit.in(0)], [1, 0]);
  pit.out(3, 0x31); // BCD
  pit.out(0, 0x00);
  pit.out(0, 0x10);
  at(0x1234 + 2);
  assert.deepEqual([pit.in(0), pit.in(0)], [0x99, 0x09], '1000 less 1 is 999');
  pit.out(3, 0x20); // the high byte only
  pit.out(0, 0x02);
  at(0x1234 + 5);
  assert.equal(pit.in(0), 0x01, '200H less 2');
});

test('a count of 0 is the largest: 10000H, or 10000', () => {
  for (const [control, pulses] of [[0x30, 0x1_0000], [0x31, 10_000]] as const) {
    const { pit, levels, at } = build();
    pit.out(3, control);
    pit.out(0, 0);
    pit.out(0, 0);
    assert.equal(pit.deadline(), 1 + pulses);
    at(pulses);
    assert.equal(levels.at(-1), false);
    at(1 + pulses);
    assert.equal(levels.at(-1), true);
  }
});

test('a latched count stays until it is read, and a latched status comes before it', () => {
  const { pit, at } = build();
  pit.out(3, 0x34); // the first counter, two bytes, mode 2
  // The status says that the count is not there yet: OUT, null count, two bytes, mode 2.
  pit.out(3, 0xe2);
  assert.equal(pit.in(0), 0xf4);
  pit.out(0, 0);
  pit.out(0, 2);
  at(1);
  pit.out(3, 0xc2); // both, of the first counter
  at(100);
  pit.out(3, 0x00); // a latch again, and
  pit.out(3, 0xe2); // a status again: neither does anything
  assert.deepEqual([pit.in(0), pit.in(0), pit.in(0)], [0xb4, 0x00, 0x02]);
  assert.equal(pit.in(0), 0x200 - 99 & 0xff, 'now it is the count itself');
});

test('read-back latches what it names, of the counters that it names', () => {
  const { pit, at } = build();
  for (const [counter, control] of [[0, 0x10], [1, 0x50], [2, 0x90]] as const) {
    pit.out(3, control);
    pit.out(counter, 0x80);
  }
  pit.setSpeakerGate(true);
  at(1);
  pit.out(3, 0xd0 | 0x0c); // the counts of the second and the third
  at(5);
  assert.deepEqual([pit.in(0), pit.in(1), pit.in(2)], [0x7c, 0x80, 0x80]);
});

test('line 0 rises when the first counter does, at the tick at which it is due and not before', () => {
  // 2.4 GHz: pulse n comes at the first tick that is not before n / 1193182 of a second.
  const hz = 2_400_000_000;
  const { pit, levels, at } = build(hz);
  assert.equal(pit.deadline(), NEVER);
  pit.out(3, 0x34);
  pit.out(0, 1000 & 0xff);
  pit.out(0, 1000 >> 8);
  assert.deepEqual(levels, [true]);
  // Loaded at pulse 1, the rate generator ends its first period at pulse 1001.
  const due = Math.ceil((1001 * hz) / CLOCK);
  assert.equal(pit.deadline(), due);
  at(due - 1);
  assert.deepEqual(levels, [true]);
  at(due);
  assert.deepEqual(levels, [true, false, true]);
  assert.equal(pit.deadline(), Math.ceil((2001 * hz) / CLOCK));
  // Many periods late it is still one edge.
  at(100 * due);
  assert.deepEqual(levels, [true, false, true, false, true]);
});

test('a new mode stops the interrupts; mode 0 gives one, and no more', () => {
  const { pit, levels, at } = build();
  pit.out(3, 0x14);
  pit.out(0, 10);
  at(50);
  pit.out(3, 0x10);
  assert.equal(pit.deadline(), NEVER);
  const before = levels.length;
  at(1000);
  pit.out(0, 10);
  assert.equal(pit.deadline(), 1011);
  at(5000);
  assert.equal(pit.deadline(), NEVER);
  assert.equal(levels.length, before + 1);
});

test('time does not go back for a processor that is behind', () => {
  const { pit, at } = build();
  pit.out(3, 0x10);
  pit.out(0, 200);
  at(101);
  assert.equal(pit.in(0), 100);
  at(50);
  assert.equal(pit.in(0), 100);
});

test('what was saved goes on where it was', () => {
  const first = build(), second = build();
  first.pit.out(3, 0x36);
  first.pit.out(0, 7);
  first.pit.out(0, 0);
  first.at(3);
  first.pit.out(0, 9); // half of a count
  first.pit.out(3, 0x00);
  load(second.pit, save(first.pit));
  second.at(3);
  for (const { pit, at } of [first, second]) {
    pit.out(0, 0);
    at(40);
  }
  assert.deepEqual(save(second.pit), save(first.pit));
  assert.equal(second.pit.deadline(), first.pit.deadline());
});
