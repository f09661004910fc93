/**
 * What host code costs, by name, in core cycles. The names are here, where they are spent; the numbers, one set for each
 * machine of the literature, are in lab/cost. What is an instruction of the hardware (WRMSR, VM entry) is not among them: it
 * costs what the machine's timing model says.
 */
export const HOST_COSTS = [
  /** From a VM exit to its handler and back to VM entry: KVM's share of every exit. */
  'exit dispatch',
  /** Handlers of exits: what each does besides, PMU accesses apart. */
  'emulate msr', 'emulate instruction', 'inject',
  /** perf_event_create_kernel_counter, and perf_event_release_kernel. */
  'create event', 'release event',
  /** The first hardware event of the system reserves the hardware and its DS buffers for every CPU, the last gives them back. */
  'reserve hardware', 'release hardware',
  /** perf_event_pause, perf_event_period, perf_event_enable and _disable. */
  'pause event', 'set period', 'enable event', 'disable event', 'read event',
  /** Putting events onto counters: for each resched, and for each event that moves. */
  'reschedule', 'move event',
  /** The host's NMI handler, and for each overflow in it. */
  'nmi', 'overflow',
  /** A direct update of a virtual register: what a fast path does instead of all that. */
  'update vpmu',
  /** A guest's whole PMU into or out of the hardware, MSR accesses apart. */
  'switch guest pmu',
  'tick', 'context switch', 'load vcpu', 'put vcpu', 'migrate',
] as const;
export type HostCost = (typeof HOST_COSTS)[number];
export type HostCosts = Readonly<Record<HostCost, number>>;

/** Every piece of host work takes the same few cycles: for worlds in which time does not matter. */
export const uniformCosts = (cycles: number): HostCosts =>
  Object.fromEntries(HOST_COSTS.map((name) => [name, cycles])) as unknown as HostCosts;
