/**
 * A virtual processor's PMU: its registers as the guest sees them, by KVM's rules, in front of one of the strategies.
 *
 *     guest RDMSR, WRMSR, RDPMC --> exit --> Vpmu: does it exist, is it legal, what does it hold
 *                                              |
 *                                              '--> Strategy: what must the host do about it
 *     host NMI --> perf core --> Vpmu.overflow --> Strategy
 *
 * All that strategies have in common is here, and nothing that one of them does. The registers and their architectural rules
 * are those of the silicon (x86/perfmon.ts); what KVM does otherwise is said in this file, by generation.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import { highWord, joinWords, lowWord } from '../../base/u64.ts';
import type { Lapic } from '../../hw/lapic/lapic.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, common, NO_COUNTERS, union, without } from '../../x86/counter-set.ts';
import { EVENT } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { allCounters, type MsrValue, newMsrValue, type PerfmonCaps, PerfmonRegs, signExtended } from '../../x86/perfmon.ts';
import type { Generation } from '../generation.ts';
import type { PerfCore, Refusal } from '../perf/perf.ts';
import type { HostCpu } from '../processor.ts';
import { allowsFixed, allowsGeneral, type EventFilter } from './filter.ts';

/** What a virtual PMU may ask of its virtual processor. Nothing else of it is in sight. */
export interface VcpuPort {
  readonly id: number;
  /** The host task that it is. */
  readonly task: number;
  readonly lapic: Lapic;
  /** The CPU on which it runs, or ran last. */
  cpu(): HostCpu;
  cpl(): number;
  /** KVM_REQ_PMU, KVM_REQ_PMI: handled before the next VM entry. */
  request(what: 'pmu' | 'pmi'): void;
  /** The NMI that is being handled has interrupted this guest, not the host. */
  interruptedGuest(): boolean;
  /** irq_work: runs when the host's interrupts are on again. */
  later(what: 'pmi'): void;
}

/**
 * A way to realise a virtual PMU. One object per virtual processor, with all state of its own. Every difference between
 * strategies is behind this interface; no other code asks which one it is. The order is the same in every file.
 */
export interface Strategy extends Stateful {
  /** The virtual machine is made: why not, or undefined. */
  open(): Refusal | undefined;
  /** The architecture version, counters and features that it can offer, of what the host has. */
  offer(host: PerfmonCaps): PerfmonCaps;
  /** Which accesses do not exit. Called whenever a guest is loaded. */
  intercept(vmcs: Vmcs): void;
  /** Enables of these counters have changed: IA32_PERF_GLOBAL_CTRL, or the counter's own register. */
  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void;
  /** The guest has written a counter: the value that it now has, and EDX:EAX as they were. */
  counterWritten(k: number, value: number, low: number, high: number): void;
  /** What the guest reads. */
  visible(k: number): number;
  /** What IA32_PERF_GLOBAL_STATUS must show before the guest looks at it. */
  statusRead(): void;
  /** The host event of a counter has overflowed. In the NMI. */
  overflow(k: number): void;
  /** KVM has handed a PMI to the guest's local APIC. */
  pmiDelivered(): void;
  /** KVM_REQ_PMU. */
  handleEvent(): void;
  /** KVM completes an instruction for the guest; `before` its effect on the PMU, or after. It counts as these events. */
  retired(event: number, before: boolean): void;
  /** Around the loop of VM entries; interrupts are off. */
  load(vmcs: Vmcs): void;
  put(vmcs: Vmcs): void;
  /** Before a VM entry, and after its exit; interrupts are off. */
  enter(vmcs: Vmcs): void;
  exit(vmcs: Vmcs): void;
  /** The virtual processor's task gets a CPU, or leaves it. */
  schedIn(): void;
  schedOut(): void;
  /** Another event filter is in force, or the registers were reset. */
  refresh(): void;
}

/** What a strategy is made with. */
export interface StrategyParts {
  readonly vpmu: Vpmu;
  readonly perf: PerfCore;
  readonly port: VcpuPort;
  readonly generation: Generation;
  /** The place of this virtual PMU among the owners of perf events. */
  readonly owner: number;
}
export type NewStrategy = (parts: StrategyParts) => Strategy;

/** RDMSR of P6's two counters and selectors, where the vPMU has none: KVM reads 0 and drops writes. */
const LEGACY: ReadonlySet<number> = new Set([MSRS.IA32_PMC0, MSRS.IA32_PMC0 + 1, MSRS.IA32_PERFEVTSEL0, MSRS.IA32_PERFEVTSEL0 + 1]);

