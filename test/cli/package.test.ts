import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { vpmu } from './command.ts';

// What people install is the command in few files, which load in a third of the time that its hundreds of modules take.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COMMAND = 'dist/bundle/cli/vpmu.js';
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
    assert.match(path, /^(dist\/bundle\/cli\/[^/]*\.(js|wasm|bin)|docs\/.*\.(md|svg)|[A-Z]+\.md|LICENSE|package\.json)$/);
    if (!path.endsWith('.js')) continue;
    const text = readFileSync(join(ROOT, path), 'utf8');
    for (const [, target] of text.matchAll(/(?:^import |^\} from |\bfrom |\bimport\()"([^"]+)"/gm)) {
      imports += 1;
      if (target!.startsWith('.')) assert.ok(paths.has(normalize(join(dirname(path), target!))), `${path} imports ${target}`);
      else assert.ok(target!.startsWith('node:') || target! in dependencies!, `${path} imports ${target}`);
    }
  }
  assert.ok(imports > 50, 'imports are found');
});

test('the command in few files is the command', () => {
  const jobs = ['verify', 'general', '--machines', 'filter,silent', '--jobs', '2', '--states', '300'];
  for (const args of [jobs, ['list', 'x']]) {
    const { status, stdout: out, stderr: err } = spawnSync(process.execPath, [join(ROOT, COMMAND), ...args], { encoding: 'utf8' });
    assert.deepEqual({ status, out, err }, vpmu(...args), args.join(' '));
  }
});
