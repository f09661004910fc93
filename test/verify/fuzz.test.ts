import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scripted } from '../../src/base/choice.ts';
import { machineOf, WIDE_NAMES } from '../../src/lab/small/machines.ts';
import { OpenWorld } from '../../src/lab/small/open-world.ts';
import { type FuzzJob, fuzz } from '../../src/verify/fuzz.ts';
import { run } from '../../src/verify/verdict.ts';

const JOB: Omit<FuzzJob, 'strategy' | 'machine'> = { seed: 1, walks: 40, steps: 400 };

test('general holds wherever a walk leads', () => {
  for (const machine of WIDE_NAMES) {
    const { steps, failures } = fuzz({ ...JOB, strategy: 'general', machine })!;
    assert.deepEqual([machine, failures], [machine, {}]);
    // 40 walks of 400 steps, none of which ended early.
    assert.equal(steps, 16_000);
  }
});

test('mediated holds, but that the host cannot count guests beside it', () => {
  assert.deepEqual(fuzz({ ...JOB, strategy: 'mediated', machine: 'wide' })!.failures, {});
  assert.deepEqual(Object.keys(fuzz({ ...JOB, strategy: 'mediated', machine: 'wide, host event' })!.failures), ['host cannot count']);
});

test('a walk that finds something is shrunk to a path that shows it', () => {
  const { failures } = fuzz({ ...JOB, strategy: 'reuse', machine: 'wide' })!;
  // The host arms two events at least: a period of 1 is late. Select, arm, and run past the wrap.
  const lost = failures['PMI lost']!;
  assert.equal(lost.steps.length, 3);
  const world = run(new OpenWorld(machineOf('wide', 'reuse')!, new Scripted(lost.picks)), lost.picks.length);
  assert.ok(world.findings.has('PMI lost'));
});

test('the same seed walks the same way, another seed another', () => {
  const job: FuzzJob = { ...JOB, walks: 10, strategy: 'reallocate', machine: 'wide' };
  assert.deepEqual(fuzz(job), fuzz(job));
  assert.notEqual(fuzz(job)!.steps, fuzz({ ...job, seed: 2 })!.steps);
});

test('an event that comes to a CPU where perf has never run is masked there as anywhere', () => {
  // What a walk has found: a guest with its counters off on a CPU that had none before, and another guest there before it.
  const steps = fuzz({ seed: 1, walks: 200, steps: 400, strategy: 'general', machine: 'wide' })!;
  assert.deepEqual(steps.failures, {});
});
