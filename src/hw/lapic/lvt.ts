/** The local vector table: what each source of an interrupt becomes. SDM: "Local Vector Table". */
import type { Serializer, Stateful } from '../../base/state.ts';

/** Its entries, by the offset of their register. */
export const LVT = { cmci: 0x2f0, timer: 0x320, thermal: 0x330, perfmon: 0x340, lint0: 0x350, lint1: 0x360, error: 0x370 } as const;
export type LvtEntry = keyof typeof LVT;
export const LVT_ENTRIES = Object.keys(LVT) as LvtEntry[];

export const LVT_MASKED = 1 << 16;
const VECTOR = 0xff;
const DELIVERY_MODE = 7 << 8;
/** SDM: "Delivery Mode" of an entry and of the interrupt command register. */
export const DELIVERY = { fixed: 0, lowest: 1, smi: 2, nmi: 4, init: 5, startup: 6, extint: 7 } as const;

/** Bits that can be written in each entry. */
const WRITABLE: Readonly<Record<LvtEntry, number>> = {
  cmci: 0x1_07ff, timer: 0x7_00ff, thermal: 0x1_07ff, perfmon: 0x1_07ff, lint0: 0x1_a7ff, lint1: 0x1_a7ff, error: 0x1_00ff,
};
const DELIVERY_STATUS = 1 << 12;
const REMOTE_IRR = 1 << 14;

const isPin = (entry: LvtEntry): boolean => entry === 'lint0' || entry === 'lint1';

/** Bits that x2APIC mode takes: also those that can only be read, so that an entry may be written as it was read. */
export const lvtTakes = (entry: LvtEntry): number => WRITABLE[entry] | DELIVERY_STATUS | (isPin(entry) ? REMOTE_IRR : 0);

/** By a sixteenth of their offset. */
const ENTRIES_AT: readonly (LvtEntry | undefined)[] =
  Array.from({ length: 0x40 }, (_, i) => LVT_ENTRIES.find((entry) => LVT[entry] === 16 * i));
export const lvtEntryAt = (offset: number): LvtEntry | undefined => ((offset & 15) === 0 ? ENTRIES_AT[offset >> 4] : undefined);

/** INIT and ExtINT are for the pins only; lowest priority and start-up are modes of the interrupt command register. */
function hasMode(entry: LvtEntry, mode: number): boolean {
  if (mode === DELIVERY.fixed || mode === DELIVERY.smi || mode === DELIVERY.nmi) return true;
  return isPin(entry) && (mode === DELIVERY.init || mode === DELIVERY.extint);
}

export class LocalVectorTable implements Stateful {
  private readonly entries = new Uint32Array(LVT_ENTRIES.length);

  constructor() {
    this.reset();
  }

  reset(): void {
    this.entries.fill(LVT_MASKED);
  }

  serialize(s: Serializer): void {
    s.words('entry', this.entries);
  }

  read(entry: LvtEntry): number {
    return this.entries[LVT_ENTRIES.indexOf(entry)]!;
  }

  write(entry: LvtEntry, value: number): void {
    this.entries[LVT_ENTRIES.indexOf(entry)] = value & WRITABLE[entry];
  }

  mask(entry: LvtEntry): void {
    this.entries[LVT_ENTRIES.indexOf(entry)]! |= LVT_MASKED;
  }

  maskAll(): void {
    for (const entry of LVT_ENTRIES) this.mask(entry);
  }

  /** Delivery mode and vector of an entry that delivers; undefined when it is masked, or its mode is none that it has. */
  delivers(entry: LvtEntry): { readonly mode: number; readonly vector: number } | undefined {
    const value = this.read(entry);
    const mode = (value & DELIVERY_MODE) >> 8;
    if ((value & LVT_MASKED) !== 0 || !hasMode(entry, mode)) return undefined;
    return { mode, vector: value & VECTOR };
  }
}
