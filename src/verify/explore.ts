/**
 * Explores everything that a system can do: from each state, one step for every sequence of picks that the step asks for. Breadth
 * first, so that what is found is found by a shortest path. It is the running code that is explored; there is no model of it.
 */
import { type Choice, Odometer } from '../base/choice.ts';
import { Slots } from '../base/slots.ts';
import type { System } from '../base/system.ts';
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
  /** Bytes that what was found takes. */
  readonly memory: number;
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
  const choice = new Odometer();
  const system = build(choice);
  const slots = new Slots(system);
  const store = new StateStore(slots);
  slots.save();
  if (from === undefined) store.add(0, choice);
  else if (!store.take(from.store)) throw new OtherSystem('it is a search of another system');
  const found = new Map<string, Path>(from?.found);
  // Those of which nothing was found yet.
  let open = properties.filter(({ name }) => !found.has(name));
  let steps = from?.steps ?? 0, depth = from?.depth ?? 0, last = from?.last ?? Number.POSITIVE_INFINITY, cut: Bound | undefined;
  // States are numbered in the order in which they are reached: those of one depth stand together.
  let levelEnd = from?.levelEnd ?? store.count;
  let state = from?.state ?? 0;
  for (; state < store.count; state += 1) {
    if (state === levelEnd) {
      depth += 1;
      levelEnd = store.count;
    }
    cut = state > last ? 'counterexample' : boundReached(store, depth, bounds);
    if (cut === undefined && state % PROGRESS_EVERY === 0 && progress !== undefined) {
      const { count, memory } = store;
      if (!progress({ states: count, steps, depth, frontier: count - state, memory })) cut = 'interrupted';
    }
    if (cut !== undefined) break;
    choice.restart();
    while (choice.next()) {
      slots.load(store.sourceOf(state));
      const goesOn = system.step();
      steps += 1;
      for (let i = 0; i < open.length; i += 1) {
        const { name, kind } = open[i]!;
        if (open[i]!.holds(system) !== (kind === 'sometimes')) continue;
        found.set(name, [...store.path(state), choice.picks()]);
        if (kind === 'always' && more !== undefined) last = Math.min(last, state + 1 + more);
      }
      if (found.size + open.length > properties.length) open = properties.filter(({ name }) => !found.has(name));
      if (goesOn) {
        slots.save();
        store.add(state, choice);
      } else store.forget();
    }
  }
  if (cut !== undefined) {
    unfinished?.({ state, levelEnd, steps, depth, last: Number.isFinite(last) ? last : null, found: [...found], store: store.give() });
  }
  return { states: store.count, steps, depth, cut, found };
}

function boundReached(store: StateStore, depth: number, bounds: Bounds): Bound | undefined {
  if (store.count >= bounds.states) return 'states';
  if (depth >= bounds.depth) return 'depth';
  return store.memory >= bounds.memory ? 'memory' : undefined;
}
