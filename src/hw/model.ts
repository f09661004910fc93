/**
 * What a processor is: what CPUID says of it, and which instructions it has. One list of features; CPUID's bits and the
 * decoder both follow from it.
 */
import {
  brandRegisters, type Cpuid, type CpuidResult, EAXD1, EBX7, EBX88, ECX1, ECX81, EDX1, EDX81, NO_RESULT, signature, vendorRegisters,
} from '../x86/cpuid.ts';
import type { Feature } from '../x86/isa/define.ts';
import { MSRS } from '../x86/msr.ts';
import { type PerfmonCaps, perfmonLeaf } from '../x86/perfmon.ts';
import { amdPerfmonFeatures, amdPerfmonLeaf } from '../x86/perfmon-amd.ts';
import { XCR0_SSE, XCR0_X87, XSAVE_AREA } from '../x86/xcr.ts';
import { type CacheGeometry, FIRST_LEVEL, LAST_LEVEL, LINE } from './caches.ts';

export interface CpuModel {
  readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
  readonly brand: string;
  readonly family: number;
  readonly model: number;
  readonly stepping: number;
  /** Limit: these many last-branch records stay empty. Software takes them for granted where it knows the model. */
  readonly lastBranches: number;
  /** The revision of its microcode update. */
  readonly microcode: number;
  readonly features: ReadonlySet<Feature>;
  /** MAXPHYADDR. */
  readonly physicalBits: number;
  /** The crystal, the time-stamp counter and the core, in Hz. */
  readonly crystal: number;
  readonly tsc: number;
  readonly core: number;
}

/** x86-64, and some that every kernel asks for. */
const BASELINE: readonly Feature[] = [
  'CX8', 'CX16', 'MOVBE', 'POPCNT', 'RDTSCP', 'FSGSBASE', 'SMAP', 'CLFSH', 'SEP', 'LAHF64', 'FPU', 'RDRAND', 'RDSEED',
  'MMX', 'FXSR', 'SSE', 'SSE2',
];

/** A processor that is nobody's in particular: Intel's rules, architectural performance monitoring, nothing else. */
export const GENERIC: CpuModel = {
  vendor: 'GenuineIntel', brand: 'vpmu generic processor', family: 6, model: 0, stepping: 0, lastBranches: 0, microcode: 0,
  features: new Set(BASELINE), physicalBits: 46, crystal: 24_000_000, tsc: 2_400_000_000, core: 2_400_000_000,
};

/** What x86-64-v2 asks for besides. System V ABI, AMD64 supplement, "Micro-Architecture Levels". */
export const V2: readonly Feature[] = ['SSE3', 'SSSE3', 'SSE4_1', 'SSE4_2'];

/** The same of the other vendor: what tells software which counters to look for. */
export const GENERIC_AMD: CpuModel = {
  ...GENERIC, vendor: 'AuthenticAMD', family: 25, model: 16, features: new Set([...GENERIC.features, 'SYSCALL32']),
};

/** What leaf 1 says besides: these have no instruction of their own here. */
const EDX_ALWAYS = EDX1.DE | EDX1.PSE | EDX1.TSC | EDX1.MSR | EDX1.PAE | EDX1.MCE | EDX1.APIC | EDX1.PGE | EDX1.MCA | EDX1.CMOV
  | EDX1.PAT | EDX1.PSE36;

const HIGHEST_LEAF = 0x16;
const HIGHEST_EXTENDED = { GenuineIntel: 0x8000_0008, AuthenticAMD: 0x8000_0022 } as const;

/** Leaves that say one thing for each subleaf. */
const WITH_SUBLEAVES: ReadonlySet<number> = new Set([4, 7, 0xb, 0xd]);

