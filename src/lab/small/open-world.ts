/**
 * A small world whose every step is an open question: which operation the guest does next, or what the host does to it. A verifier
 * answers with each in turn. The host code is that of src/host, the guest has an oracle at its side.
 */
import { assert } from '../../base/assert.ts';
import type { Choice } from '../../base/choice.ts';
import type { Serializer } from '../../base/state.ts';
import type { System } from '../../base/system.ts';
import type { Cycles } from '../../base/units.ts';
import type { Host } from '../../host/host.ts';
import type { Vcpu } from '../../host/kvm/kvm.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import { NO_TRACE, type Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { GuestAlternatives, type GuestOptions, type Told } from './alternatives.ts';
import { type Finding, OpenGuest } from './open-guest.ts';
import { Oracle } from './oracle.ts';
import type { SmallProcessor } from './processor.ts';
import { wire } from './wiring.ts';

/** What the host may do, besides running the guest. */
export const HOST_MOVES = ['preempt', 'migrate', 'switch', 'user', 'read', 'tick', 'filter'] as const;
export type HostMove = (typeof HOST_MOVES)[number];

export interface OpenWorldOptions extends GuestOptions {
  readonly strategy: StrategyName;
  /** Counters that the guest never touches: what the host's events take. */
  readonly spare: number;
  readonly cpus: number;
  readonly vcpus: number;
  readonly moves: readonly HostMove[];
  readonly user?: HostUserOptions;
  /** NO_LIMIT: nothing is throttled. */
  readonly maxSamplesPerTick: number;
  /** Instructions between an overflow and its PMI. */
  readonly skid: number;
  /** Linux arms at least 2; 1 leaves that hole out of sight. */
  readonly leastPeriod: number;
  /** VM exit can save IA32_PERF_GLOBAL_CTRL by itself. */
  readonly savesGlobalCtrl: boolean;
}

/** What a world's tracepoints tell. */
export type WorldTracer = Tracer;

/** What moves are called. That of a user says what it does. */
const MOVE_NAMES: Readonly<Record<Exclude<HostMove, 'user'>, string>> = {
  preempt: 'another task runs', migrate: 'the virtual processor moves to the other CPU', switch: 'another virtual processor runs',
  read: 'somebody reads the host\'s events', tick: 'the host\'s tick', filter: 'an event filter is set again',
};

/** No event is ever throttled. */
export const NO_LIMIT = 0xffff;
/** A step ends after far fewer steps of the host, or it never does. */
const MOST = 100;
const PIECE = 10_000;

export class OpenWorld implements System {
  readonly processors: readonly SmallProcessor[];
  readonly host: Host;
  readonly guests: readonly OpenGuest[];
  readonly vcpus: readonly Vcpu[];
  private readonly options: OpenWorldOptions;
  private readonly choice: Choice;
  private readonly alternatives: GuestAlternatives;
  /** The virtual processor whose turn it is on its CPU. */
  private current = 0;
  private userOn = false;
  /** In this step another task has run. No part of the state. */
  private othersRan = false;
  /** What the last step has shown. */
  readonly findings = new Set<Finding>();
  /** What the last step was. */
  last = '';

  constructor(options: OpenWorldOptions, choice: Choice, tracer: Tracer = NO_TRACE) {
    this.options = options;
    this.choice = choice;
    this.alternatives = new GuestAlternatives(options);
    const perfmon: PerfmonCaps = {
      version: 4, generalCounters: options.counters + options.spare, generalWidth: options.width,
      fixedCounters: 0, fixedWidth: options.width,
      fullWidthWrites: true, unavailableEvents: 0, anyThreadDeprecated: true, tsx: false,
    };
    const guests: OpenGuest[] = [];
    const { processors, host, vcpus } = wire({
      ...options, perfmon, users: options.user === undefined ? [] : [options.user],
      events: options.vcpus * (options.counters + options.spare) + 2 * options.cpus, handler: 'classic', cost: 0,
    }, (_id, vpmu) => {
      const guest = new OpenGuest(Oracle.beside(vpmu), options.skid, (finding) => this.findings.add(finding));
      guests.push(guest);
      return guest;
    }, choice, tracer);
    this.processors = processors;
    this.host = host;
    this.vcpus = vcpus;
    this.guests = guests;
    for (const user of this.host.users) for (const cpu of this.host.cpus) user.stop(cpu);
    for (const { vpmu } of this.vcpus) assert(vpmu.strategy.open() === undefined, 'nothing stands against a virtual machine');
    this.settle();
    this.findings.clear();
  }

