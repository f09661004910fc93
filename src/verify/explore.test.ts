import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Choice } from '../base/choice.ts';
import { Scripted } from '../base/choice.ts';
import type { Serializer } from '../base/state.ts';
import type { System } from '../base/system.ts';
import { explore, OtherSystem, type Property, type Unfinished } from './explore.ts';

const BOUNDS = { states: 1e6, depth: 1e6, memory: 1e9 };

/** Two wheels with so many positions; a step turns one of them, or asks a second question and turns both. */
class Wheels implements System {
  a = 0;
  b = 0;
  private readonly size: number;
  private readonly choice: Choice;

  constructor(size: number, choice: Choice) {
    this.size = size;
    this.choice = choice;
  }

  serialize(s: Serializer): void {
    this.a = s.u8('a', this.a);
    this.b = s.u8('b', this.b);
  }

  step(): boolean {
    const which = this.choice.pick(3, 'which wheel');
    const back = which === 2 && this.choice.pick(2, 'which way') === 1;
    const turn = (at: number): number => (at + (back ? this.size - 1 : 1)) % this.size;
    if (which !== 1) this.a = turn(this.a);
    if (which !== 0) this.b = turn(this.b);
    return true;
  }
}

const never = (name: string, holds: (wheels: Wheels) => boolean): Property<Wheels> => ({ name, kind: 'always', holds });

test('every reachable state is visited, and every sequence of picks of each', () => {
  // 7 x 7 positions; 4 sequences of picks each: 0, 1, 2-0, 2-1.
  const { states, steps, cut } = explore((choice) => new Wheels(7, choice), [], { bounds: BOUNDS });
  assert.deepEqual({ states, steps, cut }, { states: 49, steps: 49 * 4, cut: undefined });
});

test('what is found is found by a shortest path, and replays', () => {
  const meets = never('never at 2 and 3', ({ a, b }) => !(a === 2 && b === 3));
  const { found } = explore((choice) => new Wheels(9, choice), [meets], { bounds: BOUNDS });
  // Both twice, and b once more.
  const path = found.get('never at 2 and 3')!;
  assert.equal(path.length, 3);
  const wheels = new Wheels(9, new Scripted(path.flat()));
  for (const _step of path) wheels.step();
  assert.deepEqual([wheels.a, wheels.b], [2, 3]);
});

test('a sometimes is found where it first holds, and is missing when it never does', () => {
  const reached: Property<Wheels> = { name: 'reached', kind: 'sometimes', holds: ({ a }) => a === 4 };
  const unreached: Property<Wheels> = { name: 'unreached', kind: 'sometimes', holds: ({ a }) => a === 9 };
  const { found } = explore((choice) => new Wheels(9, choice), [reached, unreached], { bounds: BOUNDS });
  assert.equal(found.get('reached')!.length, 4);
  assert.equal(found.has('unreached'), false);
});

test('a bound that cuts the search is named', () => {
  const build = (choice: Choice): Wheels => new Wheels(200, choice);
  assert.equal(explore(build, [], { bounds: { ...BOUNDS, states: 1000 } }).cut, 'states');
  assert.equal(explore(build, [], { bounds: { ...BOUNDS, depth: 3 } }).cut, 'depth');
  assert.equal(explore(build, [], { bounds: { ...BOUNDS, memory: 1000 } }).cut, 'memory');
  assert.equal(explore(build, [], { bounds: BOUNDS, progress: () => false }).cut, 'interrupted');
  // 40,000 states: the set of the states that were seen has grown several times.
  assert.deepEqual(explore(build, [], { bounds: BOUNDS }).states, 40_000);
});

test('after a counterexample so many states more are looked at', () => {
  const early = never('a stays at 0', ({ a }) => a === 0);
  const late = never('a is never 7', ({ a }) => a !== 7);
  const all = explore((choice) => new Wheels(50, choice), [early, late], { bounds: BOUNDS });
  const some = explore((choice) => new Wheels(50, choice), [early, late], { bounds: BOUNDS, more: 10 });
  assert.deepEqual([[...all.found.keys()], all.cut], [['a stays at 0', 'a is never 7'], undefined]);
  assert.deepEqual([[...some.found.keys()], some.cut], [['a stays at 0'], 'counterexample']);
});

test('a state from which nothing goes on is not gone on from', () => {
  class Ends extends Wheels {
    override step(): boolean {
      super.step();
      return this.a < 3;
    }
  }
  // a is 0, 1 or 2, b anything: what comes from a = 3 is never seen. Turning back, a reaches 8 and ends there too.
  const { states } = explore((choice) => new Ends(9, choice), [], { bounds: BOUNDS });
  assert.equal(states, 3 * 9);
});

