import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST } from '../../src/base/choice.ts';
import { ImageError } from '../../src/guest/image.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { type Ran, runEveryWay } from './program.ts';

// AMD's counters in a guest: exact counts, and a PMI that leaves LVTPC as it is.

const EN = 1n << 22n, BOTH = 3n << 16n, INT = 1n << 20n, COUNTING = BOTH | EN;
const TOP = 1n << 48n;
const CYCLES = 0x76n, INSTRUCTIONS = 0xc0n, BRANCHES = 0xc2n, MISPREDICTS = 0xc3n, CONDITIONAL = 0xd1n;

/**
 * Six counters from tables, by the extended window; a loop of twenty iterations between the WRMSR that enables and the one that
 * disables. With version 1 they are the selector's own of the first counter.
 */
const PROGRAM = (version: number): string => `
main:   cli
        ${version === 2 ? `mov   ecx, PerfCntrGlobalCtl
        xor   eax, eax
        xor   edx, edx
        wrmsr` : ''}
        xor   r8d, r8d
        xor   r9d, r9d
next:   lea   rbx, [rel presets]
        mov   ecx, PERF_CTR0
        add   ecx, r9d
        mov   rax, [rbx + r8 * 8]
        call  write_msr
        lea   rbx, [rel selectors]
        mov   ecx, PERF_CTL0
        add   ecx, r9d
        mov   rax, [rbx + r8 * 8]
        call  write_msr
        add   r9d, 2
        inc   r8d
        cmp   r8d, 6
        jb    next
        mov   ecx, ${version === 2 ? 'PerfCntrGlobalCtl' : 'PERF_LEGACY_CTL0'}
        mov   eax, [rel start_with]
        xor   edx, edx
        wrmsr
        mov   r10d, 20
again:  nop
        dec   r10d
        jnz   again
        xor   eax, eax
        wrmsr
        xor   r8d, r8d
read:   mov   ecx, r8d
        rdpmc
        lea   rbx, [rel counted]
        mov   [rbx + r8 * 8], eax
        mov   [rbx + r8 * 8 + 4], edx
        inc   r8d
        cmp   r8d, 6
        jb    read
        ${version === 2 ? `mov   ecx, PerfCntrGlobalStatus
        rdmsr
        mov   [rel status], eax
        mov   ecx, PerfCntrGlobalStatusClr
        wrmsr
        mov   ecx, PerfCntrGlobalStatus
        rdmsr
        mov   [rel cleared], eax` : ''}
        mov   ecx, IA32_X2APIC_LVT_PMI
        rdmsr
        mov   [rel lvtpc], eax
        sti
        nop
        cli
        mov   eax, 0x80000022
        cpuid
        mov   [rel leaf], eax
        mov   [rel leaf + 4], ebx
        xor   eax, eax
        ret
pmi:    push  rax
        push  rcx
        push  rdx
        inc   qword [rel pmis]
        mov   ecx, 0x80b
        xor   eax, eax
        xor   edx, edx
        wrmsr
        pop   rdx
        pop   rcx
        pop   rax
        iretq
        align 8
presets: dq   0, 0, 0, 0, 0, 0
selectors: dq 0, 0, 0, 0, 0, 0
counted: dq   0, 0, 0, 0, 0, 0
start_with: dq 0
status: dq    0
cleared: dq   0
lvtpc:  dq    0
pmis:   dq    0
leaf:   dq    0
`;
// MOV, 3 an iteration, XOR, WRMSR; a cycle each.
const TOTAL = BigInt(1 + 3 * 20 + 2);

function run(version: number, given: Readonly<Record<string, readonly bigint[]>>): Ran {
  const ran = runEveryWay(PROGRAM(version), { machine: { vendor: 'amd', perfmon: { version, generalCounters: 6 } }, given });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  assert.deepEqual(ran.report.cpus[0]!.exceptions, {});
  return ran;
}

test('six counters count at once, with their own codes', () => {
  const ran = run(2, {
    selectors: [CYCLES, INSTRUCTIONS, BRANCHES, CONDITIONAL, MISPREDICTS, INSTRUCTIONS | (1n << 24n)].map((event) => event | COUNTING),
    start_with: [0x3fn],
  });
  // Mispredicted: the history is new thirteen times, each time guessed "not taken"; and the last one, which is not taken.
  assert.deepEqual(ran.words('counted', 6), [TOTAL, TOTAL, 20n, 20n, 14n, TOTAL]);
  assert.deepEqual([ran.word('status'), ran.word('pmis'), ran.word('leaf')], [0n, 0n, (6n << 32n) | 1n]);
});

test('a counter preset to 1 - count ends at 1 with its status bit; the PMI leaves LVTPC unmasked', () => {
  for (let counter = 0; counter < 6; counter += 1) {
    const int = counter % 2 === 1, only = (value: bigint): bigint[] => Array.from({ length: 6 }, (_, i) => (i === counter ? value : 0n));
    const ran = run(2, {
      selectors: only(INSTRUCTIONS | COUNTING | (int ? INT : 0n)), presets: only(TOP + 1n - TOTAL), start_with: [0x3fn],
    });
    assert.equal(ran.words('counted', 6)[counter], 1n);
    assert.deepEqual([ran.word('status'), ran.word('cleared'), ran.word('pmis'), ran.word('lvtpc')], [
      1n << BigInt(counter), 0n, int ? 1n : 0n, 0x81n,
    ]);
  }
});

test('without PerfMonV2 a counter needs nothing but its own enable bit', () => {
  const ran = run(1, {
    selectors: [0n, INSTRUCTIONS | COUNTING], start_with: [INSTRUCTIONS | COUNTING | INT], presets: [TOP - 5n],
  });
  assert.deepEqual([ran.word('pmis'), ran.word('lvtpc'), ran.word('leaf')], [1n, 0x81n, 0n]);
  // Counter 1 counts from when it is programmed: RET, ADD, INC, CMP, JB; for each of four more twice LEA, MOV, ADD, MOV, CALL, MOV,
  // SHR, WRMSR, RET and once ADD, INC, CMP, JB; MOV, MOV, XOR, WRMSR. And until it is read: XOR, eight for counter 0, MOV.
  const [first, second] = ran.words('counted', 2);
  assert.deepEqual([first, second], [TOTAL - 5n, 5n + 4n * (2n * 9n + 4n) + 4n + TOTAL + 1n + 8n + 1n]);
});

test('a built-in program, which knows Intel\'s counters only, is refused in one line', () => {
  const scenario = parseScenario({
    name: 'test', machine: { vendor: 'amd', memory: 2 }, program: { kind: 'built-in', main: 'sampling', events: [] },
  });
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {} };
  assert.throws(() => new World(scenario, outside), (error) => error instanceof ImageError && /machine\.vendor/.test(error.message));
});
