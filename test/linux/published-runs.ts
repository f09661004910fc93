/**
 * Experiments of the literature with Linux and perf as the guest: the mail's, with what the guest's kernel says of its own handler, and
 * the table of the mediated vPMU's covers. They take minutes; `npm run published:linux` writes down what they read.
 */
import type { StrategyName } from '../../src/lab/scenario.ts';
import { staticProgram } from './elf-file.ts';
import type { Built } from './guest.ts';
import { PRINT, PROGRAM_FILES } from './known-programs.ts';
import { inMachine } from './machine.ts';
import { scriptOf, sectionsOf } from './sections.ts';

const RATE = '/proc/sys/kernel/perf_event_max_sample_rate', TRACE = '/sys/kernel/tracing';
/** The host's events are those of the guest's counters only, and perf need not read the names of the kernel's functions. */
const QUIET = 'echo 2 > /proc/sys/kernel/kptr_restrict';

export interface HandlerTimes {
  readonly samples: number;
  /** perf_event_max_sample_rate afterwards. */
  readonly rate: number;
  /** Nanoseconds of each PMI handler, by the kernel's tracepoint. */
  readonly times: readonly number[];
}

/** Samples of a program of 20 M instructions: 20 of them, and then 1000. */
const PERIODS = { few: 1_000_000, many: 20_000 } as const;

const sampled = (period: number): string => [
  `echo > ${TRACE}/trace`, `perf record -q -e cycles:u -c ${period} -o /tmp/data ./tree`, `cat ${RATE}`,
  `grep -o 'perf_event_nmi_handler() delta_ns: [0-9]*' ${TRACE}/trace`,
].join('; ');

const LIMITED = {
  before: `${QUIET}; echo 1 > ${TRACE}/events/nmi/nmi_handler/enable; cat ${RATE}`,
  few: sampled(PERIODS.few), many: sampled(PERIODS.many),
} as const;

/** What a guest's PMI handlers take, and what its own limiter of the sampling rate makes of it, on the machine of the mail. */
export function limited(guest: Built, on: StrategyName | undefined): Readonly<Record<keyof typeof PERIODS, HandlerTimes>> {
  // A mediated PMU needs version 4, which came after the mail's processor.
  const machine = { cpu: on === 'mediated' ? 'generic' : 'broadwell' };
  const options = { on, append: 'nowatchdog', machine, host: { cost: 'broadwell-2018' }, files: PROGRAM_FILES };
  const { output } = inMachine(guest, scriptOf(LIMITED), options);
  const is = sectionsOf(output, LIMITED);
  const of = (printed: string): HandlerTimes => {
    const times = [...printed.matchAll(/delta_ns: (\d+)/g)].map(([, ns]) => Number(ns));
    return { rate: Number(printed.split('\n')[0]), times, samples: times.length };
  };
  return { few: of(is.few), many: of(is.many) };
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Rounds of nine instructions until the frequency is found, and rounds that are timed. */
const ROUNDS = { before: 12_000_000, timed: 24_000_000 };

/** Reads, writes, calls, jumps and reckons, and prints in hexadecimal how many ticks of the time-stamp counter that took. */
const WORK = staticProgram({
  start: `        mov   ecx, ${ROUNDS.before}
        call  work
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        mov   rbx, rax
        mov   ecx, ${ROUNDS.timed}
        call  work
        rdtsc
        shl   rdx, 32
        or    rax, rdx
        sub   rax, rbx
${PRINT}`,
  work: `        mov   rax, [rsp - 64]
        add   rax, 3
        mov   [rsp - 64], rax
        call  leaf
        xor   eax, 5
        dec   rcx
        jnz   work
        ret`,
  leaf: `        add   rax, rcx
        ret`,
});

/** None of them has a fixed counter: six have room on eight counters, ten take turns. As of the experiment without Linux. */
const EVENTS = ['r00c4', 'r81d0', 'r82d0', 'r02c4', 'r01c4', 'r01a4', 'r11c4', 'r81d0:k', 'r82d0:k', 'r02c4:k'];
const profiled = (events: number): string =>
  `perf record -q -F 1000 -e ${EVENTS.slice(0, events).join(',')} -o /tmp/data ./work; perf script -i /tmp/data -F event | wc -l`;

/** How long events that take turns have theirs, in milliseconds: a tick, unless it is said. */
const TURN = '/sys/bus/event_source/devices/cpu/perf_event_mux_interval_ms';
const profiledWith = (turn: number) => ({
  quiet: `${QUIET}; echo 0 > /proc/sys/kernel/nmi_watchdog; echo ${turn} > ${TURN}`, alone: './work', six: profiled(6), ten: profiled(10),
}) as const;

export interface Overheads {
  /** In percent: how much less a guest gets done that profiles itself with six events, and with ten. */
  readonly six: number;
  readonly ten: number;
  readonly samples: readonly [six: number, ten: number];
}

/**
 * perf record -F 1000 in a guest on the machine of the mediated vPMU's covers. KVM offers three fixed counters. Where the host has a
 * fourth, as a Sapphire Rapids has, control and status of a mediated PMU are not the guest's own any more.
 */
export function overheads(guest: Built, on: StrategyName, fixedCounters: 3 | 4 = 4, turn: 1 | 4 = 4): Overheads {
  const commands = profiledWith(turn);
  const files = [{ path: '/root/work', bytes: WORK, executable: true }];
  const machine = { cpu: 'sapphire-rapids', perfmon: { fixedCounters } };
  const options = { on, machine, host: { cost: 'sapphire-rapids-2025' }, files };
  const { output } = inMachine(guest, scriptOf(commands), options);
  const is = sectionsOf(output, commands);
  const ticks = (printed: string): number => Number(`0x${/^[0-9a-f]{16}$/m.exec(printed)![0]}`);
  const samples = (printed: string): number => Number(/^(\d+)$/m.exec(printed.replace(/^[0-9a-f]{16}$/m, ''))![1]);
  const overhead = (printed: string): number => 100 * (1 - ticks(is.alone) / ticks(printed));
  return { six: overhead(is.six), ten: overhead(is.ten), samples: [samples(is.six), samples(is.ten)] };
}

/** All readings, by the names that figures refer to, and with what they were made. Four digits say all that such figures can. */
export function linuxRecording(guest: Built) {
  const before = limited(guest, 'reallocate').few, patched = limited(guest, 'guest-pmi').few;
  const emulated = overheads(guest, 'reuse'), mediated = overheads(guest, 'mediated', 3);
  const rounded = (value: number): number => Number(value.toPrecision(4));
  return {
    kernel: guest.guest.kernel.release, perf: guest.guest.packages.find(({ name }) => name === 'linux-perf')!.version,
    handlerBefore: rounded(median(before.times)), handlerPatched: rounded(median(patched.times)),
    rateBefore: before.rate, ratePatched: patched.rate,
    emulated6: rounded(emulated.six), emulated10: rounded(emulated.ten),
    mediated6: rounded(mediated.six), mediated10: rounded(mediated.ten),
  };
}
