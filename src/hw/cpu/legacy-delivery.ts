/**
 * Delivery of exceptions and interrupts outside IA-32e mode: through the IDT of protected mode, with gates of 16 and 32 bits, and through
 * the interrupt vector table of real-address mode. SDM: "Interrupt and Exception Handling", "8086 Emulation".
 */
import { CODE_EXT, CODE_IDT, GP, NP, pushesErrorCode } from '../../x86/fault.ts';
import { AC, IF, NT, RF, TF, VM } from '../../x86/flags.ts';
import { CS, DS, ES, FS, GS, RSP, SS, type Width } from '../../x86/registers.ts';
import { dplOf, isConforming, isPresent, NULL_SEGMENT, SYSTEM_TYPE } from './descriptors.ts';
import { type Event, pushedFlags } from './event.ts';
import { GuestFault } from './guest-fault.ts';
import { ATTRIBUTE } from './mode.ts';
import type { Processor } from './processor.ts';
import { Stack } from './stack.ts';

interface Gate { readonly selector: number; readonly offset: bigint; readonly width: Width; readonly trap: boolean }

/** The data segments that a virtual-8086 task leaves on the stack of level 0, in the order in which they are pushed. */
const DATA_SEGMENTS = [GS, FS, DS, ES];

/**
 * Limit: there are no task switches. A task gate is taken for one that is not of a gate's type.
 */
const GATE_TYPES: readonly number[] = [
  SYSTEM_TYPE.interruptGate16, SYSTEM_TYPE.trapGate16, SYSTEM_TYPE.interruptGate, SYSTEM_TYPE.trapGate,
];

function gateOf(cpu: Processor, { vector, kind }: Event): Gate {
  const code = vector * 8 + CODE_IDT + (kind === 'software' ? 0 : CODE_EXT);
  const { base, limit } = cpu.registers.table('idtr');
  if (vector * 8 + 7 > limit) throw new GuestFault(GP, code);
  const low = cpu.memory.readSystem(BigInt.asUintN(32, base + BigInt(vector * 8)), 8);
  const attributes = Number((low >> 40n) & 0xffn);
  const type = attributes & (ATTRIBUTE.type | ATTRIBUTE.notSystem);
  if (!GATE_TYPES.includes(type)) throw new GuestFault(GP, code);
  if (kind === 'software' && dplOf(attributes) < cpu.registers.cpl) throw new GuestFault(GP, code);
  if (!isPresent(attributes)) throw new GuestFault(NP, code);
  const wide = type === SYSTEM_TYPE.interruptGate || type === SYSTEM_TYPE.trapGate;
  return {
    selector: Number((low >> 16n) & 0xffffn), width: wide ? 4 : 2,
    trap: type === SYSTEM_TYPE.trapGate || type === SYSTEM_TYPE.trapGate16,
    offset: (low & 0xffffn) | (wide ? (low >> 32n) & 0xffff_0000n : 0n),
  };
}

/** Enters the handler of protected mode. A GuestFault means that it was not entered, and nothing has happened. */
export function enterProtected(cpu: Processor, event: Event): void {
  const { registers, descriptors } = cpu;
  const external = event.kind === 'software' ? 0 : CODE_EXT;
  const gate = gateOf(cpu, event);
  const { width } = gate;
  const descriptor = descriptors.requireCode(gate.selector, external);
  const { attributes, limit } = descriptor;
  const oldCpl = registers.cpl, virtual = registers.mode.virtual8086;
  const wrong = new GuestFault(GP, (gate.selector & ~3) | external);
  if (dplOf(attributes) > oldCpl) throw wrong;
  if (!isPresent(attributes)) throw new GuestFault(NP, (gate.selector & ~3) | external);
  const cpl = isConforming(attributes) ? oldCpl : dplOf(attributes);
  // A virtual-8086 task is left for level 0 only.
  if (virtual && cpl !== 0) throw wrong;
  const inner = cpl < oldCpl ? descriptors.innerStack(cpl, external) : undefined;
  const stack = inner === undefined ? Stack.present(cpu, external) : Stack.inner(cpu, inner.segment, inner.pointer, external);
  if (inner !== undefined) {
    if (virtual) for (const segment of DATA_SEGMENTS) stack.push(BigInt(registers.selector(segment)), width);
    stack.push(BigInt(registers.selector(SS)), width);
    stack.push(registers.gpr(RSP), width);
  }
  for (const value of [BigInt(pushedFlags(cpu, event)), BigInt(registers.selector(CS)), registers.rip]) stack.push(value, width);
  const hasCode = pushesErrorCode(event.vector) && (event.kind === 'fault' || event.kind === 'trap');
  if (hasCode) stack.push(BigInt(event.code ?? 0), width);
  if (gate.offset > BigInt(limit)) throw new GuestFault(GP, external);

  const code = descriptors.segment((gate.selector & ~3) | cpl, descriptor);
  cpu.setCpl(cpl);
  registers.system &= ~(TF | NT | RF | VM | (gate.trap ? 0 : IF));
  registers.setSegment(CS, code);
  if (inner !== undefined) registers.setSegment(SS, inner.segment);
  if (virtual) for (const segment of DATA_SEGMENTS) registers.setSegment(segment, NULL_SEGMENT);
  stack.commit();
  registers.rip = gate.offset;
}

/** Enters the handler of real-address mode: no error code, no privilege, and a vector of four bytes. */
export function enterReal(cpu: Processor, event: Event): void {
  const { registers, memory, descriptors } = cpu;
  const { base, limit } = registers.table('idtr');
  if (event.vector * 4 + 3 > limit) throw new GuestFault(GP);
  const vector = Number(memory.readSystem(BigInt.asUintN(32, base + BigInt(event.vector * 4)), 4));
  const stack = Stack.present(cpu);
  for (const value of [BigInt(registers.rflags), BigInt(registers.selector(CS)), registers.rip]) stack.push(value, 2);
  stack.commit();
  registers.system &= ~(TF | IF | RF | AC);
  registers.setSegment(CS, descriptors.paragraph(CS, vector >>> 16));
  registers.rip = BigInt(vector & 0xffff);
}
