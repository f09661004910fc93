/**
 * Explores everything that a system can do: from each state, one step for every sequence of picks that the step asks for. Breadth
 * first, so that what is found is found by a shortest path. It is the running code that is explored; there is no model of it.
 */
import type { Choice } from '../base/choice.ts';
import type { System } from '../base/system.ts';
import { hashOf } from './rows.ts';
import { Stepper } from './stepper.ts';
import { StateStore } from './store.ts';

export interface Property<S extends System> {
  readonly name: string;
  /** `always` must hold after every step; `sometimes` after at least one, so that a pass is not vacuous. */
  readonly kind: 'always' | 'sometimes';
  holds(system: S): boolean;
}

/** The picks of each step, from the first state on. */
export type Path = readonly (readonly number[])[];

export interface Bounds {
  readonly states: number;
  readonly depth: number;
  /** Bytes. */
  readonly memory: number;
}

export type Bound = keyof Bounds | 'interrupted' | 'counterexample';

export interface Verdict {
  readonly states: number;
  readonly steps: number;
  /** Steps to the state that is furthest away. */
  readonly depth: number;
  /** Every reachable state was visited; else which bound cut the search. */
  readonly cut: Bound | undefined;
  /** By property: a shortest path to where it does not hold, or to where it first does if it is a `sometimes`. */
  readonly found: ReadonlyMap<string, Path>;
}

export interface Progress {
  readonly states: number;
  readonly steps: number;
  readonly depth: number;
  /** States that were found and not looked at. */
  readonly frontier: number;
  /** Bytes that what was found takes, with what is known of steps; and without it. */
  readonly memory: number;
  readonly visited: number;
}

/** A search that was cut, as plain data: what `explore` needs to go on where it was. */
export interface Unfinished {
  /** The state that is next, and the first one that is a step deeper than those of its depth. */
  readonly state: number;
  readonly levelEnd: number;
  readonly steps: number;
  readonly depth: number;
  /** The search ends behind this state, because something was found; null when nothing was. */
  readonly last: number | null;
  readonly found: readonly (readonly [string, Path])[];
  /** What the columns of rows mean, and the rows. */
  readonly codes: string;
  readonly store: readonly Uint32Array[];
}

export interface ExploreOptions {
  readonly bounds: Bounds;
  /** So many states more are looked at when something was found: for what else there is. Unlimited when it is left out. */
  readonly more?: number;
  /** Called now and then; false ends the search, which keeps what it knows. */
  progress?(at: Progress): boolean;
  /** A search of the same system to go on with. */
  readonly from?: Unfinished;
  /** Is given the search when it is cut. */
  unfinished?(search: Unfinished): void;
}

/** The search that was to go on is one of another system. */
export class OtherSystem extends Error {
  override readonly name = 'OtherSystem';
}

const PROGRESS_EVERY = 1 << 12;

export function explore<S extends System>(
  build: (choice: Choice) => S, properties: readonly Property<S>[], { bounds, more, progress, from, unfinished }: ExploreOptions,
): Verdict {
  const stepper = new Stepper(build, properties);
  const store = new StateStore(stepper.rows.width);
  if (from === undefined) store.add(stepper.row, 0, 0, []);
  else takeUp(from, stepper, store);
  const found = new Map<string, Path>(from?.found);
  let steps = from?.steps ?? 0, depth = from?.depth ?? 0, last = from?.last ?? Number.POSITIVE_INFINITY, cut: Bound | undefined;
  // States are numbered in the order in which they are reached: those of one depth stand together.
  let levelEnd = from?.levelEnd ?? store.count;
  let state = from?.state ?? 0;
  for (; state < store.count; state += 1) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = store.count;
    }
    const memory = store.memory + stepper.memory;
    cut = state > last ? 'counterexample' : boundReached(store.count, depth, memory, bounds);
    if (cut === undefined && state % PROGRESS_EVERY === 0 && progress !== undefined) {
      const { count } = store;
      if (!progress({ states: count, steps, depth, frontier: count - state, memory, visited: store.memory })) cut = 'interrupted';
    }
    if (cut !== undefined) break;
    stepper.begin(store.rowOf(state));
    while (stepper.next()) {
      steps += 1;
      const hash = stepper.stays ? undefined : stepper.hash;
      const isNew = hash !== undefined && !store.has(stepper.row, hash);
      if (isNew || !stepper.goesOn) stepper.review();
      for (let i = 0; i < properties.length; i += 1) {
        const { name, kind } = properties[i]!;
        if (!stepper.shows(i) || found.has(name)) continue;
        found.set(name, [...store.path(state), stepper.choice.picks()]);
        if (kind === 'always' && more !== undefined) last = Math.min(last, state + 1 + more);
      }
      if (isNew && stepper.goesOn) store.add(stepper.row, hash, state, stepper.choice.picks());
    }
  }
  if (cut !== undefined) {
    const { codes, columns } = stepper.give();
    unfinished?.({
      state, levelEnd, steps, depth, last: Number.isFinite(last) ? last : null, found: [...found], codes, store: [columns, ...store.give()],
    });
  }
  return { states: store.count, steps, depth, cut, found };
}

/** Goes on where the other search was. */
function takeUp<S extends System>({ codes, store: [columns, ...rest] }: Unfinished, stepper: Stepper<S>, store: StateStore): void {
  if (!stepper.take(codes, columns!)) throw new OtherSystem('it is a search of another system');
  store.take(rest, hashOf);
}

function boundReached(states: number, depth: number, memory: number, bounds: Bounds): Bound | undefined {
  if (states >= bounds.states) return 'states';
  if (depth >= bounds.depth) return 'depth';
  return memory >= bounds.memory ? 'memory' : undefined;
}
