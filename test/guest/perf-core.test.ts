import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramReport } from '../../src/guest/programs.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { outside, runHosted } from '../hosted/runs.ts';

// The perf core of the built-in programs: what Linux' does, on bare metal. Sums as in scenarios.test.ts.

const HANDLER = 75;

function run(program: object, perfmon: object = {}): { readonly program: ProgramReport; readonly accesses: readonly number[] } {
  const scenario = parseScenario({
    name: 'x', machine: { memory: 2, perfmon }, program: { kind: 'built-in', main: 'sampling', workload: 'alu', ...program },
  });
  const report = new World(scenario, outside()).run();
  assert.deepEqual(report.outcome, { kind: 'exit', code: 0 });
  const [cpu] = report.cpus;
  return { program: cpu!.program!, accesses: [cpu!.rdmsr, cpu!.wrmsr, cpu!.rdpmc] };
}

const instructions = (period: number): object => ({ event: 'instructions retired', period });

test('a period that is longer than a counter can be armed for comes in pieces, and elapses once', () => {
  // Half of 12 bits, less 1: 2047. ALU: 3 + 4 x 10,000 + 1 + 5 = 40,009 of its own.
  const { program } = run({ iterations: 10_000, events: [instructions(10_000)] }, { generalWidth: 12 });
  const whole = run({ iterations: 10_000, events: [instructions(10_000)] });
  // Until it is read, a piece counts 15 instructions of the handler more: 10,000 = 4 x (2047 + 15) + 1752. Five PMIs a period; and
  // 40,009 + 20 x 75 = 41,509 is less than the 4 x 10,000 + 15 + 2047 of the next.
  assert.deepEqual([program.pmis, program.spurious], [20, 0]);
  assert.deepEqual([program.events[0]!.count, program.events[0]!.overflows], [40_009 + 20 * HANDLER, 4]);
  assert.deepEqual([whole.program.pmis, whole.program.events[0]!.overflows], [4, 4]);
});

test('through the legacy window a counter takes 31 bits', () => {
  const period = 2 ** 31;
  for (const [perfmon, left] of [[{}, 2 ** 48 - period], [{ fullWidthWrites: false }, 2 ** 48 - (2 ** 31 - 1)]] as const) {
    const scenario = parseScenario({
      name: 'x', machine: { memory: 2, perfmon },
      program: { kind: 'built-in', main: 'counting', iterations: 10, events: [instructions(period)] },
    });
    const world = new World(scenario, outside());
    const { cpus: [cpu] } = world.run();
    // Counting: MOV, CALL; 4 x 10 and RET; MOV, XOR, XOR, WRMSR.
    assert.equal(cpu!.program!.events[0]!.count, 47);
    assert.equal(world.machine.cpus[0]!.pmu.regs.counters[0], left + 47);
  }
});

test('a fixed counter counts as a general one does', () => {
  const events = [instructions(7001), { ...instructions(7001), fixed: true }];
  const { program } = run({ iterations: 10_000, events });
  const [general, fixed] = program.events;
  assert.deepEqual(fixed, general);
  assert.ok(general!.overflows > 3);
});

test('a handler that never enables is silent until the program does it', () => {
  // Sixteen rounds of 625 iterations, 2500 instructions and more each: one PMI a round, after 1000.
  const { program, accesses } = run({ handler: 'never re-enables', iterations: 10_000, events: [instructions(1000)] });
  assert.deepEqual([program.pmis, program.events[0]!.overflows, program.spurious], [16, 16, 0]);
  // Of its seven accesses five are WRMSR less the enable; each round enables.
  assert.deepEqual(accesses, [2 + 2 * 16, 4 + 4 + 2 + 4 * 16 + 16, 16 + 1]);
});

test('a handler that throttles switches every fourth overflow\'s counter off, until the next round', () => {
  const { program } = run({ handler: 'throttle', iterations: 10_000, events: [instructions(500)] });
  // Four overflows a round: 4 x 500 of more than 2500 instructions.
  assert.deepEqual([program.events[0]!.overflows, program.pmis, program.spurious], [64, 64, 0]);
});

test('a handler that disables by the selectors leaves the global control alone', () => {
  const { program, accesses } = run({ handler: 'selector', iterations: 10_000, events: [instructions(5000)] });
  assert.deepEqual([program.pmis, program.events[0]!.overflows, program.spurious], [program.pmis, program.pmis, 0]);
  // Off, acknowledge, counter, on, LVTPC: five WRMSR, as the classic one has.
  assert.deepEqual(accesses, [2 + 2 * program.pmis, 4 + 4 + 2 + 5 * program.pmis, program.pmis + 1]);
});

/** perf_sample_event_took of Linux, at HZ = 250: the rate after each PMI. */
function ratesAfter(durations: readonly number[]): number[] {
  let sum = 0n, allowed = 2500n, rate = 100_000n;
  return durations.map((ns) => {
    sum += BigInt(ns) - sum / 128n;
    const mean = sum / 128n;
    if (mean > allowed) {
      allowed = mean + mean / 4n;
      // A quarter of a tick of 4 ms.
      rate = (allowed < 1_000_000n ? 1_000_000n / allowed : 1n) * 250n;
    }
    return Number(rate);
  });
}

test('the sampling-rate limiter is Linux\': handlers of 4.5 ms end at a rate of 250, those of 9 us do not', () => {
  const scenario = parseScenario({
    name: 'x', machine: { memory: 2 },
    program: { kind: 'built-in', main: 'sampling', workload: 'hot spots', iterations: 10_000, events: [instructions(10_006)] },
  });
  // The experiment of 2018, without a watchdog: a host event is the first and the last one each time.
  const slow = runHosted(scenario, 'reallocate').cpus[0]!.program!;
  assert.deepEqual(slow.rates, ratesAfter(slow.durations));
  assert.deepEqual([...slow.rates.slice(0, 3), slow.maxSampleRate], [5500, 2750, 1750, 250]);
  const fast = runHosted(scenario, 'guest-pmi').cpus[0]!.program!;
  assert.deepEqual(fast.rates, ratesAfter(fast.durations));
  // 9 us: 41 of them leave the rate alone.
  assert.deepEqual([fast.rates[40], fast.rates[41]], [100_000, 79_000]);
  const native = run({ iterations: 10_000, workload: 'hot spots', events: [instructions(10_006)] }).program;
  assert.deepEqual(new Set(native.rates), new Set([100_000]));
  // RDTSC to RDTSC, on a processor of 2.4 GHz: all PMIs alike.
  assert.equal(new Set(native.durations).size, 1);
});
