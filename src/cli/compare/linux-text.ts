/** A comparison of a command in a Linux guest as tables for a terminal of 120 columns: a line a strategy. */
import type { LinuxColumn, LinuxReport } from '../../lab/compare/linux.ts';
import { table } from '../table.ts';
import { costsOf, DASH, EXIT_KINDS, exitKinds, exitsOf, hostSetting, short, usersOf } from './figures.ts';

const right = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** So many of the lines that differ are shown of a column, and so much of each. */
const LINES = 4, LETTERS = 48;

export function linuxText(report: LinuxReport): string[] {
  const { columns, machine, command, cpus } = report;
  const [bare] = columns;
  const all = (row: (column: LinuxColumn) => string[]): string[][] => columns.map((column) => [column.name, ...row(column)]);
  const lines = [
    'linux, on bare metal and from the same state on each strategy:', ...command.split('\n').map((line) => `    ${line}`),
    `Costs of ${machine.title}, at the guest's ${(machine.hz / 1e9).toFixed(1)} GHz.`, hostSetting(report.host, cpus), '',
    ...table(
      ['cost', 'verdict', 'status', 'PMIs', 'exits', 'events', 'guest', 'host', 'overhead', 'handler', 'p50', 'p99', 'max', 'max rate'],
      all((column) => [column.verdict, ...cost(column)]), right(2, 13),
    ), '',
    ...table(['exits a PMI', ...EXIT_KINDS], all(exits), right(1, EXIT_KINDS.length)), '',
  ];
  const users = columns.flatMap((column) => usersOf(column).map((user) => [
    column.name, user.kind, user.event, user.state, short(user.count), user.samples === undefined ? DASH : `${user.samples}`,
  ]));
  if (users.length > 0) lines.push(...table(['host\'s own', 'user', 'event', 'state', 'counted', 'samples'], users, right(4, 5)), '');
  lines.push('On bare metal it printed:', ...bare!.output.trimEnd().split('\n').map((line) => `    ${line}`), '');
  const others = columns.flatMap(differing);
  if (others.length > 0) lines.push(...table(['printed', 'line', 'on bare metal', 'here'], others, [1]), '');
  return [...lines, ...legend(report)];
}

function cost(column: LinuxColumn): string[] {
  if (column.verdict === 'refused') return Array.from({ length: 12 }, () => DASH);
  return [column.status === null ? DASH : `${column.status}`, ...costsOf(column)];
}

/** What the command itself costs, without PMIs, is in it too. */
function exits(column: LinuxColumn): string[] {
  const kinds = exitKinds(column);
  if (column.pmis === 0 || exitsOf(column) === 0) return EXIT_KINDS.map(() => DASH);
  return EXIT_KINDS.map((kind) => (kinds[kind] === 0 ? '0' : (kinds[kind] / column.pmis).toFixed(2)));
}

const cut = (text: string | undefined): string =>
  (text === undefined ? DASH : text.length > LETTERS ? `${text.slice(0, LETTERS - 3)}...` : text);

function differing({ name, differences, verdict }: LinuxColumn): string[][] {
  if (verdict === 'refused') return [];
  const shown = differences.slice(0, LINES).map(({ line, bare, here }) => [name, `${line}`, cut(bare), cut(here)]);
  const more = differences.length - shown.length;
  return more === 0 ? shown : [...shown, [name, '', `and ${more} more`, '']];
}

function legend({ columns }: LinuxReport): string[] {
  const named = columns.map(({ name, generation, title }) => [name, generation === undefined ? '' : `Linux ${generation}`, title]);
  const notes = columns.flatMap(({ name, why, hostFaults, guestUnknownNmis, hostUnknownNmis }) => [
    ...(why === undefined ? [] : [[name, why]]), ...(hostFaults === 0 ? [] : [[name, `${hostFaults} faults of host code`]]),
    ...(guestUnknownNmis === 0 ? [] : [[name, `the guest's log has ${guestUnknownNmis} NMIs received for unknown reason`]]),
    ...(hostUnknownNmis === 0 ? [] : [[name, `the host has received ${hostUnknownNmis} NMIs for unknown reason`]]),
  ]);
  return [
    ...table([], named), ...notes.length === 0 ? [] : ['', ...table([], notes)], '',
    'verdict: whether the command prints what it prints on bare metal, with the same status. events: host events that were made for it.',
    'guest, host: core cycles of the command. handler: mean time in the guest\'s NMI handler, then its percentiles.',
    'max rate: the guest\'s perf_event_max_sample_rate at the end.',
  ];
}
