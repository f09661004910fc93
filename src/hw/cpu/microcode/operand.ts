/** How routines read and write the operands of their instructions. */
import { assert } from '../../../base/assert.ts';
import { GP, STACK, type Vector } from '../../../x86/fault.ts';
import type { Bound } from '../../../x86/isa/decode.ts';
import type { Width } from '../../../x86/registers.ts';
import { GuestFault, READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor } from '../processor.ts';

/** The fault that a bad address of the memory operand is. */
export const blame = ({ stack }: Operation): Vector => (stack ? STACK : GP);

/** Reads a register or memory operand, zero-extended; memory with `width` bytes. */
export function readOperand(cpu: Processor, operation: Operation, operand: Bound, width: Width): bigint {
  if (operand.kind === 'register') return BigInt.asUintN(8 * width, cpu.registers.gpr(operand.reg));
  assert(operand.kind === 'memory', 'an operand that can be read');
  return cpu.memory.read(operation.address(width, READ), width, blame(operation));
}

/** Writes a register with its own width, or `width` bytes of memory. */
export function writeOperand(cpu: Processor, operation: Operation, operand: Bound, value: bigint, width: Width): void {
  if (operand.kind === 'register') return cpu.registers.setGprWidth(operand.reg, value, operand.width);
  assert(operand.kind === 'memory', 'an operand that can be written');
  cpu.memory.write(operation.address(width, WRITE), BigInt.asUintN(8 * width, value), width, blame(operation));
}

/** The register of an operand that is one. */
export function registerOf(operand: Bound | undefined): { reg: number; width: Width } {
  assert(operand?.kind === 'register', 'a register operand');
  return operand;
}

/** #GP(0) outside CPL 0. */
export function requireSupervisor(cpu: Processor): void {
  if (cpu.registers.cpl !== 0) throw new GuestFault(GP);
}
