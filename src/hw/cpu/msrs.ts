/**
 * RDMSR and WRMSR: which registers exist, and what they take. The performance-monitoring unit and the local APIC answer
 * for theirs. SDM: "Model-Specific Registers (MSRs)".
 */
import { bigFromWords } from '../../base/u64.ts';
import { MISC_ENABLE, MSRS, X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { CR0_PG, EFER_LMA, EFER_LME, EFER_NXE, EFER_SCE } from '../../x86/paging.ts';
import type { MsrValue } from '../../x86/perfmon.ts';
import { FS, GS } from '../../x86/registers.ts';
import { notCanonical } from './exceptions.ts';
import type { Processor } from './processor.ts';
import { STORED_MSRS } from './registers.ts';

/** Reads into `out`. False is #GP. */
export function readMsr(cpu: Processor, msr: number, out: MsrValue): boolean {
  if (cpu.pmu.owns(msr)) return cpu.pmu.rdmsr(msr, out);
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) {
    const value = cpu.lapic.readMsr(msr);
    if (value !== undefined) Object.assign(out, value);
    return value !== undefined;
  }
  const value = otherMsr(cpu, msr);
  if (value === undefined) return false;
  out.low = Number(BigInt.asUintN(32, value));
  out.high = Number(value >> 32n);
  return true;
}

function otherMsr(cpu: Processor, msr: number): bigint | undefined {
  const { registers } = cpu;
  const stored = STORED_MSRS.indexOf(msr as never);
  if (stored !== -1) return registers.storedMsr(stored) | shown(cpu, msr);
  switch (msr) {
    case MSRS.IA32_TIME_STAMP_COUNTER: return BigInt.asUintN(64, BigInt(cpu.ticks()) + cpu.tscAdjust);
    case MSRS.IA32_TSC_ADJUST: return cpu.tscAdjust;
    case MSRS.IA32_APIC_BASE: return BigInt(cpu.lapic.apicBase);
    case MSRS.IA32_TSC_DEADLINE: return cpu.apic.readDeadline(cpu.tscAdjust);
    case MSRS.IA32_EFER: return BigInt(registers.control('efer'));
    case MSRS.IA32_FS_BASE: return registers.segmentBase(FS);
    case MSRS.IA32_GS_BASE: return registers.segmentBase(GS);
    // Locked, with VMX outside SMX off: what firmware leaves behind on a machine without VMX.
    case MSRS.IA32_FEATURE_CONTROL: return 1n;
    // No machine-check banks, no variable or fixed memory-type ranges.
    case MSRS.IA32_MCG_CAP: case MSRS.IA32_MCG_STATUS: case MSRS.IA32_MTRRCAP: return 0n;
    default: return cpu.constantMsrs.get(msr);
  }
}

/**
 * Writes. False is #GP, and nothing has changed. The instruction itself was counted by now: what it enables counts from
 * the next one on.
 */
export function writeMsr(cpu: Processor, msr: number, low: number, high: number): boolean {
  if (cpu.pmu.owns(msr)) {
    if (!cpu.pmu.accepts(msr, low, high)) return false;
    cpu.pmu.wrmsr(msr, low, high, () => cpu.fold());
    return true;
  }
  if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) return cpu.lapic.writeMsr(msr, low, high);
  return setOtherMsr(cpu, msr, bigFromWords(low, high));
}

/** Bits that only show something: of IA32_MISC_ENABLE, that there are counters, and neither branch trace store nor PEBS. */
function shown(cpu: Processor, msr: number): bigint {
  if (msr !== MSRS.IA32_MISC_ENABLE) return 0n;
  const { PERFORMANCE_MONITORING, BTS_UNAVAILABLE, PEBS_UNAVAILABLE } = MISC_ENABLE;
  return BigInt(BTS_UNAVAILABLE | PEBS_UNAVAILABLE | (cpu.pmu.caps.version > 0 ? PERFORMANCE_MONITORING : 0));
}

