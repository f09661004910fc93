import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LinuxColumn, LinuxReport } from '../../src/lab/compare/linux.ts';
import { type Done, vpmu } from '../cli/command.ts';
import { built } from './guest.ts';

// The seed experiment with Debian's kernel and perf: a PMI costs the guest of 2018 4.15 ms, and one of today microseconds.

const folder = mkdtempSync(join(tmpdir(), 'vpmu-compare-'));
after(() => rmSync(folder, { recursive: true }));
const kept = join(folder, 'kept');
const compare = (...args: readonly string[]): Done => vpmu('compare', '--linux', '--from', kept, '--json', ...args);

test('perf profiles the same program under each strategy, and what a PMI costs there lowers the rate or does not', () => {
  assert.equal(vpmu('snapshot', kept, '--dir', built().store.folder, '--memory', '256').status, 0);
  const { status, out } = compare('--strategies', 'mediated,general,reallocate');
  const { columns } = JSON.parse(out) as LinuxReport;
  const [bare, mediated, general, reallocate] = columns as readonly [LinuxColumn, LinuxColumn, LinuxColumn, LinuxColumn];
  assert.equal(status, 0);
  const [, instructions, samples] = /^(\d+),instructions:u\n\d+,branches:u\n(\d+) samples, \w{16}\n$/.exec(bare.output)!.map(Number);
  // A sample for each 100,003 instructions of the program, and a PMI for each sample.
  assert.deepEqual([samples, bare.pmis], [Math.floor(instructions! / 100_003), samples]);
  for (const column of [mediated, general]) {
    assert.deepEqual([column.verdict, column.output, column.pmis], ['same', bare.output, bare.pmis], column.name);
    assert.ok(column.handler.mean < 10_000 && column.maxSampleRate > 10_000, column.name);
  }
  // 4.5 ms on the machine of the seed, of which this is the cost model; the guest's limiter goes down to what its tick lets it.
  assert.ok(reallocate.handler.mean > 3_500_000 && reallocate.handler.mean < 5_000_000, `${reallocate.handler.mean} ns`);
  assert.ok(reallocate.maxSampleRate < 1000 && reallocate.created >= 2 * samples!, `${reallocate.maxSampleRate}`);
});

test('a command that ends otherwise there is told so', () => {
  const { status, out } = compare('--exec', 'grep -c arch_perfmon /proc/cpuinfo; uname -s; exit 3', '--strategies', 'none,reuse');
  const { columns } = JSON.parse(out) as LinuxReport;
  assert.deepEqual(columns.map((column) => [column.name, column.verdict, column.status, column.output]), [
    ['bare metal', 'same', 3, '1\nLinux\n'], ['none', 'refused', null, ''], ['reuse', 'same', 3, '1\nLinux\n'],
  ]);
  // What fails on bare metal says nothing.
  assert.equal(status, 1);
});
