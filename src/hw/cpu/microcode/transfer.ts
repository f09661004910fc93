/** Far transfers: jumps, calls and returns between code segments, through call gates, and from interrupts. */
import { GP, NP, STACK } from '../../../x86/fault.ts';
import { AC, DF, ID, IF, IOPL, NT, RF, STATUS_FLAGS, TF, VIF, VIP } from '../../../x86/flags.ts';
import { CS, RSP, SS, TR, type Width } from '../../../x86/registers.ts';
import { type Descriptor, dplOf, isConforming, isLong, isPresent, NULL_SEGMENT, SYSTEM_TYPE } from '../descriptors.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault } from '../memory.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { ATTRIBUTE } from '../registers.ts';

const codeOf = (selector: number): number => selector & ~3;

/** The far pointer of the memory operand: the offset first. */
function farPointer(cpu: Processor, operation: Operation): { selector: number; offset: bigint } {
  const { operandSize, stack } = operation;
  const blame = stack ? STACK : GP;
  const address = operation.address();
  const offset = cpu.memory.read(address, operandSize, blame);
  return { offset, selector: Number(cpu.memory.read(BigInt.asUintN(64, address + BigInt(operandSize)), 2, blame)) };
}

/** A code segment that may be jumped to or called without a gate. */
function checkDirect(cpu: Processor, selector: number, { attributes }: Descriptor): void {
  const { cpl } = cpu.registers;
  const dpl = dplOf(attributes);
  const allowed = isConforming(attributes) ? dpl <= cpl : dpl === cpl && (selector & 3) <= cpl;
  if (!allowed) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  if (attributes & ATTRIBUTE.long && attributes & ATTRIBUTE.big) throw new GuestFault(GP, codeOf(selector));
}

/** True when the descriptor is of code that this machine runs; compatibility mode is not among it. */
function supported(cpu: Processor, { attributes }: Descriptor): boolean {
  if (isLong(attributes)) return true;
  cpu.stop('unsupported mode');
  return false;
}

function enterSegment(cpu: Processor, selector: number, descriptor: Descriptor, cpl: number): void {
  const segment = cpu.descriptors.segment(codeOf(selector) | cpl, descriptor);
  cpu.setCpl(cpl);
  cpu.registers.setSegment(CS, segment);
  cpu.chooseMode();
}

const isCodeDescriptor = (attributes: number): boolean =>
  (attributes & (ATTRIBUTE.notSystem | ATTRIBUTE.code)) === (ATTRIBUTE.notSystem | ATTRIBUTE.code);

/** A 64-bit call gate: where it leads, after the checks of the gate and of the code segment behind it. */
function throughGate(cpu: Processor, selector: number, call: boolean): { offset: bigint; selector: number; descriptor: Descriptor } {
  const { registers, memory, descriptors } = cpu;
  const gate = descriptors.require(selector, GP, 0, 16);
  const { attributes } = gate;
  const isGate = (attributes & (ATTRIBUTE.type | ATTRIBUTE.notSystem)) === SYSTEM_TYPE.callGate;
  if (!isGate || dplOf(attributes) < registers.cpl || dplOf(attributes) < (selector & 3)) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  const high = memory.readSystem(gate.address + 8n, 8);
  if ((high >> 40n) & 0x1fn) throw new GuestFault(GP, codeOf(selector));
  const target = Number((gate.low >> 16n) & 0xffffn);
  const descriptor = descriptors.requireCode(target);
  const dpl = dplOf(descriptor.attributes);
  const conforming = isConforming(descriptor.attributes);
  const allowed = call || conforming ? dpl <= registers.cpl : dpl === registers.cpl;
  if (!allowed || !isLong(descriptor.attributes)) throw new GuestFault(GP, codeOf(target));
  if (!isPresent(descriptor.attributes)) throw new GuestFault(NP, codeOf(target));
  const offset = (gate.low & 0xffffn) | ((gate.low >> 32n) & 0xffff_0000n) | ((high & 0xffff_ffffn) << 32n);
  if (notCanonical(offset)) throw new GuestFault(GP);
  return { offset, selector: target, descriptor };
}

const jumpFar: Routine = (cpu, operation) => {
  const { selector, offset } = farPointer(cpu, operation);
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = cpu.descriptors.require(selector);
  if (isCodeDescriptor(descriptor.attributes)) {
    checkDirect(cpu, selector, descriptor);
    if (!supported(cpu, descriptor)) return;
    if (notCanonical(offset)) throw new GuestFault(GP);
    enterSegment(cpu, selector, descriptor, cpu.registers.cpl);
    cpu.registers.rip = offset;
    return;
  }
  const gate = throughGate(cpu, selector, false);
  enterSegment(cpu, gate.selector, gate.descriptor, cpu.registers.cpl);
  cpu.registers.rip = gate.offset;
};

/** Pushes at the present stack; nothing is changed before all is written. Returns the new stack pointer. */
function pushAll(cpu: Processor, from: bigint, values: readonly bigint[], width: Width): bigint {
  let at = from;
  for (const value of values) {
    at = BigInt.asUintN(64, at - BigInt(width));
    cpu.memory.write(at, BigInt.asUintN(8 * width, value), width, STACK);
  }
  return at;
}

