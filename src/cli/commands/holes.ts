/** `vpmu holes`: each known hole on each strategy, as a matrix; or what happens in one of them, as a timeline. */
import { HOLE_STRATEGIES, HOLES, type HoleResult, type Presence, runHoles, traceHole } from '../../lab/holes/holes.ts';
import { timeline } from '../../trace/timeline.ts';
import { type Io, STATUS, UserError } from '../io.ts';
import { toJson } from '../json.ts';
import { table } from '../table.ts';

export interface HolesOptions { readonly json?: boolean; readonly strategies?: string; readonly trace?: string }

const MARKS: Readonly<Record<Presence, string>> = { present: 'X', absent: '.', limit: 'L', 'not applicable': '-' };

export function holes(io: Io, ids: readonly string[], { json, strategies, trace }: HolesOptions): number {
  const wanted = ids.length === 0 ? [...HOLES.keys()] : ids;
  for (const id of wanted) if (!HOLES.has(id)) throw new UserError(`there is no hole '${id}'; they are ${[...HOLES.keys()].join(', ')}`);
  if (trace !== undefined) return printTrace(io, wanted, trace);
  const chosen = strategies?.split(',').map((name) => strategyOf('--strategies', name.trim())) ?? HOLE_STRATEGIES;
  const results = runHoles(wanted, chosen);
  if (json) io.out(toJson(results));
  else for (const line of matrix(wanted, results)) io.out(line);
  return results.every(({ expected }) => expected) ? STATUS.success : STATUS.failure;
}

function strategyOf(option: string, name: string): (typeof HOLE_STRATEGIES)[number] {
  const known = HOLE_STRATEGIES.find((each) => each === name);
  if (known !== undefined) return known;
  throw new UserError(`${option} takes a strategy with counters, one of ${HOLE_STRATEGIES.join(', ')}, not '${name}'`);
}

function printTrace(io: Io, ids: readonly string[], strategy: string): number {
  if (ids.length !== 1) throw new UserError('--trace shows one hole: name it, as in `vpmu holes B1 --trace guest-pmi-B1`');
  for (const line of timeline(traceHole(ids[0]!, strategyOf('--trace', strategy)))) io.out(line);
  return STATUS.success;
}

function matrix(ids: readonly string[], results: readonly HoleResult[]): string[] {
  const strategies = [...new Set(results.map(({ strategy }) => strategy))];
  const cell = (id: string, strategy: string): string => {
    const result = results.find((each) => each.id === id && each.strategy === strategy)!;
    return MARKS[result.presence] + (result.expected ? '' : ' !');
  };
  const lines = table(['hole', ...strategies], ids.map((id) => [id, ...strategies.map((strategy) => cell(id, strategy))]));
  lines.push('', 'X present   . absent   L there by nature   - does not apply   ! not as expected', '');
  for (const id of ids) lines.push(`${id.padEnd(4)}${HOLES.get(id)!.title}`);
  const limits = ids.flatMap((id) => Object.entries(HOLES.get(id)!.limits ?? {}).map(([strategy, why]) => `${id} on ${strategy}: ${why}`));
  if (limits.length > 0) lines.push('', ...limits);
  return lines;
}
