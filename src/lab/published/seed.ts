/** The mail of October 2018, the series that came of it in November, and the rate limiter that made them necessary. */
import type { Program } from '../../guest/programs.ts';
import { SampleRateLimiter } from '../../host/perf/perf.ts';
import { type GuestOptions, mean, type Place } from './bench.ts';
import type { Experiment, Figure } from './figure.ts';

const V1 = 'Wei Wang, KVM/x86/vPMU: Guest PMI Optimization v1, 12 Oct 2018';
const V2 = 'Wei Wang, Intel Virtual PMU Optimization v1 0/8, 1 Nov 2018';
const RFC = 'Kan Liang, RFC Avoid counter reprogramming in kvm_pmu_handle_event, Dec 2018';

const HOST: Omit<Place, 'strategy'> = { machine: 'broadwell-2018', counters: { general: 4, fixed: 3 } };
const GUEST_HZ = 250;

/**
 * `perf stat` takes a PMI in 0.98 s: so many in half a minute. At 4.5 ms each the rate is at its floor with the 14th; at 9 us each it
 * is first lowered by the 42nd.
 */
const STAT_PMIS = 30;
const PERIOD = 1 << 20;
/** `perf stat -e cycles`: counted only, and armed again at every overflow. Shorter periods than Linux' 2^31 - 1, to be done sooner. */
const STAT: GuestOptions = { events: [{ event: 'core cycles', period: PERIOD }], samples: false };
/** The guest that has the limiter in its kernel: its handler times itself by its own clock. A round of ALU is 4 cycles. */
export const LIMITED: Program = {
  main: 'sampling', workload: 'alu', handler: 'classic', delivery: 'nmi', hz: GUEST_HZ, iterations: (STAT_PMIS * PERIOD) / 4,
  events: [{ event: 'core cycles', period: PERIOD, user: true, kernel: true, interrupt: true, fixed: true }],
};

const BEFORE: Experiment = {
  name: 'perf stat in the guest, events reallocated', machine: HOST.machine,
  run(bench) {
    const { maxSampleRate: rate } = bench.program({ ...HOST, strategy: 'reallocate' }, LIMITED);
    const { handlers, watch, ns } = bench.profile({ ...HOST, strategy: 'reallocate' }, STAT, { pmis: STAT_PMIS });
    return { handler: mean(handlers), reprogram: watch.mean('enablesChanged') * ns, rate };
  },
};

const PATCHED: Experiment = {
  name: 'perf stat in the guest, with the patch', machine: HOST.machine,
  run(bench) {
    const { maxSampleRate: rate } = bench.program({ ...HOST, strategy: 'guest-pmi' }, LIMITED);
    const { handlers } = bench.profile({ ...HOST, strategy: 'guest-pmi' }, STAT, { pmis: STAT_PMIS });
    return { handler: mean(handlers), rate };
  },
};

const REGISTER: Experiment = {
  name: 'perf stat in the guest, registers mapped', machine: HOST.machine,
  run(bench) {
    const { watch, ns } = bench.profile({ ...HOST, strategy: 'register' }, STAT, { pmis: STAT_PMIS });
    return { update: watch.mean('enablesChanged', 'counterWritten') * ns };
  },
};

const HIDDEN: Experiment = {
  name: 'one sampling event in the guest, events reallocated', machine: 'skylake-2018',
  run(bench) {
    const guest: GuestOptions = { events: [{ event: 'core cycles', period: 1 << 20 }], samples: true };
    const { watch, ns } = bench.profile({ machine: 'skylake-2018', counters: HOST.counters, strategy: 'reallocate' }, guest, { pmis: 20 });
    return { handleEvent: watch.mean('handleEvent') * ns };
  },
};

/** No processor is needed for it: the limiter is the guest kernel's own arithmetic. */
const LIMITER: Experiment = {
  name: 'the limiter, fed with equal times', machine: HOST.machine,
  run() {
    const lowers = (nanoseconds: number): boolean => {
      const limiter = new SampleRateLimiter(GUEST_HZ, 1);
      return Array.from({ length: 5000 }, () => limiter.took(0, nanoseconds)).some(Boolean);
    };
    let allowed = 1, tooLong = 1 << 20;
    while (tooLong - allowed > 1) {
      const middle = Math.floor((allowed + tooLong) / 2);
      if (lowers(middle)) tooLong = middle;
      else allowed = middle;
    }
    return { allowed };
  },
};

export const SEED_FIGURES: readonly Figure[] = [
  {
    name: 'guest PMI handling, before the patch', unit: 'ns', published: 4_500_000, source: V1,
    kind: 'fitted', experiment: BEFORE, reading: 'handler', why: 'decides what the DS buffers cost',
  },
  {
    name: 'guest PMI handling, with the patch', unit: 'ns', published: 9000, source: V1,
    kind: 'fitted', experiment: PATCHED, reading: 'handler', why: 'decides the cost of an exit on this machine',
  },
  {
    name: 'maximum sampling rate of the guest, before the patch', unit: 'Hz', published: 250, source: V1,
    kind: 'predicted', experiment: BEFORE, reading: 'rate',
  },
  {
    name: 'maximum sampling rate of the guest, with the patch', unit: 'Hz', published: 100_000, source: V1,
    kind: 'predicted', experiment: PATCHED, reading: 'rate',
  },
  {
    name: 'a change of an enable, before the series', unit: 'ns', published: 2_500_000, source: V2,
    kind: 'predicted', experiment: BEFORE, reading: 'reprogram',
  },
  {
    name: 'a register update, with the series', unit: 'ns', published: 400, source: V2,
    kind: 'fitted', experiment: REGISTER, reading: 'update', why: 'decides the cost of updating a virtual register',
  },
  {
    name: 'kvm_pmu_handle_event, before', unit: 'ns', published: 85_282_765, source: RFC,
    kind: 'predicted', experiment: HIDDEN, reading: 'handleEvent',
    why: 'neither the processor nor the number of possible CPUs is published; 224 is assumed, and 384 would give 85 ms',
  },
  {
    name: 'kvm_pmu_handle_event, with the RFC', unit: 'ns', published: 97, source: RFC, kind: 'predicted',
    why: 'the RFC is none of the strategies, and a look at an empty set takes no time here',
  },
  {
    name: 'mean time of NMI handlers that is allowed', unit: 'ns', published: 2500, source: 'Linux 4.19, kernel/events/core.c, at boot',
    kind: 'predicted', experiment: LIMITER, reading: 'allowed',
  },
];
