/**
 * What a guest may do next. The most general guest: any access with a value from a small domain, in any order. The lawful guest:
 * what Linux does, with its handler; only its periods and how long it runs are open. The pair: the same with two counters, of
 * which its handler treats those that the status names.
 */
import { EVENT, EVENTS, type EventName } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { DEBUGCTL, EVTSEL, STATUS_HIGH } from '../../x86/perfmon.ts';
import type { OpenGuest } from './open-guest.ts';
import { nameOf, type Operation } from './operation.ts';

export const GUEST_KINDS = ['general', 'lawful', 'pair'] as const;
export type GuestKind = (typeof GUEST_KINDS)[number];

/** An operation, what it is called, and where a lawful guest is after it. */
export interface Told { readonly name: string; readonly operation: Operation; readonly then: number }

function codeOf(event: EventName): number {
  const [code, umask] = EVENTS[EVENT[event]]!.codes[0];
  return code | (umask << 8);
}
/** A guest here is all kernel: what counts users only stands still. */
const EVERYBODY = EVTSEL.OS | EVTSEL.USR;
const COUNTING = EVTSEL.EN | EVTSEL.INT;
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
const UNMASK = lvtpc(LVTPC_NMI);
const select = (k: number, event: EventName, flags: number): Operation => wrmsr(MSRS.IA32_PERFEVTSEL0 + k, codeOf(event) | flags);
const deselect = (k: number): Operation => wrmsr(MSRS.IA32_PERFEVTSEL0 + k, 0);
/** So many events to the next wrap, with no bit above the counter's width: what is above is B7's question. */
const arm = (k: number, period: number, width: number): Operation => wrmsr(MSRS.IA32_PMC0 + k, 2 ** width - period);

/** All that a guest can do with so many counters. */
function general({ counters, width, event, freezes, silent }: GuestOptions): readonly Told[] {
  const all = (1 << counters) - 1;
  const { periods, runs } = width < WIDE_FROM ? NARROW : WIDE;
  const sets = counters === 1 ? [0, 1] : [0, 1, all];
  const perCounter = Array.from({ length: counters }, (_, k) => [
    deselect(k), ...(silent ? [] : [select(k, event, EVERYBODY | COUNTING)]), select(k, event, EVERYBODY | EVTSEL.EN),
    ...periods.map((period) => arm(k, period, width)), rdpmc(k),
  ]).flat();
  return [
    ...runs.map(run), ...perCounter, ...sets.map(enable), status, acknowledge(all),
    ...(silent ? [] : [UNMASK, lvtpc(LVTPC_MASKED)]),
    ...(freezes ? [...FREEZING, wrmsr(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, all, STATUS_HIGH.CTR_FRZ)] : []),
  ].map((operation) => told(operation));
}

const FREEZING = [DEBUGCTL.FREEZE_PERFMON_ON_PMI, 0].map((bits) => wrmsr(MSRS.IA32_DEBUGCTL, bits));
const LEAVE = told(IRET);

/** Places of the lawful guest: it sets its counter up, runs, and handles PMIs; its context switch stops and starts the counter. */
const SET_UP = 0;
const RUNNING = 10;
const STOPPED = 20;
const HANDLER = 30;

const FIRST_PERIOD = 3;

type Places = ReadonlyMap<number, readonly Told[]>;

const lawful = ({ width, event, reselects }: GuestOptions): Places => new Map<number, readonly Told[]>([
  [SET_UP, [told(disable, SET_UP + 1)]],
  [SET_UP + 1, [told(select(0, event, EVERYBODY | COUNTING), SET_UP + 2)]],
  [SET_UP + 2, [told(arm(0, FIRST_PERIOD, width), SET_UP + 3)]],
  [SET_UP + 3, [told(enable(1), RUNNING)]],
  [RUNNING, [
    told(run(1), RUNNING), told(rdpmc(0), RUNNING), told(disable, STOPPED),
    // A write retires in the state in which it began, which shows where it is counted itself.
    ...(event === 'instructions retired' ? [told(arm(0, 5, width), RUNNING), told(acknowledge(1), RUNNING)] : []),
  ]],
  [STOPPED, [told(rdpmc(0), STOPPED + 1)]],
  [STOPPED + 1, [told(run(1), STOPPED + 1), told(deselect(0), STOPPED + 2), told(enable(1), RUNNING)]],
  [STOPPED + 2, [
    told(arm(0, 2, width), STOPPED + 3), told(arm(0, 5, width), STOPPED + 3),
    // Whoever comes back to a counter may also go on from where it was.
    ...(reselects ? [told(rdpmc(0), STOPPED + 2), told(rdpmc(0), STOPPED + 3)] : []),
  ]],
  [STOPPED + 3, (reselects ? [EVERYBODY, EVTSEL.USR] : [EVERYBODY]).map((whom) => told(select(0, event, whom | COUNTING), STOPPED + 4))],
  [STOPPED + 4, [told(enable(1), RUNNING)]],
  [HANDLER, [told(disable, HANDLER + 1)]],
  [HANDLER + 1, [told(status, HANDLER + 2)]],
  [HANDLER + 2, [told(acknowledge(1), HANDLER + 3)]],
  [HANDLER + 3, [told(rdpmc(0), HANDLER + 4)]],
  [HANDLER + 4, (event === 'instructions retired' ? [1, 2, 5] : [2, 5]).map((period) => told(arm(0, period, width), HANDLER + 5))],
  [HANDLER + 5, [told(status, HANDLER + 6)]],
  [HANDLER + 6, [told(enable(1), HANDLER + 7)]],
  [HANDLER + 7, [told(lvtpc(LVTPC_NMI), HANDLER + 8)]],
  [HANDLER + 8, [told(IRET, RUNNING)]],
]);

