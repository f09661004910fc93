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
import { highWord, lowWord } from '../../base/u64.ts';
import type { Lapic } from '../../hw/lapic/lapic.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import type { CounterRegisters } from '../../x86/counter-registers.ts';
import { type CounterSet, counterSet, NO_COUNTERS, setHigh, setLow, union, without } from '../../x86/counter-set.ts';
import { EVENT, EVENTS, type EventCounts, MAX_GENERAL } from '../../x86/event.ts';
import { MSRS } from '../../x86/msr.ts';
import { allCounters, covers, type MsrValue, newMsrValue, PERF_CAP_FW_WRITE, type PerfmonCaps } from '../../x86/perfmon.ts';
import { GENERATIONS, type Generation } from '../generation.ts';
import type { PerfCore, PmuVendor, Refusal } from '../perf/perf.ts';
import type { HostCpu } from '../processor.ts';
import { allowsFixed, allowsGeneral, type EventFilter, type FilterError, serializeFilter } from './filter.ts';
import { MsrRules } from './rules.ts';

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

/** Why a virtual machine is not made: the error, and in words what the host lacks. */
export interface Refused { readonly error: Refusal | FilterError; readonly why: string }

/**
 * A way to realise a virtual PMU. One object per virtual processor, with all state of its own. Every difference between
 * strategies is behind this interface; no other code asks which one it is. The order is the same in every file.
 */
export interface Strategy extends Stateful {
  /** What its registers take: what KVM lets pass, or what the silicon does. */
  readonly rules: 'KVM' | 'SDM';
  /** The virtual machine is made: why not, or undefined. */
  open(): Refused | undefined;
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
  /**
   * KVM completes an instruction for the guest, which has done these events, time apart. A write of a register of the PMU
   * is told of twice, first `before` its effect. The array is the caller's.
   */
  retired(events: EventCounts, before: boolean): void;
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

/** What an instruction that KVM completes has done, unless it is emulated: retired. */
export const ONE_INSTRUCTION: EventCounts = Float64Array.from(EVENTS, (_, event) => (event === EVENT['instructions retired'] ? 1 : 0));

export class Vpmu implements Stateful {
  readonly regs: CounterRegisters;
  readonly caps: PerfmonCaps;
  readonly generation: Generation;
  readonly strategy: Strategy;
  readonly port: VcpuPort;
  private readonly rules: MsrRules;
  private readonly vendor: PmuVendor;
  private filter: EventFilter | undefined;
  /** IA32_PERF_CAPABILITIES.FW_WRITE as the guest sees it: who makes the virtual machine may take it away. */
  private fullWidth: boolean;
  /** The guest has begun: what it was offered cannot change any more. */
  hasRun = false;
  /** What the guest last wrote to IA32_PERF_GLOBAL_OVF_CTRL. */
  private readonly ovfCtrl = new Uint32Array(2);
  /** The guest gets what it knows. */
  readonly asKnown: boolean;

  /** `known`: what the guest was told that it has, where it has run before; else it is all that is offered. */
  constructor(host: PerfmonCaps, make: NewStrategy, perf: PerfCore, port: VcpuPort, generation: Generation, known?: PerfmonCaps) {
    this.port = port;
    this.generation = generation;
    this.vendor = perf.vendor;
    const owner = perf.addOwner({ overflow: (event) => this.strategy.overflow(event.tag) });
    this.strategy = make({ vpmu: this, perf, port, generation, owner });
    const offered = this.vendor.registers(this.strategy.offer(host));
    const wanted = known === undefined ? offered : this.vendor.registers(known);
    this.asKnown = covers(offered.caps, wanted.caps);
    this.regs = this.asKnown ? wanted : offered;
    this.caps = this.regs.caps;
    this.rules = new MsrRules(this.regs, generation, this.vendor.kvmHasOwnRules && this.strategy.rules === 'KVM');
    this.regs.globalCtrl = generation.globalCtrlWithFixed ? allCounters(this.caps) : this.regs.globalCtrl;
    this.fullWidth = this.caps.fullWidthWrites;
  }

  serialize(s: Serializer): void {
    s.part('regs', this.regs);
    s.words('ovfCtrl', this.ovfCtrl);
    this.fullWidth = s.flag('fullWidth', this.fullWidth);
    this.hasRun = s.flag('hasRun', this.hasRun);
    this.filter = serializeFilter(s, this.filter);
    s.part('strategy', this.strategy);
  }

  get counters(): number {
    return this.regs.count;
  }

