/** Parts of the guest that profiles itself (`profile.ts`) that it may have or not: its tick, what that does, and its PMI handler. */

/** In place of START_TICK: the timer, from now on. */
export const START_TICK = `
        mov   ecx, IA32_X2APIC_DIV_CONF
        mov   eax, 0xb
        xor   edx, edx
        wrmsr
        mov   ecx, IA32_X2APIC_LVT_TIMER
        mov   eax, TICK_VECTOR + (1 << 17)
        wrmsr
        mov   ecx, IA32_X2APIC_INIT_COUNT
        mov   eax, TICK_COUNT
        wrmsr`;

/** In place of BUSY: perf is disabled and enabled again all the time, as when tasks come and go. */
export const BUSY = `
        call  disable_pmu
        call  enable_pmu`;

/** In place of SAMPLE: what the guest's kernel does to write a sample. */
export const SAMPLE = `
        mov   ecx, SAMPLE_ROUNDS
sample: pause
        dec   ecx
        jnz   sample`;

/** In place of ADJUST: perf_adjust_freq_unthr_context. */
export const ADJUST = `
        call  disable_pmu
        lea   r8, [rel profile_events]
        mov   r9d, EVENTS_COUNT
adjust_event:
        cmp   qword [r8 + PE_ON], 0
        je    adjust_other
        call  stop_event
        mov   rax, [r8 + PE_COUNT]
        mov   rdx, rax
        sub   rax, [r8 + PE_LAST]
        mov   [r8 + PE_LAST], rdx
        jz    adjusted
        mov   edx, TICKS_PER_SECOND
        imul  rax, rdx
        xor   edx, edx
        mov   ecx, FREQUENCY
        div   rcx
        ; an eighth of the way to the new period, as perf_adjust_period
        sub   rax, [r8 + PE_PERIOD]
        add   rax, 7
        sar   rax, 3
        add   rax, [r8 + PE_PERIOD]
        cmp   rax, LEAST_PERIOD
        jge   adjust_period
        mov   eax, LEAST_PERIOD
adjust_period:
        mov   [r8 + PE_PERIOD], rax
        shl   rax, 3
        cmp   [r8 + PE_LEFT], rax
        jle   adjusted
        mov   qword [r8 + PE_LEFT], 0
adjusted:
        call  start_event
adjust_other:
        add   r8, PE_SIZE
        dec   r9d
        jnz   adjust_event
        call  enable_pmu`;

/** In place of ROTATE: all events leave, and those of the next step come. */
export const ROTATE = `
        call  disable_pmu
        lea   r8, [rel profile_events]
        mov   r9d, EVENTS_COUNT
rotate_event:
        cmp   qword [r8 + PE_ON], 0
        je    rotate_other
        call  stop_event
        mov   qword [r8 + PE_ON], 0
        mov   rax, [r8 + PE_COUNT]
        mov   [r8 + PE_LAST], rax
rotate_other:
        add   r8, PE_SIZE
        dec   r9d
        jnz   rotate_event
        mov   rdi, [rel next_step]
        call  start_step
        call  enable_pmu`;

/** intel_pmu_handle_irq of versions 2 and 3. */
export const CLASSIC = `
handle_irq:
        mov   rsi, [rel pmu_enabled]
        call  disable_pmu
        call  read_status
        test  eax, eax
        jnz   irq_again
        inc   qword [gs:PER_CPU_SPURIOUS]
        jmp   irq_done
irq_again:
        call  acknowledge_status
        call  handle_events
        call  read_status
        test  eax, eax
        jnz   irq_again
irq_done:
        mov   [rel pmu_enabled], rsi
        test  rsi, rsi
        jz    acknowledge_lvtpc
        call  start_counters
        jmp   acknowledge_lvtpc
`;

/** The one for version 4 of Linux 4.20 to 5.9: the counters are frozen until their status is acknowledged, last of all. */
export const FREEZE = `
handle_irq:
        call  read_status
        test  eax, eax
        jnz   irq_overflows
        inc   qword [gs:PER_CPU_SPURIOUS]
irq_overflows:
        call  handle_events
        call  acknowledge_lvtpc
        jmp   acknowledge_status
`;
