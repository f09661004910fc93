/** All system tests. */
import { ADDRESSES } from './cases/addresses.ts';
import { BREAKPOINTS } from './cases/breakpoints.ts';
import { DELIVERY } from './cases/delivery.ts';
import { EXTENSIONS } from './cases/extensions.ts';
import { GATES } from './cases/gates.ts';
import { INTERRUPTS } from './cases/interrupts.ts';
import { PAGING } from './cases/paging.ts';
import { REGISTERS } from './cases/registers.ts';
import { SEGMENTS } from './cases/segments.ts';
import { SIMD } from './cases/simd.ts';
import { TRANSFERS } from './cases/transfers.ts';
import { TRANSLATION } from './cases/translation.ts';
import { X87 } from './cases/x87.ts';
import type { Program } from './program.ts';

export const PROGRAMS: readonly Program[] = [
  PAGING, TRANSLATION, ADDRESSES, GATES, DELIVERY, SEGMENTS, REGISTERS, TRANSFERS, INTERRUPTS, BREAKPOINTS, SIMD, X87, EXTENSIONS,
];
