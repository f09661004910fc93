/**
 * The hardware that the guest believes to be on: a PMU and a local APIC that see the guest's operations and nothing else. It runs
 * in step with the guest, so that the first difference is seen where it arises.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import { joinWords } from '../../base/u64.ts';
import type { Vpmu } from '../../host/vpmu/vpmu.ts';
import { Lapic } from '../../hw/lapic/lapic.ts';
import { Pmu } from '../../hw/pmu/pmu.ts';
import { EVENT, newEventCounts } from '../../x86/event.ts';
import { NMI } from '../../x86/fault.ts';
import { X2APIC_FIRST, X2APIC_LAST } from '../../x86/msr.ts';
import { newMsrValue, type PerfmonCaps } from '../../x86/perfmon.ts';
import type { VendorName } from './guest-code.ts';
import { prepareLapic, siliconOf } from './wiring.ts';

export class Oracle implements Stateful {
  readonly pmu: Pmu;
  readonly lapic: Lapic;
  nmiBlocked = false;
  private interruptsOn = true;
  /** An event filter denies what the guest counts: its counters stand still. */
  denied = false;
  private readonly events = newEventCounts();
  private readonly value = newMsrValue();

  constructor(caps: PerfmonCaps, vendor: VendorName) {
    const silicon = siliconOf(vendor);
    this.lapic = new Lapic({ id: 0, bootstrap: true, masksPmi: silicon.masksPmi, timerTicks: 1 }, {
      now: () => 0, send: () => {}, endOfInterrupt: () => {}, timerFired: () => {},
    });
    this.pmu = new Pmu({ caps, skid: 0, vendor: silicon.vendor }, { overflow: () => {}, pmi: () => void this.lapic.signal('perfmon') });
  }

  /** The hardware that this virtual PMU offers, as its guest finds it. */
  static beside({ caps, regs }: Vpmu, vendor: VendorName): Oracle {
    const oracle = new Oracle(caps, vendor);
    prepareLapic(oracle.lapic);
    oracle.pmu.regs.globalCtrl = regs.globalCtrl;
    oracle.pmu.refresh();
    return oracle;
  }

  serialize(s: Serializer): void {
    s.part('pmu', this.pmu);
    s.part('lapic', this.lapic);
    this.nmiBlocked = s.flag('nmiBlocked', this.nmiBlocked);
    this.interruptsOn = s.flag('interruptsOn', this.interruptsOn);
    this.denied = s.flag('denied', this.denied);
  }

  private get nmiDue(): boolean {
    return this.lapic.nmiPending && !this.nmiBlocked;
  }

  /** The processor would take an NMI or an interrupt before its next instruction. */
  get due(): boolean {
    return this.nmiDue || (this.interruptsOn && this.lapic.pending() !== -1);
  }

  /** So many branches may retire before something happens. */
  get headroom(): number {
    return this.pmu.headroom(false);
  }

  /** It takes what is due: the vector, or -1 when there is nothing. */
  take(): number {
    if (!this.due) return -1;
    const nmi = this.nmiDue;
    this.interruptsOn = false;
    if (!nmi) return this.lapic.acknowledge();
    this.lapic.nmiPending = false;
    this.nmiBlocked = true;
    return NMI;
  }

  /** CLI or STI. Limit: STI has no shadow of an instruction; nor has it on the small processor. */
  setInterrupts(on: boolean): void {
    this.count(1, 0);
    this.interruptsOn = on;
  }

  iret(interruptsOn: boolean): void {
    this.count(1, 0);
    this.nmiBlocked = false;
    this.interruptsOn = interruptsOn;
  }

  run(n: number): void {
    this.count(n, n);
  }

  wrmsr(msr: number, low: number, high: number): void {
    const apic = msr >= X2APIC_FIRST && msr <= X2APIC_LAST;
    if (!apic) return this.pmu.wrmsr(msr, low, high, this.retireOne);
    // As on the machine: a PMI that the write itself causes meets what it has written.
    this.lapic.writeMsr(msr, low, high);
    this.count(1, 0);
  }

  /** What RDMSR gives; -1 is #GP. */
  rdmsr(msr: number): number {
    const known = this.pmu.rdmsr(msr, this.value);
    this.count(1, 0);
    return known ? joinWords(this.value.low, this.value.high) : -1;
  }

  rdpmc(index: number): number {
    const known = this.pmu.rdpmc(index, this.value);
    this.count(1, 0);
    return known ? joinWords(this.value.low, this.value.high) : -1;
  }

  private readonly retireOne = (): void => this.count(1, 0);

  private count(instructions: number, branches: number): void {
    if (this.denied || !this.pmu.counting) return;
    const { events } = this;
    events.fill(0);
    events[EVENT['core cycles']] = instructions;
    events[EVENT['instructions retired']] = instructions;
    events[EVENT['branch instructions retired']] = branches;
    this.pmu.count(events, false);
  }
}
