import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { JobPool, Stop } from '../../src/cli/verify/pool.ts';
import { ProgressLine } from '../../src/cli/verify/progress.ts';
import { readSearch } from '../../src/cli/verify/search-file.ts';
import { type Job, runJob } from '../../src/verify/verdict.ts';
import { type Done, folder, PACKAGE, vpmu } from './command.ts';
import { DYING_WORKER } from './dying-worker.ts';

const { version } = PACKAGE;
const BOUNDS = { states: 6000, depth: 1e6, memory: 1 << 28 };
const LONG: Job = { strategy: 'general', machine: 'any guest', bounds: BOUNDS };

/** A process whose user looks at the progress, and wants an end when it is like this. */
async function interrupted(when: RegExp, ...args: readonly string[]): Promise<Done> {
  const out: string[] = [], err: string[] = [];
  let interrupt = (): void => {};
  const io: Io = {
    args, version, readFile: (path) => readFileSync(path), writeFile: (path, text) => writeFileSync(path, text),
    write: () => {},
    out: (line) => void out.push(line), err: (line) => void err.push(line),
    status: (line) => void (when.test(line) && interrupt()),
    onInterrupt: (told) => {
      interrupt = told;
      return () => {};
    },
  };
  const status = await main(io);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

test('the verdict does not depend on how many searches run at a time', () => {
  const args = ['verify', 'general', 'reuse', 'guest-pmi', '--machines', 'lawful,filter,throttle', '--json'];
  const [one, three] = ['1', '3'].map((jobs) => vpmu(...args, '--jobs', jobs));
  assert.deepEqual(three, one);
  assert.equal(one!.status, 1);
  // guest-pmi has no event filter.
  assert.equal((JSON.parse(one!.out) as unknown[]).length, 8);
});

test('a thread that dies loses nothing: its job is done again, with the same result', async () => {
  const pool = new JobPool({ threads: 1, version, stop: new Stop(), worker: DYING_WORKER });
  const other: Job = { ...LONG, machine: 'lawful' };
  const results = await Promise.all([pool.run(LONG), pool.run(other)]);
  await pool.close();
  assert.deepEqual(results, [runJob(LONG), runJob(other)]);
});

test('an interrupted search says so, and those that have not begun do too', async () => {
  const { status, out } = await interrupted(/any guest: \d/, 'verify', 'general', 'mediated', '--machines', 'any guest', '--jobs', '1');
  assert.equal(status, 3);
  assert.match(out, /^general +\d+\+$/m);
  assert.match(out, /^mediated +not begun$/m);
  assert.match(out, /^\+ general, any guest: interrupted at \d+ states, \d+ steps deep$/m);
});

test('an interrupted search goes on where it was, and ends as if it had never been interrupted', async () => {
  const path = join(folder, 'search');
  const search = ['verify', 'general', '--machines', 'any guest', '--json'];
  const first = await interrupted(/any guest: \d/, ...search, '--checkpoint', path);
  assert.equal(first.status, 3);
  const [{ states, cut }] = JSON.parse(first.out) as [{ states: number; cut: string }];
  assert.equal(cut, 'interrupted');
  // As far as the bound in both.
  const bound = ['--states', String(states + 3000)];
  const resumed = vpmu(...search, ...bound, '--resume', path);
  assert.deepEqual(resumed, vpmu(...search, ...bound));
  assert.equal(resumed.status, 3);
});

test('a search that does not fit is refused in one line', () => {
  const any = ['verify', 'general', '--machines', 'any guest', '--states', '500'];
  assert.equal(vpmu(...any, '--checkpoint', 'kept').status, 3);
  const kept = readFileSync(join(folder, 'kept'));
  const edited = (name: string, edit: (text: string) => string): string => {
    writeFileSync(join(folder, name), Buffer.from(edit(kept.toString('latin1')), 'latin1'));
    return name;
  };
  const refused: readonly (readonly [RegExp, ...string[]])[] = [
    [/nothing: there is no such file; name one that --checkpoint has written/, ...any, '--resume', 'nothing'],
    [/kept: it is a search of general in 'any guest', not of mediated in 'any guest'/,
      'verify', 'mediated', '--machines', 'any guest', '--resume', 'kept'],
    [/kept: it is a search of general in 'any guest', not of general in 'lawful'/,
      'verify', 'general', '--machines', 'lawful', '--resume', 'kept'],
    [/damaged: it is damaged, its checksum is another/, ...any, '--resume', edited('damaged', (text) => `${text.slice(0, -1)}x`)],
    [/short: it is damaged/, ...any, '--resume', edited('short', (text) => text.slice(0, -8))],
    [/other: it is no search/, ...any, '--resume', edited('other', () => '{}')],
    [/--resume is for one search, not for 10/, 'verify', '--machines', 'lawful', '--resume', 'kept'],
    [/--checkpoint is for one search, not for 2/, 'verify', 'general', 'mediated', '--machines', 'lawful', '--checkpoint', 'kept'],
    [/nowhere\/kept: .*ENOENT/, ...any, '--checkpoint', 'nowhere/kept'],
    [/--jobs takes a positive integer, not '0'/, 'verify', '--jobs', '0'],
  ];
  const elsewhere = { version: '9.9.9', strategy: 'general', machine: 'any guest' };
  assert.throws(() => readSearch(join(folder, 'kept'), elsewhere), /it was written by version \d\.\d\.\d, and this is 9\.9\.9/);
  for (const [line, ...args] of refused) {
    const { status, out, err } = vpmu(...args);
    assert.deepEqual([status, out, err.trimEnd().split('\n').length], [2, '', 1], err);
    assert.match(err, line);
  }
});

test('the bound that cuts a search is named', () => {
  const cut = (...bound: readonly string[]): Done => vpmu('verify', 'general', '--machines', 'any guest', ...bound);
  const states = cut('--states', '600');
  assert.equal(states.status, 3);
  assert.match(states.out, /^\+ general, any guest: cut by its bound --states at 6\d\d states, \d steps deep$/m);
  assert.match(cut('--memory', '2').out, /cut by its bound --memory at \d+ states/);
});

test('progress: how many are done, how fast, how deep, and how long at least', () => {
  const at = { states: 5000, steps: 50_000, depth: 7, frontier: 1000, memory: 3 * 2 ** 20, visited: 2 ** 20 };
  const line = new ProgressLine(undefined, 3, { running: [[LONG, at]] });
  line.done({ ...runJob({ ...LONG, machine: 'lawful' })!, states: 15_000 });
  // 20,000 states in 4 s; 4000 of this search were looked at in 4 s, and 1000 wait.
  assert.equal(line.text(4), '1 of 3 done | 5 k states/s | general, any guest: 5 k in 3 MiB, 7 deep, 1 k wait: 1 s or more');
});

test('a property holds where everything was looked at; behind a failure of another it is only not seen', () => {
  const { out, status } = vpmu('verify', 'guest-pmi', 'general', '--machines', 'lawful');
  assert.equal(status, 1);
  assert.match(out, /^property: .+ +guest-pmi +general$/m);
  assert.match(out, /^PMI lost +not seen +holds$/m);
  // As its story is told below the table: 17 steps.
  assert.match(out, /^miscount +17 steps +holds$/m);
  assert.match(vpmu('verify', 'guest-pmi', '--machines', 'lawful', '--property', 'stuck').out, /^stuck +not seen$/m);
});
