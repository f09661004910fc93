/** Segment registers, descriptor tables, and the instructions that look at descriptors. */
import { GP, NP, UD } from '../../../x86/fault.ts';
import { ZF } from '../../../x86/flags.ts';
import { CR4_UMIP } from '../../../x86/paging.ts';
import { DS, ES, FS, GS, LDTR, SS, TR, type Width } from '../../../x86/registers.ts';
import { BUSY, type Descriptor, dplOf, isPresent, NULL_SEGMENT, SYSTEM_TYPE } from '../descriptors.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault, READ, WRITE } from '../guest-fault.ts';
import { ATTRIBUTE } from '../mode.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { Stack } from '../stack.ts';
import { blame, readOperand, registerOf, requireSupervisor, writeOperand } from './operand.ts';

/** MOV to a segment register. After a load of SS the next instruction is not interrupted. */
export const moveSegment: Routine = (cpu, operation) => {
  const [destination, source] = operation.decoded.operands;
  if (destination?.kind !== 'segment') throw new GuestFault(UD);
  cpu.descriptors.load(destination.reg, Number(readOperand(cpu, operation, source!, 2)));
  if (destination.reg === SS) cpu.shadow = true;
};

export const pushSegment: Routine = (cpu, { decoded, operandSize }) => {
  const [operand] = decoded.operands;
  if (operand?.kind !== 'segment') throw new GuestFault(UD);
  const stack = Stack.present(cpu);
  const selector = BigInt(cpu.registers.selector(operand.reg));
  stack.push(selector, operandSize);
  stack.commit();
};

export const popSegment: Routine = (cpu, { decoded, operandSize }) => {
  const [operand] = decoded.operands;
  if (operand?.kind !== 'segment') throw new GuestFault(UD);
  const stack = Stack.present(cpu);
  const selector = Number(stack.pop(operandSize) & 0xffffn);
  cpu.descriptors.load(operand.reg, selector);
  stack.commit();
  if (operand.reg === SS) cpu.shadow = true;
};

/** LDS, LES, LFS, LGS and LSS: a far pointer into a segment register and a general one. */
const loadFar = (register: number): Routine => (cpu, operation) => {
  const { operandSize } = operation;
  const address = operation.address(operandSize + 2, READ);
  const offset = cpu.memory.read(address, operandSize, blame(operation));
  const selector = Number(cpu.memory.read(BigInt.asUintN(64, address + BigInt(operandSize)), 2, blame(operation)));
  cpu.descriptors.load(register, selector);
  cpu.registers.setGprWidth(registerOf(operation.decoded.operands[0]).reg, offset, operandSize);
};

/** SGDT, SIDT, SLDT, STR and SMSW at CPL 3 give the kernel's addresses away. */
export function checkUmip(cpu: Processor): void {
  if (cpu.registers.cpl !== 0 && (cpu.registers.control('cr4') & CR4_UMIP) !== 0) throw new GuestFault(GP);
}

/** A limit and a base: of 8 bytes in 64-bit mode, else of 4. */
const storeTable = (which: 'gdtr' | 'idtr'): Routine => (cpu, operation) => {
  checkUmip(cpu);
  const { base, limit } = cpu.registers.table(which);
  const width = cpu.registers.mode.legacy ? 4 : 8;
  const address = operation.address(2 + width, WRITE);
  cpu.memory.readForUpdate(BigInt.asUintN(64, address + 2n), width, blame(operation));
  cpu.memory.write(address, BigInt(limit), 2, blame(operation));
  cpu.memory.write(BigInt.asUintN(64, address + 2n), BigInt.asUintN(8 * width, base), width, blame(operation));
};

/** With an operand size of 16 bits the base has 24. */
const loadTable = (which: 'gdtr' | 'idtr'): Routine => (cpu, operation) => {
  requireSupervisor(cpu);
  const width = cpu.registers.mode.legacy ? 4 : 8;
  const address = operation.address(2 + width, READ);
  const limit = Number(cpu.memory.read(address, 2, blame(operation)));
  const base = cpu.memory.read(BigInt.asUintN(64, address + 2n), width, blame(operation));
  if (notCanonical(base)) throw new GuestFault(GP);
  cpu.registers.setTable(which, operation.operandSize === 2 ? base & 0xff_ffffn : base, limit);
};

/** These are for modes in which selectors lead to descriptors. */
function requireDescriptors(cpu: Processor): void {
  if (!cpu.registers.mode.hasDescriptors) throw new GuestFault(UD);
}

const storeSelector = (register: number): Routine => (cpu, operation) => {
  requireDescriptors(cpu);
  checkUmip(cpu);
  writeOperand(cpu, operation, operation.decoded.operands[0]!, BigInt(cpu.registers.selector(register)), 2);
};

/** LLDT and LTR: system segments, from the GDT only. */
function systemSegment(cpu: Processor, operation: Operation, types: readonly number[]): Descriptor | undefined {
  requireDescriptors(cpu);
  requireSupervisor(cpu);
  const selector = Number(readOperand(cpu, operation, operation.decoded.operands[0]!, 2));
  if ((selector & ~3) === 0) return undefined;
  if ((selector & 4) !== 0) throw new GuestFault(GP, selector & ~3);
  const descriptor = cpu.descriptors.requireSystem(selector);
  // In IA-32e mode the upper half must not look like a descriptor of its own: its type is 0.
  const upperType = cpu.registers.mode.long ? cpu.memory.readSystem(BigInt.asUintN(64, descriptor.address + 13n), 1) & 0x1fn : 0n;
  const isOne = types.includes(descriptor.attributes & (ATTRIBUTE.type | ATTRIBUTE.notSystem)) && upperType === 0n;
  if (!isOne || notCanonical(descriptor.base)) throw new GuestFault(GP, selector & ~3);
  if (!isPresent(descriptor.attributes)) throw new GuestFault(NP, selector & ~3);
  return descriptor;
}

