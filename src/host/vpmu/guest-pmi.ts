/**
 * The patch of October 2018, as what it adds to `reallocate`: a fast path for a guest that is handling a PMI. Its
 * GLOBAL_CTRL := 0 becomes a mask at VM entry, its write of the counter goes straight into the hardware counter on which the
 * host event sits, and its GLOBAL_CTRL := on takes the mask away again. Nothing of it is told to the perf core. What goes
 * wrong with that is what `vpmu holes` shows.
 *
 * The patch is known only in part. What is missing is read in three ways:
 * - B1: KVM_REQ_PMU still makes a new event after every overflow.
 * - B3: it does not, and lets the counter's next overflow through.
 * - B8: it does not, and nobody lets the next one through.
 */
import type { Serializer } from '../../base/state.ts';
import { type CounterSet, NO_COUNTERS } from '../../x86/counter-set.ts';
import { NO_COUNTER } from '../perf/perf.ts';
import { withoutSwitch } from './entry.ts';
import { Reallocate } from './reallocate.ts';
import type { Refused, StrategyParts } from './vpmu.ts';

export type Reading = 'B1' | 'B3' | 'B8';

/** intel_ctrl_host_mask := ULONG_MAX. */
const EVERYTHING = 0xffff_ffff as CounterSet;

export class GuestPmi extends Reallocate {
  private readonly reading: Reading;
  private inPmi = false;
  /** The host mask of the CPU on which the handler began. */
  private counterMask: CounterSet = NO_COUNTERS;

  constructor(parts: StrategyParts, reading: Reading) {
    super(parts);
    this.reading = reading;
  }

  override serialize(s: Serializer): void {
    super.serialize(s);
    this.inPmi = s.flag('inPmi', this.inPmi);
    this.counterMask = s.u32('counterMask', this.counterMask >>> 0) as CounterSet;
  }

  override open(): Refused | undefined {
    return withoutSwitch(this.parts);
  }

  override enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    if (this.inPmi && by === 'global') this.maskInstead();
    else super.enablesChanged(changed, by);
  }

  override counterWritten(k: number, value: number, low: number, high: number): void {
    if (this.inPmi) this.writeHardware(k, low, high);
    else super.counterWritten(k, value, low, high);
  }

  override pmiDelivered(): void {
    this.inPmi = true;
  }

  override handleEvent(): void {
    if (this.reading === 'B1') return super.handleEvent();
    const { vpmu } = this.parts;
    for (let k = 0; k < vpmu.counters; k += 1) {
      if (!vpmu.has(this.events.reprogram, k)) continue;
      if (this.events.of(k) === undefined || this.reading === 'B3') this.events.unmark(k);
    }
  }

  /** intel_pmu_disable_guest_counters and intel_pmu_enable_guest_counters: the mask is the CPU's, the flag the vCPU's. */
  private maskInstead(): void {
    const { vpmu, perf, port } = this.parts;
    port.cpu().work('update vpmu');
    const hardware = perf.hardwareOf(port.cpu());
    if (vpmu.regs.globalCtrl === NO_COUNTERS) {
      this.counterMask = hardware.hostMask;
      hardware.hostMask = EVERYTHING;
    } else {
      hardware.hostMask = this.counterMask;
      this.inPmi = false;
    }
  }

  /** wrmsrl(hwc->event_base, data): of the counter where the event is, or was; and of the data as the guest gave them. */
  private writeHardware(k: number, low: number, high: number): void {
    const { perf, port } = this.parts;
    const event = this.events.of(k);
    const cpu = port.cpu();
    cpu.work('update vpmu');
    const place = event === undefined || event.counter !== NO_COUNTER ? event?.counter : event.lastCounter;
    // A null pointer: the kernel would be gone. Here it is counted among the faults of the host.
    if (place === undefined || place === NO_COUNTER) cpu.root.faults += 1;
    else cpu.root.wrmsr(perf.hardwareOf(cpu).counterMsr(place), low, high);
  }
}
