/**
 * What differs between Intel's and AMD's PMUs in the hands of the host: the numbers of registers, encodings of events, and by what
 * means an event counts in the host only or in guests only. It is data and pure functions; nobody else asks whose PMU it is.
 */
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import { amdEventCode, amdEventOf, EVENTS, eventOf, FIXED_EVENTS } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { EVTSEL, type PerfmonCaps, PerfmonRegs } from '../../x86/perfmon.ts';
import { AmdPerfmonRegs, amdWindow } from '../../x86/perfmon-amd.ts';
import type { Generation } from '../generation.ts';
import type { PerfEventAttr } from './event.ts';

/** The global registers. */
interface GlobalMsrs {
  readonly globalCtrl: number;
  readonly globalStatus: number;
  readonly statusReset: number;
  readonly statusSet: number;
}

/** An event as a selector asks for it. */
interface EventCode { readonly config: number; readonly configHigh: number }

export interface PmuVendor {
  readonly msr: GlobalMsrs;
  /** VM entry and VM exit load the global control. Where they do not, each selector says in which mode it counts. */
  readonly switchesGlobalCtrl: boolean;
  /** Delivery of a PMI masks LVTPC, so the handler writes it back. */
  readonly masksLvtpc: boolean;
  /** KVM has rules of its own for the registers of a guest. */
  readonly kvmHasOwnRules: boolean;
  /** The first version whose unit KVM can give away to a guest; and what versions are called. */
  readonly mediatedFrom: number;
  versionName(version: number): string;
  /** The version that KVM offers at most. */
  versionOffered(generation: Generation): number;
  /** A unit with such counters. */
  registers(caps: PerfmonCaps): CounterRegisters;
  counterMsr(k: number, caps: PerfmonCaps): number;
  selectorMsr(k: number, caps: PerfmonCaps): number;
  rdpmcIndex(k: number, caps: PerfmonCaps): number;
  /** How many events can be armed at once. */
  maxPeriod(width: number, caps: PerfmonCaps): number;
  codeOf(event: number): EventCode;
  eventAt(config: number, configHigh: number): number;
  /** Bits of the event select that lie in the selector's high half. */
  eventSelectHigh(high: number): number;
  /** Bits of the selector's high half that say in which mode it counts. */
  modeBits(attr: PerfEventAttr): number;
}

/** RDPMC's type field for fixed counters. */
const RDPMC_FIXED = 1 << 30;
const code = ([select, umask]: readonly [number, number]): EventCode =>
  ({ config: (select & 0xff) | (umask << 8), configHigh: select >> 8 });

export const INTEL: PmuVendor = {
  msr: {
    globalCtrl: MSRS.IA32_PERF_GLOBAL_CTRL, globalStatus: MSRS.IA32_PERF_GLOBAL_STATUS,
    statusReset: MSRS.IA32_PERF_GLOBAL_STATUS_RESET, statusSet: MSRS.IA32_PERF_GLOBAL_STATUS_SET,
  },
  switchesGlobalCtrl: true,
  masksLvtpc: true,
  kvmHasOwnRules: true,
  mediatedFrom: 4,
  versionName: (version) => `version ${version}`,
  versionOffered: () => 2,
  registers: (caps) => new PerfmonRegs(caps),
  counterMsr: (k, { generalCounters, fullWidthWrites }) => {
    if (k >= generalCounters) return MSRS.IA32_FIXED_CTR0 + k - generalCounters;
    return (fullWidthWrites ? MSRS.IA32_A_PMC0 : MSRS.IA32_PMC0) + k;
  },
  selectorMsr: (k) => MSRS.IA32_PERFEVTSEL0 + k,
  rdpmcIndex: (k, { generalCounters }) => (k < generalCounters ? k : RDPMC_FIXED + k - generalCounters),
  // The low window sign-extends from bit 31: more than half of its range would be a short period.
  maxPeriod: (width, { fullWidthWrites }) => Math.min(2 ** (width - 1) - 1, fullWidthWrites ? Number.POSITIVE_INFINITY : 2 ** 31 - 1),
  codeOf: (event) => code(EVENTS[event]!.codes[0]),
  eventAt: (config) => eventOf(config),
  eventSelectHigh: () => 0,
  modeBits: () => 0,
};

export const AMD: PmuVendor = {
  msr: {
    globalCtrl: MSRS.PerfCntrGlobalCtl, globalStatus: MSRS.PerfCntrGlobalStatus, statusReset: MSRS.PerfCntrGlobalStatusClr,
    statusSet: MSRS.PerfCntrGlobalStatusSet,
  },
  switchesGlobalCtrl: false,
  masksLvtpc: false,
  kvmHasOwnRules: false,
  mediatedFrom: 2,
  versionName: (version) => (version >= 2 ? 'PerfMonV2' : 'counters without global registers'),
  versionOffered: ({ perfMonV2 }) => (perfMonV2 ? 2 : 1),
  registers: (caps) => new AmdPerfmonRegs(caps),
  counterMsr: (k, caps) => amdWindow(caps).counter + amdWindow(caps).step * k,
  selectorMsr: (k, caps) => amdWindow(caps).control + amdWindow(caps).step * k,
  rdpmcIndex: (k) => k,
  maxPeriod: (width) => 2 ** (width - 1) - 1,
  codeOf: (event) => {
    const amd = amdEventCode(EVENTS[event]!.name);
    return amd === undefined ? { config: 0, configHigh: 0 } : code(amd);
  },
  eventAt: (config, high) => amdEventOf(config, high),
  eventSelectHigh: (high) => high & 0xf,
  modeBits: ({ excludeHost, excludeGuest }) => (excludeHost ? EVTSEL.GUEST_ONLY_HIGH : 0) | (excludeGuest ? EVTSEL.HOST_ONLY_HIGH : 0),
};

/** The fixed counter that counts the event, or -1. */
export const fixedCounterOf = (event: number, { fixedCounters }: PerfmonCaps): number => {
  const fixed = event === -1 ? -1 : FIXED_EVENTS.indexOf(event);
  return fixed < fixedCounters ? fixed : -1;
};
