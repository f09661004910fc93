/**
 * The host: its processors, its kernel, and the virtual machines on it, wired. Nothing here knows how any part works.
 *
 *     sched  -->  kvm (vCPUs as tasks)  -->  vpmu (a strategy each)  -->  perf (the host's counters)  -->  RootMode
 *
 * A step is what one processor does between two points at which nothing of the host is on the stack: a round of a vCPU, a
 * piece of another task's work, or a wait.
 */
import { assert } from '../base/assert.ts';
import type { Choice } from '../base/choice.ts';
import { NEVER, type Serializer, type Stateful } from '../base/state.ts';
import type { Cycles } from '../base/units.ts';
import { type LogicalProcessor, RootMode } from '../hw/vmx/vmx.ts';
import type { Tracer } from '../trace/trace.ts';
import { MSRS } from '../x86/msr.ts';
import { DEBUGCTL } from '../x86/perfmon.ts';
import type { HostCosts } from './cost.ts';
import type { Vcpu } from './kvm/kvm.ts';
import { ANY, LVTPC_NMI, PerfCore, type PerfOptions } from './perf/perf.ts';
import { HostUser, type HostUserOptions } from './perf/users.ts';
import { HostCpu } from './processor.ts';
import { type SchedOptions, Scheduler } from './sched/sched.ts';
import { VECTOR } from './vectors.ts';
import { checkFilter, type EventFilter, type FilterError } from './vpmu/filter.ts';

const LVT_PERIODIC = 1 << 17;
const DIVIDE_BY_1 = 0xb;
const APIC_X2 = 0xfee0_0c00;

export interface HostOptions {
  readonly perf: PerfOptions;
  readonly sched: Omit<SchedOptions, 'tasks' | 'home'>;
  readonly costs: HostCosts;
  /** Ticks of the time-stamp counter in a second, and those of one count of the local APIC's timer. */
  readonly tsc: number;
  readonly timerTicks: number;
  /** A second of the host's tick; false for a host without one. */
  readonly ticks: boolean;
  /** VM exit can save IA32_PERF_GLOBAL_CTRL by itself, which it can unless this says no. */
  readonly savesGlobalCtrl?: boolean;
  /** Tasks besides the vCPUs that use a processor, by the processor where they begin. */
  readonly load: readonly number[];
  readonly users: readonly HostUserOptions[];
}

/** How many cycles another task works before the scheduler is asked again. */
const LOAD_PIECE = 10_000;

export class Host implements Stateful {
  readonly cpus: readonly HostCpu[];
  private readonly roots: readonly RootMode[];
  readonly perf: PerfCore;
  readonly users: readonly HostUser[];
  private readonly options: HostOptions;
  private scheduler: Scheduler | undefined;
  private vcpus: readonly Vcpu[] = [];
  /** NMIs that nobody had a reason for: "Uhhuh. NMI received for unknown reason". */
  unknownNmis = 0;
  /** The last NMI had more than one reason: the next may have none. By CPU. */
  private readonly swallow: Uint8Array;
  /** need_resched of each processor, for whoever runs there. */
  private readonly wanted: readonly (() => boolean)[];

  constructor(cores: readonly LogicalProcessor[], options: HostOptions, tracer: Tracer) {
    this.options = options;
    const { costs, tsc, savesGlobalCtrl } = options;
    this.cpus = cores.map((core) => new HostCpu(new RootMode(core, tracer), costs, tsc, tracer, savesGlobalCtrl));
    this.roots = this.cpus.map(({ root }) => root);
    this.perf = new PerfCore(this.cpus, options.perf);
    this.users = options.users.map((user) => new HostUser(this.perf, cores.length, user));
    this.swallow = new Uint8Array(cores.length);
    this.wanted = this.cpus.map((cpu) => () => this.sched.wants(cpu));
  }

  /** The virtual processors; task i is vCPU i, and after them come the other tasks. */
  attach(vcpus: readonly Vcpu[], home: (vcpu: number) => number, choice: Choice): void {
    const { load, sched } = this.options;
    this.vcpus = vcpus;
    const place = (task: number): number => (task < vcpus.length ? home(task) : load[task - vcpus.length]!);
    const options = { ...sched, tasks: vcpus.length + load.length, home: place };
    this.scheduler = new Scheduler(this.cpus, options, choice, {
      out: (cpu, task) => this.switchOut(cpu, task),
      in: (cpu, task) => this.switchIn(cpu, task),
    });
    for (const cpu of this.cpus) {
      cpu.root.attach({ nmi: (backToBack) => this.nmi(cpu, backToBack), interrupt: (vector) => this.interrupt(cpu, vector) });
    }
  }

  get sched(): Scheduler {
    assert(this.scheduler !== undefined, 'the host has its tasks');
    return this.scheduler;
  }

  serialize(s: Serializer): void {
    s.parts('root', this.roots);
    s.part('perf', this.perf);
    s.part('sched', this.sched);
    s.parts('user', this.users);
    s.parts('vcpu', this.vcpus);
    this.unknownNmis = s.u32('unknownNmis', this.unknownNmis);
    s.bytes('swallow', this.swallow);
    if (!s.loading) return;
    for (const { root } of this.cpus) root.core.vacate();
    for (const vcpu of this.vcpus) vcpu.reattach();
  }

