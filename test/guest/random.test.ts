import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';
import { Generator, programOf, tailOf } from './random-program.ts';

// With WebAssembly or without, run, stepped or continued from a snapshot, random programs end in the same state.

const PROGRAMS = 60;

test('random programs end in the same state in every way of running them', () => {
  let interrupts = 0n;
  for (let seed = 1; seed <= PROGRAMS; seed += 1) {
    const g = new Generator(seed);
    const timing = g.one(['unit', 'classes', 'penalties']);
    // A counter must not wrap in every run of the handler, or nothing else is ever run.
    const widths = timing === 'unit' ? [8, 10, 48] : [13, 16, 48];
    const perfmon = { version: g.one([2, 3, 4, 5]), generalWidth: g.one(widths), fixedWidth: g.one(widths), fullWidthWrites: false };
    const machine = { timing, skid: g.one([0, 0, 2, 9]), perfmon };
    const source = programOf(g, [0, 1, 2, 3].map((i) => g.counter(i, tailOf(timing))));
    try {
      const ran = runEveryWay(source, { machine });
      assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
      assert.deepEqual(ran.report.cpus[0]!.exceptions, {});
      interrupts += ran.word('taken');
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  assert.ok(interrupts > 50n * BigInt(PROGRAMS), `${interrupts}`);
});
