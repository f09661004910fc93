/** IRET: back to where an interrupt came from, in any mode. SDM: "IRET/IRETD/IRETQ - Interrupt Return". */
import { GP } from '../../../x86/fault.ts';
import { AC, DF, ID, IF, IOPL, NT, RF, STATUS_FLAGS, TF, VIF, VIP, VM } from '../../../x86/flags.ts';
import { CS, DS, ES, FS, GS, SS, type Width } from '../../../x86/registers.ts';
import { VIRTUAL_8086 } from '../descriptors.ts';
import { GuestFault } from '../guest-fault.ts';
import type { Processor, Routine } from '../processor.ts';
import { returnQuickly } from '../quick-frames.ts';
import { Stack, setStackPointer } from '../stack.ts';
import { checkOffset, enterParagraph, enterSegment, leadsToLong, returnTarget } from './transfer.ts';

/** What IRET may change in RFLAGS; IOPL and IF depend on privilege. */
const RETURNED = STATUS_FLAGS | TF | DF | NT | RF | AC | ID;

interface Frame { readonly offset: bigint; readonly selector: number; readonly flags: number }

const popFrame = (stack: Stack, size: Width): Frame =>
  ({ offset: stack.pop(size), selector: Number(stack.pop(size) & 0xffffn), flags: Number(BigInt.asUintN(32, stack.pop(size))) });

function setFlags({ registers }: Processor, flags: number, changeable: number, size: Width): void {
  const mask = size === 2 ? changeable & 0xffff : changeable;
  // All of the status flags are among them.
  registers.rflags = (registers.system & ~mask) | (flags & mask);
}

export const iret: Routine = (cpu, { operandSize }) => {
  const { mode, cpl } = cpu.registers;
  const flags = operandSize === 8 ? returnQuickly(cpu) : undefined;
  if (flags !== undefined) setFlags(cpu, flags, changeableFrom(cpu, cpl), operandSize);
  else if (!mode.protected) returnReal(cpu, operandSize, RETURNED | IF | IOPL);
  else if (mode.virtual8086) returnVirtual(cpu, operandSize);
  else returnProtected(cpu, operandSize);
  cpu.nmiBlocked = false;
  cpu.chooseMode();
  cpu.trace('iret', cpu.registers.rip);
};

function returnReal(cpu: Processor, size: Width, changeable: number): void {
  const stack = Stack.present(cpu);
  const { offset, selector, flags } = popFrame(stack, size);
  if (offset > BigInt(cpu.registers.segment(CS).limit)) throw new GuestFault(GP);
  stack.commit();
  enterParagraph(cpu, selector, offset);
  setFlags(cpu, flags, changeable, size);
}

/** From a virtual-8086 task to itself: IOPL stays what it is. */
function returnVirtual(cpu: Processor, size: Width): void {
  if ((cpu.registers.system & IOPL) !== IOPL) throw new GuestFault(GP);
  returnReal(cpu, size, RETURNED | IF);
}

/** What a return from a privilege level may change in RFLAGS. */
function changeableFrom({ registers }: Processor, cpl: number): number {
  const iopl = (registers.system & IOPL) >> 12;
  return RETURNED | (cpl <= iopl ? IF : 0) | (cpl === 0 ? IOPL | VIF | VIP : 0);
}

function returnProtected(cpu: Processor, size: Width): void {
  const { registers, descriptors } = cpu;
  // SDM, "IRET": a nested task return does not exist in IA-32e mode.
  // Limit: nor is there one elsewhere, because there are no task switches.
  if ((registers.system & NT) !== 0) throw new GuestFault(GP);
  const oldCpl = registers.cpl;
  const stack = Stack.present(cpu);
  const { offset, selector, flags } = popFrame(stack, size);
  const toVirtual = (flags & VM) !== 0 && size === 4 && oldCpl === 0 && !registers.mode.long;
  if (toVirtual) return enterVirtual(cpu, stack, { offset, selector, flags });
  const rpl = selector & 3;
  // In 64-bit mode RSP and SS are popped whether or not the privilege level changes.
  const popsStack = !registers.mode.legacy || rpl > oldCpl;
  const outer = popsStack ? { pointer: stack.pop(size), selector: Number(stack.pop(size) & 0xffffn) } : undefined;
  const descriptor = returnTarget(cpu, selector);
  checkOffset(cpu, descriptor, offset);
  const segment = outer && descriptors.checkedStack(outer.selector, rpl, GP, 0, leadsToLong(cpu, descriptor));
  const changeable = changeableFrom(cpu, oldCpl);
  enterSegment(cpu, selector, descriptor, rpl);
  setFlags(cpu, flags, changeable, size);
  if (outer === undefined) stack.commit();
  else {
    registers.setSegment(SS, segment!);
    setStackPointer(cpu, outer.pointer);
  }
  registers.rip = offset;
  if (rpl > oldCpl) descriptors.dropPrivileged(rpl);
}

/** To a virtual-8086 task, whose data segments lie above its stack pointer. */
function enterVirtual(cpu: Processor, stack: Stack, { offset, selector, flags }: Frame): void {
  const { registers } = cpu;
  const pointer = stack.pop(4);
  const selectors = [SS, ES, DS, FS, GS].map((segment) => [segment, Number(stack.pop(4) & 0xffffn)] as const);
  if (offset > 0xffffn) throw new GuestFault(GP);
  cpu.setCpl(3);
  registers.rflags = flags & (RETURNED | IF | IOPL | VIF | VIP | VM);
  for (const [segment, value] of [[CS, selector], ...selectors] as const) {
    registers.setSegment(segment, { selector: value, base: BigInt(value << 4), limit: 0xffff, attributes: VIRTUAL_8086 });
  }
  setStackPointer(cpu, pointer, 0xffff_ffffn);
  registers.rip = offset;
}
