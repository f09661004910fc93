/** Units of measure that must not be mixed. */
import type { Brand } from './brand.ts';

/** Core clock cycles. Exact in a number: 2^53 cycles at 3 GHz is 34 days. */
export type Cycles = Brand<number, 'Cycles'>;

/** Ticks of the time-stamp counter. The same as cycles only when the ratio of the two clocks is 1. */
export type Ticks = Brand<number, 'Ticks'>;
