/** `vpmu verify`: every interleaving of guest, host and hardware in small machines, for each strategy. */
import { MACHINE_NAMES, MACHINES, type MachineName, type StrategyName, VERIFIED } from '../../lab/small/machines.ts';
import { type PathFile, pathFile } from '../../verify/path-file.ts';
import { SENTENCES } from '../../verify/properties.ts';
import { type JobResult, runJob } from '../../verify/verdict.ts';
import { type Io, STATUS, UserError } from '../main.ts';
import { toJson } from '../report.ts';
import { table } from '../table.ts';

export interface VerifyOptions {
  readonly json?: boolean;
  readonly machines?: string;
  readonly property?: string;
  readonly states: string;
  readonly memory: string;
  readonly save?: string;
}

/** States that are looked at after the first counterexample, for what else there is. */
const MORE = 20_000;
const NO_DEPTH = Number.MAX_SAFE_INTEGER;
const MIB = 1 << 20;
/** A bound cut a search that had found nothing. */
const STATUS_CUT = 3;

export function verify(io: Io, strategies: readonly string[], options: VerifyOptions): number {
  const chosen = strategies.length === 0 ? VERIFIED : strategies.map((name) => known('strategy', name, VERIFIED));
  const machines = options.machines === undefined
    ? MACHINE_NAMES : options.machines.split(',').map((name) => known('machine', name, MACHINE_NAMES));
  const property = options.property === undefined ? undefined : known('property', options.property, Object.keys(SENTENCES));
  const bounds = {
    states: positive('--states', options.states), memory: positive('--memory', options.memory) * MIB, depth: NO_DEPTH,
  };
  const results: JobResult[] = [];
  for (const strategy of chosen) {
    for (const machine of machines) {
      const result = runJob({ strategy, machine, bounds, more: MORE });
      if (result !== undefined) results.push(property === undefined ? result : only(result, property));
    }
  }
  if (options.json) io.out(toJson(results));
  else for (const line of matrix(chosen, machines, results)) io.out(line);
  const { save } = options;
  if (save !== undefined) for (const [name, file] of pathFiles(results)) io.writeFile(`${save}/${name}.json`, `${toJson(file)}\n`);
  return statusOf(results);
}

function known<T extends string>(what: string, name: string, names: readonly T[]): T {
  const found = names.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UserError(`there is no ${what} '${name}' to verify; it is one of ${names.join(', ')}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`${option} takes a positive integer, not '${text}'`);
}

const only = (result: JobResult, property: string): JobResult =>
  ({ ...result, failures: Object.fromEntries(Object.entries(result.failures).filter(([name]) => name === property)) });

function statusOf(results: readonly JobResult[]): number {
  if (results.some(({ failures, unreached }) => Object.keys(failures).length > 0 || unreached.length > 0)) return STATUS.failure;
  return results.some(({ cut }) => cut !== undefined) ? STATUS_CUT : STATUS.success;
}

/** Counterexamples as files, by name. */
function pathFiles(results: readonly JobResult[]): [string, PathFile][] {
  return results.flatMap(({ strategy, machine, failures }) => Object.entries(failures).map(([property, example]): [string, PathFile] => [
    [strategy, machine, property].join('-').replaceAll(' ', '-'), pathFile(strategy, machine, property, example),
  ]));
}

function matrix(strategies: readonly StrategyName[], machines: readonly MachineName[], results: readonly JobResult[]): string[] {
  const cell = (strategy: StrategyName, machine: MachineName): string => {
    const result = results.find((each) => each.strategy === strategy && each.machine === machine);
    if (result === undefined) return '-';
    const failures = Object.keys(result.failures).length;
    if (failures > 0) return `${failures} fail`;
    return `${result.states}${result.cut === undefined ? '' : '+'}`;
  };
  const lines = table(['states explored, or what fails', ...machines], strategies.map((strategy) =>
    [strategy, ...machines.map((machine) => cell(strategy, machine))]), machines.map((_, i) => i + 1));
  lines.push('', ...machines.map((machine) => `${machine}: ${MACHINES[machine].title}`));
  for (const { strategy, machine, failures, unreached } of results) {
    for (const [property, { steps }] of Object.entries(failures)) {
      lines.push('', `${strategy}, ${machine}: not true that ${SENTENCES[property as keyof typeof SENTENCES]}`);
      lines.push(...steps.map((step, i) => `  ${String(i + 1).padStart(2)}  ${step}`));
    }
    for (const name of unreached) lines.push('', `${strategy}, ${machine}: never reached: ${name}`);
  }
  const cut = results.filter((result) => result.cut !== undefined && Object.keys(result.failures).length === 0);
  if (cut.length > 0) lines.push('', `+ the search was cut by its bound: ${[...new Set(cut.map((result) => result.cut))].join(', ')}`);
  return lines;
}
