/** Skylake-X with four sockets, Linux 4.20-rc, December 2018. */
import type { CostModel } from './kernel.ts';

export const SKYLAKE_2018: CostModel = {
  title: 'Skylake-X with four sockets, Linux 4.20-rc, December 2018',
  source: 'Kan Liang, RFC: Avoid counter reprogramming in kvm_pmu_handle_event, Dec 2018',
  hz: 2_500_000_000,
  cpus: 224,
  exit: 294,
  emulateMsr: 400,
  emulateInstruction: 1039,
  unit: 1788,
  create: 15_623,
  update: 836,
  switchPmu: 200,
  msr: 120,
  controlRegister: 9,
  sample: 2945,
};
