/**
 * Which registers a virtual PMU has, and what they take: by KVM's rules, which differ from the manual's and have changed.
 * A strategy that offers what the silicon has follows the manual instead; so does AMD's, where nothing is #GP.
 */
import { joinWords } from '../../base/u64.ts';
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import { MSRS } from '../../x86/msr.ts';
import { DEBUGCTL, EVTSEL, FIXED_CTRL, signExtended } from '../../x86/perfmon.ts';
import type { Generation } from '../generation.ts';

/** P6's two counters and selectors: where the vPMU has none, KVM reads 0 and drops what is written. */
const P6: ReadonlySet<number> = new Set([MSRS.IA32_PMC0, MSRS.IA32_PMC0 + 1, MSRS.IA32_PERFEVTSEL0, MSRS.IA32_PERFEVTSEL0 + 1]);
/** OS, USR and PMI of three fixed counters. */
const THREE_FIXED = (FIXED_CTRL.OS | FIXED_CTRL.USR | FIXED_CTRL.PMI) * 0x111;

export class MsrRules {
  private readonly regs: CounterRegisters;
  private readonly generation: Generation;
  /** KVM's rules, not the silicon's. */
  readonly ofKvm: boolean;

  constructor(regs: CounterRegisters, generation: Generation, ofKvm: boolean) {
    this.regs = regs;
    this.generation = generation;
    this.ofKvm = ofKvm;
  }

  /** Not there, and yet no fault. */
  isDropped(msr: number): boolean {
    return this.ofKvm && P6.has(msr) && this.regs.counterAt(msr) === -1 && this.regs.selectorAt(msr) === -1;
  }

  /** IA32_PERF_CAPABILITIES and the second window of the counters: not in 2018. */
  get hasCapabilities(): boolean {
    return !this.ofKvm || this.generation.fullWidthWrites;
  }

  /** Whether WRMSR takes the value, of a register that exists. `fullWidth`: the guest has the second window. */
  accepts(msr: number, low: number, high: number, fullWidth: boolean): boolean {
    const { regs, generation } = this;
    if (!fullWidth && msr >= MSRS.IA32_A_PMC0 && msr < MSRS.IA32_A_PMC0 + regs.caps.generalCounters) return false;
    if (!this.ofKvm) return regs.accepts(msr, low, high);
    // Any value is taken for a fixed counter, and cut.
    if (regs.counterAt(msr) >= regs.caps.generalCounters) return true;
    if (msr === MSRS.IA32_DEBUGCTL) return high === 0 && (low & ~(DEBUGCTL.LBR | DEBUGCTL.BTF)) === 0;
    if (msr === MSRS.IA32_FIXED_CTR_CTRL && generation.threeFixed) {
      return regs.caps.version >= 2 && high === 0 && (low & ~THREE_FIXED) === 0;
    }
    if (regs.selectorAt(msr) !== -1 && generation.txcpAnywhere) return (low & EVTSEL.ANY) === 0 && (high & ~this.tsxBits) === 0;
    return regs.accepts(msr, low, high);
  }

  private get tsxBits(): number {
    return this.regs.caps.tsx ? EVTSEL.IN_TX_HIGH | EVTSEL.IN_TXCP_HIGH : 0;
  }

  /**
   * What counter k holds after such a write. Only a guest's write is sign-extended: the low window's, in 2018 also a fixed
   * counter's. Who restores a guest writes all bits.
   */
  valueWritten(msr: number, k: number, low: number, high: number, byHost: boolean): number {
    const { regs, generation } = this;
    const width = regs.widthOf(k);
    const fixed = k >= regs.caps.generalCounters;
    const narrow = fixed ? this.ofKvm && generation.signExtendsFixed : msr < MSRS.IA32_A_PMC0;
    if (narrow && !byHost) return signExtended(low, width);
    return joinWords(low, high & (2 ** Math.max(0, width - 32) - 1)) % 2 ** width;
  }

  /** RDPMC: the counter of this index, or -1 for #GP; and whether only 32 bits of it are wanted. */
  rdpmcIndex(ecx: number): number {
    return this.regs.rdpmcIndex(this.isFast(ecx) ? ecx & 0x7fff_ffff : ecx);
  }

  isFast(ecx: number): boolean {
    return this.ofKvm && this.generation.rdpmcIgnoresFast && (ecx & 0x8000_0000) !== 0;
  }
}
