/**
 * The patch of October 2018: like `reallocate`, with a fast path for a guest that is handling a PMI. Its GLOBAL_CTRL := 0 becomes
 * a mask at VM entry, its write of the counter goes straight into the hardware counter on which the host event sits, and
 * its GLOBAL_CTRL := on takes the mask away again. Nothing of it is told to the perf core. What goes wrong with that is what
 * `vpmu holes` shows.
 *
 * The patch is known only in part. What is missing is read in three ways:
 * - B1: KVM_REQ_PMU still makes a new event after every overflow.
 * - B3: it does not, and lets the counter's next overflow through.
 * - B8: it does not, and nobody lets the next one through.
 */
import type { Serializer } from '../../base/state.ts';
import type { Vmcs } from '../../hw/vmx/vmx.ts';
import { type CounterSet, NO_COUNTERS } from '../../x86/counter-set.ts';
import type { PerfmonCaps } from '../../x86/perfmon.ts';
import { NO_COUNTER } from '../perf/perf.ts';
import { interceptEverything, switchGlobalCtrl } from './entry.ts';
import { PmcEvents, periodOf2018 } from './pmc-events.ts';
import { emulatedCaps, type Strategy, type StrategyParts } from './vpmu.ts';

export const READINGS = ['B1', 'B3', 'B8'] as const;
export type Reading = (typeof READINGS)[number];

/** intel_ctrl_host_mask := ULONG_MAX. */
const EVERYTHING = 0xffff_ffff as CounterSet;

export class GuestPmi implements Strategy {
  readonly rules = 'KVM';
  private readonly parts: StrategyParts;
  private readonly events: PmcEvents;
  private readonly reading: Reading;
  private inPmi = false;
  /** The host mask of the CPU on which the handler began. */
  private counterMask: CounterSet = NO_COUNTERS;

  constructor(parts: StrategyParts, reading: Reading) {
    this.parts = parts;
    this.events = new PmcEvents(parts);
    this.reading = reading;
  }

  serialize(s: Serializer): void {
    s.part('events', this.events);
    this.inPmi = s.flag('inPmi', this.inPmi);
    this.counterMask = s.u32('counterMask', this.counterMask >>> 0) as CounterSet;
  }

  open(): undefined {}

  offer(host: PerfmonCaps): PerfmonCaps {
    return emulatedCaps(host, this.parts.generation);
  }

  intercept(vmcs: Vmcs): void {
    interceptEverything(vmcs);
  }

  enablesChanged(changed: CounterSet, by: 'global' | 'local'): void {
    if (this.inPmi && by === 'global') return this.maskInstead();
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) if (this.parts.vpmu.has(changed, k)) this.reprogram(k);
  }

  counterWritten(k: number, value: number, low: number, high: number): void {
    if (this.inPmi) return this.writeHardware(k, low, high);
    const { regs } = this.parts.vpmu;
    const modulus = regs.modulusOf(k);
    regs.counters[k] = (((regs.counters[k]! + value - this.visible(k)) % modulus) + modulus) % modulus;
  }

  visible(k: number): number {
    const { vpmu, perf, port } = this.parts;
    const event = this.events.of(k);
    const counted = event === undefined ? 0 : perf.read(port.cpu(), event).value;
    return (vpmu.regs.counters[k]! + counted) % vpmu.regs.modulusOf(k);
  }

  statusRead(): void {}

  overflow(k: number): void {
    this.events.overflow(k);
  }

  pmiDelivered(): void {
    this.inPmi = true;
  }

  handleEvent(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) {
      if (!this.parts.vpmu.has(this.events.reprogram, k)) continue;
      if (this.events.of(k) === undefined || this.reading === 'B3') this.events.unmark(k);
      else if (this.reading === 'B1') this.reprogram(k);
    }
  }

  retired(): void {}
  load(): void {}
  put(): void {}

  enter(vmcs: Vmcs): void {
    switchGlobalCtrl(vmcs, this.parts);
  }

  exit(): void {}
  schedIn(): void {}
  schedOut(): void {}

  refresh(): void {
    for (let k = 0; k < this.parts.vpmu.counters; k += 1) this.reprogram(k);
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

  private reprogram(k: number): void {
    const { vpmu } = this.parts;
    if (this.events.of(k) !== undefined) {
      vpmu.regs.counters[k] = this.visible(k);
      this.events.release(k);
    }
    if (!vpmu.enabled(k)) return;
    const period = periodOf2018(vpmu.regs.counters[k]!, vpmu.regs.modulusOf(k));
    if (this.events.create(k, this.events.attrOf(k, period))) this.events.unmark(k);
  }
}
