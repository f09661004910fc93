/** How modules import the observers of branches and accesses. */
import type { ModuleWriter } from './module.ts';

export interface Observers {
  /** (processor, place in linear memory) */
  readonly access: number;
  /** (processor, kind of branch, the address behind it, taken, where it goes): of addresses the low halves. */
  readonly branch: number;
  /** (processor): the instruction is done. */
  readonly commit: number;
}

/** How many words each of them is told. */
const WORDS: Readonly<Record<keyof Observers, number>> = { access: 2, branch: 5, commit: 1 };

export function importObservers(module: ModuleWriter): Observers {
  const entries = Object.entries(WORDS).map(([name, words]) =>
    [name, module.importFunction(name, module.type(new Array<'i32'>(words).fill('i32'), []))]);
  return Object.fromEntries(entries) as Observers;
}
