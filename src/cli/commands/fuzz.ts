/** `vpmu fuzz`: long random walks in machines too large to be explored, with counters as wide as silicon's. */
import { type StrategyName, titleOf, VERIFIED, WIDE_NAMES } from '../../lab/small/machines.ts';
import { type FuzzResult, fuzz as walk } from '../../verify/fuzz.ts';
import { pathFile } from '../../verify/path-file.ts';
import { SENTENCES } from '../../verify/properties.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { table } from '../table.ts';

export interface FuzzOptions {
  readonly json?: boolean;
  readonly seed: string;
  readonly walks: string;
  readonly steps: string;
  readonly save?: string;
}

const MOST = 1_000_000_000;

export function fuzz(io: Io, strategies: readonly string[], options: FuzzOptions): number {
  const chosen = strategies.length === 0 ? VERIFIED : strategies.map(strategyOf);
  const seed = number('--seed', options.seed, 0);
  const walks = number('--walks', options.walks, 1);
  const steps = number('--steps', options.steps, 1);
  const results = chosen.flatMap((strategy) =>
    WIDE_NAMES.flatMap((machine) => walk({ strategy, machine, seed, walks, steps }) ?? []));
  if (options.json) io.out(toJson(results));
  else for (const line of text(results)) io.out(line);
  if (options.save !== undefined) save(io, options.save, results);
  return results.every(({ failures }) => Object.keys(failures).length === 0) ? STATUS.success : STATUS.failure;
}

function strategyOf(name: string): StrategyName {
  const found = VERIFIED.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UserError(`there is no strategy '${name}' with counters; it is one of ${VERIFIED.join(', ')}`);
}

function number(option: string, given: string, least: number): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= MOST) return value;
  throw new UserError(`${option} takes an integer from ${least} to ${MOST}, not '${given}'`);
}

function text(results: readonly FuzzResult[]): string[] {
  const rows = results.map(({ strategy, machine, walks, steps, failures }) =>
    [strategy, machine, `${walks}`, `${steps}`, Object.keys(failures).join(', ') || 'nothing']);
  const lines = table(['strategy', 'machine', 'walks', 'steps', 'found'], rows, [2, 3]);
  lines.push('', ...WIDE_NAMES.map((machine) => `${machine}: ${titleOf(machine)}`));
  for (const { strategy, machine, failures } of results) {
    for (const [property, { steps, walks }] of Object.entries(failures)) {
      lines.push('', `${strategy}, ${machine}: not true that ${SENTENCES[property as keyof typeof SENTENCES]}; ${walks} walks ended so`);
      lines.push(...steps.map((step, i) => `  ${String(i + 1).padStart(2)}  ${step}`));
    }
  }
  return lines;
}

function save(io: Io, folder: string, results: readonly FuzzResult[]): void {
  for (const { strategy, machine, failures } of results) {
    for (const [property, example] of Object.entries(failures)) {
      const name = [strategy, machine, property].join('-').replaceAll(/[ ,]+/g, '-');
      io.writeFile(`${folder}/${name}.json`, `${toJson(pathFile(strategy, machine, property, example))}\n`);
    }
  }
}
