/** One strategy in one machine: explored, and what came of it, as plain data. */
import { type Choice, Scripted } from '../base/choice.ts';
import { type MachineName, machineOf, type StrategyName } from '../lab/small/machines.ts';
import { OpenWorld, type OpenWorldOptions } from '../lab/small/open-world.ts';
import { type Bound, type Bounds, type ExploreOptions, explore } from './explore.ts';
import { ALWAYS, sometimesOf } from './properties.ts';
import { shrink } from './shrink.ts';

/** A counterexample, or the example of a `sometimes`: the pick of each step, and what each step was. */
export interface Example { readonly picks: readonly number[]; readonly steps: readonly string[] }

export interface JobResult {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  /** Undefined: the space was explored whole. */
  readonly cut?: Bound;
  /** By property: where it fails. */
  readonly failures: Readonly<Record<string, Example>>;
  /** What should have been reached and was not. */
  readonly unreached: readonly string[];
}

export interface Job {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly bounds: Bounds;
  /** So many states more when something was found. */
  readonly more?: number;
}

/** States that are looked at after the first counterexample: for what else there is. */
const MORE = 20_000;

/** Every strategy in every machine that applies to it. */
export const jobsOf = (strategies: readonly StrategyName[], machines: readonly MachineName[], bounds: Bounds): Job[] =>
  strategies.flatMap((strategy) => machines.filter((machine) => machineOf(machine, strategy) !== undefined)
    .map((machine): Job => ({ strategy, machine, bounds, more: MORE })));

/** How a job is run, besides what it is: nothing of it changes the result of a job that comes to its end. */
export type JobControl = Omit<ExploreOptions, 'bounds' | 'more'>;

/** Undefined: the machine does not apply to the strategy. */
export function runJob({ strategy, machine, bounds, more }: Job, control: JobControl = {}): JobResult | undefined {
  const options = machineOf(machine, strategy);
  if (options === undefined) return undefined;
  const sometimes = sometimesOf(options);
  const { found, cut, ...numbers } = explore(
    (choice) => new OpenWorld(options, choice), [...ALWAYS, ...sometimes],
    { ...control, bounds, ...(more === undefined ? {} : { more }) },
  );
  const failures = ALWAYS.filter(({ name }) => found.has(name)).map((property): [string, Example] => {
    const shows = (choice: Choice, steps: number): boolean => !property.holds(run(new OpenWorld(options, choice), steps));
    return [property.name, exampleOf(options, shrink(shows, found.get(property.name)!.flat()))];
  });
  return {
    strategy, machine, ...numbers, ...(cut === undefined ? {} : { cut }), failures: Object.fromEntries(failures),
    unreached: sometimes.filter(({ name }) => !found.has(name)).map(({ name }) => name),
  };
}

/** Runs so many steps, fewer when something is found before. The world is as it is after the last one. */
export function run(world: OpenWorld, steps: number, each?: (world: OpenWorld) => void): OpenWorld {
  for (let i = 0; i < steps; i += 1) {
    const goesOn = world.step();
    each?.(world);
    if (!goesOn) break;
  }
  return world;
}

/** The path that these picks are. */
export function exampleOf(options: OpenWorldOptions, picks: readonly number[]): Example {
  const steps: string[] = [];
  run(new OpenWorld(options, new Scripted(picks)), picks.length, ({ last }) => steps.push(last));
  return { picks, steps };
}
