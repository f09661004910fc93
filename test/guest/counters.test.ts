import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENTS } from '../../src/x86/event.ts';
import { BETWEEN, bench, N, WORK } from './counters-program.ts';
import { programOf, type Ran, runImage, runProgram } from './program.ts';

// What kvm-unit-tests and the kernel's selftests ask of a PMU, asked of the bare machine, with exact counts.

const MACHINE = { perfmon: { version: 5, generalCounters: 8, fixedCounters: 4 } };
const ALL = 0xf_0000_00ffn;
const EN = 1n << 22n, BOTH = 3n << 16n, INT = 1n << 20n, CMASK = 1n << 24n, INV = 1n << 23n, EDGE = 1n << 18n;
const TOP = 1n << 48n;
const eight = (of: (i: number) => bigint): bigint[] => [0, 1, 2, 3, 4, 5, 6, 7].map(of);
const image = programOf(bench(BETWEEN) + WORK);

// What is counted: CALL, MOV, LEA, ten an iteration, RET, MOV, XOR, XOR, WRMSR. The timing is one cycle an instruction.
const INSTRUCTIONS = BigInt(1 + 2 + 10 * N + 1 + 4);
/** CALL, RET, and JNZ in every iteration. */
const BRANCHES = BigInt(2 + N);
/** The history of JNZ is new thirteen times, each time guessed "not taken"; the last JNZ is not taken, and guessed to be. */
const MISPREDICTS = 13n + 1n;
/** A line an iteration, and that of the stack. None was there before: caches are looked at only while they are counted. */
const LINES = BigInt(N + 1);
/** By architectural event. */
const EXPECTED = [INSTRUCTIONS, INSTRUCTIONS, INSTRUCTIONS, LINES, LINES, BRANCHES, MISPREDICTS, 4n * INSTRUCTIONS];
const CODES = EVENTS.filter((event) => 'architectural' in event).map(({ codes }) => BigInt(codes[0][0] | (codes[0][1] << 8)));

const ended = (ran: Ran): Ran => {
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran;
};

test('every general counter counts every architectural event', () => {
  assert.equal(INSTRUCTIONS, 328n);
  for (const wasm of [true, false]) {
    for (const [event, code] of CODES.entries()) {
      for (let counter = 0; counter < 8; counter += 1) {
        const ran = ended(runImage(image, {
          machine: MACHINE, wasm,
          given: { selectors: eight((i) => (i === counter ? code | BOTH | EN : 0n)), global_ctrl: [1n << BigInt(counter)] },
        }));
        const expected = eight((i) => (i === counter ? EXPECTED[event]! : 0n));
        assert.deepEqual(ran.words('counted', 8), expected, `counter ${counter}, event ${event}`);
      }
    }
  }
});

test('fixed counters count instructions, cycles, reference cycles and slots', () => {
  for (let counter = 0; counter < 4; counter += 1) {
    const ran = ended(runImage(image, {
      machine: MACHINE, given: { fixed_ctrl: [3n << BigInt(4 * counter)], global_ctrl: [1n << BigInt(32 + counter)] },
    }));
    const expected = [INSTRUCTIONS, INSTRUCTIONS, INSTRUCTIONS, 4n * INSTRUCTIONS];
    assert.deepEqual(ran.words('fixed_counted', 4), expected.map((count, j) => (j === counter ? count : 0n)));
  }
});

test('all counters count at once', () => {
  const ran = ended(runImage(image, {
    machine: MACHINE, given: { selectors: CODES.map((code) => code | BOTH | EN), fixed_ctrl: [0x3333n], global_ctrl: [ALL] },
  }));
  assert.deepEqual(ran.words('counted', 8), EXPECTED);
  assert.deepEqual(ran.words('fixed_counted', 4), [INSTRUCTIONS, INSTRUCTIONS, INSTRUCTIONS, 4n * INSTRUCTIONS]);
});

