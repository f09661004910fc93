/** Kaby Lake, bare metal, Linux 4.20, 2018. */
import type { CostModel } from './kernel.ts';

export const KABY_LAKE_2018: CostModel = {
  title: 'Kaby Lake, bare metal, Linux 4.20, 2018',
  source: 'perf/x86/intel: Add counter freezing, 2018',
  hz: 3_600_000_000,
  cpus: 8,
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
