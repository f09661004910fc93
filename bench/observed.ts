/** How many instructions of the four loops a second it runs while branch predictor and caches look on, because misses take time. */
import { PENALTY_TIMING } from '../src/hw/cpu/timing.ts';
import { LOOPS, runLoop } from './loops.ts';
import { digits, numbers, type Section } from './section.ts';

const ROUNDS = 3;
const ITERATIONS = 1_000_000;

/** Of several rounds the quickest: what else runs makes them longer. */
export function observed(): Section {
  const values = LOOPS.map((loop) => {
    const [interpreted, translated] = [false, true].map((translating) => Math.max(...Array.from({ length: ROUNDS }, () => {
      const { instructions, milliseconds } = runLoop(loop, ITERATIONS, { translating, timing: PENALTY_TIMING });
      return instructions / milliseconds / 1000;
    }))) as [number, number];
    return { name: loop.name, interpreted, translated, ratio: translated / interpreted };
  });
  const rows = values.map(({ name, interpreted, translated, ratio }) =>
    [name, digits(interpreted, 0), digits(translated, 0), digits(ratio, 1)]);
  return { values, lines: numbers(['observed loop, million instructions a second', 'interpreted', 'translated', 'ratio'], rows) };
}
