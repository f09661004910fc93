import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PMU } from '../../src/guest/programs.ts';
import type { CpuReport } from '../../src/lab/report.ts';
import { hostedOn } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { assertEqual, guestsOn, HOSTS } from './hosts.ts';
import { runBare, runHosted, shortened } from './runs.ts';

// Bare metal is the oracle: `general` and `mediated` have its counters, its overflows and its PMIs, at the same instructions,
// whatever the host does in the meantime. With AMD's counters it is equal-amd.slow.test.ts that says so.

const ofIntel = [...SCENARIOS].filter(([, { machine }]) => machine.vendor === 'intel');
for (const { name, what, hosted } of guestsOn(Object.keys(HOSTS), ofIntel)) {
  test(`${name} on ${what}`, () => {
    assertEqual(hosted, 'general');
    // It offers version 2, as KVM does.
    assertEqual(hosted, 'mediated', name === 'pmi-v4' ? { kind: 'exit', code: NO_PMU } : undefined);
  });
}

test('core cycles are those in the guest: what a trapped instruction takes is the host\'s', () => {
  const hosted = hostedOn(shortened(SCENARIOS.get('count')!, 400), 'general');
  const cycles = (report: { readonly cpus: readonly CpuReport[] }): number => report.cpus[0]!.program!.events[6]!.count;
  // Only the WRMSR that disables is between the two ends: 120 cycles on this machine.
  const bare = cycles(runBare(hosted));
  assert.equal(cycles(runHosted(hosted, 'general')), bare - 120);
  assert.equal(cycles(runHosted(hosted, 'mediated')), bare);
});

test('without a PMU a program says so, and does not fault', () => {
  const report = runHosted(shortened(SCENARIOS.get('pmi')!, 10), 'none');
  assert.deepEqual(report.outcome, { kind: 'exit', code: 77 });
  assert.deepEqual([report.cpus[0]!.exceptions, report.cpus[0]!.program!.events], [{}, []]);
});
