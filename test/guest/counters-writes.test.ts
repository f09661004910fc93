import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './counters-program.ts';
import { type Ran, runEveryWay, runProgram } from './program.ts';

// A WRMSR that overflows a counter itself writes first: then come the status bit, the freeze and the PMI.

const TOP = 1n << 48n;
const BOTH = 3n << 16n, EDGE = 1n << 18n, INT = 1n << 20n, EN = 1n << 22n;
const CTR_FRZ = 1n << 59n;
const FREEZE = `
        mov   ecx, IA32_DEBUGCTL
        mov   eax, DEBUGCTL_FREEZE_PERFMON_ON_PMI
        xor   edx, edx
        wrmsr`;

/** Counter 0 counts instructions and overflows at the `n`-th of them. */
const overflowAt = (n: bigint, between: string, version: number, more = INT): Ran => {
  const ran = runEveryWay(bench(between), {
    machine: { perfmon: { version, generalCounters: 8, fixedCounters: 4 } },
    given: { selectors: [0xc0n | BOTH | EN | more], presets: [TOP - n], global_ctrl: [1n] },
  });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran;
};

test('a WRMSR that clears the status does not clear the bit of its own overflow', () => {
  const clear = `
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        mov   eax, 1
        xor   edx, edx
        wrmsr
        nop`;
  for (const version of [2, 3, 4, 5]) {
    // MOV, MOV, XOR, and WRMSR is the fourth; then NOP, and MOV, XOR, XOR, WRMSR.
    const own = overflowAt(4n, clear, version);
    assert.deepEqual([own.word('status'), own.word('counted'), own.word('pmis')], [1n, 5n, 1n], `version ${version}`);
    // One instruction earlier it does, and the PMI is on its way all the same.
    const earlier = overflowAt(3n, clear, version);
    assert.deepEqual([earlier.word('status'), earlier.word('counted'), earlier.word('pmis')], [0n, 6n, 1n], `version ${version}`);
  }
});

test('a WRMSR that enables or unfreezes does not undo the freeze of its own PMI', () => {
  const enable = `${FREEZE}
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 1
        xor   edx, edx
        wrmsr
        nop`;
  for (const version of [2, 3]) {
    // Four for DEBUGCTL, and WRMSR is the eighth.
    const own = overflowAt(8n, enable, version);
    assert.deepEqual([own.word('status'), own.word('counted'), own.word('pmis')], [1n, 0n, 1n], `version ${version}`);
  }
  const unfreeze = `${FREEZE}
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        xor   eax, eax
        mov   edx, STATUS_CTR_FRZ
        wrmsr
        nop`;
  for (const version of [4, 5]) {
    const own = overflowAt(8n, unfreeze, version);
    assert.deepEqual([own.word('status'), own.word('counted'), own.word('pmis')], [CTR_FRZ | 1n, 0n, 1n], `version ${version}`);
  }
});

test('whether a WRMSR interrupts by its own overflow is decided before it: the one that takes INT away still does', () => {
  const quiet = `
        mov   ecx, IA32_PERFEVTSEL0
        mov   eax, 0x4300c0
        xor   edx, edx
        wrmsr
        nop`;
  const [own, later] = [overflowAt(4n, quiet, 4), overflowAt(5n, quiet, 4)];
  assert.deepEqual([own.word('status'), own.word('pmis'), later.word('status'), later.word('pmis')], [1n, 1n, 1n, 0n]);
});

test('an edge is seen anew by a counter that is programmed anew', () => {
  // Cycles: the condition holds in every cycle. It begins when the counter does, and again when its selector is written; not when
  // it is only stopped and started globally.
  const selector = `
        mov   ecx, IA32_PERFEVTSEL0
        mov   eax, 0x47003c
        xor   edx, edx
        wrmsr
        nop`;
  const stopped = `
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        nop
        mov   eax, 1
        wrmsr`;
  const edges = (between: string): bigint => runProgram(bench(between), {
    machine: { perfmon: { version: 4, generalCounters: 8, fixedCounters: 4 } },
    given: { selectors: [0x3cn | BOTH | EN | EDGE], global_ctrl: [1n] },
  }).word('counted');
  assert.deepEqual([edges('nop'), edges(selector), edges(stopped)], [1n, 2n, 1n]);
});
