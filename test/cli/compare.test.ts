import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompareReport } from '../../src/lab/compare/compare.ts';
import { type Done, folder, vpmu } from './command.ts';

function done({ status, out, err }: Done): string {
  assert.deepEqual([status, err], [0, '']);
  return out;
}

const text = done(vpmu('compare', '--html', 'report.html'));
const html = readFileSync(join(folder, 'report.html'), 'utf8');
const report = JSON.parse(done(vpmu('compare', '--json'))) as CompareReport;
const STRATEGIES = ['none', 'reallocate', 'ioc-period', 'guest-pmi', 'register', 'reuse', 'mediated', 'general'];

test('the tables fit a terminal of 120 columns, and have a line a strategy', () => {
  const lines = text.split('\n');
  assert.deepEqual(lines.filter((line) => line.length > 120), []);
  for (const heading of ['cost', 'samples', 'exits a PMI']) {
    const at = lines.findIndex((line) => line.startsWith(`${heading} `));
    assert.deepEqual(lines.slice(at + 1, at + 10).map((line) => line.split(/ {2,}/)[0]), ['bare metal', ...STRATEGIES], heading);
  }
});

test('a guest without PMIs has no time in a handler', () => {
  const lines = done(vpmu('compare', 'count', '--strategies', 'general')).split('\n');
  const row = lines.find((line) => line.startsWith('general '))!.split(/ {2,}/);
  assert.deepEqual([row[1], row[2], ...row.slice(8, 12)], ['right', '0', '-', '-', '-', '-']);
});

test('the default shows who is slow, who is wrong, and who is right', () => {
  const of = (name: string) => report.columns.find((column) => column.name === name)!;
  assert.deepEqual(report.columns.map(({ name }) => name), ['bare metal', ...STRATEGIES]);
  assert.deepEqual(['bare metal', 'none', 'guest-pmi', 'mediated', 'general'].map((name) => of(name).verdict),
    ['right', 'no PMU', 'wrong', 'right', 'right']);
  // The patch counts each period twice and more: its host event's books and the counter disagree.
  assert.ok(of('guest-pmi').counters[0]!.count > 2 * of('guest-pmi').counters[0]!.truth);
  assert.ok(of('reallocate').handler.mean > 2 * of('general').handler.mean && of('general').handler.mean > of('mediated').handler.mean);
  assert.deepEqual(of('general').samples, of('bare metal').samples);
  assert.deepEqual(of('mediated').users.map(({ refused }) => refused), ['EOPNOTSUPP']);
});

test('two runs give the same bytes in every form', () => {
  assert.equal(done(vpmu('compare', '--html', 'report.html')), text);
  assert.equal(readFileSync(join(folder, 'report.html'), 'utf8'), html);
  const some = ['compare', '--strategies', 'reallocate,general'];
  for (const form of ['--json', '--csv']) assert.equal(done(vpmu(...some, form)), done(vpmu(...some, form)), form);
});

