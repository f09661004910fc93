/** Ice Lake server, Linux 5.13, July 2021. */
import { type CostModel, DS_BUFFERS } from './kernel.ts';

export const ICE_LAKE_2021: CostModel = {
  title: 'Ice Lake server, Linux 5.13, July 2021',
  source: 'Like Xu, KVM: x86/pmu: Reduce counter period change overhead and delay the effective time, Jul 2021',
  hz: 2_300_000_000,
  cpus: 160,
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
