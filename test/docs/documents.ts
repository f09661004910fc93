/**
 * The documents, as far as they can be checked: what they tell the reader to type, what they show of it, and what they point at.
 *
 * A block of shell (```sh) is lines that begin with `$ `, each followed by what it prints; `...` stands for any number of lines, and
 * nothing at all for an output that is not shown. `# status 2` says how it ends, if not with 0. A block of JSON with a name
 * (```json mine.json) is a file that the commands behind it find. What needs a kernel (```sh linux) is run by `npm run test:linux`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From dist/test/docs. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Document { readonly path: string; readonly lines: readonly string[] }

/** All documents: those at the top, and those in docs/. */
export const documents = (): Document[] =>
  [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name))]
    .filter((path) => path.endsWith('.md')).sort()
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n') }));

/** Those whose commands take ten seconds and more are run by `npm run test:slow`. */
const SLOW = ['docs/answers.md', 'docs/general.md', 'docs/holes.md', 'docs/how-the-virtual-pmu-works.md'];
export const isSlow = ({ path }: Document): boolean => SLOW.includes(path);

/** A fenced block, from the line behind its opening to the one before its end. */
export interface Block { readonly language: string; readonly name: string | undefined; readonly from: number; readonly to: number }

/** The language of blocks of shell that need a kernel. */
export const LONG = 'sh linux';

export function blocks({ lines }: Document): Block[] {
  const found: Block[] = [];
  let open: { readonly info: string; readonly from: number } | undefined;
  for (const [i, line] of lines.entries()) {
    if (!line.startsWith('```')) continue;
    if (open === undefined) {
      open = { info: line.slice(3), from: i + 1 };
      continue;
    }
    const [language = '', name] = open.info === LONG ? [LONG] : open.info.split(' ');
    found.push({ language, name, from: open.from, to: i });
    open = undefined;
  }
  return found;
}

/** A command that a document shows; `from` and `to` are the lines of its output there. */
export interface Shown { readonly command: string; readonly status: number; readonly from: number; readonly to: number }

export function commands({ path, lines }: Document, { from, to }: Block): Shown[] {
  const starts = lines.flatMap((line, i) => (i >= from && i < to && line.startsWith('$ ') ? [i] : []));
  if (starts[0] !== from) throw new Error(`${path}:${from + 1}: a block of shell begins with a command`);
  return starts.map((start, k) => {
    const [, command, status = '0'] = /^\$ (.*?)(?:\s+# status (\d))?$/.exec(lines[start]!)!;
    return { command: command!, status: Number(status), from: start + 1, to: starts[k + 1] ?? to };
  });
}

/** Where commands of a document are run: `vpmu` is there. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'vpmu-docs-'));

  constructor() {
    const command = join(this.folder, 'vpmu');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/src/cli/vpmu.js')}" "$@"\n`);
    chmodSync(command, 0o755);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Its lines, and those of stderr, without spaces at their ends, and without empty ones at the end. */
  run(command: string): { readonly status: number | null; readonly lines: string[] } {
    const env = { ...process.env, PATH: `${this.folder}${delimiter}${process.env.PATH}` };
    const { status, stdout } = spawnSync('sh', ['-c', `{ ${command}\n} 2>&1`], { cwd: this.folder, env, encoding: 'utf8' });
    return { status, lines: stdout.trimEnd().split('\n').map((line) => line.trimEnd()) };
  }
}

/** Whether lines are those that are shown, `...` being any. */
export function matches(shown: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return lines.length === 0;
  if (first !== '...') return first === lines[0] && matches(rest, lines.slice(1));
  return Array.from({ length: lines.length + 1 }, (_, skipped) => lines.slice(skipped)).some((tail) => matches(rest, tail));
}

/** Runs the commands of a document that stand in blocks of this language, but for some: each must print what is shown. */
export function checkCommands(document: Document, shell: Shell, language: string, leftOut: readonly string[] = []): void {
  for (const block of blocks(document)) {
    if (block.name !== undefined) shell.write(block.name, document.lines.slice(block.from, block.to).join('\n'));
    if (block.language !== language) continue;
    for (const { command, status, from, to } of commands(document, block)) {
      if (leftOut.includes(command)) continue;
      const done = shell.run(command);
      const at = `${document.path}:${from}: ${command}`;
      assert.equal(done.status, status, `${at}\n${done.lines.join('\n')}`);
      const shown = document.lines.slice(from, to);
      if (shown.length > 0 && !matches(shown, done.lines)) assert.deepEqual(done.lines, shown, `${at}: mend it, or run npm run docs`);
    }
  }
}
