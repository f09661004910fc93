/**
 * The host's perf core: events, the counters that they get, and what happens at an overflow. Its words are Linux'.
 *
 *     create, enable, pause, setPeriod, release  -->  EventSchedule  -->  CounterHardware  -->  RootMode
 *     NMI  -->  PmiHandler  -->  CounterHardware  -->  overflow of the event's owner
 *
 * Code that works on a CPU is told which: there are no per-CPU variables in TypeScript. An event is changed on the CPU on which
 * it is active, as in the kernel, where a function call is sent there.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { CounterSet } from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import type { HostCpu } from '../processor.ts';
import { ANY, PerfEvent, type PerfEventAttr } from './event.ts';
import { adjustPeriod, afterOverflow, NS_PER_S } from './frequency.ts';
import { CounterHardware, type PeriodQuirk } from './hardware.ts';
import { type InterruptOptions, LVTPC_NMI, PmiHandler } from './interrupt.ts';
import { SampleRateLimiter } from './limiter.ts';
import { EventSchedule } from './schedule.ts';
import { AMD, INTEL, type PmuVendor } from './vendor.ts';

export { ANY, COUNT_ALL, NO_COUNTER, type PerfEvent, type PerfEventAttr, type PerfEventState } from './event.ts';
export { type InterruptOptions, LVTPC_NMI } from './interrupt.ts';
export { SampleRateLimiter } from './limiter.ts';
export type { PmuVendor } from './vendor.ts';

/** Told of an event's overflow, in the NMI. */
interface EventOwner {
  overflow(event: PerfEvent, cpu: HostCpu): void;
}

export interface PerfOptions extends InterruptOptions {
  /** Ticks a second. */
  readonly hz: number;
  /** How many events there can be at once. */
  readonly events: number;
  /** The mean time of NMI handlers limits the sampling rate. */
  readonly limits: boolean;
  /** What this model of processor needs. */
  readonly quirk?: PeriodQuirk;
  /** How many events are armed at least; Linux' number unless it is said. */
  readonly leastPeriod?: number;
}

/** Why an event was not made. */
export type Refusal = 'EOPNOTSUPP' | 'ENOSPC' | 'EBUSY';

/** `hwc->interrupts` of a throttled event. */
const THROTTLED = 0xffff;

interface PerCpu {
  readonly cpu: HostCpu;
  readonly hardware: CounterHardware;
  readonly schedule: EventSchedule;
  readonly handler: PmiHandler;
}

export class PerfCore implements Stateful {
  readonly pool: readonly PerfEvent[];
  /** Whose PMU it is. */
  readonly vendor: PmuVendor;
  readonly limiter: SampleRateLimiter;
  private readonly perCpu: readonly PerCpu[];
  private readonly hardwares: readonly CounterHardware[];
  private readonly schedules: readonly EventSchedule[];
  private readonly handlers: readonly PmiHandler[];
  private readonly options: PerfOptions;
  private readonly owners: EventOwner[] = [];
  private readonly guestOverflow: ((cpu: HostCpu, bits: CounterSet) => void)[] = [];
  /** Virtual machines whose guests own the PMU while they run. */
  private mediatedVms = 0;
  /** Events that were ever made and released, and times that the limiter struck. */
  created = 0;
  released = 0;
  lowered = 0;

  constructor(cpus: readonly HostCpu[], options: PerfOptions) {
    this.options = options;
    this.pool = Array.from({ length: options.events }, (_, id) => new PerfEvent(id));
    this.limiter = new SampleRateLimiter(options.hz, cpus.length);
    this.vendor = [AMD, INTEL].find(({ msr }) => cpus[0]!.root.core.pmu.owns(msr.globalCtrl))!;
    this.perCpu = cpus.map((cpu): PerCpu => {
      const hardware = new CounterHardware(cpu, this.pool, this.vendor, options.quirk, options.leastPeriod);
      return {
        cpu, hardware, schedule: new EventSchedule(cpu, this.pool, hardware),
        handler: new PmiHandler(cpu, hardware, options, (event) => this.overflow(event, cpu), (bits) => {
          for (const tell of this.guestOverflow) tell(cpu, bits);
        }),
      };
    });
    this.hardwares = this.perCpu.map(({ hardware }) => hardware);
    this.schedules = this.perCpu.map(({ schedule }) => schedule);
    this.handlers = this.perCpu.map(({ handler }) => handler);
  }

