import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRandomPrograms } from './random.ts';

// More of them are in random.long.test.ts.

test('random programs, which also change their code, end translated as they do interpreted', () => {
  assert.ok(compareRandomPrograms(101, 102) > 100);
});
