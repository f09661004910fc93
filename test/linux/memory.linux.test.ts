import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder } from '../cli/command.ts';
import { peakMemory } from '../cli/peak-memory.ts';
import { built } from './guest.ts';

// What the process takes beside the guest's own memory.

/** MiB. The promise; and for a guest that does not work for long, of which 2 to 84 were measured: V8 collects when it likes. */
const MOST_BESIDE = { working: 300, booted: 150 };
/** Linux leaves hardly anything of it untouched. */
const MEMORY = 256;

test('a guest that boots, works and ends, and one that goes on, leave the process less than 300 MiB beside', () => {
  const { store } = built();
  const options = ['--dir', store.folder, '--memory', `${MEMORY}`];
  const work = 'cd /tmp; cat /bin/* >all; gzip all; perf stat sha256sum all.gz; sort /proc/kallsyms | tail -1';
  const from = join(folder, 'kept');
  const runs: readonly (readonly [keyof typeof MOST_BESIDE, readonly string[]])[] = [
    ['booted', ['snapshot', from, ...options]],
    ['booted', ['run', '--linux', ...options, '--exec', 'true']],
    ['booted', ['run', '--linux', '--from', from, '--exec', 'true']],
    ['working', ['run', '--linux', ...options, '--exec', work]],
  ];
  for (const [what, args] of runs) {
    const { status, err, peak } = peakMemory(...args);
    assert.equal(status, 0, err);
    assert.ok(peak > MEMORY / 2 && peak - MEMORY < MOST_BESIDE[what], `${args.join(' ')}: ${Math.round(peak)} MiB`);
  }
});
