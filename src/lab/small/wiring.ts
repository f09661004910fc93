/** Small processors, a host on them, and virtual processors with guests: wired the same way for scripts and for the verifier. */
import { assert } from '../../base/assert.ts';
import type { Choice } from '../../base/choice.ts';
import { uniformCosts } from '../../host/cost.ts';
import { GENERATIONS, type GenerationName } from '../../host/generation.ts';
import { Host } from '../../host/host.ts';
import { Vcpu } from '../../host/kvm/kvm.ts';
import type { HostUserOptions } from '../../host/perf/users.ts';
import { STRATEGIES, type StrategyName } from '../../host/vpmu/strategies.ts';
import { Vpmu } from '../../host/vpmu/vpmu.ts';
import { Lapic } from '../../hw/lapic/lapic.ts';
import { Devices } from '../../hw/memory/memory.ts';
import type { Tracer } from '../../trace/trace.ts';
import { NO_RESULT } from '../../x86/cpuid.ts';
import { MSRS } from '../../x86/msr.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { VENDORS, type VendorName } from './guest-code.ts';
import type { Guest } from './operation.ts';
import { SmallProcessor } from './processor.ts';

export interface WiringOptions {
  readonly vendor: VendorName;
  readonly perfmon: PerfmonCaps;
  /** Instructions between an overflow and its PMI. */
  readonly skid: number;
  /** The same, where it is an open question. */
  readonly late?: () => number;
  readonly cpus: number;
  readonly vcpus: number;
  readonly strategy: StrategyName;
  /** Undefined: the host of the strategy's own time. */
  readonly generation?: GenerationName;
  readonly users: readonly HostUserOptions[];
  /** Places for events of the host. */
  readonly events: number;
  readonly maxSamplesPerTick: number;
  /** What the host's core arms at least. */
  readonly leastPeriod: number;
  readonly savesGlobalCtrl: boolean;
  readonly handler: 'classic' | 'freeze';
  /** Seconds for which AMD's handler claims NMIs without an overflow. */
  readonly nmiWindow: number;
  /** Cycles that every piece of host work takes. */
  readonly cost: number;
}

export interface Wired {
  readonly processors: readonly SmallProcessor[];
  readonly host: Host;
  readonly vcpus: readonly Vcpu[];
}

const LVTPC_NMI = 0x400;
/** What vendors' processors are like, beside their registers. */
export const siliconOf = (vendor: VendorName) => ({
  vendor: vendor === 'AMD' ? 'AuthenticAMD' : 'GenuineIntel', masksPmi: VENDORS[vendor].masksLvtpc,
} as const);

const APIC_X2 = 0xfee0_0c00;
const BOOTSTRAP = 0x100;

/** The guest's local APIC as its kernel has set it up: x2APIC mode, enabled, PMIs as NMIs. */
export function prepareLapic(lapic: Lapic): void {
  assert(lapic.setApicBase(APIC_X2 | (lapic.apicBase & BOOTSTRAP)), 'x2APIC mode');
  lapic.writeMsr(MSRS.IA32_X2APIC_SIVR, 0x1ff, 0);
  lapic.writeMsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);
}

/** `guestOf` makes the guest of a virtual processor. All but the first wait; so does a task of its own on each CPU. */
export function wire(options: WiringOptions, guestOf: (id: number, vpmu: Vpmu) => Guest, choice: Choice, tracer: Tracer): Wired {
  const { perfmon, skid, strategy, maxSamplesPerTick } = options;
  const generation = GENERATIONS[options.generation ?? STRATEGIES[strategy].generation];
  const { late } = options;
  const silicon = { ...siliconOf(options.vendor), caps: perfmon, skid, ...(late === undefined ? {} : { late }) };
  const processors = Array.from({ length: options.cpus }, (_, id) => new SmallProcessor(id, silicon, tracer));
  const host = new Host(processors, {
    perf: {
      handler: options.handler, ack: 'late', nmiWindow: options.nmiWindow, hz: 250, events: options.events, limits: false,
      leastPeriod: options.leastPeriod,
    },
    savesGlobalCtrl: options.savesGlobalCtrl, sched: { slice: 1, migrateEvery: 0 },
    costs: uniformCosts(options.cost), tsc: 1e9, timerTicks: 1, ticks: false,
    load: processors.map(({ id }) => id), users: options.users,
  }, tracer);
  host.perf.limiter.maxSamplesPerTick = maxSamplesPerTick;
  const vcpus = Array.from({ length: options.vcpus }, (_, id): Vcpu => {
    const lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: generation.masksLvtpc && silicon.masksPmi, timerTicks: 1 }, {
      now: () => vcpu.cpu.root.now, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
    });
    const vpmu = new Vpmu(perfmon, STRATEGIES[strategy].make, host.perf, {
      id, task: id, lapic, cpu: () => vcpu.cpu, cpl: () => 0, request: (what) => vcpu.request(what),
      interruptedGuest: () => vcpu.interruptedGuest, later: () => vcpu.request('irqWork'),
    }, generation);
    const vcpu: Vcpu = new Vcpu({
      id, task: id, lapic, generation, cpus: host.cpus, context: guestOf(id, vpmu),
      virtual: { lapic, cpuid: () => NO_RESULT, bus: new Devices().busOf(0), memory: { start: 0, size: 0 } },
    });
    vcpu.attach(vpmu);
    prepareLapic(lapic);
    return vcpu;
  });
  host.attach(vcpus, () => 0, choice);
  for (const { id } of processors) host.sched.block(vcpus.length + id);
  for (const { task } of vcpus.slice(1)) host.sched.block(task);
  host.boot();
  return { processors, host, vcpus };
}
