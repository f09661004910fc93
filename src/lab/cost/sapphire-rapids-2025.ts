/** Sapphire Rapids, 56 cores, 2024 to 2025. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const SAPPHIRE_RAPIDS_2025: CostModel = {
  title: 'Sapphire Rapids, 56 cores, 2024 to 2025',
  source: 'Mingwei Zhang and others, Mediated vPMU 4.0 for x86, Mar 2025',
  hz: 2_000_000_000,
  cpus: 56,
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
