/**
 * How the costs of a host kernel's paths hang together. A machine is described by a few numbers, because a publication measures
 * only few; all others follow from them here, by what the code of the path consists of.
 *
 *     unit     one call into the perf core that locks a context, changes something and comes back
 *     exit     KVM's way from a VM exit to the handler and back to VM entry, hardware's part apart
 *     DS       the buffers of every CPU, when the first hardware event comes or the last goes
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
  /** RDMSR and WRMSR of a performance-monitoring register, and MOV to and from a control register. */
  readonly msr: number;
  readonly controlRegister: number;
  /** What a guest's kernel takes to write a sample of `perf record`. */
  readonly sample: number;
}

/**
 * Nanoseconds for each pair of CPUs when the DS buffers of all are allocated or freed; not cycles, because the interconnect
 * does not go faster with the core's clock. Fitted on the seed's 4.5 ms with 88 CPUs, in which there is one of each.
 */
export const DS_PER_PAIR = 290;

/**
 * KVM: reserve_ds_buffers and release_ds_buffers go through all possible CPUs under a mutex. For each, two buffers are mapped or
 * unmapped, and after each of them the TLBs of all CPUs are flushed by IPIs. So it is the square of the number of CPUs.
 */
export const dsToggle = (perPair: number, cpus: number): number => perPair * cpus ** 2;

/** What another machine takes, in this machine's cycles: as long, not as many. */
export const inTime = (of: CostModel, what: 'unit' | 'create', hz: number): number => Math.round(of[what] * hz / of.hz);

export function hostCosts(model: CostModel, dsPerPair: number): HostCosts {
  const { exit, emulateMsr, emulateInstruction, unit, create, update, switchPmu, cpus, hz } = model;
  const toggle = Math.round(dsToggle(dsPerPair, cpus) * hz / 1e9);
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
