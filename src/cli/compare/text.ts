/** A comparison as tables for a terminal of 120 columns: a line a strategy. */
import type { Column, CompareReport } from '../../lab/compare/compare.ts';
import { table } from '../table.ts';
import {
  costsOf, counted, DASH, difference, EXIT_KINDS, exitKinds, exitsOf, miscounted, percent, setting, short, usersOf,
} from './figures.ts';

const right = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export function compareText(report: CompareReport): string[] {
  const { columns } = report;
  const all = (row: (column: Column) => string[]): string[][] => columns.map((column) => [column.name, ...row(column)]);
  const lines = [...[`${report.scenario}: ${report.title}`, ...setting(report)].flatMap(wrapped), ''];
  lines.push(...table(
    ['cost', 'verdict', 'PMIs', 'exits', 'events', 'guest', 'host', 'overhead', 'handler', 'p50', 'p99', 'max', 'max rate'],
    all((column) => [column.verdict, ...cost(column)]), right(2, 12),
  ), '');
  lines.push(...table(
    ['samples', 'wanted', 'taken', 'lost', 'late', 'early', 'by up to', 'spurious', 'duplicate', 'counts off by', 'unknown NMIs'],
    all(accuracy), right(1, 10),
  ), '');
  lines.push(...table(['exits a PMI', ...EXIT_KINDS], all(exits), right(1, EXIT_KINDS.length)), '');
  const users = columns.flatMap((column) => usersOf(column).map((user) => [
    column.name, user.kind, user.event, user.state, ...(user.state.startsWith('E') ? [DASH, DASH, DASH] : [
      short(user.count), short(user.truth), user.truth === 0 ? DASH : percent(user.count / user.truth),
    ]), user.samples === undefined ? DASH : `${user.samples}`, user.due === undefined ? DASH : `${user.due}`,
  ]));
  if (users.length > 0) {
    lines.push(...table(['host\'s own', 'user', 'event', 'state', 'counted', 'truth', 'seen', 'samples', 'due'], users, right(4, 8)), '');
  }
  return [...lines, ...legend(report)];
}

/** A paragraph in lines that a terminal of 120 columns shows whole. */
function wrapped(paragraph: string): string[] {
  const lines: string[] = [];
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > 120) lines.push(last === undefined ? word : `  ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const cost = (column: Column): string[] => (counted(column) ? costsOf(column) : Array.from({ length: 11 }, () => DASH));

function accuracy(column: Column): string[] {
  if (!counted(column)) return Array.from({ length: 10 }, () => DASH);
  const { samples } = column;
  return [
    ...[samples.wanted, samples.taken, samples.lost, samples.late, samples.early, samples.most, samples.spurious, samples.duplicate]
      .map((value) => `${value}`),
    difference(miscounted(column)), `${column.guestUnknownNmis} + ${column.hostUnknownNmis}`,
  ];
}

/** What it costs to set up is in it too: that is why they are no integers. */
function exits(column: Column): string[] {
  const kinds = exitKinds(column);
  if (!counted(column) || column.pmis === 0 || exitsOf(column) === 0) return EXIT_KINDS.map(() => DASH);
  return EXIT_KINDS.map((kind) => (kinds[kind] === 0 ? '0' : (kinds[kind] / column.pmis).toFixed(2)));
}

function legend({ columns }: CompareReport): string[] {
  const named = columns.map(({ name, generation, title }) => [name, generation === undefined ? '' : `Linux ${generation}`, title]);
  const faulty = columns.filter(({ hostFaults }) => hostFaults > 0);
  const idle = columns.flatMap(({ name, verdict, why }) => (why === undefined ? [] : [[name, verdict, why]]));
  return [
    ...table([], named), ...idle.length === 0 ? [] : ['', ...table([], idle)],
    ...faulty.map(({ name, hostFaults }) => `${name}: ${hostFaults} faults of host code.`), '',
    'verdict: whether the guest has the counters and the samples of bare metal. events: host events that were made for it.',
    'guest, host: core cycles. handler: mean time in the guest\'s PMI handler by its own clock, then its percentiles.',
    'max rate: the guest\'s perf_event_max_sample_rate at the end. by up to: instructions.',
    'unknown NMIs: the guest\'s and the host\'s. seen: counted, of the truth.',
  ];
}
