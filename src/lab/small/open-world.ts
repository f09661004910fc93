/**
 * A small world whose every step is an open question: which operation the guest does next, or what the host does to it. A verifier
 * answers with each in turn. The host code is that of src/host, the guest has an oracle at its side.
 */
import { assert } from '../../base/assert.ts';
import type { Choice } from '../../base/choice.ts';
import type { Serializer } from '../../base/state.ts';
import type { System } from '../../base/system.ts';
import type { Cycles } from '../../base/units.ts';
import type { GenerationName } from '../../host/generation.ts';
import type { Host } from '../../host/host.ts';
import type { Vcpu } from '../../host/kvm/kvm.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import type { EventFilter } from '../../host/vpmu/filter.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import { NO_TRACE, type Tracer } from '../../trace/trace.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { GuestAlternatives } from './alternatives.ts';
import type { Told } from './guest-code.ts';
import type { GuestOptions } from './guest-options.ts';
import { HostWatch } from './host-watch.ts';
import { type Finding, OpenGuest } from './open-guest.ts';
import { Oracle } from './oracle.ts';
import type { SmallProcessor } from './processor.ts';
import { wire } from './wiring.ts';

/** What the host may do, besides running the guest. */
export const HOST_MOVES = ['preempt', 'migrate', 'switch', 'users', 'read', 'tick', 'filter', 'deny'] as const;
export type HostMove = (typeof HOST_MOVES)[number];

export interface OpenWorldOptions extends GuestOptions {
  readonly strategy: StrategyName;
  /** Which kernel the host runs: that of the strategy's time, or another. */
  readonly generation: GenerationName;
  /** Which handler of PMIs it has. */
  readonly handler: 'classic' | 'freeze';
  /** Of the processor's PMU: of the architecture on Intel's; on AMD's 2 is PerfMonV2, and 1 what was before. */
  readonly version: number;
  /** Counters that the guest never touches: what the host's events take. */
  readonly spare: number;
  readonly cpus: number;
  readonly vcpus: number;
  readonly moves: readonly HostMove[];
  /** Who else uses the host's PMU: all of them begin and end together. */
  readonly users: readonly HostUserOptions[];
  /** NO_LIMIT: nothing is throttled. */
  readonly maxSamplesPerTick: number;
  /** Instructions between an overflow and its PMI: up to so many, of which each is looked at. */
  readonly skid: number;
  /** Linux arms at least 2; 1 leaves that hole out of sight. */
  readonly leastPeriod: number;
  /** VM exit can save IA32_PERF_GLOBAL_CTRL by itself. */
  readonly savesGlobalCtrl: boolean;
}

/** What a world's tracepoints tell. */
export type WorldTracer = Tracer;

/** What moves are called. Those of which there are two kinds say which it is. */
const MOVE_NAMES: Readonly<Record<Exclude<HostMove, 'users' | 'deny'>, string>> = {
  preempt: 'another task runs', migrate: 'the virtual processor moves to the other CPU', switch: 'another virtual processor runs',
  read: 'somebody reads the host\'s events', tick: 'the host\'s tick', filter: 'an event filter is set again',
};

