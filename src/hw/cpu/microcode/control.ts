/** Control and debug registers, and instructions that change how the processor runs. */
import { DB, GP, UD } from '../../../x86/fault.ts';
import { IF, IOPL } from '../../../x86/flags.ts';
import type { Feature } from '../../../x86/isa/define.ts';
import {
  CR0_AM, CR0_CD, CR0_EM, CR0_ET, CR0_MP, CR0_NE, CR0_NW, CR0_PE, CR0_PG, CR0_TS, CR0_WP, CR4_DE, CR4_FSGSBASE, CR4_MCE, CR4_OSFXSR,
  CR4_OSXMMEXCPT, CR4_OSXSAVE, CR4_PAE, CR4_PCE, CR4_PGE, CR4_PSE, CR4_SMAP, CR4_SMEP, CR4_TSD, CR4_UMIP, EFER_LMA, EFER_LME,
} from '../../../x86/paging.ts';
import { CS, FS, GS, TR } from '../../../x86/registers.ts';
import { VmExit } from '../../vmx/vmx.ts';
import { DR6_ONES, DR7_ONES } from '../breakpoints.ts';
import { SYSTEM_TYPE } from '../descriptors.ts';
import { notCanonical } from '../exceptions.ts';
import { GuestFault, READ } from '../guest-fault.ts';
import { highOf, lowOf } from '../memory.ts';
import { ATTRIBUTE } from '../mode.ts';
import type { Operation, Processor, Routine } from '../processor.ts';
import { blame, readOperand, registerOf, requireSupervisor, writeOperand } from './operand.ts';
import { checkUmip } from './segments.ts';

const CR0_KNOWN = CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;
const CR4_ALWAYS = CR4_TSD | CR4_DE | CR4_PSE | CR4_PAE | CR4_MCE | CR4_PGE | CR4_PCE | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_UMIP | CR4_SMEP;
/** A change of these bits changes what translations mean. */
const CR4_FLUSHES = CR4_PSE | CR4_PAE | CR4_PGE | CR4_SMEP | CR4_SMAP;

/** MOV to CR0. SDM: "MOV - Move to/from Control Registers". */
function setCr0(cpu: Processor, value: bigint): void {
  const { registers, memory } = cpu;
  if (value >> 32n !== 0n) throw new GuestFault(GP);
  const wanted = (Number(value) & CR0_KNOWN) | CR0_ET;
  const old = registers.control('cr0');
  const has = (bit: number): boolean => (wanted & bit) !== 0;
  if ((has(CR0_PG) && !has(CR0_PE)) || (has(CR0_NW) && !has(CR0_CD))) throw new GuestFault(GP);
  const changed = wanted ^ old;
  if ((changed & CR0_PG) !== 0) switchPaging(cpu, has(CR0_PG));
  registers.setControl('cr0', wanted);
  if ((changed & (CR0_WP | CR0_PG)) !== 0) memory.tlb.flush(true);
  cpu.chooseMode();
}

/** Paging is switched on or off, and IA-32e mode with it where IA32_EFER.LME says so. SDM: "Initializing IA-32e Mode". */
function switchPaging(cpu: Processor, on: boolean): void {
  const { registers } = cpu;
  const efer = registers.control('efer');
  // 64-bit mode is left by way of compatibility mode.
  if (!on && !registers.mode.legacy) throw new GuestFault(GP);
  if (!on) return registers.setControl('efer', efer & ~EFER_LMA);
  if ((efer & EFER_LME) === 0) return requirePdptes(cpu, registers.control('cr4'), registers.cr3, true);
  const pae = (registers.control('cr4') & CR4_PAE) !== 0;
  const tss = registers.segment(TR).attributes & ATTRIBUTE.type;
  const narrowTss = tss === SYSTEM_TYPE.tss16Busy || tss === SYSTEM_TYPE.tss16Available;
  if (!pae || narrowTss || (registers.segment(CS).attributes & ATTRIBUTE.long) !== 0) throw new GuestFault(GP);
  registers.setControl('efer', efer | EFER_LMA);
}

/** PAE paging keeps its four topmost entries in the processor: they are read when it begins, or when CR3 is written. */
function requirePdptes(cpu: Processor, cr4: number, cr3: bigint, paging: boolean): void {
  const pae = paging && (cr4 & CR4_PAE) !== 0 && !cpu.registers.mode.long;
  if (pae && !cpu.memory.loadPdptes(cr3)) throw new GuestFault(GP);
}

const hasPaging = (cpu: Processor): boolean => (cpu.registers.control('cr0') & CR0_PG) !== 0;

function setCr4(cpu: Processor, value: bigint): void {
  const { registers } = cpu;
  const has = (feature: Feature, bit: number): number => (cpu.features.has(feature) ? bit : 0);
  const known = CR4_ALWAYS | has('SMAP', CR4_SMAP) | has('FSGSBASE', CR4_FSGSBASE) | has('XSAVE', CR4_OSXSAVE);
  if ((value & ~BigInt(known)) !== 0n) throw new GuestFault(GP);
  const wanted = Number(value);
  if (registers.mode.long && (wanted & CR4_PAE) === 0) throw new GuestFault(GP);
  const changed = wanted ^ registers.control('cr4');
  if ((changed & CR4_FLUSHES) !== 0) requirePdptes(cpu, wanted, registers.cr3, hasPaging(cpu));
  registers.setControl('cr4', wanted);
  if ((changed & CR4_FLUSHES) !== 0) cpu.memory.tlb.flush(true);
  cpu.chooseMode();
}

function setCr3(cpu: Processor, value: bigint): void {
  if (value >> BigInt(cpu.memory.physicalBits) !== 0n) throw new GuestFault(GP);
  requirePdptes(cpu, cpu.registers.control('cr4'), value, hasPaging(cpu));
  cpu.registers.cr3 = value;
  cpu.memory.tlb.flush(false);
}

