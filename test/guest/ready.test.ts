import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCounts } from '../../src/host/kvm/kvm.ts';
import { Ring } from '../../src/trace/trace.ts';
import { RBX, RSI } from '../../src/x86/registers.ts';
import { left, runTranslated } from '../translate/translating.ts';
import { runHosted, wordsOf } from './hosted.ts';
import { programOf, type Ran, runEveryWay, runProgram } from './program.ts';
import { ended } from './recording.ts';

// RDMSR and RDPMC of what is ready, src/hw/cpu/ready.ts: what they read, what counts as read, and what must not be taken from there.

const EN_OS_INSTRUCTIONS = 0x42_00c0;

const write = (msr: string, low: string | number, high: string | number = 0): string => `
        mov   ecx, ${msr}
        mov   eax, ${low}
        mov   edx, ${high}
        wrmsr`;
/** The instructions behind the WRMSR that enables: so many, three moves, and the WRMSR that disables. */
const counted = (nops: number): number => nops + 4;
const count = (nops: number): string => `${write('IA32_PERF_GLOBAL_CTRL', 1)}
${'        nop\n'.repeat(nops)}${write('IA32_PERF_GLOBAL_CTRL', 0)}`;
/** Reads into a word of `seen`, with the upper halves set before. */
const read = (instruction: 'rdmsr' | 'rdpmc', register: string | number, word: number): string => `
        mov   rcx, 0xffff_ffff_0000_0000 + ${register}
        mov   rax, -1
        mov   rdx, rax
        ${instruction}
        shl   rdx, 32
        add   rax, rdx
        mov   [rel seen + ${8 * word}], rax`;

const WORDS: readonly (readonly [code: string, wanted: readonly bigint[]])[] = [
  // SDM: "RDPMC - Read Performance-Monitoring Counters", and "IA32_PERF_GLOBAL_STATUS MSR".
  [count(3), [BigInt(counted(3)), 0n, 0n]],
  [`${write('IA32_PMC0', -2)}\n${count(3)}`, [BigInt(counted(3) - 2), 1n, 0n]],
  // Another counter's bit is cleared, and then its own.
  [write('IA32_PERF_GLOBAL_STATUS_RESET', 2), [BigInt(counted(3) - 2), 1n, 0n]],
  [write('IA32_PERF_GLOBAL_STATUS_RESET', 1), [BigInt(counted(3) - 2), 0n, 0n]],
  [write('IA32_FIXED_CTR0', 0x89ab_cdef, 0x1234), [BigInt(counted(3) - 2), 0n, 0x1234_89ab_cdefn]],
  [write('IA32_PMC0', 5), [5n, 0n, 0x1234_89ab_cdefn]],
];
const READS = 4 * WORDS.length;

const PROGRAM = `
main:   ${write('IA32_PERF_GLOBAL_CTRL', 0)}${write('IA32_PERFEVTSEL0', EN_OS_INSTRUCTIONS)}
${WORDS.map(([code], i) => [
    // The counter twice, then the fixed one twice: of two that are read in turn the second is not ready.
    code, read('rdpmc', 0, 3 * i), read('rdmsr', 'IA32_PERF_GLOBAL_STATUS', 3 * i + 1), read('rdpmc', 0, 3 * i),
    read('rdpmc', 0x4000_0000, 3 * i + 2), read('rdpmc', 0x4000_0000, 3 * i + 2),
  ].join('\n')).join('\n')}
        ${write('IA32_PERF_GLOBAL_CTRL', 1)}
        mov   ecx, 0
        rdpmc                           ; it counts, from 5 on
        mov   [rel seen + ${24 * WORDS.length}], eax
        nop
        rdpmc
        mov   [rel seen + ${24 * WORDS.length} + 4], eax
        xor   eax, eax
        ret
pmi:    iretq
        align 8
seen:   resb  ${24 * WORDS.length + 8}`;

const STOPPED = WORDS.flatMap(([, wanted]) => wanted);
const check = (ran: Ran): void => {
  const seen = ended(ran).words('seen', STOPPED.length + 1);
  assert.deepEqual(seen.slice(0, -1), STOPPED);
  // MOV; then RDPMC, MOV and NOP.
  assert.equal(seen.at(-1), (9n << 32n) + 6n);
};

test('what is ready is what there is: a counter that has been stopped, and the status', () => {
  check(runEveryWay(PROGRAM));
  check(runProgram(PROGRAM, { wasm: false }));
});

test('each read is counted, and told to a tracer that wants more than their number', () => {
  const ring = new Ring(1000);
  const [counts, traced] = [runProgram(PROGRAM), runProgram(PROGRAM, { tracer: ring })].map((ran) => {
    check(ran);
    const { cpus: [cpu], hash } = ran.report;
    return { rdmsr: cpu!.rdmsr, rdpmc: cpu!.rdpmc, hash };
  });
  // The runtime reads IA32_APIC_BASE.
  assert.deepEqual(counts, { rdmsr: WORDS.length + 1, rdpmc: READS + 2, hash: traced!.hash });
  assert.deepEqual(traced, counts);
  const told = (name: string): number => ring.records().filter((record) => record.name === name).length;
  assert.deepEqual([told('read_msr'), told('rdpmc')], [WORDS.length + 1, READS + 2]);
  const values = ring.records().filter(({ name, values: [msr] }) => name === 'read_msr' && msr === 0x38e).map(({ values: [, low] }) => low);
  assert.deepEqual(values, WORDS.map(([, [, status]]) => Number(status)));
});

test('the same in what is translated', () => {
  const { machine } = runTranslated(`
        ${write('IA32_PERF_GLOBAL_CTRL', 0)}${write('IA32_PERFEVTSEL0', EN_OS_INSTRUCTIONS)}${write('IA32_PMC0', -50)}
        mov   ebp, 40
        xor   ebx, ebx
next:   ${count(2)}
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        lea   rbx, [rbx + rax]
        mov   ecx, 0
        rdpmc
        mov   esi, eax
        dec   ebp
        jnz   next`, 57);
  // 6 each time, which overflows in the ninth of 40; and what the last one reads.
  assert.deepEqual([left(machine, RBX), left(machine, RSI)], [32n, BigInt(40 * counted(2) - 50)]);
});

test('a guest reads its own, and its host is asked', () => {
  const image = programOf(PROGRAM);
  for (const strategy of ['reuse', 'general'] as const) {
    const world = runHosted(image, { strategy, perfmon: { version: 4 } });
    assert.deepEqual(wordsOf(world, image, 'seen', STOPPED.length), STOPPED, strategy);
    assert.equal(exitCounts(world.vcpus[0]!).RDPMC, READS + 2, strategy);
  }
});
