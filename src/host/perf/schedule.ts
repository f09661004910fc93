/**
 * Which events are on counters of one CPU: those of the CPU itself and those of the task that runs there, pinned ones before
 * flexible ones. struct perf_event_context and its scheduling, for both contexts of a CPU at once.
 *
 *     cpu pinned  >  task pinned  >  cpu flexible  >  task flexible
 *
 * A pinned event that finds no counter goes to the error state, and stays there until somebody enables it again. A flexible
 * one waits, and takes turns.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { HostCpu } from '../processor.ts';
import { assign } from './assign.ts';
import { ANY, NO_COUNTER, type PerfEvent } from './event.ts';
import type { CounterHardware } from './hardware.ts';

/** Priorities, the most urgent first. */
const CLASSES = ['cpu pinned', 'task pinned', 'cpu flexible', 'task flexible'] as const;
type Class = 0 | 1 | 2 | 3;

const classOf = ({ cpu, attr }: PerfEvent): Class => ((attr.pinned ? 0 : 2) + (cpu === ANY ? 1 : 0)) as Class;

export class EventSchedule implements Stateful {
  readonly hardware: CounterHardware;
  private readonly cpu: HostCpu;
  private readonly pool: readonly PerfEvent[];
  /** The task that runs here, or ANY. */
  task = ANY;
  /** A guest owns the PMU: events that exclude the guest are not scheduled. */
  guestOwns = false;
  /** Where the flexible events' turn is. */
  private turn = 0;
  private waiting = false;

  constructor(cpu: HostCpu, pool: readonly PerfEvent[], hardware: CounterHardware) {
    this.cpu = cpu;
    this.pool = pool;
    this.hardware = hardware;
  }

  serialize(s: Serializer): void {
    this.task = s.u8('task', this.task);
    this.guestOwns = s.flag('guestOwns', this.guestOwns);
    this.turn = s.u8('turn', this.turn);
    this.waiting = s.flag('waiting', this.waiting);
  }

  /** The event counts here when it gets a counter. */
  isHere(event: PerfEvent): boolean {
    if (event.state === 'free') return false;
    return event.cpu === this.cpu.id || (event.cpu === ANY && event.task === this.task && this.task !== ANY);
  }

  /** The task that runs here changes. Pinned events of the CPU stay where they are. */
  switchTo(task: number): void {
    if (task === this.task) return;
    const was = this.hardware.disable();
    const concerned = (id: number): boolean => id !== ANY && this.pool.some((event) => event.state !== 'free' && event.task === id);
    if (concerned(this.task) || concerned(task)) {
      this.out((event) => classOf(event) !== 0);
      this.task = task;
      this.in();
    }
    this.task = task;
    this.hardware.restore(was);
  }

  /**
   * ctx_resched: an event of this class wants in. Those that could be in its way leave; then all that can come in, come in.
   */
  reschedule(event: PerfEvent): void {
    const was = this.hardware.disable();
    this.cpu.work('reschedule');
    const ofTask = event.cpu === ANY;
    const { pinned } = event.attr;
    this.out((other) => {
      // The CPU's own pinned events give way only to one of theirs, its flexible ones to all but a task's flexible one.
      if (other.cpu !== ANY && ofTask) return pinned && !other.attr.pinned;
      return pinned || !other.attr.pinned;
    });
    this.in();
    this.hardware.restore(was || this.hasEvents);
  }

  private get hasEvents(): boolean {
    return this.pool.some(({ state, onCpu }) => state === 'active' && onCpu === this.cpu.id);
  }

  /** An event leaves for good, or until it is enabled again. */
  remove(event: PerfEvent, state: 'off' | 'error'): void {
    const was = this.hardware.disable();
    event.keepTime(this.cpu.root.now);
    this.eventOut(event);
    event.state = state;
    this.hardware.restore(was);
  }

  /** The guest takes the PMU, or gives it back: perf_load_guest_context and perf_put_guest_context. */
  setGuestOwns(owns: boolean): void {
    this.guestOwns = owns;
    this.hardware.disable();
    if (owns) return this.out(({ attr }) => attr.excludeGuest);
    this.in();
    this.hardware.restore(this.hasEvents);
  }

  /** The timer of multiplexing: when somebody waits, the next one's turn has come. */
  rotate(): void {
    if (!this.waiting) return;
    const was = this.hardware.disable();
    this.cpu.work('reschedule');
    this.turn = (this.turn + 1) % this.pool.length;
    this.out(({ attr }) => !attr.pinned);
    this.in();
    this.hardware.restore(was);
  }

  /** All counters that the host may use have changed: everything is scheduled anew. */
  again(): void {
    const was = this.hardware.disable();
    this.out(() => true);
    this.in();
    this.hardware.restore(was);
  }

  private out(leaves: (event: PerfEvent) => boolean): void {
    for (const event of this.pool) {
      if (event.state !== 'active' || event.onCpu !== this.cpu.id || !leaves(event)) continue;
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
    const { hardware, pool } = this;
    const chosen = pool.filter(({ state, onCpu }) => state === 'active' && onCpu === this.cpu.id);
    let places = assign(chosen, hardware.all, hardware.caps) ?? [];
    this.waiting = false;
    for (let wanted = 0; wanted < CLASSES.length; wanted += 1) {
      let room = true;
      for (let i = 0; i < pool.length; i += 1) {
        const event = pool[wanted < 2 ? i : (i + this.turn) % pool.length]!;
        if (event.state !== 'inactive' || !this.isHere(event) || classOf(event) !== wanted) continue;
        if (this.guestOwns && event.attr.excludeGuest) continue;
        const more = room ? assign([...chosen, event], hardware.all, hardware.caps) : undefined;
        if (more !== undefined) {
          chosen.push(event);
          places = more;
        } else if (event.attr.pinned) this.fail(event);
        else {
          room = false;
          this.waiting = true;
        }
      }
    }
    this.apply(chosen, places);
  }

  private fail(event: PerfEvent): void {
    event.keepTime(this.cpu.root.now);
    event.state = 'error';
    this.cpu.trace('perf_event_error', event.id);
  }

  /** x86_pmu_enable: who has to move stops first, so that its counter is free for the next. */
  private apply(chosen: readonly PerfEvent[], places: readonly number[]): void {
    const { hardware } = this;
    for (const [i, event] of chosen.entries()) {
      if (event.counter === NO_COUNTER || event.counter === places[i]) continue;
      this.eventOut(event);
    }
    for (const [i, event] of chosen.entries()) {
      if (event.counter === places[i] && event.onCpu === this.cpu.id) continue;
      this.cpu.work('move event');
      event.keepTime(this.cpu.root.now);
      event.state = 'active';
      event.counter = places[i]!;
      event.onCpu = this.cpu.id;
      if (!event.throttled) hardware.start(event, true);
    }
  }
}
