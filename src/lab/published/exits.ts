/** What exits cost by kvm-unit-tests, what a PMI costs without a hypervisor, and figures that this machine cannot find again. */
import { type GuestOptions, mean, type Place } from './bench.ts';
import type { Experiment, Figure } from './figure.ts';

const UNIT_TESTS = 'KVM commit b7ffc44d5b2e, 2017: kvm-unit-tests\' vmexit';
const FREEZING = 'Linux commit af3bdb991a5c, which adds the handler that freezes, 2018; quoted from memory';
const MUEHLIG = 'jmuehlig.github.io, When can you trust your hardware counters, 9 May 2026';
const AGESEN = 'Agesen and others, Software techniques for avoiding hardware virtualization exits, USENIX ATC 2012; quoted from memory';

const MACHINE = 'kvm-unit-tests-2017';
const PLACE: Place = { machine: MACHINE, strategy: 'none', counters: { general: 4, fixed: 3 } };
/** A port at which nothing is: the host's kernel answers. */
const PORT = 'mov   edx, 0x80';

const VMEXIT: Experiment = {
  name: 'vmexit', machine: MACHINE,
  run: (bench) => ({
    cpuid: bench.loop(PLACE, '        xor   eax, eax\n        cpuid'),
    in: bench.loop(PLACE, `        ${PORT}\n        in    eax, dx`),
    out: bench.loop(PLACE, `        ${PORT}\n        out   dx, eax`),
    fromCr8: bench.loop(PLACE, '        mov   rax, cr8'),
    toCr8: bench.loop(PLACE, '        xor   eax, eax\n        mov   cr8, rax'),
  }),
};

const NATIVE: Experiment = {
  name: 'perf record -c 100000 on bare metal', machine: 'kaby-lake-2018',
  run(bench) {
    const guest: GuestOptions = { events: [{ event: 'core cycles', period: 100_000 }], samples: true };
    const of = (handler: 'classic' | 'freeze'): number =>
      mean(bench.native({ machine: 'kaby-lake-2018', counters: { general: 4, fixed: 3 } }, guest, handler, 50));
    return { classic: of('classic'), freeze: of('freeze') };
  },
};

const EARLIER = 'measured before a commit that saved a few cycles; the machine does not know which';

const unitTest = (name: string, published: number, kind: 'fitted' | 'predicted', reading: string, why?: string): Figure => ({
  name: `vmexit: ${name}`, unit: 'cycles', published, source: UNIT_TESTS, kind, experiment: VMEXIT, reading,
  ...(why === undefined ? {} : { why }),
});

const missing = (name: string, unit: string, published: number, source: string, why: string): Figure =>
  ({ name, unit, published, source, kind: 'predicted', why });

const NO_SYSTEM_CALLS = 'it needs a Linux guest\'s system calls';
const NO_USER_SPACE = 'there is no user space of the host to exit to';
const NO_NESTING = 'a guest cannot run guests';
const NO_VMCALL = 'VMCALL is not among the instructions';
const CALL_GRAPHS = 'nothing here walks stacks or reads LBRs';
const FAST_OUT = 'KVM answers OUT on a path of its own, without its emulator; here both directions are emulated';

