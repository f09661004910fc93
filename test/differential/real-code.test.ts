import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { agree } from './agree.ts';

test('what gcc makes of our C decodes as iced-x86 decodes it', (t) => {
  assert.ok(agree(t, readFileSync('test/differential/real-code.bin')) > 35_000);
});
