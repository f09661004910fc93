import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { check, groups, vectors } from './check.ts';
import { TRANSLATING } from './translating.ts';
import { UserMode } from './user-mode.ts';

test('there are at least 100,000 vectors', () => {
  assert.ok(vectors.length >= 100_000, `${vectors.length}`);
});

/** Each instruction that is translated takes a module of its own: here few are, and all of them in vectors.long.test.ts. */
const SAMPLE = 40;

const WAYS = [
  ['the WebAssembly interpreter', nodeWasm, 1], ['the interpreter of micro-ops', undefined, 1], ['a translation', TRANSLATING, SAMPLE],
] as const;

for (const [what, wasm, one] of WAYS) {
  let machine: UserMode | undefined;
  for (const [name, chosen] of groups) {
    test(`${name}: ${what} does what the processor did`, () => {
      check(machine ??= new UserMode(wasm), chosen.filter((_, i) => i % one === 0));
    });
  }
}
