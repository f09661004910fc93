/**
 * What a guest may do next. The most general guest: any access with a value from a small domain, in any order. The lawful guest:
 * what Linux does, with its handler; only its periods and how long it runs are open.
 */
import { EVENT, EVENTS } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL } from '../../x86/perfmon.ts';
import type { OpenGuest } from './open-guest.ts';
import { nameOf, type Operation } from './operation.ts';

export const GUEST_KINDS = ['general', 'lawful'] as const;
export type GuestKind = (typeof GUEST_KINDS)[number];

/** An operation, what it is called, and where a lawful guest is after it. */
export interface Told { readonly name: string; readonly operation: Operation; readonly then: number }

const [CODE, UMASK] = EVENTS[EVENT['branch instructions retired']]!.codes[0];
const SELECTOR = CODE | (UMASK << 8) | EVTSEL.OS | EVTSEL.USR;
const LVTPC_NMI = 0x400;
const LVTPC_MASKED = 0x1_0400;
/** Events to the next wrap, and how long the guest runs: few for those who try everything, more for those who wander. */
const NARROW = { periods: [2, 5], runs: [1, 3] } as const;
const WIDE = { periods: [1, 2, 5, 100, 3000], runs: [1, 3, 60, 1000] } as const;
const WIDE_FROM = 8;

const wrmsr = (msr: number, low: number, high = 0): Operation => ({ op: 'wrmsr', msr, low: low >>> 0, high: high >>> 0 });
const rdmsr = (msr: number): Operation => ({ op: 'rdmsr', msr });
const rdpmc = (index: number): Operation => ({ op: 'rdpmc', index });
const run = (n: number): Operation => ({ op: 'run', n });
const IRET: Operation = { op: 'iret' };

const told = (operation: Operation, then = 0): Told => ({ operation, then, name: described(operation) });

function described(operation: Operation): string {
  return operation.op === 'wrmsr' ? `${nameOf(operation)} = 0x${operation.low.toString(16)}` : nameOf(operation);
}

const disable = wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, 0);
const enable = (set: number): Operation => wrmsr(MSRS.IA32_PERF_GLOBAL_CTRL, set);
const status = rdmsr(MSRS.IA32_PERF_GLOBAL_STATUS);
const acknowledge = (set: number): Operation => wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, set);
const lvtpc = (value: number): Operation => wrmsr(MSRS.IA32_X2APIC_LVT_PMI, value);
const select = (k: number, flags: number): Operation => wrmsr(MSRS.IA32_PERFEVTSEL0 + k, flags === 0 ? 0 : SELECTOR | flags);
/** So many events to the next wrap, with no bit above the counter's width: what is above is B7's question. */
const arm = (k: number, period: number, width: number): Operation => wrmsr(MSRS.IA32_PMC0 + k, 2 ** width - period);

/** All that a guest can do with so many counters. */
function general({ counters, width }: GuestOptions): readonly Told[] {
  const all = (1 << counters) - 1;
  const { periods, runs } = width < WIDE_FROM ? NARROW : WIDE;
  const sets = counters === 1 ? [0, 1] : [0, 1, all];
  const perCounter = Array.from({ length: counters }, (_, k) => [
    select(k, 0), select(k, EVTSEL.EN | EVTSEL.INT), select(k, EVTSEL.EN), ...periods.map((period) => arm(k, period, width)), rdpmc(k),
  ]).flat();
  return [
    ...runs.map(run), ...perCounter, ...sets.map(enable), status, acknowledge(all), lvtpc(LVTPC_NMI), lvtpc(LVTPC_MASKED),
  ].map((operation) => told(operation));
}

const LEAVE = told(IRET);

/** Places of the lawful guest: it sets its counter up, runs, and handles PMIs; its context switch stops and starts the counter. */
const SET_UP = 0;
const RUNNING = 10;
const STOPPED = 20;
const HANDLER = 30;

const FIRST_PERIOD = 3;

const lawful = ({ width }: GuestOptions): ReadonlyMap<number, readonly Told[]> => new Map<number, readonly Told[]>([
  [SET_UP, [told(disable, SET_UP + 1)]],
  [SET_UP + 1, [told(select(0, EVTSEL.EN | EVTSEL.INT), SET_UP + 2)]],
  [SET_UP + 2, [told(arm(0, FIRST_PERIOD, width), SET_UP + 3)]],
  [SET_UP + 3, [told(enable(1), RUNNING)]],
  [RUNNING, [told(run(1), RUNNING), told(rdpmc(0), RUNNING), told(disable, STOPPED)]],
  [STOPPED, [told(rdpmc(0), STOPPED + 1)]],
  [STOPPED + 1, [told(run(1), STOPPED + 1), told(select(0, 0), STOPPED + 2), told(enable(1), RUNNING)]],
  [STOPPED + 2, [told(arm(0, 2, width), STOPPED + 3), told(arm(0, 5, width), STOPPED + 3)]],
  [STOPPED + 3, [told(select(0, EVTSEL.EN | EVTSEL.INT), STOPPED + 4)]],
  [STOPPED + 4, [told(enable(1), RUNNING)]],
  [HANDLER, [told(disable, HANDLER + 1)]],
  [HANDLER + 1, [told(status, HANDLER + 2)]],
  [HANDLER + 2, [told(acknowledge(1), HANDLER + 3)]],
  [HANDLER + 3, [told(rdpmc(0), HANDLER + 4)]],
  [HANDLER + 4, [told(arm(0, 2, width), HANDLER + 5), told(arm(0, 5, width), HANDLER + 5)]],
  [HANDLER + 5, [told(status, HANDLER + 6)]],
  [HANDLER + 6, [told(enable(1), HANDLER + 7)]],
  [HANDLER + 7, [told(lvtpc(LVTPC_NMI), HANDLER + 8)]],
  [HANDLER + 8, [told(IRET, RUNNING)]],
]);

export interface GuestOptions { readonly guest: GuestKind; readonly counters: number; readonly width: number }

/** The lists of one kind of guest, made once: they are asked for at every step. */
export class GuestAlternatives {
  private readonly kind: GuestKind;
  private readonly always: readonly Told[];
  /** With the IRET of a guest that handles an NMI. */
  private readonly handling: readonly Told[];
  private readonly lawful: ReadonlyMap<number, readonly Told[]>;

  constructor(options: GuestOptions) {
    this.kind = options.guest;
    this.always = general(options);
    this.handling = [...this.always, LEAVE];
    this.lawful = lawful(options);
  }

  of(guest: OpenGuest): readonly Told[] {
    if (this.kind === 'general') return guest.nmiBlocked ? this.handling : this.always;
    // A PMI has come since: the handler begins.
    return this.lawful.get(guest.nmiBlocked && guest.place < HANDLER ? HANDLER : guest.place)!;
  }
}
