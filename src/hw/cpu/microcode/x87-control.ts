/** Control of the x87 FPU: its words, its exceptions, and who may use it at all. */
import { MF, NM } from '../../../x86/fault.ts';
import { CR0_EM, CR0_MP, CR0_NE, CR0_TS } from '../../../x86/paging.ts';
import { BUSY, ES_SUMMARY, EXCEPTIONS, SF_FAULT } from '../../../x86/x87/words.ts';
import { GuestFault } from '../guest-fault.ts';
import type { Processor, Routine } from '../processor.ts';
import { readOperand, writeOperand } from './operand.ts';

/** #NM: there is no FPU (CR0.EM), or its registers are another task's (CR0.TS). */
function requireFpu({ registers }: Processor): void {
  if ((registers.control('cr0') & (CR0_EM | CR0_TS)) !== 0) throw new GuestFault(NM);
}

/**
 * An unmasked exception that an earlier instruction met is raised now.
 *
 * Limit: with CR0.NE clear the exception would leave the processor by its FERR# pin. No board has that pin, and the
 * instruction goes on as if IGNNE# were asserted.
 */
function raisePending({ registers }: Processor): void {
  const { x87 } = registers;
  if ((x87.status & ES_SUMMARY) !== 0 && (registers.control('cr0') & CR0_NE) !== 0) throw new GuestFault(MF);
}

/** An instruction that looks for pending exceptions first. */
export const waiting = (routine: Routine): Routine => (cpu, operation) => {
  requireFpu(cpu);
  raisePending(cpu);
  return routine(cpu, operation);
};

/** One that is not of control: it leaves its opcode, its address, and its operand's, for the handler of an exception. */
export const computing = (routine: Routine): Routine => waiting((cpu, operation) => {
  const { registers } = cpu;
  const { decoded } = operation;
  routine(cpu, operation);
  registers.x87.opcode = ((decoded.form.opcode & 7) << 8) | decoded.modrm;
  registers.x87.instructionPointer = BigInt.asUintN(64, registers.rip - BigInt(decoded.length));
  if (decoded.operands.some(({ kind }) => kind === 'memory')) registers.x87.dataPointer = operation.offset();
});

export const nonWaiting = (routine: Routine): Routine => (cpu, operation) => {
  requireFpu(cpu);
  return routine(cpu, operation);
};

/** CR0.MP: whether WAIT too is for whoever may use the FPU. */
const wait: Routine = (cpu) => {
  const both = CR0_MP | CR0_TS;
  if ((cpu.registers.control('cr0') & both) === both) throw new GuestFault(NM);
  raisePending(cpu);
};

const fldcw: Routine = (cpu, operation) => {
  cpu.registers.x87.control = Number(readOperand(cpu, operation, operation.decoded.operands[0]!, 2));
};

const fnstcw: Routine = (cpu, operation) =>
  writeOperand(cpu, operation, operation.decoded.operands[0]!, BigInt(cpu.registers.x87.control), 2);

const fnstsw: Routine = (cpu, operation) =>
  writeOperand(cpu, operation, operation.decoded.operands[0]!, BigInt(cpu.registers.x87.status), 2);

const fnclex: Routine = ({ registers: { x87 } }) => {
  x87.status &= ~(EXCEPTIONS | SF_FAULT | ES_SUMMARY | BUSY);
};

export const X87_CONTROL: Readonly<Record<string, Routine>> = {
  WAIT: wait, FLDCW: waiting(fldcw), FNSTCW: nonWaiting(fnstcw), FNSTSW: nonWaiting(fnstsw), FNCLEX: nonWaiting(fnclex),
  FNENI: nonWaiting(() => {}), FNDISI: nonWaiting(() => {}), FSETPM: nonWaiting(() => {}),
  FNINIT: nonWaiting((cpu) => cpu.registers.x87.initialize()),
};
