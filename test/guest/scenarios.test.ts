import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { LVT } from '../../src/hw/lapic/lapic.ts';
import { type CpuReport, type Report, succeeded } from '../../src/lab/report.ts';
import { parseScenario, type Scenario } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';

// Every count below is a sum over the listings in src/guest/source. What counts, counts from the instruction behind the
// WRMSR that enables up to the WRMSR that disables.

interface Done { readonly world: World; readonly report: Report; readonly cpu: CpuReport }

const results = new Map<string, Done>();
function run(name: string): Done {
  const known = results.get(name);
  if (known) return known;
  const world = new World(SCENARIOS.get(name)!, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm });
  const report = world.run();
  assert.ok(succeeded(report), JSON.stringify(report.outcome));
  const done = { world, report, cpu: report.cpus[0]! };
  results.set(name, done);
  return done;
}

const symbol = ({ world }: Done, name: string): bigint => world.image.symbols.get(name)!;

/** RET of `enable_all`, MOV ECX, CALL; behind the workload CALL, and in `disable_all` MOV, XOR, XOR, WRMSR. */
const BEFORE = 3;
const AFTER = 5;
/** `account_pmi` with its CALL: RDTSC to the RET, without a branch. */
const ACCOUNT = 1 + 46;
/** Up to the WRMSR that stops: 7 PUSH, RDTSC, 2 MOV, INC, MOV, XOR, XOR, WRMSR. */
const STOP = 15;
/** MOV, MOV, XOR, WRMSR. */
const LVTPC = 4;
/** From the one that starts: RET, LVTPC, the accounting, 7 POP, IRETQ. */
const START = 1 + LVTPC + ACCOUNT + 7 + 1;
/** MOV, XOR, XOR, WRMSR. */
const EOI = 4;
/** What the v4 handler counts behind the WRMSR that unfreezes: the accounting, 7 POP, IRETQ. */
const UNFREEZE = ACCOUNT + 7 + 1;
/** Four instructions an iteration, and RET. */
const alu = (iterations: number): number => 4 * iterations + 1;
/** A hundred an iteration, and RET. */
const hotSpots = (iterations: number): number => 100 * iterations + 1;

/**
 * What a PMI counts of itself. A period begins where the one before ended, at the wrap, as Linux has it: what the handler
 * counts until it stops the counters is part of the next period.
 */
const HANDLER = STOP + START;

/** PMIs when each period loses `lost` instructions of `own` to the handler of the PMI before. */
const pmisOf = (own: number, period: number, lost: number): number => 1 + Math.floor((own - period) / (period - lost));

/** How many of its own instructions the program had done at the k-th PMI: the next is the one that is interrupted. */
const doneAt = (k: number, period: number, lost: number): number => period + k * (period - lost);

/** The address of an instruction of `workload`, counted from its first; ADD, LEA, DEC, JNZ have 3, 4, 3 and 2 bytes. */
const aluAddress = (done: Done, index: number): bigint => symbol(done, 'workload') + [0n, 3n, 7n, 10n][index % 4]!;

/** CALL has 5 bytes, INC and DEC 3: CALL, 9 INC, RET, CALL, 29 INC, RET, CALL, 54 INC, RET, DEC, JNZ. */
function hotSpotAddress(done: Done, index: number): bigint {
  const at = index % 100;
  const inc = (first: number): bigint => 3n * BigInt(at - first);
  if (at === 0) return symbol(done, 'workload');
  if (at <= 10) return symbol(done, 'cold') + inc(1);
  if (at === 11) return symbol(done, 'workload') + 5n;
  if (at <= 41) return symbol(done, 'warm') + inc(12);
  if (at === 42) return symbol(done, 'workload') + 10n;
  if (at <= 97) return symbol(done, 'hot') + inc(43);
  return symbol(done, 'workload') + (at === 98 ? 15n : 18n);
}

/** What hypervisors would have to trap: RDMSR, WRMSR, RDPMC. */
const accesses = ({ rdmsr, wrmsr, rdpmc }: CpuReport): number[] => [rdmsr, wrmsr, rdpmc];
/** RDMSR of IA32_APIC_BASE and IA32_PERF_CAPABILITIES; WRMSR of IA32_GS_BASE, IA32_APIC_BASE, the spurious vector and LVTPC. */
const RUNTIME = { rdmsr: 2, wrmsr: 4 };
/** `disable_all` and IA32_DEBUGCTL before the events, `enable_all`, `disable_all`; selector and counter of each event. */
const perf = (events: number): number => 4 + 2 * events;

test('each scenario has a test here', () => {
  assert.deepEqual([...SCENARIOS.keys()], [
    'pmi', 'pmi-v4', 'pmi-amd', 'pmi-amd-v1', 'count', 'misses', 'simultaneous', 'nested', 'masked', 'late', 'interrupt', 'rings',
    'two-cpus',
  ]);
});