/** RFC 4180, but for line breaks inside quotes, of which there are none. */
function csv(content: string): string[][] {
  return content.trimEnd().split('\n').map((line) => {
    const cells: string[] = [];
    for (let rest = `${line},`; rest !== '';) {
      const [whole, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^",]*)),/.exec(rest) ?? assert.fail(`no cell begins with ${rest}`);
      cells.push(quoted?.replaceAll('""', '"') ?? plain!);
      rest = rest.slice(whole.length);
    }
    return cells;
  });
}

test('--csv has a heading and a line a strategy, of as many values each', () => {
  const [head, ...rows] = csv(done(vpmu('compare', 'neighbours', '--strategies', 'register,general', '--csv')));
  assert.deepEqual([rows.length, new Set(head).size], [3, head!.length]);
  for (const row of rows) assert.equal(row.length, head!.length);
  assert.deepEqual(rows.map((row) => row[head!.indexOf('strategy')]), ['bare metal', 'register', 'general']);
  assert.deepEqual(rows.map((row) => row[head!.indexOf('verdict')]), ['right', 'wrong', 'right']);
});

test('the page is well formed, and needs nothing from elsewhere', () => {
  const open: string[] = [];
  const EMPTY = new Set(['meta', 'br']);
  const body = html.replace(/<style>[^<]*<\/style>|<!DOCTYPE html>/g, '');
  for (const [tag, closes, name, rest] of body.matchAll(/<(\/?)([a-z0-9]+)([^<>]*)>/g)) {
    if (closes === '/') assert.equal(open.pop(), name, tag);
    else if (!rest!.endsWith('/') && !EMPTY.has(name!)) open.push(name!);
    assert.match(rest!, /^(\s+[a-zA-Z][a-zA-Z0-9-]*="[^"]*")*\/?$/, tag);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(html, /https?:|src=|href=|@import|url\(|<script|NaN|undefined|Infinity/);
  for (const name of ['bare metal', ...STRATEGIES]) assert.ok(html.includes(`<b>${name}</b>`), name);
  assert.equal(html.match(/<svg /g)!.length, 4);
});

test('options change the experiment', () => {
  const columns = (...args: readonly string[]): CompareReport['columns'] =>
    (JSON.parse(done(vpmu('compare', 'two-cpus', '--json', ...args))) as CompareReport).columns;
  const [bare, general] = columns('--strategies', 'general', '--vcpus', '1', '--cpus', '2', '--load', '2', '--host-events', 'stat,kvm',
    '--period', '5003', '--handler', 'selector', '--seed', '5', '--generation', '7.1', '--cost', 'ice-lake-2021');
  assert.deepEqual([general!.verdict, general!.generation, general!.counters.length], ['right', '7.1', 1]);
  // 3 + 100,001 + 5 of its own, in periods of 5003 and less.
  assert.ok(bare!.samples.wanted >= 20 && general!.users.length === 4);
  const [, none] = columns('--strategies', 'reallocate', '--host-events', 'none');
  assert.deepEqual([none!.users, none!.verdict], [[], 'wrong']);
  // So many samples take longer than a tick of the host's.
  const long = ['--vcpus', '1', '--period', '503', '--strategies', 'none, general'];
  const [, without, moved] = columns(...long, '--migrate-every', '1');
  assert.deepEqual([without!.name, without!.verdict, moved!.verdict], ['none', 'no PMU', 'right']);
  assert.notEqual(moved!.hash, columns(...long)[2]!.hash);
});

test('with the counters of AMD, strategies that cannot run are rows that say why', () => {
  const { columns, vendor, perfmon } = JSON.parse(done(vpmu('compare', '--vendor', 'amd', '--json'))) as CompareReport;
  assert.deepEqual([vendor, perfmon.version, perfmon.generalCounters, perfmon.fixedCounters], ['amd', 2, 6, 0]);
  assert.deepEqual(columns.map(({ name, verdict }) => [name, verdict]), [
    ['bare metal', 'right'], ['none', 'no PMU'], ['reallocate', 'no PMU'], ['ioc-period', 'no PMU'], ['guest-pmi', 'refused'],
    ['register', 'refused'], ['reuse', 'wrong'], ['mediated', 'right'], ['general', 'right'],
  ]);
  // The same guest on Intel's counters takes four instructions more for each PMI: those that write LVTPC.
  const [bare] = columns, [intel] = report.columns;
  assert.equal(intel!.counters[0]!.count - bare!.counters[0]!.count, 4 * 100);
  assert.deepEqual(bare!.samples, intel!.samples);
  const why = columns.flatMap((column) => column.why ?? []);
  assert.equal(why.length, columns.filter(({ verdict }) => verdict === 'no PMU' || verdict === 'refused').length);
});

test('before PerfMonV2 the host cannot give its PMU away, and emulation from 2018 on can be compared', () => {
  const lines = done(vpmu('compare', 'pmi-amd-v1', '--strategies', 'reallocate,reuse,mediated,general')).split('\n');
  const verdicts = lines.slice(lines.findIndex((line) => line.startsWith('cost ')) + 1).map((line) => line.split(/ {2,}/).slice(0, 3));
  assert.deepEqual(verdicts.slice(0, 5), [
    ['bare metal', 'right', '100'], ['reallocate', 'wrong', '1'], ['reuse', 'wrong', '100'], ['mediated', 'refused', '-'],
    ['general', 'right', '100'],
  ]);
  const why = 'it needs PerfMonV2 of the host\'s PMU, which has counters without global registers';
  assert.ok(lines.includes(`mediated  refused  ${why} (EOPNOTSUPP)`));
});

test('a guest whose handler is newer than what KVM offers is told of', () => {
  const lines = done(vpmu('compare', 'pmi-v4', '--strategies', 'mediated,general')).split('\n');
  assert.ok(lines.includes('mediated  no PMU  the guest is offered version 2, and its v4 handler needs version 4'));
});

for (const [args, message] of [
  [['--vendor', 'arm'], "--vendor takes one of intel, amd, not 'arm'"],
  [['--vendor', 'amd', '--handler', 'v4'], '$.program.handler: expected another one: no PMI freezes AMD\'s counters, found "v4"'],
  [['--strategies', 'magic'], "--strategies takes a strategy, one of none, reallocate, ioc-period, guest-pmi, guest-pmi-B1, guest-pmi-B8, "
    + "register, reuse-5.5, reuse, mediated, general, not 'magic'"],
  [['--strategies', ''], "--strategies takes a strategy, one of none, reallocate, ioc-period, guest-pmi, guest-pmi-B1, guest-pmi-B8, "
    + "register, reuse-5.5, reuse, mediated, general, not ''"],
  [['--migrate-every', '-1'], "--migrate-every takes an integer from 0 to 1000, not '-1'"],
  [['--generation', '2.6'], "--generation takes one of 4.19, 7.1, own, not '2.6'"],
  [['--vcpus', '0'], "--vcpus takes an integer from 1 to 8, not '0'"],
  [['--load', 'much'], "--load takes an integer from 0 to 64, not 'much'"],
  [['--handler', 'none'], "--handler takes one of classic, v4, selector, throttle, never re-enables, not 'none'"],
  [['--host-events', 'top'], "--host-events takes one of watchdog, stat, record, kvm, not 'top'"],
  [['--json', '--csv'], '--json and --csv exclude each other; name one of them'],
  [['--html', './no/such.html'], './no/such.html: there is no such folder; name one that exists'],
] as const) {
  test(`a mistake in ${args.join(' ')} is one line`, () => {
    assert.deepEqual(vpmu('compare', ...args), { status: 2, out: '', err: `vpmu: ${message}\n` });
  });
}
