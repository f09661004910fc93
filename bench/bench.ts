/**
 * `npm run bench`: how fast the machine is here and now. It reports and judges nothing; the machines it runs on are noisy, so
 * what is compared is compared in one run, in turns. `npm run bench -- exits counting` measures these parts alone;
 * `--install` first installs the other emulators that `loops` compares with, where they are missing.
 */
import { counting } from './counting.ts';
import { exits } from './exits.ts';
import { linux } from './linux.ts';
import { memory } from './memory.ts';
import { observed } from './observed.ts';
import { install } from './peers.ts';
import { pmis } from './pmi.ts';
import { programs } from './programs.ts';
import { rates, starts } from './rates.ts';
import { resume } from './resume.ts';
import type { Section } from './section.ts';
import { verifier } from './verifier.ts';

const SECTIONS: Readonly<Record<string, () => Section | Promise<Section>>> = {
  starts, loops: rates, observed, counting, exits, pmis, verifier, linux, resume, memory, programs,
};

const OPTIONS = ['--json', '--install'];
const asked = process.argv.slice(2).filter((word) => !OPTIONS.includes(word));
const unknown = asked.find((name) => !(name in SECTIONS));
if (unknown !== undefined) {
  console.error(`no part of the benchmark is '${unknown}'; there are: ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(2);
}

if (process.argv.includes('--install')) install((line) => console.error(line));

const found = new Map<string, unknown>();
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { values, lines } = await measure();
  found.set(name, values);
  if (!process.argv.includes('--json')) console.log(`${lines.join('\n')}\n`);
}
if (process.argv.includes('--json')) console.log(JSON.stringify(Object.fromEntries(found), null, 2));
