/** Ice Lake: where the exits of a guest's `perf record` were counted. */
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { type CostModel, inTime } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

const HZ = 2_300_000_000;

export const ICE_LAKE_2021: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Ice Lake server, Linux 5.13, July 2021',
  source: 'Like Xu, the patch that introduces is_paused for KVM\'s counters, Jul 2021',
  // The model is not published: 40 cores x 2 threads x 2 sockets at the nominal clock of the largest.
  hz: HZ,
  cpus: 160,
  // Fitted on the 37,646.7 ns of a handler with four events.
  unit: 2134,
  create: inTime(CASCADE_LAKE_2019, 'create', HZ),
};
