/** What a processor is made of: the parts that the board shares between processors, and those that are its own. */
import type { Tracer } from '../../trace/trace.ts';
import type { Cpuid } from '../../x86/cpuid.ts';
import type { Feature } from '../../x86/isa/define.ts';
import type { Lapic } from '../lapic/lapic.ts';
import type { Bus } from '../memory/memory.ts';
import type { Ledger } from '../outside.ts';
import type { Pmu } from '../pmu/pmu.ts';
import type { Blocks } from './blocks.ts';
import type { CacheLevel } from './cache.ts';
import type { Layout } from './layout.ts';
import type { TimingModel } from './timing.ts';

export interface CpuParts {
  readonly id: number;
  readonly layout: Layout;
  readonly memory: ArrayBuffer;
  readonly blocks: Blocks;
  readonly bus: Bus;
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  readonly cpuid: Cpuid;
  readonly features: ReadonlySet<Feature>;
  readonly physicalBits: number;
  /** Registers that always read the same, and take anything. */
  readonly constantMsrs: ReadonlyMap<number, bigint>;
  readonly timing: TimingModel;
  /** Ticks of the time-stamp counter per core cycle, as a fraction. */
  readonly tscRatio: readonly [ticks: number, cycles: number];
  /** Core cycles that its clock shows at first. */
  readonly clock: number;
  readonly tracer: Tracer;
  /** The last-level cache, which the processors share. */
  readonly lastLevel: CacheLevel;
  /** Is told of all that happens here. */
  readonly ledger: Ledger | undefined;
}
