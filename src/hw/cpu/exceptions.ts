/**
 * Delivery of exceptions and interrupts through the IDT, in IA-32e mode. SDM: "Exception and Interrupt Handling in 64-bit
 * Mode". A fault on the way is combined with what was being delivered; see "Conditions for Generating a Double Fault".
 */
import { CODE_EXT, CODE_IDT, DOUBLE, faultClass, GP, NMI, NP, pushesErrorCode, STACK } from '../../x86/fault.ts';
import { IF, NT, RF, TF, VM } from '../../x86/flags.ts';
import { CS, RSP, SS, TR } from '../../x86/registers.ts';
import { dplOf, isConforming, isLong, isPresent, NULL_SEGMENT, SYSTEM_TYPE } from './descriptors.ts';
import { type Event, pushedFlags } from './event.ts';
import { GuestFault } from './guest-fault.ts';
import { enterProtected, enterReal } from './legacy-delivery.ts';
import { ATTRIBUTE } from './mode.ts';
import type { Processor } from './processor.ts';
import { enterQuickly } from './quick-frames.ts';

/** What became of it: the handler was entered, or there was none for a double fault either. */
export type Delivery = 'delivered' | 'triple fault';

export function deliver(cpu: Processor, event: Event): Delivery {
  let current = event;
  for (;;) {
    try {
      enter(cpu, current);
      return 'delivered';
    } catch (fault) {
      if (!(fault instanceof GuestFault)) throw fault;
      if (current.vector === DOUBLE && current.kind === 'fault') return 'triple fault';
      current = combine(current, fault);
    }
  }
}

function combine(first: Event, second: GuestFault): Event {
  const isException = first.kind === 'fault' || first.kind === 'trap';
  const [a, b] = [isException ? faultClass(first.vector) : 'benign', faultClass(second.vector)];
  const double = (a === 'contributory' && b === 'contributory') || (a === 'page fault' && b !== 'benign');
  return double ? { vector: DOUBLE, kind: 'fault', code: 0 } : { vector: second.vector, kind: 'fault', code: second.code };
}

interface Gate { readonly selector: number; readonly offset: bigint; readonly ist: number; readonly trap: boolean }

function gateOf(cpu: Processor, { vector, kind }: Event): Gate {
  const external = kind === 'software' ? 0 : CODE_EXT;
  const code = vector * 8 + CODE_IDT + external;
  const { base, limit } = cpu.registers.table('idtr');
  if (vector * 16 + 15 > limit) throw new GuestFault(GP, code);
  const at = BigInt.asUintN(64, base + BigInt(vector * 16));
  const low = cpu.memory.readSystem(at, 8), high = cpu.memory.readSystem(BigInt.asUintN(64, at + 8n), 4);
  const attributes = Number((low >> 40n) & 0xffn);
  const type = attributes & (ATTRIBUTE.type | ATTRIBUTE.notSystem);
  if (type !== SYSTEM_TYPE.interruptGate && type !== SYSTEM_TYPE.trapGate) throw new GuestFault(GP, code);
  if (kind === 'software' && dplOf(attributes) < cpu.registers.cpl) throw new GuestFault(GP, code);
  if (!isPresent(attributes)) throw new GuestFault(NP, code);
  return {
    selector: Number((low >> 16n) & 0xffffn), trap: type === SYSTEM_TYPE.trapGate, ist: Number((low >> 32n) & 7n),
    offset: (low & 0xffffn) | ((low >> 32n) & 0xffff_0000n) | (high << 32n),
  };
}

/** Enters the handler of one event, in the present mode. A GuestFault means that it was not entered, and nothing has happened. */
export function enter(cpu: Processor, event: Event): void {
  const { mode } = cpu.registers;
  if (!mode.protected) enterReal(cpu, event);
  else if (!mode.long) enterProtected(cpu, event);
  else if (!enterQuickly(cpu, event)) enterLong(cpu, event);
  cpu.shadow = false;
  if (event.vector === NMI && event.kind === 'interrupt') cpu.nmiBlocked = true;
  cpu.chooseMode();
}

function enterLong(cpu: Processor, event: Event): void {
  const { registers, memory, descriptors } = cpu;
  const external = event.kind === 'software' ? 0 : CODE_EXT;
  const gate = gateOf(cpu, event);
  const descriptor = descriptors.requireCode(gate.selector, external);
  const { attributes } = descriptor;
  const oldCpl = registers.cpl;
  if (dplOf(attributes) > oldCpl || !isLong(attributes)) throw new GuestFault(GP, (gate.selector & ~3) | external);
  if (!isPresent(attributes)) throw new GuestFault(NP, (gate.selector & ~3) | external);
  const cpl = isConforming(attributes) ? oldCpl : dplOf(attributes);
  const outer = cpl < oldCpl;
  const stack = newStack(cpu, gate.ist, cpl, outer, external);
  if (notCanonical(gate.offset)) throw new GuestFault(GP, external);

  const frame = [
    BigInt(registers.selector(SS)), registers.gpr(RSP), BigInt(pushedFlags(cpu, event)), BigInt(registers.selector(CS)),
    registers.rip,
  ];
  const hasCode = pushesErrorCode(event.vector) && (event.kind === 'fault' || event.kind === 'trap');
  if (hasCode) frame.push(BigInt(event.code ?? 0));
  let at = stack & ~0xfn;
  if (notCanonical(at) || notCanonical(BigInt.asUintN(64, at - 1n))) throw new GuestFault(STACK, external);
  // Pushes are made at the new level: as a user's only when the handler is one.
  for (const value of frame) {
    at = BigInt.asUintN(64, at - 8n);
    if (cpl === 3) memory.write(at, value, 8, STACK);
    else memory.writeSystem(at, value, 8);
  }

  const code = descriptors.segment((gate.selector & ~3) | cpl, descriptor);
  cpu.setCpl(cpl);
  registers.setSegment(CS, code);
  if (outer) registers.setSegment(SS, { ...NULL_SEGMENT, selector: cpl });
  registers.setGpr(RSP, at);
  registers.rip = gate.offset;
  registers.system &= ~(TF | NT | RF | VM | (gate.trap ? 0 : IF));
}

/** The stack pointer before the frame: an interrupt stack, that of the inner level, or the present one. */
function newStack(cpu: Processor, ist: number, cpl: number, outer: boolean, external: number): bigint {
  const tr = cpu.registers.segment(TR);
  // SDM, "64-Bit Task State Segment": RSP0 to RSP2 at offset 4, IST1 to IST7 at offset 36.
  if (ist !== 0) return cpu.descriptors.stackPointer(36 + 8 * (ist - 1), tr, external);
  if (outer) return cpu.descriptors.stackPointer(4 + 8 * cpl, tr, external);
  return cpu.registers.gpr(RSP);
}

export const notCanonical = (address: bigint): boolean => BigInt.asUintN(64, BigInt.asIntN(48, address)) !== address;
