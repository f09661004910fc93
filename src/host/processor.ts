/** One processor of the host kernel: the hardware in root mode, and what its code costs there. */
import type { RootMode } from '../hw/vmx/vmx.ts';
import type { TracepointName, Tracer } from '../trace/trace.ts';
import type { HostCost, HostCosts } from './cost.ts';

export class HostCpu {
  readonly id: number;
  readonly root: RootMode;
  private readonly costs: HostCosts;
  private readonly tracer: Tracer;
  /** Ticks of the time-stamp counter in a second. */
  readonly hz: number;
  /** VM exit can save the guest's IA32_PERF_GLOBAL_CTRL in the VMCS: since Sapphire Rapids. Else a list of MSRs has to. */
  readonly savesGlobalCtrl: boolean;

  constructor(root: RootMode, costs: HostCosts, hz: number, tracer: Tracer, savesGlobalCtrl = true) {
    this.id = root.cpu;
    this.root = root;
    this.costs = costs;
    this.hz = hz;
    this.savesGlobalCtrl = savesGlobalCtrl;
    this.tracer = tracer;
  }

  /** Host code of this name runs. */
  work(cost: HostCost): void {
    this.root.work(this.costs[cost]);
  }

  /** sched_clock, in nanoseconds. */
  get nanoseconds(): number {
    return Math.floor(this.root.now * 1e9 / this.hz);
  }

  trace(name: TracepointName, ...values: (number | bigint)[]): void {
    if (this.tracer.on) this.tracer.emit(name, this.id, this.root.core.clock, ...values);
  }
}
