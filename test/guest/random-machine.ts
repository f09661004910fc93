/** A random program of a seed, and the machine that it runs on: narrow counters, and a timing model. */
import { Generator, programOf, tailOf } from './random-program.ts';

export interface RandomRun { readonly source: string; readonly machine: object }

export function randomRun(seed: number): RandomRun {
  const g = new Generator(seed);
  const timing = g.one(['unit', 'classes', 'penalties']);
  // A counter must not wrap in every run of the handler, or nothing else is ever run.
  const widths = timing === 'unit' ? [8, 10, 48] : [13, 16, 48];
  const perfmon = { version: g.one([2, 3, 4, 5]), generalWidth: g.one(widths), fixedWidth: g.one(widths), fullWidthWrites: false };
  const machine = { timing, skid: g.one([0, 0, 2, 9]), perfmon };
  return { machine, source: programOf(g, [0, 1, 2, 3].map((i) => g.counter(i, tailOf(timing)))) };
}
