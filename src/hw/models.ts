/**
 * Processors by name. Of each: who it says it is, its clocks, and its performance-monitoring unit, so that an operating system takes
 * the driver that it has for it, with that driver's events.
 *
 * Deviation: all of them have the caches and the errata of this machine and not their own, and of their instructions those of x86-64-v2
 * and XSAVE; and all of them say how fast the time-stamp counter is, which the older ones leave to a timer of the board.
 */
import type { Feature } from '../x86/isa/define.ts';
import type { PerfmonCaps } from '../x86/perfmon.ts';
import { type CpuModel, GENERIC, GENERIC_AMD, V2 } from './model.ts';

interface NamedModel {
  readonly cpu: CpuModel;
  readonly perfmon: PerfmonCaps;
}

/** What a processor that is nobody's counts with. */
export const GENERIC_PERFMON: PerfmonCaps = {
  version: 4, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: false, tsx: false,
};

/** SDM: "Architectural Performance Monitoring Version 3" and later. Topdown slots came with the fourth fixed counter. */
const INTEL: PerfmonCaps = { ...GENERIC_PERFMON, version: 3, unavailableEvents: 1 << 7, tsx: true };

const MHZ = 1_000_000;

/** Frequencies are multiples of the crystal's, so that CPUID can say them. */
const clocks = (crystal: number, ratio: number): Pick<CpuModel, 'crystal' | 'tsc' | 'core'> =>
  ({ crystal: crystal * MHZ, tsc: crystal * ratio * MHZ, core: crystal * ratio * MHZ });

const having = (model: CpuModel, features: readonly Feature[]): CpuModel =>
  ({ ...model, features: new Set([...model.features, ...features]) });
/** Of Haswell and Broadwell. Skylake brought the area without gaps. */
const OLDER: readonly Feature[] = [...V2, 'XSAVE', 'XSAVEOPT'], NEWER: readonly Feature[] = [...OLDER, 'XSAVEC'];
const intel = having(GENERIC, NEWER);

export const MODELS = {
  /** The generic processor, with all that this level of the architecture asks for. */
  'x86-64-v2': { cpu: { ...having(GENERIC, V2), brand: 'vpmu x86-64-v2 processor' }, perfmon: GENERIC_PERFMON },
  /** Broadwell-EP, four counters a thread. */
  broadwell: {
    cpu: {
      ...having(GENERIC, OLDER), brand: 'Intel(R) Xeon(R) CPU E5-2699 v4 @ 2.20GHz', model: 0x4f, stepping: 1, microcode: 0x0b00_0040,
      lastBranches: 16, ...clocks(25, 88),
    },
    perfmon: INTEL,
  },
  /** The client's Skylake. */
  skylake: {
    cpu: {
      ...intel, brand: 'Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz', model: 0x5e, stepping: 3, microcode: 0xf0, lastBranches: 32,
      physicalBits: 39, ...clocks(24, 142),
    },
    perfmon: { ...INTEL, version: 4 },
  },
  'sapphire-rapids': {
    cpu: { ...intel, brand: 'Intel(R) Xeon(R) Platinum 8480+', model: 0x8f, stepping: 8, microcode: 0x2b00_04d0, ...clocks(25, 80) },
    perfmon: { ...INTEL, version: 5, generalCounters: 8, fixedCounters: 4, unavailableEvents: 0, anyThreadDeprecated: true },
  },
  /** Genoa: six counters with PerfMonV2. */
  zen4: {
    cpu: {
      ...having(GENERIC_AMD, NEWER), brand: 'AMD EPYC 9654 96-Core Processor', model: 0x11, stepping: 1, microcode: 0x0a10_1148,
      ...clocks(25, 96),
    },
    perfmon: {
      ...GENERIC_PERFMON, version: 2, generalCounters: 6, fixedCounters: 0,
    },
  },
} as const satisfies Readonly<Record<string, NamedModel>>;

export type ModelName = keyof typeof MODELS;
export const MODEL_NAMES = Object.keys(MODELS) as ModelName[];
