/** Sapphire Rapids, 56 cores, 2024 to 2025. */
import type { CostModel } from './kernel.ts';

export const SAPPHIRE_RAPIDS_2025: CostModel = {
  title: 'Sapphire Rapids, 56 cores, 2024 to 2025',
  source: 'Mingwei Zhang and others, Mediated vPMU 4.0 for x86, Mar 2025',
  hz: 2_000_000_000,
  cpus: 56,
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
