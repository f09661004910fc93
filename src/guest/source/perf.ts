/**
 * A perf core in miniature: events on counters, and the two PMI handlers that Linux has had. What they do to the
 * performance-monitoring registers, and in which order, is what Linux does; that is what a hypervisor sees of them.
 */

/** Events, and how they are read and armed. */
export const PERF = `
EVENT_RDPMC    equ 0              ; index for RDPMC
EVENT_MSR      equ 4              ; the counter's MSR
EVENT_LOW      equ 8              ; its bit in the global registers
EVENT_HIGH     equ 12
EVENT_PERIOD   equ 16
EVENT_COUNT    equ 24             ; events so far
EVENT_PREVIOUS equ 32             ; the counter when it was last read or armed
EVENT_OVERFLOWS equ 40
EVENT_SIZE     equ 64
COUNTER_MASK   equ (1 << COUNTER_WIDTH) - 1

; Adds an event on general counter ECX: selector EAX, period RSI. Its counter is armed, and not yet enabled globally.
add_event:
        mov   r8, [gs:PER_CPU_EVENTS]
        inc   qword [gs:PER_CPU_EVENTS]
        imul  r8, r8, EVENT_SIZE
        add   r8, [gs:PER_CPU_SELF]
        add   r8, PER_CPU_EVENT
        mov   [r8 + EVENT_RDPMC], ecx
        lea   edx, [rcx + COUNTER_WINDOW]
        mov   [r8 + EVENT_MSR], edx
        mov   edx, 1
        shl   edx, cl
        mov   [r8 + EVENT_LOW], edx
        or    [gs:PER_CPU_ENABLED], rdx
        mov   [r8 + EVENT_PERIOD], rsi
        add   ecx, IA32_PERFEVTSEL0
        xor   edx, edx
        wrmsr
        jmp   set_period

; Arms the counter of the event at R8: so many events are missing to the next overflow.
set_period:
        mov   rax, [r8 + EVENT_PERIOD]
        neg   rax
        mov   rdx, COUNTER_MASK
        and   rax, rdx
        mov   [r8 + EVENT_PREVIOUS], rax
        mov   rdx, rax
        shr   rdx, 32
        mov   ecx, [r8 + EVENT_MSR]
        wrmsr
        ret

; Adds what the counter of the event at R8 has counted since the last time.
update_event:
        mov   ecx, [r8 + EVENT_RDPMC]
        rdpmc
        shl   rdx, 32
        or    rax, rdx
        mov   rdx, rax
        sub   rax, [r8 + EVENT_PREVIOUS]
        mov   [r8 + EVENT_PREVIOUS], rdx
        mov   rdx, COUNTER_MASK
        and   rax, rdx
        add   [r8 + EVENT_COUNT], rax
        ret

; All events begin, or stop and are brought up to date.
enable_all:
        mov   rax, [gs:PER_CPU_ENABLED]
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        mov   rdx, rax
        shr   rdx, 32
        wrmsr
        ret

disable_all:
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
        wrmsr
        mov   r9, [gs:PER_CPU_EVENTS]
        mov   r8, [gs:PER_CPU_SELF]
        add   r8, PER_CPU_EVENT
update_next:
        test  r9, r9
        jz    updated
        call  update_event
        add   r8, EVENT_SIZE
        dec   r9
        jmp   update_next
updated: ret

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

; For each event whose status bit is set in R10:R11 (low:high): fold, count the overflow, arm again.
handle_overflows:
        mov   r9, [gs:PER_CPU_EVENTS]
        mov   r8, [gs:PER_CPU_SELF]
        add   r8, PER_CPU_EVENT
handle_next:
        test  r9, r9
        jz    handled
        mov   eax, [r8 + EVENT_LOW]
        and   eax, r10d
        mov   ecx, [r8 + EVENT_HIGH]
        and   ecx, r11d
        or    eax, ecx
        jz    handle_other
        call  update_event
        inc   qword [r8 + EVENT_OVERFLOWS]
        call  set_period
handle_other:
        add   r8, EVENT_SIZE
        dec   r9
        jmp   handle_next
handled: ret

        align 8
MAX_SAMPLES equ 4096
samples: resb MAX_SAMPLES * 8 * CPUS
report_end:
`;

const SAVE = ['rax', 'rcx', 'rdx', 'r8', 'r9', 'r10', 'r11'];
const pushAll = SAVE.map((register) => `        push  ${register}`).join('\n');
const popAll = SAVE.toReversed().map((register) => `        pop   ${register}`).join('\n');
const FRAME = 8 * SAVE.length;

/**
 * The handler of versions 2 and 3: stop all counters, then status, acknowledge, and for each overflow read and arm; look at
 * the status again; start all counters; last of all LVTPC, whose mask bit the delivery has set ("late acknowledge").
 */
export const CLASSIC_HANDLER = `
pmi:
${pushAll}
        inc   qword [gs:PER_CPU_PMIS]
        mov   ecx, IA32_PERF_GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
pmi_stop: wrmsr
        mov   rdx, [rsp + ${FRAME}]
        call  record_sample
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        mov   r11d, edx
        or    eax, edx
        jnz   pmi_again
        inc   qword [gs:PER_CPU_SPURIOUS]
        jmp   pmi_done
pmi_again:
        mov   eax, r10d
        mov   edx, r11d
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
        wrmsr
        call  handle_overflows
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        mov   r11d, edx
        or    eax, edx
        jnz   pmi_again
pmi_done:
        call  enable_all
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        PMI_EOI
${popAll}
        iretq
`;

/**
 * The handler for version 4, with IA32_DEBUGCTL.FREEZE_PERFMON_ON_PMI: hardware has stopped the counters, so the global
 * control register is not touched. LVTPC comes before the write that acknowledges the status, because that one lets the
 * counters go on.
 */
export const V4_HANDLER = `
pmi:
${pushAll}
        inc   qword [gs:PER_CPU_PMIS]
        mov   rdx, [rsp + ${FRAME}]
        call  record_sample
        mov   ecx, IA32_PERF_GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        mov   r11d, edx
        mov   ecx, edx
        and   ecx, 0xffff
        or    eax, ecx
        jnz   pmi_overflows
        inc   qword [gs:PER_CPU_SPURIOUS]
        jmp   pmi_done
pmi_overflows:
        call  handle_overflows
pmi_done:
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr
        PMI_EOI
        mov   eax, r10d
        mov   edx, r11d
        mov   ecx, IA32_PERF_GLOBAL_STATUS_RESET
pmi_go: wrmsr
${popAll}
        iretq
`;

/** What replaces PMI_EOI: an NMI is not acknowledged, an interrupt is. */
export const EOI = `        mov   ecx, 0x80b
        xor   eax, eax
        xor   edx, edx
        wrmsr
`;
