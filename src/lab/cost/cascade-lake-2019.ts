/** Cascade Lake-AP, 224 CPUs, Linux 5.4-rc4, October 2019. */
import type { CostModel } from './kernel.ts';

export const CASCADE_LAKE_2019: CostModel = {
  title: 'Cascade Lake-AP, 224 CPUs, Linux 5.4-rc4, October 2019',
  source: 'Like Xu, KVM: x86/vPMU: Efficient vPMU context switch, v1 to v4, 30 Sep to 27 Oct 2019',
  hz: 2_600_000_000,
  cpus: 224,
  exit: 294,
  emulateMsr: 400,
  emulateInstruction: 1039,
  unit: 1860,
  create: 16_248,
  update: 836,
  switchPmu: 200,
  msr: 120,
  controlRegister: 9,
  sample: 2945,
};
