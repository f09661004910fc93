/** The machine of kvm-unit-tests' `vmexit` in a commit of 2017: what an exit costs before mitigations, in cycles. */
import type { CostModel } from './kernel.ts';

export const KVM_UNIT_TESTS_2017: CostModel = {
  title: 'a Xeon of 2017, in kvm-unit-tests',
  source: 'KVM commit b7ffc44d5b2e, 2017: figures of vmexit',
  // Its figures are cycles: neither the clock nor the number of CPUs matters.
  hz: 2_200_000_000,
  cpus: 40,
  // Fitted on cpuid: with VM exit, VM entry and the loop it is 1291.
  exit: 294,
  // Nothing is published of an MSR access alone: as much again as the exit, for the switch and the checks of KVM's MSR code.
  emulateMsr: 400,
  // Fitted on inl_from_kernel: 2339.
  emulateInstruction: 1039,
  // No figure of it has events: as of cascade-lake-2019.
  unit: 1884,
  create: 16_248,
  // As of broadwell-2018.
  update: 836,
  switchPmu: 200,
  // RDMSR and WRMSR of a performance-monitoring register on processors of the 2010s: in the middle of 100 to 150.
  msr: 120,
  // Fitted on mov_from_cr8: 11.
  controlRegister: 9,
  sample: 2945,
};
