/** The programs that the package carries: parts of `source/` put together, assembled with the project's own table. */
import { amdEventCode, EVENT, EVENTS, type EventName, FIXED_EVENTS } from '../x86/event.ts';
import { assemble } from '../x86/isa/assemble.ts';
import { EVTSEL, FIXED_CTRL, type PerfmonCaps } from '../x86/perfmon.ts';
import { amdWindow } from '../x86/perfmon-amd.ts';
import { CONSTANTS } from './constants.ts';
import type { Image, Loaded } from './image.ts';
import { EOI, HANDLERS } from './source/handlers.ts';
import { COUNTING, LATE, MASKED, NESTED, SAMPLING, USER, WORK, WORK_IN_ROUNDS } from './source/mains.ts';
import { perfSource } from './source/perf.ts';
import { RUNTIME } from './source/runtime.ts';
import type { Unit } from './source/unit.ts';
import { AMD_UNIT, OLD_AMD_UNIT } from './source/unit-amd.ts';
import { INTEL_UNIT } from './source/unit-intel.ts';
import { ALU, HOT_SPOTS, MIXED } from './source/workloads.ts';

export const MAINS = { sampling: SAMPLING, counting: COUNTING, masked: MASKED, late: LATE, nested: NESTED, user: USER } as const;
/** These have one stack for their user, or look at the first sample of all: a second processor would get in their way. */
export const OF_ONE_PROCESSOR: ReadonlySet<keyof typeof MAINS> = new Set(['late', 'nested', 'user']);
/** These look at the global registers themselves. */
export const NEED_GLOBALS: ReadonlySet<keyof typeof MAINS> = new Set(['counting', 'masked', 'nested']);
export const WORKLOADS = { alu: ALU, mixed: MIXED, 'hot spots': HOT_SPOTS } as const;
export { HANDLERS } from './source/handlers.ts';
export { NO_PMU } from './source/perf.ts';

/** An event, in the order in which the general counters are given out. */
interface ProgramEvent {
  readonly event: EventName;
  /** Events to the first overflow, and between two. */
  readonly period: number;
  readonly user: boolean;
  readonly kernel: boolean;
  /** Asks for a PMI at overflow. */
  readonly interrupt: boolean;
  /** On the fixed counter that counts it. */
  readonly fixed: boolean;
}

export interface Program {
  readonly main: keyof typeof MAINS;
  readonly workload: keyof typeof WORKLOADS;
  readonly handler: keyof typeof HANDLERS;
  readonly iterations: number;
  readonly events: readonly ProgramEvent[];
  /** LVTPC delivers an NMI, or an interrupt with a vector. */
  readonly delivery: 'nmi' | 'interrupt';
  /** CONFIG_HZ: by it the sampling-rate limiter reckons. */
  readonly hz: number;
}

/** What a program takes for granted of the machine; the rest it finds out by CPUID. */
interface ProgramMachine {
  readonly cpus: number;
  /** Ticks of the time-stamp counter in a second. */
  readonly tsc: number;
  /** Whose counters it has, and which. */
  readonly vendor: 'intel' | 'amd';
  readonly perfmon: Pick<PerfmonCaps, 'version' | 'generalCounters' | 'generalWidth'>;
}

/** Where programs are loaded. */
const ORIGIN = 0x10_0000n;
const PMI_VECTOR = 0x81;
const LVT_NMI = 0x400;

/** Both halves of a selector. */
function selectorOf(
  { event, user, kernel, interrupt }: ProgramEvent, vendor: ProgramMachine['vendor'],
): readonly [low: number, high: number] {
  const row = EVENTS[EVENT[event]]!;
  const [select, umask] = vendor === 'amd' ? amdEventCode(event)! : row.codes[0];
  const modes = (user ? EVTSEL.USR : 0) | (kernel ? EVTSEL.OS : 0);
  return [((select & 0xff) | (umask << 8) | EVTSEL.EN | modes | (interrupt ? EVTSEL.INT : 0)) >>> 0, select >> 8];
}

