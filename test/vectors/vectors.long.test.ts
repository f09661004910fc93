import { test } from 'node:test';
import { check, groups } from './check.ts';
import { TRANSLATING } from './translating.ts';
import { UserMode } from './user-mode.ts';

// All vectors through the translator: minutes.

let machine: UserMode | undefined;
for (const [name, chosen] of groups) {
  test(`${name}: a translation does what the processor did`, () => check(machine ??= new UserMode(TRANSLATING), chosen));
}