test('with a preset of 1 - count the counter ends at 1, its status bit is set, and the PMI comes if it was asked for', () => {
  const preset = TOP + 1n - INSTRUCTIONS;
  for (let counter = 0; counter < 12; counter += 1) {
    // Odd counters interrupt.
    const int = counter % 2 === 1, general = counter < 8, j = counter - 8;
    const ran = ended(runImage(image, {
      machine: MACHINE,
      given: {
        selectors: eight((i) => (i === counter ? 0xc0n | BOTH | EN | (int ? INT : 0n) : 0n)),
        presets: eight((i) => (i === counter ? preset : 0n)),
        fixed_presets: [0, 1, 2, 3].map((i) => (i === j ? TOP + 1n - (j === 3 ? 4n * INSTRUCTIONS : INSTRUCTIONS) : 0n)),
        fixed_ctrl: [general ? 0n : (int ? 0xbn : 3n) << BigInt(4 * j)], global_ctrl: [ALL],
      },
    }));
    const bit = general ? 1n << BigInt(counter) : 1n << BigInt(32 + j);
    // Slots come in fours: the last instruction brings the counter from -3 to 1.
    assert.equal((general ? ran.words('counted', 8)[counter] : ran.words('fixed_counted', 4)[j])!, 1n, `counter ${counter}`);
    assert.equal(ran.word('status'), bit);
    // Delivery has set the mask bit.
    assert.deepEqual([ran.word('pmis'), ran.word('lvtpc')], int ? [1n, 0x1_0081n] : [0n, 0x81n]);
  }
});

test('a counter may be written while it counts: from 0 on it counts anew, from -1 on it overflows', () => {
  const selectors = eight((i) => (i === 0 ? 0xc0n | BOTH | EN : 0n));
  const writing = (value: string): string => `${BETWEEN}
        mov   ecx, IA32_PMC0
        mov   eax, ${value}
        cdq
        wrmsr
${BETWEEN}`;
  const rows = [['0', INSTRUCTIONS, 0n], ['-1', INSTRUCTIONS - 1n, 1n], ['-1000', TOP - 1000n + INSTRUCTIONS, 0n]] as const;
  for (const [value, expected, status] of rows) {
    const ran = ended(runProgram(bench(writing(value)) + WORK, { machine: MACHINE, given: { selectors, global_ctrl: [1n] } }));
    // The WRMSR of the counter itself belongs to before.
    assert.deepEqual([ran.words('counted', 1)[0], ran.word('status')], [expected, status]);
  }
});

test('the WRMSR that enables is not counted, the one that disables is', () => {
  const given = { selectors: eight((i) => (i === 1 ? 0xc0n | BOTH | EN : 0n)), global_ctrl: [2n] };
  // MOV, XOR, XOR, WRMSR.
  assert.equal(runProgram(bench('') + WORK, { machine: MACHINE, given }).words('counted', 2)[1], 4n);
  // The same with the enable bit of the selector, while globally enabled: two NOPs, MOV, XOR, XOR, WRMSR. Then MOV EAX, WRMSR
  // enable it again, and MOV, XOR, XOR, WRMSR are counted.
  const local = `
        mov   ecx, IA32_PERFEVTSEL0 + 1
        mov   eax, 0x4300c0
        xor   edx, edx
        wrmsr
        nop
        nop
        mov   ecx, IA32_PERFEVTSEL0 + 1
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   eax, 0x4300c0
        wrmsr
`;
  const ran = runProgram(bench(local) + WORK, { machine: MACHINE, given: { selectors: eight(() => 0n), global_ctrl: [2n] } });
  assert.equal(ran.words('counted', 2)[1], 6n + 4n);
  // And with the control register of the fixed counters: XOR, XOR, WRMSR.
  const fixed = `
        mov   ecx, IA32_FIXED_CTR_CTRL
        mov   eax, 3
        xor   edx, edx
        wrmsr
        xor   eax, eax
        xor   edx, edx
        wrmsr
`;
  const enabled = runProgram(bench(fixed) + WORK, { machine: MACHINE, given: { global_ctrl: [1n << 32n] } });
  assert.equal(enabled.words('fixed_counted', 1)[0], 3n);
});

test('RDPMC and RDMSR read the counter as it is before they retire themselves', () => {
  const between = `
        nop
        mov   ecx, 0
        rdpmc
        mov   [rel first], eax
        mov   ecx, IA32_PMC0
        rdmsr
        mov   [rel second], eax
`;
  const source = `${bench(between) + WORK}
        align 8
first:  dq    0
second: dq    0
`;
  const given = { selectors: eight((i) => (i === 0 ? 0xc0n | BOTH | EN : 0n)), global_ctrl: [1n] };
  const ran = ended(runProgram(source, { machine: MACHINE, given }));
  // NOP, MOV; then RDPMC, MOV, MOV; then RDMSR, MOV, and MOV, XOR, XOR, WRMSR.
  assert.deepEqual([ran.word('first'), ran.word('second'), ran.words('counted', 1)[0]], [2n, 5n, 11n]);
});