  serialize(s: Serializer): void {
    s.parts('event', this.pool);
    s.part('limiter', this.limiter);
    s.parts('hardware', this.hardwares);
    s.parts('schedule', this.schedules);
    s.parts('handler', this.handlers);
    this.mediatedVms = s.u8('mediatedVms', this.mediatedVms);
    this.created = s.statistic('created', this.created);
    this.released = s.statistic('released', this.released);
    this.lowered = s.statistic('lowered', this.lowered);
  }

  /** Somebody who will own events. Called at construction; returns what `create` is given. */
  addOwner(owner: EventOwner): number {
    this.owners.push(owner);
    return this.owners.length - 1;
  }

  /** Status bits of counters that were taken from the host: whose they are is for those to say who took them. */
  onGuestOverflow(handler: (cpu: HostCpu, bits: CounterSet) => void): void {
    this.guestOverflow.push(handler);
  }

  hardwareOf(cpu: HostCpu): CounterHardware {
    return this.perCpu[cpu.id]!.hardware;
  }

  private scheduleOf(cpu: HostCpu): EventSchedule {
    return this.perCpu[cpu.id]!.schedule;
  }

  // Events.

  /**
   * perf_event_create_kernel_counter: makes an event that follows a task, or stays on a CPU, and enables it. It may find no
   * counter: then it waits, or if it is pinned it is in error.
   */
  create(
    cpu: HostCpu, attr: PerfEventAttr, where: { readonly task: number } | { readonly cpu: number }, owner: number, tag = 0,
  ): PerfEvent | Refusal {
    if (this.mediatedVms > 0 && !attr.excludeGuest) return 'EOPNOTSUPP';
    const event = this.freeEvent();
    if (event === undefined) return 'ENOSPC';
    cpu.work('create event');
    if (!this.hasEvents) cpu.work('reserve hardware');
    this.created += 1;
    event.open(attr, where, owner, tag);
    cpu.trace('perf_event_create', event.id, owner);
    this.switchOn(cpu, event);
    return event;
  }

  /** perf_event_release_kernel. */
  release(cpu: HostCpu, event: PerfEvent): void {
    assert(event.state !== 'free', `event ${event.id} is released once`);
    cpu.work('release event');
    this.whereActive(event, cpu).remove(event, 'off');
    event.clear();
    this.released += 1;
    cpu.trace('perf_event_release', event.id);
    if (!this.hasEvents) cpu.work('release hardware');
  }

  // Loops without closures: these are asked at every NMI, and in worlds that are stepped millions of times.

  private freeEvent(): PerfEvent | undefined {
    for (const event of this.pool) if (event.state === 'free') return event;
    return undefined;
  }

  private get hasEvents(): boolean {
    for (const { state } of this.pool) if (state !== 'free') return true;
    return false;
  }

  /** perf_event_enable: also out of the error state. */
  enable(cpu: HostCpu, event: PerfEvent): void {
    cpu.work('enable event');
    this.switchOn(cpu, event);
  }

  /** perf_event_disable. */
  disable(cpu: HostCpu, event: PerfEvent): void {
    cpu.work('disable event');
    if (event.state === 'inactive' || event.state === 'active') this.whereActive(event, cpu).remove(event, 'off');
  }

