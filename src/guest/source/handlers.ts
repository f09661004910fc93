/**
 * PMI handlers: the two that Linux has had, and some that other software could have. Each measures itself, from its first
 * instructions to its last, as Linux' NMI handler does.
 */

import type { Unit } from './unit.ts';

const SAVE = ['rax', 'rcx', 'rdx', 'r8', 'r9', 'r10', 'r11'];
const pushAll = SAVE.map((register) => `        push  ${register}`).join('\n');
const popAll = SAVE.toReversed().map((register) => `        pop   ${register}`).join('\n');
const FRAME = 8 * SAVE.length;

const ENTER = `
pmi:
${pushAll}
        rdtsc
        mov   [gs:PER_CPU_ENTRY], eax
        mov   [gs:PER_CPU_ENTRY + 4], edx
        inc   qword [gs:PER_CPU_PMIS]`;

const NOTE_SAMPLE = `
        mov   rdx, [rsp + ${FRAME}]
        call  record_sample`;

const acknowledge = (unit: Unit): string => `${unit.acknowledge}
        PMI_EOI`;

const LEAVE = `
        call  account_pmi
${popAll}
        iretq
`;

const START = `
        call  enable_all`;

/**
 * Of Intel's versions 2 and 3: stop all counters, then status, acknowledge, and for each overflow read and arm; look at the status
 * again; start all counters; last of all LVTPC, whose mask bit the delivery has set ("late acknowledge"). AMD's differs in what
 * the unit says: PerfMonV2's acknowledges behind the events, and where nothing stops all counters at once they count on.
 */
const classic = (unit: Unit): string => {
  const [stop, start] = unit.globals === undefined ? ['', ''] : [unit.stop('pmi_stop'), START];
  return ENTER + unit.first + stop + NOTE_SAMPLE + unit.rounds + start + acknowledge(unit) + LEAVE;
};

/**
 * For version 4, with IA32_DEBUGCTL.FREEZE_PERFMON_ON_PMI: hardware has stopped the counters, so the global control register is
 * not touched. LVTPC comes before the write that acknowledges the status, because that one lets the counters go on.
 */
const v4 = (unit: Unit): string => `${ENTER}${NOTE_SAMPLE}
        mov   ecx, GLOBAL_STATUS
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
${acknowledge(unit)}
        mov   eax, r10d
        mov   edx, r11d
        mov   ecx, STATUS_RESET
pmi_go: wrmsr${LEAVE}`;

/** Leaves the global control register alone, and takes every event's own enable away: selectors and IA32_FIXED_CTR_CTRL. */
const selector = (unit: Unit): string => `${ENTER}${unit.first}
        call  off_all${NOTE_SAMPLE}${unit.rounds}
        call  on_all${acknowledge(unit)}${LEAVE}`;

/** Returns with all counters off: whoever stopped the last event meant it so. The program starts them again some time. */
const never = (unit: Unit): string =>
  ENTER + unit.first + unit.stop('pmi_stop') + NOTE_SAMPLE + unit.rounds + acknowledge(unit) + LEAVE;

/** Every fourth overflow of an event is one too many: its counter is switched off, as Linux does it to an event that it throttles. */
const THROTTLED = `
        test  byte [r8 + EVENT_OVERFLOWS], 3
        jnz   handle_other
        mov   byte [r8 + EVENT_THROTTLED], 1
        call  control_off`;

interface Handler {
  source(unit: Unit): string;
  /** The version of architectural performance monitoring that it needs. */
  readonly version: number;
  /** It lives from counters that a PMI has frozen. */
  readonly freezes: boolean;
  /** What follows an elapsed period. */
  readonly overflowed: string;
  /** How the program lets its counters go on, between two rounds of its workload; undefined: they need not be helped. */
  readonly resume?: string;
}

export const HANDLERS = {
  classic: { source: classic, version: 2, freezes: false, overflowed: '' },
  v4: { source: v4, version: 4, freezes: true, overflowed: '' },
  selector: { source: selector, version: 2, freezes: false, overflowed: '' },
  throttle: { source: classic, version: 2, freezes: false, overflowed: THROTTLED, resume: 'resume_throttled' },
  'never re-enables': { source: never, version: 2, freezes: false, overflowed: '', resume: 'enable_all' },
} as const satisfies Readonly<Record<string, Handler>>;

/** What the tick does about throttled events: they go on from where they were stopped. */
export const resumes = (unit: Unit): string => `
resume_throttled:${unit.stop('')}
        call  first_event
resume_next:
        test  r9, r9
        jz    enable_all
        cmp   byte [r8 + EVENT_THROTTLED], 0
        je    resume_other
        mov   byte [r8 + EVENT_THROTTLED], 0
        call  control_on
resume_other:
        add   r8, EVENT_SIZE
        dec   r9
        jmp   resume_next
`;

/** What replaces PMI_EOI: an NMI is not acknowledged, an interrupt is. */
export const EOI = `        mov   ecx, IA32_X2APIC_EOI
        xor   eax, eax
        xor   edx, edx
        wrmsr
`;
