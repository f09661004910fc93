/** System calls and software interrupts. */
import { BP, DB, GP, OVERFLOW, UD } from '../../../x86/fault.ts';
import { IF, IOPL, OF, RF, VM } from '../../../x86/flags.ts';
import { MSRS } from '../../../x86/msr.ts';
import { EFER_SCE } from '../../../x86/paging.ts';
import { CS, R11, RCX, RDX, RSP, SS } from '../../../x86/registers.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault } from '../guest-fault.ts';
import { ATTRIBUTE } from '../mode.ts';
import type { Processor, Routine } from '../processor.ts';
import { type Segment, STORED_MSRS } from '../registers.ts';
import { requireSupervisor } from './operand.ts';

const stored = (cpu: Processor, msr: number): bigint => cpu.registers.storedMsr(STORED_MSRS.indexOf(msr as never));

/** Flat segments that are not read from a table: SYSCALL and its kin load fixed values. The code is of 64-bit mode, or of 32 bits. */
const flat = (selector: number, dpl: number, kind: 'long' | 'code' | 'stack'): Segment => ({
  selector, base: 0n, limit: 0xffff_ffff,
  attributes: ATTRIBUTE.accessed | ATTRIBUTE.writable | (kind === 'stack' ? 0 : ATTRIBUTE.code)
    | (kind === 'long' ? ATTRIBUTE.long : ATTRIBUTE.big) | ATTRIBUTE.notSystem | (dpl << ATTRIBUTE.dplShift) | ATTRIBUTE.present
    | ATTRIBUTE.granular,
});

function enterFlat(cpu: Processor, codeSelector: number, stackSelector: number, cpl: number, long: boolean): void {
  cpu.setCpl(cpl);
  cpu.registers.setSegment(CS, flat(codeSelector, cpl, long ? 'long' : 'code'));
  cpu.registers.setSegment(SS, flat(stackSelector, cpl, 'stack'));
}

/** Outside 64-bit mode SYSCALL and SYSRET are AMD's alone, and are here in IA-32e mode only. */
function requireSyscall(cpu: Processor): void {
  const { mode } = cpu.registers;
  const exists = !mode.legacy || (mode.long && cpu.features.has('SYSCALL32'));
  if (!exists || (cpu.registers.control('efer') & EFER_SCE) === 0) throw new GuestFault(UD);
}

const syscall: Routine = (cpu) => {
  const { registers } = cpu;
  requireSyscall(cpu);
  const target = stored(cpu, registers.mode.legacy ? MSRS.IA32_CSTAR : MSRS.IA32_LSTAR);
  const selector = Number((stored(cpu, MSRS.IA32_STAR) >> 32n) & 0xffffn);
  registers.setGpr(RCX, registers.rip);
  registers.setGpr(R11, BigInt(registers.rflags & ~RF));
  enterFlat(cpu, selector & ~3, (selector + 8) & ~3, 0, true);
  registers.rflags &= ~(Number(stored(cpu, MSRS.IA32_FMASK)) | RF);
  registers.rip = target;
  cpu.chooseMode();
};

const sysret: Routine = (cpu, { operandSize }) => {
  const { registers } = cpu;
  requireSyscall(cpu);
  requireSupervisor(cpu);
  const long = operandSize === 8;
  const target = BigInt.asUintN(8 * (long ? 8 : 4), registers.gpr(RCX));
  if (notCanonical(target)) throw new GuestFault(GP);
  const selector = Number((stored(cpu, MSRS.IA32_STAR) >> 48n) & 0xffffn);
  enterFlat(cpu, (selector + (long ? 16 : 0)) | 3, (selector + 8) | 3, 3, long);
  registers.rflags = Number(BigInt.asUintN(32, registers.gpr(R11))) & ~(RF | VM);
  registers.rip = target;
  cpu.chooseMode();
};

/** The selector that SYSENTER and SYSEXIT count from; both are for protected mode. */
function sysenterSelector(cpu: Processor): number {
  const selector = Number(stored(cpu, MSRS.IA32_SYSENTER_CS) & 0xfffcn);
  if (selector === 0 || !cpu.registers.mode.protected) throw new GuestFault(GP);
  return selector;
}

const sysenter: Routine = (cpu) => {
  const { registers } = cpu;
  const selector = sysenterSelector(cpu);
  const { long } = registers.mode;
  const width = long ? 64 : 32;
  registers.system &= ~(VM | IF | RF);
  enterFlat(cpu, selector, selector + 8, 0, long);
  registers.setGpr(RSP, BigInt.asUintN(width, stored(cpu, MSRS.IA32_SYSENTER_ESP)));
  registers.rip = BigInt.asUintN(width, stored(cpu, MSRS.IA32_SYSENTER_EIP));
  cpu.chooseMode();
};

const sysexit: Routine = (cpu, { operandSize }) => {
  const { registers } = cpu;
  const selector = sysenterSelector(cpu);
  requireSupervisor(cpu);
  const long = operandSize === 8;
  const [target, stack] = [RDX, RCX].map((reg) => BigInt.asUintN(long ? 64 : 32, registers.gpr(reg))) as [bigint, bigint];
  if (notCanonical(target) || notCanonical(stack)) throw new GuestFault(GP);
  enterFlat(cpu, (selector + (long ? 32 : 16)) | 3, (selector + (long ? 40 : 24)) | 3, 3, long);
  registers.setGpr(RSP, stack);
  registers.rip = target;
  cpu.chooseMode();
};

const int: Routine = (cpu, { decoded }) => {
  const [operand] = decoded.operands;
  if (operand?.kind !== 'immediate') throw new GuestFault(UD);
  const { mode, system } = cpu.registers;
  // SDM, "Interrupt and Exception Handling in Virtual-8086 Mode": INT n alone is sensitive to IOPL.
  if (mode.virtual8086 && (system & IOPL) !== IOPL) throw new GuestFault(GP);
  cpu.softwareInterrupt(Number(BigInt.asUintN(8, operand.value)), true);
};

/** INTO does something only when there was an overflow. */
const into: Routine = (cpu) => {
  if ((cpu.registers.rflags & OF) !== 0) cpu.softwareInterrupt(OVERFLOW, true);
};

export const CALLS: Readonly<Record<string, Routine>> = {
  SYSCALL: syscall, SYSRET: sysret, SYSENTER: sysenter, SYSEXIT: sysexit,
  INT: int, INTO: into, INT3: (cpu) => cpu.softwareInterrupt(BP, true), INT1: (cpu) => cpu.softwareInterrupt(DB, false),
};
