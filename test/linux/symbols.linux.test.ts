import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Kallsyms } from '../../src/guest/linux/kallsyms.ts';
import { vpmu } from '../cli/command.ts';
import { built } from './guest.ts';
import { KERNELS } from './kernels.ts';

// The kernel's own names of its addresses, which tell where a guest is that does not end well.

for (const kernel of KERNELS) {
  test(`${kernel}: names are those that its /proc/kallsyms has, and a guest that does not end well is somewhere by name`, () => {
    const { store, kernel: elf } = built(kernel);
    const lines = [...Kallsyms.in(elf)!.all()]
      .map(({ address, type, name }) => `${address.toString(16).padStart(16, '0')} ${type} ${name}\n`);
    const listing = vpmu('run', '--linux', '--dir', store.folder, '--exec', "grep -v '\\[' /proc/kallsyms | sha256sum");
    assert.deepEqual(listing, { status: 0, out: `${createHash('sha256').update(lines.join('')).digest('hex')}  -\n`, err: '' });
    const { status, err } = vpmu('run', '--linux', '--dir', store.folder, '--exec', 'halt -f');
    assert.equal(status, 1);
    assert.match(err, /\nvpmu: the guest has halted, and nothing can wake it: processor 0 is at 0xffffffff8[0-9a-f]+, \w+\+0x[0-9a-f]+, /);
  });
}
