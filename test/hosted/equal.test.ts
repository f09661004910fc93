import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PMU, OF_ONE_PROCESSOR } from '../../src/guest/programs.ts';
import type { CpuReport } from '../../src/lab/report.ts';
import { hostedOn, type Scenario } from '../../src/lab/scenario.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { runBare, runHosted, shortened } from './runs.ts';

// Bare metal is the oracle: `general` and `mediated` have its counters, its overflows and its PMIs, at the same instructions,
// whatever the host does in the meantime.

/** Ticks come every 220,000 cycles: several in each run. */
const BUSY = { hz: 10_000 };
const WATCHDOG = { kind: 'watchdog' };

const HOSTS: Readonly<Record<string, { readonly cpus?: number; readonly host: Record<string, unknown> & { readonly vcpus?: number } }>> = {
  'a quiet host': { host: {} },
  'a host that profiles': { host: { hz: 1000, users: [WATCHDOG, { kind: 'record', period: 100_003 }, { kind: 'kvm' }] } },
  'a loaded host': { host: { ...BUSY, load: [0], users: [WATCHDOG] } },
  'migration over two CPUs': { cpus: 2, host: { ...BUSY, migrateEvery: 1, load: [1], users: [{ kind: 'stat' }] } },
  'two vCPUs on two CPUs': { cpus: 2, host: { ...BUSY, vcpus: 2, migrateEvery: 2, users: [WATCHDOG] } },
  'two vCPUs on one CPU': { cpus: 1, host: { ...BUSY, vcpus: 2 } },
  'two virtual machines': { cpus: 1, host: { ...BUSY, vms: 2, users: [WATCHDOG] } },
  'two virtual machines that move about': {
    cpus: 3, host: { ...BUSY, vms: 2, vcpus: 2, migrateEvery: 2, seed: 3, load: [1], users: [{ kind: 'stat' }] },
  },
};

/** What the guest has seen of these events. Cycles are not in it: a host spends them otherwise. */
const seen = ({ program }: CpuReport, events: readonly string[]): object => ({
  pmis: program!.pmis, spurious: program!.spurious, samples: program!.samples,
  events: program!.events.filter((_, i) => events[i] !== 'core cycles'),
});
const eventsOf = ({ program }: Scenario): string[] => (program.kind === 'built-in' ? program.events.map(({ event }) => event) : []);

const ofOneProcessor = ({ program }: Scenario): boolean => program.kind === 'built-in' && OF_ONE_PROCESSOR.has(program.main);
/** Events of caches and branch predictors, which hosts share out. */
const SHARED = new Set(['misses']);
const UNDISTURBED = new Set(['a quiet host', 'a host that profiles']);

for (const [what, { cpus, host }] of Object.entries(HOSTS)) {
  for (const [name, full] of SCENARIOS) {
    if (SHARED.has(name) && !UNDISTURBED.has(what)) continue;
    const { vcpus = full.machine.cpus } = host;
    if (ofOneProcessor(full) && vcpus > 1) continue;
    const hosted = hostedOn(shortened(full, 400, cpus), 'general', { ...host, vcpus });
    test(`${name} on ${what}`, () => {
      const bare = runBare(hosted);
      for (const on of ['general', 'mediated'] as const) {
        const report = runHosted(hosted, on);
        // Mediated offers version 2, as KVM does.
        if (name === 'pmi-v4' && on === 'mediated') {
          assert.deepEqual(report.outcome, { kind: 'exit', code: NO_PMU });
          continue;
        }
        assert.deepEqual(report.outcome, bare.outcome, on);
        assert.equal(report.cpus.length, hosted.host.vms * bare.cpus.length);
        for (const [id, cpu] of report.cpus.entries()) {
          const twin = bare.cpus[id % bare.cpus.length]!;
          assert.deepEqual(seen(cpu, eventsOf(hosted)), seen(twin, eventsOf(hosted)), `${on}, vCPU ${id}`);
          // Every PMI of bare metal was taken, and no other.
          assert.deepEqual([cpu.pmis, cpu.nmis, cpu.interrupts], [twin.pmis, twin.nmis, twin.interrupts], `${on}, vCPU ${id}`);
        }
        assert.deepEqual([report.host!.faults, report.host!.unknownNmis], [0, 0]);
      }
    });
  }
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
