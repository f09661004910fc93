/**
 * The trace as text: time runs down, and each kind of actor has a column. What an instruction does stands under "guest", what
 * follows from it further right.
 */
import { bigFromWords, hex } from '../base/u64.ts';
import { exitReasonName } from '../x86/exit-reason.ts';
import { vectorName } from '../x86/fault.ts';
import { msrName } from '../x86/msr.ts';
import { field, type TracepointName, type TraceRecord } from './trace.ts';

const COLUMNS = ['guest', 'KVM', 'host', 'PMU', 'APIC'] as const;
type Column = (typeof COLUMNS)[number];
/** Columns that stand there even when they are empty. */
const ALWAYS: ReadonlySet<Column> = new Set(['guest', 'PMU', 'APIC']);
const WIDTHS: Readonly<Record<Column, number>> = { guest: 58, KVM: 46, host: 52, PMU: 22, APIC: 24 };

/** Names an address, as `label+0x4`. */
type Symbolize = (address: bigint) => string | undefined;

type Describe = (record: TraceRecord, at: (name: string) => string) => string;

const value = (record: TraceRecord): string => hex(bigFromWords(Number(field(record, 'low')), Number(field(record, 'high'))));
const msr = (record: TraceRecord): string => msrName(Number(field(record, 'msr')));

const vpmc = (record: TraceRecord): string => `vCPU ${field(record, 'vcpu')} counter ${field(record, 'counter')}`;

function exitText(record: TraceRecord): string {
  const reason = exitReasonName(Number(field(record, 'reason')));
  const info = Number(field(record, 'info'));
  return reason.startsWith('MSR') ? `${reason} ${msrName(info)}` : info === 0 ? reason : `${reason} ${hex(info)}`;
}

