/** Cascade Lake-AP, 224 CPUs, Linux 5.4-rc4, October 2019. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const CASCADE_LAKE_2019: CostModel = {
  title: 'Cascade Lake-AP, 224 CPUs, Linux 5.4-rc4, October 2019',
  source: 'Like Xu, KVM: x86/vPMU: Efficient vPMU context switch, v1 to v4, 30 Sep to 27 Oct 2019',
  hz: 2_600_000_000,
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
