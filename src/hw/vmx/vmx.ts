/**
 * VMX root mode: all that host code can do to a logical processor. Each operation is an instruction: it takes time, it
 * retires, and whatever counter is enabled then counts it. So what leaks of the host's work into a guest's counts, or
 * the other way round, leaks here as it does in silicon.
 *
 *     host code --> rdmsr, wrmsr, rdpmc, work(n), enter --> LogicalProcessor
 *        ^                       |
 *        '--- NMI, interrupt ----'   between two operations, and in the middle of work
 *
 * NMIs are taken even where interrupts are off, and not while one is being handled. One that comes up is taken before a
 * read and behind a write: between reading a counter and writing what follows from it, nobody else has touched it.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { Tracer } from '../../trace/trace.ts';
import { setHigh, setLow } from '../../x86/counter-set.ts';
import { MSRS, X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { type MsrValue, newMsrValue } from '../../x86/perfmon.ts';
import type { LogicalProcessor } from './logical-processor.ts';
import type { MsrList, Vmcs, VmExit } from './vmcs.ts';

export type { GuestContext, LogicalProcessor, RootTiming, VirtualHardware } from './logical-processor.ts';
export { type Injection, MsrList, Vmcs, VmExit } from './vmcs.ts';

/** The host's entry points for what interrupts it. */
interface RootHandlers {
  /** `backToBack`: it interrupted the very instruction that the last one did. */
  nmi(backToBack: boolean): void;
  interrupt(vector: number): void;
}

/** The longest piece of work that is done without looking at timers. */
const LONGEST = 1 << 20;

export class RootMode implements Stateful {
  readonly core: LogicalProcessor;
  private readonly tracer: Tracer;
  private handlers: RootHandlers | undefined;
  /** EFLAGS.IF of host code. */
  private interruptsOn = true;
  /** Blocking by NMI: until the handler's IRET, or after an exit that an NMI caused. */
  private nmiBlocked = false;
  /** The last NMI came at a VM exit: where the host takes those is always the same instruction. */
  private lastNmiAtExit = false;
  /** Accesses of host code that would have been #GP. Host code must not make any. */
  faults = 0;
  private readonly value = newMsrValue();
  private readonly retireWrite: () => void;

  constructor(core: LogicalProcessor, tracer: Tracer) {
    this.core = core;
    this.tracer = tracer;
    this.retireWrite = () => core.spend(core.timing.wrmsr, 1);
    core.pmu.enterMode('host');
  }

  attach(handlers: RootHandlers): void {
    this.handlers = handlers;
  }

  serialize(s: Serializer): void {
    this.interruptsOn = s.flag('interruptsOn', this.interruptsOn);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.lastNmiAtExit = s.flag('lastNmiAtExit', this.lastNmiAtExit);
    this.faults = s.u16('faults', this.faults);
  }

  get cpu(): number {
    return this.core.id;
  }

  /** The time-stamp counter: RDTSC without its cost, for bookkeeping that is no part of the host. */
  get now(): number {
    return this.core.ticks();
  }

  // Instructions.

  rdmsr(msr: number, out: MsrValue): void {
    const { core, tracer } = this;
    this.poll();
    const done = this.read(msr, out);
    if (!done) this.fault(msr);
    if (tracer.on) tracer.emit('host_read_msr', core.id, core.clock, msr, out.low, out.high);
    core.spend(core.timing.rdmsr, done ? 1 : 0);
  }

  wrmsr(msr: number, low: number, high: number): void {
    const { core, tracer } = this;
    if (tracer.on) tracer.emit('host_write_msr', core.id, core.clock, msr, low >>> 0, high >>> 0);
    if (!this.write(msr, low >>> 0, high >>> 0, this.retireWrite)) {
      this.fault(msr);
      core.spend(core.timing.wrmsr, 0);
    }
    this.poll();
  }

  rdpmc(ecx: number, out: MsrValue): void {
    const { core } = this;
    this.poll();
    const done = core.pmu.rdpmc(ecx, out);
    if (!done) this.fault(ecx);
    core.spend(core.timing.rdpmc, done ? 1 : 0);
  }

  /** Host code runs for so many cycles, and retires as many instructions. */
  work(cycles: number): void {
    let left = Math.round(cycles);
    while (left > 0) {
      this.core.lapic.advance();
      this.poll();
      const piece = Math.min(left, LONGEST, this.core.pmu.headroom(false), Math.max(1, this.core.cyclesUntil(this.core.lapic.deadline())));
      this.core.spend(piece, piece);
      left -= piece;
    }
    this.core.lapic.advance();
    this.poll();
  }

  // Interrupts.

  /** CLI or STI. Returns what it was, to be put back. */
  interrupts(on: boolean): boolean {
    const before = this.interruptsOn;
    this.interruptsOn = on;
    if (on) this.poll();
    return before;
  }

  get interruptsEnabled(): boolean {
    return this.interruptsOn;
  }

  /** Halted, in root mode, until something may happen or so many cycles have passed. */
  idle(cycles: number): void {
    this.core.lapic.advance();
    if (!this.pending) this.core.idle(Math.min(cycles, this.core.cyclesUntil(this.core.lapic.deadline())));
    this.core.lapic.advance();
    this.poll();
  }

  private get pending(): boolean {
    return (this.core.lapic.nmiPending && !this.nmiBlocked) || (this.interruptsOn && this.core.lapic.pending() !== -1);
  }

  /** Takes what is pending and allowed. */
  private poll(): void {
    const { lapic } = this.core;
    if (lapic.nmiPending && !this.nmiBlocked) {
      this.lastNmiAtExit = false;
      this.takeNmis(false);
    }
    while (this.interruptsOn && lapic.pending() !== -1) this.takeInterrupt(lapic.acknowledge());
  }

