/** The programs that the package carries: parts of `source/` put together, assembled with the project's own table. */
import { EVENT, EVENTS, type EventName } from '../x86/event.ts';
import { assemble } from '../x86/isa/assemble.ts';
import { EVTSEL } from '../x86/perfmon.ts';
import { CONSTANTS } from './constants.ts';
import type { Image } from './image.ts';
import { COUNTING, LATE, MASKED, NESTED, SAMPLING, USER } from './source/mains.ts';
import { CLASSIC_HANDLER, EOI, PERF, V4_HANDLER } from './source/perf.ts';
import { RUNTIME } from './source/runtime.ts';
import { ALU, HOT_SPOTS, MIXED } from './source/workloads.ts';

export const MAINS = { sampling: SAMPLING, counting: COUNTING, masked: MASKED, late: LATE, nested: NESTED, user: USER } as const;
export const WORKLOADS = { alu: ALU, mixed: MIXED, 'hot spots': HOT_SPOTS } as const;
export const HANDLERS = { classic: CLASSIC_HANDLER, v4: V4_HANDLER } as const;

/** An event on a general counter, in the order in which the counters are given out. */
export interface ProgramEvent {
  readonly event: EventName;
  /** Events to the first overflow, and between two. */
  readonly period: number;
  readonly user: boolean;
  readonly kernel: boolean;
  /** Asks for a PMI at overflow. */
  readonly interrupt: boolean;
}

export interface Program {
  readonly main: keyof typeof MAINS;
  readonly workload: keyof typeof WORKLOADS;
  readonly handler: keyof typeof HANDLERS;
  readonly iterations: number;
  readonly events: readonly ProgramEvent[];
  /** LVTPC delivers an NMI, or an interrupt with a vector. */
  readonly delivery: 'nmi' | 'interrupt';
}

/** What a program takes for granted of the machine. */
export interface ProgramMachine {
  readonly cpus: number;
  readonly perfmon: { readonly generalWidth: number; readonly fullWidthWrites: boolean };
}

/** Where programs are loaded. */
const ORIGIN = 0x10_0000n;
const PMI_VECTOR = 0x81;
const LVT_NMI = 0x400;

const selectorOf = ({ event, user, kernel, interrupt }: ProgramEvent): number => {
  const row = EVENTS[EVENT[event]]!;
  const [code, umask] = row.codes[0];
  return (code | (umask << 8) | EVTSEL.EN | (user ? EVTSEL.USR : 0) | (kernel ? EVTSEL.OS : 0) | (interrupt ? EVTSEL.INT : 0)) >>> 0;
};

const eventSource = (event: ProgramEvent, counter: number): string => `
        mov   ecx, ${counter}
        mov   eax, ${selectorOf(event)}
        mov   rsi, ${event.period}
        call  add_event`;

/** Assembles a program for a machine; the counters are written through the full-width window where there is one. */
export function buildProgram(name: string, program: Program, { cpus, perfmon }: ProgramMachine): Image {
  const interrupt = program.delivery === 'interrupt';
  const source = [
    RUNTIME, MAINS[program.main], WORKLOADS[program.workload], program.main === 'nested' ? '' : HANDLERS[program.handler], PERF,
  ].join('\n')
    .replaceAll('EVENTS\n', `${program.events.map(eventSource).join('\n')}\n`)
    .replaceAll('PMI_EOI', interrupt ? EOI : '')
    .replaceAll('        INTERRUPTS', interrupt ? '        sti' : '');
  const constants = new Map([
    ...CONSTANTS,
    ['CPUS', BigInt(cpus)], ['ITERATIONS', BigInt(program.iterations)], ['PMI_VECTOR', BigInt(PMI_VECTOR)],
    ['LVTPC', BigInt(interrupt ? PMI_VECTOR : LVT_NMI)],
    ['DEBUGCTL', program.handler === 'v4' ? CONSTANTS.get('DEBUGCTL_FREEZE_PERFMON_ON_PMI')! : 0n],
    ['COUNTER_WINDOW', CONSTANTS.get(perfmon.fullWidthWrites ? 'IA32_A_PMC0' : 'IA32_PMC0')!],
    ['COUNTER_WIDTH', BigInt(perfmon.generalWidth)],
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
}

/** Offsets in a processor's area, as the sources define them. */
const AREA = { size: 1024, pmis: 16, spurious: 24, events: 32, samples: 48, event: 64 } as const;
const AREA_EVENT = { size: 64, count: 24, overflows: 40 } as const;
const MAX_SAMPLES = 4096;

export function readReport(image: Image, memory: Uint8Array, cpu: number): ProgramReport {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const area = Number(image.symbols.get('per_cpu')!) + AREA.size * cpu;
  const word = (at: number): number => Number(view.getBigUint64(at, true));
  const samples = Number(image.symbols.get('samples')!) + 8 * MAX_SAMPLES * cpu;
  return {
    pmis: word(area + AREA.pmis), spurious: word(area + AREA.spurious),
    events: Array.from({ length: word(area + AREA.events) }, (_, i) => {
      const event = area + AREA.event + AREA_EVENT.size * i;
      return { count: word(event + AREA_EVENT.count), overflows: word(event + AREA_EVENT.overflows) };
    }),
    samples: Array.from({ length: word(area + AREA.samples) }, (_, i) => view.getBigUint64(samples + 8 * i, true)),
  };
}
