/**
 * What a performance-monitoring unit is said to have: CPUID leaf 0AH and IA32_PERF_CAPABILITIES; and the bits of its registers.
 * SDM: "Performance Monitoring", and the MSR tables. The registers themselves are in perfmon.ts, and AMD's in perfmon-amd.ts.
 */
import { POWER_OF_TWO } from '../base/u64.ts';
import { type CounterSet, counterSet, setHigh, setLow } from './counter-set.ts';
import type { CpuidResult } from './cpuid.ts';
import { EVENTS } from './event.ts';
import type { MsrIndex } from './msr.ts';

/** What CPUID leaf 0AH and IA32_PERF_CAPABILITIES enumerate. */
export interface PerfmonCaps {
  /** 0 is no performance monitoring at all. */
  readonly version: number;
  readonly generalCounters: number;
  /** In bits, for the general counters. */
  readonly generalWidth: number;
  /** Fixed counters exist from version 2 on. */
  readonly fixedCounters: number;
  readonly fixedWidth: number;
  /** IA32_PERF_CAPABILITIES.FW_WRITE: the counters have a second window that takes all their bits. */
  readonly fullWidthWrites: boolean;
  /** Architectural events that are not available, by bit of CPUID.0AH:EBX. */
  readonly unavailableEvents: number;
  /** AnyThread is reserved although the version has it. */
  readonly anyThreadDeprecated: boolean;
  /** The selectors have IN_TX and IN_TXCP. */
  readonly tsx: boolean;
}

/** Software that was told of the second unit finds all of it in the first one. AnyThread came with version 3. */
export function covers(first: PerfmonCaps, second: PerfmonCaps): boolean {
  const { version, generalCounters: general, fixedCounters: fixed } = second;
  return version <= first.version && general <= first.generalCounters && fixed <= first.fixedCounters
    && (general === 0 || second.generalWidth === first.generalWidth) && (fixed === 0 || second.fixedWidth === first.fixedWidth)
    && (first.fullWidthWrites || !second.fullWidthWrites) && (first.tsx || !second.tsx)
    && (version < 3 || second.anyThreadDeprecated || !first.anyThreadDeprecated)
    && (first.unavailableEvents & ~second.unavailableEvents) === 0;
}

/** Bits of IA32_PERFEVTSELx. IN_TX and IN_TXCP are in the high half, and so are AMD's GuestOnly and HostOnly. */
export const EVTSEL = {
  USR: 1 << 16, OS: 1 << 17, EDGE: 1 << 18, PIN: 1 << 19, INT: 1 << 20, ANY: 1 << 21, EN: 1 << 22, INV: 1 << 23, CMASK_SHIFT: 24,
  IN_TX_HIGH: 1 << 0, IN_TXCP_HIGH: 1 << 1, GUEST_ONLY_HIGH: 1 << 8, HOST_ONLY_HIGH: 1 << 9,
} as const;

/** The four bits that each fixed counter has in IA32_FIXED_CTR_CTRL. */
export const FIXED_CTRL = { OS: 1, USR: 2, ANY: 4, PMI: 8, bits: 4 } as const;

/** Flags of IA32_PERF_GLOBAL_STATUS above the counters, as bits of its high half. */
export const STATUS_HIGH = {
  TRACE_TOPA_PMI: 1 << (55 - 32), LBR_FRZ: 1 << (58 - 32), CTR_FRZ: 1 << (59 - 32), ASCI: 1 << (60 - 32), OVF_UNCORE: 1 << (61 - 32),
  OVF_BUFFER: 1 << (62 - 32), COND_CHGD: 1 << (63 - 32),
} as const;
export const FLAGS_HALF = 0xffff_0000;

/**
 * Bits of IA32_DEBUGCTL that exist here.
 * Limit: LBR and BTF hold what is written and do nothing: there are no last-branch records, and TF always means each instruction.
 */
export const DEBUGCTL = { LBR: 1 << 0, BTF: 1 << 1, FREEZE_LBRS_ON_PMI: 1 << 11, FREEZE_PERFMON_ON_PMI: 1 << 12 } as const;

/** IA32_PERF_CAPABILITIES.FW_WRITE. */
export const PERF_CAP_FW_WRITE = 1 << 13;

/** A register's value on its way, as RDMSR returns it. */
export interface MsrValue { low: number; high: number }
export const newMsrValue = (): MsrValue => ({ low: 0, high: 0 });

/** All counters that exist. */
export const allCounters = ({ generalCounters, fixedCounters }: PerfmonCaps): CounterSet =>
  counterSet((1 << generalCounters) - 1, (1 << fixedCounters) - 1);
export const generalCounters = (caps: PerfmonCaps): CounterSet => counterSet((1 << caps.generalCounters) - 1, 0);

/** CPUID leaf 0AH. SDM: "Architectural Performance Monitoring Leaf". */
export function perfmonLeaf(caps: PerfmonCaps): CpuidResult {
  if (caps.version === 0) return { eax: 0, ebx: 0, ecx: 0, edx: 0 };
  const architectural = EVENTS.filter((event) => 'architectural' in event).length;
  const fixed = caps.version >= 2 ? caps.fixedCounters | (caps.fixedWidth << 5) : 0;
  return {
    eax: (caps.version | (caps.generalCounters << 8) | (caps.generalWidth << 16) | (architectural << 24)) >>> 0,
    ebx: caps.unavailableEvents,
    ecx: caps.version >= 5 ? (1 << caps.fixedCounters) - 1 : 0,
    edx: fixed | (caps.anyThreadDeprecated ? 1 << 15 : 0),
  };
}

export const perfCapabilities = (caps: PerfmonCaps): number => (caps.fullWidthWrites ? PERF_CAP_FW_WRITE : 0);

/** Which of `count` registers from `first` on an MSR index is, or -1. */
export const within = (msr: number, first: MsrIndex, count: number): number => (msr >= first && msr < first + count ? msr - first : -1);

export function put(out: MsrValue, low: number, high: number): true {
  out.low = low;
  out.high = high >>> 0;
  return true;
}

export const putSet = (out: MsrValue, set: CounterSet, flags = 0): true => put(out, setLow(set), setHigh(set) | flags);

/** No bit at or above `width`. */
export const fits = (low: number, high: number, width: number): boolean =>
  width >= 32 ? width === 64 || (high >>> 0) < POWER_OF_TWO[width - 32]! : high === 0 && (low >>> 0) < POWER_OF_TWO[width]!;
