import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { AMD_EVENTS, COUNTING, INT, PROGRAM, TOP, TOTAL } from './amd-program.ts';
import { type Ran, runEveryWay } from './program.ts';

// AMD's counters in a guest: exact counts, and a PMI that leaves LVTPC as it is.

const { CYCLES, INSTRUCTIONS, BRANCHES, MISPREDICTS, CONDITIONAL } = AMD_EVENTS;

function run(version: number, given: Readonly<Record<string, readonly bigint[]>>): Ran {
  const ran = runEveryWay(PROGRAM(version), { machine: { vendor: 'amd', perfmon: { version, generalCounters: 6 } }, given });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  assert.deepEqual(ran.report.cpus[0]!.exceptions, {});
  return ran;
}

test('six counters count at once, with their own codes', () => {
  const ran = run(2, {
    selectors: [CYCLES, INSTRUCTIONS, BRANCHES, CONDITIONAL, MISPREDICTS, INSTRUCTIONS | (1n << 24n)].map((event) => event | COUNTING),
    start_with: [0x3fn],
  });
  // Mispredicted: the history is new thirteen times, each time guessed "not taken"; and the last one, which is not taken.
  assert.deepEqual(ran.words('counted', 6), [TOTAL, TOTAL, 20n, 20n, 14n, TOTAL]);
  assert.deepEqual([ran.word('status'), ran.word('pmis'), ran.word('leaf')], [0n, 0n, (6n << 32n) | 1n]);
});

test('a counter preset to 1 - count ends at 1 with its status bit; the PMI leaves LVTPC unmasked', () => {
  for (let counter = 0; counter < 6; counter += 1) {
    const int = counter % 2 === 1, only = (value: bigint): bigint[] => Array.from({ length: 6 }, (_, i) => (i === counter ? value : 0n));
    const ran = run(2, {
      selectors: only(INSTRUCTIONS | COUNTING | (int ? INT : 0n)), presets: only(TOP + 1n - TOTAL), start_with: [0x3fn],
    });
    assert.equal(ran.words('counted', 6)[counter], 1n);
    assert.deepEqual([ran.word('status'), ran.word('cleared'), ran.word('pmis'), ran.word('lvtpc')], [
      1n << BigInt(counter), 0n, int ? 1n : 0n, 0x81n,
    ]);
  }
});

test('without PerfMonV2 a counter needs nothing but its own enable bit', () => {
  const ran = run(1, {
    selectors: [0n, INSTRUCTIONS | COUNTING], start_with: [INSTRUCTIONS | COUNTING | INT], presets: [TOP - 5n],
  });
  assert.deepEqual([ran.word('pmis'), ran.word('lvtpc'), ran.word('leaf')], [1n, 0x81n, 0n]);
  // Counter 1 counts from when it is programmed: RET, ADD, INC, CMP, JB; for each of four more twice LEA, MOV, ADD, MOV, CALL, MOV,
  // SHR, WRMSR, RET and once ADD, INC, CMP, JB; MOV, MOV, XOR, WRMSR. And until it is read: XOR, eight for counter 0, MOV.
  const [first, second] = ran.words('counted', 2);
  assert.deepEqual([first, second], [TOTAL - 5n, 5n + 4n * (2n * 9n + 4n) + 4n + TOTAL + 1n + 8n + 1n]);
});

test('a built-in program that AMD\'s counters cannot run is refused in one line, with its place', () => {
  const scenario = (program: object, perfmon: object = { version: 2 }): unknown =>
    ({ name: 'test', machine: { vendor: 'amd', perfmon }, program: { kind: 'built-in', main: 'sampling', events: [], ...program } });
  const event = (name: string): object => ({ event: name, period: 1000 });
  for (const [value, message] of [
    [scenario({ handler: 'v4' }), /^\$\.program\.handler: expected another one: no PMI freezes AMD's counters, found "v4"$/],
    [scenario({ main: 'masked' }, { version: 1 }), /^\$\.program\.main: .*machine\.perfmon\.version 2/],
    [scenario({ events: [event('near calls retired')] }), /^\$\.program\.events\[0\]\.event: expected an event that AMD's/],
    [scenario({ events: [{ ...event('instructions retired'), fixed: true }] }), /^\$\.program\.events\[0\]\.fixed: /],
    [scenario({}, { version: 0 }), /^\$\.machine\.perfmon\.version: expected 1 or more/],
    [scenario({ events: Array(7).fill(event('core cycles')) }, { generalCounters: 8 }), /^\$\.program\.events: expected at most 6/],
  ] as const) assert.throws(() => parseScenario(value), (error: Error) => message.test(error.message) || assert.fail(error.message));
});

test('K7\'s four counters are found by their registers alone', () => {
  const scenario = parseScenario({
    name: 'test', machine: { vendor: 'amd', memory: 2, perfmon: { version: 1, generalCounters: 4 } },
    program: {
      kind: 'built-in', main: 'sampling', iterations: 100, events: [{ event: 'instructions retired', period: 1000, interrupt: false }],
    },
  });
  const world = new World(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {} });
  // As `pmi-amd-v1` without PMIs: 9 + 4 x 100 + 1 + 18.
  assert.deepEqual(world.run().cpus[0]!.program!.events, [{ count: 428, overflows: 0 }]);
});
