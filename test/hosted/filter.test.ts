import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HostedScenario, parseScenario, type StrategyName } from '../../src/lab/scenario.ts';
import { runHosted } from './runs.ts';

// KVM_SET_PMU_EVENT_FILTER: a counter whose event is denied keeps its registers and stands still. The counts are those of the
// scenario `count`: MOV, CALL; LEA, ten an iteration, RET; MOV, XOR, XOR, WRMSR.

const INSTRUCTIONS = 10_008, BRANCHES = 4002, CONDITIONAL = 2000;
const WITH_FILTERS: readonly StrategyName[] = ['reuse', 'mediated', 'general'];
const events = (...names: readonly (readonly [string, object?])[]): object[] =>
  names.map(([event, rest = {}]) => ({ event, period: 2 ** 40, interrupt: false, ...rest }));
const THREE = events(
  ['instructions retired'], ['branch instructions retired'], ['conditional branches retired'], ['instructions retired', { fixed: true }],
);

const scenario = (filter: object, machine: object = {}, program: object = {}): HostedScenario => parseScenario({
  name: 'filter', machine: { memory: 2, ...machine }, host: { on: 'general', filter },
  program: { kind: 'built-in', main: 'counting', workload: 'mixed', iterations: 1000, events: THREE, ...program },
}) as HostedScenario;

const counts = (value: HostedScenario, on: StrategyName): number[] => {
  const report = runHosted(value, on);
  assert.deepEqual(report.outcome, { kind: 'exit', code: 0 });
  return report.cpus[0]!.program!.events.map(({ count }) => count);
};

const C4 = { select: 0xc4, umask: 0 }, CONDITIONAL_BRANCHES = { select: 0xc4, umask: 1 };

for (const [what, filter, expected] of [
  ['nothing denied', { action: 'deny' }, [INSTRUCTIONS, BRANCHES, CONDITIONAL, INSTRUCTIONS]],
  ['one event denied', { action: 'deny', events: [C4] }, [INSTRUCTIONS, 0, CONDITIONAL, INSTRUCTIONS]],
  ['one event allowed', { action: 'allow', events: [C4] }, [0, BRANCHES, 0, 0]],
  // The general counter's list says nothing of the fixed one that counts the same, nor the other way round.
  ['a fixed counter denied', { action: 'deny', fixedCounterBitmap: 1 }, [INSTRUCTIONS, BRANCHES, CONDITIONAL, 0]],
  ['a fixed counter allowed', { action: 'allow', fixedCounterBitmap: 1 }, [0, 0, 0, INSTRUCTIONS]],
  ['all umasks denied', { action: 'deny', masked: true, events: [{ ...C4, mask: 0 }] }, [INSTRUCTIONS, 0, 0, INSTRUCTIONS]],
  [
    'all umasks denied but one', { action: 'deny', masked: true, events: [{ ...C4, mask: 0 }, { ...CONDITIONAL_BRANCHES, exclude: true }] },
    [INSTRUCTIONS, 0, CONDITIONAL, INSTRUCTIONS],
  ],
  ['a masked entry of one umask', { action: 'allow', masked: true, events: [CONDITIONAL_BRANCHES] }, [0, 0, CONDITIONAL, 0]],
] as const) {
  test(`${what}: a guest counts the rest, on every strategy of a host with filters`, () => {
    for (const on of WITH_FILTERS) assert.deepEqual(counts(scenario(filter), on), expected, on);
  });
}

test('the event selects of AMD have twelve bits', () => {
  const amd = { vendor: 'amd', perfmon: { version: 2, generalCounters: 6 } };
  const program = { events: events(['reference cycles'], ['instructions retired'], ['branch instructions retired']) };
  for (const on of WITH_FILTERS) {
    const [reference, ...rest] = counts(scenario({ action: 'deny', events: [{ select: 0x120, umask: 1 }] }, amd, program), on);
    assert.deepEqual([reference, rest], [0, [INSTRUCTIONS, BRANCHES]], on);
    assert.ok(counts(scenario({ action: 'deny', events: [{ select: 0x20, umask: 1 }] }, amd, program), on)[0]! > 0, on);
  }
});

test('a filter that is set later stops the counter from then on', () => {
  const program = { workload: 'alu', iterations: 200_000, events: events(['instructions retired'], ['branch instructions retired']) };
  for (const on of WITH_FILTERS) {
    const filtered = (at: number): HostedScenario => scenario({ action: 'deny', events: [{ select: 0xc0 }], at }, {}, program);
    // Four instructions an iteration, one of them a branch; CALL and RET. MOV, CALL, RET, and the four to the WRMSR that disables.
    const all = 4 * 200_000 + 7, branches = 200_000 + 2;
    const never = filtered(2 ** 40);
    assert.deepEqual([counts(filtered(0), on), counts(never, on)], [[0, branches], [all, branches]], on);
    // An iteration is no more than five cycles: in the midst of them.
    const [instructions, others] = counts(filtered(runHosted(never, on).host!.cycles - 400_000), on);
    assert.ok(instructions! > 100_000 && instructions! < all - 100_000, `${on}: ${instructions}`);
    assert.equal(others, branches);
  }
});

test('a host without filters makes no virtual machine that wants one', () => {
  for (const at of [0, 1_000_000]) {
    assert.deepEqual(runHosted(scenario({ action: 'deny', at }), 'reallocate').outcome, {
      kind: 'refused', error: 'ENOTTY', why: 'its kernel has no event filter, which came with 5.3',
    });
  }
});

for (const [filter, message] of [
  [{ action: 'forbid' }, '$.host.filter.action: expected one of allow, deny, found "forbid"'],
  [{ action: 'deny', events: [{ umask: 1 }] }, '$.host.filter.events[0].select: expected an integer from 0 to 4095, found nothing'],
  [{ action: 'deny', events: [{ select: 4096 }] }, '$.host.filter.events[0].select: expected an integer from 0 to 4095, found 4096'],
  [
    { action: 'deny', events: [{ ...C4, mask: 1 }] },
    '$.host.filter.events[0].mask: expected none, for host.filter.masked is false, found 1',
  ],
  [{ action: 'deny', fixedCounterBitmap: -1 }, '$.host.filter.fixedCounterBitmap: expected an integer from 0 to 4294967295, found -1'],
  [{ action: 'deny', events: Array(301).fill(C4) }, '$.host.filter.events: expected at most 300, found 301'],
] as const) {
  test(`a mistake in a filter is one line with its place: ${message.slice(2, 60)}`, () => {
    assert.throws(() => scenario(filter), { message });
  });
}