export const EXIT_FIGURES: readonly Figure[] = [
  unitTest('cpuid', 1291, 'fitted', 'cpuid', 'decides KVM\'s share of an exit, where no mitigations are'),
  unitTest('cpuid, before', 1313, 'predicted', 'cpuid', EARLIER),
  unitTest('inl_from_kernel', 2339, 'fitted', 'in', 'decides what KVM\'s emulator takes'),
  unitTest('inl_from_kernel, before', 2435, 'predicted', 'in', EARLIER),
  unitTest('outl_to_kernel', 1391, 'predicted', 'out', FAST_OUT),
  unitTest('outl_to_kernel, before', 1402, 'predicted', 'out', FAST_OUT),
  unitTest('mov_from_cr8', 11, 'fitted', 'fromCr8', 'decides an access of a control register'),
  unitTest('mov_to_cr8', 17, 'predicted', 'toCr8', 'the timing model has one number for both directions'),
  missing('vmexit: vmcall', 'cycles', 1181, UNIT_TESTS, NO_VMCALL),
  missing('vmexit: vmcall, before', 'cycles', 1195, UNIT_TESTS, NO_VMCALL),
  missing('vmexit: inl_from_qemu', 'cycles', 6209, UNIT_TESTS, NO_USER_SPACE),
  missing('vmexit: inl_from_qemu, before', 'cycles', 6856, UNIT_TESTS, NO_USER_SPACE),
  missing('vmexit: inl_from_pmtimer', 'cycles', 6457, UNIT_TESTS, NO_USER_SPACE),
  missing('vmexit: inl_from_pmtimer, before', 'cycles', 6770, UNIT_TESTS, NO_USER_SPACE),
  missing('vmexit in a nested guest: cpuid', 'cycles', 13_142, UNIT_TESTS, NO_NESTING),
  missing('vmexit in a nested guest: vmcall', 'cycles', 13_189, UNIT_TESTS, NO_NESTING),
  missing('vmexit in a nested guest: inl_from_qemu', 'cycles', 44_826, UNIT_TESTS, NO_NESTING),
  missing('vmexit in a nested guest: cpuid, before', 'cycles', 14_886, UNIT_TESTS, NO_NESTING),
  missing('vmexit in a nested guest: vmcall, before', 'cycles', 14_918, UNIT_TESTS, NO_NESTING),
  missing('vmexit in a nested guest: inl_from_qemu, before', 'cycles', 46_747, UNIT_TESTS, NO_NESTING),
  missing('CPUID in a nested guest on Hyper-V', 'cycles', 18_890, 'KVM commit 564ad0aa85b3', NO_NESTING),
  missing('CPUID in a nested guest on Hyper-V, enlightened VMCS', 'cycles', 8304, 'KVM commit 564ad0aa85b3', NO_NESTING),
  missing('VMRUN, there and back', 'cycles', 1360, 'linux-kernel mailing list, December 2020', 'AMD\'s virtualization is not modelled'),
  missing('KVM_RUN with VMRUN in it', 'cycles', 2528, 'linux-kernel mailing list, December 2020', 'AMD\'s virtualization is not modelled'),
  missing('saved by the fast path for x2APIC\'s ICR', 'cycles', 200, 'KVM commit 1e9e2622a149: more than',
    'the host has no fast paths of exits'),
  missing('saved by one write of ICR2 less, in an IPI benchmark', '%', 0.67, 'KVM commit d5361678e63c', 'the guest is in x2APIC mode'),
  ...([['Prescott', 3963], ['Merom', 1579], ['Penryn', 1266], ['Nehalem', 1009], ['Westmere', 761], ['Sandy Bridge', 784]] as const)
    .map(([name, cycles]) => missing(`hardware round trip of an exit, ${name}`, 'cycles', cycles, AGESEN,
      'it is an input: a timing model would give back what was put in')),
  {
    name: 'native PMI handler, -c 100000', unit: 'ns', published: 1088, source: FREEZING,
    kind: 'fitted', experiment: NATIVE, reading: 'classic', why: 'decides how long the guest\'s kernel writes a sample',
  },
  {
    name: 'native PMI handler that freezes, -c 100000', unit: 'ns', published: 894, source: FREEZING,
    kind: 'predicted', experiment: NATIVE, reading: 'freeze',
  },
  ...([['-g', 1862, 1646], ['--call-graph lbr', 3649, 3367], ['--call-graph dwarf', 2248, 1982]] as const).flatMap(([option, ...times]) => [
    missing(`native PMI handler, ${option}`, 'ns', times[0], FREEZING, CALL_GRAPHS),
    missing(`native PMI handler that freezes, ${option}`, 'ns', times[1], FREEZING, CALL_GRAPHS),
  ]),
  missing('duration of an NMI in the documentation\'s example', 'ns', 3_160_000,
    'Linux, Documentation/trace/events-nmi.rst: 3.08 to 3.24 ms', 'the example is a broken machine'),
  missing('start, stop and read by RDPMC reliable from', 'instructions', 12_000,
    MUEHLIG, NO_SYSTEM_CALLS),
  missing('start, stop and read by ioctl reliable from, AMD', 'instructions', 100_000,
    MUEHLIG, NO_SYSTEM_CALLS),
  missing('start, stop and read by ioctl reliable from, Intel', 'instructions', 400_000,
    MUEHLIG, NO_SYSTEM_CALLS),
  missing('perf_event against perfctr, self-monitoring', 'x', 10,
    'Vince Weaver, ISPASS 2015, DOI 10.1109/ISPASS.2015.7095789: up to',
    NO_SYSTEM_CALLS),
];
