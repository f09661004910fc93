/** Random programs, translated and interpreted. */
import assert from 'node:assert/strict';
import { programOf, runImage } from '../guest/program.ts';
import { randomRun } from '../guest/random-machine.ts';
import { Host, WAYS } from './translating.ts';

/** Cycles. A few programs take so many PMIs that they hardly go on: they are compared where they have come to by then. */
const LIMIT = 2_000_000;

/**
 * Programs of seeds from `first` to `last` end in the same state, at the same time, with the same counts and interrupts. Returns how many
 * modules were compiled for those that translate.
 */
export function compareRandomPrograms(first: number, last: number): number {
  const hosts = WAYS.map((way) => new Host(way));
  for (let seed = first; seed <= last; seed += 1) {
    const { source, machine } = randomRun(seed);
    const image = programOf(source);
    const { report: { hash } } = runImage(image, { machine, limit: LIMIT });
    for (const host of hosts) {
      const { report } = runImage(image, { machine, wasm: host, limit: LIMIT });
      assert.equal(report.hash, hash, `seed ${seed}, ${JSON.stringify(host.translating)}`);
    }
  }
  return hosts.reduce((sum, { compiled }) => sum + compiled, 0);
}