  /** The handler of the NMI that caused an exit; its IRET lets the next one come. */
  takeNmi(): void {
    assert(this.nmiBlocked && this.handlers, 'an NMI is taken once');
    const again = this.lastNmiAtExit;
    this.lastNmiAtExit = true;
    this.handleNmi(again);
    this.takeNmis(true);
  }

  /** Those that wait. One that has waited for the last one's IRET comes at the same instruction. */
  private takeNmis(again: boolean): void {
    const { lapic } = this.core;
    for (let backToBack = again; lapic.nmiPending && !this.nmiBlocked; backToBack = true) {
      lapic.nmiPending = false;
      this.nmiBlocked = true;
      this.handleNmi(backToBack);
    }
  }

  private handleNmi(backToBack: boolean): void {
    const { core, tracer } = this;
    assert(this.handlers, 'the host has begun');
    if (tracer.on) tracer.emit('host_nmi_entry', core.id, core.clock);
    const before = this.interruptsOn;
    this.interruptsOn = false;
    core.spend(core.timing.interrupt, 1);
    this.handlers.nmi(backToBack);
    this.interruptsOn = before;
    this.nmiBlocked = false;
  }

  /** The handler of an interrupt that was taken in root mode, or acknowledged by an exit. */
  takeInterrupt(vector: number): void {
    const { core, tracer } = this;
    assert(this.handlers, 'the host has begun');
    if (tracer.on) tracer.emit('host_interrupt_entry', core.id, core.clock, vector);
    const before = this.interruptsOn;
    this.interruptsOn = false;
    core.spend(core.timing.interrupt, 1);
    this.poll();
    this.handlers.interrupt(vector);
    this.interruptsOn = before;
  }

  // VMX.

  /** VMLAUNCH or VMRESUME: loads what the VMCS says, and delivers what it injects. The guest is then in `run`'s hands. */
  enter(vmcs: Vmcs): VmExit | undefined {
    const { pmu } = this.core;
    const { regs } = pmu;
    this.core.spend(this.core.timing.vmEntry, 1);
    pmu.enterMode('guest');
    if (vmcs.entryLoadsGlobalCtrl && regs.caps.version >= 2) {
      this.write(MSRS.IA32_PERF_GLOBAL_CTRL, setLow(vmcs.guestGlobalCtrl), setHigh(vmcs.guestGlobalCtrl));
    }
    this.loadList(vmcs.entryLoads);
    if (!vmcs.injects) return undefined;
    const exit = this.core.deliver(vmcs);
    vmcs.clearInjection();
    return exit === undefined ? undefined : this.exited(vmcs, exit);
  }

  /** Runs the guest. Undefined: the clock has reached `until`, and the guest has not exited. */
  run(vmcs: Vmcs, until: Cycles): VmExit | undefined {
    const exit = this.core.run(vmcs, until);
    return exit === undefined ? undefined : this.exited(vmcs, exit);
  }

  /** What hardware does at an exit, before host code runs. */
  private exited(vmcs: Vmcs, exit: VmExit): VmExit {
    const { pmu } = this.core;
    const { regs } = pmu;
    pmu.enterMode('host');
    if (vmcs.exitSavesGlobalCtrl) vmcs.guestGlobalCtrl = regs.globalCtrl;
    for (let i = 0; i < vmcs.exitStores.length; i += 1) {
      const msr = vmcs.exitStores.msr(i);
      assert(this.read(msr, this.value), `MSR ${msr} can be stored`);
      vmcs.exitStores.put(msr, this.value.low, this.value.high);
    }
    if (vmcs.exitLoadsGlobalCtrl && regs.caps.version >= 2) {
      this.write(MSRS.IA32_PERF_GLOBAL_CTRL, setLow(vmcs.hostGlobalCtrl), setHigh(vmcs.hostGlobalCtrl));
    }
    this.loadList(vmcs.exitLoads);
    // SDM: "Updating Non-Register State": an exit due to an NMI blocks further ones.
    if (exit.reason === 'EXCEPTION_NMI') this.nmiBlocked = true;
    this.core.spend(this.core.timing.vmExit, 0);
    return exit;
  }

  private loadList(list: MsrList): void {
    for (let i = 0; i < list.length; i += 1) {
      assert(this.write(list.msr(i), list.low(i), list.high(i)), `MSR ${list.msr(i)} takes the value of the list`);
    }
  }

  // Registers.

  private read(msr: number, out: MsrValue): boolean {
    if (this.core.pmu.owns(msr)) return this.core.pmu.rdmsr(msr, out);
    const value = msr >= X2APIC_FIRST && msr <= X2APIC_LAST ? this.core.lapic.readMsr(msr) : undefined;
    if (value === undefined) return false;
    out.low = value.low;
    out.high = value.high;
    return true;
  }

  /** `retire` counts the WRMSR itself, in the state in which it began; at a transition there is none. */
  private write(msr: number, low: number, high: number, retire?: () => void): boolean {
    const { pmu, lapic } = this.core;
    if (msr >= X2APIC_FIRST && msr <= X2APIC_LAST) {
      if (!lapic.writeMsr(msr, low, high)) return false;
      retire?.();
      return true;
    }
    if (!pmu.owns(msr) || !pmu.accepts(msr, low, high)) return false;
    pmu.wrmsr(msr, low, high, retire);
    return true;
  }

  private fault(msr: number): void {
    this.faults += 1;
    if (this.tracer.on) this.tracer.emit('host_fault', this.core.id, this.core.clock, msr);
  }
}
