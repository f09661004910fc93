import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { built } from './guest.ts';
import { brought, withLibraries } from './libraries.ts';
import { inMachine } from './machine.ts';
import { compiled, folder, outside } from './outside.ts';

// Programs of Debian, and some of ours: the very same files print in the guest what they print on the processor on which the test runs.

const guest = built();
const SCRIPT = readFileSync('test/linux/programs.sh', 'utf8');
const ENVIRONMENT = 'export OPENSSL_CONF=/dev/null LC_ALL=C';

test('programs of the distribution print here what they print outside', () => {
  const key = join(folder, 'key');
  execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' });
  const programs = withLibraries([...new Set(SCRIPT.match(/\/usr\/bin\/\w+/g))]);
  const there = outside(`${ENVIRONMENT} KEY=${key}\n${SCRIPT}`);
  const files = [...programs, brought('/root/key', readFileSync(key)), brought('/root/script', SCRIPT)];
  const here = inMachine(guest, `${ENVIRONMENT} KEY=/root/key; cd /tmp; sh /root/script`, { files });
  assert.equal(here.output, there.output, here.log);
  assert.deepEqual([here.status, there.status, there.output.split('\n').length], [0, 0, 45]);
});

test('floating-point arithmetic by SSE2 and by the x87 FPU has the bits that it has outside', () => {
  const programs = ['sse', '387'].map((unit) =>
    compiled('numbers.c', `numbers-${unit}`, ['-O2', '-frounding-math', `-mfpmath=${unit}`, '-static'], ['-lm']));
  const files = programs.map((program) => brought(`/root/${basename(program)}`, readFileSync(program)));
  const here = inMachine(guest, './numbers-sse; ./numbers-387', { files });
  const there = programs.map((program) => outside(program).output);
  assert.equal(here.output, there.join(''), here.log);
  // They compute otherwise.
  assert.notEqual(there[0], there[1]);
  assert.equal(there[0]!.split('\n').length, 72);
});

const COMPILED_FOR_32 = ['-m32', '-O1', '-nostdlib', '-static', '-ffreestanding', '-fno-pic', '-fno-stack-protector', '-mfpmath=387'];

/** Its system calls are by SYSENTER on one kind of processor, and by SYSCALL on the other. */
function runs32(cpu: string): void {
  const program = compiled('i386.c', 'i386', COMPILED_FOR_32);
  const here = inMachine(guest, './i386', { machine: { cpu }, files: [brought('/root/i386', readFileSync(program))] });
  const there = outside(program);
  assert.deepEqual([here.output, here.status], [there.output, there.status], here.log);
  assert.deepEqual([here.output.split('\n').length, here.status], [21, 42]);
}

test('a program of 32 bits runs as outside', () => runs32('generic'));

test('a program of 32 bits runs on a processor of another kind, as outside', () => runs32('zen4'));

const ILLEGAL = 128 + 4;

test('a program of x86-64-v2 runs as outside where it is offered, and is illegal where it is not', () => {
  const program = compiled('extensions.c', 'extensions', ['-O2', '-march=x86-64-v2', '-static'], ['-lm']);
  const files = [brought('/root/extensions', readFileSync(program))];
  const there = outside(program);
  for (const cpu of ['x86-64-v2', 'skylake']) {
    const here = inMachine(guest, './extensions', { machine: { cpu }, files });
    assert.deepEqual([here.output, here.status], [there.output, 0], here.log);
  }
  assert.equal(inMachine(guest, './extensions', { files }).status, ILLEGAL);
});
