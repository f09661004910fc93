/** How large the caches of every processor are: what is modelled of them (cpu/cache.ts), and what CPUID says. */

/** Bytes of a line. */
export const LINE = 64;

export interface CacheGeometry { readonly ways: number; readonly sets: number }
/** 32 KiB of each processor, and 2 MiB that all have in common. */
export const FIRST_LEVEL: CacheGeometry = { ways: 8, sets: 64 };
export const LAST_LEVEL: CacheGeometry = { ways: 16, sets: 2048 };
