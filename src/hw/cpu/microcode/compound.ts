/** Instructions that touch more than one place in memory: ENTER, and the double-width compare-and-exchange. */
import { GP, STACK } from '../../../x86/fault.ts';
import { ZF } from '../../../x86/flags.ts';
import { RAX, RBP, RBX, RCX, RDX, RSP } from '../../../x86/registers.ts';
import { GuestFault } from '../memory.ts';
import type { Routine } from '../processor.ts';
import { blame } from './operand.ts';

/** SDM: "ENTER - Make Stack Frame for Procedure Parameters". */
const enter: Routine = (cpu, { decoded, operandSize }) => {
  const { registers, memory } = cpu;
  const [sizeOperand, levelOperand] = decoded.operands;
  const immediate = (operand: typeof sizeOperand, bits: number): bigint =>
    (operand?.kind === 'immediate' ? BigInt.asUintN(bits, operand.value) : 0n);
  const size = immediate(sizeOperand, 16), level = Number(immediate(levelOperand, 5));
  const step = BigInt(operandSize);
  let top = registers.gpr(RSP), frame = registers.gpr(RBP);
  const push = (value: bigint): void => {
    top = BigInt.asUintN(64, top - step);
    memory.write(top, BigInt.asUintN(8 * operandSize, value), operandSize, STACK);
  };
  push(frame);
  const newFrame = top;
  for (let i = 1; i < level; i += 1) {
    frame = BigInt.asUintN(64, frame - step);
    push(memory.read(frame, operandSize, STACK));
  }
  if (level > 0) push(newFrame);
  top = BigInt.asUintN(64, top - size);
  // The new top must be writable, or the fault belongs to ENTER and not to what is pushed next.
  memory.readForUpdate(top, operandSize, STACK);
  registers.setGprWidth(RBP, newFrame, operandSize);
  registers.setGpr(RSP, top);
};

/** CMPXCHG8B and CMPXCHG16B: rDX:rAX with memory; equal, rCX:rBX goes there; else memory comes back. */
const compareExchange = (half: 4 | 8): Routine => (cpu, operation) => {
  const { registers, memory } = cpu;
  const address = operation.address();
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

export const COMPOUND: Readonly<Record<string, Routine>> = { ENTER: enter, CMPXCHG8B: compareExchange(4), CMPXCHG16B: compareExchange(8) };
