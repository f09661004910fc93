/**
 * A virtual processor in the hands of KVM: requests, entry, exit, and what exits ask for.
 *
 *     step:  requests --> inject --> load --> entry ==> guest ==> exit --> put --> host interrupts --> dispatch
 *                                              (a later step goes on here, when the guest has not exited)
 *
 * Between two steps nothing is on the stack: either the guest is in non-root mode, or the host has finished with its exit.
 */
import { assert } from '../../base/assert.ts';
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { Lapic } from '../../hw/lapic/lapic.ts';
import { type GuestContext, type LogicalProcessor, type VirtualHardware, Vmcs, type VmExit } from '../../hw/vmx/vmx.ts';
import { EXIT_REASON, EXIT_REASONS, type ExitReason } from '../../x86/exit-reason.ts';
import { GP, NMI } from '../../x86/fault.ts';
import type { Generation } from '../generation.ts';
import { ANY } from '../perf/perf.ts';
import type { HostCpu } from '../processor.ts';
import { ONE_INSTRUCTION, type Vpmu } from '../vpmu/vpmu.ts';
import { EXIT_HANDLERS } from './exits.ts';

/** KVM_REQ_*, in the order in which KVM of today looks at them; its bits are those of the set. */
export const REQUEST = { pmu: 1, pmi: 2, irqWork: 4 } as const;

/** What became of a step. */
type VcpuOutcome = 'running' | 'preempted' | 'halted' | 'ended';

interface VcpuParts {
  readonly id: number;
  readonly task: number;
  readonly lapic: Lapic;
  readonly virtual: VirtualHardware;
  readonly context: GuestContext;
  readonly generation: Generation;
  readonly cpus: readonly HostCpu[];
}

export class Vcpu implements Stateful {
  readonly id: number;
  readonly task: number;
  readonly lapic: Lapic;
  readonly vmcs = new Vmcs();
  readonly generation: Generation;
  private readonly virtual: VirtualHardware;
  private readonly context: GuestContext;
  private readonly cpus: readonly HostCpu[];
  private pmu: Vpmu | undefined;
  private requests = 0;
  /** Where it is loaded, or ANY; and where it was last. */
  private loadedOn = ANY;
  private lastCpu = 0;
  /** In non-root mode: the next step goes on running the guest. */
  private inGuest = false;
  /** The handler of an exit's NMI runs: KVM's `current_vcpu`. */
  private handlingNmi = false;
  /** NMIs that wait for the guest: KVM's `nmi_pending`. */
  private nmis = 0;
  /** It waits for an interrupt after HLT; and what it takes there. */
  halted = false;
  /** It is halted because of an INIT, until a SIPI: KVM_MP_STATE_INIT_RECEIVED. */
  private waiting = false;
  private takesInterrupt = false;
  private takesNmi = false;
  /** Its virtual machine is over: a triple fault. */
  ended = false;
  /** Exits by reason, and those of MSR accesses by `msrAccess`. Statistics: no part of the state. */
  readonly exits = new Float64Array(EXIT_REASONS.length);
  private readonly accesses = new Map<number, number>();
  pmisDelivered = 0;
  pmisMasked = 0;

  constructor({ id, task, lapic, virtual, context, generation, cpus }: VcpuParts) {
    this.id = id;
    this.task = task;
    this.lapic = lapic;
    this.virtual = virtual;
    this.context = context;
    this.generation = generation;
    this.cpus = cpus;
  }

  attach(vpmu: Vpmu): void {
    this.pmu = vpmu;
  }

  get vpmu(): Vpmu {
    assert(this.pmu !== undefined, 'a virtual processor has a virtual PMU');
    return this.pmu;
  }

