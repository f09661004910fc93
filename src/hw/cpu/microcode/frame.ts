/** Instructions that push or pop more than one value: ENTER, PUSHA and POPA; and BOUND, which looks at two. */
import { BR } from '../../../x86/fault.ts';
import { RBP, RDI, RSP } from '../../../x86/registers.ts';
import { GuestFault, READ } from '../guest-fault.ts';
import type { Routine } from '../processor.ts';
import { Stack } from '../stack.ts';
import { blame, registerOf } from './operand.ts';

/** SDM: "ENTER - Make Stack Frame for Procedure Parameters". */
const enter: Routine = (cpu, { decoded, operandSize }) => {
  const { registers } = cpu;
  const [sizeOperand, levelOperand] = decoded.operands;
  const immediate = (operand: typeof sizeOperand, bits: number): bigint =>
    (operand?.kind === 'immediate' ? BigInt.asUintN(bits, operand.value) : 0n);
  const size = immediate(sizeOperand, 16), level = Number(immediate(levelOperand, 5));
  const stack = Stack.present(cpu);
  stack.push(registers.gpr(RBP), operandSize);
  const newFrame = stack.whole;
  // The frames of the enclosing levels lie below that of the caller.
  const outer = Stack.at(cpu, registers.gpr(RBP));
  for (let i = 1; i < level; i += 1) stack.push(outer.peek(-i * operandSize, operandSize), operandSize);
  if (level > 0) stack.push(newFrame, operandSize);
  stack.release(-size);
  // The new top must be writable, or the fault belongs to ENTER and not to what is pushed next.
  stack.probe(operandSize);
  registers.setGprWidth(RBP, newFrame, operandSize);
  stack.commit();
};

/** All eight registers, RAX first; what is pushed of RSP is its value from before. */
const pushAll: Routine = (cpu, { operandSize }) => {
  const stack = Stack.present(cpu);
  for (let reg = 0; reg <= RDI; reg += 1) stack.push(cpu.registers.gpr(reg), operandSize);
  stack.commit();
};

/** And back; what was pushed of RSP is left out. */
const popAll: Routine = (cpu, { operandSize }) => {
  const stack = Stack.present(cpu);
  const values = Array.from({ length: RDI + 1 }, () => stack.pop(operandSize)).reverse();
  for (const [reg, value] of values.entries()) if (reg !== RSP) cpu.registers.setGprWidth(reg, value, operandSize);
  stack.commit();
};

/** SDM: "BOUND - Check Array Index Against Bounds". Both bounds are signed, and the upper is inside. */
const bound: Routine = (cpu, operation) => {
  const { operandSize, decoded } = operation;
  const signed = (value: bigint): bigint => BigInt.asIntN(8 * operandSize, value);
  const address = operation.address(2 * operandSize, READ);
  const read = (at: bigint): bigint => signed(cpu.memory.read(at, operandSize, blame(operation)));
  const [lower, upper] = [read(address), read(BigInt.asUintN(32, address + BigInt(operandSize)))];
  const index = signed(cpu.registers.gpr(registerOf(decoded.operands[0]).reg));
  if (index < lower || index > upper) throw new GuestFault(BR);
};

export const FRAME: Readonly<Record<string, Routine>> = { ENTER: enter, PUSHA: pushAll, POPA: popAll, BOUND: bound };
