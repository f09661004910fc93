/** All holes, and what comes of them. */
import type { StrategyName } from '../../host/vpmu/strategies.ts';
import { DIRECT_HOLES } from './direct.ts';
import { EMULATED_HOLES } from './emulated.ts';
import { GUEST_PMI_HOLES } from './guest-pmi.ts';
import { HOLE_STRATEGIES, type Hole, type HoleResult, runHole } from './hole.ts';

export { HOLE_STRATEGIES, type Hole, type HoleResult, type Presence, SYMPTOMS, type Symptom, worldOf } from './hole.ts';

export const HOLES: ReadonlyMap<string, Hole> = new Map(
  [...GUEST_PMI_HOLES, ...EMULATED_HOLES, ...DIRECT_HOLES].map((hole) => [hole.id, hole]),
);

/** Every hole of the list on every strategy. */
export const runHoles = (ids: readonly string[], strategies: readonly StrategyName[] = HOLE_STRATEGIES): HoleResult[] =>
  ids.flatMap((id) => strategies.map((strategy) => runHole(HOLES.get(id)!, strategy)));
