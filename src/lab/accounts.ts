/**
 * What really happened, in a machine with a host: events by processor, by the task that ran there, and by where they
 * happened. No counter is asked for it, so what counters show can be compared with it.
 */
import type { Ledger, Where } from '../hw/outside.ts';
import { EVENT, type EventCounts, type EventName, newEventCounts, SLOTS_PER_CYCLE } from '../x86/event.ts';

/** One place each. Comparisons, not a table: it is asked for several times an exit. */
const placeOf = (where: Where): number => (where === 'root' ? 0 : where === 'kernel' ? 1 : where === 'user' ? 2 : 3);
const PLACES = 4;

/** Which part of it: what is left out is added up. */
interface Account {
  readonly cpu?: number;
  readonly task?: number;
  readonly where?: Where;
}

export class Accounts implements Ledger {
  private readonly cpus: number;
  private readonly tasks: number;
  private readonly current: (cpu: number) => number;
  private readonly counts: readonly EventCounts[];

  /** `current` says which task runs on a CPU: a number below `tasks`, or any other when none does. */
  constructor(cpus: number, tasks: number, current: (cpu: number) => number) {
    this.cpus = cpus;
    this.tasks = tasks;
    this.current = current;
    // One place more, for when no task runs.
    this.counts = Array.from({ length: cpus * (tasks + 1) * PLACES }, newEventCounts);
  }

  add(cpu: number, events: EventCounts, where: Where): void {
    const counts = this.of(cpu, where);
    for (let i = 0; i < counts.length; i += 1) counts[i]! += events[i]!;
  }

  spend(cpu: number, cycles: number, ticks: number, instructions: number): void {
    const counts = this.of(cpu, 'root');
    counts[EVENT['core cycles']]! += cycles;
    counts[EVENT['instructions retired']]! += instructions;
    counts[EVENT['reference cycles']]! += ticks;
    counts[EVENT['topdown slots']]! += cycles * SLOTS_PER_CYCLE;
  }

  private of(cpu: number, where: Where): EventCounts {
    return this.counts[this.place(cpu, Math.min(this.current(cpu), this.tasks), placeOf(where))]!;
  }

  private place(cpu: number, task: number, where: number): number {
    return (cpu * (this.tasks + 1) + task) * PLACES + where;
  }

  total(event: EventName, { cpu, task, where }: Account = {}): number {
    let sum = 0;
    for (let c = 0; c < this.cpus; c += 1) {
      if (cpu !== undefined && c !== cpu) continue;
      for (let t = 0; t <= this.tasks; t += 1) {
        if (task !== undefined && t !== task) continue;
        for (let w = 0; w < PLACES; w += 1) {
          if (where === undefined || w === placeOf(where)) sum += this.counts[this.place(c, t, w)]![EVENT[event]]!;
        }
      }
    }
    return sum;
  }

  /** In non-root mode, of user and kernel together. */
  guest(event: EventName, account: Omit<Account, 'where'> = {}): number {
    return this.total(event, { ...account, where: 'user' }) + this.total(event, { ...account, where: 'kernel' });
  }

  /** Instructions that the guest's program has executed: also those that made it exit, and that the host has completed. */
  executed(task: number): number {
    return this.guest('instructions retired', { task }) + this.total('instructions retired', { task, where: 'completed' });
  }
}
