import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './counters-program.ts';
import { runEveryWay } from './program.ts';

// What CLFLUSH and WBINVD do to the counts of the cache model.

const EN = 1n << 22n, BOTH = 3n << 16n;
const REFERENCES = 0x4f2en | BOTH | EN, MISSES = 0x412en | BOTH | EN;
const DATA = `
        align 64
line:   resb  256
`;

/** References of the last level and its misses, of ten iterations of something. */
function counted(body: string): bigint[] {
  const ran = runEveryWay(bench(`
        mov   r8d, 10
again:  ${body}
        dec   r8d
        jnz   again`) + DATA, {
    machine: { perfmon: { version: 4, generalCounters: 8, fixedCounters: 4 } },
    given: { selectors: [REFERENCES, MISSES], global_ctrl: [3n] },
  });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran.words('counted', 2);
}

test('a line that is flushed misses again', () => {
  // The first time; with CLFLUSH every time; a flush of the neighbour, or one after which nothing is read, makes no difference.
  assert.deepEqual(counted('mov rax, [rel line]'), [1n, 1n]);
  assert.deepEqual(counted('mov rax, [rel line]\n clflush [rel line + 63]'), [10n, 10n]);
  assert.deepEqual(counted('mov rax, [rel line]\n clflush [rel line + 64]'), [1n, 1n]);
  assert.deepEqual(counted('clflush [rel line]'), [0n, 0n]);
});

test('WBINVD flushes all lines', () => {
  // Two lines, ten times.
  assert.deepEqual(counted('mov rax, [rel line]\n mov [rel line + 128], rax\n wbinvd'), [20n, 20n]);
});

test('a device in memory is not cached', () => {
  // The local APIC's page, in which nothing answers in x2APIC mode; no line is looked up.
  const read = 'mov esi, 0xfee00000\n mov eax, [rsi + 0x20]';
  assert.deepEqual(counted(read), [0n, 0n]);
});
