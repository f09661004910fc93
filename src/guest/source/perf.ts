/**
 * A perf core in miniature: events on counters. What it does to the performance-monitoring registers, and in which order, is
 * what Linux does; that is what a hypervisor sees of it. Its PMI handlers are in handlers.ts.
 *
 * What a handler counts of itself must not depend on how long it takes: then bare metal and every right hypervisor have the
 * same counts. So the sampling-rate limiter has no branches.
 */
import { resumes } from './handlers.ts';
import type { Unit } from './unit.ts';

/** The exit code of a program that has found no PMU, or none that does what it needs. 77 is what test suites call "skipped". */
export const NO_PMU = 77;

/** Set up from CPUID, as Linux does it; then `run`, whose result is the exit code of all processors together. */
export const perfSource = (unit: Unit): string => `
EVENT_RDPMC    equ 0              ; index for RDPMC
EVENT_MSR      equ 4              ; the counter's MSR
EVENT_LOW      equ 8              ; its bit in the global registers
EVENT_HIGH     equ 12
EVENT_PERIOD   equ 16
EVENT_COUNT    equ 24             ; events so far
EVENT_PREVIOUS equ 32             ; the counter when it was last read or armed
EVENT_OVERFLOWS equ 40            ; periods that have elapsed
EVENT_LEFT     equ 48             ; events still missing to the end of the period
EVENT_CONTROL  equ 56             ; MSR of the selector, or IA32_FIXED_CTR_CTRL
EVENT_SELECTOR equ 60             ; what enables it there
EVENT_THROTTLED equ 64
EVENT_SIZE     equ 80

main:   call  probe_pmu
        test  eax, eax
        jnz   main_done
        call  run
main_done:
        lock or [rel exit_code], eax
        lock inc dword [rel finished]
        cmp   qword [gs:PER_CPU_NUMBER], 0
        jne   main_end
; Another processor may run late, or on a host not at all for a while.
main_wait:
        pause
        cmp   dword [rel finished], CPUS
        jb    main_wait
        mov   eax, [rel exit_code]
main_end: ret

; Which counters there are, how wide, and through which window they are written. EAX: 0, or NO_PMU.
probe_pmu:
        mov   qword [gs:PER_CPU_ALLOWED], ALLOWED_NS
        mov   qword [gs:PER_CPU_RATE], MAX_RATE${unit.probe}
probed: xor   eax, eax
        ret
no_pmu: mov   eax, ${NO_PMU}
        ret
${unit.add}
; R8: room for one more, with selector EAX and period RSI.
new_event:
        mov   r8, [gs:PER_CPU_EVENTS]
        inc   qword [gs:PER_CPU_EVENTS]
        imul  r8, r8, EVENT_SIZE
        add   r8, [gs:PER_CPU_SELF]
        add   r8, PER_CPU_EVENT
        mov   [r8 + EVENT_SELECTOR], eax
        mov   [r8 + EVENT_PERIOD], rsi
        mov   [r8 + EVENT_LEFT], rsi
        ret

; The counter of the event at R8 counts when it is enabled globally.
control_on:
        mov   ecx, [r8 + EVENT_CONTROL]
        mov   eax, [r8 + EVENT_SELECTOR]
        cmp   ecx, IA32_FIXED_CTR_CTRL
        jne   write_control
        or    eax, [gs:PER_CPU_FIXED]
        mov   [gs:PER_CPU_FIXED], eax
write_control:
        ${unit.selectorHigh}
        wrmsr
        ret

; And does not.
control_off:
        mov   ecx, [r8 + EVENT_CONTROL]
        mov   eax, [r8 + EVENT_SELECTOR]
        cmp   ecx, IA32_FIXED_CTR_CTRL
        je    fixed_off
        btr   eax, 22
        jmp   write_control
fixed_off:
        not   eax
        and   eax, [gs:PER_CPU_FIXED]
        mov   [gs:PER_CPU_FIXED], eax
        jmp   write_control

; x86_perf_event_set_period: arms the counter of the event at R8. EAX: whether its period has elapsed. A period that is too
; long for the counter comes in pieces.
set_period:
        mov   rax, [r8 + EVENT_LEFT]
        mov   rdx, [r8 + EVENT_PERIOD]
        xor   ecx, ecx
        test  rax, rax
        jg    set_piece
        inc   ecx
        add   rax, rdx
        jg    set_left
        mov   rax, rdx
set_left:
        mov   [r8 + EVENT_LEFT], rax
set_piece:
        push  rcx
        mov   edx, 2
        cmp   rax, rdx
        cmovl rax, rdx
        mov   rdx, [rel max_period]
        cmp   rax, rdx
        cmovg rax, rdx
        neg   rax
        and   rax, [rel counter_mask]
        mov   [r8 + EVENT_PREVIOUS], rax
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, [r8 + EVENT_MSR]
        wrmsr
        pop   rax
        ret

; x86_perf_event_update: adds what the counter of the event at R8 has counted since the last time.
update_event:
        mov   ecx, [r8 + EVENT_RDPMC]
        rdpmc
        shl   rdx, 32
        or    rax, rdx
        mov   rdx, rax
        sub   rax, [r8 + EVENT_PREVIOUS]
        mov   [r8 + EVENT_PREVIOUS], rdx
        and   rax, [rel counter_mask]
        add   [r8 + EVENT_COUNT], rax
        sub   [r8 + EVENT_LEFT], rax
        ret

; All events begin, or stop and are brought up to date.
enable_all:${unit.enable}

disable_all:${unit.stop('')}
        call  first_event
update_next:
        test  r9, r9
        jz    updated
        call  update_event
        add   r8, EVENT_SIZE
        dec   r9
        jmp   update_next
updated: ret

; R8: the first event; R9: how many there are.
first_event:
        mov   r9, [gs:PER_CPU_EVENTS]
        mov   r8, [gs:PER_CPU_SELF]
        add   r8, PER_CPU_EVENT
        ret

; Writes the interrupted RIP, which is at RSP plus RDX, to the list of samples.
record_sample:
        mov   rax, [gs:PER_CPU_SAMPLES]
        cmp   rax, MAX_SAMPLES
        jae   recorded
        inc   qword [gs:PER_CPU_SAMPLES]
        mov   rcx, [gs:PER_CPU_NUMBER]
        imul  rcx, rcx, MAX_SAMPLES
        add   rcx, rax
        lea   rax, [rel samples]
        mov   [rax + rcx * 8], rdx
recorded: ret
${unit.handle}
; perf_sample_event_took, for a handler that began at PER_CPU_ENTRY: a mean that forgets a 128th at each turn, and when it is
; above what is allowed, a lower rate. Every PMI's time and the rate after it are noted; those for which there is no room
; share the last place. Always the same 46 instructions.
account_pmi:
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        sub   rax, [gs:PER_CPU_ENTRY]
        mov   rcx, NS_PER_TICK
        mul   rcx
        shrd  rax, rdx, 32
        mov   r8, rax
        mov   rcx, [gs:PER_CPU_TOOK]
        mov   rdx, rcx
        shr   rdx, 7
        sub   rcx, rdx
        add   rcx, r8
        mov   [gs:PER_CPU_TOOK], rcx
        shr   rcx, 7
        mov   r9, rcx
        shr   r9, 2
        add   r9, rcx
        mov   r10d, 1
        mov   r11, r9
        test  r11, r11
        cmovz r11, r10
        mov   eax, MOST_NS
        xor   edx, edx
        div   r11
        cmp   r9, MOST_NS
        cmovae rax, r10
        imul  rax, rax, TICKS_PER_SECOND
        cmp   rcx, [gs:PER_CPU_ALLOWED]
        cmovbe r9, [gs:PER_CPU_ALLOWED]
        cmovbe rax, [gs:PER_CPU_RATE]
        mov   [gs:PER_CPU_ALLOWED], r9
        mov   [gs:PER_CPU_RATE], rax
        mov   rcx, [gs:PER_CPU_PMIS]
        dec   rcx
        mov   edx, MAX_NOTES
        cmp   rcx, rdx
        cmova rcx, rdx
        mov   rdx, [gs:PER_CPU_NUMBER]
        imul  rdx, rdx, MAX_NOTES + 1
        add   rcx, rdx
        lea   rdx, [rel notes]
        lea   rdx, [rdx + rcx * 8]
        mov   [rdx], r8d
        mov   [rdx + 4], eax
        ret

; each event that is off: control_off has taken its enable
off_all:
        call  first_event
off_next:
        test  r9, r9
        jz    off_done
        call  control_off
        add   r8, EVENT_SIZE
        dec   r9
        jmp   off_next
off_done: ret

on_all: call  first_event
on_next:
        test  r9, r9
        jz    on_done
        call  control_on
        add   r8, EVENT_SIZE
        dec   r9
        jmp   on_next
on_done: ret

${resumes(unit)}
        ; away from the code: a page that is written to is decoded anew
        align 4096
counter_mask: dq 0
max_period: dq 0
counter_window: dd 0
exit_code: dd 0
finished: dd 0
        align 64
MAX_SAMPLES equ 4096
samples: resb MAX_SAMPLES * 8 * CPUS
MAX_NOTES equ 4096
notes:  resb (MAX_NOTES + 1) * 8 * CPUS
report_end:
`;
