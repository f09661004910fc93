/**
 * What a kernel's driver for one kind of PMU does otherwise than that for another, as pieces of source: perf.ts, handlers.ts and
 * mains.ts are put together with one of them.
 */
export interface Unit {
  /** What the programs call GLOBAL_CTRL, GLOBAL_STATUS and STATUS_RESET; undefined: it has no global registers. */
  readonly globals: { readonly ctrl: string; readonly status: string; readonly statusReset: string } | undefined;
  /** Behind `probe_pmu`: goes to `probed`, with `counter_mask` and `max_period` written, or to `no_pmu`. */
  readonly probe: string;
  /** `add_event`, and `add_fixed_event` where there are fixed counters. */
  readonly add: string;
  /** EDX for the WRMSR of a selector: its high half. */
  readonly selectorHigh: string;
  /** `enable_all`; and what stops all counters at the beginning of `disable_all`, and in handlers, where `label` is at the WRMSR. */
  readonly enable: string;
  stop(label: string): string;
  /** `handle_overflows`: for each event that has overflowed: fold, arm again, and count the period if it has elapsed. */
  readonly handle: string;
  /** Of the classic handler: what it begins with, the overflows, and LVTPC. */
  readonly first: string;
  readonly rounds: string;
  readonly acknowledge: string;
}

/** LVTPC as the programs want it; delivery on Intel's processors has masked it. */
export const WRITE_LVTPC = `
        mov   ecx, IA32_X2APIC_LVT_PMI
        mov   eax, LVTPC
        xor   edx, edx
        wrmsr`;

/** Counters of `GLOBAL_CTRL` that are in use go on, and all stop. */
export const ENABLE_GLOBALLY = `
        mov   rax, [gs:PER_CPU_ENABLED]
        mov   ecx, GLOBAL_CTRL
        mov   rdx, rax
        shr   rdx, 32
        wrmsr
        ret`;
export const stopGlobally = (label: string): string => `
        mov   ecx, GLOBAL_CTRL
        xor   eax, eax
        xor   edx, edx
${label === '' ? '       ' : `${label}:`} wrmsr`;

/**
 * `handle_overflows`: each event in turn. `fold` brings one up to date, or leaves it alone by a jump to `handle_other`; then it is armed
 * again, and its period counted if it has elapsed.
 */
export const handleOverflows = (fold: string): string => `
handle_overflows:
        call  first_event
handle_next:
        test  r9, r9
        jz    handled
${fold}
        call  set_period
        test  eax, eax
        jz    handle_other
        inc   qword [r8 + EVENT_OVERFLOWS]
        OVERFLOWED
handle_other:
        add   r8, EVENT_SIZE
        dec   r9
        jmp   handle_next
handled: ret
`;
