import assert from 'node:assert/strict';
import { test } from 'node:test';
import { built, inQemu, inVpmu } from './guest.ts';

// What the command does with a guest, as a process; and programs that nobody here wrote, beside another machine.

/** With answers that are known, or that another machine gives too. */
const PROGRAMS = `
seq 1 20000 | md5sum; seq 1 3000 | sha512sum; seq 1 900 | sha3sum; seq 1 5000 | gzip -9 | gunzip | sha1sum
seq 1 2000 | bzip2 -c | bunzip2 | md5sum
find / -xdev -type f | grep -v '^/\\(proc\\|sys\\|dev\\|tmp\\|vpmu\\)' | sort | md5sum
awk 'BEGIN { for (i = 1; i < 2000; i++) { s += i * i / 7; t = t + (i % 13) } printf "%.10g %d\\n", s, t }'
echo '2 200 ^ p 10 3 / p 355 113 / 20 k p' | dc; echo 'scale=50; 4*a(1)' | bc -l
printf 'b 2\\na 10\\na 9\\n' | sort -k1,1 -k2,2n; echo hello | tr a-z A-Z | rev | od -c; expr 12345 \\* 6789
printf '%x %o %e\\n' 255 255 3.25
for i in 1 2 3 4 5 6 7 8; do (echo $i | dd bs=1 2>/dev/null) & wait; done; sh -c 'kill -11 $$'; echo $?
cal 10 2018; date -u -d @1539500000; ipcalc -bn 10.1.2.3/20; echo aGVsbG8= | base64 -d`;

test('programs print what they print in QEMU', async () => {
  const guest = built();
  const there = await inQemu(guest, PROGRAMS), here = inVpmu(guest.store, PROGRAMS);
  assert.deepEqual([here.status, here.output], [there.status, there.output], here.err);
  assert.ok(there.output.split('\n').length > 35, there.output);
});

test('the status, what the kernel says, and a command that takes too long', () => {
  const { store, guest } = built();
  const { output, log, status } = inVpmu(store, 'uname -r; echo "<1>hello" > /dev/kmsg; exit 41', '--on', 'general', '--cpus', '2');
  assert.deepEqual([output.replace(/\[ *[\d.]+\] hello\r\n/, ''), status], [`${guest.kernel.release}\n`, 41], log);
  assert.match(output, /hello/);
  const { err } = inVpmu(store, 'sleep 1000', '--timeout', '0.5');
  assert.equal(err, "the command has not ended after 0.5 seconds of the guest's time; --timeout gives it more");
});
