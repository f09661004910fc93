/** What CPUID answers. SDM: "CPUID - CPU Identification". */

export interface CpuidResult { readonly eax: number; readonly ebx: number; readonly ecx: number; readonly edx: number }

/** Answers a leaf and subleaf. Bits that follow from registers, such as CR4.OSXSAVE, are merged in by the processor. */
export type Cpuid = (leaf: number, subleaf: number) => CpuidResult;

export const NO_RESULT: CpuidResult = { eax: 0, ebx: 0, ecx: 0, edx: 0 };

/** Twelve characters as EBX, EDX and ECX of leaf 0 hold them. */
export function vendorRegisters(vendor: string): Pick<CpuidResult, 'ebx' | 'ecx' | 'edx'> {
  const word = (at: number): number =>
    [0, 1, 2, 3].reduce((value, i) => value | (vendor.charCodeAt(at + i) << (8 * i)), 0) >>> 0;
  return { ebx: word(0), edx: word(4), ecx: word(8) };
}

/** Four registers of leaves 80000002H to 80000004H: 48 characters, padded with zeros. */
export function brandRegisters(brand: string, leaf: number): CpuidResult {
  const padded = brand.padEnd(48, '\0');
  const at = (leaf - 0x8000_0002) * 16;
  const word = (offset: number): number =>
    [0, 1, 2, 3].reduce((value, i) => value | (padded.charCodeAt(at + offset + i) << (8 * i)), 0) >>> 0;
  return { eax: word(0), ebx: word(4), ecx: word(8), edx: word(12) };
}

/** EAX of leaf 1 from display family, model and stepping. */
export function signature(family: number, model: number, stepping: number): number {
  const extendedFamily = family > 15 ? family - 15 : 0;
  const baseFamily = Math.min(family, 15);
  const extendedModel = baseFamily === 6 || baseFamily === 15 ? model >> 4 : 0;
  return (extendedFamily << 20) | (extendedModel << 16) | (baseFamily << 8) | ((model & 15) << 4) | stepping;
}

/** Feature bits of leaf 1, EDX. */
export const EDX1 = {
  FPU: 1 << 0, VME: 1 << 1, DE: 1 << 2, PSE: 1 << 3, TSC: 1 << 4, MSR: 1 << 5, PAE: 1 << 6, MCE: 1 << 7, CX8: 1 << 8,
  APIC: 1 << 9, SEP: 1 << 11, MTRR: 1 << 12, PGE: 1 << 13, MCA: 1 << 14, CMOV: 1 << 15, PAT: 1 << 16, PSE36: 1 << 17,
  CLFSH: 1 << 19, DS: 1 << 21, MMX: 1 << 23, FXSR: 1 << 24, SSE: 1 << 25, SSE2: 1 << 26, SS: 1 << 27,
} as const;

/** Feature bits of leaf 1, ECX. */
export const ECX1 = {
  SSE3: 1 << 0, SSSE3: 1 << 9, CX16: 1 << 13, PDCM: 1 << 15, SSE4_1: 1 << 19, SSE4_2: 1 << 20, X2APIC: 1 << 21, MOVBE: 1 << 22,
  POPCNT: 1 << 23, TSC_DEADLINE: 1 << 24, XSAVE: 1 << 26, OSXSAVE: 1 << 27, RDRAND: 1 << 30, HYPERVISOR: 1 << 31,
} as const;

/** Feature bits of leaf 7, EBX. */
export const EBX7 = { FSGSBASE: 1 << 0, TSC_ADJUST: 1 << 1, SMEP: 1 << 7, RDSEED: 1 << 18, SMAP: 1 << 20 } as const;

/** Feature bits of leaf 0DH, subleaf 1, EAX. */
export const EAXD1 = { XSAVEOPT: 1 << 0, XSAVEC: 1 << 1, XGETBV1: 1 << 2 } as const;

/** Feature bits of leaf 80000008H, AMD's. */
export const EBX88 = { XSAVEERPTR: 1 << 2 } as const;

/** Feature bits of leaf 80000001H. */
export const EDX81 = { SYSCALL: 1 << 11, NX: 1 << 20, PAGE_1GB: 1 << 26, RDTSCP: 1 << 27, LM: 1 << 29 } as const;
export const ECX81 = { LAHF64: 1 << 0 } as const;
