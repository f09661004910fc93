/**
 * The handlers of the host's PMI: intel_pmu_handle_irq of architecture versions 2 and 3, and the one that Linux had from 4.20
 * to 5.9 for version 4 with freeze-on-PMI. Which MSRs they touch, and in which order, is what matters here.
 *
 *     classic:  GLOBAL_CTRL := 0, STATUS, { acknowledge, each event, STATUS }*, GLOBAL_CTRL := on, LVTPC
 *     freeze:   STATUS, each event, LVTPC, acknowledge (which lets the counters go on)
 *     AMD's:    GLOBAL_CTL := 0, STATUS, each event, acknowledge, GLOBAL_CTL := on; nothing has masked LVTPC
 *     before PerfMonV2: LVTPC, each event whose counter has become positive; meanwhile everything counts
 */
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import { type CounterSet, common, NO_COUNTERS, without } from '../../x86/counter-set.ts';
import { MSRS } from '../../x86/msr.ts';
import type { HostCpu } from '../processor.ts';
import type { PerfEvent } from './event.ts';
import type { CounterHardware } from './hardware.ts';

/** When LVTPC, which delivery has masked, is written back. */
type PmiAck = 'early' | 'mid' | 'late';

export interface InterruptOptions {
  readonly handler: 'classic' | 'freeze';
  readonly ack: PmiAck;
  /** For so many seconds after overflows AMD's handler claims an NMI without one; Linux' perf_nmi_window unless it is said. */
  readonly nmiWindow?: number;
}

/** LVTPC: NMI, not masked. */
export const LVTPC_NMI = 0x400;
/** "perfevents: irq loop stuck!" */
const MOST_ROUNDS = 100;
/** In seconds. */
const NMI_WINDOW = 0.1;

export class PmiHandler implements Stateful {
  private readonly cpu: HostCpu;
  private readonly hardware: CounterHardware;
  private readonly options: InterruptOptions;
  private readonly overflow: (event: PerfEvent) => void;
  private readonly guestBits: (bits: CounterSet) => void;
  /** Until then an NMI that finds nothing is taken for one of ours: AMD's only. */
  private claimsUntil = NEVER;

  /** `guestBits` is told of status bits of counters that were taken from the host. */
  constructor(
    cpu: HostCpu, hardware: CounterHardware, options: InterruptOptions, overflow: (event: PerfEvent) => void,
    guestBits: (bits: CounterSet) => void,
  ) {
    this.cpu = cpu;
    this.hardware = hardware;
    this.options = options;
    this.overflow = overflow;
    this.guestBits = guestBits;
  }

  serialize(s: Serializer): void {
    this.claimsUntil = s.time('claimsUntil', this.claimsUntil);
  }

  /** How many overflows were found: 0 says that the NMI was somebody else's. */
  handle(): number {
    if (!this.hardware.vendor.masksLvtpc) return this.claimed(this.hardware.hasGlobals ? this.perfMonV2() : this.bySign());
    return this.options.handler === 'classic' ? this.classic() : this.freeze();
  }

  private classic(): number {
    const { hardware, options } = this;
    const was = hardware.enabled;
    if (options.ack === 'early') this.acknowledge();
    hardware.enabled = false;
    hardware.stopAll();
    let handled = 0;
    let status = hardware.readStatus();
    for (let round = 0; status !== NO_COUNTERS && round < MOST_ROUNDS; round += 1) {
      hardware.clearStatus(status);
      handled += this.each(status);
      status = hardware.readStatus();
    }
    if (options.ack === 'mid') this.acknowledge();
    hardware.restore(was);
    if (options.ack === 'late') this.acknowledge();
    return handled;
  }

  private freeze(): number {
    const { hardware } = this;
    const was = hardware.enabled;
    hardware.enabled = false;
    let handled = 0;
    let status = hardware.readStatus();
    // Two PMIs close to each other: the second comes to a status that the first has cleared, and may find a new one.
    if (status === NO_COUNTERS && !hardware.hasStatusFlags) {
      this.acknowledge();
      status = hardware.readStatus();
    }
    if (status !== NO_COUNTERS || hardware.hasStatusFlags) {
      handled = this.each(status);
      this.acknowledge();
      // The flag that freezes goes with the bits of the counters, as close to the end as it can be: from here on they count.
      hardware.clearStatusAndFlags(status);
    }
    hardware.enabled = was;
    return handled;
  }

  private perfMonV2(): number {
    const { hardware } = this;
    const was = hardware.enabled;
    hardware.enabled = false;
    hardware.stopAll();
    const status = hardware.readStatus();
    const handled = status === NO_COUNTERS ? 0 : this.each(status);
    if (status !== NO_COUNTERS) hardware.clearStatus(status);
    hardware.restore(was);
    return handled;
  }

  /** x86_pmu_handle_irq. Deviation: a counter is read once to see whether it has overflowed, and if it has once more. */
  private bySign(): number {
    this.acknowledge();
    return this.each(this.hardware.readStatus());
  }

  /**
   * amd_pmu_adjust_nmi_window: for a while after overflows an NMI without one is taken for theirs. Whoever reads a counter that has
   * overflowed and arms it again leaves its NMI nothing to find.
   */
  private claimed(handled: number): number {
    const { root: { now }, hz } = this.cpu;
    const { nmiWindow = NMI_WINDOW } = this.options;
    if (handled > 0 && nmiWindow > 0) this.claimsUntil = now + Math.floor(hz * nmiWindow);
    return handled === 0 && now < this.claimsUntil ? 1 : handled;
  }

  private each(status: CounterSet): number {
    const { hardware } = this;
    const ours = common(status, hardware.masked);
    if (ours !== NO_COUNTERS) this.guestBits(ours);
    let handled = ours === NO_COUNTERS ? 0 : 1;
    const rest = without(status, hardware.masked);
    for (let k = 0; k < hardware.caps.generalCounters + hardware.caps.fixedCounters; k += 1) {
      if ((rest & hardware.bitOf(k)) === 0) continue;
      handled += 1;
      const event = hardware.eventOn(k);
      if (event === undefined) continue;
      this.cpu.work('overflow');
      hardware.update(event);
      const elapsed = hardware.setPeriod(event);
      this.cpu.trace('perf_overflow', event.id, elapsed ? 1 : 0);
      if (elapsed) this.overflow(event);
    }
    return handled;
  }

  private acknowledge(): void {
    this.cpu.root.wrmsr(MSRS.IA32_X2APIC_LVT_PMI, LVTPC_NMI, 0);
  }
}
