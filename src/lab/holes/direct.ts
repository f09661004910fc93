/** D1 to D4 and E1 to E3: of the ways in which the guest has hardware counters of its own. */
import type { GuestProgram } from '../small/operation.ts';
import { HOLE_STRATEGIES, type Hole, NO_HOST_EVENT, SKIDS, SMALL_PERFMON, WATCHDOG } from './hole.ts';
import { classicHandler, enable, host, IRET, rdpmc, readStatus, run, sampling, select, start } from './scripts.ts';

const OTHER: GuestProgram = { main: [...start(1000), run(50), rdpmc(0), run(50), rdpmc(0), run(1000)], handler: classicHandler(1000) };
/** Exits at the very instruction after the wrap; the PMI is still on its way. */
const LATE: GuestProgram = {
  main: [...start(100), run(100), select(1, { enabled: false }), run(20), enable(0), rdpmc(0), readStatus], handler: classicHandler(100),
};
const NO_VECTOR = 'its PMI is an NMI of the host\'s: that is R5';
const OTHERS_VECTOR = Object.fromEntries(HOLE_STRATEGIES.filter((name) => name !== 'mediated').map((name) => [name, NO_VECTOR]));

export const DIRECT_HOLES: readonly Hole[] = [
  {
    id: 'D1', title: 'The counters that were taken for guests are the only ones that could count what the host wants.',
    guests: [sampling(100, 150)], world: { users: [WATCHDOG], startUsers: true, perfmon: { ...SMALL_PERFMON, generalCounters: 2 } },
    symptoms: ['host cannot count', 'host miscounts'], present: ['register'], notApplicable: { mediated: 'that is E3' },
  },
  {
    id: 'D2', title: 'A counter of the guest\'s and one of the host\'s overflow at the same instruction: one NMI for both.',
    guests: [sampling(100, 350)],
    world: { users: [{ ...WATCHDOG, period: 100 }], startUsers: true, perfmon: { ...SMALL_PERFMON, generalCounters: 2 } },
    symptoms: ['PMI lost', 'PMI late', 'unknown NMI'], present: ['guest-pmi-B1', 'guest-pmi-B8'],
    notApplicable: { mediated: NO_HOST_EVENT },
  },
  {
    id: 'D3', title: 'Another guest runs while this one\'s counters are live: each must find its own again.',
    guests: [{
      main: [...start(1000), run(50), host({ kind: 'run other', vcpu: 1, branches: 60 }), run(50), enable(0), rdpmc(0)], handler: [IRET],
    }, OTHER],
    symptoms: ['miscount', 'other guest wrong'], present: [],
  },
  {
    id: 'D4', title: 'The host works between exit and entry: none of it may be in the guest\'s counters.',
    guests: [{
      main: [
        enable(0), select(0, { event: 'core cycles' }), enable(1), host({ kind: 'preempt', cycles: 5000 }), host({ kind: 'kick' }),
        run(10), enable(0), rdpmc(0),
      ],
      handler: [IRET],
    }],
    // Cycles while an instruction is trapped are nobody's: only what is far off is the host's work.
    symptoms: ['PMI extra', 'hang'], present: [],
  },
  {
    id: 'E1', title: 'Instructions that the hypervisor completes are counted by it, not by the hardware.',
    guests: [{
      main: [enable(0), select(0, { event: 'instructions retired' }), enable(1), run(10), enable(0), rdpmc(0)], handler: [IRET],
    }],
    symptoms: ['miscount'], present: ['reallocate', 'ioc-period', 'guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8', 'register', 'reuse-5.5'],
  },
  {
    id: 'E2', title: 'The PMI\'s vector arrives after the exit, when the guest\'s counters have left the hardware.',
    guests: [LATE], skids: SKIDS, symptoms: ['PMI lost', 'unknown NMI'], present: ['mediated'],
    notApplicable: OTHERS_VECTOR,
  },
  {
    id: 'E3', title: 'An event of the host\'s wants to count guests too: refused, or the virtual machine is.',
    guests: [sampling(100, 150, classicHandler(100, { at: { read: [host({ kind: 'start', user: 0 })] } }))],
    world: { users: [WATCHDOG] }, symptoms: ['host cannot count', 'VM refused'], present: ['mediated', 'register'],
  },
];
