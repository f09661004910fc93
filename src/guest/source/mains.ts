/** What the built-in programs do, on top of runtime and perf core. Each returns its exit code in EAX: 0 is success. */

/** How counting is set up: all counters off, DEBUGCTL, then one event after the other. `EVENTS` is filled in. */
const SET_UP = `
        call  disable_all
        mov   ecx, IA32_DEBUGCTL
        mov   eax, DEBUGCTL
        xor   edx, edx
        wrmsr
        EVENTS
`;

/** In place of WORK: the workload at once; or in rounds, between which counters that a handler has left off are helped. */
export const WORK = `
        mov   ecx, ITERATIONS
        call  workload
`;
export const WORK_IN_ROUNDS = `
        mov   r12d, ROUNDS
next_round:
        mov   ecx, ITERATIONS_A_ROUND
        call  workload
        call  RESUME
        dec   r12d
        jnz   next_round
`;

/**
 * Counts while the workload runs, and takes a PMI at every overflow. Fails with 1 when the number of overflows is not that
 * of PMIs: each was one, and none came without a status bit.
 */
export const SAMPLING = `
run:    ${SET_UP}
        INTERRUPTS
        call  enable_all
        WORK
        call  disable_all
        cli
        xor   eax, eax
        cmp   qword [gs:PER_CPU_SPURIOUS], 0
        setne al
        ret
`;

/**
 * Counts the workload with all counters at once and no PMI. Between the WRMSR that enables, which is not counted, and the
 * one that disables, which is, stand MOV, CALL and the three instructions before the WRMSR.
 */
export const COUNTING = `
run:    ${SET_UP}
        mov   edx, [gs:PER_CPU_ENABLED + 4]
        mov   eax, [gs:PER_CPU_ENABLED]
        mov   ecx, GLOBAL_CTRL
count_from: wrmsr
        mov   ecx, ITERATIONS
        call  workload
        mov   ecx, GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
count_to: wrmsr
        call  disable_all
        xor   eax, eax
        ret
        ; the workload begins a line: nothing before it moves its branches about in the predictor
        align 64
`;

/**
 * The PMI meets a masked LVTPC: there is a status bit, and never an interrupt, not even when LVTPC is unmasked later.
 * Fails with 1 without the status bit, with 2 when a PMI was taken.
 */
export const MASKED = `
run:    ${SET_UP}
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, 0x10400
        xor   edx, edx
        wrmsr
        call  enable_all
        mov   ecx, ITERATIONS
        call  workload
        call  disable_all
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        mov   ecx, GLOBAL_STATUS
        rdmsr
        cmp   eax, 1
        mov   eax, 1
        jne   masked_end
        cmp   qword [gs:PER_CPU_PMIS], 0
        mov   eax, 2
        jne   masked_end
        xor   eax, eax
masked_end: ret
`;

/**
 * The PMI is an ordinary interrupt, and comes while interrupts are off: it is taken late, after the instruction behind STI.
 * Fails with 1 unless exactly one was taken, with 2 unless it was there.
 */
export const LATE = `
run:    ${SET_UP}
        call  enable_all
        mov   ecx, ITERATIONS
        call  workload
        sti
        nop
after_shadow:
        cli
        call  disable_all
        cmp   qword [gs:PER_CPU_PMIS], 1
        mov   eax, 1
        jne   late_end
        lea   rax, [rel after_shadow]
        cmp   [rel samples], rax
        mov   eax, 2
        jne   late_end
        xor   eax, eax
late_end: ret
`;

/**
 * A second counter overflows inside the handler of the first, which has already unmasked LVTPC: that NMI waits until
 * IRETQ, and is then taken at once, at the same instruction. Fails with 1 unless two were taken, with 2 unless both
 * interrupted the same instruction, with 3 when the inner one was not delayed.
 */
export const NESTED = `
run:    ${SET_UP}
        call  enable_all
        mov   ecx, ITERATIONS
        call  workload
        mov   ecx, GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        cmp   qword [gs:PER_CPU_PMIS], 2
        mov   eax, 1
        jne   nested_end
        mov   rax, [rel samples]
        cmp   rax, [rel samples + 8]
        mov   eax, 2
        jne   nested_end
        cmp   qword [rel nested_depth], 1
        mov   eax, 3
        jne   nested_end
        xor   eax, eax
nested_end: ret

; Acknowledges first, then goes on for longer than the second counter lasts.
pmi:    push  rax
        push  rcx
        push  rdx
        inc   qword [gs:PER_CPU_PMIS]
        inc   qword [rel nested_now]
        mov   rax, [rel nested_now]
        cmp   rax, [rel nested_depth]
        jbe   nested_known
        mov   [rel nested_depth], rax
nested_known:
        mov   rdx, [rsp + 24]
        call  record_sample
        mov   ecx, GLOBAL_STATUS
        rdmsr
        mov   ecx, STATUS_RESET
        wrmsr
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        mov   ecx, 1000
nested_work:
        dec   ecx
        jnz   nested_work
        dec   qword [rel nested_now]
        pop   rdx
        pop   rcx
        pop   rax
        iretq
        align 8
nested_now: dq 0
nested_depth: dq 0
`;

/**
 * The workload runs as a user, and the counters tell user and kernel apart. It comes back by SYSCALL. PMIs find the kernel's
 * stack through the TSS.
 */
export const USER = `
USER_CODE equ 0x23
USER_DATA equ 0x1b
run:    ; a TSS with the kernel's stack, in the last two entries of the GDT
        lea   rax, [rel tss]
        mov   [rel tss + 4], rsp
        sgdt  [rel gdtr]
        mov   rbx, [rel gdtr + 2]
        mov   rdx, rax
        shl   rdx, 16
        mov   rcx, 0xff_ffff_0000
        and   rdx, rcx
        mov   rcx, 0x8900_0000_0067
        or    rdx, rcx
        mov   rcx, rax
        shr   rcx, 24
        shl   rcx, 56
        or    rdx, rcx
        mov   [rbx + 0x28], rdx
        shr   rax, 32
        mov   [rbx + 0x30], rax
        mov   eax, 0x28
        ltr   ax
        ; SYSCALL and SYSRET
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
        ${SET_UP}
        mov   [rel kernel_stack], rsp
        call  enable_all
        lea   rcx, [rel user]
        mov   r11d, 0x2
        mov   r12d, ITERATIONS
to_user: sysretq
user:   mov   rcx, r12
        lea   rsp, [rel user_stack]
        call  workload
        syscall
from_user:
        mov   rsp, [rel kernel_stack]
        call  disable_all
        xor   eax, eax
        ret
        align 8
gdtr:   dq    0, 0
kernel_stack: dq 0
tss:    resb  104
        resb  512
user_stack:
        dq    0
`;
