import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attrOf, codeOf, Rig } from '../../../test/host/rig.ts';
import type { PerfEvent } from './event.ts';

// Two general counters, no fixed ones: whoever comes third has to wait, or to fail.
const TWO = { caps: { generalCounters: 2, fixedCounters: 0 } };
const stateOf = (...events: PerfEvent[]): string[] => events.map(({ state }) => state);

test('four priorities: a pinned event of the CPU, of a task, a flexible one of the CPU, of a task', () => {
  const rig = new Rig(TWO);
  rig.perf.switchTask(rig.cpu, 7);
  const taskFlexible = rig.create(attrOf(), { task: 7 });
  const cpuFlexible = rig.create(attrOf());
  assert.deepEqual(stateOf(taskFlexible, cpuFlexible), ['active', 'active']);
  const taskPinned = rig.create(attrOf({ pinned: true }), { task: 7 });
  assert.deepEqual(stateOf(taskFlexible, cpuFlexible, taskPinned), ['inactive', 'active', 'active']);
  const cpuPinned = rig.create(attrOf({ pinned: true }));
  assert.deepEqual(stateOf(taskFlexible, cpuFlexible, taskPinned, cpuPinned), ['inactive', 'inactive', 'active', 'active']);
  // A second one of the CPU: the task's pinned event finds no place, and does not wait.
  const second = rig.create(attrOf({ pinned: true }));
  assert.deepEqual(stateOf(taskPinned, cpuPinned, second), ['error', 'active', 'active']);
});

test('an event in error stays there until somebody enables it', () => {
  const rig = new Rig(TWO);
  rig.perf.switchTask(rig.cpu, 7);
  const guest = rig.create(attrOf({ pinned: true }), { task: 7 });
  const hosts = [rig.create(attrOf({ pinned: true })), rig.create(attrOf({ pinned: true }))];
  assert.equal(guest.state, 'error');
  for (const event of hosts) rig.perf.release(rig.cpu, event);
  rig.perf.switchTask(rig.cpu, 8);
  rig.perf.switchTask(rig.cpu, 7);
  assert.equal(guest.state, 'error');
  rig.perf.enable(rig.cpu, guest);
  assert.equal(guest.state, 'active');
});

test('a task takes its events along, and the CPU keeps its own', () => {
  const rig = new Rig({ cpus: 2 });
  rig.perf.switchTask(rig.cpu, 3);
  const own = rig.create(attrOf()), tasks = rig.create(attrOf({ config: codeOf('core cycles'), excludeHost: true }), { task: 3 });
  rig.setCounter(tasks.counter, -400);
  rig.perf.switchTask(rig.cpu, 4);
  assert.deepEqual([own.state, tasks.state, tasks.count, tasks.periodLeft], ['active', 'inactive', 600, 400]);
  const [, other] = rig.cpus;
  rig.perf.switchTask(other!, 3);
  assert.deepEqual([tasks.state, tasks.onCpu], ['active', 1]);
  assert.equal(rig.processors[1]!.pmu.regs.counters[tasks.counter], 2 ** 48 - 400);
});

test('flexible events take turns, one place at each tick', () => {
  const rig = new Rig(TWO);
  const events = [rig.create(attrOf()), rig.create(attrOf()), rig.create(attrOf())];
  const seen = Array.from({ length: 6 }, () => {
    const running = events.map(({ state }, i) => (state === 'active' ? i : -1)).filter((i) => i >= 0);
    rig.perf.tick(rig.cpu);
    return running.join('');
  });
  assert.deepEqual(seen, ['01', '12', '02', '01', '12', '02']);
});

test('pinned events do not take part in that', () => {
  const rig = new Rig(TWO);
  const pinned = rig.create(attrOf({ pinned: true })), [a, b] = [rig.create(attrOf()), rig.create(attrOf())];
  for (let i = 0; i < 4; i += 1) {
    assert.deepEqual(stateOf(pinned, a, b), ['active', ...(i % 2 === 0 ? ['active', 'inactive'] : ['inactive', 'active'])]);
    rig.perf.tick(rig.cpu);
  }
});

test('an event moves to make room for one that is more constrained', () => {
  const rig = new Rig({ caps: { generalCounters: 1, fixedCounters: 1 } });
  const branches = rig.create(attrOf({ config: codeOf('branch instructions retired') }));
  assert.equal(branches.counter, 0);
  const instructions = rig.create(attrOf());
  assert.equal(instructions.counter, 1);
  rig.perf.release(rig.cpu, instructions);
  rig.perf.release(rig.cpu, branches);
  // The other way round the first one is in nobody's way, on the fixed counter that only it can have.
  assert.equal(rig.create(attrOf()).counter, 1);
  assert.equal(rig.create(attrOf({ config: codeOf('branch instructions retired') })).counter, 0);
});

test('what an event moves with is what it has counted', () => {
  const rig = new Rig({ caps: { generalCounters: 3, fixedCounters: 0, tsx: true } });
  const events = [0, 1, 2].map(() => rig.create(attrOf({ excludeHost: true })));
  rig.setCounter(2, -300);
  rig.perf.release(rig.cpu, events[0]!);
  // IN_TXCP is counted by counter 2 only.
  const checkpointed = rig.create(attrOf({ configHigh: 2, samplePeriod: 0 }));
  assert.equal(checkpointed.counter, 2);
  const moved = events[2]!;
  assert.deepEqual([moved.counter === 2, moved.count, moved.periodLeft], [false, 700, 300]);
  assert.equal(rig.counter(moved.counter), 2 ** 48 - 300);
});

test('while a guest owns the unit, events that exclude it leave, and their time stands still', () => {
  const rig = new Rig();
  const event = rig.create(attrOf({ excludeGuest: true }));
  const enabled = (): number => rig.perf.read(rig.cpu, event).enabled;
  rig.perf.setGuestContext(rig.cpu, true);
  assert.equal(event.state, 'inactive');
  const before = event.enabledTime;
  rig.processors[0]!.idle(1000);
  rig.perf.setGuestContext(rig.cpu, false);
  assert.equal(event.state, 'active');
  assert.ok(enabled() - before < 100);
});

test('an NMI that comes with the write that disables finds the unit disabled', () => {
  const rig = new Rig();
  rig.create(attrOf({ config: codeOf('core cycles'), samplePeriod: 1000 }));
  // The WRMSR of perf_pmu_disable is the cycle that wraps.
  rig.setCounter(5, -1);
  const was = rig.hardware.disable();
  assert.equal(was, true);
  assert.equal(rig.told.length, 1);
  assert.equal(rig.processors[0]!.pmu.regs.globalCtrl, 0);
});

test('a tick that comes while counters are given out waits until they are', () => {
  const rig = new Rig({ caps: { generalCounters: 1, fixedCounters: 0 } });
  const { cpu } = rig;
  const turns = [0, 1, 2].map(() => rig.create(attrOf()));
  let ticks = 0;
  cpu.root.attach({
    nmi: () => rig.perf.nmi(cpu),
    interrupt: () => {
      ticks += 1;
      rig.perf.tick(cpu);
    },
  });
  cpu.root.interrupts(true);
  const { work } = cpu;
  cpu.work = (cost) => {
    if (cost === 'move event') rig.processors[0]!.lapic.accept(0, 0x30);
    work.call(cpu, cost);
  };
  const [first] = turns;
  rig.perf.disable(cpu, first!);
  rig.perf.enable(cpu, first!);
  assert.equal(ticks, 1);
  assert.equal(turns.filter(({ state }) => state === 'active').length, 1);
  assert.equal(cpu.root.interruptsEnabled, true);
});
