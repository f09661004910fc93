import { test } from 'node:test';
import { checkCounts } from './counts.ts';

test('searches of seconds have exactly the states, steps and depth that they had, and fail in the same properties', async () => {
  await checkCounts(20_000, 300_000);
});
