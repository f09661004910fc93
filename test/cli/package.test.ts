import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('the package holds the command with all that it imports, the documents, and nothing else', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const paths = new Set(files.map(({ path }) => path));
  for (const path of ['dist/src/cli/vpmu.js', 'package.json', 'README.md', 'LICENSE']) assert.ok(paths.has(path), path);
  for (const path of paths) {
    assert.match(path, /^(dist\/src\/.*\.(js|d\.ts)|docs\/.*\.md|[A-Z]+\.md|LICENSE|package\.json)$/);
    assert.doesNotMatch(path, /\.test\./);
    if (!path.endsWith('.js')) continue;
    for (const [, target] of readFileSync(join(ROOT, path), 'utf8').matchAll(/^(?:import|export)\b.*?\bfrom '(\.[^']+)'/gms)) {
      assert.ok(paths.has(normalize(join(dirname(path), target!))), `${path} imports ${target}`);
    }
  }
});