/** The pair's places after SET_UP are the lawful guest's; in its handler, what is still to be treated is added to one of them. */
const BOTH = 3;
const TREATED = HANDLER + 10;
/** By what the status says. */
const ACKNOWLEDGING = HANDLER + 20;

const pair = ({ width, event }: GuestOptions): Places => new Map<number, readonly Told[]>([
  [SET_UP, [told(disable, SET_UP + 1)]],
  [SET_UP + 1, [told(select(0, event, EVERYBODY | COUNTING), SET_UP + 2)]],
  [SET_UP + 2, [told(select(1, event, EVERYBODY | COUNTING), SET_UP + 3)]],
  [SET_UP + 3, [told(arm(0, 2, width), SET_UP + 4), told(arm(0, FIRST_PERIOD, width), SET_UP + 4)]],
  [SET_UP + 4, [told(arm(1, FIRST_PERIOD, width), SET_UP + 5)]],
  [SET_UP + 5, [told(enable(BOTH), RUNNING)]],
  [RUNNING, [told(run(1), RUNNING), told(rdpmc(1), RUNNING), told(enable(1), STOPPED), told(disable, STOPPED + 1)]],
  // One of them goes on.
  [STOPPED, [told(run(1), STOPPED), told(rdpmc(1), STOPPED), told(enable(BOTH), RUNNING)]],
  [STOPPED + 1, [told(rdpmc(1), STOPPED + 1), told(enable(BOTH), RUNNING)]],
  [HANDLER, [told(disable, HANDLER + 1)]],
  [HANDLER + 1, [told(status, HANDLER + 2)]],
  ...[0, 1, 2, BOTH].flatMap((left): [number, readonly Told[]][] => {
    const k = (left & 1) !== 0 ? 0 : 1;
    const then = TREATED + (left & ~(1 << k));
    const periods = k === 0 ? [2, 4] : [FIRST_PERIOD];
    return [
      [ACKNOWLEDGING + left, [told(acknowledge(left), TREATED + left)]],
      [TREATED + left, left === 0 ? [told(status, HANDLER + 6)] : periods.map((period) => told(arm(k, period, width), then))],
    ];
  }),
  [HANDLER + 6, [told(enable(BOTH), HANDLER + 7)]],
  [HANDLER + 7, [told(lvtpc(LVTPC_NMI), HANDLER + 8)]],
  [HANDLER + 8, [told(IRET, RUNNING)]],
]);

export interface GuestOptions {
  readonly guest: GuestKind;
  readonly counters: number;
  readonly width: number;
  /** What its counters count. */
  readonly event: EventName;
  /** It has its counters frozen by PMIs. */
  readonly freezes: boolean;
  /** Its context switch may select what does not count where it is. */
  readonly reselects: boolean;
  /** It asks for no PMIs. */
  readonly silent: boolean;
  /** It does not unmask LVTPC before it has left its handler. */
  readonly unmasksLate: boolean;
}

/** The lists of one kind of guest, made once: they are asked for at every step. */
export class GuestAlternatives {
  private readonly kind: GuestKind;
  private readonly always: readonly Told[];
  /** With the IRET of a guest that handles an NMI. */
  private readonly handling: readonly Told[];
  private readonly lawful: Places;

  constructor(options: GuestOptions) {
    this.kind = options.guest;
    this.always = general(options);
    this.handling = [...(options.unmasksLate ? this.always.filter(({ operation }) => operation !== UNMASK) : this.always), LEAVE];
    this.lawful = (options.guest === 'pair' ? pair : lawful)(options);
  }

  of(guest: OpenGuest): readonly Told[] {
    if (this.kind === 'general') return guest.nmiBlocked ? this.handling : this.always;
    // A PMI has come since: the handler begins.
    const place = guest.nmiBlocked && guest.place < HANDLER ? HANDLER : guest.place;
    // It acts on what it has read, which is what bare metal shows, or something was found.
    const acts = this.kind === 'pair' && place === HANDLER + 2;
    return this.lawful.get(acts ? ACKNOWLEDGING + guest.oracle.pmu.regs.globalStatus : place)!;
  }
}
