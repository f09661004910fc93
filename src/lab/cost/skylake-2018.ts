/** Skylake-X with four sockets, Linux 4.20-rc, December 2018. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const SKYLAKE_2018: CostModel = {
  title: 'Skylake-X with four sockets, Linux 4.20-rc, December 2018',
  source: 'Kan Liang, RFC: Avoid counter reprogramming in kvm_pmu_handle_event, Dec 2018',
  hz: 2_500_000_000,
  cpus: 224,
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
