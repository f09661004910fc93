/** System calls and software interrupts. */
import { BP, DB, GP, UD } from '../../../x86/fault.ts';
import { IF, RF, VM } from '../../../x86/flags.ts';
import { MSRS } from '../../../x86/msr.ts';
import { EFER_SCE } from '../../../x86/paging.ts';
import { CS, R11, RCX, RDX, RSP, SS } from '../../../x86/registers.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault } from '../memory.ts';
import type { Processor, Routine } from '../processor.ts';
import { ATTRIBUTE, type Segment, STORED_MSRS } from '../registers.ts';
import { requireSupervisor } from './operand.ts';

const stored = (cpu: Processor, msr: number): bigint => cpu.registers.storedMsr(STORED_MSRS.indexOf(msr as never));

/** Flat segments that are not read from a table: SYSCALL and its kin load fixed values. */
const flat = (selector: number, dpl: number, code: boolean): Segment => ({
  selector, base: 0n, limit: 0xffff_ffff,
  attributes: ATTRIBUTE.accessed | ATTRIBUTE.writable | (code ? ATTRIBUTE.code | ATTRIBUTE.long : ATTRIBUTE.big) | ATTRIBUTE.notSystem
    | (dpl << ATTRIBUTE.dplShift) | ATTRIBUTE.present | ATTRIBUTE.granular,
});

function enterFlat(cpu: Processor, codeSelector: number, stackSelector: number, cpl: number): void {
  cpu.setCpl(cpl);
  cpu.registers.setSegment(CS, flat(codeSelector, cpl, true));
  cpu.registers.setSegment(SS, flat(stackSelector, cpl, false));
}

const syscall: Routine = (cpu) => {
  const { registers } = cpu;
  if ((registers.control('efer') & EFER_SCE) === 0) throw new GuestFault(UD);
  const selector = Number((stored(cpu, MSRS.IA32_STAR) >> 32n) & 0xffffn);
  registers.setGpr(RCX, registers.rip);
  registers.setGpr(R11, BigInt(registers.rflags & ~RF));
  enterFlat(cpu, selector & ~3, (selector + 8) & ~3, 0);
  registers.rflags &= ~(Number(stored(cpu, MSRS.IA32_FMASK)) | RF);
  registers.rip = stored(cpu, MSRS.IA32_LSTAR);
  cpu.chooseMode();
};

const sysret: Routine = (cpu, { operandSize }) => {
  const { registers } = cpu;
  if ((registers.control('efer') & EFER_SCE) === 0) throw new GuestFault(UD);
  requireSupervisor(cpu);
  if (operandSize !== 8) return cpu.stop('unsupported mode');
  const target = registers.gpr(RCX);
  if (notCanonical(target)) throw new GuestFault(GP);
  const selector = Number((stored(cpu, MSRS.IA32_STAR) >> 48n) & 0xffffn);
  enterFlat(cpu, (selector + 16) | 3, (selector + 8) | 3, 3);
  registers.rflags = Number(BigInt.asUintN(32, registers.gpr(R11))) & ~(RF | VM);
  registers.rip = target;
  cpu.chooseMode();
};

const sysenter: Routine = (cpu) => {
  const { registers } = cpu;
  const selector = Number(stored(cpu, MSRS.IA32_SYSENTER_CS) & 0xfffcn);
  if (selector === 0) throw new GuestFault(GP);
  enterFlat(cpu, selector, selector + 8, 0);
  registers.system &= ~(VM | IF | RF);
  registers.setGpr(RSP, stored(cpu, MSRS.IA32_SYSENTER_ESP));
  registers.rip = stored(cpu, MSRS.IA32_SYSENTER_EIP);
  cpu.chooseMode();
};

const sysexit: Routine = (cpu, { operandSize }) => {
  const { registers } = cpu;
  const selector = Number(stored(cpu, MSRS.IA32_SYSENTER_CS) & 0xfffcn);
  if (selector === 0 || registers.cpl !== 0) throw new GuestFault(GP);
  if (operandSize !== 8) return cpu.stop('unsupported mode');
  const [target, stack] = [registers.gpr(RDX), registers.gpr(RCX)];
  if (notCanonical(target) || notCanonical(stack)) throw new GuestFault(GP);
  enterFlat(cpu, (selector + 32) | 3, (selector + 40) | 3, 3);
  registers.setGpr(RSP, stack);
  registers.rip = target;
  cpu.chooseMode();
};

const int: Routine = (cpu, { decoded }) => {
  const [operand] = decoded.operands;
  if (operand?.kind !== 'immediate') throw new GuestFault(UD);
  cpu.softwareInterrupt(Number(BigInt.asUintN(8, operand.value)), true);
};

export const CALLS: Readonly<Record<string, Routine>> = {
  SYSCALL: syscall, SYSRET: sysret, SYSENTER: sysenter, SYSEXIT: sysexit,
  INT: int, INT3: (cpu) => cpu.softwareInterrupt(BP, true), INT1: (cpu) => cpu.softwareInterrupt(DB, false),
};
