/** Builds the guest that profiles itself (`source/profile.ts`), with its events and their turns on the counters. */
import { EVENT, EVENTS, type EventName, FIXED_EVENTS } from '../x86/event.ts';
import { assemble } from '../x86/isa/assemble.ts';
import { MSRS } from '../x86/msr.ts';
import { EVTSEL } from '../x86/perfmon.ts';
import { CONSTANTS } from './constants.ts';
import type { Image } from './image.ts';
import { PROFILE, PROFILE_EVENT } from './source/profile.ts';
import { ADJUST, BUSY, CLASSIC, FREEZE, ROTATE, SAMPLE, START_TICK } from './source/profile-parts.ts';
import { RUNTIME } from './source/runtime.ts';

export interface ProfiledEvent {
  readonly event: EventName;
  /** Which of the event's encodings; 0 is the first. */
  readonly code?: number;
  /** Of the kernel's only: another selector for the same event. */
  readonly kernelOnly?: boolean;
  /** Events to the first sample, and between two until the tick has adjusted it. */
  readonly period: number;
}

export interface ProfileOptions {
  readonly events: readonly ProfiledEvent[];
  /** Counters that the guest finds. Fixed ones are taken by the events that they count. */
  readonly generalCounters: number;
  readonly fixedCounters: number;
  readonly fullWidthWrites: boolean;
  /** CONFIG_HZ, and counts of the local APIC's timer in a tick; without them there is no tick. */
  readonly tick?: { readonly hz: number; readonly count: number };
  /** Samples a second for each event: `perf record -F`. Without it periods stay as they are: `perf stat`, `perf record -c`. */
  readonly frequency?: number;
  /** Cycles in which the guest's kernel writes a sample; 0 for events that are only counted. */
  readonly sampleWork: number;
  /** That of version 4 wants IA32_DEBUGCTL.FREEZE_PERFMON_ON_PMI. */
  readonly handler: 'classic' | 'freeze';
  /** Its perf core is disabled and enabled all the time, so that PMIs come in the midst of that. */
  readonly busy?: boolean;
}

/** What one round of the workload counts as; cycles are those of a PAUSE of 40. */
export const ROUND: Readonly<Partial<Record<EventName, number>>> = {
  'core cycles': 425, 'reference cycles': 425, 'topdown slots': 4 * 425, 'instructions retired': 18,
  'branch instructions retired': 4, 'conditional branches retired': 1, 'near calls retired': 1, 'loads retired': 3, 'stores retired': 2,
};

const ORIGIN = 0x10_0000n;
const TICK_VECTOR = 0x40;
const LVT_NMI = 0x400;
const WIDTH = 48n;
/** PAUSE, DEC and a taken branch. */
const SAMPLE_ROUND = 42;
/** RDPMC's type field for fixed counters. */
const RDPMC_FIXED = 1 << 30;

/** A counter: general ones from 0 on, fixed ones from here on. */
const FIXED = 16;

/** The encoding of an event in a selector. */
function selectorOf({ event, code = 0, kernelOnly = false }: ProfiledEvent): number {
  const row = EVENTS[EVENT[event]]!;
  const [select, umask] = row.codes[code]!;
  return (select | (umask << 8) | EVTSEL.EN | (kernelOnly ? 0 : EVTSEL.USR) | EVTSEL.OS | EVTSEL.INT) >>> 0;
}

type Place = readonly [event: number, counter: number];

/**
 * KVM aside, how Linux fills the counters: events in their order, until one finds none; each takes its fixed counter, or else
 * the first general one that is free. In the next turn the first event goes to the end of the list.
 */
function steps({ events, generalCounters, fixedCounters }: ProfileOptions): Place[][] {
  const fill = (first: number): Place[] => {
    const placed: Place[] = [];
    let general = 0;
    for (let i = 0; i < events.length; i += 1) {
      const index = (first + i) % events.length;
      const fixed = FIXED_EVENTS.slice(0, fixedCounters).indexOf(EVENT[events[index]!.event]);
      const counter = FIXED + fixed;
      if (fixed !== -1 && placed.every(([, taken]) => taken !== counter)) placed.push([index, counter]);
      else if (general < generalCounters) placed.push([index, general++]);
      else break;
    }
    return placed;
  };
  const all = fill(0);
  return all.length === events.length ? [all] : events.map((_, first) => fill(first));
}

const pair = (low: number, high: number): bigint => BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);

/** What the guest's `start_step` copies into the event. */
function placeWords([, counter]: Place, window: number): bigint[] {
  const j = counter - FIXED;
  return j >= 0
    ? [pair(RDPMC_FIXED + j, MSRS.IA32_FIXED_CTR0 + j), pair(0, 4 * j), pair(0, 1 << j)]
    : [pair(counter, window + counter), pair(MSRS.IA32_PERFEVTSEL0 + counter, 0), pair(1 << counter, 0)];
}

