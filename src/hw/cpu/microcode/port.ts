/** Input and output. The I/O permission bitmap in the TSS decides where IOPL does not allow. */
import { GP } from '../../../x86/fault.ts';
import { DF, IOPL } from '../../../x86/flags.ts';
import { ES, RAX, RCX, RDI, RDX, RSI, TR, type Width } from '../../../x86/registers.ts';
import { VmExit } from '../../vmx/vmx.ts';
import { GuestFault, READ, WRITE } from '../guest-fault.ts';
import type { Operation, Processor, Routine } from '../processor.ts';

/** Whether the port may be used; in non-root mode its use exits. */
function checkPort(cpu: Processor, port: number, width: Width): VmExit | undefined {
  checkPermission(cpu, port, width);
  return cpu.nonRoot === undefined || cpu.nonRoot.emulating ? undefined : new VmExit('IO_INSTRUCTION', port);
}

/** SDM: "I/O Permission Bit Map". */
function checkPermission(cpu: Processor, port: number, width: Width): void {
  const { registers, memory } = cpu;
  // A virtual-8086 task asks the map, whatever IOPL is.
  if (!registers.mode.virtual8086 && registers.cpl <= (registers.system & IOPL) >> 12) return;
  const tr = registers.segment(TR);
  if (tr.limit < 103) throw new GuestFault(GP);
  const map = Number(memory.readSystem(tr.base + 102n, 2));
  const byte = map + (port >> 3);
  if (byte + 1 > tr.limit) throw new GuestFault(GP);
  const bits = Number(memory.readSystem(tr.base + BigInt(byte), 2)) >> (port & 7);
  if ((bits & ((1 << width) - 1)) !== 0) throw new GuestFault(GP);
}

/** The port of IN and OUT: an immediate, or DX. */
function portOf(cpu: Processor, { decoded }: Operation): number {
  for (const operand of decoded.operands) {
    if (operand.kind === 'immediate') return Number(BigInt.asUintN(8, operand.value));
  }
  return cpu.registers.low(RDX) & 0xffff;
}

/** AL or rAX: how wide the transfer is. */
const transferWidth = ({ decoded }: Operation): Width => {
  for (const operand of decoded.operands) if (operand.kind === 'register' && operand.reg === RAX) return operand.width;
  return decoded.operandSize;
};

const input: Routine = (cpu, operation) => {
  const port = portOf(cpu, operation), width = transferWidth(operation);
  const exit = checkPort(cpu, port, width);
  if (exit !== undefined) return exit;
  cpu.registers.setGprWidth(RAX, BigInt(cpu.bus.in(port, width) >>> 0), width);
  cpu.breakpoints.port(port, width);
};

const output: Routine = (cpu, operation) => {
  const port = portOf(cpu, operation), width = transferWidth(operation);
  const exit = checkPort(cpu, port, width);
  if (exit !== undefined) return exit;
  cpu.bus.out(port, Number(BigInt.asUintN(8 * width, cpu.registers.gpr(RAX))), width);
  cpu.breakpoints.port(port, width);
};

/** The linear address of the element: of INS in ES, of OUTS in DS or what a prefix says. */
function place(cpu: Processor, { decoded, operandSize, segment }: Operation, index: number, offset: bigint): bigint {
  const { registers, segmentation } = cpu;
  const isDestination = index === RDI;
  if (registers.mode.legacy) return segmentation.linear(isDestination ? ES : segment, offset, operandSize, isDestination ? WRITE : READ);
  const base = isDestination || decoded.segment === -1 ? 0n : registers.segmentBase(decoded.segment);
  return BigInt.asUintN(64, base + offset);
}

/** One element of INS or OUTS; with REP, as long as RCX is not zero. */
const string = (index: number, transfer: (cpu: Processor, operation: Operation, address: bigint) => void): Routine => (cpu, operation) => {
  const { registers } = cpu;
  const { decoded, operandSize } = operation;
  const bits = 8 * decoded.addressSize;
  const count = BigInt.asUintN(bits, registers.gpr(RCX));
  // The port is checked even when there is nothing to transfer.
  const exit = checkPort(cpu, registers.low(RDX) & 0xffff, operandSize);
  if (exit !== undefined) return exit;
  if (decoded.repeat !== 0 && count === 0n) return;
  const offset = BigInt.asUintN(bits, registers.gpr(index));
  transfer(cpu, operation, place(cpu, operation, index, offset));
  cpu.breakpoints.port(registers.low(RDX) & 0xffff, operandSize);
  const step = BigInt((registers.system & DF) === 0 ? operandSize : -operandSize);
  registers.setGprWidth(index, BigInt.asUintN(bits, offset + step), decoded.addressSize);
  if (decoded.repeat === 0) return;
  registers.setGprWidth(RCX, count - 1n, decoded.addressSize);
  if (count !== 1n) return 'repeat';
};

const ins = string(RDI, (cpu, { operandSize }, address) => {
  // The place is checked before the device gives its data away.
  cpu.memory.readForUpdate(address, operandSize);
  cpu.memory.write(address, BigInt(cpu.bus.in(cpu.registers.low(RDX) & 0xffff, operandSize) >>> 0), operandSize);
});

const outs = string(RSI, (cpu, { operandSize }, address) => {
  const value = cpu.memory.read(address, operandSize);
  cpu.bus.out(cpu.registers.low(RDX) & 0xffff, Number(value), operandSize);
});

export const PORT: Readonly<Record<string, Routine>> = { IN: input, OUT: output, INS: ins, OUTS: outs };
