/** The registers of a local APIC: where they are, and which of them x2APIC mode has. */
import { LVT, LVT_ENTRIES, lvtTakes } from './lvt.ts';

/** Registers, by offset. SDM: "Local APIC Register Address Map". */
export const REG = {
  id: 0x20, version: 0x30, tpr: 0x80, apr: 0x90, ppr: 0xa0, eoi: 0xb0, rrd: 0xc0, ldr: 0xd0, dfr: 0xe0, svr: 0xf0, isr: 0x100,
  tmr: 0x180, irr: 0x200, esr: 0x280, icrLow: 0x300, icrHigh: 0x310, initialCount: 0x380, currentCount: 0x390, divide: 0x3e0,
  selfIpi: 0x3f0,
} as const;

/** The bits of the low half of the interrupt command register. */
export const ICR_BITS = 0xc_dfff;

/** Registers that x2APIC mode reads, and those that it writes with their reserved bits. */
const VECTOR_WORDS = [REG.isr, REG.tmr, REG.irr].flatMap((first) => Array.from({ length: 8 }, (_, i) => first + 16 * i));
export const READABLE: ReadonlySet<number> = new Set([
  REG.version, REG.tpr, REG.ppr, REG.svr, REG.esr, REG.initialCount, REG.currentCount, REG.divide, ...VECTOR_WORDS, ...Object.values(LVT),
]);
export const WRITABLE: ReadonlyMap<number, number> = new Map([
  [REG.tpr, ~0xff], [REG.eoi, ~0], [REG.svr, ~0x1ff], [REG.esr, ~0], [REG.initialCount, 0], [REG.divide, ~0xb], [REG.selfIpi, ~0xff],
  ...LVT_ENTRIES.map((entry) => [LVT[entry], ~lvtTakes(entry)] as const),
]);
