/** A host of small processors, for tests of one part of it: nothing costs anything, and what it does to registers is written down. */
import { bigFromWords } from '../../src/base/u64.ts';
import { uniformCosts } from '../../src/host/cost.ts';
import { GENERATIONS, type GenerationName } from '../../src/host/generation.ts';
import { COUNT_ALL, PerfCore, type PerfEvent, type PerfEventAttr, type PerfOptions } from '../../src/host/perf/perf.ts';
import { HostCpu } from '../../src/host/processor.ts';
import { STRATEGIES, type StrategyName } from '../../src/host/vpmu/strategies.ts';
import { Vpmu } from '../../src/host/vpmu/vpmu.ts';
import { Lapic } from '../../src/hw/lapic/lapic.ts';
import { RootMode } from '../../src/hw/vmx/vmx.ts';
import { SmallProcessor } from '../../src/lab/small/processor.ts';
import { prepareLapic } from '../../src/lab/small/wiring.ts';
import { NO_TRACE, type Tracer } from '../../src/trace/trace.ts';
import { EVENT, EVENTS, type EventName } from '../../src/x86/event.ts';
import { msrName } from '../../src/x86/msr.ts';
import type { PerfmonCaps } from '../../src/x86/perfmon.ts';

export const CAPS: PerfmonCaps = {
  version: 4, generalCounters: 4, generalWidth: 48, fixedCounters: 3, fixedWidth: 48, fullWidthWrites: true, unavailableEvents: 0,
  anyThreadDeprecated: false, tsx: false,
};
const AMD_CAPS: PerfmonCaps = { ...CAPS, version: 2, generalCounters: 6, fixedCounters: 0 };

export const codeOf = (event: EventName): number => {
  const [code, umask] = EVENTS[EVENT[event]]!.codes[0];
  return code | (umask << 8);
};

/** What a test asks for; the rest counts instructions everywhere. */
export const attrOf = (rest: Partial<PerfEventAttr> = {}): PerfEventAttr =>
  ({ ...COUNT_ALL, config: codeOf('instructions retired'), samplePeriod: 1000, ...rest });

export class Rig {
  readonly processors: readonly SmallProcessor[];
  readonly cpus: readonly HostCpu[];
  readonly perf: PerfCore;
  /** Accesses of registers: W, R or RDPMC, name, and what was written. */
  readonly accesses: string[] = [];
  /** Events that have told of an overflow. */
  readonly told: PerfEvent[] = [];
  private readonly owner: number;

  constructor({ caps = {}, amd = false, cpus = 1, skid = 0, tracer = NO_TRACE, ...options }: Partial<PerfOptions> & {
    readonly caps?: Partial<PerfmonCaps>; readonly amd?: boolean; readonly cpus?: number; readonly skid?: number; readonly tracer?: Tracer;
  } = {}) {
    const vendor = amd ? 'AuthenticAMD' : 'GenuineIntel';
    const all = { ...(amd ? AMD_CAPS : CAPS), ...caps };
    this.processors = Array.from({ length: cpus }, (_, id) => new SmallProcessor(id, { caps: all, skid, masksPmi: !amd, vendor }, tracer));
    this.cpus = this.processors.map((core) => new HostCpu(new RootMode(core, tracer), uniformCosts(0), 1e9, tracer));
    this.perf = new PerfCore(this.cpus, { handler: 'classic', ack: 'late', hz: 250, events: 16, limits: false, ...options });
    this.owner = this.perf.addOwner({ overflow: (event) => this.told.push(event) });
    for (const [i, { root }] of this.cpus.entries()) {
      prepareLapic(this.processors[i]!.lapic);
      root.attach({ nmi: () => this.perf.nmi(this.cpus[i]!), interrupt: () => {} });
      // As after boot: nothing counts before there is an event.
      root.wrmsr(this.perf.vendor.msr.globalCtrl, 0, 0);
      this.record(root);
    }
  }

  private record(root: RootMode): void {
    const { wrmsr, rdmsr, rdpmc } = root;
    root.wrmsr = (msr, low, high) => {
      this.accesses.push(`W ${msrName(msr)} ${bigFromWords(low, high).toString(16)}`);
      wrmsr.call(root, msr, low, high);
    };
    root.rdmsr = (msr, out) => {
      this.accesses.push(`R ${msrName(msr)}`);
      rdmsr.call(root, msr, out);
    };
    root.rdpmc = (index, out) => {
      this.accesses.push(`RDPMC ${index.toString(16)}`);
      rdpmc.call(root, index, out);
    };
  }

  get cpu(): HostCpu {
    return this.cpus[0]!;
  }

  get hardware() {
    return this.perf.hardwareOf(this.cpu);
  }

  /** What has been written down since the last time. */
  take(): string[] {
    return this.accesses.splice(0);
  }

  /** Makes an event, which must not be refused. */
  create(attr: PerfEventAttr, where: { readonly task: number } | { readonly cpu: number } = { cpu: 0 }, cpu = this.cpu): PerfEvent {
    const event = this.perf.create(cpu, attr, where, this.owner);
    if (typeof event === 'string') throw new Error(event);
    return event;
  }

  /** Hardware has counted so far, without anybody noticing. */
  setCounter(k: number, value: number): void {
    const { regs } = this.processors[0]!.pmu;
    regs.counters[k] = (value + regs.modulusOf(k)) % regs.modulusOf(k);
  }

  counter(k: number): number {
    return this.processors[0]!.pmu.regs.counters[k]!;
  }
}

/** A virtual PMU on the first processor, whose vCPU is task 0 and runs there; what it asks for is in `requests`. */
export class VpmuRig extends Rig {
  readonly vpmu: Vpmu;
  readonly requests: string[] = [];
  readonly lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: true, timerTicks: 1 }, {
    now: () => 0, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
  });

  constructor(
    strategy: StrategyName, generation: GenerationName = STRATEGIES[strategy].generation,
    options: ConstructorParameters<typeof Rig>[0] = {},
  ) {
    super(options);
    prepareLapic(this.lapic);
    this.vpmu = new Vpmu(this.processors[0]!.pmu.caps, STRATEGIES[strategy].make, this.perf, {
      id: 0, task: 0, lapic: this.lapic, cpu: () => this.cpu, cpl: () => 0, request: (what) => this.requests.push(what),
      interruptedGuest: () => true, later: () => this.requests.push('irqWork'),
    }, GENERATIONS[generation]);
    this.perf.switchTask(this.cpu, 0);
  }

  /** False is #GP. */
  write(msr: number, value: bigint, byHost = false): boolean {
    return this.vpmu.setMsr(msr, Number(value & 0xffff_ffffn), Number(value >> 32n), byHost);
  }

  /** Undefined is #GP. */
  read(msr: number): bigint | undefined {
    const out = { low: 0, high: 0 };
    return this.vpmu.getMsr(msr, out) ? (BigInt(out.high) << 32n) | BigInt(out.low) : undefined;
  }
}
