/** Cascade Lake-AP, on which KVM learnt to keep its events: what making one and using one costs. */
import type { CostModel } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

export const CASCADE_LAKE_2019: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Cascade Lake-AP, Linux 5.3 and 5.4-rc, October 2019',
  source: 'Like Xu, KVM: x86/vPMU: Efficient vPMU context switch, v1 to v4, 30 Sep to 27 Oct 2019',
  // The model is not published: the larger of two has 56 cores x 2 threads x 2 sockets at 2.6 GHz.
  hz: 2_600_000_000,
  cpus: 224,
  // Fitted on the 48,393 ns of a handler with ten events, which are kept.
  unit: 1884,
  // Fitted on the 104,923 ns of the same with events that are made anew.
  create: 16_248,
};
