/** The performance-monitoring unit that a guest is shown which is to go on with every strategy, and on bare metal. */
import { AMD, INTEL } from '../host/perf/vendor.ts';
import { offeredByAll } from '../host/vpmu/vpmu.ts';
import type { Scenario } from './scenario.ts';

/** The same with processors that have no more counters, and no newer ones, than all of them offer. */
export const withSharedPmu = (scenario: Scenario): Scenario => {
  const { machine } = scenario;
  return { ...scenario, machine: { ...machine, perfmon: offeredByAll(machine.perfmon, machine.vendor === 'amd' ? AMD : INTEL) } };
};
