/** Four sockets of Skylake-X: where a re-creation that no guest sees took 85 ms. */
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { type CostModel, inTime } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

const HZ = 2_500_000_000;

/** Nothing is fitted on it. */
export const SKYLAKE_2018: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Skylake-X with four sockets, Linux 4.20-rc, December 2018',
  source: 'Kan Liang, RFC Avoid counter reprogramming in kvm_pmu_handle_event, Dec 2018',
  // Neither is published: the nominal clock and the number of threads of the largest processor that goes into four sockets,
  // 28 cores x 2 threads x 4 sockets.
  hz: HZ,
  cpus: 224,
  unit: inTime(CASCADE_LAKE_2019, 'unit', HZ),
  create: inTime(CASCADE_LAKE_2019, 'create', HZ),
};
