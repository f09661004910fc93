/** The host of the mail: Xeon E5-2699 v4, `nowatchdog`, Linux 4.19-rc. */
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { type CostModel, inTime } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

const HZ = 2_200_000_000;

export const BROADWELL_2018: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Xeon E5-2699 v4 (Broadwell), Linux 4.19-rc, October 2018',
  source: 'Wei Wang, KVM/x86/vPMU: Guest PMI Optimization v1, 12 Oct 2018, and Intel Virtual PMU Optimization v1, 1 Nov 2018',
  hz: HZ,
  // 22 cores x 2 threads x 2 sockets; the number of sockets is assumed.
  cpus: 88,
  // Fitted on the 9 us of a PMI's handling with the patch, of eight exits. Mitigations of that year are in it.
  exit: 680,
  unit: inTime(CASCADE_LAKE_2019, 'unit', HZ),
  create: inTime(CASCADE_LAKE_2019, 'create', HZ),
  // Fitted on the 400 ns of a register update in the series of November.
  update: 836,
};
