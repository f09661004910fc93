import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Report } from '../../src/lab/report.ts';
import type { Scenario, StrategyName } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { runHosted, shortened } from './runs.ts';

// What one PMI of a guest costs, by kind: W GLOBAL_CTRL, R STATUS, W OVF_CTRL, RDPMC, W counter, R STATUS, W GLOBAL_CTRL, W LVTPC.

const PMI = SCENARIOS.get('pmi')!;
/** 1000 iterations are 10 PMIs: see test/guest/scenarios.test.ts, "two-cpus". */
const pmi = (on: StrategyName, host: object = {}): Report => runHosted(shortened(PMI, 1000), on, host);
const PMIS = 10;

/** Before and behind: IA32_APIC_BASE, spurious vector and LVTPC; disable, IA32_DEBUGCTL, selector, counter, enable; disable. */
const SET_UP = 3 + 5 + 1;

for (const [on, capabilities] of [
  ['reallocate', 0], ['ioc-period', 0], ['guest-pmi', 0], ['register', 0], ['reuse-5.5', 0], ['reuse', 1], ['general', 1],
] as const) {
  test(`${on}: a PMI is the exit of its NMI and the handler's eight`, () => {
    const { cpus: [cpu], host } = pmi(on);
    const { exits, msrExits } = cpu!.vcpu!;
    // CPUID leaves 0AH and 1; RDMSR of IA32_APIC_BASE, and of IA32_PERF_CAPABILITIES where leaf 1 has PDCM; OUT to the exit port.
    assert.deepEqual({ ...exits, EXTERNAL_INTERRUPT: 0 }, {
      EXCEPTION_NMI: PMIS, EXTERNAL_INTERRUPT: 0, CPUID: 2, RDPMC: PMIS + 1, IO_INSTRUCTION: 1, MSR_READ: 2 * PMIS + 1 + capabilities,
      MSR_WRITE: 5 * PMIS + SET_UP,
    });
    const window = capabilities === 1 ? 'W IA32_A_PMC0' : 'W IA32_PMC0';
    assert.deepEqual(['W IA32_PERF_GLOBAL_CTRL', 'R IA32_PERF_GLOBAL_STATUS', 'W IA32_PERF_GLOBAL_STATUS_RESET', window,
      'W IA32_X2APIC_LVT_PMI', 'W IA32_PERFEVTSEL0'].map((name) => msrExits[name]),
    [2 * PMIS + 3, 2 * PMIS, PMIS, PMIS + 1, PMIS + 1, 1]);
    assert.deepEqual([cpu!.program!.pmis, cpu!.program!.spurious, host!.unknownNmis], [PMIS, 0, 0]);
  });
}

test('mediated: a PMI is the exit of its interrupt and the write of LVTPC', () => {
  const { cpus: [cpu] } = pmi('mediated');
  // Of the set-up only IA32_APIC_BASE, spurious vector, LVTPC, IA32_DEBUGCTL and the selector exit.
  assert.deepEqual(cpu!.vcpu!.exits, {
    EXTERNAL_INTERRUPT: PMIS, CPUID: 2, IO_INSTRUCTION: 1, MSR_READ: 2, MSR_WRITE: PMIS + 5,
  });
});

test('reallocate makes n + 1 host events a PMI when n counters are enabled and one of them has overflowed', () => {
  for (const others of [0, 1, 2]) {
    const scenario = withOthers(shortened(PMI, 1000), others);
    const { cpus: [cpu], host } = runHosted(scenario, 'reallocate');
    const n = 1 + others;
    assert.equal(cpu!.program!.pmis, PMIS);
    // One for each at the first enable; a PMI makes one before its injection, and one for each when its handler enables.
    assert.deepEqual([host!.created, host!.released, host!.reused], [n + PMIS * (n + 1), n + PMIS * (n + 1), 0]);
  }
});

/** More counters that are enabled and do not overflow. */
function withOthers(scenario: Scenario, others: number): Scenario {
  const { program } = scenario;
  assert.ok(program.kind === 'built-in');
  const more = Array.from({ length: others }, () => ({ ...program.events[0]!, event: 'loads retired' as const, period: 2 ** 30 }));
  return { ...scenario, program: { ...program, events: [...program.events, ...more] } };
}

test('the others make one host event for a counter, once', () => {
  for (const on of ['ioc-period', 'guest-pmi', 'reuse-5.5', 'reuse', 'general'] as const) assert.equal(pmi(on).host!.created, 1, on);
  for (const on of ['register', 'mediated', 'none'] as const) assert.equal(pmi(on).host!.created, 0, on);
  // Once before each injection, once in each handler; today also for each instruction that KVM has counted.
  assert.equal(pmi('ioc-period').host!.reused, 2 * PMIS);
});

test('a host that counts guests only counts what the guest has executed itself', () => {
  const users = [{ kind: 'kvm' }, { kind: 'kvm', event: 'core cycles' }];
  for (const on of ['none', 'reallocate', 'ioc-period', 'reuse', 'general'] as const) {
    const { host } = pmi(on, { hz: 2000, users });
    assert.equal(host!.users.length, 2);
    for (const { count, truth, state } of host!.users) assert.deepEqual([count, state], [truth, 'active'], on);
  }
  assert.deepEqual(pmi('mediated', { users }).host!.users.map(({ refused }) => refused), ['EOPNOTSUPP', 'EOPNOTSUPP']);
});

test('a host\'s watchdog misses only what passes while the perf core works, except where its counter was taken', () => {
  const watched = (on: StrategyName) => pmi(on, { users: [{ kind: 'watchdog' }] }).host!.users[0]!;
  for (const on of ['reallocate', 'ioc-period', 'reuse', 'general', 'guest-pmi'] as const) {
    const { count, truth, state } = watched(on);
    assert.ok(state === 'active' && count! <= truth! && count! > 0.7 * truth!, `${on}: ${count} of ${truth}`);
  }
  assert.deepEqual([watched('register').state, watched('register').count], ['error', 0]);
  assert.equal(watched('mediated').refused, 'EOPNOTSUPP');
});
