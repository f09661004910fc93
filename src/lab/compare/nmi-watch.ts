/**
 * How long a guest's kernel is in its NMI handler: from the first instruction to IRET, by tracepoints, which change nothing. In a Linux
 * guest NMIs are the PMIs of its perf, and now and then another one.
 */
import type { TracepointName, Tracer } from '../../trace/trace.ts';

export class NmiWatch implements Tracer {
  readonly on = true;
  /** Core cycles of each, in the order in which they ended. */
  readonly durations: number[] = [];
  private readonly began = new Map<number, number>();
  private readonly processorOn: (cpu: number) => number | undefined;

  /** `processorOn`: which of the guest's is on a CPU. */
  constructor(processorOn: (cpu: number) => number | undefined) {
    this.processorOn = processorOn;
  }

  emit(name: TracepointName, cpu: number, time: number): void {
    if (name !== 'nmi_entry' && name !== 'iret') return;
    const processor = this.processorOn(cpu);
    if (processor === undefined) return;
    const began = this.began.get(processor);
    if (name === 'nmi_entry') this.began.set(processor, time);
    else if (began !== undefined) {
      this.durations.push(time - began);
      this.began.delete(processor);
    }
  }
}
