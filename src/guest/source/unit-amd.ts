/**
 * AMD's counters: PerfMonV2, which has global registers, and what was before. Both have general counters only, and a PMI leaves
 * LVTPC as it is.
 */
import { ENABLE_GLOBALLY, handleOverflows, stopGlobally, type Unit, WRITE_LVTPC } from './unit.ts';

/** PerfMonV2 says itself how many counters it has. No CPUID tells how wide they are. */
const PROBE_V2 = `
        mov   eax, 0x80000022
        cpuid
        test  eax, 1
        jz    no_pmu
        and   ebx, 0xf
        cmp   ebx, GENERAL_NEEDED
        jb    no_pmu`;

/** Linux: check_hw_exists. Nothing says whether K7's four counters are there, but that their registers fault where they are not. */
const PROBE_V1 = `
        lea   rax, [rel no_pmu]
        mov   [rel expected_fault], rax
        mov   ecx, LAST_CONTROL
        rdmsr
        mov   qword [rel expected_fault], 0`;

const WIDTH = `
        mov   rax, COUNTER_MASK
        mov   [rel counter_mask], rax
        shr   rax, 1
        mov   [rel max_period], rax`;

const add = (control: string): string => `
EVENT_SELECTOR_HIGH equ 68
; Adds an event on counter ECX: selector EDI:EAX, period RSI. Its counter is armed, and does not count yet.
add_event:
        call  new_event
        mov   [r8 + EVENT_SELECTOR_HIGH], edi
        mov   [r8 + EVENT_RDPMC], ecx
        mov   edx, 1
        shl   edx, cl
        mov   [r8 + EVENT_LOW], edx
        or    [gs:PER_CPU_ENABLED], rdx
        imul  ecx, ecx, COUNTER_STEP
        mov   edx, COUNTER0
        add   edx, ecx
        mov   [r8 + EVENT_MSR], edx
        add   ecx, CONTROL0
        mov   [r8 + EVENT_CONTROL], ecx
        call  ${control}
        jmp   set_period
`;

/** Every event is brought up to date; `overflowed` leaves alone what has not overflowed, by a jump to handle_other. */
const handle = (overflowed: string): string => handleOverflows(`
        call  update_event${overflowed}`);

/** One round: what overflows after the status was read comes with the next PMI. */
const ROUND_V2 = `
        mov   ecx, GLOBAL_STATUS
        rdmsr
        mov   r10d, eax
        test  eax, eax
        jnz   pmi_overflows
        inc   qword [gs:PER_CPU_SPURIOUS]
        jmp   pmi_done
pmi_overflows:
        call  handle_overflows
        mov   eax, r10d
        xor   edx, edx
        mov   ecx, STATUS_RESET
        wrmsr
pmi_done:`;

/** R10: how many have overflowed. */
const ROUND_V1 = `
        xor   r10d, r10d
        call  handle_overflows
        test  r10d, r10d
        jnz   pmi_done
        inc   qword [gs:PER_CPU_SPURIOUS]
pmi_done:`;

export const AMD_UNIT: Unit = {
  globals: { ctrl: 'PerfCntrGlobalCtl', status: 'PerfCntrGlobalStatus', statusReset: 'PerfCntrGlobalStatusClr' },
  probe: PROBE_V2 + WIDTH, add: add('control_on'), selectorHigh: 'mov   edx, [r8 + EVENT_SELECTOR_HIGH]', enable: ENABLE_GLOBALLY,
  stop: stopGlobally, first: '', rounds: ROUND_V2, acknowledge: '',
  handle: handle(`
        test  r10d, [r8 + EVENT_LOW]
        jz    handle_other`),
};

/** Without global registers: events are switched on and off one by one, and the handler lets them count. */
export const OLD_AMD_UNIT: Unit = {
  ...AMD_UNIT, globals: undefined, probe: PROBE_V1 + WIDTH, add: add('control_off'),
  enable: '\n        jmp   on_all', stop: (label) => `\n${label === '' ? '       ' : `${label}:`} call  off_all`,
  first: WRITE_LVTPC, rounds: ROUND_V1,
  handle: handle(`
        mov   rax, [r8 + EVENT_PREVIOUS]
        cmp   rax, [rel max_period]
        ja    handle_other
        inc   r10d`),
};
