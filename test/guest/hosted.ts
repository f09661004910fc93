/** A program as the guest of a host, to be compared with the same program alone. */
import assert from 'node:assert/strict';
import { type Choice, FIRST } from '../../src/base/choice.ts';
import type { Cycles } from '../../src/base/units.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { Image } from '../../src/guest/image.ts';
import { uniformCosts } from '../../src/host/cost.ts';
import type { GenerationName } from '../../src/host/generation.ts';
import type { HostUserOptions } from '../../src/host/perf/users.ts';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import { TIMING_MODELS } from '../../src/hw/cpu/timing.ts';
import { GENERIC, GENERIC_AMD } from '../../src/hw/model.ts';
import { HostedWorld } from '../../src/lab/hosted.ts';
import { perfmonShape } from '../../src/lab/scenario.ts';
import { NO_TRACE, type Tracer } from '../../src/trace/trace.ts';

/** A tick of the host comes every so many cycles. */
const TICK = 20_000;
const HZ = 250;

export interface GuestOfOptions {
  readonly strategy: StrategyName;
  readonly timing?: string;
  readonly skid?: number;
  readonly perfmon?: object;
  readonly generation?: GenerationName;
  readonly vendor?: 'amd' | 'intel';
  /** Quadwords to write at labels before the run. */
  readonly given?: Readonly<Record<string, readonly bigint[]>>;
  readonly cpus?: number;
  readonly vcpus?: number;
  readonly vms?: number;
  /** Cycles that each piece of host work takes. */
  readonly cost?: number;
  /** Processors on which another task wants to run, too. */
  readonly load?: readonly number[];
  readonly migrateEvery?: number;
  readonly users?: readonly HostUserOptions[];
  readonly handler?: 'classic' | 'freeze';
  readonly savesGlobalCtrl?: boolean;
  readonly choice?: Choice;
  readonly tracer?: Tracer;
  readonly wasm?: boolean;
}

export function hostedWorld(image: Image, options: GuestOfOptions): HostedWorld {
  const { strategy, timing = 'unit', skid = 0, perfmon = {}, cpus = 1, vcpus = 1, vms = 1, cost = 50 } = options;
  const { load = [], migrateEvery = 0, users = [], handler = 'classic', savesGlobalCtrl = true } = options;
  const { vendor = 'intel', generation = '7.1', given = {}, choice = FIRST, tracer = NO_TRACE, wasm = true } = options;
  const world = new HostedWorld({
    machine: {
      cpus, model: vendor === 'amd' ? GENERIC_AMD : GENERIC, perfmon: perfmonShape.check(perfmon, '$'), skid, quantum: 1000,
      masksPmi: vendor === 'intel',
      timing: TIMING_MODELS.find(({ name }) => name === timing)!,
    },
    host: {
      perf: { handler, ack: 'late', hz: HZ, events: 24, limits: false }, sched: { slice: 1, migrateEvery }, costs: uniformCosts(cost),
      tsc: TICK * HZ, timerTicks: 100, ticks: true, load, users, savesGlobalCtrl,
    },
    strategy, generation, vms, vcpus, memory: 2 << 20,
  }, image, { choice, tracer, transmit: () => {}, ...(wasm ? { wasm: nodeWasm } : {}) });
  for (const [label, values] of Object.entries(given)) {
    world.machine.poke(Number(image.symbols.get(label)!), new Uint8Array(BigUint64Array.from(values).buffer));
  }
  return world;
}

/** Runs it to its end; a guest that has none fails soon. */
export function runHosted(image: Image, options: GuestOfOptions, limit = 200_000_000): HostedWorld {
  const world = hostedWorld(image, options);
  world.run(limit as Cycles);
  assert.ok(world.ended, 'the guest ends');
  assert.equal(world.host.cpus.reduce((sum, { root }) => sum + root.faults, 0), 0, 'faults of the host');
  return world;
}

/** So many quadwords at a label of the program in a virtual machine. */
export function wordsOf(world: HostedWorld, image: Image, label: string, count: number, vm = 0): bigint[] {
  const memory = world.memoryOf(vm);
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const at = Number(image.symbols.get(label)!);
  return Array.from({ length: count }, (_, i) => view.getBigUint64(at + 8 * i, true));
}