/** Where a record stands, and what it says. */
const ENTRIES: Readonly<Record<TracepointName, readonly [Column, Describe]>> = {
  write_msr: ['guest', (record) => `WRMSR ${msr(record)} = ${value(record)}`],
  read_msr: ['guest', (record) => `RDMSR ${msr(record)} -> ${value(record)}`],
  rdpmc: ['guest', (record) => `RDPMC ${hex(Number(field(record, 'counter')))} -> ${value(record)}`],
  exception_entry: ['guest', (record, at) =>
    `${vectorName(Number(field(record, 'vector')))}(${hex(Number(field(record, 'code')))}) at ${at('rip')}`],
  interrupt_entry: ['guest', (record, at) => `interrupt ${hex(Number(field(record, 'vector')))} at ${at('rip')}`],
  nmi_entry: ['guest', (_record, at) => `NMI at ${at('rip')}`],
  iret: ['guest', (_record, at) => `IRET to ${at('rip')}`],
  cpu_halt: ['guest', () => 'halted'],
  cpu_wake: ['guest', () => 'woken'],
  cpu_stop: ['guest', () => 'stopped'],
  pmu_overflow: ['PMU', (record) => `counter ${field(record, 'counter')} wraps`],
  pmu_pmi: ['APIC', (record) => (field(record, 'accepted') === 1 ? 'PMI taken by LVTPC' : 'PMI lost: LVTPC masked')],
  lapic_eoi: ['APIC', (record) => `EOI of ${hex(Number(field(record, 'vector')))}`],
  lapic_timer: ['APIC', () => 'timer'],
  lapic_ipi: ['APIC', (record) => `IPI ${hex(Number(field(record, 'vector')))}`],
  host_write_msr: ['host', (record) => `WRMSR ${msr(record)} = ${value(record)}`],
  host_read_msr: ['host', (record) => `RDMSR ${msr(record)} -> ${value(record)}`],
  host_nmi_entry: ['host', () => 'NMI'],
  host_interrupt_entry: ['host', (record) => `interrupt ${hex(Number(field(record, 'vector')))}`],
  host_fault: ['host', (record) => `#GP: ${msr(record)}`],
  kvm_entry: ['KVM', (record, at) => `entry: vCPU ${field(record, 'vcpu')} at ${at('rip')}`],
  kvm_exit: ['KVM', (record) => `exit: vCPU ${field(record, 'vcpu')} ${exitText(record)}`],
  kvm_inj_nmi: ['KVM', (record) => `inject NMI into vCPU ${field(record, 'vcpu')}`],
  kvm_inj_virq: ['KVM', (record) => `inject ${hex(Number(field(record, 'vector')))} into vCPU ${field(record, 'vcpu')}`],
  kvm_inj_exception: ['KVM', (record) => `inject ${vectorName(Number(field(record, 'vector')))} into vCPU ${field(record, 'vcpu')}`],
  kvm_pmi: ['KVM', (record) => `PMI for vCPU ${field(record, 'vcpu')}: ${field(record, 'accepted') === 1 ? 'taken' : 'LVTPC masked'}`],
  kvm_halt: ['KVM', (record) => `vCPU ${field(record, 'vcpu')} waits`],
  kvm_wake: ['KVM', (record) => `vCPU ${field(record, 'vcpu')} wakes`],
  vpmu_create: ['KVM', (record) => `${vpmc(record)}: new host event`],
  vpmu_release: ['KVM', (record) => `${vpmc(record)}: host event released`],
  vpmu_reuse: ['KVM', (record) => `${vpmc(record)}: host event used on`],
  vpmu_overflow: ['KVM', (record) => `${vpmc(record)} overflows${field(record, 'kept') === 1 ? '' : ', and is dropped'}`],
  perf_event_create: ['host', (record) => `event ${field(record, 'event')} made`],
  perf_event_release: ['host', (record) => `event ${field(record, 'event')} released`],
  perf_event_in: ['host', (record) => `event ${field(record, 'event')} on counter ${field(record, 'counter')}`],
  perf_event_out: ['host', (record) => `event ${field(record, 'event')} off counter ${field(record, 'counter')}`],
  perf_event_error: ['host', (record) => `event ${field(record, 'event')}: no counter, ERROR`],
  perf_overflow: ['host', (record) => `event ${field(record, 'event')}: period ${field(record, 'elapsed') === 1 ? '' : 'not '}elapsed`],
  perf_throttle: ['host', (record) => `event ${field(record, 'event')} throttled`],
  perf_unthrottle: ['host', (record) => `event ${field(record, 'event')} runs again`],
  perf_unknown_nmi: ['host', () => 'NMI for an unknown reason'],
  sched_switch: ['host', (record) => `task ${field(record, 'next')} instead of ${field(record, 'previous')}`],
  sched_migrate_task: ['host', (record) => `task ${field(record, 'task')} to CPU ${field(record, 'to')}`],
};

/** One line a record, under a heading. With several processors each line says which. */
export function timeline(records: readonly TraceRecord[], symbolize: Symbolize = () => undefined): string[] {
  const many = records.some(({ cpu }) => cpu !== 0);
  const lead = (time: string, cpu: string): string => `${time.padStart(12)}  ${many ? `${cpu.padEnd(4)} ` : ''}`;
  const used = COLUMNS.filter((column) => ALWAYS.has(column) || records.some(({ name }) => ENTRIES[name][0] === column));
  const columns = (texts: Readonly<Partial<Record<Column, string>>>): string =>
    used.map((column) => (texts[column] ?? '').padEnd(WIDTHS[column])).join(' ').trimEnd();
  const heading = `${lead('cycles', 'CPU')}${columns(Object.fromEntries(COLUMNS.map((column) => [column, column])))}`;
  return [heading, ...records.map((record) => {
    const [column, describe] = ENTRIES[record.name];
    const at = (name: string): string => {
      const address = BigInt(field(record, name));
      return symbolize(address) ?? hex(address);
    };
    return `${lead(record.time.toString(), String(record.cpu))}${columns({ [column]: describe(record, at) })}`.trimEnd();
  })];
}
