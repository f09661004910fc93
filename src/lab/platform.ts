/** The hardware of a scenario: its processors, and how long they take. */
import type { Image } from '../guest/image.ts';
import type { BoardKind } from '../hw/board/board.ts';
import { TIMING_MODELS, type TimingModel } from '../hw/cpu/timing.ts';
import { type CpuModel, GENERIC, GENERIC_AMD } from '../hw/model.ts';
import { MODELS } from '../hw/models.ts';
import { type CostMachine, MACHINES } from './cost/cost.ts';
import type { Scenario } from './scenario.ts';

export interface Platform {
  readonly model: CpuModel;
  readonly timing: TimingModel;
}

/** Base clocks of servers are multiples of 100 MHz, and this crystal divides them. */
const CRYSTAL = 25_000_000;

/**
 * Processors of a machine of the literature: the same features, at its frequency.
 * Limit: there is none of AMD's. An experiment with AMD's counters has them on a machine with the costs of one of Intel's.
 */
const platformOfMachine = ({ hz, timing }: CostMachine, model: CpuModel = GENERIC): Platform =>
  ({ model: { ...model, crystal: CRYSTAL, tsc: hz, core: hz }, timing });

export function platformOf({ machine, host }: Scenario): Platform {
  if (host !== undefined) return platformOfMachine(MACHINES[host.cost], modelOf(machine));
  const timing = TIMING_MODELS.find(({ name }) => name === machine.timing)!;
  return { model: modelOf(machine), timing };
}

function modelOf({ cpu, vendor }: Scenario['machine']): CpuModel {
  if (cpu !== 'generic') return MODELS[cpu].cpu;
  return vendor === 'amd' ? GENERIC_AMD : GENERIC;
}

/** Delivery of a PMI masks LVTPC; AMD's never does. */
export const masksPmi = ({ machine }: Scenario): boolean => machine.masksPmi && machine.vendor !== 'amd';

/** Where a scenario does not say, a multiboot image has a PC's board, for it is told nothing of what is there. */
export const boardOf = ({ machine }: Scenario, { multiboot }: Pick<Image, 'multiboot'>): BoardKind =>
  machine.board ?? (multiboot === undefined ? 'reduced' : 'pc');
