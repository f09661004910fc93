import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from '../../src/base/hash.ts';
import { load, save } from '../../src/base/pack.ts';
import { HostedRun } from '../../src/lab/hosted-run.ts';
import { type HostedScenario, hostedOn, STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { HOSTED_SCENARIOS } from '../../src/lab/scenarios.ts';
import { Ring } from '../../src/trace/trace.ts';
import { outside, shortened } from './runs.ts';

// Everything of a host is state: its events, its scheduler, its virtual machines, and the seed of what is open.

const scenarioOn = (on: (typeof STRATEGY_NAMES)[number]): HostedScenario => {
  const users = [{ kind: 'watchdog' }, { kind: 'record', period: 50_000 }];
  return hostedOn(shortened(HOSTED_SCENARIOS.get('neighbours')!, 150, 3), on, { hz: 5000, users });
};

for (const on of STRATEGY_NAMES) {
  test(`${on}: a snapshot from anywhere goes on to the same end, in a new world and in a used one`, () => {
    const scenario = scenarioOn(on);
    const run = new HostedRun(scenario, outside());
    const taken = [save(run)];
    for (let steps = 1, next = 3; run.step(); steps += 1) {
      if (steps !== next) continue;
      taken.push(save(run));
      next = 2 * next + 1;
    }
    assert.ok(run.world.ended && taken.length >= 5, `${taken.length} snapshots`);
    const end = hash(run);
    const used = new HostedRun(scenario, outside());
    for (const [i, packed] of taken.entries()) {
      for (const world of [new HostedRun(scenario, outside()), used]) {
        load(world, packed);
        assert.deepEqual(save(world), packed, `snapshot ${i}`);
        assert.equal(world.run().hash, end, `snapshot ${i}`);
      }
    }
  });

  test(`${on}: tracing and WebAssembly change nothing`, () => {
    const scenario = scenarioOn(on);
    const { hash: end, ...report } = new HostedRun(scenario, outside()).run();
    const ring = new Ring(100);
    assert.deepEqual(new HostedRun(scenario, outside(ring)).run(), { ...report, hash: end });
    assert.ok(ring.records().length > 0);
    assert.deepEqual(new HostedRun(scenario, outside(undefined, false)).run(), { ...report, hash: end });
  });
}

test('another seed moves tasks elsewhere', () => {
  const hashes = [1, 2, 3].map((seed) => new HostedRun(hostedOn(scenarioOn('general'), 'general', { seed }), outside()).run().hash);
  assert.equal(new Set(hashes).size, 3);
});
