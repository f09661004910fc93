/** A Xeon of 2017 in kvm-unit-tests. */
import type { CostModel } from './kernel.ts';

export const KVM_UNIT_TESTS_2017: CostModel = {
  title: 'A Xeon of 2017 in kvm-unit-tests',
  source: 'KVM commit b7ffc44d5b2e, with figures of the test vmexit',
  hz: 2_200_000_000,
  cpus: 40,
  exit: 294,
  emulateMsr: 400,
  emulateInstruction: 1039,
  unit: 1900,
  create: 13_000,
  update: 836,
  switchPmu: 200,
  msr: 120,
  controlRegister: 9,
  sample: 2945,
};