  serialize(s: Serializer): void {
    s.part('vmcs', this.vmcs);
    s.part('context', this.context);
    s.part('lapic', this.lapic);
    s.part('vpmu', this.vpmu);
    this.requests = s.u8('requests', this.requests);
    this.loadedOn = s.u8('loadedOn', this.loadedOn);
    this.lastCpu = s.u8('lastCpu', this.lastCpu);
    this.inGuest = s.flag('inGuest', this.inGuest);
    this.nmis = s.u8('nmis', this.nmis);
    this.halted = s.flag('halted', this.halted);
    this.waiting = s.flag('waiting', this.waiting);
    this.takesInterrupt = s.flag('takesInterrupt', this.takesInterrupt);
    this.takesNmi = s.flag('takesNmi', this.takesNmi);
    this.ended = s.flag('ended', this.ended);
  }

  /** After a snapshot was loaded: processors that hold this vCPU's state must know whose it is. */
  reattach(): void {
    if (this.loadedOn !== ANY) this.cpu.root.core.reattach(this.virtual);
  }

  /** The CPU on which it runs, or ran last. */
  get cpu(): HostCpu {
    return this.cpus[this.lastCpu]!;
  }

  get isInGuest(): boolean {
    return this.inGuest;
  }

  get interruptedGuest(): boolean {
    return this.handlingNmi;
  }

  request(what: keyof typeof REQUEST): void {
    this.requests |= REQUEST[what];
  }

  /** Something waits for the next entry. */
  get hasRequests(): boolean {
    return this.requests !== 0;
  }

  /**
   * kvm_vcpu_has_events: something ends the halt that it is in.
   * Deviation: KVM wakes a guest for the PMI before it looks whether LVTPC is masked; no processor does.
   */
  hasEvents(): boolean {
    this.lapic.advance();
    if (this.take(REQUEST.irqWork)) this.deliverPmi();
    if (this.take(REQUEST.pmi)) this.deliverPmi();
    this.collectNmi();
    return (this.takesNmi && this.nmis > 0) || (this.takesInterrupt && this.lapic.requested) || this.lapic.initPending
      || (this.waiting && this.lapic.startupVector !== NEVER);
  }

  /** HLT is done: it waits, for what it takes as it stands. */
  halt(): void {
    const { core } = this.cpu.root;
    this.halted = true;
    this.takesInterrupt = core.guestTakesInterrupt;
    this.takesNmi = core.guestTakesNmi;
    this.cpu.trace('kvm_halt', this.id);
  }

  /** It waits for a SIPI, as firmware leaves all processors but the first. */
  waitForStartUp(): void {
    this.halted = true;
    this.waiting = true;
    this.takesInterrupt = false;
    this.takesNmi = false;
  }

  // The scheduler's side.

  /** Takes over what a processor was set up with: how the virtual processor begins. */
  adopt(core: LogicalProcessor): void {
    core.reattach(this.virtual);
    core.unload(this.context);
  }

  /** KVM_SET_REGS, KVM_SET_MP_STATE and their like: goes on where a processor of another machine was, which runs no more. */
  takeOver(core: LogicalProcessor, { halted, waiting }: { readonly halted: boolean; readonly waiting: boolean }): void {
    this.halted = halted || waiting;
    this.waiting = waiting;
    this.takesInterrupt = halted && core.guestTakesInterrupt;
    this.takesNmi = halted && core.guestTakesNmi;
    core.unload(this.context);
  }

  /** kvm_arch_vcpu_load. */
  load(cpu: HostCpu): void {
    assert(this.loadedOn === ANY, `vCPU ${this.id} is loaded once`);
    this.loadedOn = cpu.id;
    this.lastCpu = cpu.id;
    cpu.work('load vcpu');
    cpu.root.core.load(this.context, this.virtual);
    this.vpmu.strategy.schedIn();
    this.vpmu.strategy.intercept(this.vmcs);
  }

  /** kvm_arch_vcpu_put. */
  put(): void {
    assert(this.loadedOn !== ANY && !this.inGuest, `vCPU ${this.id} is loaded, and not in its guest`);
    this.cpu.work('put vcpu');
    this.vpmu.strategy.schedOut();
    this.cpu.root.core.unload(this.context);
    this.loadedOn = ANY;
  }

  // Running.

