import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rig } from '../../../test/host/rig.ts';
import { type Choice, FIRST, Scripted } from '../../base/choice.ts';
import { load, save } from '../../base/pack.ts';
import { ANY } from '../perf/perf.ts';
import { Scheduler } from './sched.ts';

interface Setting {
  readonly cpus?: number;
  readonly home: readonly number[];
  readonly slice?: number;
  readonly migrateEvery?: number;
  readonly choice?: Choice;
}

function schedulerOf({ cpus = 1, home, slice = 1, migrateEvery = 0, choice = FIRST }: Setting) {
  const rig = new Rig({ cpus });
  const switches: string[] = [];
  const sched = new Scheduler(rig.cpus, { tasks: home.length, home: (task) => home[task]!, slice, migrateEvery }, choice, {
    out: (cpu, task) => switches.push(`${task} leaves ${cpu.id}`), in: (cpu, task) => switches.push(`${task} gets ${cpu.id}`),
  });
  return { rig, sched, switches, cpus: rig.cpus };
}

test('tasks of a processor take turns of whole ticks', () => {
  const { sched, cpus: [cpu] } = schedulerOf({ home: [0, 0, 0], slice: 2 });
  const seen = Array.from({ length: 7 }, () => {
    if (sched.wants(cpu!)) sched.schedule(cpu!);
    const task = sched.current(cpu!);
    sched.tick(cpu!);
    return task;
  });
  assert.deepEqual(seen, [0, 0, 1, 1, 2, 2, 0]);
});

test('a task alone is not switched for itself', () => {
  const { sched, switches, cpus: [cpu] } = schedulerOf({ home: [0] });
  for (let i = 0; i < 5; i += 1) {
    if (sched.wants(cpu!)) sched.schedule(cpu!);
    sched.tick(cpu!);
  }
  assert.deepEqual(switches, ['0 gets 0']);
});

test('who blocks leaves, and comes back when it is woken', () => {
  const { sched, cpus: [cpu] } = schedulerOf({ home: [0, 0] });
  sched.schedule(cpu!);
  sched.block(0);
  sched.block(1);
  assert.ok(sched.wants(cpu!));
  sched.schedule(cpu!);
  assert.equal(sched.current(cpu!), ANY);
  sched.wake(1);
  assert.ok(sched.wants(cpu!));
  sched.schedule(cpu!);
  assert.equal(sched.current(cpu!), 1);
});

test('a task that moves is gone before it is there, whoever looks first', () => {
  for (const first of [0, 1]) {
    const { sched, switches, cpus } = schedulerOf({ cpus: 2, home: [0] });
    sched.schedule(cpus[0]!);
    sched.schedule(cpus[1]!);
    sched.migrate(0, 1);
    for (const id of [first, 1 - first, first, 1 - first]) if (sched.wants(cpus[id]!)) sched.schedule(cpus[id]!);
    assert.deepEqual(switches, ['0 gets 0', '0 leaves 0', '0 gets 1'], `processor ${first} first`);
  }
});

test('where a task moves to is an open question', () => {
  const { sched, cpus } = schedulerOf({ cpus: 3, home: [0], migrateEvery: 2, choice: new Scripted([1, 0]) });
  sched.schedule(cpus[0]!);
  sched.tick(cpus[0]!);
  assert.equal(sched.placeOf(0), 0);
  // The second of the two others.
  sched.tick(cpus[0]!);
  assert.equal(sched.placeOf(0), 2);
});

test('what is saved is loaded', () => {
  const setting = { cpus: 2, home: [0, 0, 1] };
  const { sched, cpus } = schedulerOf(setting), copy = schedulerOf(setting).sched;
  for (const cpu of cpus) sched.schedule(cpu);
  sched.block(1);
  sched.tick(cpus[0]!);
  load(copy, save(sched));
  assert.deepEqual(save(copy), save(sched));
  assert.deepEqual(cpus.map((cpu) => copy.current(cpu)), [0, 2]);
});
