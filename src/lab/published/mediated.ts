/** The series that hands the PMU over: Sapphire Rapids, and what a later patch saved of its switches on Emerald Rapids. */
import type { ProfiledEvent } from '../../guest/profile.ts';
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import type { Bench, Place } from './bench.ts';
import { type Experiment, type Figure, periodFor } from './figure.ts';

const COVERS = 'the mediated vPMU for x86, covers of v3, v4 and v6, 2024 to 2025';
const ELIDE = 'the patch that leaves out redundant WRMSRs when KVM\'s mediated vPMU is loaded and put, 2025';
const UNMERGED = 'only selectors that exit were merged, and only those are a strategy here';

const MACHINE = 'sapphire-rapids-2025';
const COUNTERS = { general: 8, fixed: 3 };
const FREQUENCY = 1000;
/**
 * Ticks a second of the guest, which are not published. Selectors are written in the tick only, and that they exit costs two
 * points of a hundred: too much for 250 ticks.
 */
const GUEST_HZ = 1000;
const WARM_UP = 0.02;
const SECONDS = 0.08;

/** None of them has a fixed counter: six have room on eight counters, ten take turns. */
const EVENTS: readonly Omit<ProfiledEvent, 'period'>[] = [
  { event: 'branch instructions retired' }, { event: 'loads retired' }, { event: 'stores retired' }, { event: 'near calls retired' },
  { event: 'conditional branches retired' }, { event: 'topdown slots' }, { event: 'conditional branches retired', code: 1 },
  { event: 'loads retired', kernelOnly: true }, { event: 'stores retired', kernelOnly: true },
  { event: 'near calls retired', kernelOnly: true },
];

/** How much less a guest gets done that profiles itself with so many events. */
function overhead(bench: Bench, strategy: StrategyName, events: number): number {
  const place: Place = { machine: MACHINE, strategy, counters: COUNTERS };
  const tick = { hz: GUEST_HZ, samples: true };
  const until = { seconds: SECONDS, warmUp: WARM_UP };
  const profiled = bench.profile(place, {
    ...tick, frequency: FREQUENCY,
    events: EVENTS.slice(0, events).map((each) => ({ ...each, period: periodFor(each.event, bench.hz(MACHINE), FREQUENCY) })),
  }, until);
  const alone = bench.profile(place, { ...tick, events: [] }, until);
  return 100 * (1 - profiled.report.work / alone.report.work);
}

const overheadOf = (strategy: StrategyName, events: number): Experiment => ({
  name: `${events} events at 1000 Hz in the guest, ${strategy}`, machine: MACHINE,
  run: (bench) => ({ overhead: overhead(bench, strategy, events) }),
});

const CPUID = '        xor   eax, eax\n        cpuid';

const CPUID_EXIT: Experiment = {
  name: 'CPUID in a loop, mediated', machine: 'emerald-rapids-2025',
  run: (bench) => ({
    cycles: bench.loop({ machine: 'emerald-rapids-2025', strategy: 'mediated', counters: COUNTERS }, CPUID),
  }),
};

export const MEDIATED_FIGURES: readonly Figure[] = [
  {
    name: 'overhead of perf record -F 1000 with 6 events, emulated', unit: '%', published: 33.62, source: COVERS,
    kind: 'fitted', experiment: overheadOf('reuse', 6), reading: 'overhead', why: 'decides the unit of the perf core on this machine',
  },
  {
    name: 'overhead of perf record -F 1000 with 10 events, emulated', unit: '%', published: 79.32, source: COVERS,
    kind: 'predicted', experiment: overheadOf('reuse', 10), reading: 'overhead',
  },
  {
    name: 'overhead of perf record -F 1000 with 6 events, mediated', unit: '%', published: 6.21, source: COVERS,
    kind: 'predicted', experiment: overheadOf('mediated', 6), reading: 'overhead',
  },
  {
    name: 'overhead of perf record -F 1000 with 10 events, mediated', unit: '%', published: 10.45, source: COVERS,
    kind: 'predicted', experiment: overheadOf('mediated', 10), reading: 'overhead',
  },
  {
    name: 'overhead with 6 events, mediated, selectors passed through', unit: '%', published: 4.24, source: COVERS,
    kind: 'predicted', why: UNMERGED,
  },
  {
    name: 'overhead with 10 events, mediated, selectors passed through', unit: '%', published: 7.34, source: COVERS,
    kind: 'predicted', why: UNMERGED,
  },
  {
    name: 'an exit by CPUID, mediated', unit: 'cycles', published: 3000, source: ELIDE,
    kind: 'fitted', experiment: CPUID_EXIT, reading: 'cycles', why: 'decides an access of a PMU register on processors of the 2020s',
  },
  {
    name: 'an exit by CPUID, mediated, with redundant WRMSRs', unit: 'cycles', published: 4000, source: ELIDE,
    kind: 'predicted', why: 'the strategy has left the redundant ones out from the beginning',
  },
  {
    name: 'an exit by CPUID on Turin, mediated, with redundant WRMSRs', unit: 'cycles', published: 6200, source: ELIDE,
    kind: 'predicted', why: 'a world with a host has Intel\'s counters only',
  },
  {
    name: 'an exit by CPUID on Turin, mediated', unit: 'cycles', published: 5300, source: ELIDE,
    kind: 'predicted', why: 'a world with a host has Intel\'s counters only',
  },
  {
    name: 'VMREAD of the guest\'s GLOBAL_CTRL', unit: 'cycles', published: 17.5, source: `${COVERS}: 15 to 20`,
    kind: 'predicted', why: 'fields of a VMCS are read and written without an instruction of their own',
  },
];
