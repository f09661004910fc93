/** What a mutant is: a bug that is planted in the compiled program, and who must see it. */
import type { MachineName, StrategyName } from '../../src/lab/small/machines.ts';
import type { Finding } from '../../src/lab/small/open-guest.ts';

/** `invariant`: an assert fails, or the program does. */
export type MutantFinding = Finding | 'invariant';

/** The verifier sees it: this strategy, in this small machine, finds this. */
export interface ByVerifier {
  readonly strategy: StrategyName;
  readonly machine: MachineName;
  readonly finding: MutantFinding;
  /** Not by a search: by random walks, which load no states. */
  readonly walks?: true;
}
/** A test sees it, where no small machine can: a compiled test file, and the pattern of the test's name. */
export interface ByTest { readonly test: string; readonly only: string; readonly why: string }

export interface Mutant {
  readonly name: string;
  /** A source file below src/. */
  readonly file: string;
  /** Compiled text that stands there exactly once, and what replaces it. */
  readonly from: string;
  readonly to: string;
  readonly by: ByVerifier | ByTest;
  /** One of the few that `npm test` looks at. */
  readonly quick?: true;
}

/** What a search came to: the length of the shortest path by property. */
export interface Found {
  readonly states: number;
  readonly depth: number;
  readonly cut: string;
  readonly steps: Readonly<Record<string, number>>;
}

export const seen = (strategy: StrategyName, machine: MachineName, finding: MutantFinding): ByVerifier => ({ strategy, machine, finding });
