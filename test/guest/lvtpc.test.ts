import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pmiHandler, type Ran, runEveryWay } from './program.ts';

// What becomes of a PMI: by LVTPC's delivery mode and mask, by the task priority, IF, and whether the local APIC is on.

const PROGRAM = `
main:   cli
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, [rel entry]
        wrmsr
        mov   ecx, 0x80f
        mov   eax, [rel spurious]
        wrmsr
        mov   rax, [rel priority]
        mov   cr8, rax
        mov   ecx, IA32_PMC0
        mov   eax, -2
        wrmsr
        mov   ecx, IA32_PERFEVTSEL0
        mov   eax, 0x5300c0
        wrmsr
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 1
        wrmsr
        nop
        nop
        nop
        xor   eax, eax
        wrmsr
        ; Taken with IF clear; then with IF set; then with the task priority 0
        mov   rax, [rel taken]
        mov   [rel with_if_clear], rax
        sti
        nop
        mov   rax, [rel taken]
        mov   [rel with_if_set], rax
        xor   eax, eax
        mov   cr8, rax
        nop
        mov   rax, [rel taken]
        mov   [rel with_priority_0], rax
        cli
        mov   ecx, IA32_X2APIC_LVT_PMI
        rdmsr
        mov   [rel entry], rax
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   [rel status], rax
        xor   eax, eax
        ret
${pmiHandler('inc   qword [rel taken]')}
        align 8
entry:  dq    0
spurious: dq  0x1ff
priority: dq  0
taken:  dq    0
with_if_clear: dq 0
with_if_set: dq 0
with_priority_0: dq 0
status: dq    0
`;
const MASKED = 0x1_0000n, FIXED = 0x81n, NMI = 0x400n;

interface Given { readonly entry: bigint; readonly spurious?: bigint; readonly priority?: bigint; readonly masksPmi?: boolean }
function run({ entry, spurious = 0x1ffn, priority = 0n, masksPmi = true }: Given): Ran {
  const ran = runEveryWay(PROGRAM, { machine: { masksPmi }, given: { entry: [entry], spurious: [spurious], priority: [priority] } });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  assert.deepEqual(ran.report.cpus[0]!.exceptions, {});
  // Whatever became of it, the overflow is in the status.
  assert.equal(ran.word('status'), 1n);
  return ran;
}
/** How many were taken with IF clear, by the time IF was set, and by the time the task priority was 0; and LVTPC in the end. */
const taken = (given: Given): bigint[] => {
  const ran = run(given);
  return ['with_if_clear', 'with_if_set', 'with_priority_0', 'entry'].map((label) => ran.word(label));
};

test('fixed: waits for IF and for the task priority', () => {
  assert.deepEqual(taken({ entry: FIXED }), [0n, 1n, 1n, MASKED | FIXED]);
  // Class 8 waits for a priority of 8, and not for one of 7.
  assert.deepEqual(taken({ entry: FIXED, priority: 8n }), [0n, 0n, 1n, MASKED | FIXED]);
  assert.deepEqual(taken({ entry: FIXED, priority: 7n }), [0n, 1n, 1n, MASKED | FIXED]);
});

test('NMI: waits for nothing, and its vector means nothing', () => {
  assert.deepEqual(taken({ entry: NMI, priority: 15n }), [1n, 1n, 1n, MASKED | NMI]);
  assert.deepEqual(taken({ entry: NMI | 0x33n }), [1n, 1n, 1n, MASKED | NMI | 0x33n]);
});

test('delivery does not mask the entry where the processor is of that kind', () => {
  assert.deepEqual(taken({ entry: FIXED, masksPmi: false }), [0n, 1n, 1n, FIXED]);
  assert.deepEqual(taken({ entry: NMI, masksPmi: false }), [1n, 1n, 1n, NMI]);
});

test('masked, or software-disabled, it is lost', () => {
  for (const entry of [FIXED, NMI]) {
    assert.deepEqual(taken({ entry: MASKED | entry }), [0n, 0n, 0n, MASKED | entry]);
    // Software-disabled, the APIC masks all its entries.
    assert.deepEqual(taken({ entry, spurious: 0xffn }), [0n, 0n, 0n, MASKED | entry]);
  }
});

test('in modes that LVTPC has not, it is lost, and the entry stays as it is; there is nobody to take an SMI', () => {
  // Lowest priority, reserved, INIT, start-up and ExtINT.
  for (const mode of [1n, 3n, 5n, 6n, 7n]) {
    assert.deepEqual(taken({ entry: (mode << 8n) | FIXED }), [0n, 0n, 0n, (mode << 8n) | FIXED], `mode ${mode}`);
  }
  assert.deepEqual(taken({ entry: 0x200n }), [0n, 0n, 0n, MASKED | 0x200n]);
});

test('CPUID shows a local APIC while it is switched on', () => {
  const ran = runEveryWay(`
main:   cli
        mov   r8d, 1
        call  look
        mov   ecx, IA32_APIC_BASE
        mov   eax, 0xfee00100
        xor   edx, edx
        wrmsr
        call  look
        mov   ecx, IA32_APIC_BASE
        mov   eax, 0xfee00900
        xor   edx, edx
        wrmsr
        call  look
        mov   eax, r8d
        ret
; Bit 9 of EDX, shifted into R8
look:   mov   eax, 1
        cpuid
        shr   edx, 9
        and   edx, 1
        add   r8d, r8d
        or    r8d, edx
        ret
pmi:    iretq
`);
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0b1101 });
});
