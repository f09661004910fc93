/** Emerald Rapids, 2025. */
import type { CostModel } from './kernel.ts';

export const EMERALD_RAPIDS_2025: CostModel = {
  title: 'Emerald Rapids, 2025',
  source: 'KVM: x86/pmu: Elide WRMSRs when loading guest PMCs, 2025',
  hz: 1_900_000_000,
  cpus: 128,
  exit: 294,
  emulateMsr: 400,
  emulateInstruction: 1039,
  unit: 1076,
  create: 16_248,
  update: 836,
  switchPmu: 200,
  msr: 53,
  controlRegister: 9,
  sample: 2945,
};