test('pmi', () => {
  const done = run('pmi');
  const { cpu } = done;
  const own = BEFORE + hotSpots(10_000) + AFTER;
  const pmis = pmisOf(own, 10_006, HANDLER);
  // 1,000,009 = 3 + 1,000,001 + 5; 1 + (1,000,009 - 10,006) / 9931 = 100.69; 1,000,009 + 100 x (15 + 60)
  assert.deepEqual([own, pmis], [1_000_009, 100]);
  assert.deepEqual(cpu.program!.events, [{ count: 1_007_509, overflows: 100 }]);
  // One PMI for each overflow, and each an NMI.
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.interrupts, cpu.program!.pmis, cpu.program!.spurious], [
    100, 100, 0, 100, 0, 100, 0,
  ]);
  const samples = Array.from({ length: 100 }, (_, k) => hotSpotAddress(done, doneAt(k, 10_006, HANDLER) - BEFORE));
  assert.deepEqual(cpu.program!.samples, samples);
  // The first: 10,006 - 3 = 10,003, of which the last 3 begin an iteration; then 9931 later 34, and 65.
  assert.deepEqual(samples.slice(0, 3), [symbol(done, 'cold') + 6n, symbol(done, 'warm') + 66n, symbol(done, 'hot') + 66n]);
  // A PMI is: stop, status, acknowledge, RDPMC, counter, status, start, LVTPC.
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2 * 100, RUNTIME.wrmsr + perf(1) + 5 * 100, 100 + 1]);
  assert.deepEqual(cpu.exceptions, {});
});

test('pmi-v4', () => {
  const done = run('pmi-v4');
  const { cpu } = done;
  const own = BEFORE + hotSpots(10_000) + AFTER;
  // 1 + (1,000,009 - 10,006) / 9951 = 100.49; 1,000,009 + 100 x 55: frozen from the PMI on, nothing before counts.
  assert.equal(pmisOf(own, 10_006, UNFREEZE), 100);
  assert.deepEqual(cpu.program!.events, [{ count: 1_005_509, overflows: 100 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [100, 100, 0, 100, 0]);
  const samples = Array.from({ length: 100 }, (_, k) => hotSpotAddress(done, doneAt(k, 10_006, UNFREEZE) - BEFORE));
  assert.deepEqual(cpu.program!.samples, samples);
  // A PMI is: status, RDPMC, counter, LVTPC, acknowledge.
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 100, RUNTIME.wrmsr + perf(1) + 3 * 100, 100 + 1]);
});

test('pmi-amd', () => {
  const done = run('pmi-amd');
  const { cpu } = done;
  // As on Intel's, but that nothing is written to LVTPC: 15 + 56.
  const handler = HANDLER - LVTPC;
  assert.equal(pmisOf(BEFORE + hotSpots(10_000) + AFTER, 10_006, handler), 100);
  // 1,000,009 + 100 x 71
  assert.deepEqual(cpu.program!.events, [{ count: 1_007_109, overflows: 100 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [100, 100, 0, 100, 0]);
  const samples = Array.from({ length: 100 }, (_, k) => hotSpotAddress(done, doneAt(k, 10_006, handler) - BEFORE));
  assert.deepEqual(cpu.program!.samples, samples);
  // IA32_APIC_BASE only; a PMI is: stop, status, RDPMC, counter, acknowledge, start.
  assert.deepEqual(accesses(cpu), [1 + 100, RUNTIME.wrmsr + perf(1) + 4 * 100, 100 + 1]);
  // No delivery has masked LVTPC.
  assert.equal(done.world.machine.cpus[0]!.lapic.read(LVT.perfmon), 0x400);
});

test('pmi-amd-v1', () => {
  const done = run('pmi-amd-v1');
  const { cpu } = done;
  // Behind the selector's WRMSR: RET, ADD, DEC, JMP, TEST, JZ, RET, MOV, CALL. To the one that takes EN away: 3 CALL, 2 MOV, ADD, RET,
  // TEST, JZ, CALL, 2 MOV, CMP, JE, BTR, JMP, MOV, WRMSR.
  const before = 9, after = 18;
  // Nothing stops. To the RDPMC: 7 PUSH, RDTSC, 2 MOV, INC; LVTPC; MOV, CALL, 10 of `record_sample`; XOR, 2 CALL, 4 of `first_event`,
  // TEST, JZ, CALL, MOV. From there to the WRMSR that arms all is overwritten. Behind it: POP, RET, TEST, JZ, INC, ADD, DEC, JMP, TEST,
  // JZ, RET, TEST, JNZ, the accounting, 7 POP, IRETQ.
  const handler = 11 + LVTPC + 12 + 11 + (13 + ACCOUNT + 7 + 1);
  const own = before + hotSpots(10_000) + after;
  // 1 + (1,000,028 - 10,013) / (10,013 - 106) = 100.93; 1,000,028 + 100 x 106
  assert.deepEqual([handler, own, pmisOf(own, 10_013, handler)], [106, 1_000_028, 100]);
  assert.deepEqual(cpu.program!.events, [{ count: 1_010_628, overflows: 100 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [100, 100, 0, 100, 0]);
  const samples = Array.from({ length: 100 }, (_, k) => hotSpotAddress(done, doneAt(k, 10_013, handler) - before));
  assert.deepEqual(cpu.program!.samples, samples);
  // IA32_APIC_BASE, and the last selector that is needed; DebugCtl, the counter, its selector three times; LVTPC and counter.
  assert.deepEqual(accesses(cpu), [2, RUNTIME.wrmsr + 5 + 2 * 100, 100 + 1]);
});

test('count', () => {
  const { cpu } = run('count');
  // MOV, CALL; LEA, ten an iteration, RET; MOV, XOR, XOR, WRMSR. Branches: CALL, four an iteration, RET. Loads: three an
  // iteration and RET; stores: three and CALL. A cycle is an instruction.
  const expected = [2 + 1 + 10_000 + 1 + 4, 1 + 4000 + 1, 2000, 1 + 1000, 3000 + 1, 3000 + 1, 10_008];
  assert.deepEqual(cpu.program!.events, expected.map((count) => ({ count, overflows: 0 })));
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.nmis], [0, 0, 0]);
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr, RUNTIME.wrmsr + perf(7) + 1, 7]);
});

