/** The patch of July 2021 that does not pause what is paused, with its histogram of VM exits: Ice Lake, four events. */
import { exitCounts } from '../../host/kvm/kvm.ts';
import { Reuse } from '../../host/vpmu/reuse.ts';
import type { EventName } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { type Bench, mean, type ProfileRun } from './bench.ts';
import { type Experiment, type Figure, periodFor } from './figure.ts';

const SOURCE = 'Like Xu, the patch that introduces is_paused for KVM\'s counters, Jul 2021';
const MACHINE = 'ice-lake-2021';
/**
 * As the histogram has them: two with fixed counters, two with general ones. In it three of the four have 3.9 samples for each two
 * writes of a selector, of which every tick makes two: `perf record -F 1000` with 250 ticks a second. The fourth came seldom.
 */
const EVENTS: readonly EventName[] = ['core cycles', 'instructions retired', 'branch instructions retired', 'loads retired'];
const FREQUENCY = 1000;
const GUEST_HZ = 250;
const SECONDS = 0.2;

const run = (bench: Bench, remembersPause: boolean): ProfileRun => bench.profile(
  {
    machine: MACHINE, strategy: 'reuse-5.5', counters: { general: 8, fixed: 3 },
    // Linux 5.13: the period of a running event follows its counter, and everything is still done inside the WRMSR.
    make: (parts) => new Reuse(parts, { remembersPause, deferred: false, adjustsPeriod: true }),
  },
  {
    events: EVENTS.map((event) => ({ event, period: periodFor(event, bench.hz(MACHINE), FREQUENCY) })),
    hz: GUEST_HZ, frequency: FREQUENCY, samples: true,
  },
  { seconds: SECONDS },
);

/** Exits of a run for each PMI that the guest has taken. */
function histogram({ vcpu, report }: ProfileRun): Record<string, number> {
  const msr = (direction: 'R' | 'W', ...msrs: readonly number[]): number => msrs.reduce((sum, each) =>
    sum + (vcpu.msrExits.get(`${direction} ${each}`) ?? 0) + (vcpu.msrExits.get(`${direction} ${each}=0`) ?? 0), 0) / report.pmis;
  const exits = exitCounts(vcpu);
  return {
    globalCtrl: msr('W', MSRS.IA32_PERF_GLOBAL_CTRL), status: msr('R', MSRS.IA32_PERF_GLOBAL_STATUS),
    ovfCtrl: msr('W', MSRS.IA32_PERF_GLOBAL_STATUS_RESET), lvtpc: msr('W', MSRS.IA32_X2APIC_LVT_PMI),
    counters: msr('W', MSRS.IA32_PMC0, MSRS.IA32_PMC0 + 1, MSRS.IA32_FIXED_CTR0, MSRS.IA32_FIXED_CTR0 + 1),
    rdpmc: (exits.RDPMC ?? 0) / report.pmis, nmi: (exits.EXCEPTION_NMI ?? 0) / report.pmis,
  };
}

const PAUSES: Experiment = {
  name: 'four events in the guest, pausing always', machine: MACHINE,
  run(bench) {
    const always = run(bench, false);
    return { handler: mean(always.handlers), ...histogram(always) };
  },
};

const REMEMBERS: Experiment = {
  name: 'four events in the guest, pausing once', machine: MACHINE,
  run: (bench) => ({ handler: mean(run(bench, true).handlers) }),
};

const exits = (name: string, published: number, reading: string): Figure => ({
  name: `exits for each PMI: ${name}`, unit: '', published, source: SOURCE, kind: 'predicted',
  experiment: PAUSES, reading,
});

export const PAUSE_FIGURES: readonly Figure[] = [
  {
    name: 'guest NMI handler, four events, before', unit: 'ns', published: 37_646.7, source: SOURCE,
    kind: 'fitted', experiment: PAUSES, reading: 'handler', why: 'decides the unit of the perf core on this machine',
  },
  {
    name: 'guest NMI handler, four events, after', unit: 'ns', published: 32_929.3, source: SOURCE,
    kind: 'predicted', experiment: REMEMBERS, reading: 'handler',
  },
  // 15822, 14558, 7250, 7315, 9714, 9710 and 7295 of 7315.
  exits('writes of IA32_PERF_GLOBAL_CTRL', 2.16, 'globalCtrl'),
  exits('reads of IA32_PERF_GLOBAL_STATUS', 1.99, 'status'),
  exits('writes of IA32_PERF_GLOBAL_OVF_CTRL', 0.99, 'ovfCtrl'),
  exits('writes of LVTPC', 1, 'lvtpc'),
  exits('writes of counters', 1.33, 'counters'),
  exits('RDPMC', 1.33, 'rdpmc'),
  exits('NMIs of the host', 1, 'nmi'),
];
