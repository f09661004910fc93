/** A figure of the literature, and the experiment that finds it again. */
import { ROUND } from '../../guest/profile.ts';
import type { EventName } from '../../x86/event.ts';
import type { MachineName } from '../cost/cost.ts';
import type { Bench } from './bench.ts';

/**
 * What was published: `fitted` figures have decided a constant of a machine, `predicted` ones are compared with what comes out, and so
 * are `recorded` ones, whose runs take minutes and were written down.
 */
export type FigureKind = 'fitted' | 'predicted' | 'recorded';

export interface Experiment {
  readonly name: string;
  readonly machine: MachineName;
  /** Runs it. What is read off it has names, to which figures refer. */
  run(bench: Bench): Readonly<Record<string, number>>;
}

interface Published {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  readonly source: string;
}

/** A figure that an experiment finds again. */
export interface Repeated extends Published {
  readonly kind: 'fitted' | 'predicted';
  readonly experiment: Experiment;
  readonly reading: string;
  /** What was decided by it; or why it is further off than it should be. */
  readonly why?: string;
}

/** A figure that this machine cannot find again. */
interface NotRepeated extends Published {
  readonly kind: 'predicted';
  readonly why: string;
}

/** A figure that a Linux guest finds again. */
export interface Recorded extends Published {
  readonly kind: 'recorded';
  readonly machine: MachineName;
  readonly experiment: string;
  readonly recorded: number;
  /** Why it is further off than it should be. */
  readonly why?: string;
}

export type Figure = Repeated | Recorded | NotRepeated;

/** Events from one sample to the next at a frequency, of a guest that has its processor for itself. */
export const periodFor = (event: EventName, hz: number, frequency: number): number =>
  Math.round((ROUND[event]! * hz) / ROUND['core cycles']! / frequency);
