/** What should come of each case of a program: the recorded outcomes, put right where the emulator deviates from the manual. */
import { readFileSync } from 'node:fs';
import { corrected } from './differs.ts';
import { forEmulator, type Program } from './program.ts';

export const RECORDED_FOLDER = 'test/system/expected';

export interface Outcome {
  readonly name: string;
  readonly outcome: string;
}

/** What follows the names of the cases, and how the program ended. A program that is reset ends within its last case. */
export function outcomes({ name: program, cases }: Program, text: string): readonly Outcome[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => {
    const name = cases[i]?.name;
    if (name === undefined) return { name: 'the end', outcome: line };
    if (!line.startsWith(`${name}:`)) throw new Error(`${program}, line ${i + 1}: of "${name}" there should be a line, not "${line}"`);
    return { name, outcome: line.slice(name.length + 1) };
  });
}

export const recorded = (program: Program): readonly Outcome[] =>
  outcomes(forEmulator(program), readFileSync(`${RECORDED_FOLDER}/${program.name}.txt`, 'utf8'));

export function expected(program: Program): readonly Outcome[] {
  const known = recorded(program).map(({ name, outcome }) => ({ name, outcome: corrected(program.name, name, outcome) }));
  const rest = known[Symbol.iterator]();
  const cases = program.cases.map(({ name, manual }) => (manual === undefined ? rest.next().value : { name, outcome: ` ${manual}` }));
  return [...cases, ...rest].filter((each) => each !== undefined);
}