  /** Counter k is in the set. */
  has(set: CounterSet, k: number): boolean {
    return (set & this.regs.bitOf(k)) !== 0;
  }

  /** The guest can use the full-width window. */
  get fullWidthWrites(): boolean {
    return this.fullWidth;
  }

  /** Enabled by its own register and by the global one, and allowed. */
  enabled(k: number): boolean {
    return this.regs.locallyEnabled(k) && this.regs.globallyEnabled(k) && this.allowed(k);
  }

  /** KVM: of what it completes for the guest it counts instructions and branches, one of each. */
  countsEmulated(k: number, events: EventCounts): boolean {
    if (!this.regs.locallyEnabled(k)) return false;
    const event = this.regs.eventOf(k);
    if (event !== EVENT['instructions retired'] && event !== EVENT['branch instructions retired']) return false;
    return events[event]! > 0 && this.enabled(k) && this.regs.countsAt(k, this.port.cpl() !== 0);
  }

  allowed(k: number): boolean {
    if (this.filter === undefined) return true;
    const { regs } = this;
    const { generalCounters } = regs.caps;
    return k < generalCounters
      ? allowsGeneral(this.filter, regs.selectors[k]!, this.vendor.eventSelectHigh(regs.selectorHigh(k)))
      : allowsFixed(this.filter, k - generalCounters);
  }

  /** The filter is valid. All counters are looked at again before the guest runs on. */
  setFilter(filter: EventFilter | undefined): void {
    this.filter = filter;
    this.strategy.refresh();
  }

  setStatus(k: number): void {
    this.regs.globalStatus = union(this.regs.globalStatus, this.regs.bitOf(k));
  }

  // Accesses of the guest, and by the host for it (`byHost`). False is #GP, or an error of the ioctl.

  owns(msr: number): boolean {
    return this.regs.owns(msr);
  }

  getMsr(msr: number, out: MsrValue): boolean {
    const { rules, regs } = this;
    out.low = 0;
    out.high = 0;
    if (rules.isDropped(msr)) return true;
    if (!this.exists(msr)) return false;
    const k = regs.counterAt(msr);
    if (k !== -1) return this.readCounter(k, out);
    if (msr === MSRS.IA32_PERF_CAPABILITIES) {
      out.low = this.fullWidth ? PERF_CAP_FW_WRITE : 0;
      return true;
    }
    if (msr === this.vendor.msr.globalStatus) this.strategy.statusRead();
    if (msr === this.vendor.msr.statusReset && rules.ofKvm && this.generation.ovfCtrlReadsBack) {
      out.low = this.ovfCtrl[0]!;
      out.high = this.ovfCtrl[1]!;
      return true;
    }
    return regs.read(msr, out);
  }

  setMsr(msr: number, low: number, high: number, byHost = false): boolean {
    const { rules, regs } = this;
    if (rules.isDropped(msr)) return true;
    if (!this.exists(msr)) return false;
    if (byHost && msr === MSRS.IA32_PERF_CAPABILITIES) return this.offerCapabilities(low, high);
    if (byHost && msr === MSRS.IA32_PERF_GLOBAL_STATUS) return this.restoreStatus(low, high);
    if (!rules.accepts(msr, low, high, this.fullWidth)) return false;
    // Today's host has nothing to clear by it.
    if (byHost && msr === this.vendor.msr.statusReset && !this.generation.ovfCtrlReadsBack) return true;
    if (!byHost) this.strategy.retired(ONE_INSTRUCTION, true);
    const k = regs.counterAt(msr);
    if (k !== -1) this.strategy.counterWritten(k, rules.valueWritten(msr, k, low, high, byHost), low, high);
    else this.setControl(msr, low, high);
    return true;
  }

  /** KVM_SET_MSRS: goes on with registers of the same kind, whose counters are at rest. */
  restore(from: CounterRegisters): void {
    const { vendor, caps } = this;
    const { counters, selectors, globalCtrl } = from;
    const set = (msr: number, low: number, high: number): void => assert(this.setMsr(msr, low, high, true), `MSR ${msr} is taken over`);
    for (const [k, value] of counters.entries()) set(vendor.counterMsr(k, caps), lowWord(value), highWord(value));
    for (const [k, low] of selectors.entries()) set(vendor.selectorMsr(k, caps), low, from.selectorHigh(k));
    if (caps.version >= 2) set(vendor.msr.globalCtrl, setLow(globalCtrl), setHigh(globalCtrl));
  }