function setOtherMsr(cpu: Processor, msr: number, value: bigint): boolean {
  const { registers } = cpu;
  const stored = STORED_MSRS.indexOf(msr as never);
  if (stored !== -1) {
    if (!STORABLE.get(msr)!(value)) return false;
    registers.setStoredMsr(stored, value & ~shown(cpu, msr));
    return true;
  }
  switch (msr) {
    case MSRS.IA32_TIME_STAMP_COUNTER:
      return setTscAdjust(cpu, BigInt.asUintN(64, value - BigInt(cpu.ticks())));
    case MSRS.IA32_TSC_ADJUST: return setTscAdjust(cpu, value);
    case MSRS.IA32_APIC_BASE: return value < 2n ** 32n && cpu.lapic.setApicBase(Number(value));
    case MSRS.IA32_TSC_DEADLINE:
      cpu.apic.writeDeadline(value, cpu.tscAdjust);
      return true;
    case MSRS.IA32_EFER: return setEfer(cpu, value);
    case MSRS.IA32_FS_BASE: case MSRS.IA32_GS_BASE:
      if (notCanonical(value)) return false;
      registers.setSegmentBase(msr === MSRS.IA32_FS_BASE ? FS : GS, value);
      return true;
    default: return cpu.constantMsrs.has(msr);
  }
}

/**
 * The local APIC counts time from power-on; what software sees is as much later as it has set the counter ahead.
 * SDM, "TSC-Deadline Mode": the deadline is a value of the time-stamp counter, and stays that value when the counter is set.
 */
function setTscAdjust(cpu: Processor, value: bigint): true {
  const deadline = cpu.apic.readDeadline(cpu.tscAdjust);
  cpu.tscAdjust = value;
  if (deadline !== 0n) cpu.apic.writeDeadline(deadline, value);
  return true;
}

function setEfer(cpu: Processor, value: bigint): boolean {
  const { registers } = cpu;
  const known = BigInt(EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE);
  const old = registers.control('efer');
  if ((value & ~known) !== 0n) return false;
  // IA-32e mode is switched on and off by CR0.PG; LMA only shows it.
  const wanted = (Number(value) & ~EFER_LMA) | (old & EFER_LMA);
  if (((wanted ^ old) & EFER_LME) !== 0 && (registers.control('cr0') & CR0_PG) !== 0) return false;
  registers.setControl('efer', wanted);
  if (((wanted ^ old) & EFER_NXE) !== 0) cpu.memory.tlb.flush(true);
  return true;
}

type Check = (value: bigint) => boolean;
const any: Check = () => true;
const canonical: Check = (value) => !notCanonical(value);
const narrow: Check = (value) => value < 2n ** 32n;
/** Eight memory types, of which 2 and 3 do not exist. */
const memoryTypes: Check = (value) => {
  for (let at = 0n; at < 64n; at += 8n) {
    const type = (value >> at) & 0xffn;
    if (type > 7n || type === 2n || type === 3n) return false;
  }
  return true;
};

/** What the registers of STORED_MSRS take. */
const STORABLE: ReadonlyMap<number, Check> = new Map<number, Check>([
  [MSRS.IA32_STAR, any], [MSRS.IA32_LSTAR, canonical], [MSRS.IA32_CSTAR, canonical], [MSRS.IA32_FMASK, narrow],
  [MSRS.IA32_KERNEL_GS_BASE, canonical], [MSRS.IA32_TSC_AUX, narrow], [MSRS.IA32_SYSENTER_CS, any], [MSRS.IA32_SYSENTER_ESP, canonical],
  [MSRS.IA32_SYSENTER_EIP, canonical], [MSRS.IA32_PAT, memoryTypes], [MSRS.IA32_MISC_ENABLE, any],
  [MSRS.IA32_MTRR_DEF_TYPE, (value) => (value & ~0xcffn) === 0n],
]);
