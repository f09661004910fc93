/**
 * A small world: guests that are lists of operations, on small processors, with the whole host between them, or without. The host
 * is the one of src/host, not a model of it.
 */
import { FIRST } from '../../base/choice.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { Host } from '../../host/host.ts';
import type { Vcpu } from '../../host/kvm/kvm.ts';
import { LEAST_PERIOD } from '../../host/perf/hardware.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import type { Refused } from '../../host/vpmu/vpmu.ts';
import { NO_TRACE, type Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import type { HostAction } from './action.ts';
import { type GuestProgram, SmallGuest } from './operation.ts';
import { SmallProcessor } from './processor.ts';
import { prepareLapic, wire } from './wiring.ts';

export interface SmallWorldOptions {
  readonly perfmon: PerfmonCaps;
  /** Instructions between an overflow and its PMI. */
  readonly skid: number;
  readonly cpus: number;
  readonly guests: readonly GuestProgram[];
  readonly strategy: StrategyName;
  readonly users: readonly HostUserOptions[];
  /** Users that have begun before the guest does. */
  readonly startUsers: boolean;
  readonly maxSamplesPerTick: number;
  readonly handler: 'classic' | 'freeze';
}

/** No script needs nearly as many. */
const MOST_STEPS = 100_000;
const PIECE = 10_000;
/** Places for events of the host. */
const EVENTS = 16;

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
  readonly refused: Refused | undefined;
  /** Users of the host's PMU whose event was refused. */
  readonly usersRefused: Set<number> = new Set();
  /** By user and CPU: branches that there were when it began, counting stopped. */
  private readonly since: Map<string, number> = new Map();

  constructor(options: SmallWorldOptions, tracer: Tracer = NO_TRACE) {
    this.guests = options.guests.map((program) => new SmallGuest(program));
    const wiring = {
      ...options, vendor: 'Intel' as const, vcpus: options.guests.length, events: EVENTS, leastPeriod: LEAST_PERIOD, savesGlobalCtrl: true,
      nmiWindow: 0, cost: 1,
    };
    const { processors, host, vcpus } = wire(wiring, (id) => this.guests[id]!, FIRST, tracer);
    this.processors = processors;
    this.host = host;
    this.vcpus = vcpus;
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
      case 'filter': this.host.setPmuEventFilter(this.vcpus, action.filter); break;
      // The kick is on its way: the guest exits for another reason first.
      case 'filter from outside': for (const { vpmu } of this.vcpus) vpmu.setFilter(action.filter);
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
