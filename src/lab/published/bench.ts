/**
 * The bench on which the publications' experiments are repeated: a guest that profiles itself, or that does one instruction over
 * and over, on a machine of the literature and one of the strategies. It notes which costs are spent at all.
 */
import { assert } from '../../base/assert.ts';
import { FIRST } from '../../base/choice.ts';
import type { Cycles } from '../../base/units.ts';
import type { Image } from '../../guest/image.ts';
import { buildLoop, LOOP_ROUNDS, readLoop } from '../../guest/loop.ts';
import { buildProfile, type ProfileOptions, type ProfileReport, readProfile } from '../../guest/profile.ts';
import { buildProgram, type Program, type ProgramReport, readReport } from '../../guest/programs.ts';
import { HOST_COSTS, type HostCost, type HostCosts } from '../../host/cost.ts';
import { GENERATIONS, type GenerationName } from '../../host/generation.ts';
import type { Vcpu } from '../../host/kvm/kvm.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGIES, type StrategyName } from '../../host/vpmu/strategies.ts';
import type { NewStrategy } from '../../host/vpmu/vpmu.ts';
import { Machine, type MachineConfig } from '../../hw/machine.ts';
import { GENERIC } from '../../hw/model.ts';
import type { WasmHost } from '../../hw/outside.ts';
import { NO_TRACE, type TracepointName, type Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { boot } from '../boot.ts';
import type { CostMachine, MachineName } from '../cost/cost.ts';
import { HostedWorld } from '../hosted.ts';
import { Stopwatch } from './stopwatch.ts';

const MIB = 1 << 20;
/** The crystal, of which the time-stamp counters of all machines are a whole multiple. */
const CRYSTAL = 25_000_000;
/** A guest that has not come to an end by then never will. */
const LONGEST_SECONDS = 60;
/** How often it is looked at whether the guest has taken enough PMIs. */
const LOOK_SECONDS = 0.001;

/** The hard lockup detector of the host: pinned to the CPU, and so seldom that it does not overflow here. */
const WATCHDOG: HostUserOptions = {
  kind: 'watchdog', event: 'core cycles', period: 2 ** 34, excludeGuest: false, excludeHost: false, pinned: true,
};

/** Where a guest runs. */
export interface Place {
  readonly machine: MachineName;
  readonly strategy: StrategyName;
  /** The strategy with other options. */
  readonly make?: NewStrategy;
  readonly counters: { readonly general: number; readonly fixed: number };
  readonly watchdog?: boolean;
}

export interface ProfileRun {
  /** Of the guest, without what it had done before `warmUp` was over. */
  readonly report: ProfileReport;
  /** Times of the guest's PMI handler, in nanoseconds. */
  readonly handlers: readonly number[];
  readonly watch: Stopwatch;
  readonly vcpu: Vcpu;
  /** Host events made, by the counter of the guest that they were made for. */
  readonly created: readonly number[];
  /** Nanoseconds for a cycle. */
  readonly ns: number;
}

export interface GuestOptions extends Pick<ProfileOptions, 'events' | 'frequency' | 'busy'> {
  /** CONFIG_HZ; without it there is no tick. */
  readonly hz?: number;
  /** Its kernel writes a sample at each overflow. */
  readonly samples: boolean;
}

/** When to stop: after so many seconds of the machine, or when the guest has taken so many PMIs. */
export type Until = { readonly seconds: number; readonly warmUp?: number } | { readonly pmis: number };

/** Counts events made for each counter, and passes nothing on. */
class Creations implements Tracer {
  readonly on = true;
  readonly byCounter: number[] = [];

  emit(name: TracepointName, _cpu: number, _time: number, ...values: (number | bigint)[]): void {
    if (name !== 'vpmu_create') return;
    const k = Number(values[1]);
    this.byCounter[k] = (this.byCounter[k] ?? 0) + 1;
  }
}

const perfmonOf = ({ general, fixed }: Place['counters']): PerfmonCaps => ({
  version: 4, generalCounters: general, generalWidth: 48, fixedCounters: fixed, fixedWidth: 48, fullWidthWrites: true,
  unavailableEvents: 0, anyThreadDeprecated: false, tsx: false,
});

export class Bench {
  private readonly machines: Readonly<Record<MachineName, CostMachine>>;
  private readonly wasm: WasmHost | undefined;
  /** Costs that were spent, by machine. */
  readonly spent = new Map<MachineName, Set<HostCost>>();

  constructor(machines: Readonly<Record<MachineName, CostMachine>>, wasm?: WasmHost) {
    this.machines = machines;
    this.wasm = wasm;
  }

  hz(machine: MachineName): number {
    return this.machines[machine].hz;
  }

  /** Runs a guest that profiles itself. */
  profile(place: Place, guest: GuestOptions, until: Until): ProfileRun {
    const { hz } = this.machines[place.machine];
    const { full } = this.generationOf(place);
    const image = buildProfile(place.strategy, this.profileOptions(place, guest, full, 'classic'));
    const watch = new Stopwatch();
    const creations = new Creations();
    const world = this.world(place, image, watch.around(place.make ?? STRATEGIES[place.strategy].make), creations);
    const read = (): ProfileReport => readProfile(image, world.memoryOf(0), guest.events.length);
    const run = (seconds: number): void => world.run(Math.round(seconds * hz) as Cycles);
    let before: ProfileReport | undefined;
    if ('seconds' in until) {
      run(until.warmUp ?? 0);
      before = read();
      run(until.seconds);
    } else {
      for (let at = LOOK_SECONDS; read().pmis < until.pmis && at < LONGEST_SECONDS; at += LOOK_SECONDS) run(at);
    }
    const report = since(read(), before);
    const ns = 1e9 / hz;
    return {
      report, handlers: report.durations.map((ticks) => ticks * ns), watch, vcpu: world.vcpus[0]!, created: creations.byCounter, ns,
    };
  }

  /** The same guest on the bare machine: nanoseconds of its PMI handler. */
  native(place: Omit<Place, 'strategy'>, guest: GuestOptions, handler: ProfileOptions['handler'], pmis: number): readonly number[] {
    const { hz, timing } = this.machines[place.machine];
    const image = buildProfile('native', this.profileOptions(place, guest, true, handler));
    const machine = new Machine({ ...this.hardware(place), timing, memory: 4 * MIB }, this.outside(NO_TRACE));
    for (const { at, bytes } of image.segments) machine.poke(at, bytes);
    boot(machine, image);
    const read = (): ProfileReport => readProfile(image, machine.ram, guest.events.length);
    for (let at = LOOK_SECONDS; read().pmis < pmis && at < LONGEST_SECONDS; at += LOOK_SECONDS) machine.run(Math.round(at * hz) as Cycles);
    return read().durations.map((ticks) => ticks * 1e9 / hz);
  }

  /** Runs one of the package's programs to its end. */
  program(place: Place, program: Program): ProgramReport {
    const { hz } = this.machines[place.machine];
    const image = buildProgram(place.strategy, program, { cpus: 1, tsc: hz, vendor: 'intel', perfmon: this.hardware(place).perfmon });
    const world = this.world(place, image, place.make ?? STRATEGIES[place.strategy].make, NO_TRACE);
    world.run(hz * LONGEST_SECONDS as Cycles);
    assert(world.vms[0]!.board.exit.code === 0, `the program ends with 0: ${world.vms[0]!.board.exit.code}`);
    return readReport(image, world.memoryOf(0), 0);
  }

  /** Cycles for one of these instructions, in a loop of the guest. */
  loop(place: Place, body: string): number {
    const image = buildLoop(place.strategy, body);
    const world = this.world(place, image, STRATEGIES[place.strategy].make, NO_TRACE);
    world.run(this.machines[place.machine].hz * LONGEST_SECONDS as Cycles);
    return readLoop(image, world.memoryOf(0)) / LOOP_ROUNDS;
  }

  private profileOptions(
    { machine, counters }: Pick<Place, 'machine' | 'counters'>, { hz, samples, ...guest }: GuestOptions, fullWidthWrites: boolean,
    handler: ProfileOptions['handler'],
  ): ProfileOptions {
    return {
      ...guest, handler, fullWidthWrites, generalCounters: counters.general, fixedCounters: counters.fixed,
      sampleWork: samples ? this.machines[machine].sample : 0,
      ...(hz === undefined ? {} : { tick: { hz, count: Math.round(CRYSTAL / hz) } }),
    };
  }

  private world(place: Place, image: Image, make: NewStrategy, tracer: Tracer): HostedWorld {
    const { hz, timing } = this.machines[place.machine];
    const { name } = this.generationOf(place);
    return new HostedWorld(
      {
        machine: { ...this.hardware(place), timing },
        host: {
          perf: { handler: 'classic', ack: 'late', hz: 250, events: 32, limits: false }, sched: { slice: 1, migrateEvery: 0 },
          costs: this.noted(place.machine), tsc: hz, timerTicks: hz / CRYSTAL, ticks: true, load: [],
          users: place.watchdog === true ? [WATCHDOG] : [],
        },
        strategy: place.strategy, make, generation: name, vms: 1, vcpus: 1, memory: 4 * MIB,
      },
      image, this.outside(tracer),
    );
  }

  private generationOf({ strategy }: Place): { readonly name: GenerationName; readonly full: boolean } {
    const name = STRATEGIES[strategy].generation;
    return { name, full: GENERATIONS[name].fullWidthWrites };
  }

  private hardware({ machine, counters }: Pick<Place, 'machine' | 'counters'>): Omit<MachineConfig, 'memory' | 'timing'> {
    const { hz } = this.machines[machine];
    return {
      cpus: 1, model: { ...GENERIC, crystal: CRYSTAL, tsc: hz, core: hz }, perfmon: perfmonOf(counters), skid: 0, masksPmi: true,
      quantum: 1000,
    };
  }

  private outside(tracer: Tracer) {
    return { choice: FIRST, tracer, transmit: () => {}, ...(this.wasm === undefined ? {} : { wasm: this.wasm }) };
  }

  /** The machine's costs; whoever looks one up leaves a note. */
  private noted(machine: MachineName): HostCosts {
    const { costs } = this.machines[machine];
    const spent = this.spent.get(machine) ?? new Set();
    this.spent.set(machine, spent);
    const noted = {};
    for (const name of HOST_COSTS) {
      const get = (): number => {
        spent.add(name);
        return costs[name];
      };
      Object.defineProperty(noted, name, { enumerable: true, get });
    }
    return noted as HostCosts;
  }
}

function since(now: ProfileReport, before: ProfileReport | undefined): ProfileReport {
  if (before === undefined) return now;
  return {
    ...now, work: now.work - before.work, ticks: now.ticks - before.ticks, pmis: now.pmis - before.pmis,
    durations: now.durations.slice(before.durations.length),
  };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
