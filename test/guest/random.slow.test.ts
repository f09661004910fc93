import { test } from 'node:test';
import { runRandomPrograms } from './random-runs.ts';

test('a hundred more random programs end in the same state in every way of running them', () => {
  runRandomPrograms(21, 120);
});
