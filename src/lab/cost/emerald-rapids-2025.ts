/** Emerald Rapids, 2025. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const EMERALD_RAPIDS_2025: CostModel = {
  title: 'Emerald Rapids, 2025',
  source: 'KVM: x86/pmu: Elide WRMSRs when loading guest PMCs, 2025',
  hz: 1_900_000_000,
  cpus: 128,
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
