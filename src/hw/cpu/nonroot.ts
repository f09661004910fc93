/**
 * A processor of the machine as VMX sees it. In non-root mode its registers are the guest's; the host's own are
 * nowhere, because host code is not made of instructions. So only a switch between two guests moves any state.
 */
import { assert } from '../../base/assert.ts';
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { EventCounts } from '../../x86/event.ts';
import { NMI, type Vector } from '../../x86/fault.ts';
import { IF } from '../../x86/flags.ts';
import { CR4_PCE } from '../../x86/paging.ts';
import { RAX, RCX, RDX } from '../../x86/registers.ts';
import type { Lapic } from '../lapic/lapic.ts';
import type { Bus } from '../memory/memory.ts';
import type { Pmu } from '../pmu/pmu.ts';
import { type LogicalProcessor, type RootTiming, type VirtualHardware, type Vmcs, VmExit } from '../vmx/vmx.ts';
import type { Cpu } from './cpu.ts';
import type { Event } from './event.ts';
import { type Delivery, deliver } from './exceptions.ts';
import { CPU, CPU_STATE_END } from './layout.ts';
import { setCpuid } from './microcode/monitor.ts';
import { setXcr } from './microcode/xsave.ts';
import type { NonRoot } from './processor.ts';
import { initialize, startAt } from './start.ts';
import type { TimingModel } from './timing.ts';

/** The buses as they are in non-root mode: an access exits, unless an emulator makes it, on the guest's own devices. */
export function intercepted(bus: Bus, guest: () => NonRoot | undefined): Bus {
  const of = (address: number): Bus => {
    const nonRoot = guest();
    if (nonRoot === undefined) return bus;
    if (!nonRoot.emulating) throw new VmExit('EPT_MISCONFIG', address);
    return nonRoot.virtual.bus;
  };
  return {
    read: (address, width) => of(address).read(address, width),
    write: (address, value, width) => of(address).write(address, value, width),
    in: (port, width) => of(port).in(port, width),
    out: (port, value, width) => of(port).out(port, value, width),
  };
}

/**
 * What makes a guest exit between two instructions, most urgent first. SDM: "Other Causes of VM Exits": the timer before the NMI
 * window, each window before what it waits for, and an NMI before an interrupt.
 */
export function eventExit(cpu: Cpu, { vmcs, virtual }: NonRoot): VmExit | undefined {
  const { lapic } = cpu;
  if (virtual.lapic.tpr >> 4 < vmcs.tprThreshold) return new VmExit('TPR_BELOW_THRESHOLD');
  if (vmcs.preemptionDeadline !== NEVER && cpu.cyclesUntil(vmcs.preemptionDeadline) === 0) return new VmExit('PREEMPTION_TIMER');
  if (vmcs.nmiWindowExiting && !cpu.nmiBlocked && !cpu.shadow) return new VmExit('NMI_WINDOW');
  if (lapic.nmiPending) {
    lapic.nmiPending = false;
    return new VmExit('EXCEPTION_NMI', NMI);
  }
  const open = (cpu.registers.system & IF) !== 0 && !cpu.shadow;
  if (vmcs.interruptWindowExiting && open) return new VmExit('INTERRUPT_WINDOW');
  if (lapic.pending() !== -1) return new VmExit('EXTERNAL_INTERRUPT', lapic.acknowledge());
  return undefined;
}

/** KVM: an access to a device on the way to a handler is more than it emulates, and ends the virtual machine. */
export function deliverIn(cpu: Cpu, event: Event): Delivery {
  try {
    return deliver(cpu, event);
  } catch (exit) {
    if (exit instanceof VmExit) return 'triple fault';
    throw exit;
  }
}

/** The bytes of a processor's block that are a guest's: everything that `registers.ts` calls state, and not what an interpreter keeps. */
const STATE: readonly (readonly [from: number, to: number])[] = [[0, CPU.blockRip], [CPU.segments, CPU_STATE_END]];

/** The state of a virtual processor that is not loaded: registers, and what holds off its interrupts. */
export class CpuContext implements Stateful {
  readonly block = new Uint8Array(CPU_STATE_END);
  nmiBlocked = false;
  shadow = false;
  repeating = false;
  tscAdjust = 0n;

  /** It is loaded: what was saved last is no state any more. */
  clear(): void {
    this.block.fill(0);
    this.nmiBlocked = false;
    this.shadow = false;
    this.repeating = false;
    this.tscAdjust = 0n;
  }

  serialize(s: Serializer): void {
    s.bytes('block', this.block);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.shadow = s.flag('shadow', this.shadow);
    this.repeating = s.flag('repeating', this.repeating);
    const low = s.u32('tscAdjust.low', Number(BigInt.asUintN(32, this.tscAdjust)));
    this.tscAdjust = BigInt(low) | (BigInt(s.u32('tscAdjust.high', Number(this.tscAdjust >> 32n))) << 32n);
  }
}

export class CpuCore implements LogicalProcessor {
  readonly timing: RootTiming;
  private readonly cpu: Cpu;
  private virtual: VirtualHardware | undefined;
  /** The guest as it was last run: it is the same one mostly. */
  private guest: NonRoot | undefined;

