/** Hosts under which guests run, and what is compared with the same guest on bare metal: counters, overflows, PMIs. */
import assert from 'node:assert/strict';
import { OF_ONE_PROCESSOR } from '../../src/guest/programs.ts';
import type { CpuReport } from '../../src/lab/report.ts';
import { type HostedScenario, hostedOn, type Scenario, type StrategyName } from '../../src/lab/scenario.ts';
import { runBare, runHosted, shortened } from './runs.ts';

/** Ticks come every 220,000 cycles: several in each run. */
const BUSY = { hz: 10_000 };
const WATCHDOG = { kind: 'watchdog' };

type HostRow = { readonly cpus?: number; readonly host: Record<string, unknown> & { readonly vcpus?: number } };

export const HOSTS: Readonly<Record<string, HostRow>> = {
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

/** Each of these guests on each of these hosts: what it is, and where. */
export function* guestsOn(hosts: readonly string[], guests: readonly (readonly [string, Scenario])[]): Generator<{
  readonly name: string; readonly what: string; readonly hosted: HostedScenario;
}> {
  for (const what of hosts) {
    const { cpus, host } = HOSTS[what]!;
    for (const [name, full] of guests) {
      if (SHARED.has(name) && !UNDISTURBED.has(what)) continue;
      const { vcpus = full.machine.cpus } = host;
      if (ofOneProcessor(full) && vcpus > 1) continue;
      yield { name, what, hosted: hostedOn(shortened(full, 400, cpus), 'general', { ...host, vcpus }) };
    }
  }
}

/** The guest has what bare metal has; or it ends as `instead` says. */
export function assertEqual(hosted: HostedScenario, on: StrategyName, instead?: object | undefined): void {
  const bare = runBare(hosted);
  const report = runHosted(hosted, on);
  assert.deepEqual(report.outcome, instead ?? bare.outcome, on);
  if (instead !== undefined) return;
  assert.equal(report.cpus.length, hosted.host.vms * bare.cpus.length);
  for (const [id, cpu] of report.cpus.entries()) {
    const twin = bare.cpus[id % bare.cpus.length]!;
    assert.deepEqual(seen(cpu, eventsOf(hosted)), seen(twin, eventsOf(hosted)), `${on}, vCPU ${id}`);
    // Every PMI of bare metal was taken, and no other.
    assert.deepEqual([cpu.pmis, cpu.nmis, cpu.interrupts], [twin.pmis, twin.nmis, twin.interrupts], `${on}, vCPU ${id}`);
  }
  assert.deepEqual([report.host!.faults, report.host!.unknownNmis], [0, 0]);
}