function moveToControl(cpu: Processor, register: number, value: bigint): void {
  switch (register) {
    case 0: setCr0(cpu, value); break;
    case 2: cpu.registers.cr2 = value; break;
    case 3: setCr3(cpu, value); break;
    case 4: setCr4(cpu, value); break;
    default: // CR8, the only one left, is the task priority.
      if (value > 15n) throw new GuestFault(GP);
      cpu.apic.tpr = Number(value) << 4;
  }
}

/** Bits of DR7 that exist. SDM: "Debug Registers". */
const DR7_KNOWN = 0xffff_2bffn;

/** DR4 and DR5 are DR6 and DR7, unless CR4.DE says that they are undefined. */
function debugIndex(cpu: Processor, register: number): number {
  if (register !== 4 && register !== 5) return register;
  if ((cpu.registers.control('cr4') & CR4_DE) !== 0) throw new GuestFault(UD);
  return register + 2;
}

function setDebugRegister(cpu: Processor, index: number, value: bigint): void {
  if (index >= 6 && value >> 32n !== 0n) throw new GuestFault(GP);
  cpu.registers.setDebug(index, index === 6 ? (value & 0x1_e00fn) | DR6_ONES : index === 7 ? (value & DR7_KNOWN) | DR7_ONES : value);
}

/** MOV to control and debug registers, and from those that micro-ops do not read: CR8, and debug registers by other names. */
export const moveControl: Routine = (cpu, { decoded, operandSize }) => {
  requireSupervisor(cpu);
  const [destination, source] = decoded.operands;
  const special = destination?.kind === 'register' ? source! : destination!;
  const general = registerOf(destination?.kind === 'register' ? destination : source).reg;
  const reads = destination?.kind === 'register';
  const given = reads ? 0n : BigInt.asUintN(8 * operandSize, cpu.registers.gpr(general));
  if (special.kind === 'control') {
    if (reads) cpu.registers.setGprWidth(general, BigInt(cpu.apic.tpr >> 4), operandSize);
    else moveToControl(cpu, special.reg, given);
  } else if (special.kind === 'debug') {
    const index = debugIndex(cpu, special.reg);
    if (cpu.breakpoints.detects()) throw new GuestFault(DB);
    if (reads) cpu.registers.setGprWidth(general, cpu.registers.debug(index), operandSize);
    else setDebugRegister(cpu, index, given);
  }
};

const lmsw: Routine = (cpu, operation) => {
  requireSupervisor(cpu);
  const value = Number(readOperand(cpu, operation, operation.decoded.operands[0]!, 2));
  const low = CR0_MP | CR0_EM | CR0_TS;
  // It sets PE, but cannot clear it.
  cpu.registers.setControl('cr0', (cpu.registers.control('cr0') & ~low) | (value & (low | CR0_PE)));
  cpu.chooseMode();
};

const smsw: Routine = (cpu, operation) => {
  checkUmip(cpu);
  writeOperand(cpu, operation, operation.decoded.operands[0]!, BigInt(cpu.registers.control('cr0')), 2);
};

const clts: Routine = (cpu) => {
  requireSupervisor(cpu);
  cpu.registers.setControl('cr0', cpu.registers.control('cr0') & ~CR0_TS);
};

const invlpg: Routine = (cpu, operation) => {
  requireSupervisor(cpu);
  const address = operation.address();
  if (!notCanonical(address)) cpu.memory.tlb.flushPage(lowOf(address), highOf(address));
};

const sti: Routine = (cpu) => {
  const { registers } = cpu;
  if (registers.cpl > (registers.system & IOPL) >> 12) throw new GuestFault(GP);
  if ((registers.system & IF) === 0) cpu.shadow = true;
  registers.system |= IF;
};

const hlt: Routine = (cpu) => {
  requireSupervisor(cpu);
  if (cpu.nonRoot !== undefined) return new VmExit('HLT');
  cpu.halted = true;
  cpu.trace('cpu_halt');
};

/** RDFSBASE, RDGSBASE, WRFSBASE and WRGSBASE. */
const segmentBase = (segment: number, write: boolean): Routine => (cpu, { decoded, operandSize }: Operation) => {
  if ((cpu.registers.control('cr4') & CR4_FSGSBASE) === 0) throw new GuestFault(UD);
  const { reg } = registerOf(decoded.operands[0]);
  if (!write) return cpu.registers.setGprWidth(reg, cpu.registers.segmentBase(segment), operandSize);
  const value = BigInt.asUintN(8 * operandSize, cpu.registers.gpr(reg));
  if (notCanonical(value)) throw new GuestFault(GP);
  cpu.registers.setSegmentBase(segment, value);
};

/** INVD and WBINVD: memory is always up to date; what is counted of caches is another matter. */
const flushCaches: Routine = (cpu) => {
  requireSupervisor(cpu);
  cpu.observation.flushAll();
};

/** CLFLUSH reads the line, as far as protection is concerned. */
const clflush: Routine = (cpu, operation) => {
  const physical = cpu.memory.physical(operation.address(), READ, blame(operation));
  cpu.observation.flush(cpu.memory.inMachine(physical));
};

export const CONTROL: Readonly<Record<string, Routine>> = {
  LMSW: lmsw, SMSW: smsw, CLTS: clts, INVLPG: invlpg, STI: sti, HLT: hlt,
  RDFSBASE: segmentBase(FS, false), RDGSBASE: segmentBase(GS, false), WRFSBASE: segmentBase(FS, true), WRGSBASE: segmentBase(GS, true),
  INVD: flushCaches, WBINVD: flushCaches, CLFLUSH: clflush,
};
