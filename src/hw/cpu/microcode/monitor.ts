/** What a processor tells about itself: model-specific registers, counters and CPUID. */
import { type CpuidResult, ECX1, EDX1 } from '../../../x86/cpuid.ts';
import { GP } from '../../../x86/fault.ts';
import { CF } from '../../../x86/flags.ts';
import { CR4_OSXSAVE, CR4_PCE } from '../../../x86/paging.ts';
import { newMsrValue } from '../../../x86/perfmon.ts';
import { RAX, RBX, RCX, RDX } from '../../../x86/registers.ts';
import { VmExit } from '../../vmx/vmx.ts';
import { GuestFault } from '../guest-fault.ts';
import { readMsr, writeMsr } from '../msrs.ts';
import type { Processor, Routine } from '../processor.ts';
import { expectCounter } from '../ready.ts';
import type { Registers } from '../registers.ts';
import { registerOf, requireSupervisor } from './operand.ts';

const out = newMsrValue();

/** EDX:EAX, with the upper halves of both registers clear. */
function setPair(cpu: Processor, low: number, high: number): void {
  cpu.registers.setLow(RAX, low);
  cpu.registers.setLow(RDX, high);
}

const rdmsr: Routine = (cpu) => {
  requireSupervisor(cpu);
  const msr = cpu.registers.low(RCX);
  if (cpu.nonRoot?.vmcs.exitsOnRead(msr)) return new VmExit('MSR_READ', msr);
  cpu.fold();
  if (!readMsr(cpu, msr, out)) throw new GuestFault(GP);
  setPair(cpu, out.low, out.high);
  cpu.trace('read_msr', msr, out.low, out.high);
};

const wrmsr: Routine = (cpu) => {
  requireSupervisor(cpu);
  const { registers } = cpu;
  const msr = registers.low(RCX), low = registers.low(RAX), high = registers.low(RDX);
  if (cpu.nonRoot?.vmcs.exitsOnWrite(msr)) return new VmExit('MSR_WRITE', msr, low, high);
  if (!writeMsr(cpu, msr, low, high)) throw new GuestFault(GP);
  cpu.trace('write_msr', msr, low, high);
};

const rdpmc: Routine = (cpu) => {
  const { registers } = cpu;
  if (registers.cpl !== 0 && (registers.control('cr4') & CR4_PCE) === 0) throw new GuestFault(GP);
  const counter = registers.low(RCX);
  if (cpu.nonRoot?.vmcs.rdpmcExiting) return new VmExit('RDPMC', counter);
  cpu.fold();
  if (!cpu.pmu.rdpmc(counter, out)) throw new GuestFault(GP);
  setPair(cpu, out.low, out.high);
  expectCounter(cpu.memory, counter);
  cpu.trace('rdpmc', counter, out.low, out.high);
};

const cpuid: Routine = (cpu) => {
  if (cpu.nonRoot !== undefined) return new VmExit('CPUID');
  const { registers } = cpu;
  const leaf = registers.low(RAX);
  const result = cpu.cpuid(leaf, registers.low(RCX));
  // SDM, "Local APIC Status and Location": an APIC that is switched off is said not to exist.
  const edx = leaf === 1 && !cpu.lapic.enabled ? result.edx & ~EDX1.APIC : result.edx;
  setCpuid(registers, leaf, { ...result, edx });
};

/** The answer of a leaf. Leaf 1 says whether XSAVE is enabled. */
export function setCpuid(registers: Registers, leaf: number, { eax, ebx, ecx, edx }: CpuidResult): void {
  const enabled = leaf === 1 && (registers.control('cr4') & CR4_OSXSAVE) !== 0 ? ECX1.OSXSAVE : 0;
  registers.setLow(RAX, eax);
  registers.setLow(RBX, ebx);
  registers.setLow(RCX, ecx | enabled);
  registers.setLow(RDX, edx);
}

/**
 * RDRAND and RDSEED: there is always a number, and which one follows from those before it, so that two runs are the same.
 * SDM: "RDRAND - Read Random Number".
 */
const random: Routine = ({ registers }, { decoded: { operands: [destination] } }) => {
  const { reg, width } = registerOf(destination);
  registers.random = BigInt.asUintN(64, registers.random + GOLDEN_GAMMA);
  registers.setGprWidth(reg, BigInt.asUintN(8 * width, mixed(registers.random)), width);
  registers.status = CF;
};

/** SplitMix64. Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators". */
const GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15n;

function mixed(state: bigint): bigint {
  const first = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  const second = BigInt.asUintN(64, (first ^ (first >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return second ^ (second >> 31n);
}

/** These read counters and the clock as they are before the instruction itself has retired. */
export const BEFORE_RETIREMENT: ReadonlySet<string> = new Set(['RDMSR', 'RDPMC']);

export const MONITOR: Readonly<Record<string, Routine>> = {
  RDMSR: rdmsr, WRMSR: wrmsr, RDPMC: rdpmc, CPUID: cpuid, RDRAND: random, RDSEED: random,
};
