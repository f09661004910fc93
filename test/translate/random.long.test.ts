import { test } from 'node:test';
import { compareRandomPrograms } from './random.ts';

// Minutes.

const PROGRAMS = 250;
const FIRST_SEED = 1000;

for (let i = 0; i < PROGRAMS; i += 25) {
  const first = FIRST_SEED + i;
  test(`random programs from ${first} on end translated as they do interpreted`, () => {
    compareRandomPrograms(first, first + 24);
  });
}