/** Events of which KVM counts those that it completes itself. */
export const EMULATED_EVENTS = { instruction: EVENT['instructions retired'], branch: EVENT['branch instructions retired'] } as const;

export class Vpmu implements Stateful {
  readonly regs: PerfmonRegs;
  readonly caps: PerfmonCaps;
  readonly generation: Generation;
  readonly strategy: Strategy;
  readonly port: VcpuPort;
  filter: EventFilter | undefined;
  /** What the guest last wrote to IA32_PERF_GLOBAL_OVF_CTRL. */
  private readonly ovfCtrl = new Uint32Array(2);
  private readonly value = newMsrValue();

  constructor(host: PerfmonCaps, make: NewStrategy, perf: PerfCore, port: VcpuPort, generation: Generation) {
    this.port = port;
    this.generation = generation;
    const owner = perf.addOwner({ overflow: (event) => this.strategy.overflow(event.tag) });
    this.strategy = make({ vpmu: this, perf, port, generation, owner });
    this.caps = this.strategy.offer(host);
    this.regs = new PerfmonRegs(this.caps);
    this.regs.globalCtrl = generation.globalCtrlWithFixed ? allCounters(this.caps) : this.regs.globalCtrl;
  }

  serialize(s: Serializer): void {
    s.part('regs', this.regs);
    s.words('ovfCtrl', this.ovfCtrl);
    s.part('strategy', this.strategy);
  }

  get counters(): number {
    return this.regs.counters.length;
  }

  /** Enabled by its own register and by the global one, and allowed. */
  enabled(k: number): boolean {
    return this.regs.locallyEnabled(k) && this.regs.globallyEnabled(k) && this.allowed(k);
  }

  allowed(k: number): boolean {
    const { generalCounters } = this.caps;
    return k < generalCounters ? allowsGeneral(this.filter, this.regs.selectors[k]!) : allowsFixed(this.filter, k - generalCounters);
  }

  setFilter(filter: EventFilter | undefined): void {
    this.filter = filter;
    this.strategy.refresh();
  }

  setStatus(k: number): void {
    this.regs.globalStatus = union(this.regs.globalStatus, this.regs.bitOf(k));
  }

  // Accesses of the guest. False is #GP.

  owns(msr: number): boolean {
    return PerfmonRegs.owns(msr);
  }

  getMsr(msr: number, out: MsrValue): boolean {
    if (msr === MSRS.IA32_DEBUGCTL) return this.regs.read(msr, out);
    const k = this.counterOf(msr);
    if (k !== -1) return this.readCounter(k, out);
    if (this.isMissingLegacy(msr)) return zero(out);
    if (!this.exists(msr)) return false;
    if (msr === MSRS.IA32_PERF_GLOBAL_STATUS) this.strategy.statusRead();
    if (msr === MSRS.IA32_PERF_GLOBAL_STATUS_RESET && this.generation.ovfCtrlReadsBack) {
      out.low = this.ovfCtrl[0]!;
      out.high = this.ovfCtrl[1]!;
      return true;
    }
    return this.regs.read(msr, out);
  }

  setMsr(msr: number, low: number, high: number): boolean {
    if (this.isMissingLegacy(msr)) return true;
    if (msr === MSRS.IA32_DEBUGCTL) return this.setDebugCtl(low, high);
    const k = this.counterOf(msr);
    const fixed = k >= this.caps.generalCounters;
    // KVM: any value is taken for a fixed counter, and cut.
    if (!this.exists(msr) || !(fixed || this.regs.accepts(msr, low, high))) return false;
    this.strategy.retired(EMULATED_EVENTS.instruction, true);
    if (k !== -1) this.strategy.counterWritten(k, this.valueWritten(msr, k, low, high), low, high);
    else this.setControl(msr, low, high);
    return true;
  }

  /** RDPMC, without its privilege check. */
  rdpmc(ecx: number, out: MsrValue): boolean {
    const fast = this.generation.rdpmcIgnoresFast && (ecx & 0x8000_0000) !== 0;
    const k = this.regs.rdpmcIndex(fast ? ecx & 0x7fff_ffff : ecx);
    if (k === -1 || !this.readCounter(k, out)) return false;
    if (fast) out.high = 0;
    return true;
  }

  private readCounter(k: number, out: MsrValue): boolean {
    const value = this.strategy.visible(k);
    assert(value >= 0 && value < this.regs.modulusOf(k), `counter ${k} shows ${value}`);
    out.low = lowWord(value);
    out.high = highWord(value);
    return true;
  }

