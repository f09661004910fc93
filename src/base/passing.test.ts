import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBack, passing } from './passing.ts';

test('bytes that pass are zeros, then what was written, and nothing when they were given back', () => {
  const bytes = passing(64 << 20);
  assert.ok(bytes.length === 64 << 20 && bytes[12_345] === 0);
  bytes.fill(7);
  const part = bytes.subarray(4096, 8192);
  assert.equal(part[4095], 7);
  const before = process.memoryUsage().rss;
  giveBack(bytes);
  assert.deepEqual([bytes.length, part.length], [0, 0]);
  // All of it but what else the process has come to need.
  assert.ok(before - process.memoryUsage().rss > 32 << 20);
  const plain = Uint8Array.of(1, 2);
  giveBack(plain);
  assert.deepEqual([...plain], [1, 2]);
});
