/** Counts passages of tracepoints, and passes them on. Counting is cheap enough to do in every run. */
import { NO_TRACE, type TracepointName, type Tracer } from './trace.ts';

export class Tally implements Tracer {
  readonly on = true;
  readonly sum: Tracer['sum'];
  private readonly next: Tracer;
  private readonly counts: Partial<Record<TracepointName, number[]>> = {};
  private readonly lost: number[] = [];
  private readonly vectors: Map<number, number>[] = [];

  constructor(next: Tracer = NO_TRACE) {
    this.next = next;
    this.sum = next.on ? undefined : (name, cpu, times) => this.increase(name, cpu, times);
  }

  emit(name: TracepointName, cpu: number, time: number, ...values: (number | bigint)[]): void {
    this.add(name, cpu, values[0]);
    if (this.next.on) this.next.emit(name, cpu, time, ...values);
  }

  /** Counts a passage; `value` is its first. */
  add(name: TracepointName, cpu: number, value: number | bigint | undefined): void {
    this.increase(name, cpu, 1);
    if (name === 'exception_entry') {
      this.vectors[cpu] ??= new Map();
      const vector = Number(value);
      this.vectors[cpu].set(vector, (this.vectors[cpu].get(vector) ?? 0) + 1);
    }
    if (name === 'pmu_pmi' && value === 0) this.lost[cpu] = (this.lost[cpu] ?? 0) + 1;
  }

  private increase(name: TracepointName, cpu: number, times: number): void {
    const perCpu = this.counts[name] ??= [];
    perCpu[cpu] = (perCpu[cpu] ?? 0) + times;
  }

  /** How often the tracepoint was passed on that processor. */
  count(name: TracepointName, cpu: number): number {
    return this.counts[name]?.[cpu] ?? 0;
  }

  /** PMIs of that processor that met a masked LVTPC. */
  lostPmis(cpu: number): number {
    return this.lost[cpu] ?? 0;
  }

  /** Exceptions taken on that processor, by vector. */
  exceptions(cpu: number): ReadonlyMap<number, number> {
    return this.vectors[cpu] ?? new Map();
  }
}
