/** Bugs in KVM, and in the hardware that it runs on. With a bug in the hardware, what guests are compared with stays sound. */
import { type Mutant, seen } from './mutant.ts';

const KVM = 'host/kvm/kvm.ts';
const EXITS = 'host/kvm/exits.ts';
const HOST = 'host/host.ts';
const SCHED = 'host/sched/sched.ts';
const PMU = 'hw/pmu/pmu.ts';
const LAPIC = 'hw/lapic/lapic.ts';
const LVT = 'hw/lapic/lvt.ts';
const PRIORITIES = 'hw/lapic/priorities.ts';
const VMX = 'hw/vmx/vmx.ts';

export const KVM_MUTANTS: readonly Mutant[] = [
  {
    name: 'a request is never done', file: KVM, from: 'this.requests &= ~request;', to: ';',
    by: seen('general', 'lawful', 'stuck'),
  },
  {
    name: 'a request takes all others with it', file: KVM, from: 'this.requests &= ~request;',
    to: 'this.requests = 0;', by: seen('reuse', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'an NMI is taken from the local APIC twice', file: KVM, from: 'lapic.nmiPending = false;', to: ';',
    by: seen('general', 'lawful', 'PMI without cause'),
  },
  {
    name: 'a second NMI waits where hardware holds one', file: KVM, from: 'handled || vmcs.injectsNmi ? 1 : 2', to: '2',
    by: seen('general', 'freeze', 'PMI without cause'),
  },
  {
    name: 'an NMI is injected into its own handler', file: KVM, from: 'this.nmis > 0 && core.guestTakesNmi', to: 'this.nmis > 0',
    by: seen('general', 'any guest', 'PMI without cause'),
  },
  {
    name: 'an NMI that waits for IRET opens no window', file: KVM, from: 'vmcs.nmiWindowExiting = this.nmis > 0;',
    to: 'vmcs.nmiWindowExiting = false;', by: seen('general', 'freeze', 'PMI lost'),
  },
  {
    name: 'an injected NMI is not counted off', file: KVM, from: 'this.nmis -= 1;', to: ';',
    by: seen('general', 'lawful', 'PMI without cause'),
  },
  {
    name: 'the host does not take the NMI that caused an exit', file: KVM,
    from: 'this.handlingNmi = true;\n            root.takeNmi();', to: 'this.handlingNmi = true;',
    by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'put comes before exit has told what the guest has enabled', file: KVM,
    from: 'vpmu.strategy.exit(vmcs);\n        vpmu.strategy.put(vmcs);',
    to: 'vpmu.strategy.put(vmcs);\n        vpmu.strategy.exit(vmcs);', by: seen('mediated', 'older processor', 'PMI without cause'),
  },
  {
    name: 'put is forgotten at an exit', file: KVM, from: 'vpmu.strategy.exit(vmcs);\n        vpmu.strategy.put(vmcs);',
    to: 'vpmu.strategy.exit(vmcs);', by: seen('mediated', 'lawful', 'miscount'),
  },
  {
    name: 'a virtual processor that gets a CPU does not tell its strategy', file: KVM, from: 'this.vpmu.strategy.schedIn();', to: ';',
    by: seen('register', 'lawful', 'miscount'),
  },
  {
    name: 'a virtual processor that leaves its CPU does not tell its strategy', file: KVM, from: 'this.vpmu.strategy.schedOut();',
    to: ';', by: seen('register', 'two guests', 'miscount'),
  },
  {
    name: 'an instruction that KVM completes is not counted', file: KVM, from: 'this.vpmu.strategy.retired(ONE_INSTRUCTION, false);',
    to: ';', by: seen('general', 'instructions', 'miscount'), quick: true,
  },
  {
    name: 'a read that KVM completes is not counted', file: EXITS,
    from: 'vcpu.cpu.root.core.completeRead(value.low, value.high);\n    vcpu.done();',
    to: 'vcpu.cpu.root.core.completeRead(value.low, value.high);', by: seen('general', 'any instructions', 'miscount'),
  },
  {
    name: 'a write that KVM completes is done twice', file: EXITS, from: 'return vcpu.fault();\n    vcpu.cpu.root.core.skip();',
    to: 'return vcpu.fault();', by: seen('general', 'lawful', 'stuck'),
  },
  {
    name: 'the guest\'s PMI finds the host and nobody else', file: HOST, from: "this.vcpus[this.sched.current(cpu)]?.request('pmi');",
    to: ';', by: seen('mediated', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'an interrupt is not ended', file: HOST, from: 'cpu.root.wrmsr(MSRS.IA32_X2APIC_EOI, 0, 0);', to: ';',
    by: seen('mediated', 'lawful', 'PMI lost'),
  },
  {
    name: 'KVM saves a task before perf has stopped counting for it', file: HOST,
    from: 'this.perf.switchTask(cpu, ANY);\n        this.vcpus[task]?.put();',
    to: 'this.vcpus[task]?.put();\n        this.perf.switchTask(cpu, ANY);',
    by: { test: 'test/host/late.test.js', only: 'a guest that halts', why: 'no guest of a small machine halts' },
  },
  {
    name: 'the mail of a migrated task goes to its old CPU', file: KVM, from: 'this.lastCpu = cpu.id;', to: ';',
    by: seen('general', 'migration', 'invariant'),
  },
  {
    name: 'a task that still runs elsewhere is taken', file: SCHED, from: ' && !this.runsElsewhere(cpu, task)', to: '',
    by: { test: 'src/host/sched/sched.test.js', only: '.', why: 'in small machines only one CPU is at work' },
  },
];

export const HARDWARE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a counter overflows one event late', file: PMU, from: 'if (value < modulus)', to: 'if (value <= modulus)',
    by: seen('general', 'lawful', 'PMI lost'), quick: true,
  },
  {
    name: 'a wrap loses what is counted behind it', file: PMU, from: 'this.regs.counters[counter] = value % modulus;',
    to: 'this.regs.counters[counter] = 0;',
    by: { test: 'src/hw/pmu/pmu.test.js', only: '.', why: 'a small machine counts one at a time' },
  },
  {
    name: 'an overflow clears the status bits that were there', file: PMU,
    from: '(union(this.regs.globalStatus, this.overflowed) >>> 0)', to: '(this.overflowed >>> 0)',
    by: seen('mediated', 'pair', 'wrong status'),
  },
  {
    name: 'a PMI comes an instruction late', file: PMU, from: 'this.pmiIn = this.skid;', to: 'this.pmiIn = this.skid + 1;',
    by: seen('mediated', 'lawful', 'PMI lost'),
  },
  {
    name: 'a PMI of a second overflow replaces the first', file: PMU, from: 'interrupts ||= regs.interrupts(k);',
    to: 'interrupts = regs.interrupts(k);',
    by: { test: 'src/hw/pmu/pmu.test.js', only: 'overflows at the same instruction', why: 'the counters of the pair both ask' },
  },
  {
    name: 'a write of a register is counted behind its effect', file: PMU,
    from: 'retire();\n        this.writing = false;\n        this.regs.write(msr, low, high);',
    to: 'this.regs.write(msr, low, high);\n        retire();\n        this.writing = false;',
    by: seen('mediated', 'instructions', 'miscount'),
  },
  {
    name: 'what a write itself overflows is shown before it has written', file: PMU, from: 'this.writing = true;', to: ';',
    by: seen('mediated', 'instructions', 'wrong status'),
  },
  {
    name: 'the stale configuration of counters stays in force', file: PMU, from: 'this.enable();\n        this.settle();',
    to: 'this.settle();', by: { ...seen('mediated', 'lawful', 'miscount'), walks: true }, quick: true,
  },
  {
    name: 'the global enable is not looked at', file: PMU, from: 'NO_COUNTERS : regs.enabledGlobally', to: 'NO_COUNTERS : -1',
    by: seen('mediated', 'lawful', 'PMI without cause'),
  },
  {
    name: 'the headroom of a counter is one too long', file: PMU, from: 'cycles = Math.min(cycles, left);',
    to: 'cycles = Math.min(cycles, left + 1);', by: seen('mediated', 'any guest', 'PMI lost'),
  },
  {
    name: 'what counts users counts the kernel', file: PMU, from: 'if (regs.countsAt(counter, false))',
    to: 'if (regs.countsAt(counter, true))',
    by: seen('mediated', 'reselect', 'PMI without cause'),
  },
  {
    name: 'delivery of a PMI does not mask LVTPC', file: LAPIC, from: "if (entry === 'perfmon' && this.masksPmi)", to: 'if (false)',
    by: seen('general', 'any guest', 'PMI without cause'),
  },
  {
    name: 'a PMI of a masked LVTPC is kept', file: LVT, from: '(value & LVT_MASKED) !== 0 || ', to: '',
    by: seen('general', 'any guest', 'PMI without cause'), quick: true,
  },
  {
    name: 'LVTPC cannot be unmasked', file: LVT, from: 'this.entries[LVT_ENTRIES.indexOf(entry)] = value & WRITABLE[entry];',
    to: 'this.entries[LVT_ENTRIES.indexOf(entry)] |= value & WRITABLE[entry];', by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'delivery masks the whole table', file: LAPIC, from: 'this.lvt.mask(entry);\n        this.accept',
    to: 'this.lvt.maskAll();\n        this.accept',
    by: { test: 'src/hw/lapic/lapic.test.js', only: 'masks no other', why: 'a small machine has no other local source' },
  },
  {
    name: 'an NMI is forgotten by the local APIC', file: LAPIC, from: 'case DELIVERY.nmi:\n                this.nmiPending = true;',
    to: 'case DELIVERY.nmi:\n                ;', by: seen('general', 'lawful', 'PMI lost'),
  },
  {
    name: 'the end of an interrupt ends nothing', file: PRIORITIES, from: 'endOfInterrupt() {',
    to: 'endOfInterrupt() { return { vector: -1, level: false };', by: seen('mediated', 'lawful', 'PMI lost'),
  },
  {
    name: 'VM entry does not load the global control', file: VMX, from: 'if (vmcs.entryLoadsGlobalCtrl && regs.caps.version >= 2)',
    to: 'if (false)', by: seen('general', 'lawful', 'miscount'),
  },
];