test('misses', () => {
  const done = run('misses');
  // JZ is taken every second time, JNZ always: T T N T. While the history of twelve fills, and for one round more until
  // it has come back, each counter is new and says "not taken": 4 rounds x 3. The last JNZ is not taken: 1. Calls and
  // returns are always right.
  const mispredicts = 4 * 3 + 1;
  // The line of `cells` (three quadwords of it) and that of the stack (two return addresses below 11000H - 8): neither was
  // there, because caches are looked at only while they are counted.
  assert.ok(Number(symbol(done, 'cells') % 64n) + 24 <= 64);
  assert.deepEqual(done.cpu.program!.events.map(({ count }) => count), [mispredicts, 2, 2]);
});

test('simultaneous', () => {
  const done = run('simultaneous');
  const { cpu } = done;
  const own = BEFORE + alu(10_000) + AFTER;
  // 40,009 = 3 + 40,001 + 5; 1 + (40,009 - 5000) / 4925 = 8.11; 40,009 + 8 x 75
  assert.equal(pmisOf(own, 5000, HANDLER), 8);
  assert.deepEqual(cpu.program!.events, [{ count: 40_609, overflows: 8 }, { count: 40_609, overflows: 8 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [16, 8, 0, 8, 0]);
  assert.deepEqual(cpu.program!.samples, Array.from({ length: 8 }, (_, k) => aluAddress(done, doneAt(k, 5000, HANDLER) - BEFORE)));
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2 * 8, RUNTIME.wrmsr + perf(2) + 6 * 8, 2 * 8 + 2]);
});

test('nested', () => {
  const done = run('nested');
  const { cpu, world } = done;
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [2, 2, 0, 2, 0]);
  // The 1000th instruction is the 997th of the workload; the second NMI, which waited, interrupts the same.
  assert.deepEqual(cpu.program!.samples, [aluAddress(done, 997), aluAddress(done, 997)]);
  // The handler counts too: 3 PUSH, 2 INC, MOV, CMP, JBE, the first time MOV, MOV, CALL, 10 of `record_sample`, 4 for the
  // status, 4 for LVTPC, MOV, 2 x 1000, DEC, 3 POP, IRETQ. Behind the workload MOV, XOR, XOR, WRMSR.
  const handler = 3 + 2 + 3 + 2 + 10 + 4 + 4 + 1 + 2000 + 1 + 3 + 1;
  const counted = BEFORE + alu(1000) + 4 + (handler + 1) + handler;
  assert.equal(counted, 8077);
  assert.deepEqual([...world.machine.cpus[0]!.pmu.regs.counters.subarray(0, 2)], [8077 - 1000, 8077 - 1500]);
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2, RUNTIME.wrmsr + perf(2) + 2 * 2, 0]);
});

test('masked', () => {
  const { cpu } = run('masked');
  // 3 + 4001 + 5
  assert.deepEqual(cpu.program!.events, [{ count: 4009, overflows: 0 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.pmis], [1, 0, 1, 0, 0]);
  // LVTPC twice, and the status.
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 1, RUNTIME.wrmsr + perf(1) + 2, 1]);
});