test('CMASK, INV and EDGE: an instruction a cycle', () => {
  const selectors = [0n, CMASK, 2n * CMASK, CMASK | INV, 2n * CMASK | INV, INV, EDGE, EDGE | CMASK].map((more) => 0xc0n | BOTH | EN | more);
  const ran = ended(runImage(image, { machine: MACHINE, given: { selectors, global_ctrl: [ALL] } }));
  // Every cycle has one instruction, none has two; the condition of an edge begins to hold once.
  assert.deepEqual(ran.words('counted', 8), [INSTRUCTIONS, INSTRUCTIONS, 0n, 0n, INSTRUCTIONS, INSTRUCTIONS, 1n, 1n]);
  // Branches begin anew in every iteration, and with CALL and with RET, which stands behind the last JNZ.
  const branches = runImage(image, {
    machine: MACHINE, given: { selectors: eight((i) => (i === 0 ? 0xc4n | BOTH | EN | EDGE : 0n)), global_ctrl: [1n] },
  });
  assert.equal(branches.words('counted', 1)[0], BRANCHES - 1n);
});

test('both windows show all bits; the low one takes 32 and extends the sign', () => {
  for (const [window, preset, expected] of [
    ['IA32_PMC0', 0xff01_2345_6789n, 0x0000_2345_6789n], ['IA32_PMC0', 0x0000_89ab_cdefn, 0xffff_89ab_cdefn],
    ['IA32_A_PMC0', 0xff01_2345_6789n, 0xff01_2345_6789n], ['IA32_A_PMC0', 0x0000_89ab_cdefn, 0x0000_89ab_cdefn],
  ] as const) {
    const ran = ended(runProgram(bench(BETWEEN, window) + WORK, { machine: MACHINE, given: { presets: eight(() => preset) } }));
    assert.deepEqual(ran.words('counted', 8), eight(() => expected), `${window} ${preset}`);
  }
});

/** Tries each row of a table, and writes down 1 where it was done, 2 where it was #GP. */
const ATTEMPTS = `
main:   xor   r12d, r12d
attempt:
        mov   rbx, r12
        shl   rbx, 4
        lea   rax, [rel table]
        add   rbx, rax
        lea   rax, [rel refused]
        mov   [rel expected_fault], rax
        mov   ecx, [rbx + 4]
        mov   eax, [rbx + 8]
        mov   edx, [rbx + 12]
        cmp   dword [rbx], 1
        je    try_rdmsr
        ja    try_wrmsr
        rdpmc
        jmp   done
try_rdmsr:
        rdmsr
        jmp   done
try_wrmsr:
        wrmsr
done:   mov   esi, 1
        jmp   noted
refused:
        mov   esi, 2
noted:  lea   rbx, [rel results]
        mov   [rbx + r12 * 8], rsi
        inc   r12d
        cmp   r12d, ROWS
        jb    attempt
        xor   eax, eax
        ret
pmi:    iretq
        align 8
table:  resb  16 * ROWS
results: resb 8 * ROWS
`;

type Attempt = readonly [what: 'rdpmc' | 'rdmsr' | 'wrmsr', index: number, value: bigint, outcome: 'done' | '#GP'];
function attempt(rows: readonly Attempt[], perfmon: object): void {
  const codes = { rdpmc: 0n, rdmsr: 1n, wrmsr: 2n };
  const table = rows.flatMap(([what, index, value]) => [codes[what] | (BigInt(index) << 32n), value]);
  const ran = ended(runProgram(ATTEMPTS, { machine: { perfmon }, names: { ROWS: rows.length }, given: { table } }));
  const outcomes = ran.words('results', rows.length).map((result) => (result === 1n ? 'done' : '#GP'));
  assert.deepEqual(outcomes, rows.map(([, , , outcome]) => outcome));
  assert.deepEqual(ran.report.cpus[0]!.exceptions, { 13: rows.filter(([, , , outcome]) => outcome === '#GP').length });
}

