/**
 * What `vpmu verify` prints: machines and properties by strategy, each counterexample, and which searches are not complete, and why.
 */

import { type MachineName, type StrategyName, titleOf } from '../../lab/small/machines.ts';
import { FINDINGS, type Finding } from '../../lab/small/open-guest.ts';
import { type PathFile, pathFile } from '../../verify/path-file.ts';
import { SENTENCES } from '../../verify/properties.ts';
import type { Job, JobResult } from '../../verify/verdict.ts';
import { STATUS } from '../io.ts';
import { table } from '../table.ts';

/** A search that had found nothing was cut. */
const STATUS_CUT = 3;

/** A job and what came of it; undefined when it has not begun. */
export interface Row {
  readonly job: Job;
  /** What was asked for of it. */
  readonly result: JobResult | undefined;
  /** It ended without a bound and without a failure of any property: what lies behind a failure is not looked at. */
  readonly whole: boolean;
}

export const isWhole = (result: JobResult | undefined): boolean =>
  result !== undefined && result.cut === undefined && Object.keys(result.failures).length === 0;

export function statusOf(rows: readonly Row[]): number {
  if (rows.some(({ result }) => result === undefined || result.cut === 'interrupted')) return STATUS_CUT;
  const results = rows.map(({ result }) => result!);
  if (results.some(({ failures, unreached, cut }) => Object.keys(failures).length > 0 || (unreached.length > 0 && cut === undefined))) {
    return STATUS.failure;
  }
  return results.some(({ cut }) => cut !== undefined) ? STATUS_CUT : STATUS.success;
}

/** Counterexamples as files, by name. */
export function pathFiles(rows: readonly Row[]): [string, PathFile][] {
  const nameOf = (...words: readonly string[]): string => words.join('-').replaceAll(' ', '-');
  return resultsOf(rows).flatMap(({ strategy, machine, failures }) => Object.entries(failures).map(
    ([property, example]): [string, PathFile] => [nameOf(strategy, machine, property), pathFile(strategy, machine, property, example)],
  ));
}

const resultsOf = (rows: readonly Row[]): JobResult[] => rows.flatMap(({ result }) => result ?? []);

export function matrix(strategies: readonly StrategyName[], machines: readonly MachineName[], rows: readonly Row[]): string[] {
  const cell = (strategy: StrategyName, machine: MachineName): string => {
    const row = rows.find(({ job }) => job.strategy === strategy && job.machine === machine);
    return row === undefined ? '-' : cellOf(row);
  };
  const lines = table(['states explored, or what fails', ...machines], strategies.map((strategy) =>
    [strategy, ...machines.map((machine) => cell(strategy, machine))]), machines.map((_, i) => i + 1));
  lines.push('', ...machines.map((machine) => `${machine}: ${titleOf(machine)}`));
  const results = resultsOf(rows);
  lines.push('', ...properties(strategies, rows));
  for (const result of results) lines.push(...wrongOf(result));
  const cut = results.filter(isCut);
  if (cut.length > 0) lines.push('', ...cut.map((result) => `+ ${result.strategy}, ${result.machine}: ${whyCut(result)}`));
  return lines;
}

function cellOf({ result }: Row): string {
  if (result === undefined) return 'not begun';
  const failures = Object.keys(result.failures).length;
  return failures > 0 ? `${failures} fail` : `${result.states}${result.cut === undefined ? '' : '+'}`;
}

/** Property by strategy, over all its machines. */
function properties(strategies: readonly StrategyName[], rows: readonly Row[]): string[] {
  const head = ['property: holds, or the steps to where it fails', ...strategies];
  return table(head, FINDINGS.map((finding) => [finding, ...strategies.map((strategy) =>
    verdictOn(finding, rows.filter(({ job }) => job.strategy === strategy)))]), strategies.map((_, i) => i + 1));
}

/** It holds only where everything was looked at. */
function verdictOn(finding: Finding, rows: readonly Row[]): string {
  const lengths = rows.flatMap(({ result }) => result?.failures[finding]?.steps.length ?? []);
  if (lengths.length > 0) return `${Math.min(...lengths)} steps`;
  return rows.length > 0 && rows.every(({ whole }) => whole) ? 'holds' : 'not seen';
}

/** What fails, by a shortest way, and what a search that has seen everything has not seen. */
function wrongOf({ strategy, machine, failures, unreached, cut }: JobResult): string[] {
  const lines: string[] = [];
  for (const [property, { steps }] of Object.entries(failures)) {
    lines.push('', `${strategy}, ${machine}: not true that ${SENTENCES[property as keyof typeof SENTENCES]}`);
    lines.push(...steps.map((step, i) => `  ${String(i + 1).padStart(2)}  ${step}`));
  }
  if (cut === undefined) for (const name of unreached) lines.push('', `${strategy}, ${machine}: never reached: ${name}`);
  return lines;
}

/** Where something was found, that more was not looked at is no bound of the search. */
const isCut = ({ cut, failures }: JobResult): boolean =>
  cut === 'interrupted' || (cut !== undefined && Object.keys(failures).length === 0);

function whyCut({ cut, states, depth }: JobResult): string {
  const at = `${states} states, ${depth} steps deep`;
  if (cut === 'interrupted') return `interrupted at ${at}`;
  return `cut by its bound ${cut === 'states' || cut === 'memory' ? `--${cut}` : `on ${cut}`} at ${at}`;
}