test('late', () => {
  const done = run('late');
  const { cpu } = done;
  // 3 + 4001, STI, NOP; then the handler with its EOI, CLI, and 5.
  assert.deepEqual(cpu.program!.events, [{ count: BEFORE + alu(1000) + 2 + (STOP + START + EOI) + 1 + AFTER, overflows: 1 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.interrupts], [1, 1, 0, 0, 1]);
  assert.deepEqual(cpu.program!.samples, [symbol(done, 'after_shadow')]);
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2, RUNTIME.wrmsr + perf(1) + 6, 1 + 1]);
});

test('interrupt', () => {
  const done = run('interrupt');
  const { cpu } = done;
  // 1 + (40,009 - 5000) / (5000 - 79) = 8.11; 40,009 + 8 x 79
  assert.equal(pmisOf(BEFORE + alu(10_000) + AFTER, 5000, HANDLER + EOI), 8);
  assert.deepEqual(cpu.program!.events, [{ count: 40_641, overflows: 8 }]);
  assert.deepEqual([cpu.overflows, cpu.pmis, cpu.nmis, cpu.interrupts, cpu.program!.spurious], [8, 8, 0, 8, 0]);
  assert.deepEqual(cpu.program!.samples, Array.from({ length: 8 }, (_, k) => aluAddress(done, doneAt(k, 5000, HANDLER + EOI) - BEFORE)));
  assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2 * 8, RUNTIME.wrmsr + perf(1) + 6 * 8, 8 + 1]);
});

test('rings', () => {
  const { cpu } = run('rings');
  // The user: MOV, LEA, CALL, the workload, SYSCALL. The kernel: RET, LEA, MOV, MOV, SYSRET; MOV, and 5.
  assert.deepEqual(cpu.program!.events.map(({ count }) => count), [3 + alu(1000) + 1, 5 + 1 + AFTER]);
  assert.deepEqual([cpu.overflows, cpu.pmis], [0, 0]);
});

test('two-cpus', () => {
  const { world, report } = run('two-cpus');
  for (const cpu of report.cpus) {
    // 100,009 = 3 + 100,001 + 5; 1 + (100,009 - 10,006) / 9931 = 10.06; 100,009 + 10 x 75
    assert.equal(pmisOf(BEFORE + hotSpots(1000) + AFTER, 10_006, HANDLER), 10);
    assert.deepEqual(cpu.program!.events, [{ count: 100_759, overflows: 10 }]);
    assert.deepEqual([cpu.overflows, cpu.pmis, cpu.pmisLost, cpu.nmis, cpu.program!.spurious], [10, 10, 0, 10, 0]);
    const samples = Array.from({ length: 10 }, (_, k) => hotSpotAddress({ world, report, cpu }, doneAt(k, 10_006, HANDLER) - BEFORE));
    assert.deepEqual(cpu.program!.samples, samples);
    assert.deepEqual(accesses(cpu), [RUNTIME.rdmsr + 2 * 10, RUNTIME.wrmsr + perf(1) + 5 * 10, 10 + 1]);
  }
});

test('an instruction that is handed back counts as what it is', () => {
  // The user's stack shares a page with code, so each CALL of `mixed` is done the slow way: 500, and the CALL of the workload. Each
  // iteration has two conditional branches.
  const user = { period: 2 ** 40, kernel: false, interrupt: false };
  const events = ['near calls retired', 'conditional branches retired'].map((event) => ({ event, ...user }));
  const program = { kind: 'built-in', main: 'user', workload: 'mixed', iterations: 500, events };
  const scenario = parseScenario({ name: 'calls', program });
  const counted = [nodeWasm, undefined].map((wasm) => {
    const world = new World(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, ...(wasm ? { wasm } : {}) });
    return world.run().cpus[0]!.program!.events.map(({ count }) => count);
  });
  assert.deepEqual(counted, [[501, 1000], [501, 1000]]);
});

test('a processor by name has its own counters and vendor, but for what is given', () => {
  const machine = (given: object): Scenario['machine'] => parseScenario({ name: 'x', machine: given, program: { kind: 'linux' } }).machine;
  const { perfmon, vendor } = machine({ cpu: 'skylake' });
  assert.deepEqual([vendor, perfmon.version, perfmon.generalCounters, perfmon.fixedCounters], ['intel', 4, 4, 3]);
  assert.deepEqual(machine({ cpu: 'skylake', perfmon: { version: 0 } }).perfmon, { ...perfmon, version: 0 });
  assert.equal(machine({ cpu: 'zen4' }).vendor, 'amd');
  const mismatch = /^Mismatch: \$\.machine\.vendor: expected "amd", whose zen4 is, found "intel"$/;
  assert.throws(() => machine({ cpu: 'zen4', vendor: 'intel' }), mismatch);
  assert.throws(() => machine({ cpu: 'z80' }), /^Mismatch: \$\.machine\.cpu: expected one of /);
});
