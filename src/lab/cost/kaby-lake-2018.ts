/** Bare metal: what a PMI handler of Linux takes without a hypervisor. Nothing of a host is measured on it. */
import type { CostModel } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';

export const KABY_LAKE_2018: CostModel = {
  ...KVM_UNIT_TESTS_2017,
  title: 'Kaby Lake, bare metal, a build of Linux under perf record',
  source: 'Linux commit af3bdb991a5c, which adds the handler that freezes, 2018; its table quoted from memory',
  // The model is not published: the nominal clock of most of the desktop ones.
  hz: 3_600_000_000,
  cpus: 8,
  // Fitted on the 1088 ns of `perf record -c 100000`.
  sample: 2945,
};
