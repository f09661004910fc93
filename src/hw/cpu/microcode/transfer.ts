/** Far transfers: jumps, calls and returns between code segments, and through call gates. */
import { GP, NP, STACK } from '../../../x86/fault.ts';
import { CS, RSP, SS, TR, type Width } from '../../../x86/registers.ts';
import { type Descriptor, dplOf, isConforming, isLong, isPresent, NULL_SEGMENT, SYSTEM_TYPE } from '../descriptors.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault, READ } from '../guest-fault.ts';
import { ATTRIBUTE } from '../mode.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { Stack, setStackPointer } from '../stack.ts';
import { blame } from './operand.ts';

const codeOf = (selector: number): number => selector & ~3;

interface FarPointer { readonly selector: number; readonly offset: bigint }

/** The far pointer of the instruction, or of its memory operand: the offset first. */
function farPointer(cpu: Processor, operation: Operation): FarPointer {
  const { operandSize, decoded: { operands: [operand] } } = operation;
  if (operand?.kind === 'pointer') return operand;
  const address = operation.address(operandSize + 2, READ);
  const offset = cpu.memory.read(address, operandSize, blame(operation));
  return { offset, selector: Number(cpu.memory.read(BigInt.asUintN(64, address + BigInt(operandSize)), 2, blame(operation))) };
}

/** A code segment that may be jumped to or called without a gate. */
function checkDirect(cpu: Processor, selector: number, { attributes }: Descriptor): void {
  const { cpl, mode } = cpu.registers;
  const dpl = dplOf(attributes);
  const allowed = isConforming(attributes) ? dpl <= cpl : dpl === cpl && (selector & 3) <= cpl;
  if (!allowed) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  if (mode.long && attributes & ATTRIBUTE.long && attributes & ATTRIBUTE.big) throw new GuestFault(GP, codeOf(selector));
}

/** The code segment is of 64-bit mode. */
export const leadsToLong = (cpu: Processor, { attributes }: Descriptor): boolean => cpu.registers.mode.long && isLong(attributes);

/** Nothing can be executed at an offset of the code segment: it is not canonical, or beyond the limit. */
export function checkOffset(cpu: Processor, descriptor: Descriptor, offset: bigint): void {
  const wrong = leadsToLong(cpu, descriptor) ? notCanonical(offset) : offset > BigInt(descriptor.limit);
  if (wrong) throw new GuestFault(GP);
}

export function enterSegment(cpu: Processor, selector: number, descriptor: Descriptor, cpl: number): void {
  const segment = cpu.descriptors.segment(codeOf(selector) | cpl, descriptor);
  cpu.setCpl(cpl);
  cpu.registers.setSegment(CS, segment);
  cpu.chooseMode();
}

/** Where a selector is a number of a paragraph: the limit stays what it is. */
export function enterParagraph(cpu: Processor, selector: number, offset: bigint): void {
  const { registers } = cpu;
  registers.setSegment(CS, cpu.descriptors.paragraph(CS, selector));
  registers.rip = offset;
}

function checkParagraphOffset(cpu: Processor, offset: bigint): void {
  if (offset > BigInt(cpu.registers.segment(CS).limit)) throw new GuestFault(GP);
}

const isCodeDescriptor = (attributes: number): boolean =>
  (attributes & (ATTRIBUTE.notSystem | ATTRIBUTE.code)) === (ATTRIBUTE.notSystem | ATTRIBUTE.code);

/** Where a call gate leads, how wide what it pushes is, and how many words of the caller's stack it copies. */
interface Gate {
  readonly offset: bigint;
  readonly selector: number;
  readonly descriptor: Descriptor;
  readonly width: Width;
  readonly parameters: number;
}

/**
 * A call gate, after its checks and those of the code segment behind it.
 *
 * Limit: there are no task switches. A task gate, or a TSS, is taken for a descriptor of the wrong type.
 */
