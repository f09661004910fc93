import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSnapshot } from '../../src/cli/guest/snapshot-file.ts';
import type { Report } from '../../src/lab/report.ts';
import { STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { type Done, PACKAGE, vpmu } from '../cli/command.ts';
import { runThrough } from '../cli/run-through.ts';
import { built } from './guest.ts';

// A guest that has booted is kept, and goes on from there as if nobody had kept it.

const folder = mkdtempSync(join(tmpdir(), 'vpmu-snapshot-'));
after(() => rmSync(folder, { recursive: true }));
const kept = join(folder, 'kept');
const dir = built().store.folder;

const run = (...args: readonly string[]): Done => vpmu('run', '--linux', '--from', kept, ...args);

test('a guest that goes on from a snapshot ends as one that was never kept, to the last bit', async () => {
  assert.deepEqual(vpmu('snapshot', kept, '--dir', dir, '--cpus', '2', '--memory', '256'), { status: 0, out: '', err: '' });
  const command = 'perf stat -x, -e instructions:u busybox true 2>&1 | cut -d, -f1,3; exit 7';
  const whole = await runThrough({ dir, cpus: '2', memory: '256' }, command);
  const resumed = run('--exec', command, '--json');
  const { output, report } = JSON.parse(resumed.out) as { output: string; report: Report };
  const ends = ({ outcome, hash, cpus }: Report): unknown =>
    [outcome, hash, cpus.map(({ cycles, instructions }) => [cycles, instructions])];
  assert.deepEqual([resumed.status, output, ends(report)], [7, whole.output, ends(whole.report)]);
  assert.match(output, /^\d+,instructions:u\n$/);
  assert.equal(readSnapshot(kept, PACKAGE.version).machine.cycles, whole.cycles);
  // Pages of one byte are not in it.
  assert.ok(statSync(kept).size < 128 << 20);
});

/** KVM counts what it completes for a guest, and has no other reason to miss anything. */
const EXACT = ['mediated', 'reuse', 'general'];

test('one snapshot serves bare metal and every strategy, and perf counts to the instruction', () => {
  const command = 'sha256sum /bin/busybox; nproc; perf stat -x, -e instructions:u sha256sum /bin/busybox 2>&1 | cut -d, -f1';
  const bare = run('--exec', command);
  assert.match(bare.out, /^(\w{64}) {2}\/bin\/busybox\n2\n\1 {2}\/bin\/busybox\n\d+\n$/);
  for (const on of STRATEGY_NAMES) {
    const { status, out, err } = run('--on', on, '--exec', command);
    if (on === 'none') assert.match(err, /^vpmu: .*: it cannot go on with --on none: the guest was told of more counters, [^\n]*\n$/);
    else if (EXACT.includes(on)) assert.deepEqual([status, out, err], [0, bare.out, ''], on);
    else assert.deepEqual([status, out.split('\n').slice(0, 3), err], [0, bare.out.split('\n').slice(0, 3), ''], on);
  }
  // The same state twice, also with a host.
  const hashes = [1, 2].map(() => (JSON.parse(run('--on', 'reuse', '--exec', 'uname', '--json').out) as { report: Report }).report.hash);
  assert.equal(hashes[0], hashes[1]);
});

test('it is brought files, also some that are larger than what a console keeps', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * i) >> 7);
  writeFileSync(join(folder, 'data'), bytes);
  const { status, out, err } = run('--file', `${join(folder, 'data')}:/root/`, '--exec', 'md5sum data; exit 3');
  assert.deepEqual([status, out, err], [3, `${createHash('md5').update(bytes).digest('hex')}  data\n`, '']);
});

test('a panic is told with the place in the kernel', () => {
  const { status, err } = run('--exec', 'echo c >/proc/sysrq-trigger');
  assert.equal(status, 1);
  assert.match(err, /\nvpmu: the guest's kernel panicked: sysrq triggered crash, at sysrq_handle_crash\+0x[0-9a-f]+\n$/);
});
