import assert from 'node:assert/strict';
import { test } from 'node:test';
import { built } from '../linux/guest.ts';
import { bootTogether } from './boot.ts';

// The first instructions of a real kernel, beside QEMU; `npm run differential` compares a hundred times as many.

test('a kernel that boots has the same registers here and in QEMU, before each instruction', async () => {
  const { kernel, initrd } = built();
  const agreement = await bootTogether(kernel, initrd, 100_000);
  assert.equal(agreement.divergence, undefined);
  assert.ok(agreement.instructions >= 100_000 && agreement.comparisons >= agreement.instructions, `${agreement.instructions}`);
  // What was taken from QEMU is what a program cannot know, and is little.
  assert.deepEqual(Object.keys(agreement.inputs).filter((name) => name !== 'CPUID' && name !== 'RDMSR'), []);
  assert.equal(agreement.interrupts, 0);
});
