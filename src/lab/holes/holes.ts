/** All holes, and what comes of them. */

import type { StrategyName } from '../../host/vpmu/strategies.ts';
import { Ring, type TraceRecord } from '../../trace/trace.ts';
import { DIRECT_HOLES } from './direct.ts';
import { EMULATED_HOLES } from './emulated.ts';
import { GUEST_PMI_HOLES } from './guest-pmi.ts';
import { HOLE_STRATEGIES, type Hole, type HoleResult, runHole, worldOf } from './hole.ts';

export { HOLE_STRATEGIES, type Hole, type HoleResult, type Presence, type Symptom } from './hole.ts';

export const HOLES: ReadonlyMap<string, Hole> = new Map(
  [...GUEST_PMI_HOLES, ...EMULATED_HOLES, ...DIRECT_HOLES].map((hole) => [hole.id, hole]),
);

/** Every hole of the list on every strategy. */
export const runHoles = (ids: readonly string[], strategies: readonly StrategyName[] = HOLE_STRATEGIES): HoleResult[] =>
  ids.flatMap((id) => strategies.map((strategy) => runHole(HOLES.get(id)!, strategy)));

/** No hole has nearly as many records. */
const RECORDS = 10_000;

/** What happens in a hole on a strategy, from the first instruction on; with the shortest skid that shows it, else with the longest. */
export function traceHole(id: string, strategy: StrategyName): TraceRecord[] {
  const hole = HOLES.get(id)!;
  const shows = (skid: number): boolean => runHole({ ...hole, skids: [skid] }, strategy).presence === 'present';
  const ring = new Ring(RECORDS);
  worldOf(hole, strategy, hole.skids?.find(shows) ?? hole.skids?.at(-1), ring).run();
  return ring.records();
}