  /** RDPMC, without its privilege check. */
  rdpmc(ecx: number, out: MsrValue): boolean {
    const k = this.rules.rdpmcIndex(ecx);
    if (k === -1 || !this.readCounter(k, out)) return false;
    if (this.rules.isFast(ecx)) out.high = 0;
    return true;
  }

  private readCounter(k: number, out: MsrValue): boolean {
    const value = this.strategy.visible(k);
    assert(value >= 0 && value < this.regs.modulusOf(k), `counter ${k} shows ${value}`);
    out.low = lowWord(value);
    out.high = highWord(value);
    return true;
  }

  private exists(msr: number): boolean {
    if (msr === MSRS.IA32_PERF_CAPABILITIES) return this.rules.hasCapabilities && this.regs.read(msr, EXISTS);
    return this.regs.read(msr, EXISTS) && (this.fullWidth || !isFullWidth(msr));
  }

  /** Of what the host supports, and before the guest has run; the same value always. */
  private offerCapabilities(low: number, high: number): boolean {
    const wanted = (low & PERF_CAP_FW_WRITE) !== 0;
    const known = high === 0 && (low & ~PERF_CAP_FW_WRITE) === 0 && (!wanted || this.caps.fullWidthWrites);
    if (!known || (this.hasRun && wanted !== this.fullWidth)) return false;
    this.fullWidth = wanted;
    return true;
  }

  private restoreStatus(low: number, high: number): boolean {
    if (!this.regs.accepts(MSRS.IA32_PERF_GLOBAL_STATUS_RESET, low, high)) return false;
    this.regs.globalStatus = counterSet(low, high);
    return true;
  }

  private setControl(msr: number, low: number, high: number): void {
    const { regs, vendor } = this;
    const { globalCtrl, fixedCtrCtrl } = regs;
    const selector = regs.selectorAt(msr);
    const before = selector === -1 ? 0 : regs.selectors[selector]!, beforeHigh = selector === -1 ? 0 : regs.selectorHigh(selector);
    // KVM: LBR and BTF are taken, and forgotten.
    regs.write(msr, this.rules.ofKvm && msr === MSRS.IA32_DEBUGCTL ? 0 : low, high);
    if (msr === vendor.msr.statusReset) {
      this.ovfCtrl[0] = low;
      this.ovfCtrl[1] = high;
    }
    if (selector !== -1 && (before !== regs.selectors[selector] || beforeHigh !== regs.selectorHigh(selector))) {
      this.strategy.enablesChanged(regs.bitOf(selector), 'local');
    } else if (fixedCtrCtrl !== regs.fixedCtrCtrl) this.strategy.enablesChanged(this.changedFixed(fixedCtrCtrl), 'local');
    else if (globalCtrl !== regs.globalCtrl) this.strategy.enablesChanged(symmetric(globalCtrl, regs.globalCtrl), 'global');
  }

  private changedFixed(before: number): CounterSet {
    const difference = before ^ this.regs.fixedCtrCtrl;
    let changed: CounterSet = NO_COUNTERS;
    for (let j = 0; j < this.caps.fixedCounters; j += 1) {
      if (((difference >>> (4 * j)) & 0xf) !== 0) changed = union(changed, this.regs.bitOf(this.caps.generalCounters + j));
    }
    return changed;
  }
}

/** Where nobody looks at the value. */
const EXISTS = newMsrValue();
const isFullWidth = (msr: number): boolean => msr >= MSRS.IA32_A_PMC0 && msr < MSRS.IA32_A_PMC0 + MAX_GENERAL;

const symmetric = (a: CounterSet, b: CounterSet): CounterSet => union(without(a, b), without(b, a));

/** What KVM offers, whether it emulates the PMU or mediates it: version 2 at most, and no AnyThread. */
export const offeredByKvm = (host: PerfmonCaps, { generation, perf: { vendor } }: Offering): PerfmonCaps => ({
  ...host, version: Math.min(host.version, vendor.versionOffered(generation)), fixedCounters: Math.min(host.fixedCounters, 3),
  anyThreadDeprecated: generation.anyThreadDeprecated,
  fullWidthWrites: host.fullWidthWrites && generation.fullWidthWrites,
});

interface Offering { readonly generation: Generation; readonly perf: { readonly vendor: PmuVendor } }

/** What every kernel's KVM offers: a guest that knows of no more can go on with every strategy that counts. */
export const offeredByAll = (host: PerfmonCaps, vendor: PmuVendor): PerfmonCaps =>
  Object.values(GENERATIONS).reduce((caps, generation) => offeredByKvm(caps, { generation, perf: { vendor } }), host);
