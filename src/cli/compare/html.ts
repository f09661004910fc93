/** A comparison as a page of its own, with plots: one file that needs no other, and that is the same in every run. */
import type { Column, CompareReport, Verdict } from '../../lab/compare/compare.ts';
import {
  counted, DASH, difference, EXIT_KINDS, exitKinds, exitsOf, grouped, miscounted, percent, setting, short, time, usersOf,
} from './figures.ts';
import { escaped, spans, stacks, steps } from './plots.ts';
import { STYLE } from './style.ts';

export function compareHtml(report: CompareReport): string {
  const { columns, scenario, title } = report;
  const ran = columns.filter(counted);
  const sampled = ran.filter(({ handler }) => handler.count > 0);
  const parts = [
    `<header><h1>${escaped(scenario)}</h1><p class="lead">${escaped(title)}</p>`,
    `<ul class="setting">${setting(report).map((line) => `<li>${escaped(line)}</li>`).join('')}</ul></header>`,
    section('Is it right?', 'A strategy is right when the guest has the counters and the samples of bare metal, to the last instruction.',
      verdicts(columns)),
    ...sampled.length === 0 ? [] : [
      section('Time in the guest\'s PMI handler', 'By the guest\'s own time-stamp counter; mean, and from the median to the longest.',
        spans('Time in the handler', sampled.map(({ name, handler }) =>
          ({ label: name, mean: handler.mean, least: handler.p50, most: handler.max })), time)),
      section('What the guest\'s kernel makes of it', 'perf_event_max_sample_rate after each PMI: handlers that take long lower it.',
        steps('Sampling rate after each PMI', sampled.map(({ name, rates }) => ({ label: name, values: rates })), grouped)),
    ],
    section('Where the cycles go', 'Core cycles in the guest, and in the host for it. Host work before an injection shows here only.',
      stacks('Cycles in guest and host', ['guest', 'host'], ran.map(({ name, guestCycles, hostCycles }) =>
        ({ label: name, parts: [guestCycles, hostCycles] })), short)),
    section('VM exits a PMI', 'What the handler does to the PMU\'s registers exits one by one, or does not.',
      stacks('Exits a PMI', EXIT_KINDS, ran.filter((column) => column.pmis > 0 && exitsOf(column) > 0).map((column) =>
        ({ label: column.name, parts: EXIT_KINDS.map((kind) => exitKinds(column)[kind] / column.pmis) })),
      (value) => `${Math.round(value * 10) / 10}`)),
    ...users(columns),
    section('Figures', 'All of them, a line a strategy.', figures(columns)),
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`vpmu compare: ${scenario}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

const section = (title: string, lead: string, body: string): string =>
  `<section><h2>${escaped(title)}</h2><p>${escaped(lead)}</p>\n${body}</section>`;

const MARKS: Readonly<Record<Verdict, string>> = { right: 'good', wrong: 'bad', 'no PMU': 'none', refused: 'none', unfinished: 'bad' };

function verdicts(columns: readonly Column[]): string {
  const rows = columns.map((column) => [
    `<b>${escaped(column.name)}</b><br><small>${escaped(column.title + (column.why === undefined ? '' : `; ${column.why}`))}</small>`,
    `<span class="chip ${MARKS[column.verdict]}">${column.verdict}</span>`, ...why(column).map(escaped),
  ]);
  return htmlTable(['strategy', 'verdict', 'counters', 'samples', 'host events made', 'overhead'], rows, 2);
}

function why(column: Column): string[] {
  if (!counted(column)) return [DASH, DASH, DASH, DASH];
  const { samples, created, overhead } = column;
  const off = miscounted(column);
  const moved = samples.late + samples.early;
  const notes = [
    samples.lost > 0 ? `${samples.lost} of ${samples.wanted} lost` : '',
    moved > 0 ? `${moved} moved, by up to ${grouped(samples.most)}` : '',
    samples.spurious > 0 ? `${samples.spurious} spurious` : '', samples.duplicate > 0 ? `${samples.duplicate} duplicate` : '',
  ].filter((note) => note !== '');
  const native = exitsOf(column) === 0;
  return [
    off === 0 ? 'exact' : `off by ${difference(off)}`, notes.join('; ') || `all ${samples.wanted}, exact`,
    native ? DASH : grouped(created), native ? DASH : percent(overhead),
  ];
}

function users(columns: readonly Column[]): string[] {
  const rows = columns.flatMap((column) => usersOf(column).map((user) => {
    const refused = user.state.startsWith('E');
    const seen = refused || user.truth === 0 ? DASH : percent(user.count / user.truth);
    return [
      escaped(column.name), escaped(user.kind), escaped(user.event), escaped(user.state), refused ? DASH : grouped(user.count),
      refused ? DASH : grouped(user.truth), seen, `${user.samples ?? DASH}`, `${user.due ?? DASH}`,
    ];
  }));
  if (rows.length === 0) return [];
  return [section('The host\'s own events', 'What its users counted, and what happened in that time. While the perf core works on its '
    + 'counters they stand still: that much is missing on real hardware too.',
  htmlTable(['strategy', 'user', 'event', 'state', 'counted', 'truth', 'seen', 'samples', 'due'], rows, 4))];
}

function figures(columns: readonly Column[]): string {
  const heads = [
    'strategy', 'host', 'PMIs', 'exits', 'made', 'released', 'used on', 'guest cycles', 'host cycles', 'mean', 'p50', 'p99', 'max',
    'entry to IRET', 'max rate', 'unknown NMIs', 'state',
  ];
  const rows = columns.map((column) => [
    column.name, column.generation === undefined ? DASH : `Linux ${column.generation}`, grouped(column.pmis),
    ...[exitsOf(column), column.created, column.released, column.reused, column.guestCycles, column.hostCycles].map(grouped),
    ...(['mean', 'p50', 'p99', 'max'] as const).map((which) => nanoseconds(column.handler, which)), nanoseconds(column.traced, 'mean'),
    grouped(column.maxSampleRate), `${column.guestUnknownNmis} + ${column.hostUnknownNmis}`, column.hash,
  ].map(escaped));
  return htmlTable(heads, rows, 2);
}

const nanoseconds = (times: Column['handler'], which: 'mean' | 'p50' | 'p99' | 'max'): string =>
  (times.count === 0 ? DASH : `${grouped(times[which])} ns`);

/** Columns from `right` on are numbers. */
function htmlTable(heads: readonly string[], rows: readonly (readonly string[])[], right: number): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell, i) => `<${tag}${i >= right ? ' class="number"' : ''}>${cell}</${tag}>`).join('');
  return `<div class="scroll"><table><thead><tr>${cells('th', heads.map(escaped))}</tr></thead>\n<tbody>${
    rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n')}</tbody></table></div>`;
}
