/**
 * Model-specific registers. Names are the manuals', letter for letter, so that a search for one finds the manual and the
 * code.
 */
import type { Brand } from '../base/brand.ts';

export type MsrIndex = Brand<number, 'MsrIndex'>;

const MSR = {
  IA32_TIME_STAMP_COUNTER: 0x10,
  IA32_APIC_BASE: 0x1b,
  IA32_FEATURE_CONTROL: 0x3a,
  IA32_TSC_ADJUST: 0x3b,
  IA32_BIOS_SIGN_ID: 0x8b,
  IA32_PMC0: 0xc1,
  IA32_MPERF: 0xe7,
  IA32_APERF: 0xe8,
  IA32_MTRRCAP: 0xfe,
  IA32_SYSENTER_CS: 0x174,
  IA32_SYSENTER_ESP: 0x175,
  IA32_SYSENTER_EIP: 0x176,
  IA32_MCG_CAP: 0x179,
  IA32_MCG_STATUS: 0x17a,
  IA32_PERFEVTSEL0: 0x186,
  IA32_MISC_ENABLE: 0x1a0,
  MSR_LBR_SELECT: 0x1c8,
  MSR_LASTBRANCH_TOS: 0x1c9,
  IA32_DEBUGCTL: 0x1d9,
  IA32_PAT: 0x277,
  IA32_MTRR_DEF_TYPE: 0x2ff,
  IA32_FIXED_CTR0: 0x309,
  IA32_PERF_CAPABILITIES: 0x345,
  IA32_FIXED_CTR_CTRL: 0x38d,
  IA32_PERF_GLOBAL_STATUS: 0x38e,
  IA32_PERF_GLOBAL_CTRL: 0x38f,
  /** IA32_PERF_GLOBAL_OVF_CTRL before version 4. */
  IA32_PERF_GLOBAL_STATUS_RESET: 0x390,
  IA32_PERF_GLOBAL_STATUS_SET: 0x391,
  IA32_PERF_GLOBAL_INUSE: 0x392,
  /** Full-width alias of IA32_PMC0; present with IA32_PERF_CAPABILITIES.FW_WRITE. */
  IA32_A_PMC0: 0x4c1,
  MSR_LASTBRANCH_0_FROM_IP: 0x680,
  MSR_LASTBRANCH_0_TO_IP: 0x6c0,
  IA32_TSC_DEADLINE: 0x6e0,
  IA32_X2APIC_APICID: 0x802,
  IA32_X2APIC_EOI: 0x80b,
  IA32_X2APIC_SIVR: 0x80f,
  IA32_X2APIC_LVT_TIMER: 0x832,
  IA32_X2APIC_LVT_PMI: 0x834,
  IA32_X2APIC_INIT_COUNT: 0x838,
  IA32_X2APIC_DIV_CONF: 0x83e,
  MSR_LBR_INFO_0: 0xdc0,
  IA32_EFER: 0xc000_0080,
  IA32_STAR: 0xc000_0081,
  IA32_LSTAR: 0xc000_0082,
  IA32_CSTAR: 0xc000_0083,
  IA32_FMASK: 0xc000_0084,
  IA32_FS_BASE: 0xc000_0100,
  IA32_GS_BASE: 0xc000_0101,
  IA32_KERNEL_GS_BASE: 0xc000_0102,
  IA32_TSC_AUX: 0xc000_0103,
  // AMD's, by the names of its manual. Selectors and counters of the extended window alternate.
  PerfCntrGlobalStatus: 0xc000_0300,
  PerfCntrGlobalCtl: 0xc000_0301,
  PerfCntrGlobalStatusClr: 0xc000_0302,
  PerfCntrGlobalStatusSet: 0xc000_0303,
  HWCR: 0xc001_0015,
  NB_CFG1: 0xc001_001f,
  PERF_LEGACY_CTL0: 0xc001_0000,
  PERF_LEGACY_CTR0: 0xc001_0004,
  PERF_CTL0: 0xc001_0200,
  PERF_CTR0: 0xc001_0201,
} as const;

type MsrName = keyof typeof MSR;
/** All of them, by name. Arrays of registers are given by their first. */
export const MSRS = MSR as Readonly<Record<MsrName, number>> as Readonly<Record<MsrName, MsrIndex>>;

/** Bits of IA32_MISC_ENABLE: fast strings, which are on after a reset; and read-only, what software can use to measure. */
export const MISC_ENABLE = {
  FAST_STRINGS: 1 << 0, PERFORMANCE_MONITORING: 1 << 7, BTS_UNAVAILABLE: 1 << 11, PEBS_UNAVAILABLE: 1 << 12,
} as const;

/** The first and last index of the x2APIC's registers. */
export const X2APIC_FIRST = 0x800;
export const X2APIC_LAST = 0x8ff;

/** The register's name, or its number: what a trace prints. */
export const msrName = (index: number): string => NAMES.get(index) ?? arrayName(index) ?? `MSR ${index.toString(16).toUpperCase()}H`;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(MSR).map(([name, index]) => [index, name]));

/** Registers in a row: how many, and how far apart. */
const ARRAYS: readonly (readonly [MsrName, count: number, step: number])[] = [
  ['IA32_PMC0', 8, 1], ['IA32_A_PMC0', 8, 1], ['IA32_PERFEVTSEL0', 8, 1], ['IA32_FIXED_CTR0', 8, 1],
  ['PERF_LEGACY_CTL0', 4, 1], ['PERF_LEGACY_CTR0', 4, 1], ['PERF_CTL0', 6, 2], ['PERF_CTR0', 6, 2],
];

function arrayName(index: number): string | undefined {
  for (const [name, count, step] of ARRAYS) {
    const i = (index - MSR[name]) / step;
    if (i > 0 && i < count && Number.isInteger(i)) return name.replace(/0$/, String(i));
  }
  return undefined;
}
