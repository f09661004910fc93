/**
 * A small world: guests that are lists of operations, on small processors, with the whole host between them, or without. The host
 * is the one of src/host, not a model of it.
 */
import { assert } from '../../base/assert.ts';
import { FIRST } from '../../base/choice.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import { uniformCosts } from '../../host/cost.ts';
import { GENERATIONS } from '../../host/generation.ts';
import { Host } from '../../host/host.ts';
import { Vcpu } from '../../host/kvm/kvm.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGIES, type StrategyName } from '../../host/vpmu/strategies.ts';
import { Vpmu } from '../../host/vpmu/vpmu.ts';
import { Lapic } from '../../hw/lapic/lapic.ts';
import { Devices } from '../../hw/memory/memory.ts';
import { NO_TRACE, type Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import type { HostAction } from './action.ts';
import { type GuestProgram, SmallGuest } from './operation.ts';
import { SmallProcessor } from './processor.ts';

export interface SmallWorldOptions {
  readonly perfmon: PerfmonCaps;
  /** Instructions between an overflow and its PMI. */
  readonly skid: number;
  readonly cpus: number;
  readonly guests: readonly GuestProgram[];
  readonly strategy: StrategyName;
  readonly generation: '4.19' | '7.1';
  readonly users: readonly HostUserOptions[];
  /** Users that have begun before the guest does. */
  readonly startUsers: boolean;
  readonly maxSamplesPerTick: number;
  readonly handler: 'classic' | 'freeze';
}

/** No script needs nearly as many. */
const MOST_STEPS = 100_000;
const PIECE = 10_000;
export const NO_CPUID = (): { eax: number; ebx: number; ecx: number; edx: number } => ({ eax: 0, ebx: 0, ecx: 0, edx: 0 });

/** The guest's local APIC as its kernel has set it up: x2APIC mode, enabled, PMIs as NMIs or as it says itself. */
export function prepareLapic(lapic: Lapic): void {
  assert(lapic.setApicBase(0xfee0_0c00 | (lapic.apicBase & 0x100)), 'x2APIC mode');
  lapic.writeMsr(0x80f, 0x1ff, 0);
  lapic.writeMsr(0x834, 0x400, 0);
}

/** The guest alone: the oracle. */
export function runBare(program: GuestProgram, { perfmon, skid }: SmallWorldOptions, tracer: Tracer = NO_TRACE): SmallGuest {
  const processor = new SmallProcessor(0, { caps: perfmon, skid, masksPmi: true }, tracer);
  const guest = new SmallGuest(program);
  processor.adopt(guest);
  prepareLapic(processor.lapic);
  processor.runBare((processor.clock + PIECE * 10) as Cycles);
  return guest;
}

export class SmallWorld implements Stateful {
  readonly processors: readonly SmallProcessor[];
  readonly guests: readonly SmallGuest[];
  readonly vcpus: readonly Vcpu[];
  readonly host: Host;
  /** Why the virtual machine was not made, or undefined. */
  readonly refused: string | undefined;
  /** Users of the host's PMU whose event was refused. */
  readonly usersRefused: Set<number> = new Set();
  /** By user and CPU: branches that there were when it began, counting stopped. */
  private readonly since: Map<string, number> = new Map();

  constructor(options: SmallWorldOptions, tracer: Tracer = NO_TRACE) {
    const { perfmon, skid, cpus, guests, strategy, users } = options;
    const generation = GENERATIONS.find(({ name }) => name === options.generation)!;
    this.processors = Array.from({ length: cpus }, (_, id) => new SmallProcessor(id, { caps: perfmon, skid, masksPmi: true }, tracer));
    this.host = new Host(this.processors, {
      perf: { handler: options.handler, ack: 'late', hz: 250, events: 16, limits: false },
      sched: { slice: 1, migrateEvery: 0 }, costs: uniformCosts(1), tsc: 1e9, timerTicks: 1, ticks: false,
      load: this.processors.map(({ id }) => id), users,
    }, tracer);
    this.host.perf.limiter.maxSamplesPerTick = options.maxSamplesPerTick;
    this.guests = guests.map((program) => new SmallGuest(program));
    this.vcpus = this.guests.map((guest, id): Vcpu => {
      const lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: generation.masksLvtpc, timerTicks: 1 }, {
        now: () => this.vcpus[id]!.cpu.root.now, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
      });
      const vcpu = new Vcpu({
        id, task: id, lapic, generation, cpus: this.host.cpus, context: guest,
        virtual: { lapic, cpuid: NO_CPUID, bus: new Devices().busOf(0), memory: { start: 0, size: 0 } },
      });
      vcpu.attach(new Vpmu(perfmon, STRATEGIES[strategy].make, this.host.perf, {
        id, task: id, lapic, cpu: () => vcpu.cpu, cpl: () => 0, request: (what) => vcpu.request(what),
        interruptedGuest: () => vcpu.interruptedGuest, later: () => vcpu.request('irqWork'),
      }, generation));
      prepareLapic(lapic);
      return vcpu;
    });
    this.host.attach(this.vcpus, () => 0, FIRST);
    for (const { id } of this.processors) this.host.sched.block(this.loadTask(id));
    for (const { task } of this.vcpus.slice(1)) this.host.sched.block(task);
    this.host.boot();
    if (!options.startUsers) for (const user of this.host.users) for (const cpu of this.host.cpus) user.stop(cpu);
    else for (const [i] of this.host.users.entries()) for (const { id } of this.host.cpus) this.since.set(`${i} ${id}`, 0);
    this.refused = this.vcpus.map(({ vpmu }) => vpmu.strategy.open()).find((refusal) => refusal !== undefined);
  }

  serialize(s: Serializer): void {
    s.parts('processor', this.processors);
    s.part('host', this.host);
    if (!s.loading) return;
    for (const [id, processor] of this.processors.entries()) processor.adopt(this.guests[this.host.sched.current(this.host.cpus[id]!)]);
  }

  private loadTask(cpu: number): number {
    return this.vcpus.length + cpu;
  }

  /** Runs the first guest to its end, doing what its lists say that the host does. False: it did not come to its end. */
  run(): boolean {
    if (this.refused !== undefined) return false;
    const [guest] = this.guests;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      this.stepOn(0);
      if (guest!.ended) return true;
      const { next } = guest!;
      if (next.op !== 'host' || !this.vcpus[0]!.isInGuest) continue;
      if (next.action.kind !== 'filter from outside') this.leaveGuest(0);
      guest!.skip();
      this.act(next.action);
    }
    return false;
  }

  /** A step of the CPU where the virtual processor is. */
  private stepOn(vcpu: number, cycles = PIECE): void {
    const cpu = this.host.sched.placeOf(vcpu);
    this.host.step(cpu, (this.processors[cpu]!.clock + cycles) as Cycles);
  }

  private leaveGuest(vcpu: number): void {
    while (this.vcpus[vcpu]!.isInGuest) {
      this.host.kick(this.vcpus[vcpu]!);
      this.stepOn(vcpu);
    }
  }

  // What the host does.

  private act(action: HostAction): void {
    const { sched, perf } = this.host;
    const place = sched.placeOf(0);
    const cpu = this.host.cpus[place]!;
    switch (action.kind) {
      case 'kick': break;
      case 'tick': perf.tick(cpu); break;
      case 'preempt': this.runTask(this.loadTask(place), action.cycles); break;
      case 'migrate': this.migrate(action.to); break;
      case 'run other': this.runOther(action.vcpu, action.branches); break;
      case 'start': this.start(action.user, place); break;
      case 'stop': this.host.users[action.user]!.stop(cpu); break;
      case 'read': {
        const event = this.host.users[action.user]!.eventOn(cpu);
        if (event !== undefined) perf.read(cpu, event);
        break;
      }
      case 'filter': case 'filter from outside': for (const { vpmu } of this.vcpus) vpmu.setFilter(action.filter);
    }
  }

  private start(user: number, place: number): void {
    if (!this.host.users[user]!.start(this.host.cpus[place]!)) this.usersRefused.add(user);
    this.since.set(`${user} ${place}`, this.processors[place]!.branches);
  }

  /** Lets another task have the first guest's CPU for a while. */
  private runTask(task: number, cycles: number): void {
    const { sched } = this.host;
    const place = sched.placeOf(0);
    sched.block(0);
    sched.wake(task);
    this.host.step(place, (this.processors[place]!.clock + cycles) as Cycles);
    sched.block(task);
    sched.wake(0);
  }

  private migrate(to: number): void {
    const { sched } = this.host;
    const from = sched.placeOf(0);
    sched.migrate(0, to);
    // The CPU that it leaves goes to its idle task.
    this.host.step(from, (this.processors[from]!.clock + 1) as Cycles);
  }

  private runOther(vcpu: number, branches: number): void {
    const { sched } = this.host;
    const place = sched.placeOf(0);
    const guest = this.guests[vcpu]!;
    const end = guest.retired + branches;
    sched.block(0);
    sched.migrate(vcpu, place);
    sched.wake(vcpu);
    for (let steps = 0; steps < MOST_STEPS && guest.retired < end && !guest.ended; steps += 1) this.stepOn(vcpu, branches + 1);
    this.leaveGuest(vcpu);
    sched.block(vcpu);
    sched.wake(0);
  }

  // What came of it.

  /** By user: what its events have counted, and what they should have, if they count guests and branches. */
  userCounts(): { readonly counted: number; readonly truth: number; readonly error: boolean }[] {
    return this.host.users.map((user, i) => {
      let counted = 0, truth = 0, error = false;
      for (const cpu of this.host.cpus) {
        const event = user.eventOn(cpu);
        const from = this.since.get(`${i} ${cpu.id}`);
        if (event === undefined || from === undefined) continue;
        counted += this.host.perf.read(cpu, event).value;
        truth += user.options.excludeGuest ? 0 : this.processors[cpu.id]!.branches - from;
        error ||= event.state === 'error';
      }
      return { counted, truth, error };
    });
  }

  get hostFaults(): number {
    return this.host.cpus.reduce((sum, { root }) => sum + root.faults, 0);
  }
}
