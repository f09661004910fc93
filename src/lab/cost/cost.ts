/**
 * What virtual time is made of, for each machine of the literature: what host code costs by name, and what instructions cost.
 *
 * A machine's file says what its publication measured and what was fitted on it; `kernel.ts` says how the paths of the kernel
 * hang together, so that each file has only few numbers. `vpmu published` runs the publications' experiments with them, and
 * docs/cost.md tells how far off they are.
 */
import type { HostCosts } from '../../host/cost.ts';
import type { TimingModel } from '../../hw/cpu/timing.ts';
import { BROADWELL_2018 } from './broadwell-2018.ts';
import { CASCADE_LAKE_2019 } from './cascade-lake-2019.ts';
import { EMERALD_RAPIDS_2025 } from './emerald-rapids-2025.ts';
import { ICE_LAKE_2021 } from './ice-lake-2021.ts';
import { KABY_LAKE_2018 } from './kaby-lake-2018.ts';
import { type CostModel, DS_PER_PAIR, hostCosts, timingOf } from './kernel.ts';
import { KVM_UNIT_TESTS_2017 } from './kvm-unit-tests-2017.ts';
import { SAPPHIRE_RAPIDS_2025 } from './sapphire-rapids-2025.ts';
import { SKYLAKE_2018 } from './skylake-2018.ts';

export const MODELS = {
  'kvm-unit-tests-2017': KVM_UNIT_TESTS_2017,
  'broadwell-2018': BROADWELL_2018,
  'kaby-lake-2018': KABY_LAKE_2018,
  'skylake-2018': SKYLAKE_2018,
  'cascade-lake-2019': CASCADE_LAKE_2019,
  'ice-lake-2021': ICE_LAKE_2021,
  'sapphire-rapids-2025': SAPPHIRE_RAPIDS_2025,
  'emerald-rapids-2025': EMERALD_RAPIDS_2025,
} as const satisfies Readonly<Record<string, CostModel>>;

export type MachineName = keyof typeof MODELS;
export const MACHINE_NAMES = Object.keys(MODELS) as MachineName[];

export interface CostMachine {
  readonly name: MachineName;
  readonly title: string;
  /** Where its numbers come from. */
  readonly source: string;
  /** Core cycles in a second; the time-stamp counter's too. */
  readonly hz: number;
  /** Processors that the host's kernel could have ("possible"), not those of the simulated machine. */
  readonly cpus: number;
  /** In core cycles. */
  readonly costs: HostCosts;
  readonly timing: TimingModel;
  /** Cycles in which a guest's kernel writes a sample of `perf record`. */
  readonly sample: number;
}

/** The machine that a model describes. */
export const costMachine = (name: MachineName, model: CostModel, dsPerPair: number = DS_PER_PAIR): CostMachine => ({
  name, title: model.title, source: model.source, hz: model.hz, cpus: model.cpus,
  costs: hostCosts(model, dsPerPair), timing: timingOf(name, model), sample: model.sample,
});

export const MACHINES = Object.fromEntries(MACHINE_NAMES.map((name) => [name, costMachine(name, MODELS[name])])) as
  unknown as Readonly<Record<MachineName, CostMachine>>;
