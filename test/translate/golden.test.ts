import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileOf, NAMES, translationOf } from './golden.ts';

// What is emitted is what was read. That it is right is for other tests to say.

test('each piece of code is translated as it was recorded', () => {
  assert.ok(NAMES.length >= 50, `${NAMES.length}`);
  for (const name of NAMES) assert.equal(translationOf(name), readFileSync(fileOf(name, 'wat'), 'utf8'), name);
});
