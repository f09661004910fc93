import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { SCENARIOS } from '../../src/lab/scenarios.ts';
import { toldInChromium } from './chromium.ts';
import { hashesOf } from './hashes.ts';

// The same scenarios, translated, in other engines: every bit of state is that of the Node which runs the tests.

const here = hashesOf(nodeWasm);
/** A module that finds them out; `root` is where `dist` is. */
const moduleOf = (root: string, tell: string): string => `
  import { nodeWasm } from '${root}src/cli/wasm.js';
  import { hashesOf } from '${root}test/engines/hashes.js';
  ${tell}`;

test('Node 24 ends in the same states', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const source = moduleOf(root, 'console.log(process.version, JSON.stringify(hashesOf(nodeWasm)))');
  const { stdout, stderr } = spawnSync('npx', ['-y', 'node@24', '--input-type=module', '--eval', source], { encoding: 'utf8' });
  assert.match(stdout, /^v24\./, stderr);
  assert.deepEqual(JSON.parse(stdout.slice(stdout.indexOf(' '))), here);
});

test('a worker of Chromium ends in the same states', async () => {
  const tell = "await fetch('/told', { method: 'POST', body: JSON.stringify(hashesOf(nodeWasm)) })";
  assert.deepEqual(await toldInChromium(moduleOf('/', tell)), here);
  assert.ok(Object.keys(here).length > SCENARIOS.size);
});
