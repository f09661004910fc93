/**
 * The trace as text: time runs down, and each kind of actor has a column. What an instruction does stands under "guest", what
 * follows from it further right.
 */
import { bigFromWords, hex } from '../base/u64.ts';
import { vectorName } from '../x86/fault.ts';
import { msrName } from '../x86/msr.ts';
import { field, type TracepointName, type TraceRecord } from './trace.ts';

const COLUMNS = ['guest', 'PMU', 'APIC'] as const;
type Column = (typeof COLUMNS)[number];
const WIDTHS: Readonly<Record<Column, number>> = { guest: 58, PMU: 22, APIC: 24 };

/** Names an address, as `label+0x4`. */
export type Symbolize = (address: bigint) => string | undefined;

type Describe = (record: TraceRecord, at: (name: string) => string) => string;

const value = (record: TraceRecord): string => hex(bigFromWords(Number(field(record, 'low')), Number(field(record, 'high'))));
const msr = (record: TraceRecord): string => msrName(Number(field(record, 'msr')));

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
};

/** One line a record, under a heading. With several processors each line says which. */
export function timeline(records: readonly TraceRecord[], symbolize: Symbolize = () => undefined): string[] {
  const many = records.some(({ cpu }) => cpu !== 0);
  const lead = (time: string, cpu: string): string => `${time.padStart(12)}  ${many ? `${cpu.padEnd(4)} ` : ''}`;
  const columns = (texts: Readonly<Partial<Record<Column, string>>>): string =>
    COLUMNS.map((column) => (texts[column] ?? '').padEnd(WIDTHS[column])).join(' ').trimEnd();
  const heading = `${lead('cycles', 'CPU')}${columns({ guest: 'guest', PMU: 'PMU', APIC: 'APIC' })}`;
  return [heading, ...records.map((record) => {
    const [column, describe] = ENTRIES[record.name];
    const at = (name: string): string => {
      const address = BigInt(field(record, name));
      return symbolize(address) ?? hex(address);
    };
    return `${lead(record.time.toString(), String(record.cpu))}${columns({ [column]: describe(record, at) })}`.trimEnd();
  })];
}
