/** The host of the mail: Xeon E5-2699 v4, two sockets of 22 cores with two threads, `nowatchdog`, Linux 4.19-rc. */
import type { CostModel } from './kernel.ts';

export const BROADWELL_2018: CostModel = {
  title: 'Xeon E5-2699 v4 (Broadwell), Linux 4.19-rc, October 2018',
  source: 'Wei Wang, KVM/x86/vPMU: Guest PMI Optimization v1, 12 Oct 2018, and Intel Virtual PMU Optimization v1, 1 Nov 2018',
  hz: 2_200_000_000,
  // 2 sockets x 22 cores x 2 threads; the number of sockets is assumed.
  cpus: 88,
  // Fitted on the 9 us of a PMI's handling with the patch: 8 exits. The mitigations of that year are in it.
  exit: 680,
  emulateMsr: 400,
  // As of kvm-unit-tests-2017.
  emulateInstruction: 1039,
  // As of cascade-lake-2019, in time.
  unit: 1574,
  create: 13_748,
  // Fitted on the 400 ns of a register update in the series of November.
  update: 836,
  // Nobody has switched a whole PMU on it: as of emerald-rapids-2025.
  switchPmu: 200,
  msr: 120,
  controlRegister: 9,
  sample: 2945,
};
