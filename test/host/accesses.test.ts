import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { StrategyName } from '../../src/host/vpmu/strategies.ts';
import type { GuestProgram, Operation, Sight } from '../../src/lab/small/operation.ts';
import { runBare, SmallWorld, type SmallWorldOptions } from '../../src/lab/small/world.ts';
import { EVENT, EVENTS, type EventName } from '../../src/x86/event.ts';
import { MSRS } from '../../src/x86/msr.ts';
import { DEBUGCTL, EVTSEL, type PerfmonCaps, STATUS_HIGH } from '../../src/x86/perfmon.ts';

// Random accesses of a guest to its PMU, and a host that does what it likes in between: what the guest reads, where its PMIs come and
// which of its accesses fault is what it would have seen alone. Counters are so narrow that they wrap all the time.

const LVTPC = MSRS.IA32_X2APIC_LVT_PMI;
const X2APIC_EOI = 0x80b;
/** PMIs as NMI, masked, and as an interrupt. */
const LVTPC_VALUES = [0x400, 0x1_0400, 0x81];

const wrmsr = (msr: number, low: number, high = 0): Operation => ({ op: 'wrmsr', msr, low: low >>> 0, high: high >>> 0 });
const read = (msr: number): fc.Arbitrary<Operation> => fc.constant({ op: 'rdmsr', msr });
const selectorOf = (event: EventName, flags: number): number => {
  const [code, umask] = EVENTS[EVENT[event]]!.codes[0];
  return code | (umask << 8) | flags;
};

interface Kind {
  readonly caps: PerfmonCaps;
  readonly events: readonly EventName[];
  /** Only what is legal, by KVM's rules and the manual's. */
  readonly legal: boolean;
}

/** One access. */
function accesses({ caps, events, legal }: Kind): fc.Arbitrary<Operation> {
  const { generalCounters, fixedCounters, generalWidth, version } = caps;
  const general = fc.integer({ min: 0, max: generalCounters - 1 });
  const nearWrap = fc.integer({ min: -40, max: -1 });
  const mask = 2 ** generalWidth - 1;
  const flags = fc.constantFrom(EVTSEL.EN, EVTSEL.EN | EVTSEL.INT, EVTSEL.EN | EVTSEL.INT, 0)
    .map((bits) => bits | EVTSEL.OS | EVTSEL.USR);
  const cmask = fc.constantFrom(0, 0, 0, 1, 2).map((least) => (legal ? 0 : least * 2 ** EVTSEL.CMASK_SHIFT));
  const set = fc.integer({ min: 0, max: 2 ** generalCounters - 1 });
  const fixed = fc.integer({ min: 0, max: 2 ** fixedCounters - 1 });
  const each: fc.Arbitrary<Operation>[] = [
    fc.integer({ min: 1, max: 30 }).map((n): Operation => ({ op: 'run', n })),
    fc.integer({ min: 1, max: 30 }).map((n): Operation => ({ op: 'run', n })),
    fc.tuple(general, fc.constantFrom(...events), flags, cmask)
      .map(([k, event, bits, least]) => wrmsr(MSRS.IA32_PERFEVTSEL0 + k, selectorOf(event, bits) + least)),
    fc.tuple(general, nearWrap).map(([k, value]) => wrmsr(MSRS.IA32_PMC0 + k, value)),
    fc.tuple(general, nearWrap).map(([k, value]) => wrmsr(MSRS.IA32_A_PMC0 + k, value & mask)),
    fc.tuple(set, fixed).map(([low, high]) => wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, low, high)),
    fc.constant(wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, 2 ** generalCounters - 1, 2 ** fixedCounters - 1)),
    fc.tuple(set, fixed).map(([low, high]) => wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, low, high)),
    fc.constantFrom(...LVTPC_VALUES).map((value) => wrmsr(LVTPC, value)),
    read(MSRS.IA32_PERF_GLOBAL_STATUS), read(MSRS.IA32_PERF_GLOBAL_CTRL),
    general.map((index): Operation => ({ op: 'rdpmc', index })),
    fc.constantFrom<Operation>({ op: 'cli' }, { op: 'sti' }, { op: 'sti' }),
  ];
  if (fixedCounters > 0) {
    const nibbles = fc.array(fc.constantFrom(0, 0x3, 0xb, 0xb), { minLength: fixedCounters, maxLength: fixedCounters });
    each.push(
      nibbles.map((bits) => wrmsr(MSRS.IA32_FIXED_CTR_CTRL, bits.reduce<number>((all, four, j) => all | (four << (4 * j)), 0))),
      nearWrap.map((value) => wrmsr(MSRS.IA32_FIXED_CTR0, value & (2 ** caps.fixedWidth - 1))),
      fc.constant<Operation>({ op: 'rdpmc', index: 0x4000_0000 }),
    );
  }
  if (!legal) {
    const freezes = fc.constantFrom(0, DEBUGCTL.FREEZE_PERFMON_ON_PMI, DEBUGCTL.FREEZE_LBRS_ON_PMI | DEBUGCTL.LBR);
    each.push(
      freezes.map((bits) => wrmsr(MSRS.IA32_DEBUGCTL, bits)), read(MSRS.IA32_DEBUGCTL),
      fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3 })).map(([i, high]) => wrmsr(MSRS.IA32_PMC0 + i % 8, i, high)),
      fc.constantFrom(0x187, 0x18a, 0x30c, 0x345, 0x391, 0x392, 0x4c1, 0x4c5, 0xc5).chain(read),
      fc.constantFrom(0x38e, 0x345, 0x392, 0x18a, 0x4c1).map((msr) => wrmsr(msr, 1, 1)),
      fc.constant<Operation>({ op: 'rdpmc', index: 7 }),
    );
    if (version >= 4) {
      each.push(
        fc.tuple(set, fc.constantFrom(0, STATUS_HIGH.CTR_FRZ)).map(([low, high]) => wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_SET, low, high)),
        fc.constant(wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, 0xf, STATUS_HIGH.CTR_FRZ)),
      );
    }
  }
  return fc.oneof(...each);
}

