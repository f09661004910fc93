/** Bugs in the host's perf core. */
import { type Mutant, seen } from './mutant.ts';

const HARDWARE = 'host/perf/hardware.ts';
const SCHEDULE = 'host/perf/schedule.ts';
const INTERRUPT = 'host/perf/interrupt.ts';
const CORE = 'host/perf/perf.ts';
const ASSIGN = 'host/perf/assign.ts';

export const PERF_MUTANTS: readonly Mutant[] = [
  {
    name: 'an event that excludes the host counts there', file: HARDWARE,
    from: 'if (attr.excludeHost)\n            this.guestMask = union(this.guestMask, bit);', to: '',
    by: seen('general', 'instructions', 'PMI without cause'), quick: true,
  },
  {
    name: 'an event that excludes guests counts there', file: HARDWARE,
    from: 'if (attr.excludeGuest)\n            this.hostMask = union(this.hostMask, bit);', to: '',
    by: seen('general', 'host excludes guests', 'host miscounts'), quick: true,
  },
  {
    name: 'the mask of an event that has ended stays on its counter', file: HARDWARE,
    from: 'this.hostMask = without(this.hostMask, bit);', to: ';', by: seen('general', 'host excludes guests', 'miscount'),
  },
  {
    name: 'the guest mask of an event that has ended stays on its counter', file: HARDWARE,
    from: 'this.guestMask = without(this.guestMask, bit);', to: ';',
    by: seen('reallocate', 'host samples itself', 'host cannot count'),
  },
  {
    name: 'an event that is stopped is not folded', file: HARDWARE,
    from: "this.update(event);\n        this.cpu.trace('perf_event_out'", to: "this.cpu.trace('perf_event_out'",
    by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'an event that is stopped leaves its counter on', file: HARDWARE, from: 'this.disableCounter(event, k);', to: ';',
    by: { test: 'src/host/perf/hardware.test.js', only: 'leaves its counter off', why: 'whoever comes next to the counter programs it' },
  },
  {
    name: 'a period that has elapsed to the last event has not', file: HARDWARE, from: 'else if (left <= 0) {',
    to: 'else if (left < 0) {', by: seen('reuse', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'what is left of a period is not remembered', file: HARDWARE, from: 'event.periodLeft = left;', to: ';',
    by: {
      test: 'src/host/perf/hardware.test.js', only: 'set_period arms',
      why: 'guests turn whole counters, and modulo that it is the same',
    },
  },
  {
    name: 'a counter is armed one event short', file: HARDWARE, from: 'event.prevCount = (modulus - left % modulus) % modulus;',
    to: 'event.prevCount = (modulus - left % modulus + 1) % modulus;', by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'a counter is armed from the count at which it was folded last', file: HARDWARE,
    from: 'this.writeCounter(k, event.prevCount);', to: ';', by: seen('general', 'lawful', 'host books wrong'),
  },
  {
    name: 'a fold does not bring the period nearer', file: HARDWARE, from: 'event.periodLeft -= delta;', to: ';',
    by: seen('reuse', 'lawful', 'PMI lost'),
  },
  {
    name: 'a fold forgets where it was', file: HARDWARE, from: 'event.prevCount = now;', to: ';',
    by: seen('general', 'lawful', 'host books wrong'),
  },
  {
    name: 'a fold loses what a wrap has counted', file: HARDWARE, from: 'const delta = (now - event.prevCount + modulus) % modulus;',
    to: 'const delta = Math.max(0, now - event.prevCount);', by: seen('general', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'perf does not switch its unit on again', file: HARDWARE,
    from: 'if (was)\n            this.startAll();', to: '', by: seen('general', 'host event', 'host miscounts'),
  },
  {
    name: 'the masks are mixed up: guests get the host\'s', file: HARDWARE, from: 'without(this.all, this.hostMask)',
    to: 'without(this.all, this.guestMask)', by: seen('general', 'lawful', 'miscount'),
  },

  {
    name: 'events of a task stay when it leaves', file: SCHEDULE, from: 'this.out(allButCpuPinned);\n        this.task = task;',
    to: 'this.task = task;', by: seen('reallocate', 'two guests', 'miscount'),
  },
  {
    name: 'events of a task do not come back with it', file: SCHEDULE, from: 'this.task = task;\n        this.in();',
    to: 'this.task = task;', by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'events of one task count for all', file: SCHEDULE, from: 'event.task === this.task && this.task !== ANY',
    to: 'this.task !== ANY', by: seen('general', 'two guests', 'miscount'),
  },
  {
    name: 'an event comes in without being armed', file: SCHEDULE,
    from: 'if (!event.throttled)\n                hardware.start(event, true);',
    to: 'if (!event.throttled)\n                hardware.start(event, false);', by: seen('general', 'migration', 'host books wrong'),
    quick: true,
  },
  {
    name: 'the host\'s own events stay on while a guest owns the PMU', file: SCHEDULE,
    from: 'if (owns)\n            return this.out(excludesGuest);', to: 'if (owns)\n            return;',
    by: seen('mediated', 'host excludes guests', 'host books wrong'),
  },
  {
    name: 'the host\'s own events do not come back from a guest', file: SCHEDULE,
    from: 'this.in();\n        this.resume(false);', to: 'this.resume(false);',
    by: seen('mediated', 'host samples itself', 'host cannot count'),
  },
  {
    name: 'tasks\' events come before those of the CPU', file: SCHEDULE, from: '(cpu === ANY ? 1 : 0)', to: '(cpu === ANY ? 0 : 1)',
    by: { test: 'src/host/perf/schedule.test.js', only: '.', why: 'small machines have a counter for each event' },
  },
  {
    name: 'an event that is enabled does not make others leave', file: SCHEDULE, from: 'this.out(IN_THE_WAY[classOf(event)]);',
    to: ';', by: { test: 'src/host/perf/schedule.test.js', only: '.', why: 'small machines have a counter for each event' },
  },

  {
    name: 'the handler does not acknowledge the status', file: INTERRUPT, from: 'hardware.clearStatus(status);\n            handled',
    to: 'handled',
    by: { test: 'src/host/perf/interrupt.test.js', only: '.', why: 'it goes round until it is stuck, and nothing is wrong but the time' },
  },
  {
    name: 'the handler leaves LVTPC masked', file: INTERRUPT, from: "if (options.ack === 'late')\n            this.acknowledge();",
    to: '', by: seen('general', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'the handler does not arm the counter', file: INTERRUPT, from: 'const elapsed = hardware.setPeriod(event);',
    to: 'const elapsed = true;', by: seen('general', 'host event', 'host samples wrong'),
  },
  {
    name: 'the handler tells of a period that has not elapsed', file: INTERRUPT,
    from: 'if (elapsed)\n                this.overflow(event);', to: 'this.overflow(event);',
    by: {
      test: 'src/host/perf/interrupt.test.js', only: '.',
      why: 'strategies that hold on that host look themselves whether there was a wrap',
    },
  },
  {
    name: 'the handler does not fold', file: INTERRUPT, from: 'hardware.update(event);\n', to: '\n',
    by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'the handler leaves the unit off', file: INTERRUPT,
    from: "this.acknowledge();\n        hardware.restore(was);\n        if (options.ack === 'late')",
    to: "this.acknowledge();\n        if (options.ack === 'late')", by: seen('general', 'host event', 'host miscounts'),
  },
  {
    name: 'the handler looks only at the first overflow', file: INTERRUPT,
    from: 'if (elapsed)\n                this.overflow(event);', to: 'if (elapsed) {\n this.overflow(event); break; }',
    by: seen('general', 'pair', 'host books wrong'),
  },
  {
    name: 'the handler counts no overflow as handled', file: INTERRUPT, from: 'handled += 1;\n', to: '\n',
    by: seen('general', 'lawful', 'unknown NMI'),
  },
  {
    name: 'bits of counters that a guest has taken are acknowledged for it, silently', file: INTERRUPT,
    from: 'if (ours !== NO_COUNTERS)\n            this.guestBits(ours);', to: '', by: seen('register', 'lawful', 'PMI lost'),
  },

  {
    name: 'a new period does not stop the counter first', file: CORE, from: 'if (active)\n            schedule.hardware.stop(event);',
    to: '',
    by: {
      test: 'src/host/perf/perf.test.js', only: '.',
      why: 'KVM sets periods of running counters only for guests for which it miscounts anyway',
    },
  },
  {
    name: 'a new period begins where the old one was', file: CORE,
    from: 'event.samplePeriod = period;\n        event.periodLeft = 0;', to: 'event.samplePeriod = period;',
    by: seen('reuse', 'lawful', 'PMI without cause'), quick: true,
  },
  {
    name: 'a new period keeps the old length', file: CORE, from: 'event.samplePeriod = period;\n        event.periodLeft = 0;',
    to: 'event.periodLeft = 0;', by: seen('reuse', 'lawful', 'PMI lost'),
  },
  {
    name: 'pause does not reset the count', file: CORE, from: 'if (reset)\n            event.count = 0;', to: '',
    by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'a read shows what was folded last', file: CORE, from: 'if (hardware.runs(event))\n            hardware.update(event);',
    to: '', by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'the tick does not let a throttled event go on', file: CORE, from: 'hardware.start(event, false);', to: ';',
    by: { test: 'src/host/perf/perf.test.js', only: '.', why: 'strategies make new periods before the tick' },
  },
  {
    name: 'an event of a guest is throttled', file: CORE, from: 'if (!event.attr.exact)\n            event.interrupts += 1;',
    to: 'event.interrupts += 1;', by: seen('general', 'throttle', 'host books wrong'),
  },
  {
    name: 'the tick does not begin a new count of samples', file: CORE,
    from: 'event.interrupts = event.throttled ? event.interrupts : 0;', to: ';',
    by: { test: 'src/host/perf/perf.test.js', only: 'samples of one tick', why: 'strategies make new periods before the tick' },
  },
  {
    name: 'a changed event goes on with the old selector', file: CORE, from: 'event.attr = attr;\n', to: '\n',
    by: seen('general', 'reselect', 'miscount'),
  },
  {
    name: 'host events for guests are made although a guest owns the PMU', file: CORE,
    from: 'if (this.mediatedVms > 0 && !attr.excludeGuest)', to: 'if (false)', by: seen('mediated', 'host event', 'host books wrong'),
  },
  {
    name: 'the host keeps the guest\'s LVTPC', file: CORE,
    from: 'this.scheduleOf(cpu).guestLvtpc = false;\n        cpu.root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);',
    to: 'this.scheduleOf(cpu).guestLvtpc = false;', by: seen('mediated', 'host samples itself', 'PMI without cause'),
  },
  {
    name: 'a counter is given to two events', file: ASSIGN, from: '(this.allowed[i] & bit & ~taken) === 0',
    to: '(this.allowed[i] & bit) === 0', by: seen('general', 'host event', 'invariant'),
  },
  {
    name: 'an event keeps a counter that another has', file: ASSIGN,
    from: 'if (kept)\n                used = union(used, this.bitOf(k));', to: '',
    by: { test: 'src/host/perf/assign.test.js', only: '.', why: 'small machines have a counter for each event' },
  },
];