  constructor(cpu: Cpu, { cycles, vmEntry, vmExit }: TimingModel) {
    this.cpu = cpu;
    this.timing = { rdmsr: cycles.msr, wrmsr: cycles.msr, rdpmc: cycles.rdpmc, interrupt: cycles.interrupt, vmEntry, vmExit };
  }

  get id(): number {
    return this.cpu.id;
  }

  get pmu(): Pmu {
    return this.cpu.pmu;
  }

  get lapic(): Lapic {
    return this.cpu.lapic;
  }

  get clock(): Cycles {
    return this.cpu.clock;
  }

  ticks(): number {
    return this.cpu.ticks();
  }

  cyclesUntil(ticks: number): number {
    return this.cpu.cyclesUntil(ticks);
  }

  spend(cycles: number, instructions: number): void {
    this.cpu.spend(cycles, instructions);
  }

  idle(cycles: number): void {
    this.cpu.spendHalted(Math.max(1, Math.ceil(cycles)));
  }

  // The guest.

  load(context: CpuContext, virtual: VirtualHardware): void {
    const { cpu } = this;
    assert(this.virtual === undefined, 'one virtual processor at a time');
    for (const [from, to] of STATE) cpu.memory.u8.set(context.block.subarray(from, to), cpu.base + from);
    cpu.nmiBlocked = context.nmiBlocked;
    cpu.shadow = context.shadow;
    cpu.repeating = context.repeating;
    cpu.tscAdjust = context.tscAdjust;
    context.clear();
    this.reattach(virtual);
    cpu.memory.tlb.flush(true);
  }

  unload(context: CpuContext): void {
    const { cpu } = this;
    // Flags follow from what was computed last; equal flags are to be equal states.
    const flags = cpu.registers.rflags;
    cpu.registers.rflags = flags;
    for (const [from, to] of STATE) context.block.set(cpu.memory.u8.subarray(cpu.base + from, cpu.base + to), from);
    context.nmiBlocked = cpu.nmiBlocked;
    context.shadow = cpu.shadow;
    context.repeating = cpu.repeating;
    context.tscAdjust = cpu.tscAdjust;
    this.virtual = undefined;
  }

  vacate(): void {
    this.virtual = undefined;
  }

  reattach(virtual: VirtualHardware): void {
    this.virtual = virtual;
    this.cpu.memory.setWindow(virtual.memory.start, virtual.memory.size);
    this.cpu.chooseMode();
  }

  run(vmcs: Vmcs, until: Cycles): VmExit | undefined {
    this.begin(vmcs);
    const stop = this.cpu.run(until);
    this.cpu.nonRoot = undefined;
    return stop === 'vm exit' ? this.cpu.lastExit : undefined;
  }

  deliver(vmcs: Vmcs): VmExit | undefined {
    const injection = vmcs.injection;
    assert(injection !== undefined, 'there is something to deliver');
    const kind = injection.kind === 'exception' ? 'fault' : 'interrupt';
    this.begin(vmcs);
    this.cpu.inject({ vector: injection.vector as Vector, kind, code: injection.code });
    this.cpu.nonRoot = undefined;
    return this.cpu.lastExit;
  }

  /** To non-root mode. */
  private begin(vmcs: Vmcs): void {
    const { virtual, guest } = this;
    assert(virtual !== undefined, 'a virtual processor is loaded');
    if (guest?.vmcs !== vmcs || guest.virtual !== virtual) this.guest = { vmcs, virtual, emulating: false };
    this.cpu.nonRoot = this.guest;
  }

  restart(vector?: number): void {
    if (vector === undefined) initialize(this.cpu);
    else startAt(this.cpu.registers, vector);
  }

  // Of the guest that has exited.

  /** Limit: with EFLAGS.TF set there is no trap behind an instruction that the host completes. */
  skip(): void {
    this.cpu.books.complete();
    this.cpu.registers.rip = this.cpu.afterExit;
    this.cpu.shadow = false;
  }

  completeRead(low: number, high: number): void {
    this.cpu.registers.setLow(RAX, low);
    this.cpu.registers.setLow(RDX, high);
    this.skip();
  }

  completeCpuid(): void {
    const { registers } = this.cpu;
    const leaf = registers.low(RAX);
    setCpuid(registers, leaf, this.virtual!.cpuid(leaf, registers.low(RCX)));
    this.skip();
  }

  completeXsetbv({ qualification, low, high }: VmExit): boolean {
    const done = setXcr(this.cpu.registers, qualification, low, high);
    if (done) this.skip();
    return done;
  }

  emulate(vmcs: Vmcs): VmExit | undefined {
    this.begin(vmcs);
    this.cpu.emulate();
    this.cpu.nonRoot = undefined;
    return this.cpu.lastExit;
  }

  get emulated(): EventCounts {
    return this.cpu.emulated;
  }

  get guestTscAdjust(): bigint {
    return this.cpu.tscAdjust;
  }

  get guestRip(): bigint {
    return this.cpu.registers.rip;
  }

  get guestCpl(): number {
    return this.cpu.registers.cpl;
  }

  get guestAllowsRdpmc(): boolean {
    return (this.cpu.registers.control('cr4') & CR4_PCE) !== 0;
  }

  get guestTakesNmi(): boolean {
    return !this.cpu.nmiBlocked && !this.cpu.shadow;
  }

  get guestTakesInterrupt(): boolean {
    return (this.cpu.registers.system & IF) !== 0 && !this.cpu.shadow;
  }
}
