/**
 * What executes, as VMX and host code see it: a logical processor of the machine, or a small one whose guest is a list of
 * operations. Both have the same PMU and the same local APIC.
 */
import type { Stateful } from '../../base/state.ts';
import type { Cycles } from '../../base/units.ts';
import type { Cpuid } from '../../x86/cpuid.ts';
import type { EventCounts } from '../../x86/event.ts';
import type { Lapic } from '../lapic/lapic.ts';
import type { Bus } from '../memory/memory.ts';
import type { Pmu } from '../pmu/pmu.ts';
import type { Vmcs, VmExit } from './vmcs.ts';

/** Cycles that root mode pays for what hardware does. */
export interface RootTiming {
  readonly rdmsr: number;
  readonly wrmsr: number;
  readonly rdpmc: number;
  /** Delivery of an interrupt or NMI in root mode, with its IRET. */
  readonly interrupt: number;
  readonly vmEntry: number;
  readonly vmExit: number;
}

/** The state of one virtual processor while it is not loaded. Opaque to the host. */
export type GuestContext = Stateful;

export interface LogicalProcessor {
  readonly id: number;
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  readonly timing: RootTiming;
  /** Core cycles since power-on. */
  readonly clock: Cycles;
  /** The time-stamp counter. */
  ticks(): number;
  /** Core cycles until the time-stamp counter reaches `ticks`; Infinity for NEVER. */
  cyclesUntil(ticks: number): number;
  /** Time passes and instructions retire in root mode, at CPL 0. */
  spend(cycles: number, instructions: number): void;
  /** Halted until something may happen, for at most `cycles`. */
  idle(cycles: number): void;

  // The guest that is loaded.

  /** Makes a virtual processor the one whose state this processor holds. None is loaded. */
  load(context: GuestContext, virtual: VirtualHardware): void;
  /** Gives the state back to the context of the one that is loaded. */
  unload(context: GuestContext): void;
  /** After a snapshot was loaded: no virtual processor is here, unless `reattach` says so. */
  vacate(): void;
  /** After a snapshot was loaded: the state is here already. */
  reattach(virtual: VirtualHardware): void;
  /** Runs the loaded guest in non-root mode until an exit, or until the clock reaches `until`: then undefined. */
  run(vmcs: Vmcs, until: Cycles): VmExit | undefined;
  /** Delivers what VM entry injects. An exception on the way is the guest's. TRIPLE_FAULT is an exit. */
  deliver(vmcs: Vmcs): VmExit | undefined;
  /** Brings the guest to its state after INIT, or after the SIPI with this vector that follows. */
  restart(vector?: number): void;
  /** Completes the instruction that exited: RIP moves on. */
  skip(): void;
  /** Completes RDMSR or RDPMC: EDX:EAX := the value; then as `skip`. */
  completeRead(low: number, high: number): void;
  /** Completes CPUID. */
  completeCpuid(): void;
  /** Completes XSETBV; false where it is #GP. */
  completeXsetbv(exit: VmExit): boolean;
  /** Does the instruction that exited as an emulator does it: on the virtual devices, and without being counted by hardware. */
  emulate(vmcs: Vmcs): VmExit | undefined;
  /** What the instruction did that `emulate` completed, time apart; nothing when it faulted or has iterations left. */
  readonly emulated: EventCounts;
  readonly guestRip: bigint;
  readonly guestCpl: number;
  /** CR4.PCE. */
  readonly guestAllowsRdpmc: boolean;
  /** What the guest has added to its time-stamp counter, modulo 2^64. */
  readonly guestTscAdjust: bigint;
  /** The guest would take an NMI, or an interrupt, at its next instruction. */
  readonly guestTakesNmi: boolean;
  readonly guestTakesInterrupt: boolean;
}

/** What a virtual processor is besides its registers: its own local APIC, CPUID, and where its memory lies. */
export interface VirtualHardware {
  readonly lapic: Lapic;
  readonly cpuid: Cpuid;
  /** The devices of its virtual machine. */
  readonly bus: Bus;
  /** Its physical memory, as a piece of the machine's: where it begins and ends. */
  readonly memory: { readonly start: number; readonly size: number };
}
