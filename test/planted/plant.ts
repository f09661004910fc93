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
const COPIES = 2;
/** A planted bug may make a test go on for ever, which is as good as a failure. */
const PATIENCE = 60_000;

/** A copy of the program: what is compiled, and beside it what tests read. */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vpmu-planted-'));
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path) });
  for (const name of ['node_modules', 'package.json', 'test', 'src', 'docs']) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** It did not come to an end. */
  readonly hangs: boolean;
  readonly output: string;
}

function run(folder: string, file: string, only: string): Promise<Outcome> {
  const args = ['--test-reporter=tap', `--test-name-pattern=${only}`, join('dist', file)];
  // The runner that runs this very file tells its children so; this child is nobody's.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '', hangs = false;
    const timer = setTimeout(() => {
      hangs = true;
      child.kill('SIGKILL');
    }, PATIENCE);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    child.on('close', () => {
      clearTimeout(timer);
      const count = (what: string): number => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
      resolve({ passed: count('pass'), failed: count('fail'), hangs, output });
    });
  });
}

const ANY = '.';

/** Tests that each of these bugs is caught, and that without them all those tests pass. */
export function testPlanted(table: readonly Planted[]): void {
  const folders: string[] = [], free: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const withCopy = async (body: (folder: string) => Promise<void>): Promise<void> => {
    let folder = free.pop();
    if (folder === undefined) folders.push((folder = copy()));
    await body(folder);
    free.push(folder);
  };

  test('planted bugs', { concurrency: COPIES }, async (t) => {
    const sound: Promise<void>[] = [];
    for (const file of new Set(table.map((planted) => planted.test))) {
      const only = table.filter((planted) => planted.test === file).map((planted) => planted.only ?? ANY).join('|');
      sound.push(t.test(`${file} passes without them`, () => withCopy(async (folder) => {
        const { passed, failed, hangs, output } = await run(folder, file, only);
        assert.ok(passed > 0 && failed === 0 && !hangs, output);
      })));
    }
    const caught = table.map(({ name, file, from, to, test: by, only = ANY }) =>
      t.test(name, () => withCopy(async (folder) => {
        const path = join(folder, 'dist', file);
        const text = readFileSync(path, 'utf8');
        assert.equal(text.split(from).length, 2, `'${from}' stands once in ${file}`);
        writeFileSync(path, text.replace(from, () => to));
        const { passed, failed, hangs, output } = await run(folder, by, only).finally(() => writeFileSync(path, text));
        assert.ok(/^ *(not )?ok \d/m.test(output) || hangs, `${by} does not even load: ${output}`);
        assert.ok(failed > 0 || hangs, `${by} has not seen it: ${passed} tests pass`);
      })));
    await Promise.all([...sound, ...caught]);
  });
}