const fixedCounterOf = ({ event }: ProgramEvent): number => FIXED_EVENTS.indexOf(EVENT[event]);

function eventSource(event: ProgramEvent, general: number, vendor: ProgramMachine['vendor']): string {
  const counter = event.fixed ? fixedCounterOf(event) : general;
  const { OS, USR, PMI, bits } = FIXED_CTRL;
  const control = ((event.user ? USR : 0) | (event.kernel ? OS : 0) | (event.interrupt ? PMI : 0)) << (bits * counter);
  const [low, high] = event.fixed ? [control, 0] : selectorOf(event, vendor);
  return `
        mov   ecx, ${counter}
        mov   eax, ${low}${vendor === 'amd' ? `\n        mov   edi, ${high}` : ''}
        mov   rsi, ${event.period}
        call  ${event.fixed ? 'add_fixed_event' : 'add_event'}`;
}

/** perf_event_max_sample_rate and perf_cpu_time_max_percent at boot: handlers may take a quarter of what is between two samples. */
const MAX_RATE = 100_000;
const PERCENT = 25;
const NS_PER_S = 1_000_000_000;
/** Rounds of the workload, where the program must help its counters. */
const MOST_ROUNDS = 16;

const unitOf = ({ vendor, perfmon: { version } }: ProgramMachine): Unit => {
  if (vendor === 'intel') return INTEL_UNIT;
  return version >= 2 ? AMD_UNIT : OLD_AMD_UNIT;
};

/** Where the general counters' registers are, of AMD's. */
function amdConstants({ perfmon }: ProgramMachine, needed: number): [string, bigint][] {
  const { counter, control, step } = amdWindow(perfmon);
  return [
    ['COUNTER0', BigInt(counter)], ['CONTROL0', BigInt(control)], ['COUNTER_STEP', BigInt(step)],
    ['LAST_CONTROL', BigInt(control + step * Math.max(0, needed - 1))], ['COUNTER_MASK', (1n << BigInt(perfmon.generalWidth)) - 1n],
  ];
}

/** Assembles a program for a machine. */
export function buildProgram(name: string, program: Program, machine: ProgramMachine): Image {
  const { cpus, tsc, vendor } = machine;
  const unit = unitOf(machine);
  const { main, workload, handler: how, events, iterations, hz } = program;
  const interrupt = program.delivery === 'interrupt';
  const handler: (typeof HANDLERS)[Program['handler']] = HANDLERS[how];
  const rounds = Math.min(MOST_ROUNDS, iterations);
  const general = events.filter(({ fixed }) => !fixed);
  const source = [RUNTIME, MAINS[main], WORKLOADS[workload], main === 'nested' ? '' : handler.source(unit), perfSource(unit)].join('\n')
    .replaceAll('EVENTS\n', `${events.map((event) => eventSource(event, general.indexOf(event), vendor)).join('\n')}\n`)
    .replaceAll('PMI_EOI', interrupt ? EOI : '')
    .replaceAll('        OVERFLOWED\n', `${handler.overflowed}\n`)
    .replaceAll('        WORK\n', 'resume' in handler ? WORK_IN_ROUNDS.replace('RESUME', handler.resume) : WORK)
    .replaceAll('        INTERRUPTS', interrupt ? '        sti' : '');
  const { globals } = unit;
  const constants = new Map([
    ...CONSTANTS, ...vendor === 'amd' ? amdConstants(machine, general.length) : [],
    ...globals === undefined ? [] : [
      ['GLOBAL_CTRL', CONSTANTS.get(globals.ctrl)!], ['GLOBAL_STATUS', CONSTANTS.get(globals.status)!],
      ['STATUS_RESET', CONSTANTS.get(globals.statusReset)!],
    ] as const,
    ['CPUS', BigInt(cpus)], ['ITERATIONS', BigInt(iterations)], ['ROUNDS', BigInt(rounds)],
    ['ITERATIONS_A_ROUND', BigInt(Math.floor(iterations / rounds))],
    ['PMI_VECTOR', BigInt(PMI_VECTOR)], ['LVTPC', BigInt(interrupt ? PMI_VECTOR : LVT_NMI)],
    ['DEBUGCTL', handler.freezes ? CONSTANTS.get('DEBUGCTL_FREEZE_PERFMON_ON_PMI')! : 0n],
    ['VERSION_NEEDED', BigInt(handler.version)], ['GENERAL_NEEDED', BigInt(general.length)],
    ['FIXED_NEEDED', BigInt(Math.max(0, ...events.map((event) => (event.fixed ? fixedCounterOf(event) + 1 : 0))))],
    // Ticks to nanoseconds as a fraction of 32 bits, and Linux' integers.
    ['NS_PER_TICK', BigInt(Math.round(NS_PER_S * 2 ** 32 / tsc))], ['MAX_RATE', BigInt(MAX_RATE)],
    ['ALLOWED_NS', BigInt(Math.floor(Math.floor(NS_PER_S / MAX_RATE) * PERCENT / 100))],
    ['MOST_NS', BigInt(Math.floor(Math.floor(NS_PER_S / hz) / 100) * PERCENT)], ['TICKS_PER_SECOND', BigInt(hz)],
  ]);
  const { bytes, labels, listing } = assemble(source, ORIGIN, constants);
  return {
    name, entry: labels.get('start')!, mode: '64-bit', symbols: labels, listing,
    segments: [{ at: Number(ORIGIN), bytes, size: bytes.length }],
  };
}

