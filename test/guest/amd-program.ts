/** A guest with AMD's counters: six of them, and how many PMIs came. */
import { pmiHandler } from './program.ts';

const EN = 1n << 22n, BOTH = 3n << 16n;
export const INT = 1n << 20n, COUNTING = BOTH | EN;
export const TOP = 1n << 48n;
export const AMD_EVENTS = { CYCLES: 0x76n, INSTRUCTIONS: 0xc0n, BRANCHES: 0xc2n, MISPREDICTS: 0xc3n, CONDITIONAL: 0xd1n };

/**
 * Six counters from tables, by the extended window; a loop of twenty iterations between the WRMSR that enables and the one that
 * disables. With version 1 they are the selector's own of the first counter.
 */
export const PROGRAM = (version: number): string => `
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
${pmiHandler('inc   qword [rel pmis]')}
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
export const TOTAL = BigInt(1 + 3 * 20 + 2);
