import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { hash } from '../../src/base/hash.ts';
import { load, save } from '../../src/base/pack.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { Cpu } from '../../src/hw/cpu/cpu.ts';
import { type Report, succeeded } from '../../src/lab/report.ts';
import type { Scenario } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE, Ring, type Tracer } from '../../src/trace/trace.ts';

const worldOf = (scenario: Scenario, wasm: boolean, tracer: Tracer = NO_TRACE): World =>
  new World(scenario, { choice: FIRST, tracer, transmit: () => {}, ...(wasm ? { wasm: nodeWasm } : {}) });

/** So many iterations are enough for a few PMIs. */
const ENOUGH = { 'hot spots': 350, alu: 3000, mixed: 500 };

/** The same experiment on 2 MiB, and shorter. */
function small(scenario: Scenario): Scenario {
  const { program, machine } = scenario;
  assert.ok(program.kind === 'built-in');
  const iterations = Math.min(program.iterations, ENOUGH[program.workload]);
  return { ...scenario, machine: { ...machine, memory: 2 }, program: { ...program, iterations } };
}

/** The first run of each; what others must be equal to, to the last counter and the hash of all state. */
const firsts = new Map<string, Report>();
for (const [name, scenario] of SCENARIOS) {
  const report = worldOf(small(scenario), true).run();
  assert.ok(succeeded(report), name);
  firsts.set(name, report);
}

const each = (what: string, body: (name: string, scenario: Scenario, first: Report) => void): void => {
  for (const [name, scenario] of SCENARIOS) test(`${name}: ${what}`, () => body(name, small(scenario), firsts.get(name)!));
};

each('another run ends in the same state', (_name, scenario, first) => {
  assert.deepEqual(worldOf(scenario, true).run(), first);
});

each('so does one that is traced', (_name, scenario, first) => {
  const ring = new Ring(64);
  assert.deepEqual(worldOf(scenario, true, ring).run(), first);
  assert.ok(ring.records().length > 0);
});

each('so does one without WebAssembly, and both leave the same trace', (_name, scenario, first) => {
  const [emitted, interpreted] = [new Ring(1 << 16), new Ring(1 << 16)];
  worldOf(scenario, true, emitted).run();
  assert.deepEqual(worldOf(scenario, false, interpreted).run(), first);
  assert.deepEqual(interpreted.records(), emitted.records());
  assert.equal(emitted.lost, 0);
});

each('so does one that is stepped, instruction by instruction', (_name, scenario, first) => {
  for (const wasm of [true, false]) {
    const world = worldOf(scenario, wasm);
    while (world.step());
    assert.deepEqual(world.report(), first);
  }
});

each('so does one that is run in stretches of any length', (_name, scenario, first) => {
  for (const stretch of [1, 7, 1000, 12_345]) {
    const world = worldOf(scenario, true);
    for (let until = stretch; world.machine.run(until as never) === undefined; until += stretch);
    assert.deepEqual(world.report(), first);
  }
});

/** States that are easily forgotten, as far as a scenario comes to them. */
const STATES: Readonly<Record<string, (cpu: Cpu) => boolean>> = {
  'NMIs are blocked': (cpu) => cpu.nmiBlocked,
  'interrupts are held off': (cpu) => cpu.shadow,
  'an NMI waits': (cpu) => cpu.lapic.nmiPending,
  'an NMI waits, blocked': (cpu) => cpu.lapic.nmiPending && cpu.nmiBlocked,
  'an interrupt waits': (cpu) => cpu.lapic.pending() !== -1,
  'counters are frozen': (cpu) => cpu.pmu.regs.frozen,
  'a status bit is set': (cpu) => cpu.pmu.regs.globalStatus !== 0,
  'at CPL 3': (cpu) => cpu.registers.cpl === 3,
  'halted': (cpu) => cpu.halted,
};

/** Steps through a world, and takes its state at the first step that has each of these, and at some others. */
function snapshots(scenario: Scenario, wasm: boolean): Map<string, Uint8Array> {
  const world = worldOf(scenario, wasm);
  const taken = new Map<string, Uint8Array>([['the beginning', save(world)]]);
  for (let steps = 1, next = 10; world.step(); steps += 1) {
    for (const [what, holds] of Object.entries(STATES)) {
      if (!taken.has(what) && world.machine.cpus.some(holds)) taken.set(what, save(world));
    }
    if (steps !== next) continue;
    taken.set(`step ${steps}`, save(world));
    next *= 5;
  }
  taken.set('the end', save(world));
  return taken;
}

each('a snapshot from the middle goes on to it in another world, with WebAssembly or without', (name, scenario, first) => {
  for (const from of [true, false]) {
    const taken = snapshots(scenario, from);
    if (from) assert.ok(taken.size >= 6, [...taken.keys()].join());
    for (const into of [true, false]) {
      const world = worldOf(scenario, into);
      for (const [what, packed] of taken) {
        load(world, packed);
        assert.deepEqual(save(world), packed, what);
        world.machine.run(scenario.limit as never);
        assert.equal(hash(world.machine), first.hash, `${name}: ${what}, ${from ? 'with' : 'without'} to ${into ? 'with' : 'without'}`);
      }
    }
  }
});

test('the scenarios together come to every state that is looked for', () => {
  const seen = new Set([...SCENARIOS.values()].flatMap((scenario) => [...snapshots(small(scenario), true).keys()]));
  assert.deepEqual(Object.keys(STATES).filter((what) => !seen.has(what)), []);
});
