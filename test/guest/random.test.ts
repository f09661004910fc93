import { test } from 'node:test';
import { runRandomPrograms } from './random-runs.ts';

test('random programs end in the same state in every way of running them', () => {
  runRandomPrograms(1, 20);
});
