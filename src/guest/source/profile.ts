/**
 * A guest that profiles itself for as long as one lets it, as Linux does with `perf record` or `perf stat`: events on general
 * and fixed counters, the classic PMI handler, and a tick. What these do to the performance-monitoring registers, and in
 * which order, is what Linux does:
 *
 *     PMI     GLOBAL_CTRL := 0, STATUS, { OVF_CTRL, RDPMC and counter of each overflow, STATUS }*, GLOBAL_CTRL := on, LVTPC
 *             (and GLOBAL_CTRL stays 0 when the PMI came where perf had just disabled itself)
 *     tick    GLOBAL_CTRL := 0, { control off, RDPMC, counter, control on } for each event, GLOBAL_CTRL := on
 *
 * In a tick the periods of sampled events are adjusted to their frequency; when there are more events than counters a tick
 * also gives the counters to the next ones. How long each PMI took is read off the time-stamp counter and kept.
 */

/** Offsets in an event. The twenty-four bytes from 0 on are its counter's, copied from the schedule. */
export const PROFILE_EVENT = { size: 96, selector: 24, period: 32, count: 48, overflows: 64 } as const;

const SAVED = ['rax', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9', 'r10', 'r11', 'r12'];
const pushAll = SAVED.map((register) => `        push  ${register}`).join('\n');
const popAll = SAVED.toReversed().map((register) => `        pop   ${register}`).join('\n');

/** `profile_events` and `profile_steps` are appended by whoever builds the program. */
export const PROFILE = `
PE_RDPMC     equ 0                ; index for RDPMC
PE_MSR       equ 4                ; the counter's MSR
PE_CONTROL   equ 8                ; MSR of the selector; 0: a fixed counter
PE_SHIFT     equ 12               ; of a fixed counter's bits in IA32_FIXED_CTR_CTRL
PE_LOW       equ 16               ; its bit in the global registers
PE_HIGH      equ 20
PE_SELECTOR  equ 24
PE_PERIOD    equ 32
PE_LEFT      equ 40               ; events missing to the next sample
PE_COUNT     equ 48               ; events so far
PE_PREVIOUS  equ 56               ; the counter when it was last read or armed
PE_OVERFLOWS equ 64
PE_LAST      equ 72               ; the count at the last tick
PE_ON        equ 80               ; it has a counter
PE_SIZE      equ 96
PLACE_SIZE   equ 32               ; in the schedule: the event, and what its counter is
END_OF_STEP  equ -1
LAST_STEP    equ -2
LEAST_PERIOD equ 64
FIXED_ON     equ 0xb              ; at all privilege levels, with a PMI

main:   mov   ecx, TICK_VECTOR
        lea   rax, [rel tick]
        call  set_gate
        call  disable_pmu
        mov   ecx, IA32_DEBUGCTL
        mov   eax, DEBUGCTL
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_FIXED_CTR_CTRL
        xor   eax, eax
        wrmsr
        lea   rdi, [rel profile_steps]
        call  start_step
        START_TICK
        call  enable_pmu
        sti
again:  inc   qword [rel profile_work]
        BUSY
        call  leaf
        test  al, 1
        jz    even
even:
${'        pause\n'.repeat(10)}        jmp   again
leaf:   mov   rax, [rel profile_work]
        ret

; x86_pmu_disable and x86_pmu_enable. A PMI that comes between the flag and the register finds perf disabled.
disable_pmu:
        mov   qword [rel pmu_enabled], 0
stop_counters:
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        ret

enable_pmu:
        mov   qword [rel pmu_enabled], 1
start_counters:
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   eax, ENABLE_LOW
        mov   edx, ENABLE_HIGH
        wrmsr
        ret

; x86_perf_event_set_period of the event at R8.
arm:    mov   rax, [r8 + PE_LEFT]
        test  rax, rax
        jg    armed
        add   rax, [r8 + PE_PERIOD]
        jg    arm_left
        mov   rax, [r8 + PE_PERIOD]
arm_left:
        mov   [r8 + PE_LEFT], rax
armed:  neg   rax
        mov   rdx, COUNTER_MASK
        and   rax, rdx
        mov   [r8 + PE_PREVIOUS], rax
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, [r8 + PE_MSR]
        wrmsr
        ret

; x86_perf_event_update.
fold:   mov   ecx, [r8 + PE_RDPMC]
        rdpmc
        shl   rdx, 32
        or    rax, rdx
        mov   rdx, rax
        sub   rax, [r8 + PE_PREVIOUS]
        mov   [r8 + PE_PREVIOUS], rdx
        mov   rdx, COUNTER_MASK
        and   rax, rdx
        add   [r8 + PE_COUNT], rax
        sub   [r8 + PE_LEFT], rax
        ret

; x86_pmu_start, with reloading.
start_event:
        call  arm
        mov   ecx, [r8 + PE_CONTROL]
        test  ecx, ecx
        jz    start_fixed
        mov   eax, [r8 + PE_SELECTOR]
        xor   edx, edx
        wrmsr
        ret
start_fixed:
        mov   ecx, IA32_FIXED_CTR_CTRL
        rdmsr
        mov   ecx, [r8 + PE_SHIFT]
        mov   edx, FIXED_ON
        shl   edx, cl
        or    eax, edx
        xor   edx, edx
        mov   ecx, IA32_FIXED_CTR_CTRL
        wrmsr
        ret

; x86_pmu_stop, with updating.
stop_event:
        mov   ecx, [r8 + PE_CONTROL]
        test  ecx, ecx
        jz    stop_fixed
        mov   eax, [r8 + PE_SELECTOR]
        btr   eax, 22
        xor   edx, edx
        wrmsr
        jmp   fold
stop_fixed:
        mov   ecx, IA32_FIXED_CTR_CTRL
        rdmsr
        mov   ecx, [r8 + PE_SHIFT]
        mov   edx, 0xf
        shl   edx, cl
        not   edx
        and   eax, edx
        xor   edx, edx
        mov   ecx, IA32_FIXED_CTR_CTRL
        wrmsr
        jmp   fold

; Starts the events of the step of the schedule at RDI, and notes where the next one is.
start_step:
        mov   r8, [rdi]
        test  r8, r8
        js    step_done
        lea   rax, [rel profile_events]
        add   r8, rax
        mov   rax, [rdi + 8]
        mov   [r8 + PE_RDPMC], rax
        mov   rax, [rdi + 16]
        mov   [r8 + PE_CONTROL], rax
        mov   rax, [rdi + 24]
        mov   [r8 + PE_LOW], rax
        mov   qword [r8 + PE_ON], 1
        call  start_event
        add   rdi, PLACE_SIZE
        jmp   start_step
step_done:
        add   rdi, 8
        cmp   r8, LAST_STEP
        jne   step_next
        lea   rdi, [rel profile_steps]
step_next:
        mov   [rel next_step], rdi
        ret

; Notes how long the handler has taken that began at R12.
note_duration:
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        sub   rax, r12
        mov   rcx, [rel durations_count]
        cmp   rcx, MAX_DURATIONS
        jae   noted
        lea   rdx, [rel durations]
        mov   [rdx + rcx * 8], rax
        inc   qword [rel durations_count]
noted:  ret

read_clock:
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        mov   r12, rax
        ret

; Status into R10:R11 (low:high), and into EAX whether there is any of a counter.
read_status:
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        mov   r11d, edx
        and   edx, 0xffff
        or    eax, edx
        ret

; Each event whose bit is set in R10:R11.
handle_events:
        lea   r8, [rel profile_events]
        mov   r9d, EVENTS_COUNT
pmi_event:
        cmp   qword [r8 + PE_ON], 0
        je    pmi_other
        mov   eax, [r8 + PE_LOW]
        and   eax, r10d
        mov   ecx, [r8 + PE_HIGH]
        and   ecx, r11d
        or    eax, ecx
        jz    pmi_other
        call  fold
        inc   qword [r8 + PE_OVERFLOWS]
        call  arm
        SAMPLE
pmi_other:
        add   r8, PE_SIZE
        dec   r9d
        jnz   pmi_event
        ret

acknowledge_status:
        mov   eax, r10d
        mov   edx, r11d
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        wrmsr
        ret

acknowledge_lvtpc:
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        ret

; perf_event_nmi_handler.
pmi:
${pushAll}
        inc   qword [gs:PER_CPU_PMIS]
        call  read_clock
        call  handle_irq
        call  note_duration
${popAll}
        iretq

; perf_event_task_tick, then perf_rotate_context.
tick:
${pushAll}
        inc   qword [rel profile_ticks]
        ADJUST
        ROTATE
        mov   ecx, IA32_X2APIC_EOI
        xor   eax, eax
        xor   edx, edx
        wrmsr
${popAll}
        iretq

        ; away from the code: a write to a page that holds code makes the processor decode it anew
        align 4096
next_step: dq 0
pmu_enabled: dq 0                 ; cpuc->enabled
profile_work: dq 0
profile_ticks: dq 0
MAX_DURATIONS equ 4096
durations_count: dq 0
durations: resb MAX_DURATIONS * 8
report_end:
`;
