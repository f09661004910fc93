import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { HOSTED_SCENARIOS, SCENARIOS } from '../../src/lab/scenarios.ts';
import { vpmu } from '../cli/command.ts';
import { blocks, type Document, documents, ROOT } from './documents.ts';

const scripts = Object.keys((JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }).scripts);

/** The prose of a document by line: without fenced blocks. */
const prose = (document: Document): [line: string, at: string][] => {
  const fenced = blocks(document);
  return document.lines.flatMap((line, i): [string, string][] =>
    (fenced.some(({ from, to }) => i >= from - 1 && i <= to) ? [] : [[line, `${document.path}:${i + 1}`]]));
};

/** As GitHub makes the anchor of a heading. */
const anchor = (heading: string): string => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').trim().replaceAll(' ', '-');
const anchors = (path: string): string[] =>
  readFileSync(join(ROOT, path), 'utf8').split('\n').flatMap((line) => (/^#+ /.test(line) ? [anchor(line.replace(/^#+ /, ''))] : []));

test('every link leads somewhere', () => {
  let links = 0;
  for (const document of documents()) {
    for (const [line, at] of prose(document)) {
      for (const [, target] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
        links += 1;
        if (/^https:\/\//.test(target!)) continue;
        const [path = '', to] = target!.split('#');
        const file = path === '' ? document.path : join(dirname(document.path), path);
        assert.ok(existsSync(join(ROOT, file)), `${at}: there is no ${file}`);
        if (to !== undefined) assert.ok(anchors(file).includes(to), `${at}: ${file} has no heading #${to}`);
      }
    }
  }
  assert.ok(links >= 15, `${links}`);
});

test('every file that is named is there', () => {
  let files = 0;
  for (const document of documents()) {
    for (const [line, at] of prose(document)) {
      for (const [, path] of line.matchAll(/`((?:src|test|tools|bench|docs)\/[\w./-]*)`/g)) {
        files += 1;
        assert.ok(existsSync(join(ROOT, path!)), `${at}: there is no ${path}`);
      }
    }
  }
  assert.ok(files > 50, `${files}`);
});

test('every script, command, option and scenario that is named is there', () => {
  const help = new Map<string, string>();
  const helpOf = (command: string): string => {
    const known = help.get(command) ?? vpmu(...command.split(' '), '--help').out;
    help.set(command, known);
    return known;
  };
  for (const document of documents()) {
    for (const [i, line] of document.lines.entries()) {
      const at = `${document.path}:${i + 1}`;
      for (const [, script] of line.matchAll(/\bnpm run ([\w:-]+)/g)) {
        assert.ok(scripts.includes(script!), `${at}: no script ${script}`);
      }
      for (const [, command, rest] of line.matchAll(/(?:`|^\$ )vpmu ((?:guest )?[a-z]+)([^`|#]*)/g)) {
        assert.match(helpOf(command!), new RegExp(`^Usage: vpmu ${command} `), `${at}: no command ${command}`);
        const words = rest!.replace(/'[^']*('|$)/g, '').trim().split(/\s+/);
        for (const option of words.filter((word) => word.startsWith('--'))) {
          assert.ok(new RegExp(`^ +.*${option}\\b`, 'm').test(helpOf(command!)), `${at}: ${command} has no option ${option}`);
        }
        const [what = ''] = words;
        const scenario = SCENARIOS.has(what) || HOSTED_SCENARIOS.has(what);
        const known = command === 'verify' || command === 'fuzz' ? STRATEGY_NAMES.some((name) => name === what) : scenario;
        if (/^[a-z][a-z0-9-]*$/.test(what)) assert.ok(known, `${at}: no ${what}`);
      }
    }
  }
});

/** The names that a test file gives to its tests, as they stand there. */
function testNames(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(/\b(?:test|each)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map(([, , name]) => name!);
}

interface Promised {
  readonly number: string;
  readonly tests: readonly (readonly [path: string, name: string])[];
  readonly unproved: boolean;
}

/** A promise is a paragraph that begins with its number; behind a path in it stand names of tests of that file. */
function promises(): Promised[] {
  const text = readFileSync(join(ROOT, 'docs/SPECIFICATION.md'), 'utf8');
  return text.split(/\n\n+/).filter((paragraph) => paragraph.startsWith('**')).map((paragraph) => {
    const number = /^\*\*(\d+\.\d+)\*\* /.exec(paragraph)?.[1];
    assert.ok(number !== undefined, paragraph);
    const cited = paragraph.matchAll(/`((?:src|test|tools)\/[\w./-]+)`:((?:,?\s*"[^"]+")+)/g);
    const tests = [...cited].flatMap(([, path, names]) =>
      [...names!.matchAll(/"([^"]+)"/g)].map(([, name]) => [path!, name!] as const));
    return { number, tests, unproved: paragraph.includes('[unproved]') };
  });
}

test('every promise names tests that exist, or says that there is none', () => {
  const all = promises();
  assert.ok(all.length > 40, `${all.length}`);
  for (const { number, tests, unproved } of all) {
    assert.notEqual(tests.length > 0, unproved, `${number}: either a test or [unproved]`);
    for (const [path, name] of tests) assert.ok(testNames(path).includes(name), `${number}: ${path} has no test "${name}"`);
  }
});

test('promises are numbered in order, in the section of their number', () => {
  const lines = readFileSync(join(ROOT, 'docs/SPECIFICATION.md'), 'utf8').split('\n');
  let section = 0, last = 0;
  for (const line of lines) {
    const heading = /^## (\d+)\./.exec(line), promise = /^\*\*(\d+)\.(\d+)\*\*/.exec(line);
    if (heading) [section, last] = [section + 1, 0];
    if (heading) assert.equal(Number(heading[1]), section, line);
    if (!promise) continue;
    last += 1;
    assert.deepEqual([Number(promise[1]), Number(promise[2])], [section, last], line);
  }
});
