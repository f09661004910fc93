/** `vpmu published`: every figure of the literature beside what this machine says. */
import { FIGURES, isWithin, measure, type PublishedReport, type PublishedRow, TOLERANCE } from '../../lab/published/published.ts';
import { type Io, STATUS } from '../io.ts';
import { toJson } from '../json.ts';
import { table } from '../table.ts';
import { nodeWasm } from '../wasm.ts';

export function published(io: Io, { json }: { json?: boolean }): number {
  const report = measure(FIGURES, nodeWasm);
  if (json) io.out(toJson(report));
  else for (const line of text(report)) io.out(line);
  const { repeated, within } = report.totals.fitted;
  return repeated === within ? STATUS.success : STATUS.failure;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const isRepeated = ({ ours }: PublishedRow): boolean => ours !== undefined;

function text(report: PublishedReport): string[] {
  const repeated = report.rows.filter(isRepeated);
  const sources = [...new Set(repeated.map(({ source }) => source))];
  const lines = sources.flatMap((source) => [source, ...figureTable(repeated.filter((row) => row.source === source)), '']);
  lines.push(...totals(report), '');
  const off = repeated.filter((row) => !isWithin(row));
  if (off.length > 0) {
    lines.push('Further off than that:');
    for (const { name, ratio, why } of off) lines.push(`  ${name}: ${ratio} times`, `    ${why}`);
    lines.push('');
  }
  lines.push('Not to be found again by this machine:', ...notRepeated(report.rows.filter((row) => !isRepeated(row))));
  return [...lines, '', ...untested(report)];
}

function figureTable(rows: readonly PublishedRow[]): string[] {
  const cells = rows.map((row) => [
    `  ${row.name}`, row.unit, `${row.published}`, `${row.ours}`, row.ratio!.toFixed(3), row.kind, isWithin(row) ? '' : '!',
  ]);
  return table(['  figure', 'unit', 'published', 'ours', 'ratio', 'kind', ''], cells, [2, 3, 4]);
}

function totals({ totals: of }: PublishedReport): string[] {
  return (['fitted', 'predicted', 'recorded'] as const).map((kind) =>
    `${kind.padEnd(9)} ${of[kind].within} of ${of[kind].repeated} within ${percent(TOLERANCE[kind])}`);
}

/** One line for each reason. */
function notRepeated(rows: readonly PublishedRow[]): string[] {
  const reasons = [...new Set(rows.map(({ why }) => why))];
  return reasons.flatMap((reason) => [
    `  ${reason}:`, ...rows.filter(({ why }) => why === reason).map(({ name, published: value, unit }) => `    ${name} (${value} ${unit})`),
  ]);
}

/** Costs that are spent in no experiment at all; those of single machines are in the JSON. */
function untested({ untested: byMachine, costs }: PublishedReport): string[] {
  const machines = Object.values(byMachine);
  const never = costs.filter((cost) => machines.every((names) => names.includes(cost)));
  return never.length === 0 ? [] : [`Costs that no figure tests: ${never.join(', ')}`];
}