test('a search that was cut goes on, and comes to the same end', () => {
  const meets = never('never at 20 and 30', ({ a, b }) => !(a === 20 && b === 30));
  const build = (choice: Choice): Wheels => new Wheels(60, choice);
  const whole = explore(build, [meets], { bounds: BOUNDS });
  for (const states of [1, 2, 5, 100, 1000, 3000]) {
    let search: Unfinished | undefined;
    const first = explore(build, [meets], { bounds: { ...BOUNDS, states }, unfinished: (at) => (search = at) });
    assert.equal(first.cut, 'states');
    // As a file would have it.
    const kept = structuredClone(search!);
    assert.deepEqual(explore(build, [meets], { bounds: BOUNDS, from: kept }), whole, `${states}`);
  }
});

test('a search goes on with its own system only', () => {
  class Elsewhere extends Wheels {
    override a = 1;
  }
  let search: Unfinished | undefined;
  explore((choice) => new Wheels(9, choice), [], { bounds: { ...BOUNDS, states: 10 }, unfinished: (at) => (search = at) });
  assert.throws(() => explore((choice) => new Elsewhere(9, choice), [], { bounds: BOUNDS, from: search! }), OtherSystem);
});

/** Behaves otherwise every so many steps, because of something that is no state. */
class Forgetful extends Wheels {
  private steps = 0;

  override step(): boolean {
    const goesOn = super.step();
    this.steps += 1;
    if (this.steps % 3 === 0) this.a = 0;
    return goesOn;
  }
}

test('a system whose steps depend on what is no state is found out', () => {
  // Now and then a step is run that is known, and does not do the same.
  assert.throws(() => explore((choice) => new Forgetful(200, choice), [], { bounds: BOUNDS }), /what is known of a step is what it does/);
});

/** It may slip when it has turned, and stops at 5. Told as one step, or as two parts. */
class Slips extends Wheels {
  private readonly asks: Choice;

  constructor(size: number, choice: Choice) {
    super(size, choice);
    this.asks = choice;
  }

  override step(): boolean {
    super.step();
    return this.slip();
  }

  turn(): boolean {
    return super.step();
  }

  slip(): boolean {
    if (this.a === 3 && this.asks.pick(2, 'whether it slips') === 1) this.b = 0;
    return this.b !== 5;
  }
}

class InParts extends Slips {
  get parts(): readonly (() => boolean)[] {
    return [() => this.turn(), () => this.slip()];
  }
}

test('a step in parts is the step', () => {
  const meets = never('never at 3 and 0', ({ a, b }) => !(a === 3 && b === 0));
  const [whole, parts] = [Slips, InParts].map((System) => explore((choice) => new System(9, choice), [meets], { bounds: BOUNDS }));
  assert.deepEqual(parts, whole);
  // 9 x 9 positions without the 9 at which b is 5, where it stops.
  assert.deepEqual([whole!.states, whole!.cut, whole!.found.get('never at 3 and 0')!.length], [72, undefined, 3]);
});

/** A lamp that may be switched, and a count that goes round. How often each part has run is no state. */
class Lamp implements System {
  private lit = 0;
  private count = 0;
  private readonly choice: Choice;
  private readonly ran: { lamp: number; count: number };

  constructor(choice: Choice, ran: { lamp: number; count: number }) {
    this.choice = choice;
    this.ran = ran;
  }

  serialize(s: Serializer): void {
    this.lit = s.u8('lit', this.lit);
    this.count = s.u8('count', this.count);
  }

  get parts(): readonly (() => boolean)[] {
    const { ran } = this;
    return [() => this.switchOver(ran), () => this.goRound(ran)];
  }

  step(): boolean {
    return this.parts.every((part) => part());
  }

  private switchOver(ran: { lamp: number }): boolean {
    ran.lamp += 1;
    this.lit ^= this.choice.pick(2, 'whether it is switched');
    return true;
  }

  private goRound(ran: { count: number }): boolean {
    ran.count += 1;
    this.count = (this.count + 1) % 100;
    return true;
  }
}

test('what is known of steps stays known when states get values that no state had', () => {
  const ran = { lamp: 0, count: 0 };
  const { states, cut } = explore((choice) => new Lamp(choice, ran), [], { bounds: BOUNDS });
  assert.deepEqual([states, cut], [200, undefined]);
  // Two lamps with two answers; a hundred counts.
  assert.deepEqual(ran, { lamp: 4, count: 100 });
});
