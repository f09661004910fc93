/** Faults of instructions on XMM registers: what they ask for before they do anything, and what MXCSR does not mask. */
import { GP, MF, NM, UD, XM } from '../../x86/fault.ts';
import { CR0_EM, CR0_NE, CR0_TS, CR4_OSFXSR, CR4_OSXMMEXCPT } from '../../x86/paging.ts';
import { Environment } from '../../x86/simd/format.ts';
import { ES_SUMMARY } from '../../x86/x87/words.ts';
import { GuestFault } from './guest-fault.ts';
import { CPU } from './layout.ts';

/** SDM: "Checking for Intel SSE and SSE2 Support", and the exceptions listed with each instruction. */
export function checkSimd(cr0: number, cr4: number): void {
  if ((cr0 & CR0_EM) !== 0 || (cr4 & CR4_OSFXSR) === 0) throw new GuestFault(UD);
  if ((cr0 & CR0_TS) !== 0) throw new GuestFault(NM);
}

/** SDM: "Effect of Control Bits on MMX Instructions"; and an exception of the x87 FPU that waits is raised now. */
export function checkMmx(cr0: number, x87Status: number): void {
  if ((cr0 & CR0_EM) !== 0) throw new GuestFault(UD);
  if ((cr0 & CR0_TS) !== 0) throw new GuestFault(NM);
  if ((x87Status & ES_SUMMARY) !== 0 && (cr0 & CR0_NE) !== 0) throw new GuestFault(MF);
}

/** An operand of 16 bytes that is not where it must be is #GP(0), whatever segment it is in. */
export function checkPlace(address: bigint, alignment: number): void {
  if ((address & BigInt(alignment - 1)) !== 0n) throw new GuestFault(GP);
}

/** Computes under MXCSR, and adds to its flags; an exception that is not masked is #XM, or #UD where software knows none. */
export function underMxcsr(view: DataView, cpu: number, compute: (env: Environment) => bigint): bigint {
  const mxcsr = view.getUint32(cpu + CPU.mxcsr, true);
  const env = new Environment(mxcsr);
  const result = compute(env);
  view.setUint32(cpu + CPU.mxcsr, mxcsr | env.raised, true);
  if (env.faults) throw new GuestFault((view.getUint32(cpu + CPU.cr4, true) & CR4_OSXMMEXCPT) === 0 ? UD : XM);
  return result;
}
