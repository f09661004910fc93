import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpio, readCpio } from '../../src/guest/linux/cpio.ts';
import type { LinuxReport } from '../../src/lab/compare/linux.ts';
import { WAITING } from '../guest/waiting-kernel.ts';
import { file, vpmu } from './command.ts';

// A small kernel that waits, prints what it is told, and ends with status 7.

const GUEST = ['--kernel', file('kernel', WAITING), '--initrd', file('initrd', cpio([])), '--memory', '128'];
const STRATEGIES = ['--strategies', 'mediated,none,reallocate'];

test('a command runs on bare metal and on each strategy from the same state, booted here or kept', () => {
  file('data', 'abc');
  const booted = vpmu('compare', '--linux', '--exec', 'a\nb', '--file', './data:/opt/', '--json', ...STRATEGIES, ...GUEST);
  const { columns, ...report } = JSON.parse(booted.out) as LinuxReport;
  const [bare, mediated, none, reallocate] = columns;
  // On bare metal it has ended with another status than 0.
  assert.deepEqual([booted.status, booted.err, report.command, report.cpus, columns.length], [1, '', 'a\nb', 1, 4]);
  const nodes = readCpio(Buffer.from(bare!.output.slice(1), 'base64'));
  const brought = ['opt/data', 'vpmu/compared'].map((name) => nodes.get(name)!);
  assert.deepEqual(brought.map((node) => node.kind === 'file' && Buffer.from(node.bytes).toString()), ['abc', 'a\nb\n']);
  assert.deepEqual([bare!.status, bare!.verdict, bare!.overhead, bare!.differences], [7, 'same', 0, []]);
  for (const column of [mediated!, reallocate!]) {
    assert.deepEqual([column.status, column.output, column.verdict, column.instructions > 0], [7, bare!.output, 'same', true], column.name);
    // It is sent each byte that it prints but the first: an IN and an OUT, and a look at the line status.
    assert.ok(column.exits.IO_INSTRUCTION! > 3 * (bare!.output.length - 1), column.name);
  }
  assert.deepEqual([none!.verdict, none!.status], ['refused', null]);
  assert.equal(vpmu('snapshot', './kept', ...GUEST).status, 0);
  const kept = vpmu('compare', '--linux', '--exec', 'a\nb', '--file', './data:/opt/', '--json', ...STRATEGIES, '--from', './kept');
  assert.deepEqual(kept, booted);
});

test('its tables have a line for each strategy, and what the command printed', () => {
  const { status, out } = vpmu('compare', '--linux', '--from', './kept', '--exec', 'x', ...STRATEGIES, '--host-events', 'stat');
  assert.equal(status, 1);
  assert.match(out, /^linux, on bare metal and from the same state on each strategy:\n {4}x\nCosts of .*, at the guest's 2\.4 GHz\.\n/);
  for (const name of ['bare metal +same +7', 'reallocate +same +7', 'mediated +same +7', 'none +refused +-']) {
    assert.match(out, new RegExp(`^${name} `, 'm'));
  }
  assert.match(out, /^none +the guest was told of more counters, .* \(EINVAL\)$/m);
  assert.match(out, /^mediated +stat +instructions retired +EOPNOTSUPP /m);
  assert.match(out, /^reallocate +stat +instructions retired +active /m);
  assert.match(out, /^On bare metal it printed:\n {4}m/m);
});

test('a mistake is told in one line', () => {
  for (const [args, message] of [
    [['pmi', '--linux'], "--linux compares a Linux guest, and there is 'pmi' to compare too; name one of them"],
    [['--linux', '--csv'], '--csv is not for --linux'],
    [['--linux', '--vcpus', '9'], "--cpus takes an integer from 1 to 8, not '9'"],
    [['--linux', '--from', './none'], './none: there is no such file; name one that vpmu snapshot has written'],
    [['--linux', '--from', './kept', '--kernel', './kernel'], '--from brings a guest that has booted, and --kernel is for booting'],
  ] as const) assert.deepEqual(vpmu('compare', ...args), { status: 2, out: '', err: `vpmu: ${message}\n` });
});
