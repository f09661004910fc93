/** `npm run mutants`: plants each, prints what became of it, and ends with status 1 if one survives. `--record` writes the page. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../src/cli/table.ts';
import { ROOT } from '../docs/documents.ts';
import { COPIES } from '../planted/plant.ts';
import { caughtBy, MUTANTS, mutantsDocument, soundJobs } from './all.ts';
import { alsoSound, type Judgement, judge, newCopies } from './judge.ts';

const copies = newCopies();

/** So many at a time. */
async function each<T, R>(items: readonly T[], body: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await body(next[1]);
  };
  await Promise.all(Array.from({ length: COPIES }, worker));
  return results;
}

const judgements: readonly Judgement[] = await each(MUTANTS, (mutant) => judge(copies, mutant));
const rows = judgements.map(({ mutant, caught, steps, saw }) =>
  [mutant.name, mutant.file, caught ? caughtBy(mutant) : `SURVIVES ${caughtBy(mutant)}: ${saw}`, `${steps ?? ''}`]);
for (const line of table(['mutant', 'file', 'caught by', 'steps'], rows, [3])) console.log(line);

const unsound = (await each([...soundJobs(judgements).values()], async ({ by, steps }) => {
  const also = await alsoSound(copies, by, steps);
  return also === undefined ? [] : [`${'test' in by ? by.test : `${by.strategy} / ${by.machine}`} sees without a bug: ${also}`];
})).flat();
for (const line of unsound) console.log(line);
copies.remove();

const survivors = judgements.filter(({ caught }) => !caught);
console.log(`${judgements.length} mutants, ${survivors.length} survive`);
const failed = survivors.length > 0 || unsound.length > 0;
if (process.argv.includes('--record') && !failed) {
  const steps = new Map(judgements.map((judgement) => [judgement.mutant, judgement.steps]));
  writeFileSync(join(ROOT, 'docs/mutants.md'), mutantsDocument((mutant) => steps.get(mutant)));
}
process.exitCode = failed ? 1 : 0;
