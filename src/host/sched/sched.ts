/**
 * The host's scheduler: which task runs on which CPU. It is small and deterministic: tasks of a CPU take turns of whole ticks,
 * and a setting says how often they move to another CPU; where is an open question.
 */
import type { Choice } from '../../base/choice.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { ANY } from '../perf/perf.ts';
import type { HostCpu } from '../processor.ts';

/** What the scheduler calls when a task gets a CPU or leaves it. */
interface TaskSwitch {
  out(cpu: HostCpu, task: number): void;
  in(cpu: HostCpu, task: number): void;
}

export interface SchedOptions {
  readonly tasks: number;
  /** Where each task begins. */
  readonly home: (task: number) => number;
  /** Ticks of a turn. */
  readonly slice: number;
  /** After so many ticks the running task moves to another CPU; 0 for never. */
  readonly migrateEvery: number;
}

export class Scheduler implements Stateful {
  private readonly cpus: readonly HostCpu[];
  private readonly options: SchedOptions;
  private readonly choice: Choice;
  private readonly switching: TaskSwitch;
  /** By task: its CPU, and whether it can run. */
  private readonly place: Uint8Array;
  private readonly runnable: Uint8Array;
  /** By CPU: the running task, ticks of its turn, and whether it is to be asked again. */
  private readonly running: Uint8Array;
  private readonly used: Uint8Array;
  private readonly wanted: Uint8Array;
  private ticks = 0;

  constructor(cpus: readonly HostCpu[], options: SchedOptions, choice: Choice, switching: TaskSwitch) {
    this.cpus = cpus;
    this.options = options;
    this.choice = choice;
    this.switching = switching;
    this.place = Uint8Array.from({ length: options.tasks }, (_, task) => options.home(task));
    this.runnable = new Uint8Array(options.tasks).fill(1);
    this.running = new Uint8Array(cpus.length).fill(ANY);
    this.used = new Uint8Array(cpus.length);
    this.wanted = new Uint8Array(cpus.length).fill(1);
  }

  serialize(s: Serializer): void {
    s.bytes('place', this.place);
    s.bytes('runnable', this.runnable);
    s.bytes('running', this.running);
    s.bytes('used', this.used);
    s.bytes('wanted', this.wanted);
    this.ticks = s.u32('ticks', this.ticks);
  }

  /** The task that runs on the CPU, or ANY for the idle task. */
  current(cpu: HostCpu): number {
    return this.running[cpu.id]!;
  }

  /** need_resched. */
  wants(cpu: HostCpu): boolean {
    return this.wanted[cpu.id] === 1;
  }

  resched(cpu: HostCpu): void {
    this.wanted[cpu.id] = 1;
  }

  block(task: number): void {
    this.runnable[task] = 0;
    this.wanted[this.place[task]!] = 1;
  }

  wake(task: number): void {
    if (this.runnable[task] === 1) return;
    this.runnable[task] = 1;
    this.wanted[this.place[task]!] = 1;
  }

  isRunnable(task: number): boolean {
    return this.runnable[task] === 1;
  }

  placeOf(task: number): number {
    return this.place[task]!;
  }

  /** Moves a task that is not running, or asks its CPU to let it go. */
  migrate(task: number, to: number): void {
    const from = this.place[task]!;
    if (from === to) return;
    this.place[task] = to;
    this.wanted[from] = 1;
    this.wanted[to] = 1;
    this.cpus[to]!.trace('sched_migrate_task', task, from, to);
  }

  tick(cpu: HostCpu): void {
    const task = this.running[cpu.id]!;
    this.ticks += 1;
    if (task === ANY) return;
    this.used[cpu.id]! += 1;
    const { slice, migrateEvery } = this.options;
    if (this.used[cpu.id]! >= slice && this.next(cpu) !== task) this.wanted[cpu.id] = 1;
    if (migrateEvery === 0 || this.ticks % migrateEvery !== 0 || this.cpus.length === 1) return;
    const step = 1 + this.choice.pick(this.cpus.length - 1, 'where a task moves to');
    this.migrate(task, (cpu.id + step) % this.cpus.length);
  }

  /** schedule(): the next task of this CPU. */
  schedule(cpu: HostCpu): void {
    this.wanted[cpu.id] = 0;
    const previous = this.running[cpu.id]!;
    const next = this.next(cpu);
    this.used[cpu.id] = 0;
    if (next === previous) return;
    cpu.work('context switch');
    cpu.trace('sched_switch', previous, next);
    if (previous !== ANY) {
      this.switching.out(cpu, previous);
      // Now that it is off, the CPU that it has moved to can have it.
      const place = this.place[previous]!;
      if (place !== cpu.id) this.wanted[place] = 1;
    }
    this.running[cpu.id] = next;
    if (next !== ANY) this.switching.in(cpu, next);
  }

  /** Tasks of the CPU take turns in their order. A task that still runs elsewhere is not there yet. */
  private next(cpu: HostCpu): number {
    const { tasks } = this.options;
    const after = this.running[cpu.id] === ANY ? 0 : this.running[cpu.id]! + 1;
    for (let i = 0; i < tasks; i += 1) {
      const task = (after + i) % tasks;
      if (this.place[task] === cpu.id && this.runnable[task] === 1 && !this.runsElsewhere(cpu, task)) return task;
    }
    return ANY;
  }

  private runsElsewhere({ id }: HostCpu, task: number): boolean {
    for (let other = 0; other < this.running.length; other += 1) if (this.running[other] === task && other !== id) return true;
    return false;
  }
}

