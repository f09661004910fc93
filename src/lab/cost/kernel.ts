/**
 * How the costs of a host kernel's paths hang together. A machine is described by a few numbers, because a publication measures
 * only few; all others follow from them here, by what the code of the path consists of.
 *
 *     unit     one call into the perf core that locks a context, changes something and comes back
 *     exit     KVM's way from a VM exit to the handler and back to VM entry, hardware's part apart
 *     ds       what the DS buffers of every CPU cost when the first hardware event comes or the last goes
 */
import type { HostCosts } from '../../host/cost.ts';
import { CLASS_TIMING, type TimingModel } from '../../hw/cpu/timing.ts';

/** What a machine is described by. Numbers are core cycles where nothing else is said. */
export interface CostModel {
  readonly title: string;
  readonly source: string;
  readonly hz: number;
  readonly cpus: number;
  /** KVM's share of every exit, of an emulated MSR access, and of an instruction that its emulator does. */
  readonly exit: number;
  readonly emulateMsr: number;
  readonly emulateInstruction: number;
  readonly unit: number;
  /** perf_event_create_kernel_counter and perf_event_release_kernel while there are other events; both cost the same here. */
  readonly create: number;
  /** What a fast path does instead: an update of a virtual register, in the function that handles it. */
  readonly update: number;
  /** A guest's PMU into or out of the hardware, its MSR accesses apart. */
  readonly switchPmu: number;
  readonly ds: DsBuffers;
  /** RDMSR and WRMSR of a performance-monitoring register, and MOV to and from a control register. */
  readonly msr: number;
  readonly controlRegister: number;
}

/** In nanoseconds, because the interconnect does not go faster with the core's clock. */
export interface DsBuffers {
  /** For each CPU: its buffers are allocated, cleared and mapped, or unmapped and freed. */
  readonly perCpu: number;
  /** For each CPU and each CPU that must then flush its TLB: two buffers, one broadcast of an IPI each. */
  readonly perPair: number;
}

/** Fitted, together, on the seed's 4.5 ms with 88 CPUs and on the 20.4 ms with 224 CPUs of the lazy-release series. */
export const DS_BUFFERS: DsBuffers = { perCpu: 12_700, perPair: 147 };

/**
 * KVM: reserve_ds_buffers and release_ds_buffers go through all possible CPUs under a mutex, and every mapping is followed by a
 * TLB flush on all CPUs: linear in the allocations, quadratic in the IPIs.
 */
export const dsToggle = ({ perCpu, perPair }: DsBuffers, cpus: number): number => cpus * (perCpu + perPair * cpus);

export function hostCosts(model: CostModel): HostCosts {
  const { exit, emulateMsr, emulateInstruction, unit, create, update, switchPmu, ds, cpus, hz } = model;
  const toggle = Math.round(dsToggle(ds, cpus) * hz / 1e9);
  return {
    'exit dispatch': exit, 'emulate msr': emulateMsr, 'emulate instruction': emulateInstruction,
    // Writes of VMCS fields only.
    inject: 100,
    'create event': create, 'release event': create, 'reserve hardware': toggle, 'release hardware': toggle,
    'pause event': unit, 'set period': unit, 'enable event': unit, 'disable event': unit,
    // Neither a mutex nor a schedule: a lock and RDPMC, which costs extra.
    'read event': Math.round(unit / 4),
    reschedule: unit, 'move event': unit,
    // Entry, the walk along the handlers of NMIs and the way back; then what one overflow does, its MSR accesses apart.
    nmi: 1500, overflow: 500,
    'update vpmu': update, 'switch guest pmu': switchPmu,
    // No published figure says anything of these: round numbers of the usual size.
    tick: 3000, 'context switch': 2000, 'load vcpu': 1000, 'put vcpu': 1000, migrate: 5000,
  };
}

export const timingOf = (name: string, { msr, controlRegister }: CostModel): TimingModel =>
  ({ ...CLASS_TIMING, name, cycles: { ...CLASS_TIMING.cycles, msr, 'control register': controlRegister } });
