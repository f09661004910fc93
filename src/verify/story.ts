/** A path told step by step: what was done, what KVM, the host and the hardware did about it, and what of the state is different. */
import { type Difference, diff, dump } from '../base/dump.ts';
import type { OpenWorld, WorldTracer } from '../lab/small/open-world.ts';
import { openPath, type PathFile, replayPath } from './path-file.ts';
import { SENTENCES } from './properties.ts';

/** Differences that say nothing about what happens next. */
const UNINTERESTING = /(^|\.)(time|branches|retired|stamp|enabledTime|runningTime|created|released|lastPeriod|samples)(\.|$)/;

/** One step of a story. */
export interface Chapter {
  readonly step: string;
  /** State that is different now. */
  readonly changes: readonly Difference[];
  /** Sentences that this step refutes. */
  readonly refuted: readonly string[];
}

/** `each` is told of every chapter as soon as it is over, before the next step. */
export function tell(file: PathFile, tracer: WorldTracer | undefined, each: (chapter: Chapter, world: OpenWorld) => void): void {
  const world = openPath(file, tracer);
  let before = dump(world);
  replayPath(world, file, () => {
    const after = dump(world);
    const changes = diff(before, after).filter(({ name, before: was, after: is }) => !UNINTERESTING.test(name) && (was ?? 0) !== (is ?? 0));
    before = after;
    each({ step: world.last, changes, refuted: [...world.findings].map((finding) => SENTENCES[finding]) }, world);
  });
}

/** The states of the path in the Informal Trace Format, which other viewers read. */
export function toItf(file: PathFile): object {
  const world = openPath(file);
  const states = [dump(world)];
  replayPath(world, file, () => void states.push(dump(world)));
  const vars = [...new Set(states.flatMap((state) => [...state.keys()]))];
  return {
    '#meta': { format: 'ITF', description: `${file.strategy}, ${file.machine}: ${file.property}` },
    vars: ['step', ...vars],
    states: states.map((state, index) => ({
      '#meta': { index }, step: index === 0 ? 'the beginning' : file.steps[index - 1],
      ...Object.fromEntries(vars.map((name) => [name, state.get(name) ?? 0])),
    })),
  };
}