  /** Runs it until it exits, or until its CPU's clock reaches `until`. `wanted`: somebody else wants the CPU. */
  step(until: Cycles, wanted: () => boolean): VcpuOutcome {
    if (this.ended) return 'ended';
    const { root } = this.cpu;
    let exit: VmExit | undefined;
    if (!this.inGuest) {
      if (this.halted && !this.wakes()) return 'halted';
      root.interrupts(true);
      if (wanted()) return 'preempted';
      exit = this.enter(wanted);
      if (!this.inGuest && exit === undefined) return 'running';
    }
    exit ??= root.run(this.vmcs, until);
    if (exit === undefined) return 'running';
    this.exited(exit);
    return this.ended ? 'ended' : this.halted ? 'halted' : 'running';
  }

  private wakes(): boolean {
    if (!this.hasEvents()) return false;
    this.halted = false;
    this.cpu.trace('kvm_wake', this.id);
    return true;
  }

  /** vcpu_enter_guest, up to the entry. */
  private enter(wanted: () => boolean): VmExit | undefined {
    const { cpu, vmcs, vpmu } = this;
    const { root } = cpu;
    this.handleRequests();
    this.lapic.advance();
    this.acceptStart();
    if (this.waiting) return undefined;
    this.inject();
    vpmu.hasRun = true;
    root.interrupts(false);
    vpmu.strategy.load(vmcs);
    vpmu.strategy.enter(vmcs);
    // kvm_vcpu_exit_request: what came up in the meantime comes first. What was to be injected stays in the VMCS.
    if (this.requests !== 0 || wanted()) {
      vpmu.strategy.put(vmcs);
      root.interrupts(true);
      return undefined;
    }
    vmcs.preemptionDeadline = this.lapic.deadline();
    cpu.trace('kvm_entry', this.id, root.core.guestRip);
    this.inGuest = true;
    return root.enter(vmcs);
  }

  /** kvm_apic_accept_events: an INIT, and the SIPI that an INIT makes it wait for. Any other SIPI does nothing. */
  private acceptStart(): void {
    const { lapic, cpu: { root: { core } } } = this;
    if (lapic.initPending) {
      lapic.initPending = false;
      lapic.reset();
      core.restart();
      this.nmis = 0;
      this.vmcs.clearInjection();
      if (!lapic.bootstrap) this.waitForStartUp();
    }
    const { startupVector } = lapic;
    lapic.startupVector = NEVER;
    if (!this.waiting) return;
    this.halted = startupVector === NEVER;
    this.waiting = this.halted;
    if (!this.waiting) core.restart(startupVector);
  }

  private exited(exit: VmExit): void {
    const { cpu, vmcs, vpmu } = this;
    const { root } = cpu;
    const { place, code, handle } = REASONS[exit.reason];
    this.inGuest = false;
    this.exits[place]! += 1;
    if (exit.reason === 'MSR_READ' || exit.reason === 'MSR_WRITE') this.countAccess(exit);
    cpu.trace('kvm_exit', this.id, code, root.core.guestRip, exit.qualification);
    vpmu.strategy.exit(vmcs);
    vpmu.strategy.put(vmcs);
    // vmx_handle_exit_irqoff: what interrupted the guest is handled before anything else can.
    if (exit.reason === 'EXCEPTION_NMI') {
      this.handlingNmi = true;
      root.takeNmi();
      this.handlingNmi = false;
    } else if (exit.reason === 'EXTERNAL_INTERRUPT') root.takeInterrupt(exit.qualification);
    root.interrupts(true);
    // A self-IPI of the NMI handler's: it runs as soon as it can.
    if (this.take(REQUEST.irqWork)) this.deliverPmi();
    cpu.work('exit dispatch');
    handle(this, exit);
  }

  private countAccess({ reason, qualification, low }: VmExit): void {
    const access = msrAccess(qualification, reason === 'MSR_READ', low === 0);
    this.accesses.set(access, (this.accesses.get(access) ?? 0) + 1);
  }

  /** Exits of MSR accesses: `R` or `W`, the register, and `=0` where zero was written. */
  get msrExits(): ReadonlyMap<string, number> {
    return new Map([...this.accesses].map(([access, count]) => [nameOfAccess(access), count]));
  }

  // Requests and events.

