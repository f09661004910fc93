/**
 * A counterexample as a file: the machine, the strategy, the property and the picks, which replay in the same world; and what each
 * step was, for people. A file whose steps are not what the picks lead to is refused: it was made by another version.
 */
import { Scripted } from '../base/choice.ts';
import { integer, listOf, Mismatch, object, oneOf, type Shaped, text } from '../base/shape.ts';
import { MACHINE_NAMES, type MachineName, machineOf, type StrategyName, VERIFIED, WIDE_NAMES } from '../lab/small/machines.ts';
import { OpenWorld, type WorldTracer } from '../lab/small/open-world.ts';
import { type Example, run } from './verdict.ts';

const FORMAT = 'vpmu path 1';
const MOST_PICKS = 4096;

const pathShape = object({
  format: oneOf(FORMAT),
  strategy: oneOf(...VERIFIED),
  machine: oneOf(...MACHINE_NAMES, ...WIDE_NAMES),
  property: text(),
  picks: listOf(integer(0, 0xffff)),
  steps: listOf(text()),
});

export type PathFile = Shaped<typeof pathShape>;

/** Whether it means to be one. */
export const isPath = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { readonly format?: unknown }).format === FORMAT;

/** Checks what came from a file. Throws a Mismatch that names the place. */
export const parsePath = (value: unknown): PathFile => pathShape.check(value, '$');

/** The world at the beginning of the path; `replayPath` runs it. Throws a Mismatch when the file does not fit. */
export function openPath({ strategy, machine, picks }: PathFile, tracer?: WorldTracer): OpenWorld {
  const options = machineOf(machine, strategy);
  if (options === undefined) throw new Mismatch(`$.machine: '${machine}' does not apply to ${strategy}`);
  if (picks.length > MOST_PICKS) throw new Mismatch(`$.picks: expected at most ${MOST_PICKS}, found ${picks.length}`);
  return new OpenWorld(options, new Scripted(picks), tracer);
}

/** Runs the path; `each` sees the world after every step. */
export function replayPath(world: OpenWorld, { picks, steps }: PathFile, each: (world: OpenWorld, step: number) => void): void {
  let at = 0;
  run(world, picks.length, () => {
    if (world.last !== steps[at]) throw new Mismatch(`$.steps[${at}]: expected '${world.last}', found '${steps[at]}'`);
    each(world, at);
    at += 1;
  });
}

/** A counterexample as it is written to a file. */
export const pathFile = (strategy: StrategyName, machine: MachineName, property: string, { picks, steps }: Example): PathFile =>
  ({ format: FORMAT, strategy, machine, property, picks, steps });
