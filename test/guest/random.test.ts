import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEveryWay } from './program.ts';
import { randomRun } from './random-machine.ts';

// With WebAssembly or without, run, stepped or continued from a snapshot, random programs end in the same state.

const PROGRAMS = 60;

test('random programs end in the same state in every way of running them', () => {
  let interrupts = 0n;
  for (let seed = 1; seed <= PROGRAMS; seed += 1) {
    const { source, machine } = randomRun(seed);
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
