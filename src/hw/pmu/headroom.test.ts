import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dump } from '../../base/dump.ts';
import { EVENT, EVENTS, type EventCounts, newEventCounts } from '../../x86/event.ts';
import { Pmu } from './pmu.ts';

// What a processor relies on: it runs up to `headroom` cycles, one instruction beyond at most, and gives all of it to the
// counters at once. That must be the same as counting each instruction by itself.

interface Instruction {
  readonly cycles: number;
  readonly user: boolean;
  readonly branch: boolean;
  readonly mispredicted: boolean;
  /** 0 to 2 of each, misses among the references. */
  readonly references: number;
  readonly misses: number;
  readonly memory: boolean;
}

const anyInstruction: fc.Arbitrary<Instruction> = fc.record({
  cycles: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 40 }) }),
  // Mostly in runs at one level.
  user: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  branch: fc.boolean(), mispredicted: fc.boolean(), references: fc.nat(2), misses: fc.nat(2), memory: fc.boolean(),
});

function add(events: EventCounts, { cycles, branch, mispredicted, references, misses, memory }: Instruction): void {
  const count = (name: keyof typeof EVENT, by: number): void => {
    events[EVENT[name]]! += by;
  };
  count('core cycles', cycles);
  count('reference cycles', cycles);
  count('topdown slots', 4 * cycles);
  count('instructions retired', 1);
  count('LLC references', references);
  count('LLC misses', Math.min(misses, references));
  count('branch instructions retired', branch ? 1 : 0);
  count('conditional branches retired', branch ? 1 : 0);
  count('branch mispredicts retired', branch && mispredicted ? 1 : 0);
  count('loads retired', memory ? 1 : 0);
  count('stores retired', memory ? 1 : 0);
}

const CODES = EVENTS.map(({ codes }) => codes[0][0] | (codes[0][1] << 8));
/** A selector that counts somewhere, with INT, EDGE, INV and CMASK as it happens. */
const anySelector = fc.record({
  code: fc.constantFrom(...CODES), rings: fc.constantFrom(1 << 16, 2 << 16, 3 << 16, 3 << 16, 3 << 16), int: fc.boolean(),
  edge: fc.integer({ min: 0, max: 5 }).map((n) => n === 0), inv: fc.boolean(), cmask: fc.constantFrom(0, 0, 0, 0, 1, 2, 4, 5),
}).map(({ code, rings, int, edge, inv, cmask }) =>
  (code | rings | (int ? 1 << 20 : 0) | (edge ? 1 << 18 : 0) | (1 << 22) | (inv ? 1 << 23 : 0) | (cmask << 24)) >>> 0);

const anySetUp = fc.record({
  version: fc.integer({ min: 2, max: 5 }), width: fc.constantFrom<number[]>(4, 5, 8, 48), skid: fc.constantFrom<number[]>(0, 0, 1, 3, 7),
  freeze: fc.constantFrom(false, false, false, true),
  selectors: fc.array(anySelector, { minLength: 4, maxLength: 4 }), fixedCtrl: fc.nat(0xffff).map((bits) => bits & 0xbbbb),
  /** How many are missing to the wrap. */
  missing: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 8, maxLength: 8 }),
});
type SetUp = typeof anySetUp extends fc.Arbitrary<infer T> ? T : never;

/** Something that happened, and how many instructions had retired by then. */
type Log = readonly [what: string, at: number][];

function powerOn({ version, width, skid, freeze, selectors, fixedCtrl, missing }: SetUp, log: (what: string) => void): Pmu {
  const caps = {
    version, generalCounters: 4, generalWidth: width, fixedCounters: 4, fixedWidth: width, fullWidthWrites: true, unavailableEvents: 0,
    anyThreadDeprecated: true, tsx: false,
  };
  const pmu = new Pmu({ caps, skid }, { overflow: (counter) => log(`counter ${counter}`), pmi: () => log('PMI') });
  const write = (msr: number, low: number, high = 0): void => {
    assert.ok(pmu.accepts(msr, low >>> 0, high));
    pmu.wrmsr(msr, low >>> 0, high);
  };
  const top = 2 ** width;
  for (const [k, short] of missing.entries()) {
    const value = (top - (short % top)) % top;
    write(k < 4 ? 0x4c1 + k : 0x309 + k - 4, value % 2 ** 32, Math.floor(value / 2 ** 32));
  }
  for (const [i, selector] of selectors.entries()) write(0x186 + i, selector);
  write(0x38d, fixedCtrl);
  write(0x1d9, freeze ? 0x1800 : 0);
  write(0x38f, 0xf, 0xf);
  return pmu;
}

/** One by one, or in stretches of at most so many cycles as `stretch` says and the unit allows. */
function run(setUp: SetUp, program: readonly Instruction[], stretch: (at: number) => number): { pmu: Pmu; log: Log } {
  const log: [string, number][] = [];
  let retired = 0;
  const pmu = powerOn(setUp, (what) => log.push([what, retired]));
  while (retired < program.length) {
    const events = newEventCounts();
    const { user } = program[retired]!;
    let budget = Math.min(stretch(retired), pmu.headroom(user));
    assert.ok(budget >= 1);
    while (budget > 0 && retired < program.length && program[retired]!.user === user) {
      add(events, program[retired]!);
      budget -= program[retired]!.cycles;
      retired += 1;
    }
    pmu.count(events, user);
  }
  return { pmu, log };
}

const RUNS = 1000;

test('counting in stretches that headroom allows is counting instruction by instruction', () => {
  const seen = { overflows: 0, pmis: 0 };
  fc.assert(fc.property(
    anySetUp, fc.array(anyInstruction, { minLength: 40, maxLength: 200 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
    (setUp, program, stretches) => {
      const single = run(setUp, program, () => 1);
      const chosen = run(setUp, program, (at) => stretches[at % stretches.length]!);
      const longest = run(setUp, program, () => Number.POSITIVE_INFINITY);
      for (const { pmu, log } of [chosen, longest]) {
        assert.deepEqual(log, single.log);
        assert.deepEqual(dump(pmu), dump(single.pmu));
      }
      for (const [what] of single.log) seen[what === 'PMI' ? 'pmis' : 'overflows'] += 1;
    },
  ), { numRuns: RUNS, seed: 1 });
  // The property is about something: on average each run has several overflows and PMIs.
  assert.ok(seen.overflows > 5 * RUNS && seen.pmis > 2 * RUNS, JSON.stringify(seen));
});

test('headroom is what is missing to the wrap, by what a cycle can bring at most', () => {
  const headroomOf = (code: number, missing: number, more = 0): number => {
    const setUp = { version: 4, width: 48, skid: 0, freeze: false, fixedCtrl: 0, missing: [missing, 1, 1, 1, 1, 1, 1, 1] };
    return powerOn({ ...setUp, selectors: [code | (3 << 16) | (1 << 22) | more, 0, 0, 0] }, () => {}).headroom(false);
  };
  // At most one a cycle of these; four slots; two references; edges are looked at one by one.
  assert.equal(headroomOf(0xc0, 1000), 1000);
  assert.equal(headroomOf(0x3c, 7), 7);
  assert.equal(headroomOf(0x1a4, 1001), 251); // 1001 / 4, rounded up
  assert.equal(headroomOf(0x4f2e, 1001), 500); // 1001 / 2, rounded down
  assert.equal(headroomOf(0x4f2e, 1), 1);
  assert.equal(headroomOf(0xc0, 1000, 1 << 18), 1);
  // Nothing counts at the other level, or at all.
  assert.equal(headroomOf(0xffff, 1), Number.POSITIVE_INFINITY);
});
