/**
 * Which events are on counters of one CPU: those of the CPU itself and those of the task that runs there, pinned ones before
 * flexible ones. struct perf_event_context and its scheduling, for both contexts of a CPU at once.
 *
 *     cpu pinned  >  task pinned  >  cpu flexible  >  task flexible
 *
 * A pinned event that finds no counter goes to the error state, and stays there until somebody enables it again. A flexible
 * one waits, and takes turns.
 *
 * Invariant: while it works no interrupt comes between: a tick that rotates would find counters half given out.
 *
 * Limit: there are no groups of events, which get counters together or not at all.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { HostCpu } from '../processor.ts';
import { Assignment } from './assign.ts';
import { ANY, NO_COUNTER, type PerfEvent } from './event.ts';
import type { CounterHardware } from './hardware.ts';

/** Priorities, the most urgent first. */
const CLASSES = ['cpu pinned', 'task pinned', 'cpu flexible', 'task flexible'] as const;
type Class = 0 | 1 | 2 | 3;

const classOf = ({ cpu, attr }: PerfEvent): Class => ((attr.pinned ? 0 : 2) + (cpu === ANY ? 1 : 0)) as Class;

/** Who leaves when all but the CPU's own pinned events do, and the like. */
type Leaves = (event: PerfEvent) => boolean;
const everybody: Leaves = () => true;
const allButCpuPinned: Leaves = (event) => classOf(event) !== 0;
const flexible: Leaves = ({ attr }) => !attr.pinned;
const ofTasks: Leaves = ({ cpu, attr }) => cpu === ANY && !attr.pinned;
const excludesGuest: Leaves = ({ attr }) => attr.excludeGuest;
/** ctx_resched, by the class of the event that wants in: tasks' events, or the CPU's flexible ones, may be in its way. */
const IN_THE_WAY: readonly Leaves[] = [everybody, allButCpuPinned, flexible, ofTasks];

export class EventSchedule implements Stateful {
  readonly hardware: CounterHardware;
  private readonly cpu: HostCpu;
  private readonly pool: readonly PerfEvent[];
  private readonly assignment: Assignment;
  /** Events that have a counter, or are to get one. Nothing is left in it between two calls. */
  private readonly chosen: PerfEvent[] = [];
  /** The task that runs here, or ANY. */
  task = ANY;
  /** A guest owns the PMU: events that exclude the guest are not scheduled. */
  guestOwns = false;
  /** LVTPC is the guest's. */
  guestLvtpc = false;
  /** The event with which the flexible ones' turn begins, and whether somebody waits for it. */
  private turn = 0;
  private waiting = false;

  constructor(cpu: HostCpu, pool: readonly PerfEvent[], hardware: CounterHardware) {
    this.cpu = cpu;
    this.pool = pool;
    this.hardware = hardware;
    this.assignment = new Assignment(hardware.caps, hardware.vendor, pool.length);
  }

  serialize(s: Serializer): void {
    this.task = s.u8('task', this.task);
    this.guestOwns = s.flag('guestOwns', this.guestOwns);
    this.guestLvtpc = s.flag('guestLvtpc', this.guestLvtpc);
    this.turn = s.u8('turn', this.turn);
    this.waiting = s.flag('waiting', this.waiting);
  }

  /** The event counts here when it gets a counter. */
  isHere(event: PerfEvent): boolean {
    if (event.state === 'free') return false;
    return event.cpu === this.cpu.id || (event.cpu === ANY && event.task === this.task && this.task !== ANY);
  }

  private isActive({ state, onCpu }: PerfEvent): boolean {
    return state === 'active' && onCpu === this.cpu.id;
  }

  /** The task that runs here changes. Pinned events of the CPU stay where they are. */
  switchTo(task: number): void {
    if (task === this.task) return;
    if (!this.hasEvents(this.task) && !this.hasEvents(task)) {
      this.task = task;
      return;
    }
    const interrupts = this.cpu.root.interrupts(false);
    const was = this.hardware.disable();
    this.out(allButCpuPinned);
    this.task = task;
    this.in();
    this.resume(was);
    this.cpu.root.interrupts(interrupts);
  }

  private hasEvents(task: number): boolean {
    if (task === ANY) return false;
    for (const event of this.pool) if (event.state !== 'free' && event.task === task) return true;
    return false;
  }

  /** An event wants in. Those that could be in its way leave; then all that can come in, come in. */
  reschedule(event: PerfEvent): void {
    const interrupts = this.cpu.root.interrupts(false);
    const was = this.hardware.disable();
    this.cpu.work('reschedule');
    this.out(IN_THE_WAY[classOf(event)]!);
    this.in();
    this.resume(was);
    this.cpu.root.interrupts(interrupts);
  }

