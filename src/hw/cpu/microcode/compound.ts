/** The double-width compare-and-exchange, which touches two places in memory. */
import { GP } from '../../../x86/fault.ts';
import { ZF } from '../../../x86/flags.ts';
import { RAX, RBX, RCX, RDX } from '../../../x86/registers.ts';
import { GuestFault, WRITE } from '../guest-fault.ts';
import type { Routine } from '../processor.ts';
import { blame } from './operand.ts';

/** CMPXCHG8B and CMPXCHG16B: rDX:rAX with memory; equal, rCX:rBX goes there; else memory comes back. */
const compareExchange = (half: 4 | 8): Routine => (cpu, operation) => {
  const { registers, memory } = cpu;
  const address = operation.address(2 * half, WRITE);
  if (half === 8 && (address & 15n) !== 0n) throw new GuestFault(GP);
  const upper = BigInt.asUintN(64, address + BigInt(half));
  const low = memory.readForUpdate(address, half, blame(operation)), high = memory.readForUpdate(upper, half, blame(operation));
  const word = (reg: number): bigint => BigInt.asUintN(8 * half, registers.gpr(reg));
  const same = word(RAX) === low && word(RDX) === high;
  memory.write(address, same ? word(RBX) : low, half);
  memory.write(upper, same ? word(RCX) : high, half);
  if (!same) {
    registers.setGprWidth(RAX, low, half);
    registers.setGprWidth(RDX, high, half);
  }
  registers.rflags = same ? registers.rflags | ZF : registers.rflags & ~ZF;
};

export const COMPOUND: Readonly<Record<string, Routine>> = { CMPXCHG8B: compareExchange(4), CMPXCHG16B: compareExchange(8) };
