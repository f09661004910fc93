/**
 * The timing model: how many core cycles an instruction takes. It is small on purpose: one number a class, no pipeline.
 * What matters is that time passes, that it is the same in every run, and that a trapped instruction can be told from
 * one that is not.
 */
import type { Decoded } from '../../x86/isa/decode.ts';
import { COST_CLASSES, type CostClass } from '../../x86/isa/define.ts';

export interface TimingModel {
  readonly name: string;
  readonly cycles: Readonly<Record<CostClass, number>>;
  /** A memory operand with LOCK, or XCHG with memory, costs so much more. */
  readonly locked: number;
  /** VM entry and VM exit, in root mode: their sum is the bare round trip. */
  readonly vmEntry: number;
  readonly vmExit: number;
  /** Added to a mispredicted branch. Where it is not 0 the branch predictor always runs. */
  readonly mispredict: number;
  /** Added to an access that misses the last-level cache. Where it is not 0 the cache model always runs. */
  readonly llcMiss: number;
}

const every = (cycles: number): Record<CostClass, number> =>
  Object.fromEntries(COST_CLASSES.map((name) => [name, cycles])) as Record<CostClass, number>;

/** Every instruction takes one cycle: cycles are instructions, and expectations can be read off a listing. */
export const UNIT_TIMING: TimingModel = { name: 'unit', cycles: every(1), locked: 0, vmEntry: 1, vmExit: 1, mispredict: 0, llcMiss: 0 };

/**
 * Round numbers in the range of the instruction tables that are published for Intel's server cores of the 2010s. Native
 * costs of RDMSR and WRMSR to performance-monitoring registers are published nowhere that can be cited: 100 and 150
 * cycles are placeholders in the range of 100 to 200.
 */
export const CLASS_TIMING: TimingModel = {
  name: 'classes',
  cycles: {
    simple: 1, multiply: 3, divide: 26, branch: 1, string: 1, locked: 18, far: 60, 'system call': 60, interrupt: 80,
    descriptor: 20, 'control register': 60, msr: 120, rdpmc: 30, timestamp: 25, cpuid: 110, fence: 20, cache: 100,
    port: 100, pause: 40, random: 300, x87: 4, 'x87 divide': 24, 'x87 transcendental': 100, 'x87 environment': 80,
    float: 4, 'float divide': 14,
  },
  locked: 18,
  // A CPUID exit takes 1300 cycles on a server of 2017 in kvm-unit-tests' vmexit, most of it here.
  vmEntry: 450,
  vmExit: 550,
  mispredict: 0,
  llcMiss: 0,
};

/** The same, with what a wrong guess and a missed cache cost. */
export const PENALTY_TIMING: TimingModel = { ...CLASS_TIMING, name: 'penalties', mispredict: 16, llcMiss: 200 };

export const TIMING_MODELS: readonly TimingModel[] = [UNIT_TIMING, CLASS_TIMING, PENALTY_TIMING];

export function cyclesOf({ instruction, operands, lock }: Decoded, { cycles, locked }: TimingModel): number {
  const atomic = (lock || instruction.mnemonic === 'XCHG') && operands.some(({ kind }) => kind === 'memory');
  return cycles[instruction.cost] + (atomic && instruction.cost !== 'locked' ? locked : 0);
}
