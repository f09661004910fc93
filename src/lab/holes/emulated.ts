/** R1 to R12: holes of the ways that go through host events. */
import { GENERATIONS } from '../../host/generation.ts';
import { STRATEGIES } from '../../host/vpmu/strategies.ts';
import type { GuestProgram } from '../small/operation.ts';
import { HOLE_STRATEGIES, type Hole, NO_HOST_EVENT, SKIDS, SMALL_PERFMON, WATCHDOG } from './hole.ts';
import {
  acknowledge, arm, classicHandler, enable, host, IRET, LVTPC_NMI, lvtpc, rdpmc, readStatus, run, sampling, select, start,
} from './scripts.ts';

const OLD = ['reallocate', 'guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8'] as const;
const BY_EVENTS = [...OLD, 'ioc-period', 'reuse-5.5', 'reuse'] as const;
/** Stops its counter at the very instruction after the wrap; the PMI is still on its way. */
const LATE: GuestProgram = { main: [...start(100), run(100), enable(0), run(20), rdpmc(0), readStatus], handler: classicHandler(100) };
const ONE_COUNTER = { ...SMALL_PERFMON, generalCounters: 1 };
const NO_FILTER = 'the host of 2018 has no event filter';
const WITHOUT_FILTER = Object.fromEntries(HOLE_STRATEGIES.filter((name) => !GENERATIONS[STRATEGIES[name].generation].eventFilter)
  .map((name) => [name, NO_FILTER]));

export const EMULATED_HOLES: readonly Hole[] = [
  {
    id: 'R1', title: 'The guest writes a counter that runs: the host event overflows when it would have before.',
    guests: [{
      main: [...start(1000), run(100), arm(0, 50), run(60), enable(0), rdpmc(0)], handler: classicHandler(1000),
    }],
    // Today its period is set anew, but from a base that lacks what the event has counted already: late by as much.
    symptoms: ['PMI lost', 'PMI late'], present: [...OLD, 'reuse-5.5', 'reuse'],
  },
  {
    id: 'R2', title: 'The counter is 0 when its host event is made: an event that never samples, and a wrap that nobody reports.',
    guests: [{
      main: [enable(0), select(0), arm(0, 0), enable(1), run(300), enable(0), rdpmc(0), readStatus], handler: classicHandler(100),
    }],
    world: { perfmon: { ...SMALL_PERFMON, generalWidth: 8 } }, symptoms: ['PMI lost', 'wrong status'], present: [...OLD],
  },
  {
    id: 'R3', title: 'The counter wraps a second time before the host has looked at the first.',
    guests: [{
      main: [...start(3), run(40), enable(0), rdpmc(0), readStatus],
      handler: [enable(0), readStatus, acknowledge(1), rdpmc(0), lvtpc(LVTPC_NMI), IRET],
    }],
    world: { skid: 20, perfmon: { ...SMALL_PERFMON, generalWidth: 4 } }, symptoms: ['PMI lost', 'PMI extra'], present: [],
  },
  {
    id: 'R4', title: 'An event filter is set from outside while the guest runs: an overflow before it exits is dropped.',
    guests: [{
      main: [...start(100), run(50), host({ kind: 'filter from outside', filter: undefined }), run(300), enable(0), rdpmc(0), readStatus],
      handler: classicHandler(100),
    }],
    symptoms: ['PMI lost', 'wrong status'], present: ['reuse'], notApplicable: WITHOUT_FILTER,
  },
  {
    id: 'R5', title: 'The NMI comes when a WRMSR has stopped or marked the counter already: the overflow is dropped.',
    guests: [LATE], skids: SKIDS, symptoms: ['PMI lost'], present: [...BY_EVENTS],
  },
  {
    id: 'R6', title: 'The host takes the counter for a moment: the guest\'s stands still for good, and nobody tells the guest.',
    guests: [{
      main: [
        ...start(100), run(250), host({ kind: 'start', user: 0 }), run(50), host({ kind: 'stop', user: 0 }),
        host({ kind: 'preempt', cycles: 10 }), run(790),
      ],
      handler: [readStatus, acknowledge(1), rdpmc(0), arm(0, 100), lvtpc(LVTPC_NMI), IRET],
    }],
    world: { perfmon: ONE_COUNTER, users: [WATCHDOG] }, symptoms: ['PMI lost'], present: [...BY_EVENTS],
    notApplicable: { mediated: NO_HOST_EVENT },
  },
  {
    id: 'R7', title: 'A PMI raised inside the handler is latched, because nothing masks LVTPC: it comes without a status bit.',
    guests: [{
      main: [...start(100, 3, [select(1), arm(1, 102)]), run(150), enable(0), rdpmc(0)],
      handler: classicHandler(100, { set: 3, status: 3, at: { entry: [run(5)] } }),
    }],
    symptoms: ['PMI without status', 'PMI extra'], present: [...OLD, 'ioc-period', 'register', 'reuse-5.5'],
  },
  {
    id: 'R8', title: 'All counters are the host\'s when the guest\'s event is made: it never runs, even when they are free again.',
    guests: [{
      main: [...start(100), run(50), host({ kind: 'stop', user: 0 }), host({ kind: 'preempt', cycles: 10 }), run(500)],
      handler: classicHandler(100),
    }],
    world: { perfmon: ONE_COUNTER, users: [WATCHDOG], startUsers: true }, symptoms: ['PMI lost'], present: [...BY_EVENTS],
    notApplicable: { mediated: NO_HOST_EVENT },
  },
  {
    id: 'R9', title: 'The guest reads a counter whose event was off the hardware for a time: too little, and not scaled.',
    guests: [{
      main: [
        ...start(1000), run(50), host({ kind: 'start', user: 0 }), run(50), host({ kind: 'stop', user: 0 }),
        host({ kind: 'preempt', cycles: 10 }), run(50), enable(0), rdpmc(0),
      ],
      handler: [IRET],
    }],
    world: { perfmon: ONE_COUNTER, users: [WATCHDOG] }, symptoms: ['miscount'], present: [...BY_EVENTS],
    limits: {
      general: 'a pinned event of the host has the only counter: nothing counts the guest meanwhile',
    },
    notApplicable: { mediated: NO_HOST_EVENT },
  },
  {
    id: 'R10', title: 'A guest event that lives on meets the limit of samples in a tick.',
    guests: [sampling(20, 400)], world: { maxSamplesPerTick: 8 }, symptoms: ['PMI lost', 'PMI late'],
    // As B12: an event that is paused and enabled again is no longer throttled.
    present: ['guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8'],
  },
  {
    id: 'R11', title: 'The guest clears a status bit while another counter overflows.',
    guests: [{
      main: [...start(100, 3, [select(1), arm(1, 101)]), run(400), enable(0), readStatus],
      handler: [readStatus, acknowledge(1), rdpmc(0), arm(0, 100), lvtpc(LVTPC_NMI), IRET],
    }],
    symptoms: ['wrong status'], present: [],
  },
  {
    id: 'R12', title: 'A counter that is not used for a time slice gives its event back, and gets another one later.',
    guests: [{
      main: [
        ...start(1000), run(50), enable(0), select(0, { enabled: false }), host({ kind: 'preempt', cycles: 10 }), run(10),
        host({ kind: 'preempt', cycles: 10 }), run(10), select(0), enable(1), run(50), enable(0), rdpmc(0),
      ],
      handler: [IRET],
    }],
    symptoms: ['miscount', 'PMI extra'], present: [],
  },
];
