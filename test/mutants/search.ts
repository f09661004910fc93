/**
 * A search of one small machine, in a process of its own: `node search.js STRATEGY MACHINE STATES DEPTH first|all|walk`. It prints
 * what was found, by its shortest path, as JSON. A planted bug may break an invariant, which here is one more thing to be found.
 *
 * A search goes to a state by setting what is different there; a walk takes the same steps, at random, without setting anything.
 */
import { type Choice, FIRST, Recorded, Seeded } from '../../src/base/choice.ts';
import { MACHINE_NAMES, machineOf, VERIFIED } from '../../src/lab/small/machines.ts';
import { OpenWorld } from '../../src/lab/small/open-world.ts';
import { explore, type Property } from '../../src/verify/explore.ts';
import { ALWAYS } from '../../src/verify/properties.ts';
import { shrink } from '../../src/verify/shrink.ts';
import type { Found } from './mutant.ts';

const MEMORY = 1 << 30;
const WALKS = 40;
const WALK_STEPS = 200;

class Watched extends OpenWorld {
  broken: string | undefined;

  override step(): boolean {
    return this.guarded(() => super.step());
  }

  override get parts(): readonly (() => boolean)[] {
    return super.parts.map((part) => () => this.guarded(part));
  }

  override review(): boolean {
    return this.guarded(() => super.review());
  }

  private guarded(run: () => boolean): boolean {
    this.broken = undefined;
    try {
      return run();
    } catch (error) {
      this.broken = String(error);
      return false;
    }
  }
}

const [strategyName, machineName, states, depth, how] = process.argv.slice(2);
const strategy = VERIFIED.find((name) => name === strategyName)!;
const machine = MACHINE_NAMES.find((name) => name === machineName)!;
const options = machineOf(machine, strategy)!;
// A program that cannot even begin has not been tested: this throws, and nothing is printed.
new Watched(options, FIRST).step();

const invariant: Property<Watched> = { name: 'invariant', kind: 'always', holds: ({ broken }) => broken === undefined };
const properties: readonly Property<Watched>[] = [...ALWAYS, invariant];

function searched(): Found {
  const { found, cut, ...numbers } = explore((choice) => new Watched(options, choice), properties, {
    bounds: { states: Number(states), depth: Number(depth), memory: MEMORY }, ...(how === 'first' ? { more: 0 } : {}),
  });
  return { ...numbers, cut: cut ?? 'none', steps: Object.fromEntries([...found].map(([property, path]) => [property, path.length])) };
}

/** The world after so many steps, fewer when something is found before. */
function walk(choice: Choice, most: number): Watched {
  const world = new Watched(options, choice);
  for (let i = 0; i < most; i += 1) if (!world.step()) break;
  return world;
}

function walked(): Found {
  for (let seed = 0; seed < WALKS; seed += 1) {
    const choice = new Recorded(new Seeded(seed));
    const world = walk(choice, WALK_STEPS);
    const property = properties.find(({ holds }) => !holds(world));
    if (property === undefined) continue;
    const shortest = shrink((again, most) => !property.holds(walk(again, most)), choice.picks.map(({ value }) => value));
    return { states: 0, depth: 0, cut: 'counterexample', steps: { [property.name]: shortest.length } };
  }
  return { states: 0, depth: WALK_STEPS, cut: 'walks', steps: {} };
}

console.log(JSON.stringify(how === 'walk' ? walked() : searched()));
