import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionFailure } from '../base/assert.ts';
import { Tally } from './tally.ts';
import { timeline } from './timeline.ts';
import { field, NO_TRACE, Ring, TRACEPOINTS, type TracepointName, type TraceRecord } from './trace.ts';

const record = (name: TracepointName, time: number, ...values: (number | bigint)[]): TraceRecord => ({ name, cpu: 0, time, values });

test('a ring keeps the last so many records, oldest first, and counts those that made room', () => {
  for (let emitted = 0; emitted <= 12; emitted += 1) {
    const ring = new Ring(5);
    for (let i = 0; i < emitted; i += 1) ring.emit('rdpmc', 0, 10 * i, i, 0, 0);
    const first = Math.max(0, emitted - 5);
    assert.deepEqual(ring.records().map(({ time }) => time), Array.from({ length: emitted - first }, (_, i) => 10 * (first + i)));
    // Every record is either there or counted as lost.
    assert.equal(ring.records().length + ring.lost, emitted);
  }
  assert.throws(() => new Ring(0), AssertionFailure);
});

test('a ring keeps name, processor, time and values', () => {
  const ring = new Ring(1);
  ring.emit('write_msr', 3, 77, 0x38f, 15, 7);
  assert.deepEqual(ring.records(), [{ name: 'write_msr', cpu: 3, time: 77, values: [0x38f, 15, 7] }]);
});

test('a field is found by its name', () => {
  const wrmsr = record('write_msr', 0, 0x38f, 15, 7);
  assert.deepEqual(TRACEPOINTS.write_msr.map((name) => field(wrmsr, name)), [0x38f, 15, 7]);
  assert.throws(() => field(wrmsr, 'vector'), AssertionFailure);
});

test('a tally counts passages by tracepoint and processor, and passes everything on', () => {
  const ring = new Ring(100);
  const tally = new Tally(ring);
  tally.emit('exception_entry', 0, 1, 13, 0, 0x1000n);
  tally.emit('exception_entry', 0, 2, 14, 2, 0x1004n);
  tally.emit('exception_entry', 0, 3, 13, 0, 0x1008n);
  tally.emit('exception_entry', 1, 4, 3, 0, 0x1008n);
  for (const accepted of [1, 0, 1, 0, 0]) tally.emit('pmu_pmi', 1, 5, accepted);
  assert.deepEqual([tally.count('exception_entry', 0), tally.count('exception_entry', 1), tally.count('exception_entry', 2)], [3, 1, 0]);
  assert.deepEqual([[...tally.exceptions(0)], [...tally.exceptions(1)], [...tally.exceptions(2)]], [[[13, 2], [14, 1]], [[3, 1]], []]);
  assert.deepEqual([tally.count('pmu_pmi', 1), tally.lostPmis(1), tally.lostPmis(0)], [5, 3, 0]);
  assert.deepEqual([ring.records().length, ring.lost], [9, 0]);
  assert.equal(new Tally().count('iret', 0), 0);
  new Tally(NO_TRACE).emit('iret', 0, 0, 0n);
});

test('each tracepoint has its column: what the guest does, what the PMU does, what the APIC does', () => {
  const records: TraceRecord[] = [
    record('write_msr', 1, 0x38f, 15, 7), record('read_msr', 2, 0x38e, 1, 0), record('rdpmc', 3, 0x4000_0001, 5, 0),
    record('pmu_overflow', 4, 4, 0x10_0000n), record('pmu_pmi', 5, 1), record('pmu_pmi', 6, 0), record('nmi_entry', 7, 0x10_0010n),
    record('exception_entry', 8, 13, 0, 0x10_0020n), record('interrupt_entry', 9, 0x81, 0x10_0030n), record('iret', 10, 0x10_0010n),
    record('cpu_halt', 11), record('cpu_wake', 12), record('cpu_stop', 13), record('lapic_eoi', 14, 0x81), record('lapic_timer', 15),
    record('lapic_ipi', 16, 0x55, 0),
  ];
  assert.deepEqual(new Set(records.map(({ name }) => name)), new Set(Object.keys(TRACEPOINTS)));
  // The columns: time to 12, then guest, from 14 on, of 58; PMU of 22, from 14 + 59 on; APIC from 14 + 59 + 23 on.
  const column = { guest: 14, PMU: 73, APIC: 96 };
  const expected: readonly (readonly [keyof typeof column, string])[] = [
    ['guest', 'WRMSR IA32_PERF_GLOBAL_CTRL = 0x70000000f'], ['guest', 'RDMSR IA32_PERF_GLOBAL_STATUS -> 0x1'],
    ['guest', 'RDPMC 0x40000001 -> 0x5'], ['PMU', 'counter 4 wraps'], ['APIC', 'PMI taken by LVTPC'], ['APIC', 'PMI lost: LVTPC masked'],
    ['guest', 'NMI at pmi+0x10'], ['guest', '#GP(0x0) at 0x100020'], ['guest', 'interrupt 0x81 at 0x100030'], ['guest', 'IRET to pmi+0x10'],
    ['guest', 'halted'], ['guest', 'woken'], ['guest', 'stopped'], ['APIC', 'EOI of 0x81'], ['APIC', 'timer'], ['APIC', 'IPI 0x55'],
  ];
  const lines = timeline(records, (address) => (address === 0x10_0010n ? 'pmi+0x10' : undefined));
  assert.equal(lines[0], `${'cycles'.padStart(12)}  ${'guest'.padEnd(59)}${'PMU'.padEnd(23)}APIC`);
  for (const [i, [where, text]] of expected.entries()) {
    assert.equal(lines[i + 1], `${String(i + 1).padStart(12)}${' '.repeat(column[where] - 12)}${text}`);
  }
  assert.equal(lines.length, 1 + expected.length);
});

test('with several processors each line says which', () => {
  const lines = timeline([{ name: 'cpu_halt', cpu: 0, time: 5, values: [] }, { name: 'cpu_halt', cpu: 1, time: 6, values: [] }]);
  assert.deepEqual(lines.slice(1), ['           5  0    halted', '           6  1    halted']);
  assert.ok(lines[0]!.startsWith('      cycles  CPU  guest'));
  assert.deepEqual(timeline([]), [`${'cycles'.padStart(12)}  ${'guest'.padEnd(59)}${'PMU'.padEnd(23)}APIC`]);
});