/** What the host does in between: an exit, a tick, another task, another processor, somebody who counts. */
const ACTIONS: fc.Arbitrary<Operation> = fc.constantFrom<Operation>(
  { op: 'host', action: { kind: 'kick' } }, { op: 'host', action: { kind: 'tick' } },
  { op: 'host', action: { kind: 'preempt', cycles: 10 } }, { op: 'host', action: { kind: 'migrate', to: 1 } },
  { op: 'host', action: { kind: 'migrate', to: 0 } }, { op: 'host', action: { kind: 'start', user: 0 } },
  { op: 'host', action: { kind: 'stop', user: 0 } }, { op: 'host', action: { kind: 'read', user: 0 } },
);

function programs(kind: Kind): fc.Arbitrary<GuestProgram> {
  const operations = (most: number): fc.Arbitrary<Operation[]> =>
    fc.array(fc.oneof({ arbitrary: accesses(kind), weight: 5 }, { arbitrary: ACTIONS, weight: 1 }), { maxLength: most });
  // A handler that lets the next PMI come now and then, but not each time: a storm has no end.
  const ends = fc.constantFrom<Operation[]>([wrmsr(LVTPC, 0x400)], [wrmsr(LVTPC, 0x81)], []);
  return fc.tuple(operations(40), operations(8), ends).map(([main, handler, end]) => ({
    main: [...main, ...everything(kind.caps)], handler: [...handler, ...end, wrmsr(X2APIC_EOI, 0), { op: 'iret' }],
  }));
}

/** Everything that there is to see at the end. */
const everything = ({ generalCounters, fixedCounters }: PerfmonCaps): Operation[] => [
  ...Array.from({ length: generalCounters }, (_, index): Operation => ({ op: 'rdpmc', index })),
  ...Array.from({ length: fixedCounters }, (_, j): Operation => ({ op: 'rdpmc', index: 0x4000_0000 + j })),
  { op: 'rdmsr', msr: MSRS.IA32_PERF_GLOBAL_STATUS },
];

interface Run {
  readonly caps: PerfmonCaps;
  /** What the guest sees of it. */
  readonly offered?: PerfmonCaps;
  readonly strategy: StrategyName;
  readonly skid?: number;
  readonly handler?: 'classic' | 'freeze';
  readonly pinned?: boolean;
}

