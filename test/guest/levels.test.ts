import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pmiHandler, type Ran, runEveryWay } from './program.ts';

// User and kernel: who counts what on the way between them, what a user may read, and where its overflows are taken.

const EN = 1n << 22n, USR = 1n << 16n, OS = 2n << 16n, INT = 1n << 20n, INSTRUCTIONS = 0xc0n;
const TOP = 1n << 48n;

/** A TSS for the way back, SYSCALL, counters 0 to 2 from tables; then to the user and back with everything counted. */
const PROGRAM = `
main:   lea   rax, [rel tss]
        mov   [rel tss + 4], rsp
        sgdt  [rel gdtr]
        mov   rbx, [rel gdtr + 2]
        ; The image lies below 16 MiB: base bits 23:0 are all there is
        mov   rdx, rax
        shl   rdx, 16
        mov   rcx, 0x8900_0000_0067
        or    rdx, rcx
        mov   [rbx + 0x28], rdx
        mov   qword [rbx + 0x30], 0
        mov   eax, 0x28
        ltr   ax
        mov   ecx, IA32_EFER
        rdmsr
        or    eax, 1
        wrmsr
        mov   ecx, IA32_STAR
        xor   eax, eax
        mov   edx, 0x00130008
        wrmsr
        mov   ecx, IA32_LSTAR
        lea   rax, [rel from_user]
        call  write_msr
        mov   ecx, IA32_FMASK
        mov   eax, 0x700
        xor   edx, edx
        wrmsr
        mov   rax, cr4
        or    rax, [rel cr4_more]
        mov   cr4, rax
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        xor   r8d, r8d
next:   lea   rbx, [rel presets]
        mov   eax, [rbx + r8 * 8]
        mov   edx, [rbx + r8 * 8 + 4]
        lea   ecx, [r8 + IA32_A_PMC0]
        wrmsr
        lea   rbx, [rel selectors]
        mov   eax, [rbx + r8 * 8]
        xor   edx, edx
        lea   ecx, [r8 + IA32_PERFEVTSEL0]
        wrmsr
        inc   r8d
        cmp   r8d, 3
        jb    next
        mov   [rel kernel_stack], rsp
        lea   rax, [rel refused]
        mov   [rel expected_fault], rax
        lea   rcx, [rel user]
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, 7
        xor   edx, edx
        wrmsr
        ; From here on the counters run
        lea   rcx, [rel user]
        mov   r11d, 0x202
        sysretq
user:   nop
        nop
third:  nop
        mov   ecx, 0
        rdpmc
        mov   [rel seen], eax
refused: syscall
from_user:
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   rsp, [rel kernel_stack]
        mov   qword [rel expected_fault], 0
        xor   r8d, r8d
read:   mov   ecx, r8d
        rdpmc
        lea   rbx, [rel counted]
        mov   [rbx + r8 * 8], eax
        mov   [rbx + r8 * 8 + 4], edx
        inc   r8d
        cmp   r8d, 3
        jb    read
        xor   eax, eax
        ret
${pmiHandler('mov   rax, [rsp + 24]', 'mov   [rel where], rax')}
        align 8
gdtr:   dq    0, 0
kernel_stack: dq 0
cr4_more: dq  0
presets: dq   0, 0, 0
selectors: dq 0, 0, 0
counted: dq   0, 0, 0
seen:   dq    0
where:  dq    0
tss:    resb  104
`;
const PCE = 1n << 8n;

function run(given: Readonly<Record<string, readonly bigint[]>>): Ran {
  const ran = runEveryWay(PROGRAM, { given });
  assert.deepEqual(ran.report.outcome, { kind: 'exit', code: 0 });
  return ran;
}
const SELECTORS = [USR, OS, USR | OS].map((rings) => INSTRUCTIONS | EN | rings);

test('SYSRET is the kernel\'s and SYSCALL the user\'s; with CR4.PCE a user reads counters', () => {
  const ran = run({ selectors: SELECTORS, cr4_more: [PCE] });
  // The kernel: LEA, MOV, SYSRET; MOV, XOR, XOR, WRMSR. The user: 3 NOP, MOV, RDPMC, MOV, SYSCALL.
  assert.deepEqual(ran.words('counted', 3), [7n, 7n, 14n]);
  // RDPMC reads what the user had done before it.
  assert.deepEqual([ran.word('seen'), ran.report.cpus[0]!.exceptions], [4n, {}]);
});

test('without it RDPMC is #GP for a user, and has not retired', () => {
  const ran = run({ selectors: SELECTORS });
  // The user: 3 NOP, MOV, SYSCALL. The kernel, besides: ADD, PUSH, MOV, TEST, JZ, MOV, MOV, INC, POP, IRETQ of the handler.
  assert.deepEqual(ran.words('counted', 3), [5n, 17n, 22n]);
  assert.deepEqual([ran.word('seen'), ran.report.cpus[0]!.exceptions], [0n, { 13: 1 }]);
});

test('of a counter that has been stopped, too, CR4.PCE says whether a user reads it', () => {
  for (const [pce, seen, exceptions] of [[PCE, 1234n, {}], [0n, 0n, { 13: 1 }]] as const) {
    const ran = run({ selectors: [0n, ...SELECTORS.slice(1)], presets: [1234n], cr4_more: [pce] });
    assert.deepEqual([ran.word('seen'), ran.report.cpus[0]!.exceptions], [seen, exceptions]);
  }
});

test('an overflow of a user\'s instruction is taken behind it, and the handler is not the user\'s', () => {
  const ran = run({ selectors: [SELECTORS[0]! | INT, SELECTORS[1]!, SELECTORS[2]!], presets: [TOP - 2n], cr4_more: [PCE] });
  assert.equal(ran.word('where'), ran.world.image.symbols.get('third'));
  // The kernel, besides its 7: 3 PUSH, MOV, MOV, MOV, XOR, XOR, WRMSR, 3 POP, IRETQ. The user: 7 - 2 after the wrap.
  assert.deepEqual(ran.words('counted', 3), [5n, 20n, 27n]);
});
