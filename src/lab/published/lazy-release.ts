/** The series of autumn 2019 that keeps events and releases them late: Cascade Lake-AP, ten events on seven counters. */
import type { ProfiledEvent } from '../../guest/profile.ts';
import type { EventName } from '../../x86/event.ts';
import { type Bench, type GuestOptions, mean, type Place, type ProfileRun } from './bench.ts';
import { type Experiment, type Figure, periodFor } from './figure.ts';

const V4 = 'Like Xu, KVM: x86/vPMU: Efficient vPMU context switch v4, 27 Oct 2019';
const V1 = 'Like Xu, KVM: x86/vPMU: Efficient vPMU context switch v1, 30 Sep 2019';

const MACHINE = 'cascade-lake-2019';
/** Hyper-threading leaves each thread half of eight. */
const COUNTERS = { general: 4, fixed: 3 };
/**
 * Samples a second and event. It is not published; fitted on how many calls of pmc_reprogram_counter were saved for general
 * counters: every PMI makes events in the old kernel, every turn of the events in both.
 */
const FREQUENCY = 99;
const GUEST_HZ = 250;

/** Three that have fixed counters, and seven that share four. */
const EVENTS: readonly Omit<ProfiledEvent, 'period'>[] = [
  ...(['core cycles', 'instructions retired', 'reference cycles', 'branch instructions retired', 'loads retired', 'stores retired',
    'near calls retired', 'conditional branches retired', 'topdown slots'] satisfies EventName[]).map((event) => ({ event })),
  { event: 'conditional branches retired', code: 1 },
];

const tenEvents = (bench: Bench): GuestOptions => ({
  events: EVENTS.map((each) => ({ ...each, period: periodFor(each.event, bench.hz(MACHINE), FREQUENCY) })),
  hz: GUEST_HZ, frequency: FREQUENCY, samples: true,
});

const SECONDS = 0.4;
const run = (bench: Bench, strategy: Place['strategy']): ProfileRun =>
  bench.profile({ machine: MACHINE, strategy, counters: COUNTERS, watchdog: true }, tenEvents(bench), { seconds: SECONDS });

/** Events made, for general and for fixed counters, in each of the turns that the guest's events have taken. */
const made = ({ created, report }: ProfileRun): { readonly general: number; readonly fixed: number } => {
  const of = (from: number, to: number): number => created.slice(from, to).reduce((sum, count) => sum + (count ?? 0), 0) / report.ticks;
  return { general: of(0, COUNTERS.general), fixed: of(COUNTERS.general, COUNTERS.general + COUNTERS.fixed) };
};

const WATCHDOG: Experiment = {
  name: 'ten events in the guest, watchdog on', machine: MACHINE,
  run(bench) {
    const before = run(bench, 'reallocate'), after = run(bench, 'reuse-5.5');
    const made0 = made(before), made1 = made(after);
    return {
      before: mean(before.handlers), after: mean(after.handlers),
      savedGeneral: 100 * (1 - made1.general / made0.general), savedFixed: 100 * (1 - made1.fixed / made0.fixed),
    };
  },
};

/** A tick would take longer than there is from one to the next, and the guest would do nothing else: so there is none. */
const NO_WATCHDOG: Experiment = {
  name: 'seven events in the guest, no tick, watchdog off', machine: MACHINE,
  run(bench) {
    const { hz: _, frequency: __, events, ...guest } = tenEvents(bench);
    const of = (strategy: Place['strategy']): number => mean(bench.profile({ machine: MACHINE, strategy, counters: COUNTERS },
      { ...guest, events: events.slice(0, COUNTERS.general + COUNTERS.fixed) }, { pmis: 50 }).handlers);
    return { ratio: of('reallocate') / of('reuse-5.5') };
  },
};

/**
 * The shortest of all handlers: a PMI that comes where the guest's perf has just noted that it is disabled, and has not yet said so
 * to the hardware. Its handler disables, and leaves it to the interrupted code to enable. In long runs that happens by itself;
 * here the guest disables and enables all the time, and a period that has no factor in common with the round of its workload
 * lets overflows come at every instruction of it.
 */
const SHORTEST: Experiment = {
  name: 'one event in a busy guest, watchdog off', machine: MACHINE,
  run(bench) {
    const guest: GuestOptions = { events: [{ event: 'instructions retired', period: 211 }], samples: true, busy: true };
    const of = (strategy: Place['strategy']): ProfileRun =>
      bench.profile({ machine: MACHINE, strategy, counters: COUNTERS }, guest, { pmis: 120 });
    const before = of('reallocate'), after = of('reuse-5.5');
    const shortest = Math.min(...before.handlers), shortestAfter = Math.min(...after.handlers);
    return {
      before: shortest, after: shortestAfter, ratio: shortest / shortestAfter,
      longestCreation: before.watch.times.enablesChanged.longest * before.ns,
    };
  },
};

const SQUARE = 'the square of the CPUs, fitted on 88 of them, gives 0.7 of the time that 224 took';

export const LAZY_RELEASE_FIGURES: readonly Figure[] = [
  {
    name: 'guest NMI handler, ten events, before', unit: 'ns', published: 104_923, source: V4,
    kind: 'fitted', experiment: WATCHDOG, reading: 'before', why: 'decides what it takes to make and to release an event',
  },
  {
    name: 'guest NMI handler, ten events, after', unit: 'ns', published: 48_393, source: V4,
    kind: 'fitted', experiment: WATCHDOG, reading: 'after', why: 'decides the unit of the perf core on this machine',
  },
  {
    name: 'shortest guest NMI handler without watchdog, before', unit: 'ns', published: 20_407_603, source: V4,
    kind: 'predicted', experiment: SHORTEST, reading: 'before',
  },
  {
    name: 'shortest guest NMI handler without watchdog, after', unit: 'ns', published: 5979, source: V4,
    kind: 'predicted', experiment: SHORTEST, reading: 'after',
  },
  {
    name: 'the longest creation of an event', unit: 'ns', published: 21_000_000, source: V4,
    kind: 'predicted', experiment: SHORTEST, reading: 'longestCreation',
    why: SQUARE,
  },
  {
    name: 'guest NMI handler without watchdog, mean before to mean after', unit: 'x', published: 786, source: V4,
    kind: 'predicted', experiment: NO_WATCHDOG, reading: 'ratio', why: SQUARE,
  },
  {
    name: 'calls of pmc_reprogram_counter saved, general counters', unit: '%', published: 82.5, source: V4,
    kind: 'fitted', experiment: WATCHDOG, reading: 'savedGeneral', why: 'decides how often the guest samples, which is not published',
  },
  {
    name: 'calls of pmc_reprogram_counter saved, fixed counters', unit: '%', published: 99.9, source: V4,
    kind: 'predicted', experiment: WATCHDOG, reading: 'savedFixed',
  },
  {
    name: 'guest NMI handler on 5.3, before', unit: 'ns', published: 99_450, source: V1,
    kind: 'predicted', experiment: WATCHDOG, reading: 'before',
  },
  {
    name: 'guest NMI handler on 5.3, after', unit: 'ns', published: 56_195, source: V1,
    kind: 'predicted', experiment: WATCHDOG, reading: 'after',
  },
  {
    name: 'shortest handlers on 5.3 without watchdog, before to after', unit: 'x', published: 2994, source: V1,
    kind: 'predicted', experiment: SHORTEST, reading: 'ratio',
  },
  {
    name: 'guest NMI handler on 5.3 without watchdog, mean before to mean after', unit: 'x', published: 685, source: V1,
    kind: 'predicted', experiment: NO_WATCHDOG, reading: 'ratio', why: SQUARE,
  },
];
