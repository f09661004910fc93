/**
 * Processors by name. Of each: who it says it is, its clocks, and its performance-monitoring unit, so that an operating system takes
 * the driver that it has for it, with that driver's events.
 *
 * Deviation: all of them have the instructions, the caches and the errata of this machine and not their own; and all of them say how
 * fast the time-stamp counter is, which the older ones leave to a timer of the board.
 */
import type { PerfmonCaps } from '../x86/perfmon.ts';
import { type CpuModel, GENERIC, GENERIC_AMD } from './model.ts';

interface NamedModel {
  readonly cpu: CpuModel;
  readonly perfmon: PerfmonCaps;
}

/** SDM: "Architectural Performance Monitoring Version 3" and later; widths are 48 bits on all of them. */
const INTEL: PerfmonCaps = {
  version: 3, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: true,
  // Topdown slots came with the fourth fixed counter.
  unavailableEvents: 1 << 7, anyThreadDeprecated: false, tsx: true,
};

const MHZ = 1_000_000;

/** Frequencies are multiples of the crystal's, so that CPUID can say them. */
const clocks = (crystal: number, ratio: number): Pick<CpuModel, 'crystal' | 'tsc' | 'core'> =>
  ({ crystal: crystal * MHZ, tsc: crystal * ratio * MHZ, core: crystal * ratio * MHZ });

export const MODELS = {
  /** Broadwell-EP, four counters a thread. */
  broadwell: {
    cpu: {
      ...GENERIC, brand: 'Intel(R) Xeon(R) CPU E5-2699 v4 @ 2.20GHz', model: 0x4f, stepping: 1, microcode: 0x0b00_0040, lastBranches: 16,
      ...clocks(25, 88),
    },
    perfmon: INTEL,
  },
  /** The client's Skylake. */
  skylake: {
    cpu: {
      ...GENERIC, brand: 'Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz', model: 0x5e, stepping: 3, microcode: 0xf0, lastBranches: 32,
      physicalBits: 39, ...clocks(24, 142),
    },
    perfmon: { ...INTEL, version: 4 },
  },
  'sapphire-rapids': {
    cpu: { ...GENERIC, brand: 'Intel(R) Xeon(R) Platinum 8480+', model: 0x8f, stepping: 8, microcode: 0x2b00_04d0, ...clocks(25, 80) },
    perfmon: { ...INTEL, version: 5, generalCounters: 8, fixedCounters: 4, unavailableEvents: 0, anyThreadDeprecated: true },
  },
  /** Genoa: six counters with PerfMonV2. */
  zen4: {
    cpu: { ...GENERIC_AMD, brand: 'AMD EPYC 9654 96-Core Processor', model: 0x11, stepping: 1, microcode: 0x0a10_1148, ...clocks(25, 96) },
    perfmon: {
      version: 2, generalCounters: 6, generalWidth: 48, fixedCounters: 0, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
      anyThreadDeprecated: false, tsx: false,
    },
  },
} as const satisfies Readonly<Record<string, NamedModel>>;

export type ModelName = keyof typeof MODELS;
export const MODEL_NAMES = Object.keys(MODELS) as ModelName[];
