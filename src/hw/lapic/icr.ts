/** The interrupt command register: interrupts to other processors. SDM: "Interrupt Command Register (ICR)". */
import type { Serializer, Stateful } from '../../base/state.ts';

const SHORTHANDS = ['none', 'self', 'all', 'others'] as const;

/** An interrupt on its way to other processors. */
export interface Ipi {
  readonly mode: number;
  readonly vector: number;
  readonly logical: boolean;
  readonly destination: number;
  readonly shorthand: (typeof SHORTHANDS)[number];
  /** The destination is one of x2APIC mode. */
  readonly wide: boolean;
}

const DELIVERY_STATUS = 1 << 12;
const ASSERT = 1 << 14;
const LEVEL_TRIGGERED = 1 << 15;
const LOWEST = 1;
const INIT = 5;

export class IcrSender implements Stateful {
  low = 0;
  high = 0;
  private readonly deliver: (ipi: Ipi) => void;

  constructor(deliver: (ipi: Ipi) => void) {
    this.deliver = deliver;
  }

  reset(): void {
    this.low = 0;
    this.high = 0;
  }

  serialize(s: Serializer): void {
    this.low = s.u32('low', this.low);
    this.high = s.u32('high', this.high);
  }

  /** Writing the low half sends. The interrupt has arrived when the write is done: delivery status is never 1. */
  send(low: number, destination: number, wide: boolean): void {
    this.low = (low & ~DELIVERY_STATUS) >>> 0;
    const mode = (low >> 8) & 7;
    // SDM, "Delivery Mode": lowest priority need not be supported, INIT level de-assert is not. All else is sent as an edge.
    if (mode === LOWEST || (mode === INIT && (low & LEVEL_TRIGGERED) !== 0 && (low & ASSERT) === 0)) return;
    const shorthand = SHORTHANDS[(low >> 18) & 3]!;
    this.deliver({ mode, vector: low & 0xff, logical: (low & (1 << 11)) !== 0, destination, shorthand, wide });
  }
}