  /** The counter that the MSR is, or -1. */
  private counterOf(msr: number): number {
    const { generalCounters, fixedCounters, fullWidthWrites, version } = this.caps;
    const at = (first: number, count: number): number => (msr >= first && msr < first + count ? msr - first : -1);
    const low = at(MSRS.IA32_PMC0, generalCounters);
    if (low !== -1) return low;
    const wide = fullWidthWrites ? at(MSRS.IA32_A_PMC0, generalCounters) : -1;
    if (wide !== -1) return wide;
    const fixed = version >= 2 ? at(MSRS.IA32_FIXED_CTR0, fixedCounters) : -1;
    return fixed === -1 ? -1 : generalCounters + fixed;
  }

  private valueWritten(msr: number, k: number, low: number, high: number): number {
    const width = this.regs.widthOf(k);
    const general = k < this.caps.generalCounters;
    const wide = general ? msr >= MSRS.IA32_A_PMC0 : !this.generation.signExtendsFixed;
    return wide ? joinWords(low, high & (2 ** Math.max(0, width - 32) - 1)) % 2 ** width : signExtended(low, width);
  }

  private setControl(msr: number, low: number, high: number): void {
    const { regs } = this;
    const global = regs.globalCtrl, fixed = regs.fixedCtrCtrl;
    const selector = msr - MSRS.IA32_PERFEVTSEL0;
    const isSelector = selector >= 0 && selector < this.caps.generalCounters;
    const same = isSelector && regs.read(msr, this.value) && this.value.low === low >>> 0 && this.value.high === high >>> 0;
    regs.write(msr, low, high);
    if (msr === MSRS.IA32_PERF_GLOBAL_STATUS_RESET) {
      this.ovfCtrl[0] = low;
      this.ovfCtrl[1] = high;
    } else if (isSelector && !same) this.strategy.enablesChanged(regs.bitOf(selector), 'local');
    else if (msr === MSRS.IA32_FIXED_CTR_CTRL && fixed !== regs.fixedCtrCtrl) {
      this.strategy.enablesChanged(this.changedFixed(fixed), 'local');
    } else if (msr === MSRS.IA32_PERF_GLOBAL_CTRL && global !== regs.globalCtrl) {
      this.strategy.enablesChanged(symmetric(global, regs.globalCtrl), 'global');
    }
  }

  private changedFixed(before: number): CounterSet {
    const difference = before ^ this.regs.fixedCtrCtrl;
    let changed: CounterSet = NO_COUNTERS;
    for (let j = 0; j < this.caps.fixedCounters; j += 1) {
      if (((difference >>> (4 * j)) & 0xf) !== 0) changed = union(changed, this.regs.bitOf(this.caps.generalCounters + j));
    }
    return changed;
  }

  /** KVM: LBR and BTF are accepted and do nothing; every other bit is #GP, unless the strategy offers to freeze. */
  private setDebugCtl(low: number, high: number): boolean {
    if (high !== 0) return false;
    if (!this.regs.accepts(MSRS.IA32_DEBUGCTL, low, high)) return false;
    if (this.caps.version <= 2 && (low & ~3) !== 0) return false;
    this.regs.write(MSRS.IA32_DEBUGCTL, this.caps.version <= 2 ? 0 : low, 0);
    return true;
  }

  private exists(msr: number): boolean {
    if (msr === MSRS.IA32_PERF_CAPABILITIES) return this.generation.fullWidthWrites;
    return this.counterOf(msr) !== -1 || this.regs.read(msr, this.value);
  }

  private isMissingLegacy(msr: number): boolean {
    return LEGACY.has(msr) && this.counterOf(msr) === -1 && !this.regs.read(msr, this.value);
  }
}

function zero(out: MsrValue): true {
  out.low = 0;
  out.high = 0;
  return true;
}

const symmetric = (a: CounterSet, b: CounterSet): CounterSet => union(without(a, b), without(b, a));

/** What KVM's emulation offers: version 2 at most, and no AnyThread. */
export const emulatedCaps = (host: PerfmonCaps, generation: Generation): PerfmonCaps => ({
  ...host, version: Math.min(host.version, 2), fixedCounters: Math.min(host.fixedCounters, 3), anyThreadDeprecated: true,
  fullWidthWrites: host.fullWidthWrites && generation.fullWidthWrites,
});

/** The counters of a set, by index. */
export function* each(set: CounterSet, { regs }: Vpmu): Generator<number> {
  for (let k = 0; k < regs.counters.length; k += 1) if (common(set, regs.bitOf(k)) !== NO_COUNTERS) yield k;
}
