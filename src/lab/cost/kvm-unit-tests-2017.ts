/** A Xeon of 2017 in kvm-unit-tests. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const KVM_UNIT_TESTS_2017: CostModel = {
  title: 'A Xeon of 2017 in kvm-unit-tests',
  source: 'KVM commit b7ffc44d5b2e, with figures of the test vmexit',
  hz: 2_200_000_000,
  cpus: 40,
  exit: 400,
  emulateMsr: 400,
  emulateInstruction: 1000,
  unit: 1900,
  create: 13_000,
  update: 780,
  switchPmu: 200,
  ds: DS_BUFFERS,
  msr: 120,
  controlRegister: 60,
};
