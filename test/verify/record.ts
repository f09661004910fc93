/**
 * `npm run verify:full`: every strategy in every machine, as far as the bounds go. It prints the matrix, how long it took, and what is not
 * as it was recorded in counts.json; with --record it writes that file anew. Names of machines behind it: only these.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isWhole, matrix } from '../../src/cli/verify/matrix.ts';
import { JobPool, Stop } from '../../src/cli/verify/pool.ts';
import { MACHINE_NAMES, VERIFIED } from '../../src/lab/small/machines.ts';
import { ALL_JOBS, COUNTS_FILE, type Count, countOf, readCounts } from './counts.ts';

const [recording, machines] = [process.argv.includes('--record'), process.argv.slice(2).filter((word) => !word.startsWith('--'))];
const chosen = machines.length === 0 ? MACHINE_NAMES : MACHINE_NAMES.filter((name) => machines.includes(name));
const jobs = ALL_JOBS.filter(({ machine }) => chosen.some((name) => name === machine));
const pool = new JobPool({ threads: availableParallelism(), version: 'record', stop: new Stop() });
const began = performance.now();
const rows = await Promise.all(jobs.map(async (job) => {
  const result = await pool.run(job);
  return { job, result, whole: isWhole(result) };
}));
await pool.close();
for (const line of matrix(VERIFIED, chosen, rows)) console.log(line);

const counts = rows.map(({ result }) => countOf(result!));
const sum = (what: 'states' | 'steps'): number => counts.reduce((total, count) => total + count[what], 0);
const seconds = (performance.now() - began) / 1000;
console.log(`\n${counts.length} searches, ${sum('states')} states, ${sum('steps')} steps in ${seconds.toFixed(0)} s`);

const known = readCounts();
const same = (a: Pick<Count, 'strategy' | 'machine'>, b: Pick<Count, 'strategy' | 'machine'>): boolean =>
  a.strategy === b.strategy && a.machine === b.machine;
const different = counts.filter((count) => JSON.stringify(count) !== JSON.stringify(known.find((each) => same(each, count))));
for (const count of different) {
  console.log(`was ${JSON.stringify(known.find((each) => same(each, count)))}`);
  console.log(` is ${JSON.stringify(count)}`);
}
if (recording) {
  const all = ALL_JOBS.flatMap((job) => [...counts, ...known].find((each) => same(each, job)) ?? []);
  writeFileSync(COUNTS_FILE, `[\n${all.map((count) => `  ${JSON.stringify(count)}`).join(',\n')}\n]\n`);
  console.log(`recorded: ${different.length} are new`);
} else process.exitCode = different.length === 0 ? 0 : 1;