  /** perf_event_pause: disables, and returns the count so far; `reset` makes it 0. */
  pause(cpu: HostCpu, event: PerfEvent, reset: boolean): number {
    cpu.work('pause event');
    if (event.state === 'inactive' || event.state === 'active') this.whereActive(event, cpu).remove(event, 'off');
    const { count } = event;
    if (reset) event.count = 0;
    return count;
  }

  /** perf_event_period, and PERF_EVENT_IOC_PERIOD: the next sample is a whole period away. False: not a sampling event. */
  setPeriod(cpu: HostCpu, event: PerfEvent, period: number): boolean {
    cpu.work('set period');
    if (!event.sampling || period === 0) return false;
    const schedule = this.whereActive(event, cpu);
    const interrupts = cpu.root.interrupts(false);
    const active = event.state === 'active';
    const was = active ? schedule.hardware.disable() : false;
    if (active) schedule.hardware.stop(event);
    event.attr = { ...event.attr, samplePeriod: period };
    event.samplePeriod = period;
    event.periodLeft = 0;
    if (active) {
      if (event.throttled) this.unthrottle(cpu, event);
      schedule.hardware.start(event, true);
      schedule.hardware.restore(was);
    }
    cpu.root.interrupts(interrupts);
    return true;
  }

  /** Ours, not Linux': the event counts something else from now on. Nothing is allocated, and the count goes on. */
  modify(cpu: HostCpu, event: PerfEvent, attr: PerfEventAttr): void {
    const schedule = this.whereActive(event, cpu);
    const was = event.state;
    if (was === 'inactive' || was === 'active') schedule.remove(event, 'off');
    event.attr = attr;
    event.samplePeriod = attr.samplePeriod;
    event.periodLeft = attr.samplePeriod;
    if (was !== 'off') this.switchOn(cpu, event);
  }

  /** perf_event_read_value: the count, and for how long it was enabled and on a counter, in ticks. */
  read(cpu: HostCpu, event: PerfEvent): { readonly value: number; readonly enabled: number; readonly running: number } {
    cpu.work('read event');
    event.keepTime(cpu.root.now);
    const { hardware } = this.whereActive(event, cpu);
    if (hardware.runs(event)) hardware.update(event);
    return { value: event.count, enabled: event.enabledTime, running: event.runningTime };
  }

  private switchOn(cpu: HostCpu, event: PerfEvent): void {
    if (event.state === 'inactive' || event.state === 'active') return;
    event.keepTime(cpu.root.now);
    event.state = 'inactive';
    const schedule = event.cpu === ANY ? this.scheduleOf(cpu) : this.perCpu[event.cpu]!.schedule;
    if (schedule.isHere(event)) schedule.reschedule(event);
  }

  /** The schedule of the CPU where the event is, else the caller's own. */
  private whereActive(event: PerfEvent, cpu: HostCpu): EventSchedule {
    return this.perCpu[event.onCpu === ANY ? cpu.id : event.onCpu]!.schedule;
  }

  // What the rest of the kernel calls.

  /** perf_event_task_sched_out and _in. */
  switchTask(cpu: HostCpu, task: number): void {
    this.scheduleOf(cpu).switchTo(task);
  }

  /** The tick: throttled events go on, periods are adjusted, and flexible events take turns. */
  tick(cpu: HostCpu): void {
    const { hardware, schedule } = this.perCpu[cpu.id]!;
    let looked = false, was = false;
    for (const event of this.pool) {
      // A new tick, a new count; also of what waits for its turn.
      if (event.onCpu !== cpu.id && event.onCpu !== ANY) continue;
      event.interrupts = event.throttled ? event.interrupts : 0;
      const concerned = event.state === 'active' && event.onCpu === cpu.id && (event.throttled || event.attr.frequency !== 0);
      if (!concerned) continue;
      if (!looked) was = hardware.disable();
      looked = true;
      this.tickEvent(cpu, event);
    }
    if (looked) hardware.restore(was);
    schedule.rotate();
  }