  serialize(s: Serializer): void {
    s.parts('processor', this.processors);
    s.part('host', this.host);
    this.current = s.u8('current', this.current);
    this.userOn = s.flag('userOn', this.userOn);
    if (!s.loading) return;
    const { sched, cpus } = this.host;
    for (const [id, processor] of this.processors.entries()) processor.adopt(this.guests[sched.current(cpus[id]!)]);
  }

  private loadTask(cpu: number): number {
    return this.vcpus.length + cpu;
  }

  // A step.

  /** One alternative out of all that there are. False: something was found, and what comes after it means nothing. */
  step(): boolean {
    this.findings.clear();
    this.act();
    this.review();
    return this.findings.size === 0;
  }

  /** `findings` are those of the part that was run last. */
  get parts(): readonly (() => boolean)[] {
    return [() => this.act(), () => this.review()].map((part) => (): boolean => {
      this.findings.clear();
      part();
      return this.findings.size === 0;
    });
  }

  private review(): void {
    this.checkHost();
    this.normalise();
  }

  private act(): void {
    this.othersRan = false;
    const { moves } = this.options;
    const told = this.alternatives.of(this.guests[this.current]!);
    const chosen = this.choice.pick(told.length + moves.length, 'what happens next');
    const before = this.userCount();
    const branches = this.branches;
    const userOn = this.userOn;
    if (chosen < told.length) this.doOperation(told[chosen]!);
    else this.doMove(moves[chosen - told.length]!);
    this.settle();
    const wanted = this.options.user?.excludeGuest ? 0 : this.branches - branches;
    this.checkUser(userOn && this.userOn ? this.userCount() - before : undefined, wanted);
  }

  private doMove(move: HostMove): void {
    this.last = move !== 'user' ? MOVE_NAMES[move] : this.userOn ? 'the host\'s event ends' : 'the host\'s event begins';
    switch (move) {
      case 'preempt': return this.preempt();
      case 'migrate': return this.migrate();
      case 'switch': return this.switchVcpu();
      case 'user': return this.userOn ? this.stopUser() : this.startUser();
      case 'read': return this.readAll();
      case 'tick': return this.tick();
      case 'filter': return this.setFilter();
    }
  }

  private get cpu() {
    return this.host.cpus[this.host.sched.placeOf(this.current)]!;
  }

  private stepHost(): void {
    const { id } = this.cpu;
    this.host.step(id, (this.processors[id]!.clock + PIECE) as Cycles);
  }

  private doOperation({ name, operation, then }: Told): void {
    const guest = this.guests[this.current]!;
    this.last = name;
    guest.tell(operation);
    for (let i = 0; i < MOST && !guest.waiting; i += 1) this.stepHost();
    if (!guest.waiting) this.findings.add('stuck');
    guest.place = then;
  }

  /** Until the guest is in non-root mode with nothing pending that would interrupt it. */
  private settle(): void {
    const vcpu = this.vcpus[this.current]!;
    for (let i = 0; i < MOST; i += 1) {
      const { lapic } = this.processors[this.cpu.id]!;
      if (vcpu.isInGuest && !lapic.nmiPending && lapic.pending() === -1) return;
      this.stepHost();
    }
    this.findings.add('stuck');
  }

  private leaveGuest(): void {
    const vcpu = this.vcpus[this.current]!;
    for (let i = 0; i < MOST && vcpu.isInGuest; i += 1) {
      this.host.kick(vcpu);
      this.stepHost();
    }
  }

  // The host's moves.

