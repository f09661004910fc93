/** All mutants, and the document that shows what became of them. */
import { SENTENCES } from '../../src/verify/properties.ts';
import type { Judgement } from './judge.ts';
import { HARDWARE_MUTANTS, KVM_MUTANTS } from './machine.ts';
import type { ByVerifier, Mutant } from './mutant.ts';
import { PERF_MUTANTS } from './perf.ts';
import { SPACE_MUTANTS } from './space.ts';
import { VPMU_MUTANTS } from './vpmu.ts';

export const GROUPS: readonly (readonly [title: string, mutants: readonly Mutant[]])[] = [
  ['Strategies', VPMU_MUTANTS], ['perf', PERF_MUTANTS], ['KVM', KVM_MUTANTS], ['Hardware', HARDWARE_MUTANTS],
  ['Turns, interrupts, filters, AMD', SPACE_MUTANTS],
];
export const MUTANTS: readonly Mutant[] = GROUPS.flatMap(([, mutants]) => mutants);

export const isByVerifier = ({ by }: Mutant): boolean => !('test' in by);

/** Strategy, machine and property; or the test. */
export function caughtBy({ by }: Mutant): string {
  if ('test' in by) return by.test.replace(/\.js$/, '.ts');
  return `${by.strategy} / ${by.machine}${by.walks ? ', walks' : ''} / ${by.finding}`;
}

const PROPERTY: Readonly<Record<ByVerifier['finding'], string>> = { ...SENTENCES, invariant: 'no assert of ours fails' };

const HEAD = `# Mutants: how much the verifier sees

A verifier that finds nothing has proved little until it is known what it would have found. So bugs are planted: each is one
piece of text that is replaced in the compiled program, such as a mask that is forgotten, a fold that is left out, two steps that
change places, or a comparison that is off by one. \`npm run mutants\` plants one after the other into a copy, and lets the verifier
search a small machine there until it finds a counterexample; the shortest comes first. A mutant that survives ends it with status 1.

- It must be caught by the strategy, the machine and the property that the table names. Then the same search is done without it,
  to the same depth, and must not find that.
- A bug in the hardware is planted into the processors of the small machine. What its guests are compared with stays sound.
- A search goes to a state by setting what is different there. Some bugs are looked for by random walks instead, which set nothing;
  their path is shrunk.
- What no small machine can see is caught by a test, and the table says why.
- \`npm test\` looks at some of them. \`npm run mutants-record\` writes this page.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page. \`stepsOf\` is the length of the shortest counterexample. */
export function mutantsDocument(stepsOf: (mutant: Mutant) => number | undefined): string {
  const lines = [HEAD, '## Which property catches how many', '', '| property | mutants |', '|---|---|'];
  for (const [finding, sentence] of Object.entries(PROPERTY)) {
    const count = MUTANTS.filter(({ by }) => !('test' in by) && by.finding === finding).length;
    if (count > 0) lines.push(`| **${finding}**: ${sentence} | ${count} |`);
  }
  lines.push(`| a test | ${MUTANTS.filter((mutant) => !isByVerifier(mutant)).length} |`, `| all | ${MUTANTS.length} |`);
  for (const [title, mutants] of GROUPS) {
    lines.push('', `## ${title}`, '', '| mutant | file | caught by | steps |', '|---|---|---|---|');
    for (const mutant of mutants) {
      const why = 'test' in mutant.by ? `: ${mutant.by.why}` : '';
      const by = 'test' in mutant.by ? `\`${caughtBy(mutant)}\`` : caughtBy(mutant);
      lines.push(`| ${cell(mutant.name)} | \`src/${mutant.file}\` | ${by}${cell(why)} | ${stepsOf(mutant) ?? ''} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What the page says of its steps, by the mutant's name. */
export function stepsOfDocument(text: string): ReadonlyMap<string, number> {
  const rows = text.split('\n').map((line) => /^\| (.*?) \| `src.* \| (\d+) \|$/.exec(line)).filter((row) => row !== null);
  return new Map(rows.map(([, name, steps]) => [name!, Number(steps)]));
}

/** How each property is looked at without the bugs: the longest counterexample of each, by who sees it. */
export function soundJobs(judgements: readonly Judgement[]): Map<string, { by: Mutant['by']; steps: Map<ByVerifier['finding'], number> }> {
  const jobs = new Map<string, { by: Mutant['by']; steps: Map<ByVerifier['finding'], number> }>();
  for (const { mutant: { by }, steps = 0 } of judgements) {
    const key = 'test' in by ? `${by.test} ${by.only}` : `${by.strategy} ${by.machine} ${by.walks ?? false}`;
    const job = jobs.get(key) ?? { by, steps: new Map() };
    jobs.set(key, job);
    if (!('test' in by)) job.steps.set(by.finding, Math.max(steps, job.steps.get(by.finding) ?? 0));
  }
  return jobs;
}