function throughGate(cpu: Processor, selector: number, call: boolean): Gate {
  const { registers, descriptors } = cpu;
  const { long } = registers.mode;
  const gate = descriptors.requireSystem(selector);
  const { attributes, low } = gate;
  const type = attributes & (ATTRIBUTE.type | ATTRIBUTE.notSystem);
  const isGate = type === SYSTEM_TYPE.callGate || (!long && type === SYSTEM_TYPE.callGate16);
  if (!isGate || dplOf(attributes) < registers.cpl || dplOf(attributes) < (selector & 3)) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  const high = long ? cpu.memory.readSystem(gate.address + 8n, 8) : 0n;
  if ((high >> 40n) & 0x1fn) throw new GuestFault(GP, codeOf(selector));
  const target = Number((low >> 16n) & 0xffffn);
  const descriptor = descriptors.requireCode(target);
  const dpl = dplOf(descriptor.attributes);
  const conforming = isConforming(descriptor.attributes);
  const allowed = call || conforming ? dpl <= registers.cpl : dpl === registers.cpl;
  if (!allowed || (long && !isLong(descriptor.attributes))) throw new GuestFault(GP, codeOf(target));
  if (!isPresent(descriptor.attributes)) throw new GuestFault(NP, codeOf(target));
  const width = long ? 8 : type === SYSTEM_TYPE.callGate ? 4 : 2;
  const offset = (low & 0xffffn) | (width === 2 ? 0n : (low >> 32n) & 0xffff_0000n) | ((high & 0xffff_ffffn) << 32n);
  checkOffset(cpu, descriptor, offset);
  return { offset, selector: target, descriptor, width, parameters: long ? 0 : Number((low >> 32n) & 0x1fn) };
}

const jumpFar: Routine = (cpu, operation) => {
  const { selector, offset } = farPointer(cpu, operation);
  if (!cpu.registers.mode.hasDescriptors) {
    checkParagraphOffset(cpu, offset);
    return enterParagraph(cpu, selector, offset);
  }
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = cpu.descriptors.require(selector);
  if (isCodeDescriptor(descriptor.attributes)) {
    checkDirect(cpu, selector, descriptor);
    checkOffset(cpu, descriptor, offset);
    enterSegment(cpu, selector, descriptor, cpu.registers.cpl);
    cpu.registers.rip = offset;
    return;
  }
  const gate = throughGate(cpu, selector, false);
  enterSegment(cpu, gate.selector, gate.descriptor, cpu.registers.cpl);
  cpu.registers.rip = gate.offset;
};

const callFar: Routine = (cpu, operation) => {
  const { registers, descriptors } = cpu;
  const { selector, offset } = farPointer(cpu, operation);
  const back = [BigInt(registers.selector(CS)), registers.rip];
  const stack = Stack.present(cpu);
  if (!registers.mode.hasDescriptors) {
    for (const value of back) stack.push(value, operation.operandSize);
    checkParagraphOffset(cpu, offset);
    stack.commit();
    return enterParagraph(cpu, selector, offset);
  }
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = descriptors.require(selector);
  if (isCodeDescriptor(descriptor.attributes)) {
    checkDirect(cpu, selector, descriptor);
    checkOffset(cpu, descriptor, offset);
    for (const value of back) stack.push(value, operation.operandSize);
    enterSegment(cpu, selector, descriptor, registers.cpl);
    stack.commit();
    registers.rip = offset;
    return;
  }
  callGate(cpu, throughGate(cpu, selector, true), stack, back);
};

function callGate(cpu: Processor, gate: Gate, stack: Stack, back: readonly bigint[]): void {
  const { registers } = cpu;
  const { attributes } = gate.descriptor;
  const cpl = isConforming(attributes) ? registers.cpl : dplOf(attributes);
  if (cpl === registers.cpl) {
    for (const value of back) stack.push(value, gate.width);
    enterSegment(cpu, gate.selector, gate.descriptor, cpl);
    stack.commit();
  } else if (registers.mode.long) callInnerLong(cpu, gate, cpl, back);
  else callInner(cpu, gate, cpl, stack, back);
  registers.rip = gate.offset;
}

