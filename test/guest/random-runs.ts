/** Random programs, run in every way: with WebAssembly or without, run, stepped or continued from a snapshot. */
import assert from 'node:assert/strict';
import { runEveryWay } from './program.ts';
import { randomRun } from './random-machine.ts';

/** Asserts that each of them ends, and in the same state in every way, and that they take interrupts. */
export function runRandomPrograms(first: number, last: number): void {
  let interrupts = 0n;
  for (let seed = first; seed <= last; seed += 1) {
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
  assert.ok(interrupts > 50n * BigInt(last - first + 1), `${interrupts}`);
}