test('what is not there, and what is reserved, is #GP in the guest', () => {
  attempt([
    ['rdpmc', 0, 0n, 'done'], ['rdpmc', 7, 0n, 'done'], ['rdpmc', 8, 0n, '#GP'], ['rdpmc', 64, 0n, '#GP'],
    ['rdpmc', 0x4000_0003, 0n, 'done'], ['rdpmc', 0x4000_0004, 0n, '#GP'], ['rdpmc', 0x8000_0000, 0n, '#GP'],
    ['rdmsr', 0xc8, 0n, 'done'], ['rdmsr', 0xc9, 0n, '#GP'],
    ['wrmsr', 0x4c1, TOP - 1n, 'done'], ['wrmsr', 0x4c1, TOP, '#GP'], ['wrmsr', 0xc1, TOP, 'done'], ['wrmsr', 0x30c, TOP, '#GP'],
    ['wrmsr', 0x38e, 0n, '#GP'], ['wrmsr', 0x38f, ALL, 'done'], ['wrmsr', 0x38f, 0x100n, '#GP'], ['wrmsr', 0x38d, 0x1_0000n, '#GP'],
    ['wrmsr', 0x345, 0n, '#GP'], ['rdmsr', 0x345, 0n, 'done'], ['rdmsr', 0x392, 0n, 'done'], ['wrmsr', 0x186, 1n << 32n, '#GP'],
  ], MACHINE.perfmon);
  // Neither the second window nor what version 4 brought.
  attempt([
    ['rdmsr', 0x4c1, 0n, '#GP'], ['wrmsr', 0x4c1, 0n, '#GP'], ['rdmsr', 0x391, 0n, '#GP'], ['wrmsr', 0x391, 0n, '#GP'],
    ['rdmsr', 0x392, 0n, '#GP'], ['wrmsr', 0x186, 0x20_0000n, '#GP'], ['wrmsr', 0x390, 1n << 59n, '#GP'],
    ['wrmsr', 0x390, 1n << 62n, 'done'],
  ], { version: 2, fullWidthWrites: false });
  attempt([
    ['rdmsr', 0x186, 0n, 'done'], ['rdmsr', 0x38f, 0n, '#GP'], ['wrmsr', 0x38f, 0n, '#GP'], ['rdmsr', 0x309, 0n, '#GP'],
    ['rdpmc', 0x4000_0000, 0n, '#GP'],
  ], { version: 1 });
  attempt([
    ['rdmsr', 0xc1, 0n, '#GP'], ['wrmsr', 0x186, 0n, '#GP'], ['rdpmc', 0, 0n, '#GP'], ['rdmsr', 0x345, 0n, '#GP'],
  ], { version: 0 });
});

test('in version 1 a counter needs nothing but its own enable bit', () => {
  const source = `
main:   mov   ecx, IA32_PERFEVTSEL0
        mov   eax, 0x4300c0
        xor   edx, edx
        wrmsr
${BETWEEN}
        mov   ecx, IA32_PERFEVTSEL0
        xor   eax, eax
        xor   edx, edx
        wrmsr
        xor   ecx, ecx
        rdpmc
        mov   [rel counted], eax
        xor   eax, eax
        ret
pmi:    iretq
        align 8
counted: dq   0
`;
  const ran = ended(runProgram(source + WORK, { machine: { perfmon: { version: 1 } } }));
  assert.equal(ran.word('counted'), INSTRUCTIONS);
});

test('a halted processor counts nothing: time passes, cycles do not', () => {
  // A deadline 5000 ticks ahead wakes it.
  const sleep = `
        mov   ecx, 0x832
        mov   eax, 0x40000 + PMI_VECTOR
        xor   edx, edx
        wrmsr
        rdtsc
        add   eax, 5000
        mov   ecx, IA32_TSC_DEADLINE
        wrmsr
        sti
        hlt
        cli
        rdtsc
        mov   [rel woken], eax`;
  const source = `${bench(sleep)}
        align 8
woken:  dq    0
`;
  const given = { selectors: [0x3cn, 0x13cn, 0xc0n].map((event) => event | BOTH | EN), fixed_ctrl: [0x330n], global_ctrl: [ALL] };
  for (const wasm of [true, false]) {
    const ran = ended(runProgram(source, { machine: MACHINE, given, wasm }));
    // 13 of its own, the 12 of the handler, MOV, XOR, XOR, WRMSR; the delivery takes a cycle.
    const instructions = 13n + 12n + 4n;
    assert.deepEqual(ran.words('counted', 3), [instructions + 1n, instructions + 1n, instructions]);
    assert.deepEqual(ran.words('fixed_counted', 3), [0n, instructions + 1n, instructions + 1n]);
    assert.ok(ran.word('woken') > 5000n);
  }
});
