/**
 * What becomes of a mutant: it is planted into a copy of the program, and who must see it looks at it there. In the copy the
 * hardware that guests are compared with is a second one, so that a bug in the machine's is not in both.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Copies, loaded, type Outcome, runNode, runTests, withBug } from '../planted/plant.ts';
import type { ByTest, ByVerifier, Found, Mutant, MutantFinding } from './mutant.ts';

/** A search that takes so long does not come to an end. */
const PATIENCE = 240_000;
/** So many states at most are visited on the way to a counterexample. */
const STATES = 120_000;
const ANY_DEPTH = Number.MAX_SAFE_INTEGER;

const HARDWARE = 'dist/src/hw';
const SOUND_HARDWARE = 'dist/src/sound-hw';
const ORACLE = 'dist/src/lab/small/oracle.js';

export const newCopies = (): Copies => new Copies((folder) => {
  cpSync(join(folder, HARDWARE), join(folder, SOUND_HARDWARE), { recursive: true });
  const oracle = readFileSync(join(folder, ORACLE), 'utf8');
  writeFileSync(join(folder, ORACLE), oracle.replaceAll("'../../hw/", "'../../sound-hw/"));
});

const compiled = (file: string): string => `src/${file.replace(/\.ts$/, '.js')}`;

/** What came of a mutant. `steps` is the length of the shortest counterexample, of a test's it has none. */
export interface Judgement { readonly mutant: Mutant; readonly caught: boolean; readonly steps?: number; readonly saw: string }

export function judge(copies: Copies, mutant: Mutant): Promise<Judgement> {
  const { by, file } = mutant;
  return copies.with((folder) => withBug(folder, { ...mutant, file: compiled(file) }, async () => {
    if ('test' in by) return { mutant, ...verdictOf(await runTests(folder, by.test, by.only)) };
    const found = await search(folder, by, by.walks ? 'walk' : 'first');
    if (typeof found === 'string') return { mutant, caught: false, saw: found };
    const steps = found.steps[by.finding];
    const saw = Object.entries(found.steps).map(([name, length]) => `${name} (${length})`).join(', ');
    const length = steps === undefined ? {} : { steps };
    return { mutant, caught: steps !== undefined, ...length, saw: saw || `nothing in ${found.states} states` };
  }));
}

function verdictOf(outcome: Outcome): Pick<Judgement, 'caught' | 'saw'> {
  if (!loaded(outcome)) return { caught: false, saw: `it does not load: ${outcome.output}` };
  return { caught: outcome.failed > 0 || outcome.hangs, saw: `${outcome.passed} tests pass, ${outcome.failed} fail` };
}

/** Until something is found, or all that is found on paths of that length. A text says why there is no answer. */
async function search(
  folder: string, { strategy, machine }: ByVerifier, how: 'first' | 'all' | 'walk', depth = ANY_DEPTH,
): Promise<Found | string> {
  const args = ['dist/test/mutants/search.js', strategy, machine, `${STATES}`, `${depth}`, how];
  const { hangs, output } = await runNode(folder, args, PATIENCE);
  if (hangs) return 'it does not come to its end';
  const line = output.trim().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? JSON.parse(line) as Found : `it does not begin: ${output}`;
}

/** Without the bugs nothing of it is seen: what still is. For `found`, the steps by who sees it and what. */
export function alsoSound(
  copies: Copies, by: ByVerifier | ByTest, steps: ReadonlyMap<MutantFinding, number>,
): Promise<string | undefined> {
  return copies.with(async (folder) => {
    if ('test' in by) {
      const { passed, failed, output } = await runTests(folder, by.test, by.only);
      return passed > 0 && failed === 0 ? undefined : output;
    }
    const found = await search(folder, by, by.walks ? 'walk' : 'all', Math.max(...steps.values()));
    if (typeof found === 'string') return found;
    const also = [...steps].filter(([finding, length]) => (found.steps[finding] ?? ANY_DEPTH) <= length);
    return also.length === 0 ? undefined : also.map(([finding]) => finding).join(', ');
  });
}