  /** KVM: KVM_REQ_PMU first, then KVM_REQ_PMI. */
  private handleRequests(): void {
    if (this.requests === 0) return;
    if (this.take(REQUEST.irqWork)) this.deliverPmi();
    // In this order since there are both; only where NMIs come differs, and an NMI of this round is in this entry anyway.
    if (this.take(REQUEST.pmu)) this.vpmu.strategy.handleEvent();
    if (this.take(REQUEST.pmi)) this.deliverPmi();
  }

  private take(request: number): boolean {
    if ((this.requests & request) === 0) return false;
    this.requests &= ~request;
    return true;
  }

  /** kvm_pmu_deliver_pmi: by the guest's LVTPC, which may be masked. Then the PMI is gone. */
  private deliverPmi(): void {
    const accepted = this.lapic.signal('perfmon');
    this.cpu.trace('kvm_pmi', this.id, accepted ? 1 : 0);
    this.collectNmi();
    if (accepted) this.pmisDelivered += 1;
    else this.pmisMasked += 1;
    this.vpmu.strategy.pmiDelivered();
  }

  /** KVM: two may wait where none is being handled, one is then delivered at once; where one is, hardware would hold one. */
  private collectNmi(): void {
    const { lapic, vmcs } = this;
    if (!lapic.nmiPending) return;
    lapic.nmiPending = false;
    const handled = this.halted ? !this.takesNmi : !this.cpu.root.core.guestTakesNmi;
    this.nmis = Math.min(this.nmis + 1, handled || vmcs.injectsNmi ? 1 : 2);
  }

  /** kvm_check_and_inject_events. */
  private inject(): void {
    const { lapic, vmcs, cpu } = this;
    const { core } = cpu.root;
    this.collectNmi();
    if (!vmcs.injects && this.nmis > 0 && core.guestTakesNmi) {
      this.nmis -= 1;
      cpu.work('inject');
      cpu.trace('kvm_inj_nmi', this.id);
      vmcs.inject('nmi', NMI);
    } else if (!vmcs.injects && lapic.requested && core.guestTakesInterrupt) {
      const vector = lapic.acknowledge();
      cpu.work('inject');
      cpu.trace('kvm_inj_virq', this.id, vector);
      vmcs.inject('interrupt', vector);
    }
    vmcs.nmiWindowExiting = this.nmis > 0;
    vmcs.interruptWindowExiting = lapic.requested;
    vmcs.tprThreshold = lapic.heldByTpr;
  }

  // What handlers of exits need.

  /** The instruction that exited faults in the guest instead. */
  fault(vector: number = GP): void {
    this.cpu.trace('kvm_inj_exception', this.id, vector);
    this.vmcs.inject('exception', vector);
  }

  /** kvm_skip_emulated_instruction: the instruction that exited is done. */
  done(): void {
    this.vpmu.strategy.retired(ONE_INSTRUCTION, false);
  }

  get deadline(): number {
    return this.halted ? this.lapic.deadline() : NEVER;
  }
}

/** What is to be known of each reason, found at once. */
const REASONS = Object.fromEntries(EXIT_REASONS.map((reason, place) =>
  [reason, { place, code: EXIT_REASON[reason], handle: EXIT_HANDLERS[reason] }])) as Record<ExitReason, ReasonParts>;

interface ReasonParts { readonly place: number; readonly code: number; readonly handle: (vcpu: Vcpu, exit: VmExit) => void }

/** Register and kind of an access as one number: worlds that are explored have millions of exits. */
const msrAccess = (msr: number, read: boolean, zero: boolean): number => 4 * msr + (read ? 0 : zero ? 2 : 1);
const nameOfAccess = (access: number): string =>
  `${access % 4 === 0 ? 'R' : 'W'} ${Math.floor(access / 4)}${access % 4 === 2 ? '=0' : ''}`;

/** The exits of a vCPU by reason: those that there were. */
export const exitCounts = ({ exits }: Vcpu): Partial<Record<ExitReason, number>> =>
  Object.fromEntries(EXIT_REASONS.map((reason, i) => [reason, exits[i]!] as const).filter(([, count]) => count > 0));