const NOTHING_ALLOWED: EventFilter = { action: 'allow', events: [], masked: false, fixedCounterBitmap: 0 };
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
  private readonly watch: HostWatch;
  /** The virtual processor whose turn it is on its CPU. */
  private current = 0;
  private usersOn = false;
  /** The event filter in force denies what guests count. */
  private denied = false;
  /** In this step another task has run. No part of the state. */
  private othersRan = false;
  /** What the last step has shown. */
  readonly findings = new Set<Finding>();
  /** What the last step was. */
  last = '';

  constructor(options: OpenWorldOptions, choice: Choice, tracer: Tracer = NO_TRACE) {
    this.options = options;
    this.choice = choice;
    const { skid, users } = options;
    const perfmon: PerfmonCaps = {
      version: options.version, generalCounters: options.counters + options.spare, generalWidth: options.width,
      fixedCounters: options.fixed ? 1 : 0, fixedWidth: options.width,
      fullWidthWrites: true, unavailableEvents: 0, anyThreadDeprecated: true, tsx: false,
    };
    const guests: OpenGuest[] = [];
    const { processors, host, vcpus } = wire({
      ...options, perfmon, ...(skid === 0 ? {} : { late: () => choice.pick(skid + 1, 'how late the PMI comes') }),
      events: options.vcpus * (options.counters + options.spare + perfmon.fixedCounters) + (1 + users.length) * options.cpus,
      // Each NMI must find its overflow: nothing comes late that is not asked for.
      nmiWindow: 0, cost: 0,
    }, (_id, vpmu) => {
      const guest = new OpenGuest(Oracle.beside(vpmu, options.vendor), skid, (finding) => this.findings.add(finding));
      guests.push(guest);
      return guest;
    }, choice, tracer);
    this.processors = processors;
    this.host = host;
    this.vcpus = vcpus;
    this.guests = guests;
    this.alternatives = new GuestAlternatives(options, vcpus[0]!.vpmu.caps.version >= 2);
    this.watch = new HostWatch(host, processors, options.spare, (finding) => this.findings.add(finding));
    for (const user of this.host.users) for (const cpu of this.host.cpus) user.stop(cpu);
    for (const { vpmu } of this.vcpus) assert(vpmu.strategy.open() === undefined, 'nothing stands against a virtual machine');
    this.settle();
    this.findings.clear();
  }

  serialize(s: Serializer): void {
    s.parts('processor', this.processors);
    s.part('host', this.host);
    this.current = s.u8('current', this.current);
    this.usersOn = s.flag('usersOn', this.usersOn);
    this.denied = s.flag('denied', this.denied);
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
    return this.finds(() => {
      this.act();
      this.normalise();
      this.checkHost();
    });
  }

  /** `findings` are those of the part that was run last, or of the review. */
  get parts(): readonly (() => boolean)[] {
    return [() => this.act(), () => this.normalise()].map((part) => () => this.finds(part));
  }

  review(): boolean {
    return this.finds(() => this.checkHost());
  }

  private finds(part: () => void): boolean {
    this.findings.clear();
    part();
    return this.findings.size === 0;
  }

  private act(): void {
    this.othersRan = false;
    const { moves } = this.options;
    const told = this.alternatives.of(this.guests[this.current]!);
    const chosen = this.choice.pick(told.length + moves.length, 'what happens next');
    this.watch.before();
    const move = moves[chosen - told.length];
    if (move === undefined) this.doOperation(told[chosen]!);
    else this.doMove(move);
    this.settle();
    this.watch.after(this.othersRan, move === 'tick');
  }

  private doMove(move: HostMove): void {
    this.last = this.nameOf(move);
    switch (move) {
      case 'preempt': return this.preempt();
      case 'migrate': return this.migrate();
      case 'switch': return this.switchVcpu();
      case 'users': return this.usersOn ? this.stopUsers() : this.startUsers();
      case 'read': return this.readAll();
      case 'tick': return this.tick();
      case 'filter': return this.setFilter();
      case 'deny': return this.deny();
    }
  }

  private nameOf(move: HostMove): string {
    if (move === 'deny') return this.denied ? 'an event filter allows everything' : 'an event filter denies what the guest counts';
    if (move !== 'users') return MOVE_NAMES[move];
    const whose = this.host.users.length === 1 ? 'the host\'s event' : 'the host\'s events';
    return `${whose} ${this.usersOn ? 'end' : 'begin'}${this.host.users.length === 1 ? 's' : ''}`;
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

  private startUsers(): void {
    this.leaveGuest();
    this.usersOn = true;
    for (const user of this.host.users) for (const cpu of this.host.cpus) this.usersOn = user.start(cpu) && this.usersOn;
    if (!this.usersOn) this.findings.add('host cannot count');
  }

  private stopUsers(): void {
    this.leaveGuest();
    for (const user of this.host.users) for (const cpu of this.host.cpus) user.stop(cpu);
    this.usersOn = false;
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

  /** KVM_SET_PMU_EVENT_FILTER, with another filter than the one before; the kick that goes with it has come when it is done. */
  private deny(): void {
    this.denied = !this.denied;
    this.host.setPmuEventFilter(this.vcpus, this.denied ? NOTHING_ALLOWED : undefined);
    for (const { oracle } of this.guests) oracle.denied = this.denied;
  }

  // What the host must keep right.

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
    // What the host's own events have counted, nobody looks at again.
    for (const user of this.host.users) {
      for (const cpu of this.host.cpus) {
        const event = user.eventOn(cpu);
        if (event !== undefined) event.count = 0;
      }
    }
  }
}
