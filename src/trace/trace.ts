/**
 * Tracepoints: places in the machine that leave a record when somebody listens. Names are those of Linux where Linux has
 * one. Emitting never changes what the machine does next.
 */
import { assert } from '../base/assert.ts';

/** Every tracepoint, with the names of its fields. Values of 64 bits are split as `low` and `high`. */
export const TRACEPOINTS = {
  // What instructions do, as the guest kernel's own tracepoints of these names would show it.
  write_msr: ['msr', 'low', 'high'],
  read_msr: ['msr', 'low', 'high'],
  rdpmc: ['counter', 'low', 'high'],
  // The processor.
  exception_entry: ['vector', 'code', 'rip'],
  interrupt_entry: ['vector', 'rip'],
  nmi_entry: ['rip'],
  iret: ['rip'],
  cpu_halt: [],
  cpu_wake: [],
  cpu_stop: [],
  // The performance-monitoring unit and the local APIC.
  pmu_overflow: ['counter', 'rip'],
  pmu_pmi: ['accepted'],
  lapic_eoi: ['vector'],
  lapic_timer: [],
  lapic_ipi: ['vector', 'mode'],
  // Host code in root mode. What of it is an instruction is told apart from the guest's by name.
  host_write_msr: ['msr', 'low', 'high'],
  host_read_msr: ['msr', 'low', 'high'],
  host_nmi_entry: [],
  host_interrupt_entry: ['vector'],
  host_fault: ['msr'],
  // The hypervisor. `reason` is a VM-exit reason, `info` the MSR, vector, port or address.
  kvm_entry: ['vcpu', 'rip'],
  kvm_exit: ['vcpu', 'reason', 'rip', 'info'],
  kvm_inj_nmi: ['vcpu'],
  kvm_inj_virq: ['vcpu', 'vector'],
  kvm_inj_exception: ['vcpu', 'vector'],
  kvm_pmi: ['vcpu', 'accepted'],
  kvm_halt: ['vcpu'],
  kvm_wake: ['vcpu'],
  // The virtual PMU: a host event was made or given back for a guest's counter, or used on.
  vpmu_create: ['vcpu', 'counter'],
  vpmu_release: ['vcpu', 'counter'],
  vpmu_reuse: ['vcpu', 'counter'],
  vpmu_overflow: ['vcpu', 'counter', 'kept'],
  // The host's perf core and scheduler.
  perf_event_create: ['event', 'owner'],
  perf_event_release: ['event'],
  perf_event_in: ['event', 'counter'],
  perf_event_out: ['event', 'counter'],
  perf_event_error: ['event'],
  perf_overflow: ['event', 'elapsed'],
  perf_throttle: ['event'],
  perf_unthrottle: ['event'],
  perf_unknown_nmi: [],
  sched_switch: ['previous', 'next'],
  sched_migrate_task: ['task', 'from', 'to'],
} as const satisfies Record<string, readonly string[]>;

export type TracepointName = keyof typeof TRACEPOINTS;

/** What one passage of a tracepoint left behind. */
export interface TraceRecord {
  readonly name: TracepointName;
  readonly cpu: number;
  /** Core cycles since power-on, on the clock of that processor. */
  readonly time: number;
  readonly values: readonly (number | bigint)[];
}

export interface Tracer {
  /** False: nobody listens, and a caller need not even gather the values. */
  readonly on: boolean;
  emit(name: TracepointName, cpu: number, time: number, ...values: (number | bigint)[]): void;
  /** Set where only their number is wanted of some passages, not when each was and with what: so many are told at once, later. */
  readonly sum?: ((name: TracepointName, cpu: number, times: number) => void) | undefined;
}

export const NO_TRACE: Tracer = { on: false, emit: () => {} };

/** The value of a field of a record. */
export const field = (record: TraceRecord, name: string): number | bigint => {
  const index = (TRACEPOINTS[record.name] as readonly string[]).indexOf(name);
  assert(index !== -1, `${record.name} has no field ${name}`);
  return record.values[index]!;
};

/** Keeps the last so many records. What had to make room for them is counted, never forgotten. */
export class Ring implements Tracer {
  readonly on = true;
  private readonly capacity: number;
  private readonly kept: TraceRecord[] = [];
  private next = 0;
  lost = 0;

  constructor(capacity: number) {
    assert(capacity > 0, 'a ring has room');
    this.capacity = capacity;
  }

  emit(name: TracepointName, cpu: number, time: number, ...values: (number | bigint)[]): void {
    const record: TraceRecord = { name, cpu, time, values };
    if (this.kept.length < this.capacity) this.kept.push(record);
    else {
      this.kept[this.next] = record;
      this.lost += 1;
      this.next = (this.next + 1) % this.capacity;
    }
  }

  /** Oldest first. */
  records(): TraceRecord[] {
    return [...this.kept.slice(this.next), ...this.kept.slice(0, this.next)];
  }
}
