/**
 * A small logical processor: the machine's PMU and local APIC, and a guest that is a list of operations. Every operation takes
 * a cycle and retires one instruction; what a `run` retires are branches besides, so that a counter of branches tells
 * what a guest does from what its accesses are.
 *
 * It is what holes are shown on and what the verifier explores: the host code that runs on it is the one that runs on the machine.
 */
import { assert } from '../../base/assert.ts';
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import { joinWords } from '../../base/u64.ts';
import type { Cycles } from '../../base/units.ts';
import { Lapic } from '../../hw/lapic/lapic.ts';
import { Pmu, type PmuOptions } from '../../hw/pmu/pmu.ts';
import { type LogicalProcessor, type RootTiming, type VirtualHardware, type Vmcs, VmExit } from '../../hw/vmx/vmx.ts';
import type { Tracer } from '../../trace/trace.ts';
import { EVENT, type EventCounts, newEventCounts } from '../../x86/event.ts';
import { NMI } from '../../x86/fault.ts';
import { MSRS, msrName, X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { newMsrValue } from '../../x86/perfmon.ts';
import { type Guest, nameOf, type Operation } from './operation.ts';

const UNIT: RootTiming = { rdmsr: 1, wrmsr: 1, rdpmc: 1, interrupt: 1, vmEntry: 1, vmExit: 1 };

export interface SmallOptions extends PmuOptions {
  /** Delivery of a PMI masks LVTPC. */
  readonly masksPmi: boolean;
  /** How late a PMI comes, where that is an open question: instructions, instead of `skid`. */
  readonly late?: () => number;
}

export class SmallProcessor implements LogicalProcessor, Stateful {
  readonly id: number;
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  readonly timing = UNIT;
  private readonly tracer: Tracer;
  private time = 0;
  /** Branches that guests have retired here: what an event of the host that counts them should have seen. */
  branches = 0;
  /** Instructions that guests have retired here, without those that the host has completed for them. */
  instructions = 0;
  private guest: Guest | undefined;
  private readonly events = newEventCounts();
  private readonly value = newMsrValue();

  constructor(id: number, options: SmallOptions, tracer: Tracer) {
    this.id = id;
    this.tracer = tracer;
    this.lapic = new Lapic({ id, bootstrap: id === 0, masksPmi: options.masksPmi, timerTicks: 1 }, {
      now: () => this.time, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
    });
    this.pmu = new Pmu(options, {
      overflow: (counter) => this.trace('pmu_overflow', counter, 0n),
      pmi: () => this.trace('pmu_pmi', this.lapic.signal('perfmon') ? 1 : 0),
      ...(options.late === undefined ? {} : { late: options.late }),
    });
  }

  serialize(s: Serializer): void {
    s.part('pmu', this.pmu);
    s.part('lapic', this.lapic);
    this.time = s.statistic('time', this.time);
    this.branches = s.statistic('branches', this.branches);
    this.instructions = s.statistic('instructions', this.instructions);
  }

  private trace(name: 'pmu_overflow' | 'pmu_pmi' | 'nmi_entry' | 'iret', ...values: (number | bigint)[]): void {
    if (this.tracer.on) this.tracer.emit(name, this.id, this.time, ...values);
  }

  get clock(): Cycles {
    return this.time as Cycles;
  }

  ticks(): number {
    return this.time;
  }

  cyclesUntil(ticks: number): number {
    return ticks === NEVER ? Number.POSITIVE_INFINITY : Math.max(0, ticks - this.time);
  }

  spend(cycles: number, instructions: number): void {
    this.time += cycles;
    this.count(cycles, instructions, 0, false);
  }

  idle(cycles: number): void {
    this.time += Math.max(1, Math.ceil(cycles));
  }

  private count(cycles: number, instructions: number, branches: number, user: boolean): void {
    if (!this.pmu.counting) return;
    const { events } = this;
    events.fill(0);
    events[EVENT['core cycles']] = cycles;
    events[EVENT['reference cycles']] = cycles;
    events[EVENT['instructions retired']] = instructions;
    events[EVENT['branch instructions retired']] = branches;
    this.pmu.count(events, user);
  }

  // The guest.

  load(context: Guest, _virtual: VirtualHardware): void {
    assert(this.guest === undefined, 'one virtual processor at a time');
    this.guest = context;
  }

  unload(context: Guest): void {
    assert(this.guest === context, 'it was loaded here');
    this.guest = undefined;
  }

  vacate(): void {}
  reattach(_virtual: VirtualHardware): void {}

  /** After a snapshot was loaded: whose state is here. */
  adopt(context: Guest | undefined): void {
    this.guest = context;
  }

  private get loaded(): Guest {
    assert(this.guest !== undefined, 'a guest is loaded');
    return this.guest;
  }

  run(vmcs: Vmcs, until: Cycles): VmExit | undefined {
    while (this.time < until) {
      const exit = this.eventExit(vmcs) ?? this.operate(vmcs);
      if (exit !== undefined) return exit;
      if (this.waits) return undefined;
    }
    return undefined;
  }

  /** The guest is at a point at which the host is to do something. */
  get waits(): boolean {
    return this.guest?.next.op === 'host';
  }

  /** As on the machine: the NMI window, an NMI, the interrupt window, an interrupt. */
  private eventExit(vmcs: Vmcs): VmExit | undefined {
    const { lapic } = this;
    lapic.advance();
    if (vmcs.nmiWindowExiting && this.guestTakesNmi) return new VmExit('NMI_WINDOW');
    if (lapic.nmiPending) {
      lapic.nmiPending = false;
      return new VmExit('EXCEPTION_NMI', NMI);
    }
    if (vmcs.interruptWindowExiting && this.guestTakesInterrupt) return new VmExit('INTERRUPT_WINDOW');
    if (lapic.pending() !== -1) return new VmExit('EXTERNAL_INTERRUPT', lapic.acknowledge());
    return undefined;
  }

  /** Without a host: events are the guest's own. Returns when the clock has reached `until`, or when it has ended. */
  runBare(until: Cycles): void {
    const guest = this.loaded;
    while (this.time < until && !guest.ended) {
      this.lapic.advance();
      if (this.lapic.nmiPending && !guest.nmiBlocked) {
        this.lapic.nmiPending = false;
        guest.interrupt(NMI, true);
      } else if (guest.interruptsOn && this.lapic.pending() !== -1) guest.interrupt(this.lapic.acknowledge(), false);
      if (guest.next.op === 'host') guest.skip();
      else if (guest.halted) this.time += 1;
      else this.operate(undefined);
    }
  }

  /** One operation, or a piece of a `run`; an exit means that it has not happened. */
  private operate(vmcs: Vmcs | undefined): VmExit | undefined {
    const guest = this.loaded;
    const { next } = guest;
    switch (next.op) {
      case 'wrmsr': return this.wrmsr(next, vmcs);
      case 'rdmsr': return this.rdmsr(next.msr, vmcs);
      case 'rdpmc': return this.rdpmc(next.index, vmcs);
      case 'run': {
        const n = Math.max(1, Math.min(guest.left, this.pmu.headroom(false)));
        this.time += n;
        guest.advance(n);
        this.branches += n;
        this.instructions += n;
        this.count(n, n, n, false);
        return undefined;
      }
      case 'hlt':
        if (vmcs !== undefined) return new VmExit('HLT');
        this.retire();
        guest.skip();
        guest.halted = true;
        return undefined;
      case 'host': return undefined;
      case 'end':
        guest.ended = true;
        return vmcs === undefined ? undefined : new VmExit('IO_INSTRUCTION', 0xf4);
      default:
        this.retire();
        if (next.op === 'iret') guest.iret();
        else {
          guest.interruptsOn = next.op === 'sti';
          guest.skip();
        }
        return undefined;
    }
  }

  private readonly retireOne = (): void => this.retire();

  private retire(): void {
    this.time += 1;
    this.instructions += 1;
    this.count(1, 1, 0, false);
  }

  private wrmsr({ msr, low, high }: Extract<Operation, { op: 'wrmsr' }>, vmcs: Vmcs | undefined): VmExit | undefined {
    const guest = this.loaded;
    if (vmcs?.exitsOnWrite(msr)) return new VmExit('MSR_WRITE', msr, low, high);
    if (!this.accepts(msr, low, high)) {
      guest.fault(`WRMSR ${msrName(msr)}`);
      return undefined;
    }
    if (isApic(msr)) {
      // As on the machine: a PMI that the write itself causes meets what it has written.
      this.lapic.writeMsr(msr, low, high);
      this.retire();
    } else this.pmu.wrmsr(msr, low, high, this.retireOne);
    guest.skip();
    return undefined;
  }

  private accepts(msr: number, low: number, high: number): boolean {
    if (!isApic(msr)) return this.pmu.owns(msr) && this.pmu.accepts(msr, low, high);
    return msr === MSRS.IA32_X2APIC_LVT_PMI || msr === MSRS.IA32_X2APIC_EOI;
  }

  private rdmsr(msr: number, vmcs: Vmcs | undefined): VmExit | undefined {
    const { value } = this;
    if (vmcs?.exitsOnRead(msr)) return new VmExit('MSR_READ', msr);
    if (!this.pmu.owns(msr) || !this.pmu.rdmsr(msr, value)) this.loaded.fault(`RDMSR ${msrName(msr)}`);
    else this.completeNative();
    return undefined;
  }

  private rdpmc(index: number, vmcs: Vmcs | undefined): VmExit | undefined {
    const { value } = this;
    if (vmcs?.rdpmcExiting) return new VmExit('RDPMC', index);
    if (!this.pmu.rdpmc(index, value)) this.loaded.fault(`RDPMC ${index}`);
    else this.completeNative();
    return undefined;
  }

  /** What was read is as it was before the read itself retires; what faults does not retire. */
  private completeNative(): void {
    this.loaded.read(joinWords(this.value.low, this.value.high));
    this.retire();
  }

  deliver(vmcs: Vmcs): VmExit | undefined {
    const { injection } = vmcs;
    assert(injection !== undefined, 'there is something to deliver');
    const guest = this.loaded;
    if (injection.kind === 'exception') guest.fault(nameOf(guest.next));
    else {
      this.trace('nmi_entry', 0n);
      guest.interrupt(injection.vector, injection.kind === 'nmi');
    }
    this.time += 1;
    return undefined;
  }

  restart(): void {
    assert(false, 'a list has no INIT');
  }

  skip(): void {
    this.loaded.skip();
  }

  completeRead(low: number, high: number): void {
    this.loaded.read(joinWords(low, high));
  }

  completeCpuid(): void {
    this.loaded.skip();
  }

  completeXsetbv(): boolean {
    return assert(false, 'a list has no XSETBV') as never;
  }

  /** The only instruction that is emulated here is the one that ends. */
  emulate(): VmExit | undefined {
    return undefined;
  }

  get emulated(): EventCounts {
    this.events.fill(0);
    this.events[EVENT['instructions retired']] = 1;
    return this.events;
  }

  readonly guestTscAdjust = 0n;

  get guestRip(): bigint {
    return BigInt(this.loaded.retired);
  }

  readonly guestCpl = 0;
  readonly guestAllowsRdpmc = true;

  get guestTakesNmi(): boolean {
    return !this.loaded.nmiBlocked;
  }

  get guestTakesInterrupt(): boolean {
    return this.loaded.interruptsOn;
  }
}

const isApic = (msr: number): boolean => msr >= X2APIC_FIRST && msr <= X2APIC_LAST;
