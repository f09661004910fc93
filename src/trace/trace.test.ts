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
  const ofHost = /^(host|kvm|vpmu|perf|sched)_/;
  assert.deepEqual(new Set(records.map(({ name }) => name)), new Set(Object.keys(TRACEPOINTS).filter((name) => !ofHost.test(name))));
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

test('a host has columns of its own, which stand there when it says something', () => {
  const cases: readonly (readonly [TraceRecord, 'KVM' | 'host', string])[] = [
    [record('host_write_msr', 1, 0x38f, 0, 0), 'host', 'WRMSR IA32_PERF_GLOBAL_CTRL = 0x0'],
    [record('host_read_msr', 2, 0x38e, 1, 0), 'host', 'RDMSR IA32_PERF_GLOBAL_STATUS -> 0x1'],
    [record('host_nmi_entry', 3), 'host', 'NMI'], [record('host_interrupt_entry', 4, 0xec), 'host', 'interrupt 0xec'],
    [record('host_fault', 5, 0xc1), 'host', '#GP: IA32_PMC0'],
    [record('kvm_entry', 6, 0, 0x1000n), 'KVM', 'entry: vCPU 0 at 0x1000'],
    [record('kvm_exit', 7, 1, 32, 0x1000n, 0x38f), 'KVM', 'exit: vCPU 1 MSR_WRITE IA32_PERF_GLOBAL_CTRL'],
    [record('kvm_exit', 8, 0, 12, 0x1000n, 0), 'KVM', 'exit: vCPU 0 HLT'],
    [record('kvm_inj_nmi', 9, 0), 'KVM', 'inject NMI into vCPU 0'], [record('kvm_inj_virq', 10, 0, 0x81), 'KVM', 'inject 0x81 into vCPU 0'],
    [record('kvm_inj_exception', 11, 0, 13), 'KVM', 'inject #GP into vCPU 0'],
    [record('kvm_pmi', 12, 0, 1), 'KVM', 'PMI for vCPU 0: taken'], [record('kvm_pmi', 13, 0, 0), 'KVM', 'PMI for vCPU 0: LVTPC masked'],
    [record('kvm_halt', 14, 0), 'KVM', 'vCPU 0 waits'], [record('kvm_wake', 15, 0), 'KVM', 'vCPU 0 wakes'],
    [record('vpmu_create', 16, 0, 2), 'KVM', 'vCPU 0 counter 2: new host event'],
    [record('vpmu_release', 17, 0, 2), 'KVM', 'vCPU 0 counter 2: host event released'],
    [record('vpmu_reuse', 18, 0, 2), 'KVM', 'vCPU 0 counter 2: host event used on'],
    [record('vpmu_overflow', 19, 0, 2, 1), 'KVM', 'vCPU 0 counter 2 overflows'],
    [record('vpmu_overflow', 20, 0, 2, 0), 'KVM', 'vCPU 0 counter 2 overflows, and is dropped'],
    [record('perf_event_create', 21, 3, 0), 'host', 'event 3 made'], [record('perf_event_release', 22, 3), 'host', 'event 3 released'],
    [record('perf_event_in', 23, 3, 1), 'host', 'event 3 on counter 1'],
    [record('perf_event_out', 24, 3, 1), 'host', 'event 3 off counter 1'],
    [record('perf_event_error', 25, 3), 'host', 'event 3: no counter, ERROR'],
    [record('perf_overflow', 26, 3, 1), 'host', 'event 3: period elapsed'],
    [record('perf_overflow', 27, 3, 0), 'host', 'event 3: period not elapsed'],
    [record('perf_throttle', 28, 3), 'host', 'event 3 throttled'], [record('perf_unthrottle', 29, 3), 'host', 'event 3 runs again'],
    [record('perf_unknown_nmi', 30), 'host', 'NMI for an unknown reason'],
    [record('sched_switch', 31, 0, 1), 'host', 'task 1 instead of 0'],
    [record('sched_migrate_task', 32, 0, 0, 1), 'host', 'task 0 to CPU 1'],
  ];
  const all = new Set(Object.keys(TRACEPOINTS).filter((name) => /^(host|kvm|vpmu|perf|sched)_/.test(name)));
  assert.deepEqual(new Set(cases.map(([{ name }]) => name)), all);
  const [heading, ...lines] = timeline(cases.map(([each]) => each));
  for (const [i, [, column, text]] of cases.entries()) assert.equal(lines[i]!.slice(heading!.indexOf(column)), text);
});

test('with several processors each line says which', () => {
  const lines = timeline([{ name: 'cpu_halt', cpu: 0, time: 5, values: [] }, { name: 'cpu_halt', cpu: 1, time: 6, values: [] }]);
  assert.deepEqual(lines.slice(1), ['           5  0    halted', '           6  1    halted']);
  assert.ok(lines[0]!.startsWith('      cycles  CPU  guest'));
  assert.deepEqual(timeline([]), [`${'cycles'.padStart(12)}  ${'guest'.padEnd(59)}${'PMU'.padEnd(23)}APIC`]);
});
