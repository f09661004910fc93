/** Bugs in the strategies, and in what they share. */
import { type Mutant, seen } from './mutant.ts';

const GENERAL = 'host/vpmu/general.ts';
const MEDIATED = 'host/vpmu/mediated.ts';
const REUSE = 'host/vpmu/reuse.ts';
const REGISTER = 'host/vpmu/register.ts';
const REALLOCATE = 'host/vpmu/reallocate.ts';
const IOC_PERIOD = 'host/vpmu/ioc-period.ts';
const EVENTS = 'host/vpmu/pmc-events.ts';
const ENTRY = 'host/vpmu/entry.ts';
const VPMU = 'host/vpmu/vpmu.ts';
const FILTER = 'host/vpmu/filter.ts';

export const VPMU_MUTANTS: readonly Mutant[] = [
  {
    name: 'general: entry forgets to mask a counter that its guest has stopped', file: GENERAL,
    from: 'if (!this.runs(k) && hardware.runs(event))', to: 'if (false)', by: seen('general', 'lawful', 'PMI without cause'),
    quick: true,
  },
  {
    name: 'general: entry masks all that is not its own', file: GENERAL, from: 'off = union(off, hardware.bitOf(event.counter));',
    to: 'off = ~0;', by: seen('general', 'pair', 'PMI lost'),
  },
  {
    name: 'general: entry masks the guest\'s number of a counter, not the hardware\'s', file: GENERAL,
    from: 'off = union(off, hardware.bitOf(event.counter));', to: 'off = union(off, vpmu.regs.bitOf(k));',
    by: seen('general', 'host event', 'host miscounts'),
  },
  {
    name: 'general: a frozen counter counts on', file: GENERAL, from: 'this.parts.vpmu.enabled(k) && !this.parts.vpmu.regs.frozen',
    to: 'this.parts.vpmu.enabled(k)', by: seen('general', 'freeze', 'miscount'),
  },
  {
    name: 'general: a PMI forgets to freeze', file: GENERAL, from: 'this.parts.vpmu.regs.freezeOnPmi();', to: ';',
    by: seen('general', 'freeze', 'wrong status'),
  },
  {
    name: 'general: a write of a counter does not reach the hardware', file: GENERAL, from: 'if (this.started(k) !== undefined)',
    to: 'if (false)', by: seen('general', 'lawful', 'host books wrong'), quick: true,
  },
  {
    name: 'general: a write of a counter does not reach the books', file: GENERAL,
    from: 'event.periodLeft = periodOf(value, vpmu.regs.modulusOf(k));', to: ';', by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'general: the distance to the wrap is one too long', file: GENERAL,
    from: 'event.periodLeft = periodOf(value, vpmu.regs.modulusOf(k));',
    to: 'event.periodLeft = periodOf(value, vpmu.regs.modulusOf(k)) + 1;', by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'general: a wrap to exactly 0 is none', file: GENERAL, from: 'event.count = 0;\n        if (sum < modulus)',
    to: 'event.count = 0;\n        if (sum <= modulus)', by: seen('general', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'general: a wrap sets no status bit', file: GENERAL, from: 'this.setStatus(k);\n        if (regs.interrupts(k))',
    to: 'if (regs.interrupts(k))', by: seen('general', 'lawful', 'wrong status'),
  },
  {
    name: 'general: a wrap drops its request', file: GENERAL, from: 'if (regs.interrupts(k))\n            this.raisePmi();', to: '',
    by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'general: a wrap raises a PMI that nobody asked for', file: GENERAL,
    from: 'if (regs.interrupts(k))\n            this.raisePmi();', to: 'this.raisePmi();',
    by: seen('general', 'freeze', 'PMI without cause'),
  },
  {
    name: 'general: what the counter has counted is not folded', file: GENERAL,
    from: 'if (started !== undefined)\n            perf.hardwareOf(port.cpu()).update(started);', to: '',
    by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'general: a write of the status is not preceded by the harvest', file: GENERAL,
    from: 'if (before)\n            this.harvest();', to: '', by: seen('general', 'silent', 'wrong status'),
  },
  {
    name: 'general: the status is read before the harvest', file: GENERAL, from: 'statusRead() {\n        this.harvest();',
    to: 'statusRead() {', by: seen('general', 'silent', 'wrong status'),
  },
  {
    name: 'general: an instruction is counted after its effect instead of before', file: GENERAL,
    from: 'if (before)\n            this.harvest();', to: 'if (before) return;', by: seen('general', 'instructions', 'miscount'),
    quick: true,
  },
  {
    name: 'general: an instruction is counted before its effect and after it', file: GENERAL, from: 'this.counted = before;',
    to: 'this.counted = false;', by: seen('general', 'instructions', 'miscount'),
  },
  {
    name: 'general: what an instruction overflows is shown before its effect', file: GENERAL,
    from: 'if (before || this.wrapping === NO_COUNTERS)', to: 'if (this.wrapping === NO_COUNTERS)',
    by: seen('general', 'any instructions', 'wrong status'),
  },
  {
    name: 'general: an instruction that makes a counter wrap asks for no PMI', file: GENERAL,
    from: 'this.asks ||= regs.interrupts(k);', to: ';', by: seen('general', 'instructions', 'PMI lost'),
  },
  {
    name: 'general: an instruction that makes a counter wrap to 0 does not', file: GENERAL,
    from: 'this.rebase(k, sum % modulus);\n        if (sum < modulus)',
    to: 'this.rebase(k, sum % modulus);\n        if (sum <= modulus)', by: seen('general', 'instructions', 'PMI lost'),
  },
  {
    name: 'general: a new event begins where an event begins, not where the counter is', file: GENERAL,
    from: 'this.configs[k] = config;\n        this.rebase(k, value);', to: 'this.configs[k] = config;',
    by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'general: the event of an old selector stays', file: GENERAL, from: 'config === this.configs[k] && event.state',
    to: 'event.state', by: seen('general', 'reselect', 'miscount'), quick: true,
  },
  {
    name: 'general: only the last counter of several is looked at', file: GENERAL,
    from: 'for (let k = 0; k < vpmu.counters; k += 1)\n            if (vpmu.has(changed, k))\n                this.follow(k);',
    to: 'this.follow(0);', by: seen('general', 'pair', 'miscount'),
  },
  {
    name: 'general: a counter is given back although it is used', file: GENERAL,
    from: 'if (event !== undefined && !wanted && !vpmu.has(this.inUse, k))', to: 'if (event !== undefined)',
    by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'general: a counter in error is not tried again', file: GENERAL,
    from: "port.request('pmu');\n        }\n        this.inUse", to: ';\n        }\n        this.inUse',
    by: {
      test: 'test/host/late.test.js', only: 'counts again in the next',
      why: 'that it stands still till then is a limit of general\'s, which a machine would report',
    },
  },
  {
    name: 'general: leaving the CPU settles nothing', file: GENERAL,
    from: 'if (this.events.of(k) !== undefined)\n                this.settle(k);', to: ';',
    by: { test: 'test/host/late.test.js', only: 'a guest that halts', why: 'no guest of a small machine halts' },
  },

  {
    name: 'mediated: load leaves the counters as they are', file: MEDIATED, from: 'if (hardware.readCounter(k) !== regs.counters[k])',
    to: 'if (false)', by: seen('mediated', 'lawful', 'miscount'),
  },
  {
    name: 'mediated: load forgets the selectors', file: MEDIATED,
    from: 'hardware.writeSelector(k, this.allowedSelector(k), this.selectorHigh(k));', to: ';',
    by: seen('mediated', 'lawful', 'miscount'), quick: true,
  },
  {
    name: 'mediated: load forgets the status', file: MEDIATED, from: 'this.loadStatus();', to: ';',
    by: seen('mediated', 'lawful', 'wrong status'),
  },
  {
    name: 'mediated: load does not set the bits that are missing', file: MEDIATED, from: 'if (missing !== NO_COUNTERS)',
    to: 'if (false)', by: seen('mediated', 'lawful', 'wrong status'),
  },
  {
    name: 'mediated: put forgets the status', file: MEDIATED, from: 'regs.globalStatus = this.readSet(msr.globalStatus);', to: ';',
    by: seen('mediated', 'lawful', 'wrong status'), quick: true,
  },
  {
    name: 'mediated: put forgets the enables', file: MEDIATED,
    from: 'regs.globalCtrl = switchesGlobalCtrl ? vmcs.guestGlobalCtrl : this.readSet(msr.globalCtrl);', to: ';',
    by: seen('mediated', 'lawful', 'PMI without cause'),
  },
  {
    name: 'mediated: put clears a counter before it is read', file: MEDIATED, from: 'regs.counters[k] = hardware.readCounter(k);',
    to: 'hardware.writeCounter(k, 0), regs.counters[k] = hardware.readCounter(k);', by: seen('mediated', 'lawful', 'miscount'),
  },
  {
    name: 'mediated: entry does not load the guest\'s enables', file: MEDIATED, from: 'vmcs.entryLoadsGlobalCtrl = true;', to: ';',
    by: seen('mediated', 'lawful', 'miscount'),
  },
  {
    name: 'mediated: exit leaves the guest\'s enables on', file: MEDIATED, from: 'vmcs.hostGlobalCtrl = NO_COUNTERS;',
    to: 'vmcs.hostGlobalCtrl = vmcs.guestGlobalCtrl;', by: seen('mediated', 'instructions', 'PMI without cause'),
  },
  {
    name: 'mediated: KVM\'s own work for the guest is not counted', file: MEDIATED,
    from: 'regs.counters[k] = (regs.counters[k] + 1) % regs.modulusOf(k);', to: ';', by: seen('mediated', 'instructions', 'miscount'),
  },
  {
    name: 'mediated: a wrap by KVM\'s own work asks for no PMI', file: MEDIATED,
    from: "if (regs.interrupts(k))\n                port.request('pmi');", to: '', by: seen('mediated', 'instructions', 'PMI lost'),
  },
  {
    name: 'mediated: a wrap by KVM\'s own work sets no status bit', file: MEDIATED, from: 'vpmu.setStatus(k);', to: ';',
    by: seen('mediated', 'instructions', 'wrong status'),
  },
  {
    name: 'mediated: the guest\'s PMI stays an NMI of the host', file: MEDIATED, from: 'perf.loadGuestLvtpc(cpu, VECTOR.mediatedPmi',
    to: 'perf.loadGuestLvtpc(cpu, 0x400', by: seen('mediated', 'lawful', 'unknown NMI'),
  },

  {
    name: 'reuse: a pause forgets to fold', file: REUSE, from: 'if (!this.isPaused(k))\n                regs.counters',
    to: 'if (false)\n                regs.counters', by: seen('reuse', 'lawful', 'miscount'), quick: true,
  },
  {
    name: 'reuse: a resumed event counts as paused', file: REUSE, from: 'this.paused = (this.paused & ~regs.bitOf(k));', to: ';',
    by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'reuse: resume forgets to enable', file: REUSE, from: 'perf.enable(port.cpu(), event);', to: ';',
    by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'reuse: resume keeps the old period', file: REUSE,
    from: 'if (event.sampling && !perf.setPeriod(port.cpu(), event, periodOf(regs.counters[k], regs.modulusOf(k))))',
    to: 'if (!event.sampling)', by: seen('reuse', 'lawful', 'PMI without cause'), quick: true,
  },
  {
    name: 'reuse: an event with a stale selector is resumed', file: REUSE, from: 'this.configs[k] === config && this.resume(k)',
    to: 'this.resume(k)', by: seen('reuse', 'reselect', 'miscount'),
  },
  {
    name: 'reuse: the bit of a counter that was looked at stays set', file: REUSE, from: 'this.events.reprogram = NO_COUNTERS;',
    to: ';', by: seen('reuse', 'lawful', 'PMI lost'),
  },
  {
    name: 'reuse: a changed enable is not looked at before entry', file: REUSE,
    from: "this.events.mark(k);\n            this.parts.port.request('pmu');", to: 'this.events.mark(k);',
    by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'reuse: lazy release takes counters that are enabled', file: REUSE, from: ' || vpmu.regs.locallyEnabled(k)', to: '',
    by: seen('reuse', 'lawful', 'miscount'),
  },
  {
    name: 'reuse: a write of a counter adds to it', file: REUSE, from: 'this.events.shift(k, value, shown)',
    to: 'this.events.shift(k, value, 0)', by: seen('reuse', 'lawful', 'miscount'),
  },

  {
    name: 'register: leaving a CPU takes no pending wrap along', file: REGISTER, from: 'if (pending !== NO_COUNTERS) {',
    to: 'if (false) {',
    by: {
      test: 'test/host/late.test.js', only: 'leaves the CPU with its guest',
      why: 'in small machines an NMI that late comes while the host switches',
    },
  },
  {
    name: 'register: the next guest finds the last one\'s counters', file: REGISTER,
    from: 'this.hardware.writeCounter(this.place(k), vpmu.regs.counters[k]);', to: ';',
    by: seen('register', 'two guests', 'miscount'),
  },
  {
    name: 'register: entry enables all that was taken', file: REGISTER, from: 'on = union(on, this.bit(k));', to: 'on = this.taken;',
    by: seen('register', 'pair', 'miscount'),
  },
  {
    name: 'register: the status bit is set and the PMI forgotten', file: REGISTER,
    from: "if (vpmu.regs.interrupts(k))\n                port.request('pmi');", to: '', by: seen('register', 'lawful', 'PMI lost'),
    quick: true,
  },

  {
    name: 'reallocate: the value is not taken before the event is released', file: REALLOCATE,
    from: 'vpmu.regs.counters[k] = this.visible(k);', to: ';', by: seen('reallocate', 'lawful', 'miscount'), quick: true,
  },
  {
    name: 'reallocate: a new event does not let the next overflow through', file: REALLOCATE,
    from: 'if (this.events.create(k, this.events.attrOf(k, period)))\n            this.events.unmark(k);',
    to: 'this.events.create(k, this.events.attrOf(k, period));', by: seen('reallocate', 'lawful', 'PMI lost'),
  },
  {
    name: 'ioc-period: a period is set from the last start, not from the counter', file: IOC_PERIOD,
    from: 'perf.setPeriod(port.cpu(), event, periodOf(vpmu.regs.counters[k], vpmu.regs.modulusOf(k)));', to: ';',
    by: seen('ioc-period', 'lawful', 'PMI without cause'),
  },
  {
    name: 'ioc-period: pause does not reset the count', file: IOC_PERIOD, from: 'perf.pause(port.cpu(), event, true)) % regs',
    to: 'perf.pause(port.cpu(), event, false)) % regs', by: seen('ioc-period', 'lawful', 'miscount'),
  },
  {
    name: 'the event behind a guest\'s counter counts the host too', file: EVENTS, from: 'pinned: true, excludeHost: true, exact',
    to: 'pinned: true, excludeHost: false, exact', by: seen('general', 'instructions', 'PMI without cause'),
  },
  {
    name: 'the event behind a guest\'s counter counts users only', file: EVENTS, from: 'excludeKernel = !regs.countsAt(k, false)',
    to: 'excludeKernel = !regs.countsAt(k, true)', by: seen('reuse', 'reselect', 'PMI without cause'),
  },
  {
    name: 'the overflow callback sets no status bit', file: EVENTS, from: 'vpmu.setStatus(k);', to: ';',
    by: seen('reuse', 'lawful', 'wrong status'),
  },
  {
    name: 'the overflow callback asks for no PMI', file: EVENTS, from: "else\n            port.request('pmi');", to: '',
    by: seen('reuse', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'the period of a host event is one too short', file: EVENTS,
    from: 'export const periodOf = (value, modulus) => modulus - value;',
    to: 'export const periodOf = (value, modulus) => modulus - value - 1;', by: seen('reuse', 'lawful', 'PMI without cause'),
  },
  {
    name: 'entry and exit load the wrong one of two masks', file: ENTRY, from: 'vmcs.guestGlobalCtrl = wanted;',
    to: 'vmcs.guestGlobalCtrl = host;', by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'exit does not load the host\'s mask', file: ENTRY, from: 'vmcs.exitLoadsGlobalCtrl = differs;',
    to: 'vmcs.exitLoadsGlobalCtrl = false;', by: seen('general', 'instructions', 'miscount'),
  },
  {
    name: 'entry loads the mask only once', file: ENTRY, from: 'const differs = wanted',
    to: 'const differs = !vmcs.entryLoadsGlobalCtrl && wanted', by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'a change of a selector is told as one of all counters\' enables', file: VPMU,
    from: "this.strategy.enablesChanged(regs.bitOf(selector), 'local');",
    to: "this.strategy.enablesChanged(regs.bitOf(selector), 'global');", by: seen('general', 'lawful', 'miscount'),
  },
  {
    name: 'a change of the global control that only switches off is not told', file: VPMU,
    from: 'union(without(a, b), without(b, a))', to: 'without(b, a)', by: seen('reuse', 'lawful', 'PMI without cause'), quick: true,
  },
  {
    name: 'an unmasked entry of the filter ignores the umask', file: FILTER, from: 'BigInt(select | (umask << 8))',
    to: 'BigInt(select)',
    by: { test: 'src/host/vpmu/filter.test.js', only: 'a list denies', why: 'no small machine has a filter that denies' },
  },
];
