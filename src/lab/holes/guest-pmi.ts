/** B1 to B23: where the fast path of the mail goes wrong, or could. */
import type { GuestProgram } from '../small/operation.ts';
import { type Hole, SMALL_PERFMON, WATCHDOG } from './hole.ts';
import {
  acknowledge, arm, classicHandler, enable, host, IRET, LVTPC_MASKED, LVTPC_NMI, lvtpc, rdpmc, readStatus, run, sampling, select, start,
  wrmsr,
} from './scripts.ts';

const ALL = ['guest-pmi', 'guest-pmi-B1', 'guest-pmi-B8'] as const;
const NARROW = { ...SMALL_PERFMON, generalWidth: 8 };
const ONE_COUNTER = { ...SMALL_PERFMON, generalCounters: 1 };

/**
 * Another guest that counts its own branches, twice, and reads them. The counter on which the first guest's event was has its bit
 * in the mask cleared as that event leaves; the other has not.
 */
const OTHER: GuestProgram = {
  main: [...start(1000, 3, [select(1), arm(1, 2000)]), run(50), rdpmc(0), rdpmc(1), run(50), rdpmc(0), rdpmc(1), run(1000)],
  handler: classicHandler(1000, { set: 3 }),
};

export const GUEST_PMI_HOLES: readonly Hole[] = [
  {
    id: 'B1', title: 'The host event is made anew behind the PMI, from the counter after the wrap; the next period never elapses for it.',
    guests: [sampling(100, 350)], world: { skid: 3 }, symptoms: ['PMI lost'], present: ['guest-pmi-B1', 'guest-pmi-B8'],
  },
  {
    id: 'B2', title: 'The counter is 0 when the host event is made anew: an event that never samples.',
    guests: [sampling(100, 350)], world: { perfmon: NARROW }, symptoms: ['PMI lost'], present: ['guest-pmi-B1', 'guest-pmi-B8'],
  },
  {
    id: 'B3', title: 'The event\'s count goes on from where it was, the counter from where the guest has put it: the guest counts twice.',
    guests: [sampling(100, 350)], symptoms: ['miscount'], present: [...ALL],
  },
  {
    id: 'B4', title: 'A read while the new, longer period is under way folds a difference of nearly 2^48: the old period comes back.',
    guests: [{
      main: [...start(100), run(1100), rdpmc(0), host({ kind: 'preempt', cycles: 10 }), run(4500), enable(0), rdpmc(0)],
      handler: classicHandler(5000),
    }],
    symptoms: ['PMI early', 'PMI extra', 'PMI lost'], present: [...ALL],
  },
  {
    id: 'B5', title: 'The virtual processor is preempted while a shorter period is under way: its count is folded from the old position.',
    guests: [{
      main: [...start(1000), run(1025), host({ kind: 'preempt', cycles: 10 }), run(10), enable(0), rdpmc(0)], handler: classicHandler(50),
    }],
    symptoms: ['miscount'], present: [...ALL],
  },
  {
    id: 'B6', title: 'A first period longer than the host can arm at once is cut; after the raw write the rest of it is still missing.',
    guests: [sampling(236, 600, classicHandler(100))], world: { perfmon: NARROW }, symptoms: ['PMI lost'], present: [...ALL],
  },
  {
    id: 'B7', title: 'The value goes into a full-width window without the sign extension of the guest\'s narrow one.',
    guests: [sampling(100, 350, [
      enable(0), readStatus, acknowledge(1), rdpmc(0), wrmsr(0xc1, -100), readStatus, enable(1), lvtpc(LVTPC_NMI), IRET,
    ])],
    symptoms: ['PMI lost'], present: [...ALL],
  },
  {
    id: 'B8', title: 'Nothing clears the counter\'s reprogram bit when its event is not made anew: every later overflow is dropped.',
    guests: [sampling(100, 350)], symptoms: ['PMI lost'], present: ['guest-pmi-B1', 'guest-pmi-B8'],
  },
  {
    id: 'B9', title: 'The handler writes a counter that has no host event: a null pointer in the host.',
    guests: [sampling(100, 150, classicHandler(100, { at: { read: [arm(1, 100)] } }))], symptoms: ['host fault'], present: [...ALL],
  },
  {
    id: 'B10', title: 'The host event has lost its counter to a pinned one of the host\'s: the raw write lands in that.',
    guests: [sampling(100, 150, classicHandler(100, { at: { read: [host({ kind: 'start', user: 0 })] } }))],
    world: { perfmon: ONE_COUNTER, users: [WATCHDOG] }, symptoms: ['host miscounts'], present: [...ALL],
    notApplicable: { mediated: 'the host cannot start such an event' },
  },
  {
    id: 'B11', title: 'The virtual processor moves after the raw write: the host arms the new counter from its own books.',
    guests: [sampling(100, 1150, classicHandler(1000, { at: { armed: [host({ kind: 'migrate', to: 1 })] } }))], world: { cpus: 2 },
    symptoms: ['PMI early', 'PMI late', 'PMI lost', 'PMI extra'], present: [...ALL],
  },
  {
    id: 'B12', title: 'A host event that lives on is throttled like any other: the guest\'s counter stands still until the next tick.',
    // Where the event is paused and enabled behind each overflow, it is scheduled in anew, and with that no longer throttled.
    guests: [sampling(20, 200)], world: { maxSamplesPerTick: 4 }, symptoms: ['PMI lost', 'PMI late'], present: [...ALL],
  },
  {
    id: 'B13', title: 'The mask is the CPU\'s: another guest that runs there while this one is in its handler counts nothing.',
    guests: [sampling(100, 150, classicHandler(100, { at: { off: [host({ kind: 'run other', vcpu: 1, branches: 120 })] } })), OTHER],
    symptoms: ['other guest wrong'], present: [...ALL],
  },
  {
    id: 'B14', title: 'The guest moves inside its handler: the mask stays behind, and the handler is counted.',
    guests: [sampling(100, 150, classicHandler(100, { at: { off: [host({ kind: 'migrate', to: 1 }), run(30)] } }))], world: { cpus: 2 },
    symptoms: ['miscount', 'PMI early'], present: [...ALL],
  },
  {
    id: 'B15', title: 'A host event that excludes guests starts meanwhile: its bit is not in the mask that is put back.',
    guests: [sampling(100, 150, classicHandler(100, { at: { off: [host({ kind: 'start', user: 0 })] } }))],
    world: { users: [{ ...WATCHDOG, excludeGuest: true }] }, symptoms: ['host miscounts'], present: [...ALL],
  },
  {
    id: 'B16', title: 'A second PMI is latched while the first is handled: its handler finds the flag cleared, and takes the slow path.',
    guests: [{
      main: [...start(100, 3, [select(1), arm(1, 103)]), run(150), enable(0), rdpmc(0)],
      handler: classicHandler(100, { set: 3, status: 3, at: { entry: [run(5)], read: [arm(1, 103)] } }),
    }],
    symptoms: ['new host events'], present: ['reallocate', ...ALL],
  },
  {
    id: 'B17', title: 'The handler enables fewer counters than were on: the mask knows only all and none.',
    guests: [{
      main: [...start(100, 3, [select(1), arm(1, 1000)]), run(150), enable(0), rdpmc(0), rdpmc(1)], handler: classicHandler(100),
    }],
    symptoms: ['miscount'], present: [...ALL],
  },
  {
    id: 'B18', title: 'A handler that never writes the global control register leaves the flag set: later writes go past the books.',
    guests: [{
      main: [...start(100), run(120), enable(0), arm(0, 50), enable(1), run(60), enable(0), rdpmc(0)],
      handler: [readStatus, rdpmc(0), arm(0, 100), lvtpc(LVTPC_NMI), acknowledge(1), IRET],
    }],
    symptoms: ['miscount', 'PMI lost'], present: [...ALL],
  },
  {
    id: 'B19', title: 'The PMI comes when the guest has just stopped its counters; it goes on to write a counter whose event is gone.',
    guests: [{
      main: [
        ...start(100), run(100), enable(0), select(0, { enabled: false }), arm(0, 50), select(0), enable(1), run(20), enable(0), rdpmc(0),
      ],
      handler: [readStatus, acknowledge(1), lvtpc(LVTPC_NMI), IRET],
    }],
    world: { skid: 1 }, symptoms: ['host fault'], present: [...ALL],
  },
  {
    id: 'B20', title: 'The PMI met a masked LVTPC, and the flag is set all the same: ordinary code takes the fast path.',
    guests: [{
      main: [lvtpc(LVTPC_MASKED), ...start(100), run(120), enable(0), arm(0, 50), enable(1), run(20), enable(0), rdpmc(0)],
      handler: [IRET],
    }],
    symptoms: ['miscount'], present: [...ALL],
  },
  {
    id: 'B21', title: 'The handler stops its counter by the selector and starts it again: the host event is gone for good.',
    guests: [sampling(100, 350, classicHandler(100, { at: { armed: [select(0, { enabled: false }), select(0)] } }))],
    symptoms: ['PMI lost'], present: [...ALL],
  },
  {
    id: 'B22', title: 'The handler returns without enabling: the mask stays, whoever runs on that CPU next.',
    guests: [
      {
        main: [...start(100), run(120), host({ kind: 'run other', vcpu: 1, branches: 120 }), enable(0), rdpmc(0)],
        handler: [enable(0), readStatus, acknowledge(1), rdpmc(0), lvtpc(LVTPC_NMI), IRET],
      },
      OTHER,
    ],
    symptoms: ['other guest wrong'], present: [...ALL],
  },
  {
    id: 'B23', title: 'The host has armed the counter before the guest does: it wraps again on the way into the handler.',
    guests: [{ main: [...start(30), run(40), enable(0)], handler: classicHandler(100, { at: { entry: [run(40)] } }) }],
    symptoms: ['PMI without status'], present: ['guest-pmi'],
  },
];

