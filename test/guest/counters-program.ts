/** The guest's side of counters.test.ts: counters programmed from tables, and a workload whose counts can be read off. */
import { pmiHandler } from './program.ts';

export const N = 32;
/** Ten instructions an iteration: a load from the next line, ADD, six NOPs, DEC, JNZ. */
export const WORK = `
work:   mov   ecx, ${N}
        lea   rsi, [rel buffer]
work_next:
        mov   rax, [rsi]
        add   rsi, 64
${'        nop\n'.repeat(6)}        dec   ecx
        jnz   work_next
        ret
        align 64
buffer: resb  64 * ${N}
`;
export const BETWEEN = '        call  work\n';

/**
 * Programs all counters from tables, runs something with IF clear between the WRMSR that enables globally and the one that
 * disables, and writes down counters, status and the local vector table; then takes the PMI, if there is one.
 */
export const bench = (between: string, window = 'IA32_A_PMC0'): string => `
main:   cli
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        xor   r12d, r12d
next_general:
        cmp   r12d, [rel generals]
        jae   next_fixed
        lea   rbx, [rel presets]
        mov   eax, [rbx + r12 * 8]
        mov   edx, [rbx + r12 * 8 + 4]
        lea   ecx, [r12 + ${window}]
        wrmsr
        lea   rbx, [rel selectors]
        mov   eax, [rbx + r12 * 8]
        mov   edx, [rbx + r12 * 8 + 4]
        lea   ecx, [r12 + IA32_PERFEVTSEL0]
        wrmsr
        inc   r12d
        jmp   next_general
next_fixed:
        xor   r12d, r12d
fixed_preset:
        lea   rbx, [rel fixed_presets]
        mov   eax, [rbx + r12 * 8]
        mov   edx, [rbx + r12 * 8 + 4]
        lea   ecx, [r12 + IA32_FIXED_CTR0]
        wrmsr
        inc   r12d
        cmp   r12d, 4
        jb    fixed_preset
        mov   ecx, IA32_FIXED_CTR_CTRL
        mov   eax, [rel fixed_ctrl]
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, [rel global_ctrl]
        mov   edx, [rel global_ctrl + 4]
        wrmsr
${between}
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        xor   r12d, r12d
read_general:
        cmp   r12d, [rel generals]
        jae   read_fixed
        mov   ecx, r12d
        rdpmc
        lea   rbx, [rel counted]
        mov   [rbx + r12 * 8], eax
        mov   [rbx + r12 * 8 + 4], edx
        inc   r12d
        jmp   read_general
read_fixed:
        xor   r12d, r12d
fixed_next:
        lea   ecx, [r12 + 0x40000000]
        rdpmc
        lea   rbx, [rel fixed_counted]
        mov   [rbx + r12 * 8], eax
        mov   [rbx + r12 * 8 + 4], edx
        inc   r12d
        cmp   r12d, 4
        jb    fixed_next
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   [rel status], eax
        mov   [rel status + 4], edx
        mov   ecx, IA32_X2APIC_LVT_PMI
        rdmsr
        mov   [rel lvtpc], eax
        sti
        nop
        cli
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        mov   eax, [rel status]
        mov   edx, [rel status + 4]
        wrmsr
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        or    eax, edx
        ret
${pmiHandler('inc   qword [rel pmis]')}
        align 8
generals: dq  8
selectors: resb 64
presets: resb 64
fixed_presets: resb 32
fixed_ctrl: dq 0
global_ctrl: dq 0
counted: resb 64
fixed_counted: resb 32
status: dq    0
lvtpc:  dq    0
pmis:   dq    0
`;
