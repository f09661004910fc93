/** The small worlds of the strategy `reuse`, explored by our verifier and seen through the abstraction. */
import { type Choice, Scripted } from '../../src/base/choice.ts';
import type { Serializer } from '../../src/base/state.ts';
import type { System } from '../../src/base/system.ts';
import type { PmcEvents } from '../../src/host/vpmu/pmc-events.ts';
import { machineOf } from '../../src/lab/small/machines.ts';
import { OpenWorld } from '../../src/lab/small/open-world.ts';
import { explore, type Verdict } from '../../src/verify/explore.ts';
import { ALWAYS } from '../../src/verify/properties.ts';
import { run } from '../../src/verify/verdict.ts';
import { abstractionOf, stepOf } from './abstraction.ts';

export type ModelMachine = 'lawful' | 'filter';

const UNBOUNDED = { states: 1e7, depth: 1e6, memory: 2 ** 31 };

export interface Projection {
  readonly verdict: Verdict;
  /** `step state state`, each once. */
  readonly transitions: ReadonlySet<string>;
  /** By property: what the steps of a shortest counterexample are. */
  readonly counterexamples: ReadonlyMap<string, readonly string[]>;
}

/**
 * B8, planted in the running code: what goes on leaves the reprogram bit set, only a new event clears it, as in KVM before there
 * was anything to go on.
 */
function plantB8(world: OpenWorld): void {
  const { strategy } = world.vcpus[0]!.vpmu;
  const events = Reflect.get(strategy, 'events') as PmcEvents;
  const handleEvent = strategy.handleEvent.bind(strategy);
  strategy.handleEvent = () => {
    const { reprogram } = events;
    const { created } = world.host.perf;
    handleEvent();
    if (world.host.perf.created === created) events.reprogram = reprogram;
  };
}

/** A world whose steps are written down. */
class Watched implements System {
  readonly world: OpenWorld;
  private readonly transitions: Set<string>;

  constructor(world: OpenWorld, transitions: Set<string>) {
    this.world = world;
    this.transitions = transitions;
  }

  serialize(s: Serializer): void {
    this.world.serialize(s);
  }

  step(): boolean {
    // What the last step has shown is no part of the state that this one begins in.
    this.world.findings.clear();
    const before = abstractionOf(this.world);
    const goesOn = this.world.step();
    this.transitions.add(`${stepOf(this.world)} ${before} ${abstractionOf(this.world)}`);
    return goesOn;
  }
}

function worldOf(machine: ModelMachine, planted: boolean, choice: Choice): OpenWorld {
  const world = new OpenWorld(machineOf(machine, 'reuse')!, choice);
  if (planted) plantB8(world);
  return world;
}

export function project(machine: ModelMachine, planted: boolean): Projection {
  const transitions = new Set<string>();
  const properties = ALWAYS.map(({ name, kind, holds }) => ({ name, kind, holds: ({ world }: Watched) => holds(world) }));
  const verdict = explore((choice) => new Watched(worldOf(machine, planted, choice), transitions), properties, { bounds: UNBOUNDED });
  const counterexamples = new Map([...verdict.found].map(([name, path]) => {
    const steps: string[] = [];
    run(worldOf(machine, planted, new Scripted(path.flat())), path.length, (world) => steps.push(stepOf(world)));
    return [name, steps];
  }));
  return { verdict, transitions, counterexamples };
}
