/** Emerald Rapids: what the switch of a mediated PMU adds to an exit. */
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { type CostModel, inTime } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

const HZ = 1_900_000_000;

export const EMERALD_RAPIDS_2025: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Emerald Rapids, 2025',
  source: 'the patch that leaves out redundant WRMSRs when KVM\'s mediated vPMU is loaded and put, 2025',
  // Its figures are cycles; 64 cores x 2 threads is the largest one's.
  hz: HZ,
  cpus: 128,
  // No figure of it has events.
  unit: inTime(CASCADE_LAKE_2019, 'unit', HZ),
  create: inTime(CASCADE_LAKE_2019, 'create', HZ),
  // What calls and checks take besides the MSR accesses, which are most of it: a guess.
  switchPmu: 200,
  // Fitted on the 3000 cycles of an exit by CPUID with a load and a put of a PMU that nobody uses: 14 MSR accesses, 22 RDPMC.
  msr: 60,
};
