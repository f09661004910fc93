/** Ice Lake server, Linux 5.13, July 2021. */
import type { CostModel } from './kernel.ts';

export const ICE_LAKE_2021: CostModel = {
  title: 'Ice Lake server, Linux 5.13, July 2021',
  source: 'Like Xu, KVM: x86/pmu: Reduce counter period change overhead and delay the effective time, Jul 2021',
  hz: 2_300_000_000,
  cpus: 160,
  exit: 294,
  emulateMsr: 400,
  emulateInstruction: 1039,
  unit: 2097,
  create: 16_248,
  update: 836,
  switchPmu: 200,
  msr: 120,
  controlRegister: 9,
  sample: 2945,
};
