/** A scenario with a host, wired and run: the program as the guest of each virtual machine, and what came of it for all. */
import { FIRST, Seeded } from '../base/choice.ts';
import { hash } from '../base/hash.ts';
import type { Serializer } from '../base/state.ts';
import type { System } from '../base/system.ts';
import type { Cycles } from '../base/units.ts';
import { type Image, type Loaded, loaded } from '../guest/image.ts';
import { readReport } from '../guest/programs.ts';
import { exitCounts, type Vcpu } from '../host/kvm/kvm.ts';
import { encodeEntry } from '../host/vpmu/filter.ts';
import { STRATEGIES } from '../host/vpmu/strategies.ts';
import type { Board } from '../hw/board/board.ts';
import type { CpuModel } from '../hw/model.ts';
import type { Outside } from '../hw/outside.ts';
import { Tally } from '../trace/tally.ts';
import type { TracepointName, Tracer } from '../trace/trace.ts';
import { msrName } from '../x86/msr.ts';
import type { PerfmonCaps } from '../x86/perfmon.ts';
import { Accounts } from './accounts.ts';
import { Console, TYPING } from './console.ts';
import { MACHINES } from './cost/cost.ts';
import { HostUserWatch } from './host-users.ts';
import { type HostedOptions, HostedWorld } from './hosted.ts';
import { boardOf, masksPmi, platformOf } from './platform.ts';
import { programOf } from './program.ts';
import { type CpuReport, type HostReport, NO_OFFER, type Report, type VcpuReport } from './report.ts';
import type { HostedScenario, HostPart } from './scenario.ts';

const MIB = 1 << 20;
/** No processor of a guest's, for what happens in root mode. */
const NOBODY = 0xff;

/** The tracepoints that guests pass, counted by virtual processor; and all of them, passed on. */
class GuestTally implements Tracer {
  readonly on = true;
  readonly guests = new Tally();
  readonly all = new Tally();
  private readonly next: Tracer;
  private readonly current: (cpu: number) => number;

  constructor(next: Tracer, current: (cpu: number) => number) {
    this.next = next;
    this.current = current;
  }

  emit(name: TracepointName, cpu: number, time: number, ...values: (number | bigint)[]): void {
    this.guests.add(name, this.current(cpu), values[0]);
    this.all.add(name, cpu, values[0]);
    if (this.next.on) this.next.emit(name, cpu, time, ...values);
  }
}

/** What a guest has seen of another machine. Its host's processors are as fast, and its clocks go on from there. */
export interface Before { readonly model: CpuModel; readonly perfmon: PerfmonCaps; readonly clock: Cycles }

export class HostedRun implements System {
  readonly world: HostedWorld;
  readonly image: Loaded;
  readonly scenario: HostedScenario;
  readonly accounts: Accounts;
  private readonly tally: GuestTally;
  private readonly console: Console;
  private readonly users: HostUserWatch;
  /** Answers from a seed go on where they were. */
  private readonly seeded: Seeded | undefined;

  /** `before`: of a guest that has run elsewhere, and is about to be taken over. */
  constructor(scenario: HostedScenario, outside: Outside, image?: Image, before?: Before) {
    const { host, machine: { memory, vendor: _vendor, cpu: _cpu, timing: _timing, board: _board, ...machine } } = scenario;
    const generation = host.generation === 'own' ? STRATEGIES[host.on].generation : host.generation;
    const platform = { ...platformOf(scenario), ...(before === undefined ? {} : { model: before.model, clock: before.clock }) };
    const vcpus = host.vms * host.vcpus;
    this.scenario = scenario;
    this.seeded = host.seed === 0 ? undefined : new Seeded(host.seed);
    const program = programOf(scenario, image, platform);
    this.image = loaded(program);
    // Nothing runs before the world is there.
    let world: HostedWorld | undefined;
    const current = (cpu: number): number => (world === undefined ? NOBODY : world.host.sched.current(world.host.cpus[cpu]!));
    this.tally = new GuestTally(outside.tracer, current);
    this.console = new Console(outside);
    this.accounts = new Accounts(machine.cpus, vcpus + host.load.length, current);
    world = new HostedWorld(
      {
        machine: { ...machine, ...platform, masksPmi: masksPmi(scenario), board: boardOf(scenario, program) },
        strategy: host.on, generation,
        vms: host.vms, vcpus: host.vcpus, memory: memory * MIB, ...filterOf(host.filter),
        ...(before === undefined ? {} : { known: before.perfmon }),
        host: {
          perf: {
            handler: host.handler, ack: host.ack, hz: host.hz, limits: host.limits,
            events: vcpus * (machine.perfmon.generalCounters + machine.perfmon.fixedCounters) + machine.cpus * host.users.length,
          },
          sched: { slice: host.slice, migrateEvery: host.migrateEvery }, costs: MACHINES[host.cost].costs, tsc: platform.model.tsc,
          timerTicks: platform.model.tsc / platform.model.crystal, ticks: true, load: host.load, users: host.users,
        },
      },
      program,
      {
        ...outside, choice: this.seeded ?? FIRST, tracer: this.tally, ledger: this.accounts,
        transmit: this.console.transmit,
      },
    );
    this.world = world;
    this.users = new HostUserWatch(world, this.accounts);
  }

  serialize(s: Serializer): void {
    this.world.serialize(s);
    if (this.seeded !== undefined) s.part('choice', this.seeded);
  }

