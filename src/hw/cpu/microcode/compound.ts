/** The double-width compare-and-exchange of 32-bit words. That of 64-bit words needs no look at a segment's limit, and is micro-ops. */
import { ZF } from '../../../x86/flags.ts';
import { RAX, RBX, RCX, RDX } from '../../../x86/registers.ts';
import { WRITE } from '../guest-fault.ts';
import type { Routine } from '../processor.ts';
import { blame } from './operand.ts';

/** EDX:EAX with memory; equal, ECX:EBX goes there; else memory comes back. */
const compareExchange: Routine = (cpu, operation) => {
  const { registers, memory } = cpu;
  const address = operation.address(8, WRITE);
  const upper = BigInt.asUintN(64, address + 4n);
  const low = memory.readForUpdate(address, 4, blame(operation)), high = memory.readForUpdate(upper, 4, blame(operation));
  const word = (reg: number): bigint => BigInt.asUintN(32, registers.gpr(reg));
  const same = word(RAX) === low && word(RDX) === high;
  memory.write(address, same ? word(RBX) : low, 4);
  memory.write(upper, same ? word(RCX) : high, 4);
  if (!same) {
    registers.setGprWidth(RAX, low, 4);
    registers.setGprWidth(RDX, high, 4);
  }
  registers.rflags = same ? registers.rflags | ZF : registers.rflags & ~ZF;
};

export const COMPOUND: Readonly<Record<string, Routine>> = { CMPXCHG8B: compareExchange };