const callFar: Routine = (cpu, operation) => {
  const { registers, descriptors } = cpu;
  const { selector, offset } = farPointer(cpu, operation);
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = descriptors.require(selector);
  const back = [BigInt(registers.selector(CS)), registers.rip];
  if (isCodeDescriptor(descriptor.attributes)) {
    checkDirect(cpu, selector, descriptor);
    if (!supported(cpu, descriptor)) return;
    if (notCanonical(offset)) throw new GuestFault(GP);
    const top = pushAll(cpu, registers.gpr(RSP), back, operation.operandSize);
    enterSegment(cpu, selector, descriptor, registers.cpl);
    registers.setGpr(RSP, top);
    registers.rip = offset;
    return;
  }
  const gate = throughGate(cpu, selector, true);
  const { attributes } = gate.descriptor;
  const cpl = isConforming(attributes) ? registers.cpl : dplOf(attributes);
  if (cpl === registers.cpl) {
    const top = pushAll(cpu, registers.gpr(RSP), back, 8);
    enterSegment(cpu, gate.selector, gate.descriptor, cpl);
    registers.setGpr(RSP, top);
  } else {
    let at = descriptors.stackPointer(4 + 8 * cpl, registers.segment(TR));
    if (notCanonical(at)) throw new GuestFault(STACK);
    for (const value of [BigInt(registers.selector(SS)), registers.gpr(RSP), ...back]) {
      at = BigInt.asUintN(64, at - 8n);
      cpu.memory.writeSystem(at, value, 8);
    }
    enterSegment(cpu, gate.selector, gate.descriptor, cpl);
    registers.setSegment(SS, { ...NULL_SEGMENT, selector: cpl });
    registers.setGpr(RSP, at);
  }
  registers.rip = gate.offset;
};

/** The code segment that a far return or IRET goes to, after its checks. */
function returnTarget(cpu: Processor, selector: number): Descriptor {
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = cpu.descriptors.requireCode(selector);
  const { attributes } = descriptor;
  const rpl = selector & 3;
  const allowed = rpl >= cpu.registers.cpl && (isConforming(attributes) ? dplOf(attributes) <= rpl : dplOf(attributes) === rpl);
  const impossible = (attributes & ATTRIBUTE.long) !== 0 && (attributes & ATTRIBUTE.big) !== 0;
  if (!allowed || impossible) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  return descriptor;
}

const returnFar: Routine = (cpu, operation) => {
  const { registers, memory, descriptors } = cpu;
  const size = operation.operandSize;
  const top = registers.gpr(RSP);
  const pop = (slot: number): bigint => memory.read(BigInt.asUintN(64, top + BigInt(slot * size)), size, STACK);
  const [immediate] = operation.decoded.operands;
  const released = immediate?.kind === 'immediate' ? BigInt.asUintN(16, immediate.value) : 0n;
  const offset = pop(0), selector = Number(pop(1) & 0xffffn);
  const descriptor = returnTarget(cpu, selector);
  if (!supported(cpu, descriptor)) return;
  if (notCanonical(offset)) throw new GuestFault(GP);
  const after = BigInt.asUintN(64, top + BigInt(2 * size) + released);
  const rpl = selector & 3;
  if (rpl === registers.cpl) {
    enterSegment(cpu, selector, descriptor, rpl);
    registers.setGpr(RSP, after);
  } else {
    const outerStack = memory.read(after, size, STACK);
    const stackSelector = Number(memory.read(BigInt.asUintN(64, after + BigInt(size)), size, STACK) & 0xffffn);
    const stack = descriptors.checkedStack(stackSelector, rpl);
    enterSegment(cpu, selector, descriptor, rpl);
    registers.setSegment(SS, stack);
    registers.setGpr(RSP, BigInt.asUintN(64, outerStack + released));
    descriptors.dropPrivileged(rpl);
  }
  registers.rip = offset;
};

/** What IRET may change in RFLAGS; IOPL and IF depend on privilege. */
const RETURNED = STATUS_FLAGS | TF | DF | NT | RF | AC | ID;

const iret: Routine = (cpu, operation) => {
  const { registers, memory, descriptors } = cpu;
  const size = operation.operandSize;
  // SDM, "IRET": a nested task return does not exist in IA-32e mode.
  if ((registers.system & NT) !== 0) throw new GuestFault(GP);
  const top = registers.gpr(RSP);
  const pop = (slot: number): bigint => memory.read(BigInt.asUintN(64, top + BigInt(slot * size)), size, STACK);
  const offset = pop(0), selector = Number(pop(1) & 0xffffn), flags = Number(BigInt.asUintN(32, pop(2)));
  // In 64-bit mode RSP and SS are popped whether or not the privilege level changes.
  const newStack = pop(3), stackSelector = Number(pop(4) & 0xffffn);
  const descriptor = returnTarget(cpu, selector);
  if (!supported(cpu, descriptor)) return;
  if (notCanonical(offset)) throw new GuestFault(GP);
  const rpl = selector & 3;
  const stack = descriptors.checkedStack(stackSelector, rpl);
  const oldCpl = registers.cpl;
  const iopl = (registers.system & IOPL) >> 12;
  const changeable = RETURNED | (oldCpl <= iopl ? IF : 0) | (oldCpl === 0 ? IOPL | VIF | VIP : 0);
  const mask = size === 2 ? changeable & 0xffff : changeable;
  enterSegment(cpu, selector, descriptor, rpl);
  registers.rflags = (registers.rflags & ~mask) | (flags & mask);
  registers.setSegment(SS, stack);
  registers.setGpr(RSP, newStack);
  registers.rip = offset;
  if (rpl > oldCpl) descriptors.dropPrivileged(rpl);
  cpu.nmiBlocked = false;
  cpu.chooseMode();
  cpu.trace('iret', offset);
};

/** JMP, CALL and RET are near in their micro-ops; what comes here is far. */
export const TRANSFER: Readonly<Record<string, Routine>> = { JMP: jumpFar, CALL: callFar, RETF: returnFar, IRET: iret };
