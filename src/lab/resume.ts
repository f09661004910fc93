/**
 * A machine that is kept goes on: as it was, or with its program as the guest of a host. So one state, of a Linux guest that has
 * booted and waits, serves bare metal and every strategy.
 */
import { LARGE, SmallLoader, SmallSaver } from '../base/apart.ts';
import { assert } from '../base/assert.ts';
import { mapOf, SparseMap } from '../base/sparse.ts';
import type { Stateful } from '../base/state.ts';
import type { Cycles } from '../base/units.ts';
import type { Image } from '../guest/image.ts';
import { NOTHING_ATTACHED } from '../hw/board/board.ts';
import type { Outside } from '../hw/outside.ts';
import { NO_TRACE } from '../trace/trace.ts';
import { START_MEMORY } from './boot.ts';
import { HostedRun } from './hosted-run.ts';
import { type Platform, platformOf } from './platform.ts';
import type { HostedScenario, Scenario } from './scenario.ts';
import { takeOver } from './take-over.ts';
import { World } from './world.ts';

/** The state of a World. */
export interface Kept {
  /**
   * Loads it into a world of the same scenario, all but its memory; that is for `fill`, into memory that is all zeros. Whoever keeps it
   * says what is wrong with it.
   */
  restore(world: Stateful): void;
  fill(memory: Uint8Array): void;
}

/** A Linux guest of which nothing is loaded but what was kept. */
const NO_IMAGE: Image = { name: 'linux', entry: 0n, mode: '64-bit', bootParams: 0, segments: [], symbols: new Map(), listing: [] };
/** Of a world that only says what was kept: the least that is apart from its state. */
const LEAST_MEMORY = 1;
assert(LEAST_MEMORY << 20 >= LARGE, 'its memory is apart');

/** What is kept, and what it was: on bare metal, with this image. */
export interface Resumed { readonly kept: Kept; readonly bare: Scenario; readonly image?: Image }

/** `platform`: of another pace, if it is said. */
export function resume({ kept, bare, image = NO_IMAGE }: Resumed, outside: Outside, platform: Platform = platformOf(bare)): World {
  const world = new World(bare, outside, { ...image, segments: [] }, platform);
  kept.restore(world);
  fillFresh(kept, world.machine.ram);
  return world;
}

/** As the guest of a host, whose processors are as fast as the guest's were. What became of it when it cannot, its outcome says. */
export function resumeHosted({ kept, bare, image = NO_IMAGE }: Resumed, hosted: HostedScenario, outside: Outside): HostedRun {
  const { choice, attached = NOTHING_ATTACHED } = outside;
  const small = { ...bare, machine: { ...bare.machine, memory: LEAST_MEMORY } };
  const from = new World(small, { choice, attached, tracer: NO_TRACE, transmit: () => {} }, { ...image, segments: [] });
  kept.restore(from);
  const clock = Math.max(...from.machine.cpus.map((cpu) => cpu.clock)) as Cycles;
  const before = { model: platformOf(bare).model, perfmon: bare.machine.perfmon, clock };
  const run = new HostedRun(hosted, outside, { ...image, segments: [] }, before);
  takeOver(run.world, from.machine);
  fillFresh(kept, run.world.memoryOf(0));
  return run;
}

/** Nothing is in it but what a processor finds at its start. */
function fillFresh(kept: Kept, memory: Uint8Array): void {
  memory.fill(0, 0, START_MEMORY);
  kept.fill(memory);
}

/** Keeps a world in memory. */
export function keep(world: World): Kept {
  const saver = new SmallSaver();
  const small = saver.save(world).slice();
  const [memory] = saver.large;
  const map = new SparseMap(mapOf(memory!));
  const pages = Array.from(map.runsOf(memory!), (run) => run.slice());
  return {
    restore: (other) => new SmallLoader(() => {}).load(other, small),
    fill: (other) => {
      assert(map.fits(other, pages.reduce((sum, { length }) => sum + length, 0)), 'memory has the same size');
      map.fillUniform(other);
      const next = pages.values();
      for (const run of map.runsOf(other)) run.set(next.next().value!);
    },
  };
}
