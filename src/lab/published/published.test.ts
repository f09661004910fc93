import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeWasm } from '../../cli/wasm.ts';
import { exitCounts } from '../../host/kvm/kvm.ts';
import { SampleRateLimiter } from '../../host/perf/perf.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import { MSRS } from '../../x86/msr.ts';
import { type CostMachine, costMachine, MACHINE_NAMES, MACHINES, type MachineName, MODELS } from '../cost/cost.ts';
import { Bench, type GuestOptions, type ProfileRun } from './bench.ts';
import { periodFor } from './figure.ts';
import { FIGURES, isRepeated, isWithin, measure } from './published.ts';
import { LIMITED } from './seed.ts';

test('every figure has a source and a kind, and says why it is not repeated, or what it has decided', () => {
  assert.equal(new Set(FIGURES.map(({ name }) => name)).size, FIGURES.length, 'names are unique');
  for (const figure of FIGURES) {
    assert.ok(figure.source.length > 10 && figure.published > 0, figure.name);
    assert.ok(['fitted', 'predicted', 'recorded'].includes(figure.kind), figure.name);
    const told = figure.kind === 'recorded' || (figure.kind === 'predicted' && isRepeated(figure));
    if (!told) assert.ok(figure.why !== undefined && figure.why !== '', figure.name);
  }
});

test('no more than half of the figures that are repeated have decided a constant', () => {
  const repeated = FIGURES.filter(isRepeated);
  const fitted = repeated.filter(({ kind }) => kind === 'fitted');
  assert.ok(fitted.length > 0 && fitted.length <= repeated.length / 2, `${fitted.length} of ${repeated.length}`);
});

const PLACE = { machine: 'broadwell-2018', counters: { general: 4, fixed: 3 } } as const;
const bench = (): Bench => new Bench(MACHINES, nodeWasm);

/** One event that is counted, and no tick: nothing but the handler touches the PMU. */
const ONE: GuestOptions = { events: [{ event: 'core cycles', period: 1 << 20 }], samples: false };

/** Accesses that have exited. */
function exits({ vcpu }: ProfileRun): Readonly<Record<string, number>> {
  const of = (direction: 'R' | 'W', msr: number): number =>
    (vcpu.msrExits.get(`${direction} ${msr}`) ?? 0) + (vcpu.msrExits.get(`${direction} ${msr}=0`) ?? 0);
  return {
    'W GLOBAL_CTRL': of('W', MSRS.IA32_PERF_GLOBAL_CTRL), 'R GLOBAL_STATUS': of('R', MSRS.IA32_PERF_GLOBAL_STATUS),
    'W OVF_CTRL': of('W', MSRS.IA32_PERF_GLOBAL_STATUS_RESET), 'W FIXED_CTR1': of('W', MSRS.IA32_FIXED_CTR0 + 1),
    'W LVTPC': of('W', MSRS.IA32_X2APIC_LVT_PMI), RDPMC: exitsOf(vcpu, 'RDPMC'), NMI: exitsOf(vcpu, 'EXCEPTION_NMI'),
  };
}

const exitsOf = (vcpu: ProfileRun['vcpu'], reason: 'RDPMC' | 'EXCEPTION_NMI'): number => exitCounts(vcpu)[reason] ?? 0;

// intel_pmu_handle_irq: GLOBAL_CTRL off and on, STATUS before and after, OVF_CTRL, RDPMC, the counter, LVTPC: 8; and the host's NMI.
for (const strategy of ['reallocate', 'guest-pmi', 'register', 'reuse-5.5', 'reuse', 'general'] satisfies StrategyName[]) {
  test(`${strategy}: a PMI of one counter makes eight exits, and the host's NMI`, () => {
    const early = bench().profile({ ...PLACE, strategy }, ONE, { pmis: 5 });
    const late = bench().profile({ ...PLACE, strategy }, ONE, { pmis: 25 });
    const pmis = late.report.pmis - early.report.pmis;
    const before = exits(early);
    const each = Object.fromEntries(Object.entries(exits(late)).map(([name, count]) => [name, (count - before[name]!) / pmis]));
    assert.deepEqual(each, {
      'W GLOBAL_CTRL': 2, 'R GLOBAL_STATUS': 2, 'W OVF_CTRL': 1, 'W FIXED_CTR1': 1, 'W LVTPC': 1, RDPMC: 1, NMI: 1,
    });
    assert.equal(late.report.spurious, 0);
  });
}

test('each of ten events gets its turn, and its samples', () => {
  const names = [
    'core cycles', 'instructions retired', 'reference cycles', 'branch instructions retired', 'loads retired', 'stores retired',
    'near calls retired', 'conditional branches retired', 'topdown slots',
  ] as const;
  const events = names.map((event) => ({ event, period: periodFor(event, MACHINES['broadwell-2018'].hz, 1000) }));
  const { report } = bench().profile(
    { ...PLACE, strategy: 'mediated' },
    { events: [...events, { ...events[7]!, code: 1 }], hz: 250, frequency: 1000, samples: true }, { seconds: 0.2 },
  );
  // 50 ticks: ten steps, five times. 4 samples a tick for who is on a counter; that of seven counters is one of the ten at the least
  // in four steps, and no longer than in all of them.
  assert.ok(report.ticks >= 48 && report.ticks <= 50, `${report.ticks} ticks`);
  for (const [i, { overflows }] of report.events.entries()) {
    assert.ok(overflows >= 4 * 4 * 4 && overflows <= 4 * 51, `event ${i}: ${overflows} samples`);
  }
});

test('the guest\'s limiter does what Linux\' arithmetic says, PMI by PMI', () => {
  for (const strategy of ['reallocate', 'guest-pmi', 'mediated'] satisfies StrategyName[]) {
    const { durations, rates, pmis } = bench().program({ ...PLACE, strategy }, LIMITED);
    assert.ok(pmis >= 29 && durations.length === pmis, `${strategy}: ${pmis}`);
    const limiter = new SampleRateLimiter(250, 1);
    for (const [i, nanoseconds] of durations.entries()) {
      limiter.took(0, nanoseconds);
      assert.equal(rates[i], limiter.maxSampleRate, `${strategy}, PMI ${i}`);
    }
  }
});

test('a constant that is wrong is seen', () => {
  const figure = FIGURES.find(({ name }) => name === 'vmexit: cpuid')!;
  const of = (change: object): Readonly<Record<MachineName, CostMachine>> => Object.fromEntries(MACHINE_NAMES.map((name) =>
    [name, costMachine(name, { ...MODELS[name], ...change })])) as unknown as Readonly<Record<MachineName, CostMachine>>;
  assert.ok(isWithin(measure([figure], nodeWasm, of({})).rows[0]!));
  assert.ok(!isWithin(measure([figure], nodeWasm, of({ exit: 600 })).rows[0]!));
});

test('costs that an experiment does not spend are named', () => {
  const { untested } = measure(FIGURES.filter(({ name }) => name === 'vmexit: cpuid'), nodeWasm);
  const tested = untested['kvm-unit-tests-2017'];
  assert.ok(!tested.includes('exit dispatch') && tested.includes('pause event') && tested.includes('migrate'));
  assert.ok(untested['broadwell-2018'].includes('exit dispatch'));
});