const words = (values: readonly (bigint | number)[]): string => `        dq    ${values.map((value) => value.toString()).join(', ')}`;

export function buildProfile(name: string, options: ProfileOptions): Image {
  const { events, fullWidthWrites, generalCounters, fixedCounters, tick, frequency, sampleWork, handler, busy = false } = options;
  const schedule = steps(options);
  const window = fullWidthWrites ? MSRS.IA32_A_PMC0 : MSRS.IA32_PMC0;
  const data = [
    '        align 8', 'profile_events:',
    ...events.map((event) => words([0, 0, 0, selectorOf(event), event.period, event.period, 0, 0, 0, 0, 0, 0])),
    'profile_steps:',
    ...schedule.flatMap((step, i) => [
      ...step.map((place) => words([PROFILE_EVENT.size * place[0], ...placeWords(place, window)])),
      words([i === schedule.length - 1 ? -2 : -1]),
    ]),
  ].join('\n');
  const source = [RUNTIME, handler === 'classic' ? CLASSIC : FREEZE, PROFILE, data].join('\n')
    .replace('START_TICK', tick === undefined ? '' : START_TICK)
    .replace('        BUSY\n', busy ? `${BUSY}\n` : '')
    .replace('        SAMPLE\n', sampleWork === 0 ? '' : `${SAMPLE}\n`)
    .replace('        ADJUST\n', frequency === undefined ? '' : `${ADJUST}\n`)
    .replace('        ROTATE\n', schedule.length === 1 ? '' : `${ROTATE}\n`);
  const constants = new Map([
    ...CONSTANTS, ['CPUS', 1n], ['PMI_VECTOR', 0x81n], ['LVTPC', BigInt(LVT_NMI)], ['TICK_VECTOR', BigInt(TICK_VECTOR)],
    ['TICK_COUNT', BigInt(tick?.count ?? 0)], ['TICKS_PER_SECOND', BigInt(tick?.hz ?? 0)], ['FREQUENCY', BigInt(frequency ?? 0)],
    ['SAMPLE_ROUNDS', BigInt(Math.max(1, Math.round(sampleWork / SAMPLE_ROUND)))], ['EVENTS_COUNT', BigInt(events.length)],
    // Linux enables all counters that there are, and lets their own registers decide.
    ['ENABLE_LOW', BigInt(2 ** generalCounters - 1)], ['ENABLE_HIGH', BigInt(2 ** fixedCounters - 1)],
    ['COUNTER_MASK', (1n << WIDTH) - 1n], ['DEBUGCTL', handler === 'freeze' ? CONSTANTS.get('DEBUGCTL_FREEZE_PERFMON_ON_PMI')! : 0n],
  ] as const);
  const { bytes, labels, listing } = assemble(source, ORIGIN, constants);
  return {
    name, entry: labels.get('start')!, mode: '64-bit', symbols: labels, listing,
    segments: [{ at: Number(ORIGIN), bytes, size: bytes.length }],
  };
}

/** What the guest has written down. */
export interface ProfileReport {
  /** How often it went round its workload. */
  readonly work: number;
  readonly ticks: number;
  readonly pmis: number;
  /** PMIs without a status bit. */
  readonly spurious: number;
  /** Of each PMI, the first 4096 of them: ticks of the time-stamp counter from the handler's beginning to its end. */
  readonly durations: readonly number[];
  readonly events: readonly { readonly period: number; readonly count: number; readonly overflows: number }[];
}

/** Offsets in a processor's area, as the runtime defines them. */
const AREA = { pmis: 16, spurious: 24 } as const;

export function readProfile({ symbols }: Image, memory: Uint8Array, events: number): ProfileReport {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  const word = (label: string, offset = 0): number => Number(view.getBigUint64(Number(symbols.get(label)!) + offset, true));
  return {
    work: word('profile_work'), ticks: word('profile_ticks'), pmis: word('per_cpu', AREA.pmis), spurious: word('per_cpu', AREA.spurious),
    durations: Array.from({ length: word('durations_count') }, (_, i) => word('durations', 8 * i)),
    events: Array.from({ length: events }, (_, i) => ({
      period: word('profile_events', PROFILE_EVENT.size * i + PROFILE_EVENT.period),
      count: word('profile_events', PROFILE_EVENT.size * i + PROFILE_EVENT.count),
      overflows: word('profile_events', PROFILE_EVENT.size * i + PROFILE_EVENT.overflows),
    })),
  };
}
