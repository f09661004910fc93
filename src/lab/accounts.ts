/**
 * What really happened, in a machine with a host: events by processor, by the task that ran there, and by where they
 * happened. No counter is asked for it, so what counters show can be compared with it.
 */
import type { Ledger, Where } from '../hw/outside.ts';
import { EVENT, type EventCounts, type EventName, newEventCounts } from '../x86/event.ts';

const WHERE: readonly Where[] = ['root', 'user', 'kernel', 'completed'];

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
    this.counts = Array.from({ length: cpus * (tasks + 1) * WHERE.length }, newEventCounts);
  }

  add(cpu: number, events: EventCounts, where: Where): void {
    const counts = this.counts[this.place(cpu, Math.min(this.current(cpu), this.tasks), WHERE.indexOf(where))]!;
    for (let i = 0; i < counts.length; i += 1) counts[i]! += events[i]!;
  }

  private place(cpu: number, task: number, where: number): number {
    return (cpu * (this.tasks + 1) + task) * WHERE.length + where;
  }

  total(event: EventName, { cpu, task, where }: Account = {}): number {
    let sum = 0;
    for (let c = 0; c < this.cpus; c += 1) {
      if (cpu !== undefined && c !== cpu) continue;
      for (let t = 0; t <= this.tasks; t += 1) {
        if (task !== undefined && t !== task) continue;
        for (const [w, name] of WHERE.entries()) {
          if (where === undefined || where === name) sum += this.counts[this.place(c, t, w)]![EVENT[event]]!;
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