  private preempt(): void {
    const { sched } = this.host;
    this.leaveGuest();
    const { id } = this.cpu;
    sched.block(this.current);
    sched.wake(this.loadTask(id));
    this.host.step(id, (this.processors[id]!.clock + 1) as Cycles);
    sched.block(this.loadTask(id));
    sched.wake(this.current);
    this.othersRan = true;
  }

  private migrate(): void {
    const { sched } = this.host;
    this.leaveGuest();
    const from = this.cpu.id;
    sched.migrate(this.current, (from + 1) % this.options.cpus);
    this.host.step(from, (this.processors[from]!.clock + 1) as Cycles);
  }

  private switchVcpu(): void {
    const { sched } = this.host;
    this.leaveGuest();
    const { id } = this.cpu;
    sched.block(this.current);
    this.current = (this.current + 1) % this.vcpus.length;
    sched.migrate(this.current, id);
    sched.wake(this.current);
  }

  private startUser(): void {
    this.leaveGuest();
    const [user] = this.host.users;
    this.userOn = true;
    for (const cpu of this.host.cpus) this.userOn = user!.start(cpu) && this.userOn;
    if (!this.userOn) this.findings.add('host cannot count');
  }

  private stopUser(): void {
    this.leaveGuest();
    for (const cpu of this.host.cpus) this.host.users[0]!.stop(cpu);
    this.userOn = false;
  }

  /** Every read folds the counter of the event. */
  private readAll(): void {
    this.leaveGuest();
    for (const event of this.host.perf.pool) if (event.state === 'active') this.host.perf.read(this.cpu, event);
  }

  private tick(): void {
    this.leaveGuest();
    this.host.perf.tick(this.cpu);
  }

  /** By another thread, while the guest runs. */
  private setFilter(): void {
    this.vcpus[this.current]!.vpmu.setFilter(undefined);
  }

  // What the host must keep right.

  private get branches(): number {
    let sum = 0;
    for (const processor of this.processors) sum += processor.branches;
    return sum;
  }

  /** What the user's event has counted, with what is still in the counter. */
  private userCount(): number {
    let sum = 0;
    const [user] = this.host.users;
    if (user === undefined) return 0;
    for (const cpu of this.host.cpus) {
      const event = user.eventOn(cpu);
      if (event !== undefined) sum += event.count + this.host.perf.hardwareOf(cpu).uncounted(event);
    }
    return sum;
  }

  /** `counted`: what the user's event has counted in this step; `branches`: how many it should have, if it counts branches. */
  private checkUser(counted: number | undefined, branches: number): void {
    const { findings, host } = this;
    const [user] = host.users;
    if (user !== undefined && this.userOn) {
      const event = user.eventOn(this.cpu);
      if (event !== undefined && event.state === 'error') findings.add('host cannot count');
      // How many instructions of its own the host counts is not known; but those of a task are among them.
      else if (user.options.event === 'instructions retired') {
        if (counted === 0 && this.othersRan) findings.add('host cannot count');
      } else if (counted !== undefined && counted !== branches) findings.add('host miscounts');
    }
  }

  private checkHost(): void {
    const { findings, host } = this;
    for (const { root } of host.cpus) if (root.faults > 0) findings.add('host fault');
    if (host.unknownNmis > 0) findings.add('unknown NMI');
    // What is set from outside while the guest runs is looked at when the kick has come.
    if (!this.options.moves.includes('filter') && this.vcpus[this.current]!.hasRequests) findings.add('request left');
    for (const cpu of host.cpus) if (!host.perf.hardwareOf(cpu).agrees()) findings.add('host books wrong');
  }

  /** Counts that only grow are taken back to where they began: nothing depends on how often they have gone round. */
  private normalise(): void {
    const modulus = 2 ** this.options.width;
    const { maxSamplesPerTick } = this.options;
    for (const event of this.host.perf.pool) {
      if (event.state === 'free') continue;
      event.count %= modulus;
      // Without a limit nobody looks at how many samples there were in a tick.
      if (maxSamplesPerTick === NO_LIMIT) event.interrupts = 0;
    }
  }
}
