/** What came of a run, as plain data: what the command line prints and tests compare. */
import type { ProgramReport } from '../guest/programs.ts';
import type { GenerationName } from '../host/generation.ts';
import type { StrategyName } from '../host/vpmu/strategies.ts';
import type { Refused } from '../host/vpmu/vpmu.ts';
import type { Outcome } from '../hw/machine.ts';
import type { ExitReason } from '../x86/exit-reason.ts';
import type { MachineName } from './cost/cost.ts';

export interface Report {
  readonly scenario: string;
  /** "limit": the cycles of the scenario were used up; "refused": the host did not make the virtual machine, and why. */
  readonly outcome: Outcome | { readonly kind: 'limit' } | ({ readonly kind: 'refused' } & Refused);
  /** The processors that the program saw: real ones, or those of all virtual machines in their order. */
  readonly cpus: readonly CpuReport[];
  /** What the serial port has sent: the first MiB of it, and how much it was in all. */
  readonly console: string;
  readonly consoleBytes: number;
  /** Of all state at the end: the same in every run. */
  readonly hash: string;
  /** Absent on bare metal. */
  readonly host?: HostReport;
}

export interface CpuReport {
  /** Of a virtual processor, those in non-root mode. */
  readonly cycles: number;
  readonly instructions: number;
  /** Counters that have wrapped; on bare metal only. PMIs that the local APIC took, and PMIs that met a masked LVTPC. */
  readonly overflows?: number;
  readonly pmis: number;
  readonly pmisLost: number;
  readonly nmis: number;
  readonly interrupts: number;
  /** By vector. */
  readonly exceptions: Readonly<Record<string, number>>;
  /** Accesses of the performance-monitoring registers and others: what a hypervisor would have to trap. */
  readonly rdmsr: number;
  readonly wrmsr: number;
  readonly rdpmc: number;
  /** What the program's own perf core has found out; absent for an image. */
  readonly program?: ProgramReport;
  /** Absent on bare metal. */
  readonly vcpu?: VcpuReport;
}

export interface VcpuReport {
  readonly vm: number;
  readonly exits: Readonly<Partial<Record<ExitReason, number>>>;
  /** Of MSR_READ and MSR_WRITE, by register: "R 38e", "W 38f". */
  readonly msrExits: Readonly<Record<string, number>>;
  /** Core cycles that the host worked while this virtual processor was its CPU's task. */
  readonly hostCycles: number;
}

/** What a host offers that offers nothing. */
export const NO_OFFER = 'no PMU';

export interface HostReport {
  readonly strategy: StrategyName;
  readonly generation: GenerationName;
  readonly cost: MachineName;
  /** The performance monitoring that guests are offered, in words. */
  readonly offers: string;
  /** Core cycles from power-on to the end, of the CPU that came furthest. */
  readonly cycles: number;
  /** Core cycles of root mode in all, and those of them in which another task had the CPU. */
  readonly hostCycles: number;
  readonly loadCycles: number;
  /** Host events that were made for guests' counters, given back, and used on. */
  readonly created: number;
  readonly released: number;
  readonly reused: number;
  /** PMIs that the host's perf core took, and NMIs for which it found no reason. */
  readonly nmis: number;
  readonly unknownNmis: number;
  /** Accesses of host code that were #GP, or a null pointer. */
  readonly faults: number;
  /** kernel.perf_event_max_sample_rate at the end. */
  readonly maxSampleRate: number;
  readonly users: readonly UserReport[];
}

/** A user of the host's PMU on one CPU. */
export interface UserReport {
  readonly kind: string;
  readonly event: string;
  readonly cpu: number;
  /** Why it has no event. */
  readonly refused?: string;
  readonly state?: string;
  /** What its event has counted, and what happened in that time; samples taken, and due. */
  readonly count?: number;
  readonly truth?: number;
  readonly samples?: number;
  readonly due?: number;
}

/** Whether the experiment went as it should: the program ended with 0, or switched the machine off. */
export const succeeded = ({ outcome }: Report): boolean => (outcome.kind === 'exit' ? outcome.code === 0 : outcome.kind === 'power off');