  private tickEvent(cpu: HostCpu, event: PerfEvent): void {
    const hardware = this.hardwareOf(cpu);
    if (event.throttled) {
      this.unthrottle(cpu, event);
      // Without reloading: it goes on from where it was stopped.
      hardware.start(event, false);
    }
    if (event.attr.frequency === 0) return;
    hardware.stop(event);
    const counted = event.count - event.freqCount;
    event.freqCount = event.count;
    if (counted > 0) adjustPeriod(event, NS_PER_S / this.options.hz, counted);
    hardware.start(event, counted > 0);
  }

  private unthrottle(cpu: HostCpu, event: PerfEvent): void {
    event.throttled = false;
    event.interrupts = 0;
    cpu.trace('perf_unthrottle', event.id);
  }

  /** perf_event_nmi_handler: how many overflows it handled. */
  nmi(cpu: HostCpu): number {
    const { handler, hardware, schedule } = this.perCpu[cpu.id]!;
    if (!this.hasEvents && hardware.masked === 0) return 0;
    // The counters are a guest's, whose PMIs are no NMIs.
    if (schedule.guestLvtpc) return 0;
    const start = cpu.nanoseconds;
    cpu.work('nmi');
    const handled = handler.handle();
    if (this.options.limits && this.limiter.took(cpu.id, cpu.nanoseconds - start)) this.lowered += 1;
    return handled;
  }

  private overflow(event: PerfEvent, cpu: HostCpu): void {
    if (!event.sampling) return;
    // An exact event is a guest's: what its interrupts cost is the guest's own time.
    if (!event.attr.exact) event.interrupts += 1;
    // The first of a tick is always taken.
    const throttle = event.interrupts > 1 && event.interrupts >= this.limiter.maxSamplesPerTick;
    if (event.attr.frequency !== 0 && afterOverflow(event, cpu.nanoseconds, NS_PER_S / this.options.hz)) {
      this.hardwareOf(cpu).stop(event);
      this.hardwareOf(cpu).start(event, true);
    }
    this.owners[event.owner]!.overflow(event, cpu);
    if (!throttle || event.state !== 'active') return;
    event.throttled = true;
    event.interrupts = THROTTLED;
    cpu.trace('perf_throttle', event.id);
    this.hardwareOf(cpu).stop(event);
  }

  // For hypervisors.

  /**
   * perf_guest_get_msrs: IA32_PERF_GLOBAL_CTRL in the guest, and back in the host, as the two sets of this CPU's hardware.
   * Limit: there is no PEBS, whose registers it switches too.
   */
  guestMsrs(cpu: HostCpu): { readonly guestCtrl: CounterSet; readonly hostCtrl: CounterSet } {
    return this.hardwareOf(cpu);
  }

  /** Takes counters from the host on all CPUs, or gives them back; who is on them is scheduled elsewhere. */
  maskCounters(set: CounterSet): void {
    for (const { hardware, schedule } of this.perCpu) {
      hardware.masked = set;
      schedule.again();
    }
  }

  /** perf_create_mediated_pmu: refused while an event would count in the guest. */
  createMediated(): Refusal | undefined {
    for (const { state, attr } of this.pool) if (state !== 'free' && !attr.excludeGuest) return 'EBUSY';
    this.mediatedVms += 1;
    return undefined;
  }

  /** perf_load_guest_lvtpc: from here on PMIs are a guest's interrupts; masked as the guest has masked its own. */
  loadGuestLvtpc(cpu: HostCpu, lvtpc: number): void {
    cpu.root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, lvtpc, 0);
    this.scheduleOf(cpu).guestLvtpc = true;
  }

  putGuestLvtpc(cpu: HostCpu): void {
    this.scheduleOf(cpu).guestLvtpc = false;
    cpu.root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);
  }

  /** perf_load_guest_context and perf_put_guest_context. */
  setGuestContext(cpu: HostCpu, loaded: boolean): void {
    this.scheduleOf(cpu).setGuestOwns(loaded);
  }
}
