/** What every comparison says of a run, whoever the guest is: what it cost the guest, and what it took the host. */
import type { GenerationName } from '../../host/generation.ts';
import { STRATEGIES, type StrategyName } from '../../host/vpmu/strategies.ts';
import type { Report, UserReport } from '../report.ts';
import type { Distribution } from './distribution.ts';

export const BARE_METAL = 'bare metal';

export type RowName = StrategyName | typeof BARE_METAL;
export type Counts = Readonly<Record<string, number>>;

/** Plain JSON-able data. */
export interface Row {
  readonly name: RowName;
  readonly title: string;
  readonly generation?: GenerationName;
  /** Why there is nothing to compare. */
  readonly why?: string;
  readonly outcome: Report['outcome'];
  readonly exits: Counts;
  readonly msrExits: Counts;
  readonly pmis: number;
  /** Events of the host's perf. */
  readonly created: number;
  readonly released: number;
  readonly reused: number;
  /** Core cycles in the guest, in the host for it, and by the clock. */
  readonly guestCycles: number;
  readonly hostCycles: number;
  readonly wallCycles: number;
  /** By how much more time the processors worked for the guest than on bare metal, as a fraction. */
  readonly overhead: number;
  /** Time in the guest's PMI handler in ns, by its own time-stamp counter. */
  readonly handler: Distribution;
  /** perf_event_max_sample_rate of the guest at the end. */
  readonly maxSampleRate: number;
  /** NMIs that nobody knew, here and there. */
  readonly guestUnknownNmis: number;
  readonly hostUnknownNmis: number;
  readonly hostFaults: number;
  /** The host's own, of the PMU. */
  readonly users: readonly UserReport[];
}

export const titleOf = (name: RowName): string => (name === BARE_METAL ? 'no host: the oracle' : STRATEGIES[name].title);

/** Sums by key, the greatest first, of what has come since. */
export function countsSince(end: readonly Counts[], begin: readonly Counts[] = []): Counts {
  const sums = new Map<string, number>();
  for (const [sign, all] of [[1, end], [-1, begin]] as const) {
    for (const each of all) for (const [key, count] of Object.entries(each)) sums.set(key, (sums.get(key) ?? 0) + sign * count);
  }
  return Object.fromEntries([...sums].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
}