  /** perf_pmu_enable: whatever the PMU was before, it runs when an event is on a counter. */
  private resume(was: boolean): void {
    let counts = was;
    for (const event of this.pool) counts ||= this.isActive(event);
    this.hardware.restore(counts);
  }

  /** An event leaves for good, or until it is enabled again. */
  remove(event: PerfEvent, state: 'off' | 'error'): void {
    const interrupts = this.cpu.root.interrupts(false);
    const was = this.hardware.disable();
    event.keepTime(this.cpu.root.now);
    this.eventOut(event);
    event.state = state;
    this.resume(was);
    this.cpu.root.interrupts(interrupts);
  }

  /** The guest takes the PMU, or gives it back: perf_load_guest_context and perf_put_guest_context. */
  setGuestOwns(owns: boolean): void {
    this.guestOwns = owns;
    this.hardware.disable();
    if (owns) return this.out(excludesGuest);
    for (const event of this.pool) {
      if (event.state === 'inactive' && event.attr.excludeGuest && this.isHere(event)) event.skipTime(this.cpu.root.now);
    }
    this.in();
    this.resume(false);
  }

  /** The timer of multiplexing: when somebody waits, the next one's turn has come. */
  rotate(): void {
    if (!this.waiting) return;
    const was = this.hardware.disable();
    this.cpu.work('reschedule');
    this.turn = this.nextTurn;
    this.out(flexible);
    this.in();
    this.resume(was);
  }

  /** The flexible event after the one with which the last turn began. */
  private get nextTurn(): number {
    return this.flexibleFrom(this.flexibleFrom(this.turn) + 1);
  }

  private flexibleFrom(first: number): number {
    const { pool } = this;
    for (let i = 0; i < pool.length; i += 1) {
      const id = (first + i) % pool.length;
      const event = pool[id]!;
      if (!event.attr.pinned && (event.state === 'inactive' || event.state === 'active') && this.isHere(event)) return id;
    }
    return this.turn;
  }

  /** All counters that the host may use have changed: everything is scheduled anew. */
  again(): void {
    const interrupts = this.cpu.root.interrupts(false);
    const was = this.hardware.disable();
    this.out(everybody);
    this.in();
    this.resume(was);
    this.cpu.root.interrupts(interrupts);
  }

  private out(leaves: Leaves): void {
    for (const event of this.pool) {
      if (!this.isActive(event) || !leaves(event)) continue;
      event.keepTime(this.cpu.root.now);
      this.eventOut(event);
      event.state = 'inactive';
    }
  }

  private eventOut(event: PerfEvent): void {
    if (event.counter === NO_COUNTER || event.onCpu !== this.cpu.id) return;
    this.hardware.stop(event);
    this.hardware.leave(event);
  }

  /** perf_event_sched_in: class by class, as long as there are counters. */
  private in(): void {
    const { hardware, pool, chosen } = this;
    chosen.length = 0;
    for (const event of pool) if (this.isActive(event)) chosen.push(event);
    this.waiting = false;
    let wanted = false;
    for (let at = 0; at < CLASSES.length; at += 1) {
      let room = true;
      for (let i = 0; i < pool.length; i += 1) {
        const event = pool[at < 2 ? i : (i + this.turn) % pool.length]!;
        if (event.state !== 'inactive' || !this.isHere(event) || classOf(event) !== at) continue;
        if (this.guestOwns && event.attr.excludeGuest) continue;
        chosen.push(event);
        if (room && this.assignment.assign(chosen, hardware.all)) {
          wanted = true;
          continue;
        }
        chosen.pop();
        if (event.attr.pinned) this.fail(event);
        else {
          room = false;
          this.waiting = true;
        }
      }
    }
    if (wanted) this.apply();
    chosen.length = 0;
  }

  private fail(event: PerfEvent): void {
    event.keepTime(this.cpu.root.now);
    event.state = 'error';
    this.cpu.trace('perf_event_error', event.id);
  }

  /** x86_pmu_enable: who has to move stops first, so that its counter is free for the next. */
  private apply(): void {
    const { hardware, chosen } = this;
    const { places } = this.assignment;
    for (let i = 0; i < chosen.length; i += 1) {
      const event = chosen[i]!;
      if (event.counter !== NO_COUNTER && event.counter !== places[i]) this.eventOut(event);
    }
    for (let i = 0; i < chosen.length; i += 1) {
      const event = chosen[i]!;
      if (event.counter === places[i] && event.onCpu === this.cpu.id) continue;
      this.cpu.work('move event');
      event.keepTime(this.cpu.root.now);
      // Who comes in anew has missed ticks, perhaps, that would have let it go on. Who only moves stays stopped.
      if (event.state === 'inactive' && event.throttled) {
        event.throttled = false;
        event.interrupts = 0;
      }
      event.state = 'active';
      event.counter = places[i]!;
      event.onCpu = this.cpu.id;
      if (!event.throttled) hardware.start(event, true);
    }
  }
}
