/**
 * Watches the interrupts that a program's PMI handler takes: at which of the program's own instructions each came, and how
 * long the handler then ran. It is told so by tracepoints, and changes nothing.
 *
 * A position is the number of instructions that the program has executed since it enabled its counters, outside its handler:
 * so positions of two runs can be compared when their processors did not start together, and when their handlers did not
 * do the same, or not as often.
 */

import { NO_TRACE, type TracepointName, type Tracer } from '../../trace/trace.ts';
import { EXIT_REASON } from '../../x86/exit-reason.ts';
import { MSRS } from '../../x86/msr.ts';
import { LEGACY, MAX_AMD } from '../../x86/perfmon-amd.ts';

export interface Sample {
  readonly position: number;
  readonly rip: bigint;
  /** Core cycles from the first instruction of the handler to its IRET; undefined when the run ended before. */
  readonly cycles?: number;
}

/** What the watch must know of the world: which processor of the program is on a CPU, and what it has executed. */
export interface Watched {
  /** Undefined: none. */
  processorOn(cpu: number): number | undefined;
  /** Instructions of that processor of the program, which is on that CPU now. */
  executed(processor: number, cpu: number): number;
}

/** What lets counters count: the global control, or where there is none selectors. */
const BEGINS: ReadonlySet<number> = new Set([
  MSRS.IA32_PERF_GLOBAL_CTRL, MSRS.PerfCntrGlobalCtl,
  ...Array.from({ length: MAX_AMD }, (_, k) => MSRS.PERF_CTL0 + 2 * k),
  ...Array.from({ length: LEGACY }, (_, k) => MSRS.PERF_LEGACY_CTL0 + k),
]);

interface Handling {
  inside: boolean;
  /** Executed at the handler's entry; and what is no part of a position: before counting, and in all handlers before. */
  entered: number;
  spent: number;
  time: number;
  readonly samples: Sample[];
}

export class SampleWatch implements Tracer {
  readonly on = true;
  private readonly watched: Watched;
  private readonly next: Tracer;
  private readonly processors: Handling[] = [];

  constructor(watched: Watched, next: Tracer = NO_TRACE) {
    this.watched = watched;
    this.next = next;
  }

  emit(name: TracepointName, cpu: number, time: number, ...values: (number | bigint)[]): void {
    if (name === 'nmi_entry') this.enter(cpu, time, BigInt(values[0]!));
    else if (name === 'interrupt_entry') this.enter(cpu, time, BigInt(values[1]!));
    else if (name === 'iret') this.leave(cpu, time);
    else if (name === 'write_msr' && BEGINS.has(Number(values[0]))) this.begin(cpu, 0);
    // An instruction that exits has not been executed yet.
    else if (name === 'kvm_exit' && values[1] === EXIT_REASON.MSR_WRITE && BEGINS.has(Number(values[3]))) this.begin(cpu, 1);
    if (this.next.on) this.next.emit(name, cpu, time, ...values);
  }

  /** Of a processor of the program, in their order. */
  samples(processor: number): readonly Sample[] {
    return this.processors[processor]?.samples ?? [];
  }

  private of(cpu: number): readonly [Handling, executed: number] | undefined {
    const { watched } = this;
    const processor = watched.processorOn(cpu);
    if (processor === undefined) return undefined;
    this.processors[processor] ??= { inside: false, entered: 0, spent: 0, time: 0, samples: [] };
    return [this.processors[processor], watched.executed(processor, cpu)];
  }

  /** The program writes enables: the last time before its first sample, it begins to count. */
  private begin(cpu: number, more: number): void {
    const found = this.of(cpu);
    if (found !== undefined && found[0].samples.length === 0) found[0].spent = found[1] + more;
  }

  private enter(cpu: number, time: number, rip: bigint): void {
    const found = this.of(cpu);
    if (found === undefined) return;
    const [handling, executed] = found;
    handling.inside = true;
    handling.entered = executed;
    handling.time = time;
    handling.samples.push({ position: executed - handling.spent, rip });
  }

  private leave(cpu: number, time: number): void {
    const found = this.of(cpu);
    if (found === undefined || !found[0].inside) return;
    const [handling, executed] = found;
    handling.inside = false;
    handling.spent += executed - handling.entered;
    handling.samples.push({ ...handling.samples.pop()!, cycles: time - handling.time });
  }
}
