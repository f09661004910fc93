import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MACHINE_NAMES, type MachineName, machineOf, type StrategyName, VERIFIED } from '../../src/lab/small/machines.ts';
import { openPath, pathFile, replayPath } from '../../src/verify/path-file.ts';
import { SENTENCES } from '../../src/verify/properties.ts';
import { type JobResult, runJob } from '../../src/verify/verdict.ts';

// The machines that are explored whole in a second or two. `npm run verify:full` explores them all.

const BOUNDS = { states: 100_000, depth: 1e6, memory: 1 << 30 };
const QUICK: readonly MachineName[] = ['lawful', 'least period', 'filter', 'throttle'];

const results = new Map<string, JobResult | undefined>();
function verdict(strategy: StrategyName, machine: MachineName): JobResult | undefined {
  const key = `${strategy} ${machine}`;
  if (!results.has(key)) results.set(key, runJob({ strategy, machine, bounds: BOUNDS }));
  return results.get(key);
}

const failing = (strategy: StrategyName, machine: MachineName): string[] => Object.keys(verdict(strategy, machine)?.failures ?? {});

test('the quick machines are explored whole, and each pass has taken a PMI', () => {
  for (const machine of QUICK) {
    for (const strategy of VERIFIED) {
      const result = verdict(strategy, machine);
      if (result !== undefined) assert.deepEqual([strategy, machine, result.cut, result.unreached], [strategy, machine, undefined, []]);
    }
  }
});

test('general and mediated hold in all of them', () => {
  for (const machine of QUICK) {
    assert.deepEqual([machine, failing('general', machine)], [machine, []]);
    assert.deepEqual([machine, failing('mediated', machine)], [machine, []]);
  }
});

/** Those with more than one counter, with a filter, a vector, a fixed counter, or AMD's registers. */
const BEYOND: readonly MachineName[] = [
  'pair', 'three counters', 'reselect', 'instructions', 'other filter', 'vector', 'fixed counter', 'other host', 'pair on the other host',
  'AMD', 'AMD pair', 'AMD instructions', 'host takes turns without guests',
];
test('general and mediated hold with several counters, interrupts, filters, on AMD, and with what KVM completes', () => {
  for (const machine of BEYOND) {
    for (const strategy of ['general', 'mediated'] as const) {
      const { cut, failures, unreached } = verdict(strategy, machine)!;
      assert.deepEqual([strategy, machine, cut, failures, unreached], [strategy, machine, undefined, {}, []]);
    }
  }
});

test('general counts each instruction of a guest that does anything', () => {
  const { cut, failures, unreached } = verdict('general', 'any instructions')!;
  assert.deepEqual([cut, failures, unreached], [undefined, {}, []]);
});

test('KVM of today counts an instruction that it completes as the registers are after it', () => {
  // The write that enables counts itself.
  assert.deepEqual(verdict('reuse', 'instructions')!.failures.miscount!.steps, [
    'WRMSR IA32_PERF_GLOBAL_CTRL = 0x0', 'WRMSR IA32_PERFEVTSEL0 = 0x5300c0', 'WRMSR IA32_PMC0 = 0xd',
    'WRMSR IA32_PERF_GLOBAL_CTRL = 0x1', 'RDPMC 0',
  ]);
});

test('a guest that is preempted on a host whose PMIs freeze it sees nothing of that', () => {
  const { cut, failures, unreached } = verdict('general', 'freezing host')!;
  assert.deepEqual([cut, failures, unreached], [undefined, {}, []]);
});

test('general: what a guest on AMD\'s has switched off stands still, although no VM entry loads the global control', () => {
  // What the verifier has found: set up, one of two counters off, an event, and the other one had counted it too.
  for (const machine of ['AMD any guest', 'older AMD', 'older AMD, any guest'] as const) {
    const { cut, failures, unreached } = verdict('general', machine)!;
    assert.deepEqual([machine, cut, failures, unreached], [machine, undefined, {}, []]);
  }
});

test('who takes counters away from the host keeps its flexible events waiting for good', () => {
  // D1. Two that share what is left would take turns, but nothing is left.
  assert.deepEqual(failing('register', 'host takes turns'), ['host cannot count']);
  assert.deepEqual(failing('register', 'host takes turns without guests'), []);
});

test('only general has what freezes', () => {
  assert.deepEqual(VERIFIED.filter((strategy) => machineOf('freeze', strategy) !== undefined), ['general']);
});

test('the fast path of the mail fails for a lawful guest that nobody disturbs', () => {
  // B3: the count goes on from the old position. B1: the second PMI never comes. B8: nor does it when nobody lets it through.
  assert.deepEqual(failing('guest-pmi', 'lawful'), ['miscount', 'host books wrong']);
  assert.deepEqual(failing('guest-pmi-B1', 'lawful'), ['PMI lost', 'miscount']);
  assert.deepEqual(failing('guest-pmi-B8', 'lawful'), ['PMI lost', 'miscount', 'host books wrong']);
});

test('the ways through host events hold for it, but for the least period that the host arms', () => {
  for (const strategy of ['reallocate', 'ioc-period', 'reuse-5.5', 'reuse'] as const) {
    assert.deepEqual([strategy, failing(strategy, 'lawful')], [strategy, []]);
    // Preempted one event before the overflow, the host arms two.
    assert.deepEqual([strategy, failing(strategy, 'least period')], [strategy, ['PMI lost']]);
  }
});

test('an event filter that is set while the guest runs loses an overflow of KVM of today', () => {
  // R4, found without being told where to look: set up (4), run to the last event (2), the filter, the overflow, one more.
  const { failures } = verdict('reuse', 'filter')!;
  assert.deepEqual(Object.keys(failures), ['PMI lost']);
  assert.deepEqual(failures['PMI lost']!.steps.slice(4), ['run 1', 'run 1', 'an event filter is set again', 'run 1', 'run 1']);
});

test('the same search finds the same states', () => {
  const { states, steps, depth } = verdict('general', 'lawful')!;
  const again = runJob({ strategy: 'general', machine: 'lawful', bounds: BOUNDS })!;
  assert.deepEqual([again.states, again.steps, again.depth], [states, steps, depth]);
});

test('a counterexample replays in the same world, step by step', () => {
  const { failures } = verdict('guest-pmi', 'lawful')!;
  for (const [property, example] of Object.entries(failures)) {
    const file = pathFile('guest-pmi', 'lawful', property, example);
    const world = openPath(file);
    let steps = 0;
    replayPath(world, file, () => void (steps += 1));
    assert.equal(steps, example.steps.length);
    assert.ok(world.findings.has(property as never));
  }
});

test('each property is a sentence, and each machine has a name', () => {
  assert.equal(new Set(Object.values(SENTENCES)).size, Object.keys(SENTENCES).length);
  assert.ok(MACHINE_NAMES.length > QUICK.length);
});