/** What a program's perf core has found out, read from the memory of the machine that ran it. */
export interface ProgramReport {
  readonly pmis: number;
  /** PMIs without a status bit. */
  readonly spurious: number;
  readonly events: readonly { readonly count: number; readonly overflows: number }[];
  /** Interrupted RIPs, in the order of the PMIs. */
  readonly samples: readonly bigint[];
  /** Of the first PMIs: how long the handler took in ns by its own clock, and perf_event_max_sample_rate after it. */
  readonly durations: readonly number[];
  readonly rates: readonly number[];
  /** perf_event_max_sample_rate at the end. */
  readonly maxSampleRate: number;
}

/** Offsets in a processor's area, as the sources define them. */
const AREA = { size: 2048, pmis: 16, spurious: 24, events: 32, samples: 48, rate: 88, event: 128 } as const;
const AREA_EVENT = { size: 80, count: 24, overflows: 40 } as const;
const MAX_SAMPLES = 4096;
const MAX_NOTES = 4096;

export function readReport(image: Loaded, memory: Uint8Array, cpu: number): ProgramReport {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const area = Number(image.symbols.get('per_cpu')!) + AREA.size * cpu;
  const word = (at: number): number => Number(view.getBigUint64(at, true));
  const samples = Number(image.symbols.get('samples')!) + 8 * MAX_SAMPLES * cpu;
  const notes = Number(image.symbols.get('notes')!) + 8 * (MAX_NOTES + 1) * cpu;
  const noted = (offset: number): number[] =>
    Array.from({ length: Math.min(MAX_NOTES, word(area + AREA.pmis)) }, (_, i) => view.getUint32(notes + 8 * i + offset, true));
  return {
    pmis: word(area + AREA.pmis), spurious: word(area + AREA.spurious),
    events: Array.from({ length: word(area + AREA.events) }, (_, i) => {
      const event = area + AREA.event + AREA_EVENT.size * i;
      return { count: word(event + AREA_EVENT.count), overflows: word(event + AREA_EVENT.overflows) };
    }),
    samples: Array.from({ length: word(area + AREA.samples) }, (_, i) => view.getBigUint64(samples + 8 * i, true)),
    durations: noted(0), rates: noted(4), maxSampleRate: word(area + AREA.rate),
  };
}
