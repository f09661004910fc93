/**
 * Bugs in what only some guests and hosts use: events that take turns, PMIs that are ordinary interrupts, filters that deny, AMD's
 * registers, and the handler that freezes.
 */
import { type Mutant, seen } from './mutant.ts';

const SCHEDULE = 'host/perf/schedule.ts';
const CORE = 'host/perf/perf.ts';
const INTERRUPT = 'host/perf/interrupt.ts';
const VENDOR = 'host/perf/vendor.ts';
const HARDWARE = 'host/perf/hardware.ts';
const KVM = 'host/kvm/kvm.ts';
const VPMU = 'host/vpmu/vpmu.ts';
const ENTRY = 'host/vpmu/entry.ts';
const MEDIATED = 'host/vpmu/mediated.ts';
const LAPIC = 'hw/lapic/lapic.ts';

export const SPACE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the turn of flexible events does not pass', file: SCHEDULE, from: 'this.turn = this.nextTurn;', to: ';',
    by: seen('general', 'host takes turns', 'host cannot count'), quick: true,
  },
  {
    name: 'who has a turn does not leave for the next', file: SCHEDULE, from: 'this.out(flexible);', to: ';',
    by: seen('general', 'host takes turns', 'host cannot count'),
  },
  {
    name: 'nobody is known to wait', file: SCHEDULE, from: 'this.waiting = true;', to: ';',
    by: seen('general', 'host takes turns', 'host cannot count'),
  },
  {
    name: 'the tick does not let flexible events take turns', file: CORE, from: 'schedule.rotate();', to: ';',
    by: seen('general', 'host takes turns', 'host cannot count'),
  },
  {
    name: 'the unit stays off behind a turn', file: SCHEDULE,
    from: 'this.out(flexible);\n        this.in();\n        this.resume(was);', to: 'this.out(flexible);\n        this.in();',
    by: seen('general', 'host takes turns', 'host miscounts'),
  },
  {
    name: 'flexible events are scheduled before the guest\'s', file: SCHEDULE, from: '(attr.pinned ? 0 : 2)', to: '(attr.pinned ? 2 : 0)',
    by: seen('general', 'host takes turns', 'miscount'),
  },
  {
    name: 'the tick lets no throttled event of the host go on', file: CORE, from: 'hardware.start(event, false);', to: ';',
    by: seen('general', 'host is throttled', 'host miscounts'),
  },
  {
    name: 'a throttled event of the host is not stopped', file: CORE,
    from: "cpu.trace('perf_throttle', event.id);\n        this.hardwareOf(cpu).stop(event);", to: "cpu.trace('perf_throttle', event.id);",
    by: seen('general', 'host is throttled', 'invariant'),
  },

  {
    name: 'an interrupt is injected into a guest that has disabled them', file: KVM,
    from: 'lapic.requested && core.guestTakesInterrupt', to: 'lapic.requested',
    by: seen('general', 'vector', 'PMI without cause'), quick: true,
  },
  {
    name: 'an interrupt that waits for STI opens no window', file: KVM, from: 'vmcs.interruptWindowExiting = lapic.requested;',
    to: 'vmcs.interruptWindowExiting = false;', by: seen('general', 'any vector', 'PMI lost'),
  },
  {
    name: 'every PMI is an NMI', file: LAPIC, from: "if (entry === 'perfmon' && this.masksPmi)",
    to: "if (entry === 'perfmon') return void (this.nmiPending = true); if (entry === 'perfmon' && this.masksPmi)",
    by: seen('general', 'vector', 'PMI without cause'),
  },

  {
    name: 'no event is denied', file: VPMU, from: 'if (this.filter === undefined)', to: 'if (true)',
    by: seen('general', 'other filter', 'miscount'), quick: true,
  },
  {
    name: 'the events of a guest are not looked at when the filter changes', file: VPMU,
    from: 'this.filter = filter;\n        this.strategy.refresh();', to: 'this.filter = filter;',
    by: seen('reuse', 'other filter', 'miscount'),
  },

  {
    name: 'a guest of AMD\'s counts what it has switched off', file: ENTRY, from: 'return perf.hardwareOf(port.cpu()).hold(off);',
    to: 'return;', by: seen('general', 'AMD pair', 'miscount'), quick: true,
  },
  {
    name: 'what a guest of AMD\'s has switched on again stands still', file: HARDWARE, from: 'if (((before ^ off) & this.bitOf(k)) !== 0)',
    to: 'if ((off & this.bitOf(k)) !== 0)', by: seen('general', 'AMD', 'miscount'),
  },
  {
    name: 'an event of AMD\'s that excludes the host counts there', file: VENDOR, from: 'excludeHost ? EVTSEL.GUEST_ONLY_HIGH : 0', to: '0',
    by: seen('general', 'AMD instructions', 'PMI without cause'),
  },
  {
    name: 'AMD\'s guest gets the global control of its host', file: MEDIATED,
    from: 'this.writeSet(perf.vendor.msr.globalCtrl, regs.globalCtrl);', to: ';', by: seen('mediated', 'AMD', 'miscount'),
  },
  {
    name: 'AMD\'s mediated guest counts its host', file: MEDIATED,
    from: '(high & ~EVTSEL.HOST_ONLY_HIGH) | EVTSEL.GUEST_ONLY_HIGH', to: 'high',
    by: seen('mediated', 'AMD instructions', 'PMI without cause'),
  },

  {
    name: 'the handler that freezes does not let its counters go on', file: INTERRUPT, from: 'hardware.clearStatusAndFlags(status);',
    to: 'hardware.clearStatus(status);', by: seen('general', 'freezing host', 'miscount'),
  },
  {
    name: 'the handler that freezes leaves LVTPC masked', file: INTERRUPT,
    from: 'handled = this.each(status);\n            this.acknowledge();', to: 'handled = this.each(status);',
    by: seen('general', 'freezing host', 'PMI lost'),
  },
  {
    name: 'a fixed counter counts nothing', file: HARDWARE, from: 'FIXED_CTRL.PMI | (attr.excludeUser', to: '0 & (attr.excludeUser',
    by: seen('general', 'fixed counter', 'PMI lost'),
  },
];