/** CPUID of processor `apicId` of `cpus`. What has no subleaves is worked out once: guests ask for it all the time. */
export function cpuidOf(model: CpuModel, perfmon: PerfmonCaps, apicId: number, cpus: number): Cpuid {
  const answer = answersOf(model, perfmon, apicId, cpus);
  const leaves = [...range(0, HIGHEST_LEAF), ...range(0x8000_0000, HIGHEST_EXTENDED[model.vendor])];
  const known = new Map(leaves.filter((leaf) => !WITH_SUBLEAVES.has(leaf)).map((leaf) => [leaf, answer(leaf, 0)]));
  return (leaf, subleaf) => known.get(leaf >>> 0) ?? answer(leaf, subleaf);
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

function answersOf(model: CpuModel, perfmon: PerfmonCaps, apicId: number, cpus: number): Cpuid {
  const { features } = model;
  const amd = model.vendor === 'AuthenticAMD';
  // IA32_PERF_CAPABILITIES has nothing else to say.
  const capabilities = perfmon.version > 0 && perfmon.fullWidthWrites && !amd;
  const bit = (feature: Feature, mask: number): number => (features.has(feature) ? mask : 0);
  return (leaf, subleaf) => {
    switch (leaf >>> 0) {
      case 0: return { eax: HIGHEST_LEAF, ...vendorRegisters(model.vendor) };
      case 1: return {
        eax: signature(model.family, model.model, model.stepping),
        // CLFLUSH works on lines of 8 quadwords.
        ebx: ((apicId << 24) | (cpus << 16) | (8 << 8)) >>> 0,
        ecx: (ECX1.X2APIC | ECX1.TSC_DEADLINE | (capabilities ? ECX1.PDCM : 0) | bit('CX16', ECX1.CX16)
          | bit('MOVBE', ECX1.MOVBE) | bit('POPCNT', ECX1.POPCNT) | bit('RDRAND', ECX1.RDRAND)
          | bit('SSE3', ECX1.SSE3) | bit('SSSE3', ECX1.SSSE3) | bit('SSE4_1', ECX1.SSE4_1) | bit('SSE4_2', ECX1.SSE4_2)
          | bit('XSAVE', ECX1.XSAVE)) >>> 0,
        edx: EDX_ALWAYS | bit('FPU', EDX1.FPU) | bit('CX8', EDX1.CX8) | bit('SEP', EDX1.SEP) | bit('CLFSH', EDX1.CLFSH)
          | bit('MMX', EDX1.MMX) | bit('FXSR', EDX1.FXSR) | bit('SSE', EDX1.SSE) | bit('SSE2', EDX1.SSE2),
      };
      // What there is to know of caches is in leaf 4.
      case 2: return amd ? NO_RESULT : { ...NO_RESULT, eax: 0xff01 };
      case 4: return amd ? NO_RESULT : cacheLeaf(subleaf, cpus);
      // The local APIC's timer never stops.
      case 6: return { ...NO_RESULT, eax: 1 << 2 };
      case 7: return subleaf === 0 ? {
        ...NO_RESULT,
        ebx: EBX7.TSC_ADJUST | EBX7.SMEP | bit('SMAP', EBX7.SMAP) | bit('FSGSBASE', EBX7.FSGSBASE) | bit('RDSEED', EBX7.RDSEED),
      } : NO_RESULT;
      case 0xa: return amd ? NO_RESULT : perfmonLeaf(perfmon);
      // One thread a core; all cores in one package.
      case 0xb: return topology(subleaf, apicId, cpus);
      case 0xd: return !features.has('XSAVE') ? NO_RESULT
        : subleaf === 0 ? { ...NO_RESULT, eax: XCR0_X87 | XCR0_SSE, ebx: XSAVE_AREA, ecx: XSAVE_AREA }
        : subleaf === 1 ? {
          ...NO_RESULT, eax: bit('XSAVEOPT', EAXD1.XSAVEOPT) | bit('XSAVEC', EAXD1.XSAVEC | EAXD1.XGETBV1), ebx: bit('XSAVEC', XSAVE_AREA),
        } : NO_RESULT;
      case 0x15: return { eax: 1, ebx: model.tsc / model.crystal, ecx: model.crystal, edx: 0 };
      case 0x16: return { eax: model.core / 1e6, ebx: model.core / 1e6, ecx: model.crystal / 1e6, edx: 0 };
      case 0x8000_0000: return { ...NO_RESULT, eax: HIGHEST_EXTENDED[model.vendor] };
      case 0x8000_0001: return {
        ...NO_RESULT, ecx: bit('LAHF64', ECX81.LAHF64) | (amd ? amdPerfmonFeatures(perfmon) : 0),
        edx: EDX81.SYSCALL | EDX81.NX | EDX81.PAGE_1GB | EDX81.LM | bit('RDTSCP', EDX81.RDTSCP),
      };
      case 0x8000_0002: case 0x8000_0003: case 0x8000_0004: return brandRegisters(model.brand, leaf >>> 0);
      case 0x8000_0005: return amd ? { ...NO_RESULT, ecx: amdFirstLevel(FIRST_LEVEL) } : NO_RESULT;
      case 0x8000_0006: return amd ? { ...NO_RESULT, edx: amdLastLevel(LAST_LEVEL) } : NO_RESULT;
      // Invariant time-stamp counter.
      case 0x8000_0007: return { ...NO_RESULT, edx: 1 << 8 };
      // FXSAVE and FXRSTOR always treat the x87 pointers alike, whether or not an exception is pending.
      case 0x8000_0008: return { ...NO_RESULT, eax: model.physicalBits | (48 << 8), ebx: amd ? EBX88.XSAVEERPTR : 0 };
      case 0x8000_0022: return amd ? amdPerfmonLeaf(perfmon) : NO_RESULT;
      default: return NO_RESULT;
    }
  };
}

const HWCR_TSC_AT_P0 = 1n << 24n;
const NB_CFG1_EXTENDED = 1n << 46n;

/**
 * Registers that say something, or nothing, and do nothing. SDM: "IA32_BIOS_SIGN_ID", which a processor loads with the revision in its
 * high half. AMD has it in the low half; its firmware leaves in HWCR that the time-stamp counter counts at P0's frequency, and in NB_CFG1
 * that ports reach extended configuration space.
 */
export function constantMsrs({ vendor, microcode, lastBranches }: CpuModel): ReadonlyMap<number, bigint> {
  return new Map(vendor === 'AuthenticAMD'
    ? [[MSRS.IA32_BIOS_SIGN_ID, BigInt(microcode)], [MSRS.HWCR, HWCR_TSC_AT_P0], [MSRS.NB_CFG1, NB_CFG1_EXTENDED]]
    : [[MSRS.IA32_BIOS_SIGN_ID, BigInt(microcode) << 32n], ...emptyRecords(lastBranches)]);
}

/** SDM, "Last Branch Records": which one is the last, which branches are wanted, and from where, to where, and how each went. */
const emptyRecords = (count: number): [number, bigint][] => (count === 0 ? [] : [
  MSRS.MSR_LASTBRANCH_TOS, MSRS.MSR_LBR_SELECT,
  ...[MSRS.MSR_LASTBRANCH_0_FROM_IP, MSRS.MSR_LASTBRANCH_0_TO_IP, MSRS.MSR_LBR_INFO_0].flatMap((first) =>
    Array.from({ length: count }, (_, i) => first + i)),
].map((msr) => [msr, 0n]));

/** "Deterministic Cache Parameters": the data cache of each processor, and the last level, which all of them share. */
function cacheLeaf(subleaf: number, cpus: number): CpuidResult {
  const cores = 2 ** coreBitsOf(cpus);
  const describe = ({ ways, sets }: CacheGeometry, type: number, level: number, sharing: number): CpuidResult => ({
    eax: (type | (level << 5) | (1 << 8) | ((sharing - 1) << 14) | ((cores - 1) << 26)) >>> 0,
    ebx: ((LINE - 1) | ((ways - 1) << 22)) >>> 0, ecx: sets - 1, edx: 0,
  });
  if (subleaf === 0) return describe(FIRST_LEVEL, CACHE_TYPE.data, 1, 1);
  return subleaf === 1 ? describe(LAST_LEVEL, CACHE_TYPE.unified, 3, cores) : NO_RESULT;
}

const CACHE_TYPE = { data: 1, unified: 3 } as const;

/** AMD, "L1 Cache and TLB Information": size in KiB, ways, lines per tag, bytes of a line. */
const amdFirstLevel = ({ ways, sets }: CacheGeometry): number => (((ways * sets * LINE) >> 10) << 24) | (ways << 16) | (1 << 8) | LINE;
/** "L2 Cache and L3 Cache Information": size in 512 KiB, and a code that means 16 ways. */
const amdLastLevel = ({ ways, sets }: CacheGeometry): number => (((ways * sets * LINE) >> 19) << 18) | (8 << 12) | (1 << 8) | LINE;

const coreBitsOf = (cpus: number): number => Math.ceil(Math.log2(Math.max(1, cpus)));

function topology(subleaf: number, apicId: number, cpus: number): ReturnType<Cpuid> {
  const coreBits = coreBitsOf(cpus);
  if (subleaf === 0) return { eax: 0, ebx: 1, ecx: 1 << 8, edx: apicId };
  if (subleaf === 1) return { eax: coreBits, ebx: cpus, ecx: (2 << 8) | 1, edx: apicId };
  return { ...NO_RESULT, ecx: subleaf, edx: apicId };
}
