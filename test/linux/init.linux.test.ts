import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elfSegments, pvhEntry } from '../../src/guest/elf.ts';
import { cpio } from '../../src/guest/linux/cpio.ts';
import { built, inQemu, readelf } from './guest.ts';

// The initial file system of `vpmu guest build`, and the kernel in it, in QEMU.

const guest = built();

test('the kernel\'s ELF file is one, and is entered where readelf says', () => {
  const [, note] = /Xen\s+0x[0-9a-f]+\s+Unknown note type: \(0x00000012\)\s+description data: ((?:[0-9a-f]{2} ){8})/
    .exec(readelf(guest.kernel, '-n'))!;
  assert.equal(pvhEntry(guest.kernel), Number(Buffer.from(note!.replaceAll(' ', ''), 'hex').readBigUInt64LE()));
  const [, entry] = /Entry point address:\s+(0x[0-9a-f]+)/.exec(readelf(guest.kernel, '-h'))!;
  assert.equal(elfSegments(guest.kernel).entry, BigInt(entry!));
});

test('a command runs, its output comes to the last byte, and so does its status', async () => {
  const { output, log, status } = await inQemu(guest,
    'printf "a\\tb\\r\\n\\003vpmu 1\\001"; echo "to stderr" >&2; head -c 300 /dev/zero; exit 7');
  assert.deepEqual([output, status], [`a\tb\r\n\x03vpmu 1\x01to stderr\n${'\0'.repeat(300)}`, 7], log);
});

test('there are proc, sys, dev and tmp, and nothing to read from', async () => {
  const { output, status } = await inQemu(guest,
    'cut -d" " -f2,3 /proc/mounts; wc -c; tty; ls /dev/null /sys/kernel/tracing/events/sched/enable');
  assert.deepEqual([output, status], [
    '/ rootfs\n/proc proc\n/sys sysfs\n/dev devtmpfs\n/tmp tmpfs\n/sys/kernel/tracing tracefs\n0\nnot a tty\n'
    + '/dev/null\n/sys/kernel/tracing/events/sched/enable\n', 0,
  ]);
});

test('a guest that waits for its command gets it by the console, with files', async () => {
  const archive = cpio([
    { path: 'vpmu/command', kind: 'file', bytes: Buffer.from('/opt/tool one; exit $((3 + 4))\n') },
    { path: 'opt/tool', kind: 'file', mode: 0o755, bytes: Buffer.from('#!/bin/sh\necho "tool $1"\n') },
  ]);
  const typed = `${Buffer.from(archive).toString('base64').replace(/.{76}/g, '$&\n')}\n\n`;
  const { output, status } = await inQemu(guest, undefined, 'vpmu=wait', typed);
  assert.deepEqual([output, status], ['tool one\n', 7]);
});

test('perf counts with the kernel\'s own events, records and reports', async () => {
  const { output, status } = await inQemu(guest, [
    'perf stat -x, -e task-clock,page-faults true 2>&1 | cut -d, -f3',
    'perf record -q -e cpu-clock -F 500 -o /tmp/p sha256sum /bin/busybox >/dev/null',
    'perf report -i /tmp/p --stdio -q --sort comm,dso | grep -c sha256sum',
  ].join('\n'));
  const lines = output.trim().split('\n');
  assert.deepEqual([lines.slice(0, 2), status], [['task-clock', 'page-faults'], 0], output);
  assert.ok(Number(lines[2]) >= 1, output);
});
