import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../docs/documents.ts';
import { type Projection, project } from './projection.ts';
import { missing, type Searched, SpinModel, sourceOf, stepOf, targetOf } from './spin.ts';

// The strategy `reuse`, explored as it runs by our verifier and as a model of its own by SPIN. Numbers are SPIN's, from its model.

const VARIANTS = [
  { name: 'lawful', machine: 'lawful', planted: false, states: 149, transitions: 773, found: [], shortest: 0 },
  { name: 'filter', machine: 'filter', planted: false, states: 144, transitions: 464, found: ['PMI lost'], shortest: 9 },
  { name: 'lawful with B8', machine: 'lawful', planted: true, states: 208, transitions: 1127, found: ['PMI lost'], shortest: 11 },
] as const;

interface Both { readonly spin: Searched; readonly trail: readonly string[]; readonly ours: Projection }

const absent = missing();

test('SPIN and a compiler are here', () => {
  if (absent !== undefined) assert.fail(absent);
});

const known = new Map<string, Both>();
function both({ name, machine, planted }: (typeof VARIANTS)[number]): Both {
  let result = known.get(name);
  if (result === undefined) {
    const model = new SpinModel({ machine, planted }, 'prints');
    after(() => model.close());
    result = { spin: model.search(), trail: model.counterexample(), ours: project(machine, planted) };
    known.set(name, result);
  }
  return result;
}

const FOUND = /^0 [1-9]/;
const statesOf = (transitions: Iterable<string>): Set<string> => {
  const states = new Set<string>();
  for (const transition of transitions) states.add(sourceOf(transition)).add(targetOf(transition));
  return states;
};

// Without them it has failed already, and once is enough.
for (const variant of absent === undefined ? VARIANTS : []) {
  const { name, states, transitions, found, shortest } = variant;

  test(`${name}: the same verdict, and a shortest counterexample of the same length`, () => {
    const { spin, trail, ours } = both(variant);
    assert.deepEqual([ours.verdict.cut, [...ours.counterexamples.keys()]], [undefined, found]);
    assert.equal(spin.errors > 0, found.length > 0);
    assert.equal(trail.length, shortest);
    assert.deepEqual([...ours.counterexamples.values()].map((steps) => steps.length), found.map(() => shortest));
    // There may be several that are as short. That of SPIN is a path here too.
    for (const [i, transition] of trail.entries()) {
      assert.ok(ours.transitions.has(transition), transition);
      if (i > 0) assert.equal(sourceOf(transition), targetOf(trail[i - 1]!));
    }
  });

  test(`${name}: the same abstract states and the same steps between them`, () => {
    const { spin, ours } = both(variant);
    const theirs = new Set(spin.printed);
    assert.deepEqual([...ours.transitions].filter((transition) => !theirs.has(transition)), [], 'only ours');
    assert.deepEqual([...theirs].filter((transition) => !ours.transitions.has(transition)), [], 'only SPIN\'s');
    assert.equal(theirs.size, transitions);
    const sound = [...statesOf(ours.transitions)].filter((state) => !FOUND.test(state));
    // All in which the same was found is one state of SPIN's, and none of ours. The first state is reached without a transition.
    assert.deepEqual([sound.length, spin.stored, spin.transitions], [states, states + found.length, transitions + 1]);
  });

  test(`${name}: what the abstraction leaves out decides nothing`, () => {
    const { ours } = both(variant);
    const targets = new Map<string, string>();
    for (const transition of ours.transitions) {
      const from = `${stepOf(transition)} from ${sourceOf(transition)}`;
      assert.equal(targets.get(from) ?? targetOf(transition), targetOf(transition), from);
      targets.set(from, targetOf(transition));
    }
    // It does leave something out.
    assert.ok(states < ours.verdict.states, `${ours.verdict.states}`);
  });
}

if (absent === undefined) {
  test('a bug on one side only is seen', () => {
    const [lawful, , planted] = VARIANTS;
    const { ours } = both(planted), theirs = new Set(both(lawful).spin.printed);
    assert.ok([...ours.transitions].some((transition) => !theirs.has(transition)));
  });
}

test('the document says these numbers', () => {
  const document = readFileSync(join(ROOT, 'docs/cross-check.md'), 'utf8');
  for (const { name, states, transitions, found, shortest } of VARIANTS) {
    const verdict = found.length === 0 ? 'holds' : `${found.join(', ')}, after ${shortest} steps`;
    assert.ok(document.includes(`| ${name} | ${verdict} | ${states} | ${transitions} |`), name);
  }
});
