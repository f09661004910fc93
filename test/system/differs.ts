/**
 * Where QEMU deviates from the manual: which cases, why, and what comes of them by the manual. Every other difference
 * between a recorded line and ours is a mistake of ours.
 */
import { ADDRESSES_DIFFER } from './differs/addresses.ts';
import { BREAKPOINTS_DIFFER } from './differs/breakpoints.ts';
import { DELIVERY_DIFFERS } from './differs/delivery.ts';
import type { Deviation } from './differs/deviation.ts';
import { EXTENSIONS_DIFFER } from './differs/extensions.ts';
import { INSTRUCTIONS_DIFFER } from './differs/instructions.ts';
import { SIMD_DIFFERS } from './differs/simd.ts';

export const QEMU_DIFFERS: readonly Deviation[] = [
  ...ADDRESSES_DIFFER, ...DELIVERY_DIFFERS, ...INSTRUCTIONS_DIFFER, ...BREAKPOINTS_DIFFER, ...SIMD_DIFFERS, ...EXTENSIONS_DIFFER,
];

/** What should follow the name of a case, by what was recorded. */
export const corrected = (program: string, name: string, outcome: string, deviations = QEMU_DIFFERS): string =>
  deviations.filter((each) => each.program === program && each.cases.test(name)).reduce((text, { answer }) => answer(text), outcome);
