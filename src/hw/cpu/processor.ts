/** A processor as its own routines see it: registers, memory, and what stands around it. */

import type { TracepointName } from '../../trace/trace.ts';
import type { Cpuid } from '../../x86/cpuid.ts';
import type { Decoded } from '../../x86/isa/decode.ts';
import type { Feature } from '../../x86/isa/define.ts';
import type { Width } from '../../x86/registers.ts';
import type { Lapic } from '../lapic/lapic.ts';
import type { Bus } from '../memory/memory.ts';
import type { Pmu } from '../pmu/pmu.ts';
import type { VirtualHardware, Vmcs, VmExit } from '../vmx/vmx.ts';
import type { Breakpoints } from './breakpoints.ts';
import type { Descriptors } from './descriptors.ts';
import type { Access } from './guest-fault.ts';
import type { LinearMemory } from './memory.ts';
import type { Observation } from './observation.ts';
import type { Registers } from './registers.ts';
import type { Segmentation } from './segmentation.ts';

/** Why the processor stopped for good. */
export type Shutdown = 'triple fault';
/** By their number in the state; at first it has not stopped. */
export const SHUTDOWNS: readonly (Shutdown | undefined)[] = [undefined, 'triple fault'];

/** Non-root mode: what makes the guest exit, and what it has instead of the processor's own. */
export interface NonRoot {
  readonly vmcs: Vmcs;
  readonly virtual: VirtualHardware;
  /** An emulator runs the instruction: devices answer, and nothing exits. */
  emulating: boolean;
}

export interface Processor {
  readonly id: number;
  readonly registers: Registers;
  readonly memory: LinearMemory;
  readonly descriptors: Descriptors;
  readonly segmentation: Segmentation;
  readonly breakpoints: Breakpoints;
  readonly observation: Observation;
  readonly bus: Bus;
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  readonly features: ReadonlySet<Feature>;
  readonly cpuid: Cpuid;
  /** Registers that always read the same, and take anything. */
  readonly constantMsrs: ReadonlyMap<number, bigint>;
  /** Undefined in root mode, and on a machine without a host. */
  readonly nonRoot: NonRoot | undefined;
  /** The local APIC that CR8 belongs to. */
  readonly apic: Lapic;
  /** Where the guest goes on when the host has completed the instruction that exited. */
  afterExit: bigint;
  /** The time-stamp counter, in ticks since power-on, before IA32_TIME_STAMP_COUNTER was ever written. */
  ticks(): number;
  /** What writes of the time-stamp counter have added to it, modulo 2^64: IA32_TSC_ADJUST. */
  tscAdjust: bigint;
  /** Interrupts are held off until the next instruction has been executed. */
  shadow: boolean;
  /** A repeated string instruction stands between two of its iterations. */
  repeating: boolean;
  /** NMIs are held off until IRET. */
  nmiBlocked: boolean;
  halted: boolean;
  /** After INIT, until a SIPI says where to start. */
  waiting: boolean;
  /** Moves what was counted since the last time to the performance counters, under the mode it was counted in. */
  fold(): void;
  /**
   * Works out again how far timers and counters let this slice run. False when it must end here. With `byDevice` nothing but a device may
   * have changed it, which counters have nothing to do with.
   */
  rebound(byDevice?: boolean): boolean;
  /** The linear address of the instruction at RIP. */
  codeAddress(): bigint;
  /** Changes the privilege level. What was counted before is counted at the old one. */
  setCpl(cpl: number): void;
  /** Chooses the TLB's table again: EFLAGS.AC, CR0 or CR4 has changed. */
  chooseMode(): void;
  /** Delivers a software interrupt: INT n, INT3 or INT1. */
  softwareInterrupt(vector: number, checkDpl: boolean): void;
  trace(name: TracepointName, ...values: (number | bigint)[]): void;
  /** Stops for good: an architecture feature that this machine does not have was asked for. */
  stop(why: Shutdown): void;
}

/** The instruction that a routine is to do. RIP is already that of the next. */
export interface Operation {
  readonly decoded: Decoded;
  /** Its effective address. */
  offset(): bigint;
  /**
   * The linear address of the memory operand. Outside 64-bit mode so many bytes there, one unless it is said, must lie in the segment and
   * allow the access, which is a read unless it is said; else it throws a GuestFault.
   */
  address(bytes?: number, access?: Access): bigint;
  /** Outside 64-bit mode, the segment register of the memory operand, or the one that a string instruction reads. */
  readonly segment: number;
  /** A segment fault is #SS for this operand, not #GP. */
  readonly stack: boolean;
  readonly operandSize: Width;
}

/**
 * Does one instruction. A GuestFault means that nothing has happened, and so does a VmExit that is returned. `repeat`: one iteration of a
 * repeated instruction was done, and there are more.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a routine that has nothing to say says nothing
export type Routine = (cpu: Processor, operation: Operation) => void | 'repeat' | VmExit;
