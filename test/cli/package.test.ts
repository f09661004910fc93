import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CommandScript, FILES } from '../../tools/command-script.ts';
import { vpmu } from './command.ts';

// What people install is the command in few files, with what it would else make anew each time: see tools/bundle.ts.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMMAND = 'dist/bundle/cli/vpmu.js';
const BUNDLED = /^dist\/bundle\/(package\.json|cli\/[^/]*\.(js|code|wasm|bin|LICENSE))$/;
execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: ROOT, stdio: 'ignore' });

test('the package holds the command with all that it imports, the documents, and nothing else', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const { bin, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  assert.deepEqual(bin, { vpmu: COMMAND });
  const paths = new Set(files.map(({ path }) => path));
  for (const path of [COMMAND, 'package.json', 'README.md', 'LICENSE']) assert.ok(paths.has(path), path);
  let imports = 0;
  for (const path of paths) {
    if (!BUNDLED.test(path)) assert.match(path, /^(docs\/.*\.(md|svg)|[A-Z]+\.md|LICENSE|package\.json)$/);
    if (!path.endsWith('.js')) continue;
    const text = readFileSync(join(ROOT, path), 'utf8');
    for (const [, target] of text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g)) {
      imports += 1;
      assert.ok(target!.startsWith('node:') || target! in dependencies!, `${path} imports ${target}`);
    }
  }
  assert.ok(imports > 20, 'imports are found');
});

test('V8 takes the code that was made for it', () => {
  const folder = dirname(join(ROOT, COMMAND));
  assert.ok(new CommandScript(folder, readFileSync(join(folder, FILES.code))).taken);
});

test('the command in few files is the command', () => {
  const jobs = ['verify', 'general', '--machines', 'filter,silent', '--jobs', '2', '--states', '300'];
  // For a kernel it wants a package that is made for a loader of modules.
  const kernel = ['run', '--linux', '--exec', 'x', '--kernel', './none', '--initrd', './none'];
  for (const args of [jobs, ['list', 'x'], kernel]) {
    const { status, stdout: out, stderr: err } = spawnSync(process.execPath, [join(ROOT, COMMAND), ...args], { encoding: 'utf8' });
    assert.deepEqual({ status, out, err }, vpmu(...args), args.join(' '));
  }
});
