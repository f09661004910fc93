/** Operands of x87 instructions: registers of the stack, and numbers in memory. */
import { assert } from '../../../base/assert.ts';
import type { Bound } from '../../../x86/isa/decode.ts';
import type { Width } from '../../../x86/registers.ts';
import { DOUBLE, fromInteger, fromInterchange, isDenormalIn, SINGLE } from '../../../x86/x87/convert.ts';
import type { Extended } from '../../../x86/x87/extended.ts';
import { READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor } from '../processor.ts';
import { blame, readOperand } from './operand.ts';

/** A number to compute with. */
export interface Source {
  readonly value: Extended;
  /** In memory it is a denormal, although it is none any more. */
  readonly denormal: boolean;
}

/** The number of an operand; undefined for an empty register. */
export function source(cpu: Processor, operation: Operation, operand: Bound): Source | undefined {
  const { x87 } = cpu.registers;
  if (operand.kind === 'st') return x87.isEmpty(operand.reg) ? undefined : { value: x87.st(operand.reg), denormal: false };
  assert(operand.kind === 'memory', 'a number in memory');
  const width = operand.width === 8 ? 8 : operand.width === 2 ? 2 : 4;
  const bits = readOperand(cpu, operation, operand, width);
  if (operation.decoded.instruction.mnemonic.startsWith('FI')) {
    return { value: fromInteger(BigInt.asIntN(8 * width, bits)), denormal: false };
  }
  const format = width === 8 ? DOUBLE : SINGLE;
  return { value: fromInterchange(bits, format), denormal: isDenormalIn(bits, format) };
}

/** The register of an operand that is one. */
export function stackRegister(operand: Bound | undefined): number {
  assert(operand?.kind === 'st', 'a register of the stack');
  return operand.reg;
}

/** The ten bytes of an operand. */
export function readTen(cpu: Processor, operation: Operation): bigint {
  const address = operation.address(10, READ), upper = BigInt.asUintN(64, address + 8n);
  const low = cpu.memory.read(address, 8, blame(operation));
  return low | (cpu.memory.read(upper, 2, blame(operation)) << 64n);
}

/** Where a number goes in memory. */
export interface Place {
  /** Faults now where the write would. */
  check(): void;
  write(bits: bigint): void;
}

export function bytes(cpu: Processor, operation: Operation, width: Width): Place {
  const address = operation.address(width, WRITE), segment = blame(operation);
  return {
    check: () => void cpu.memory.readForUpdate(address, width, segment),
    write: (bits) => cpu.memory.write(address, bits, width, segment),
  };
}

export function tenBytes(cpu: Processor, operation: Operation): Place {
  const address = operation.address(10, WRITE), upper = BigInt.asUintN(64, address + 8n), segment = blame(operation);
  return {
    check: () => {
      cpu.memory.readForUpdate(address, 8, segment);
      cpu.memory.readForUpdate(upper, 2, segment);
    },
    write: (bits) => {
      cpu.memory.write(address, BigInt.asUintN(64, bits), 8, segment);
      cpu.memory.write(upper, bits >> 64n, 2, segment);
    },
  };
}