function callInnerLong(cpu: Processor, { selector, descriptor }: Gate, cpl: number, back: readonly bigint[]): void {
  const { registers } = cpu;
  let at = cpu.descriptors.stackPointer(4 + 8 * cpl, registers.segment(TR));
  if (notCanonical(at)) throw new GuestFault(STACK);
  for (const value of [BigInt(registers.selector(SS)), registers.gpr(RSP), ...back]) {
    at = BigInt.asUintN(64, at - 8n);
    cpu.memory.writeSystem(at, value, 8);
  }
  enterSegment(cpu, selector, descriptor, cpl);
  registers.setSegment(SS, { ...NULL_SEGMENT, selector: cpl });
  registers.setGpr(RSP, at);
}

/** The words that the gate counts go from the caller's stack to that of the inner level. SDM: "Stack Switching". */
function callInner(cpu: Processor, gate: Gate, cpl: number, outer: Stack, back: readonly bigint[]): void {
  const { registers } = cpu;
  const { width } = gate;
  const { segment, pointer } = cpu.descriptors.innerStack(cpl);
  const parameters = Array.from({ length: gate.parameters }, (_, i) => outer.peek(i * width, width)).reverse();
  const stack = Stack.inner(cpu, segment, pointer);
  for (const value of [BigInt(registers.selector(SS)), registers.gpr(RSP), ...parameters, ...back]) stack.push(value, width);
  enterSegment(cpu, gate.selector, gate.descriptor, cpl);
  registers.setSegment(SS, segment);
  stack.commit();
}

/** The code segment that a far return or IRET goes to, after its checks. */
export function returnTarget(cpu: Processor, selector: number): Descriptor {
  if (codeOf(selector) === 0) throw new GuestFault(GP);
  const descriptor = cpu.descriptors.requireCode(selector);
  const { attributes } = descriptor;
  const rpl = selector & 3;
  const allowed = rpl >= cpu.registers.cpl && (isConforming(attributes) ? dplOf(attributes) <= rpl : dplOf(attributes) === rpl);
  const impossible = cpu.registers.mode.long && (attributes & ATTRIBUTE.long) !== 0 && (attributes & ATTRIBUTE.big) !== 0;
  if (!allowed || impossible) throw new GuestFault(GP, codeOf(selector));
  if (!isPresent(attributes)) throw new GuestFault(NP, codeOf(selector));
  return descriptor;
}

const returnFar: Routine = (cpu, operation) => {
  const { registers, descriptors } = cpu;
  const size = operation.operandSize;
  const stack = Stack.present(cpu);
  const [immediate] = operation.decoded.operands;
  const released = immediate?.kind === 'immediate' ? BigInt.asUintN(16, immediate.value) : 0n;
  const offset = stack.pop(size), selector = Number(stack.pop(size) & 0xffffn);
  stack.release(released);
  if (!registers.mode.hasDescriptors) {
    checkParagraphOffset(cpu, offset);
    stack.commit();
    return enterParagraph(cpu, selector, offset);
  }
  const descriptor = returnTarget(cpu, selector);
  checkOffset(cpu, descriptor, offset);
  const rpl = selector & 3;
  if (rpl === registers.cpl) {
    enterSegment(cpu, selector, descriptor, rpl);
    stack.commit();
  } else {
    const pointer = stack.pop(size), stackSelector = Number(stack.pop(size) & 0xffffn);
    const outer = descriptors.checkedStack(stackSelector, rpl, GP, 0, leadsToLong(cpu, descriptor));
    enterSegment(cpu, selector, descriptor, rpl);
    registers.setSegment(SS, outer);
    setStackPointer(cpu, pointer + released);
    descriptors.dropPrivileged(rpl);
  }
  registers.rip = offset;
};

/** JMP, CALL and RET are near in their micro-ops; what comes here is far. */
export const TRANSFER: Readonly<Record<string, Routine>> = { JMP: jumpFar, CALL: callFar, RETF: returnFar };
