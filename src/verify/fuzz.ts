/**
 * Long random walks in machines that are too large to be explored: real widths, several of everything. What is found is shrunk to a
 * path like any other. The same seed walks the same way.
 */
import { type Choice, Recorded, Seeded } from '../base/choice.ts';
import { type MachineName, machineOf, type StrategyName } from '../lab/small/machines.ts';
import { OpenWorld } from '../lab/small/open-world.ts';
import { ALWAYS } from './properties.ts';
import { shrink } from './shrink.ts';
import { type Example, exampleOf, run } from './verdict.ts';

export interface FuzzJob {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly seed: number;
  readonly walks: number;
  /** Of each walk, at most. */
  readonly steps: number;
}

export interface FuzzResult {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly walks: number;
  /** Of all walks together: a walk ends where something is found. */
  readonly steps: number;
  /** By property: the simplest path that was found to where it fails, and how many walks ended there. */
  readonly failures: Readonly<Record<string, Example & { readonly walks: number }>>;
}

/** Undefined: the machine does not apply to the strategy. */
export function fuzz({ strategy, machine, seed, walks, steps: most }: FuzzJob): FuzzResult | undefined {
  const options = machineOf(machine, strategy);
  if (options === undefined) return undefined;
  const failures: Record<string, Example & { walks: number }> = {};
  let steps = 0;
  for (let walk = 0; walk < walks; walk += 1) {
    const choice = new Recorded(new Seeded(seed + walk));
    const world = run(new OpenWorld(options, choice), most, () => void (steps += 1));
    for (const property of ALWAYS) {
      if (property.holds(world)) continue;
      const known = failures[property.name];
      if (known !== undefined) {
        known.walks += 1;
        continue;
      }
      const shows = (script: Choice, length: number): boolean => !property.holds(run(new OpenWorld(options, script), length));
      failures[property.name] = { ...exampleOf(options, shrink(shows, choice.picks.map(({ value }) => value))), walks: 1 };
    }
  }
  return { strategy, machine, walks, steps, failures };
}