const selectorOf = (cpu: Processor, operation: Operation): number => Number(readOperand(cpu, operation, operation.decoded.operands[0]!, 2));

const lldt: Routine = (cpu, operation) => {
  const descriptor = systemSegment(cpu, operation, [SYSTEM_TYPE.ldt]);
  const selector = selectorOf(cpu, operation);
  if (descriptor === undefined) cpu.registers.setSegment(LDTR, { ...NULL_SEGMENT, selector });
  else cpu.registers.setSegment(LDTR, { selector, base: descriptor.base, limit: descriptor.limit, attributes: descriptor.attributes });
};

const ltr: Routine = (cpu, operation) => {
  const narrow = cpu.registers.mode.long ? [] : [SYSTEM_TYPE.tss16Available];
  const descriptor = systemSegment(cpu, operation, [SYSTEM_TYPE.tssAvailable, ...narrow]);
  if (descriptor === undefined) throw new GuestFault(GP);
  const busy = descriptor.attributes | BUSY;
  cpu.memory.writeSystem(descriptor.address + 5n, BigInt(busy & 0xff), 1);
  cpu.registers.setSegment(TR, { selector: selectorOf(cpu, operation), base: descriptor.base, limit: descriptor.limit, attributes: busy });
};

/** The descriptor that LAR, LSL, VERR and VERW ask about, where the caller may know of it. */
function visible(cpu: Processor, selector: number, systemTypes: readonly number[]): Descriptor | undefined {
  requireDescriptors(cpu);
  if ((selector & ~3) === 0) return undefined;
  const found = cpu.descriptors.find(selector);
  if (found === undefined) return undefined;
  const { attributes } = found;
  const notSystem = (attributes & ATTRIBUTE.notSystem) !== 0;
  if (!notSystem && !systemTypes.includes(attributes & ATTRIBUTE.type)) return undefined;
  const conforming = notSystem && (attributes & ATTRIBUTE.code) !== 0 && (attributes & ATTRIBUTE.conforming) !== 0;
  const dpl = dplOf(attributes);
  return conforming || (dpl >= cpu.registers.cpl && dpl >= (selector & 3)) ? found : undefined;
}

function setZero(cpu: Processor, value: boolean): void {
  const { registers } = cpu;
  registers.rflags = value ? registers.rflags | ZF : registers.rflags & ~ZF;
}

/** LAR and LSL: a property of a descriptor, or ZF clear. */
const look = (
  narrowTypes: readonly number[], longTypes: readonly number[], property: (descriptor: Descriptor) => bigint,
): Routine => (cpu, operation) => {
  const [destination, source] = operation.decoded.operands;
  const types = cpu.registers.mode.long ? longTypes : narrowTypes;
  const descriptor = visible(cpu, Number(readOperand(cpu, operation, source!, 2)), types);
  setZero(cpu, descriptor !== undefined);
  if (descriptor === undefined) return;
  const { reg, width } = registerOf(destination);
  cpu.registers.setGprWidth(reg, property(descriptor), width as Width);
};

const verify = (write: boolean): Routine => (cpu, operation) => {
  const descriptor = visible(cpu, selectorOf(cpu, operation), []);
  const attributes = descriptor?.attributes ?? 0;
  const code = (attributes & ATTRIBUTE.code) !== 0, bit = (attributes & ATTRIBUTE.writable) !== 0;
  // The same bit allows reading of code and writing of data.
  setZero(cpu, descriptor !== undefined && (write ? !code && bit : !code || bit));
};

/** SDM: "ARPL - Adjust RPL Field of Segment Selector". */
const adjustRpl: Routine = (cpu, operation) => {
  requireDescriptors(cpu);
  const [destination, source] = operation.decoded.operands;
  const selector = Number(readOperand(cpu, operation, destination!, 2));
  const rpl = cpu.registers.low(registerOf(source).reg) & 3;
  const adjusts = (selector & 3) < rpl;
  if (adjusts) writeOperand(cpu, operation, destination!, BigInt((selector & ~3) | rpl), 2);
  setZero(cpu, adjusts);
};

export const SEGMENTS: Readonly<Record<string, Routine>> = {
  LDS: loadFar(DS), LES: loadFar(ES), LFS: loadFar(FS), LGS: loadFar(GS), LSS: loadFar(SS),
  SGDT: storeTable('gdtr'), SIDT: storeTable('idtr'), LGDT: loadTable('gdtr'), LIDT: loadTable('idtr'),
  SLDT: storeSelector(LDTR), STR: storeSelector(TR), LLDT: lldt, LTR: ltr,
  // SDM, tables of "Segment and Gate Types" in LAR and LSL. A call gate has access rights but no limit.
  LAR: look([1, 2, 3, 4, 5, 9, 11, 12], [2, 9, 11, 12], ({ low }) => (low >> 32n) & 0xff_ff00n),
  LSL: look([1, 2, 3, 9, 11], [2, 9, 11], ({ limit }) => BigInt(limit)),
  VERR: verify(false), VERW: verify(true), ARPL: adjustRpl,
};