  /** What the kernel does to each processor as it boots, and what its users do then. */
  boot(): void {
    for (const cpu of this.cpus) {
      const { root } = cpu;
      const { lapic } = root.core;
      assert(lapic.setApicBase(APIC_X2 | (lapic.apicBase & 0x100)), 'the local APIC goes to x2APIC mode');
      root.wrmsr(MSRS.IA32_X2APIC_SIVR, 0x1ff, 0);
      root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);
      if (this.options.perf.handler === 'freeze') root.wrmsr(MSRS.IA32_DEBUGCTL, DEBUGCTL.FREEZE_PERFMON_ON_PMI, 0);
      // Whatever firmware has left: nothing counts before there is an event.
      if (this.perf.hardwareOf(cpu).hasGlobals) root.wrmsr(this.perf.vendor.msr.globalCtrl, 0, 0);
      if (this.options.ticks) this.startTick(cpu);
      for (const user of this.users) user.start(cpu);
    }
  }

  private startTick({ root }: HostCpu): void {
    const { tsc, timerTicks, perf } = this.options;
    root.wrmsr(MSRS.IA32_X2APIC_DIV_CONF, DIVIDE_BY_1, 0);
    root.wrmsr(MSRS.IA32_X2APIC_LVT_TIMER, LVT_PERIODIC | VECTOR.timer, 0);
    root.wrmsr(MSRS.IA32_X2APIC_INIT_COUNT, Math.round(tsc / perf.hz / timerTicks), 0);
  }

  // What a processor does.

  /** One step of a processor, up to `until`. False when nothing on it will ever happen again. */
  step(id: number, until: Cycles): boolean {
    const cpu = this.cpus[id]!;
    this.wake(id);
    if (this.sched.wants(cpu) && !this.runningGuest(cpu)) this.sched.schedule(cpu);
    const task = this.sched.current(cpu);
    const vcpu = this.vcpus[task];
    if (vcpu !== undefined) this.runVcpu(cpu, vcpu, until);
    else if (task !== ANY) cpu.root.work(Math.max(1, Math.min(LOAD_PIECE, until - cpu.root.core.clock)));
    else cpu.root.idle(Math.max(1, Math.min(until - cpu.root.core.clock, this.untilWake(cpu))));
    for (const { ended } of this.vcpus) if (!ended) return true;
    return false;
  }

  private runningGuest(cpu: HostCpu): boolean {
    return this.vcpus[this.sched.current(cpu)]?.isInGuest ?? false;
  }

  private runVcpu(cpu: HostCpu, vcpu: Vcpu, until: Cycles): void {
    const outcome = vcpu.step(until, this.wanted[cpu.id]!);
    if (outcome === 'halted' || outcome === 'ended') this.sched.block(vcpu.task);
  }

  /** Halted vCPUs for which something has come up. */
  private wake(id: number): void {
    for (const vcpu of this.vcpus) {
      if (!vcpu.halted || vcpu.ended || this.sched.placeOf(vcpu.task) !== id) continue;
      if (vcpu.hasEvents()) this.sched.wake(vcpu.task);
    }
  }

  private untilWake({ id, root }: HostCpu): number {
    let cycles = Number.POSITIVE_INFINITY;
    for (const vcpu of this.vcpus) {
      if (this.sched.placeOf(vcpu.task) !== id || vcpu.deadline === NEVER) continue;
      cycles = Math.min(cycles, root.core.cyclesUntil(vcpu.deadline));
    }
    return cycles;
  }

  /** context_switch: perf first, then KVM's notifier; and the other way round for the next task. */
  private switchOut(cpu: HostCpu, task: number): void {
    this.perf.switchTask(cpu, ANY);
    this.vcpus[task]?.put();
  }

  private switchIn(cpu: HostCpu, task: number): void {
    this.perf.switchTask(cpu, task);
    this.vcpus[task]?.load(cpu);
  }

  // Interrupts.

  /** default_do_nmi: behind an NMI with several reasons, and at the same instruction, one without any is taken for theirs. */
  private nmi(cpu: HostCpu, backToBack: boolean): void {
    if (!backToBack) this.swallow[cpu.id] = 0;
    const handled = this.perf.nmi(cpu);
    if (handled > 1) this.swallow[cpu.id] = 1;
    if (handled > 0 || this.swallow[cpu.id] === 1) return;
    this.unknownNmis += 1;
    cpu.trace('perf_unknown_nmi');
  }

  private interrupt(cpu: HostCpu, vector: number): void {
    if (vector === VECTOR.timer) this.tick(cpu);
    else if (vector === VECTOR.mediatedPmi) this.vcpus[this.sched.current(cpu)]?.request('pmi');
    cpu.root.wrmsr(MSRS.IA32_X2APIC_EOI, 0, 0);
  }

  private tick(cpu: HostCpu): void {
    cpu.work('tick');
    this.perf.tick(cpu);
    this.sched.tick(cpu);
  }

  /**
   * KVM_SET_PMU_EVENT_FILTER for the virtual machine of these vCPUs: all their counters are looked at again before they run on.
   * Why the ioctl fails, or undefined.
   */
  setPmuEventFilter(vcpus: readonly Vcpu[], filter: EventFilter | undefined): FilterError | undefined {
    const error = filter === undefined ? undefined : checkFilter(filter);
    if (error !== undefined) return error;
    if (vcpus.some(({ generation }) => !generation.eventFilter)) return 'ENOTTY';
    for (const vcpu of vcpus) {
      vcpu.vpmu.setFilter(filter);
      this.kick(vcpu);
    }
    return undefined;
  }

  /** kvm_vcpu_kick: makes a guest that runs elsewhere exit, so that its requests are looked at. */
  kick(vcpu: Vcpu): void {
    if (vcpu.isInGuest) vcpu.cpu.root.core.lapic.accept(0, VECTOR.kick);
  }
}