/** What a guest has seen alone, and under a host. */
function both(program: GuestProgram, run: Run): [Sight[], Sight[]] {
  const { caps, offered = caps, strategy, skid = 0, handler = 'classic', pinned = false } = run;
  const options: SmallWorldOptions = {
    perfmon: caps, skid, cpus: 2, guests: [program], strategy, startUsers: false, maxSamplesPerTick: 1000, handler,
    users: [{
      kind: 'stat', event: 'branch instructions retired', period: 50, pinned, excludeHost: false, excludeGuest: strategy === 'mediated',
    }],
  };
  const alone = runBare(program, { ...options, perfmon: offered });
  fc.pre(alone.ended);
  const world = new SmallWorld(options);
  assert.equal(world.refused, undefined);
  assert.ok(world.run(), 'the guest ends');
  assert.equal(world.hostFaults, 0);
  return [alone.sights, world.guests[0]!.sights];
}

function compare(program: GuestProgram, run: Run): void {
  const [alone, hosted] = both(program, run);
  assert.deepEqual(hosted, alone);
}

const CAPS: PerfmonCaps = {
  version: 4, generalCounters: 3, generalWidth: 6, fixedCounters: 1, fixedWidth: 5, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: true, tsx: false,
};
const PARAMETERS = { seed: 2018, numRuns: 1500 };

for (const [version, generalWidth, fixedWidth] of [[2, 6, 5], [3, 5, 8], [4, 4, 4], [5, 8, 8], [4, 48, 6]] as const) {
  const caps = { ...CAPS, version, generalWidth, fixedWidth };
  test(`general: version ${version}, counters of ${generalWidth} and ${fixedWidth} bits`, () => {
    const kind: Kind = { caps, events: ['instructions retired', 'branch instructions retired'], legal: false };
    fc.assert(fc.property(programs(kind), (program) => compare(program, { caps, strategy: 'general' })), PARAMETERS);
  });
}

test('mediated: what a guest that sees version 2 does to registers that do not exit', () => {
  const caps = { ...CAPS, fixedCounters: 0 }, offered = { ...caps, version: 2 };
  // KVM counts what it completes behind its effect, which a counter of branches does not see; a fixed one would.
  const kind: Kind = { caps: offered, events: ['branch instructions retired'], legal: true };
  fc.assert(fc.property(programs(kind), (program) => compare(program, { caps, offered, strategy: 'mediated' })), PARAMETERS);
});

test('general: a host that freezes its counters, and has a pinned event of its own', () => {
  const caps = { ...CAPS, generalCounters: 4 };
  // The guest uses three of the four.
  const kind: Kind = { caps: CAPS, events: ['instructions retired', 'branch instructions retired'], legal: true };
  const run: Run = { caps, strategy: 'general', handler: 'freeze', pinned: true };
  fc.assert(fc.property(programs(kind), (program) => compare(program, run)), PARAMETERS);
});

// A PMI that skids comes where it likes. A handler that changes nothing but LVTPC makes no difference to what is counted then:
// counters and status are the same at each look, and there is a PMI where there should be one.
for (const strategy of ['general', 'mediated'] as const) {
  test(`${strategy}: PMIs that skid`, () => {
    const caps = { ...CAPS, version: strategy === 'mediated' ? 4 : 2, fixedCounters: 0 }, offered = { ...caps, version: 2 };
    const kind: Kind = { caps: offered, events: ['branch instructions retired'], legal: true };
    fc.assert(fc.property(programs(kind), fc.integer({ min: 1, max: 20 }), ({ main }, skid) => {
      const handler = [wrmsr(LVTPC, 0x400), wrmsr(X2APIC_EOI, 0), { op: 'iret' } as const];
      const [alone, hosted] = both({ main: [...main.slice(0, -4), { op: 'run', n: 1 }, ...main.slice(-4)], handler }, {
        caps, offered, strategy, skid,
      });
      const reads = (sights: Sight[]): Sight[] => sights.filter(({ kind: what }) => what === 'read');
      assert.deepEqual(reads(hosted), reads(alone));
    }), PARAMETERS);
  });
}
