/** Protected mode of 32 and 16 bits, virtual-8086 and real-address mode, and their paging, beside QEMU's recorded output. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LEGACY_CASES } from './legacy/cases.ts';
import { LEGACY_EXPECTED, legacyImage, runLegacy } from './legacy/program.ts';

test('outside 64-bit mode cases end as QEMU has them end, or as the manual says where QEMU deviates', () => {
  const recorded = readFileSync(LEGACY_EXPECTED, 'utf8').split('\n')[Symbol.iterator]();
  const wanted = LEGACY_CASES.map(({ name, manual }) => (manual === undefined ? recorded.next().value! : `${name}: ${manual[0]}`));
  assert.deepEqual(runLegacy(legacyImage(LEGACY_CASES)).split('\n'), [...wanted, ...recorded]);
  assert.ok(wanted.length > 400 && new Set(LEGACY_CASES.map(({ name }) => name)).size === LEGACY_CASES.length);
});
