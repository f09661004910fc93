/**
 * What every program of ours begins with: descriptor tables of its own, exception handlers, the local APIC in x2APIC mode,
 * and for each processor an area that GS points at. The program supplies `main`, `pmi` (entered as a handler: it ends with
 * IRETQ) and `report_end`.
 *
 * An exception that nobody expects ends the run with 0E0H plus its vector.
 */
export const RUNTIME = `
; Offsets in a processor's area.
PER_CPU_SELF      equ 0
PER_CPU_NUMBER    equ 8
PER_CPU_PMIS      equ 16          ; PMIs taken
PER_CPU_SPURIOUS  equ 24          ; of them, without a status bit
PER_CPU_EVENTS    equ 32          ; how many events follow
PER_CPU_ENABLED   equ 40          ; IA32_PERF_GLOBAL_CTRL while counting
PER_CPU_SAMPLES   equ 48          ; samples written
PER_CPU_FIXED     equ 56          ; IA32_FIXED_CTR_CTRL
PER_CPU_ENTRY     equ 64          ; the time-stamp counter when the present PMI began
PER_CPU_TOOK      equ 72          ; what PMIs took: 128 times the mean, in ns
PER_CPU_ALLOWED   equ 80          ; what they may take
PER_CPU_RATE      equ 88          ; perf_event_max_sample_rate
PER_CPU_EVENT     equ 128         ; the events, EVENT_SIZE each
PER_CPU_SIZE      equ 2048

start:  mov   r15, rdi
        ; GS: this processor's area
        mov   rax, rdi
        imul  rax, rax, PER_CPU_SIZE
        lea   rbx, [rel per_cpu]
        add   rax, rbx
        mov   [rax + PER_CPU_SELF], rax
        mov   [rax + PER_CPU_NUMBER], rdi
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, IA32_GS_BASE
        wrmsr
        ; The first processor fills the IDT; the others wait until it has.
        test  rdi, rdi
        jnz   wait_idt
        call  fill_idt
        mov   byte [rel idt_ready], 1
wait_idt:
        pause
        cmp   byte [rel idt_ready], 0
        je    wait_idt
        lidt  [rel idtr]
        ; x2APIC mode, software-enabled, PMIs as NMIs
        mov   ecx, IA32_APIC_BASE
        rdmsr
        or    eax, 0xc00
        wrmsr
        mov   ecx, IA32_X2APIC_SIVR
        mov   eax, 0x1ff
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        call  main
        ; main has returned the exit code in EAX; the first processor ends the run
finish: cmp   qword [gs:PER_CPU_NUMBER], 0
        jne   idle
        mov   edx, EXIT_PORT
        out   dx, eax
idle:   cli
        hlt
        jmp   idle

; Gate of vector RCX: handler RAX, code segment 8.
set_gate:
        mov   rdx, rcx
        shl   rdx, 4
        lea   rbx, [rel idt]
        add   rbx, rdx
        mov   [rbx], ax
        mov   word [rbx + 2], 8
        mov   word [rbx + 4], 0x8e00
        shr   rax, 16
        mov   [rbx + 6], ax
        shr   rax, 16
        mov   [rbx + 8], eax
        mov   dword [rbx + 12], 0
        ret

fill_idt:
        xor   ecx, ecx
next_gate:
        mov   rax, rcx
        imul  rax, rax, UNEXPECTED_SIZE
        lea   rdx, [rel unexpected]
        add   rax, rdx
        call  set_gate
        inc   ecx
        cmp   ecx, 32
        jb    next_gate
        mov   ecx, 2
        lea   rax, [rel pmi]
        call  set_gate
        mov   ecx, PMI_VECTOR
        lea   rax, [rel pmi]
        call  set_gate
        mov   ecx, 13
        lea   rax, [rel protection]
        call  set_gate
        ret

; One stub per exception: its number in AL, then the end.
UNEXPECTED_SIZE equ 8
unexpected:
${Array.from({ length: 32 }, (_, vector) => `        mov   eax, 0xe0 + ${vector}\n        jmp   failed\n        align 8`).join('\n')}
failed: mov   edx, EXIT_PORT
        out   dx, eax
        jmp   idle

; #GP: goes on at [expected_fault], or fails when none is expected.
protection:
        add   rsp, 8
        push  rax
        mov   rax, [rel expected_fault]
        test  rax, rax
        jz    unexpected_protection
        mov   [rsp + 8], rax
        mov   qword [rel expected_fault], 0
        inc   qword [rel faults]
        pop   rax
        iretq
unexpected_protection:
        mov   eax, 0xe0 + 13
        jmp   failed

; WRMSR of RAX, all 64 bits, to MSR ECX.
write_msr:
        mov   rdx, rax
        shr   rdx, 32
        wrmsr
        ret

        align 16
idtr:   dw    256 * 16 - 1
        dq    idt
expected_fault: dq 0
faults: dq    0
idt_ready: db 0
        ; away from the code: a page that is written to is decoded anew
        align 4096
idt:    resb  256 * 16
per_cpu: resb PER_CPU_SIZE * 8
`;
