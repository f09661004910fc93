/** The page of registers of a local APIC in xAPIC mode. Each processor sees its own at the same address. */
import type { Width } from '../../x86/registers.ts';
import type { MemoryDevice } from '../memory/memory.ts';
import { APIC_BASE, type Lapic } from './lapic.ts';

/** Registers are 32 bits at multiples of 16; other accesses are undefined, and see nothing. */
export function lapicWindow(lapicOf: (cpu: number) => Lapic): MemoryDevice {
  return {
    start: APIC_BASE.address, size: 0x1000,
    read: (offset, width: Width, cpu) => {
      const lapic = lapicOf(cpu);
      return width === 4 && lapic.enabled && !lapic.x2apic ? BigInt(lapic.read(offset) >>> 0) : (1n << BigInt(8 * width)) - 1n;
    },
    write: (offset, value, width: Width, cpu) => {
      const lapic = lapicOf(cpu);
      if (width === 4 && lapic.enabled && !lapic.x2apic) lapic.write(offset, Number(value));
    },
  };
}
