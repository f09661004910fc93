/** Intel's architectural performance monitoring from version 2 on: fixed counters, global registers, LVTPC masked by every PMI. */
import { ENABLE_GLOBALLY, handleOverflows, stopGlobally, type Unit, WRITE_LVTPC } from './unit.ts';

/** Set up from CPUID, as Linux does it. */
const PROBE = `
        mov   eax, 0xa
        cpuid
        mov   ecx, eax
        and   ecx, 0xff
        cmp   ecx, VERSION_NEEDED
        jb    no_pmu
        and   edx, 0x1f
        cmp   edx, FIXED_NEEDED
        jb    no_pmu
        mov   ecx, eax
        shr   ecx, 8
        and   ecx, 0xff
        cmp   ecx, GENERAL_NEEDED
        jb    no_pmu
        mov   ecx, eax
        shr   ecx, 16
        and   ecx, 0xff
        mov   eax, 1
        shl   rax, cl
        dec   rax
        mov   [rel counter_mask], rax
        ; half the range, and through the legacy window what its sign bit leaves
        shr   rax, 1
        mov   r8, rax
        mov   edx, 0x7fff_ffff
        cmp   rax, rdx
        cmova rax, rdx
        mov   [rel max_period], rax
        mov   dword [rel counter_window], IA32_PMC0
        mov   eax, 1
        cpuid
        bt    ecx, 15
        jnc   probed
        mov   ecx, IA32_PERF_CAPABILITIES
        rdmsr
        bt    eax, 13
        jnc   probed
        mov   [rel max_period], r8
        mov   dword [rel counter_window], IA32_A_PMC0`;

const ADD = `
; Adds an event on general counter ECX: selector EAX, period RSI. Its counter is armed, and not yet enabled globally.
add_event:
        call  new_event
        mov   [r8 + EVENT_RDPMC], ecx
        mov   edx, [rel counter_window]
        add   edx, ecx
        mov   [r8 + EVENT_MSR], edx
        mov   edx, 1
        shl   edx, cl
        mov   [r8 + EVENT_LOW], edx
        or    [gs:PER_CPU_ENABLED], rdx
        add   ecx, IA32_PERFEVTSEL0
        mov   [r8 + EVENT_CONTROL], ecx
        call  control_on
        jmp   set_period

; The same on fixed counter ECX, with EAX as its bits in IA32_FIXED_CTR_CTRL.
add_fixed_event:
        call  new_event
        lea   edx, [rcx + (1 << 30)]
        mov   [r8 + EVENT_RDPMC], edx
        lea   edx, [rcx + IA32_FIXED_CTR0]
        mov   [r8 + EVENT_MSR], edx
        mov   edx, 1
        shl   edx, cl
        mov   [r8 + EVENT_HIGH], edx
        or    [gs:PER_CPU_ENABLED + 4], edx
        mov   dword [r8 + EVENT_CONTROL], IA32_FIXED_CTR_CTRL
        call  control_on
        jmp   set_period
`;

/** An event is folded if its status bit is set in R10:R11 (low:high). */
const HANDLE = handleOverflows(`
        mov   eax, [r8 + EVENT_LOW]
        and   eax, r10d
        mov   ecx, [r8 + EVENT_HIGH]
        and   ecx, r11d
        or    eax, ecx
        jz    handle_other
        call  update_event`);

/** Status, and as long as there is some: acknowledge, handle, and look again. */
const ROUNDS = `
        mov   ecx, GLOBAL_STATUS
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
        mov   ecx, STATUS_RESET
        wrmsr
        call  handle_overflows
        mov   ecx, GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        mov   r11d, edx
        or    eax, edx
        jnz   pmi_again
pmi_done:`;

export const INTEL_UNIT: Unit = {
  globals: { ctrl: 'IA32_PERF_GLOBAL_CTRL', status: 'IA32_PERF_GLOBAL_STATUS', statusReset: 'IA32_PERF_GLOBAL_STATUS_RESET' },
  probe: PROBE, add: ADD, selectorHigh: 'xor   edx, edx', enable: ENABLE_GLOBALLY, stop: stopGlobally, handle: HANDLE,
  first: '', rounds: ROUNDS, acknowledge: WRITE_LVTPC,
};
