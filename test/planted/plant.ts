/**
 * Plants bugs, to see that tests catch them: a copy of the compiled program in which one piece of text is replaced, and a test
 * file run there. A bug is caught when a test fails that does not fail without it. That the copy no longer loads, or that
 * no test ran, proves nothing and does not count.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A bug, and who must see it. */
export interface Planted {
  readonly name: string;
  /** A compiled file, from dist/ on. */
  readonly file: string;
  /** Text that stands there exactly once, and what replaces it. */
  readonly from: string;
  readonly to: string;
  /** The compiled test file that must fail, from dist/ on. */
  readonly test: string;
  /** Which of its tests: a pattern of their names. The fewer, the sooner it is done. */
  readonly only?: string;
}

/** From dist/test/planted. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** How many copies are at work at a time. */
export const COPIES = 2;
/** A planted bug may make a test go on for ever, which is as good as a failure. */
const PATIENCE = 180_000;

/** A copy of the program: what is compiled, and beside it what tests read. */
function copyProgram(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-planted-'));
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path) });
  for (const name of ['node_modules', 'package.json', 'test', 'src', 'docs']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

/** Copies of the program, made when they are first needed and used again. */
export class Copies {
  private readonly folders: string[] = [];
  private readonly free: string[] = [];
  private readonly prepare: (folder: string) => void;

  /** `prepare`: what is done to a new one. */
  constructor(prepare: (folder: string) => void = () => {}) {
    this.prepare = prepare;
  }

  async with<T>(body: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.free.pop() ?? this.make();
    const result = await body(folder);
    this.free.push(folder);
    return result;
  }

  private make(): string {
    const folder = copyProgram();
    this.folders.push(folder);
    this.prepare(folder);
    return folder;
  }

  remove(): void {
    for (const folder of this.folders) rmSync(folder, { recursive: true });
  }
}

/** While `body` is at work, the bug is in the copy. */
export async function withBug<T>(
  folder: string, { file, from, to }: Pick<Planted, 'file' | 'from' | 'to'>, body: () => Promise<T>,
): Promise<T> {
  const path = join(folder, 'dist', file);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.split(from).length, 2, `'${from}' stands once in ${file}`);
  writeFileSync(path, text.replace(from, () => to));
  return body().finally(() => writeFileSync(path, text));
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** It did not come to an end. */
  readonly hangs: boolean;
  readonly output: string;
}

/** Runs Node in a copy. `hangs`: it did not come to its end, and was stopped. */
export function runNode(folder: string, args: readonly string[], patience: number): Promise<Pick<Outcome, 'hangs' | 'output'>> {
  // The runner that runs this very file tells its children so; this child is nobody's.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '', hangs = false;
    const timer = setTimeout(() => {
      hangs = true;
      child.kill('SIGKILL');
    }, patience);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.on('close', () => {
      clearTimeout(timer);
      resolve({ hangs, output });
    });
  });
}

/** Runs tests of a compiled file in a copy: those whose names match. */
export async function runTests(folder: string, file: string, only: string): Promise<Outcome> {
  const args = ['--test-reporter=tap', `--test-name-pattern=${only}`, join('dist', file)];
  const { hangs, output } = await runNode(folder, args, PATIENCE);
  const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), hangs, output };
}

/** The file was loaded and some test of it ran, or went on for ever. */
export const loaded = ({ hangs, output }: Outcome): boolean => /^ *(not )?ok \d/m.test(output) || hangs;

const ANY = '.';

/** Tests that each of these bugs is caught, and that without them all those tests pass. */
export function testPlanted(table: readonly Planted[]): void {
  const copies = new Copies();
  after(() => copies.remove());

  test('planted bugs', { concurrency: COPIES }, async (t) => {
    const sound: Promise<void>[] = [];
    for (const file of new Set(table.map((planted) => planted.test))) {
      const only = table.filter((planted) => planted.test === file).map((planted) => planted.only ?? ANY).join('|');
      sound.push(t.test(`${file} passes without them`, () => copies.with(async (folder) => {
        const { passed, failed, hangs, output } = await runTests(folder, file, only);
        assert.ok(passed > 0 && failed === 0 && !hangs, output);
      })));
    }
    const caught = table.map((planted) => t.test(planted.name, () => copies.with(async (folder) => {
      const { test: by, only = ANY } = planted;
      const outcome = await withBug(folder, planted, () => runTests(folder, by, only));
      assert.ok(loaded(outcome), `${by} does not even load: ${outcome.output}`);
      assert.ok(outcome.failed > 0 || outcome.hangs, `${by} has not seen it: ${outcome.passed} tests pass`);
    })));
    await Promise.all([...sound, ...caught]);
  });
}