  step(): boolean {
    return this.world.step();
  }

  /** Runs until every virtual machine has ended, or to the limit of the scenario. */
  run(): Report {
    this.advance(this.scenario.limit as Cycles);
    return this.report();
  }

  /** Runs until every virtual machine has ended, or the clocks have reached `until`. True when all have ended. */
  advance(until: Cycles): boolean {
    const { world } = this;
    while (this.console.waiting && world.clock < until && !world.over) {
      this.console.give(world.vms[0]!.board.serial);
      world.run(Math.min(until, world.clock + TYPING) as Cycles);
    }
    world.run(until);
    return world.over;
  }

  /** Somebody types at the console of the first virtual machine. */
  type(bytes: Uint8Array): void {
    this.console.type(bytes);
  }

  /** Of the first virtual machine. */
  get board(): Board {
    return this.world.vms[0]!.board;
  }

  report(): Report {
    return {
      scenario: this.scenario.name, outcome: this.outcome, cpus: this.cpuReports,
      console: this.console.text, consoleBytes: this.console.bytes, hash: hash(this), host: this.hostReport,
    };
  }

  /** Of several virtual machines, how the first ended that did not end well; "limit" while they run. */
  get outcome(): Report['outcome'] {
    const { vms, vcpus, refused } = this.world;
    if (refused !== undefined) return { kind: 'refused', ...refused };
    const shutDown = vcpus.find(({ ended }) => ended);
    if (shutDown !== undefined) return { kind: 'triple fault', cpu: shutDown.id };
    const ends = vms.map(({ board }) => board.end);
    if (ends.includes(undefined)) return { kind: 'limit' };
    return ends.find((end) => end!.kind !== 'exit' || end!.code !== 0) ?? ends[0]!;
  }

  /** The virtual processors so far. */
  get cpuReports(): CpuReport[] {
    return this.world.vcpus.map((vcpu) => this.cpuReport(vcpu));
  }

  private cpuReport(vcpu: Vcpu): CpuReport {
    const { accounts, scenario: { program, host }, image, world } = this;
    const { guests } = this.tally;
    const { id } = vcpu;
    const vm = Math.floor(id / host.vcpus);
    const trapped = this.vcpuReport(vcpu, vm);
    const exits = (reason: 'MSR_READ' | 'MSR_WRITE' | 'RDPMC'): number => trapped.exits[reason] ?? 0;
    return {
      cycles: accounts.guest('core cycles', { task: id }), instructions: accounts.executed(id),
      pmis: vcpu.pmisDelivered, pmisLost: vcpu.pmisMasked, nmis: guests.count('nmi_entry', id),
      interrupts: guests.count('interrupt_entry', id),
      exceptions: Object.fromEntries([...guests.exceptions(id)].map(([vector, count]) => [vector.toString(), count])),
      rdmsr: guests.count('read_msr', id) + exits('MSR_READ'), wrmsr: guests.count('write_msr', id) + exits('MSR_WRITE'),
      rdpmc: guests.count('rdpmc', id) + exits('RDPMC'),
      ...(program.kind === 'built-in' ? { program: readReport(image, world.memoryOf(vm), id % host.vcpus) } : {}),
      vcpu: trapped,
    };
  }

  private vcpuReport(vcpu: Vcpu, vm: number): VcpuReport {
    return {
      vm, exits: exitCounts(vcpu), msrExits: msrExits(vcpu),
      hostCycles: this.accounts.total('core cycles', { task: vcpu.id, where: 'root' }),
    };
  }

  private get offers(): string {
    const { version } = this.world.vcpus[0]!.vpmu.caps;
    return version === 0 ? NO_OFFER : this.world.host.perf.vendor.versionName(version);
  }

  /** The host so far. */
  get hostReport(): HostReport {
    const { world, accounts, scenario: { host, machine }, tally: { all } } = this;
    const sum = (name: TracepointName): number => {
      let count = 0;
      for (let cpu = 0; cpu < machine.cpus; cpu += 1) count += all.count(name, cpu);
      return count;
    };
    const load = host.load.reduce((cycles, _, i) => cycles + accounts.total('core cycles', { task: world.vcpus.length + i }), 0);
    return {
      strategy: host.on, generation: world.vcpus[0]!.generation.name, cost: host.cost, offers: this.offers,
      cycles: Math.max(...world.machine.cpus.map(({ clock }) => clock)),
      hostCycles: accounts.total('core cycles', { where: 'root' }) - load, loadCycles: load,
      created: sum('vpmu_create'), released: sum('vpmu_release'), reused: sum('vpmu_reuse'), nmis: sum('host_nmi_entry'),
      unknownNmis: world.host.unknownNmis, faults: world.host.cpus.reduce((faults, { root }) => faults + root.faults, 0),
      maxSampleRate: world.host.perf.limiter.maxSampleRate, users: this.users.reports(),
    };
  }
}

/** The filter of a scenario, as the ioctl wants it. */
const filterOf = (filter: HostPart['filter']): Pick<HostedOptions, 'filter'> =>
  (filter === undefined ? {} : { filter: { ...filter, events: filter.events.map((entry) => encodeEntry(entry, filter.masked)) } });

/** By register's name, the most frequent first. */
function msrExits(vcpu: Vcpu): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of vcpu.msrExits) {
    const [direction, msr] = key.replace('=0', '').split(' ');
    const name = `${direction} ${msrName(Number(msr))}`;
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
