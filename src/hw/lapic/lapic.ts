/**
 * A local APIC, in xAPIC and x2APIC mode. SDM: "Advanced Programmable Interrupt Controller (APIC)". The machine has one
 * per processor, a hypervisor one per virtual processor: the same class.
 *
 *     source --> LVT entry --> IRR --(priority above PPR)--> processor --> ISR --> EOI
 *                   |
 *                   +--> NMI latch
 *
 * It does not run by itself: `advance` is called when time has passed, `deadline` says when that must be.
 */
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import type { ExternalController } from './external.ts';
import { IcrSender, type Ipi } from './icr.ts';
import { DELIVERY, LocalVectorTable, LVT, LVT_ENTRIES, type LvtEntry, lvtEntryAt } from './lvt.ts';
import { Priorities } from './priorities.ts';
import { ICR_BITS, READABLE, REG, WRITABLE } from './registers.ts';
import { LapicTimer } from './timer.ts';

export type { ExternalController } from './external.ts';
export type { Ipi } from './icr.ts';
export { DELIVERY, LVT, LVT_MASKED, type LvtEntry } from './lvt.ts';

/** Bits of the error status register. */
const ESR = { redirectableIpi: 1 << 4, sendIllegalVector: 1 << 5, receiveIllegalVector: 1 << 6, illegalRegister: 1 << 7 } as const;

/** Bits of IA32_APIC_BASE. */
export const APIC_BASE = { BSP: 1 << 8, EXTD: 1 << 10, EN: 1 << 11, address: 0xfee0_0000 } as const;

export interface LapicOptions {
  readonly id: number;
  /** IA32_APIC_BASE.BSP. */
  readonly bootstrap: boolean;
  /** Delivery of a PMI sets the mask bit of its LVT entry. Intel's do, AMD's do not. */
  readonly masksPmi: boolean;
  /** Ticks of the time-stamp counter for one count of the timer at divide 1. */
  readonly timerTicks: number;
}

/** What an APIC asks of what it sits in. */
interface LapicPorts {
  /** The time-stamp counter now. */
  now(): number;
  send(ipi: Ipi): void;
  /** An EOI; of a level-triggered interrupt an I/O APIC wants to know. */
  endOfInterrupt(vector: number, level: boolean): void;
  /** The timer has fired. */
  timerFired(): void;
  readonly external?: ExternalController | undefined;
}

export class Lapic implements Stateful {
  readonly id: number;
  private readonly masksPmi: boolean;
  private readonly ports: LapicPorts;
  private readonly timer: LapicTimer;
  private readonly priorities = new Priorities();
  private readonly sender: IcrSender;
  private readonly lvt = new LocalVectorTable();
  readonly bootstrap: boolean;
  /** IA32_APIC_BASE. Limit: the address is fixed. */
  private base: number;
  private logicalDestination = 0;
  private destinationFormat = 0xffff_ffff;
  private spurious = 0xff;
  private errors = 0;
  private latchedErrors = 0;
  /** An NMI waits for the processor: at most one is remembered. */
  nmiPending = false;
  /** INIT and SIPI wait: the vector of the SIPI, or -1. */
  initPending = false;
  startupVector = NEVER;

  constructor({ id, bootstrap, masksPmi, timerTicks }: LapicOptions, ports: LapicPorts) {
    this.id = id;
    this.masksPmi = masksPmi;
    this.ports = ports;
    this.bootstrap = bootstrap;
    this.timer = new LapicTimer(timerTicks);
    this.sender = new IcrSender((ipi) => ports.send(ipi));
    this.base = APIC_BASE.address + APIC_BASE.EN + (bootstrap ? APIC_BASE.BSP : 0);
  }

  /** After INIT: as after power-up, but for its identity and mode. */
  reset(): void {
    this.priorities.reset();
    this.timer.reset();
    this.sender.reset();
    this.lvt.reset();
    this.logicalDestination = 0;
    this.destinationFormat = 0xffff_ffff;
    this.spurious = 0xff;
    this.errors = 0;
    this.latchedErrors = 0;
    this.nmiPending = false;
  }

  /**
   * As a PC's firmware leaves it: interrupts of the old controllers come in by LINT0, and NMIs by LINT1. Intel, "MultiProcessor
   * Specification", "Virtual Wire Mode".
   */
  setVirtualWire(): void {
    this.set(REG.svr, 0x1ff);
    this.set(LVT.lint0, DELIVERY.extint << 8);
    this.set(LVT.lint1, DELIVERY.nmi << 8);
  }

  serialize(s: Serializer): void {
    s.part('priorities', this.priorities);
    s.part('timer', this.timer);
    s.part('icr', this.sender);
    s.part('lvt', this.lvt);
    this.base = s.u32('base', this.base);
    this.logicalDestination = s.u32('ldr', this.logicalDestination);
    this.destinationFormat = s.u32('dfr', this.destinationFormat);
    this.spurious = s.u32('svr', this.spurious);
    this.errors = s.u8('errors', this.errors);
    this.latchedErrors = s.u8('esr', this.latchedErrors);
    this.nmiPending = s.flag('nmiPending', this.nmiPending);
    this.initPending = s.flag('initPending', this.initPending);
    this.startupVector = s.u16('startupVector', this.startupVector + 1) - 1;
  }

  // The processor's side.

  /** The interrupt of its own that the processor would take now, or -1. */
  pending(): number {
    return this.enabled ? this.priorities.pending() : -1;
  }

  /** There is an interrupt that the processor would take now. */
  get requested(): boolean {
    return this.externalRequested || this.pending() !== -1;
  }

  /** Through LINT0 as it is set; around an APIC that is switched off. KVM: it comes before what the APIC has. */
  private get externalRequested(): boolean {
    const { external } = this.ports;
    return external?.requested === true && (!this.enabled || this.lvt.delivers('lint0')?.mode === DELIVERY.extint);
  }

  /** Bits 7:4 of the requested interrupt that the task priority alone holds off; 0 when there is none. */
  get heldByTpr(): number {
    return this.enabled ? this.priorities.heldByTpr : 0;
  }

  /** The processor takes it: from IRR to ISR, here or in the interrupt controllers. Returns its vector. */
  acknowledge(): number {
    return this.externalRequested ? this.ports.external!.acknowledge() : this.priorities.acknowledge();
  }

  get tpr(): number {
    return this.priorities.tpr;
  }

  /** CR8 is bits 7:4 of the task priority. */
  set tpr(value: number) {
    this.priorities.tpr = value & 0xff;
  }

  /** Enabled in IA32_APIC_BASE. Switched off, there is no APIC. */
  get enabled(): boolean {
    return (this.base & APIC_BASE.EN) !== 0;
  }

  get x2apic(): boolean {
    return (this.base & APIC_BASE.EXTD) !== 0;
  }

  /** IA32_APIC_BASE. */
  get apicBase(): number {
    return this.base >>> 0;
  }

  /** Writes IA32_APIC_BASE. False is #GP: a transition that does not exist. SDM: "x2APIC State Transitions". */
  setApicBase(value: number): boolean {
    const enabled = (value & APIC_BASE.EN) !== 0, extended = (value & APIC_BASE.EXTD) !== 0;
    const known = APIC_BASE.address + APIC_BASE.EN + APIC_BASE.EXTD + APIC_BASE.BSP;
    if ((value & ~known) >>> 0 !== 0 || (value & 0xffff_f000) >>> 0 !== APIC_BASE.address) return false;
    if (extended && !enabled) return false;
    if (this.x2apic && enabled && !extended) return false;
    if (!this.enabled && extended) return false;
    if (!enabled) this.reset();
    this.base = value >>> 0;
    return true;
  }

  // Sources.

  /** Signals a local source. False when nothing came of it: the entry is masked, or of no delivery mode, or the APIC is off. */
  signal(entry: LvtEntry): boolean {
    const interrupt = this.enabled ? this.lvt.delivers(entry) : undefined;
    if (interrupt === undefined) return false;
    if (entry === 'perfmon' && this.masksPmi) this.lvt.mask(entry);
    this.accept(interrupt.mode, interrupt.vector);
    return true;
  }

  /** Takes an interrupt in, from the table, from another APIC or from an I/O APIC. */
  accept(mode: number, vector: number, level = false): void {
    if (!this.enabled) return;
    switch (mode) {
      case DELIVERY.nmi: this.nmiPending = true; break;
      case DELIVERY.init: [this.initPending, this.startupVector] = [true, NEVER]; break; // a SIPI from before it is lost
      case DELIVERY.startup: this.startupVector = vector; break;
      case DELIVERY.fixed: case DELIVERY.lowest:
        if (vector < 16) this.error(ESR.receiveIllegalVector);
        else if (this.softwareEnabled) this.priorities.request(vector, level);
        break;
      default: break; // Limit: there is no SMI, and external interrupts come by LINT0 only.
    }
  }

  /** Whether a destination names this APIC. SDM: "Determining IPI Destination". */
  isDestination({ logical, destination, wide }: Pick<Ipi, 'logical' | 'destination' | 'wide'>): boolean {
    const broadcast = wide ? 0xffff_ffff : 0xff;
    if (destination >>> 0 === broadcast) return true;
    if (!logical) return destination === this.id;
    if (this.x2apic) {
      const ldr = this.x2apicLogicalId;
      return ldr >>> 16 === destination >>> 16 && (ldr & destination & 0xffff) !== 0;
    }
    const mine = this.logicalDestination >>> 24;
    if (this.destinationFormat >>> 28 === 0xf) return (mine & destination) !== 0;
    return mine >> 4 === destination >> 4 && (mine & destination & 0xf) !== 0;
  }

  // Time.

  /** Fires the timer as often as it is due. */
  advance(): void {
    this.ports.external?.advance();
    const due = this.timer.deadline();
    if (due === NEVER || this.ports.now() < due) return;
    this.timer.fire(this.ports.now());
    this.ports.timerFired();
    this.signal('timer');
  }

  /** When a timer is due next, in ticks of the time-stamp counter; NEVER when none is. */
  deadline(): number {
    const own = this.timer.deadline(), other = this.ports.external?.deadline() ?? NEVER;
    return own === NEVER || (other !== NEVER && other < own) ? other : own;
  }

  /** IA32_TSC_DEADLINE. Reads 0 when it is not armed or in another mode. */
  get tscDeadline(): number {
    return this.timer.tscDeadline;
  }

  set tscDeadline(value: number) {
    this.timer.tscDeadline = value;
    this.advance();
  }

  /** IA32_TSC_DEADLINE as software sees it whose time-stamp counter is `adjust` ahead. */
  readDeadline(adjust: bigint): bigint {
    return this.tscDeadline === 0 ? 0n : BigInt.asUintN(64, BigInt(this.tscDeadline) + adjust);
  }

  writeDeadline(value: bigint, adjust: bigint): void {
    // Past deadlines are due at once; those that never come are as good as none.
    const ticks = BigInt.asIntN(64, value - adjust);
    const due = ticks < 1n ? 1 : ticks > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(ticks);
    this.tscDeadline = value === 0n ? 0 : due;
  }

  // Registers.

  /** A register in xAPIC mode, by its offset in the page. Undefined ones read 0 and set an error. */
  read(offset: number): number {
    return this.register(offset);
  }

  write(offset: number, value: number): void {
    if (offset === REG.selfIpi) this.error(ESR.illegalRegister);
    else if (offset === REG.icrHigh) this.sender.high = (value & 0xff00_0000) >>> 0;
    else if (offset === REG.icrLow) this.sendIpi(value & ICR_BITS, this.sender.high >>> 24, false);
    else if (offset === REG.id) return; // read-only here
    else if (offset === REG.ldr) this.logicalDestination = (value & 0xff00_0000) >>> 0;
    else if (offset === REG.dfr) this.destinationFormat = (value | 0x0fff_ffff) >>> 0;
    else this.set(offset, value >>> 0);
  }

  /** A register in x2APIC mode, by MSR. Undefined is #GP. The interrupt command register is 64 bits wide. */
  readMsr(msr: number): { low: number; high: number } | undefined {
    if (!this.x2apic) return undefined;
    const offset = (msr & 0xff) << 4;
    if (offset === REG.icrLow) return { low: this.sender.low, high: this.sender.high };
    if (offset === REG.id) return { low: this.id, high: 0 };
    if (offset === REG.ldr) return { low: this.x2apicLogicalId, high: 0 };
    if (!READABLE.has(offset)) return undefined;
    return { low: this.register(offset), high: 0 };
  }

  /** False is #GP: no such register, or a reserved bit. */
  writeMsr(msr: number, low: number, high: number): boolean {
    if (!this.x2apic) return false;
    const offset = (msr & 0xff) << 4;
    if (offset === REG.icrLow) {
      if ((low & ~ICR_BITS) !== 0) return false;
      this.sender.high = high;
      this.sendIpi(low, high, true);
      return true;
    }
    const reserved = WRITABLE.get(offset);
    if (reserved === undefined || high !== 0 || (low & reserved) !== 0) return false;
    if (offset === REG.selfIpi) this.sendSelf(low);
    else this.set(offset, low);
    return true;
  }

  private get softwareEnabled(): boolean {
    return (this.spurious & 0x100) !== 0;
  }

  private get x2apicLogicalId(): number {
    return (((this.id >>> 4) << 16) | (1 << (this.id & 15))) >>> 0;
  }

  private register(offset: number): number {
    const entry = lvtEntryAt(offset);
    if (entry !== undefined) return this.lvt.read(entry);
    if (offset >= REG.isr && offset < REG.esr && (offset & 15) === 0) return this.priorities.word(offset);
    switch (offset) {
      case REG.id: return (this.id << 24) >>> 0;
      // Version 15H, seven LVT entries, no suppression of EOI broadcasts.
      case REG.version: return 0x15 | ((LVT_ENTRIES.length - 1) << 16);
      case REG.tpr: return this.priorities.tpr;
      case REG.ppr: return this.priorities.ppr;
      case REG.ldr: return this.logicalDestination;
      case REG.dfr: return this.destinationFormat;
      case REG.svr: return this.spurious;
      case REG.esr: return this.latchedErrors;
      case REG.icrLow: return this.sender.low;
      case REG.icrHigh: return this.sender.high;
      case REG.initialCount: return this.timer.initialCount;
      case REG.currentCount: return this.timer.currentCount(this.ports.now());
      case REG.divide: return this.timer.divide;
      case REG.apr: case REG.rrd: case REG.eoi: return 0;
      default: this.error(ESR.illegalRegister); return 0;
    }
  }

  private set(offset: number, value: number): void {
    const entry = lvtEntryAt(offset);
    if (entry !== undefined) return this.setLvt(entry, value);
    switch (offset) {
      case REG.tpr: this.priorities.tpr = value & 0xff; break;
      case REG.eoi: this.eoi(); break;
      case REG.svr: this.setSpurious(value); break;
      case REG.esr:
        this.latchedErrors = this.errors;
        this.errors = 0;
        break;
      case REG.initialCount: this.timer.start(value, this.ports.now()); break;
      case REG.divide: this.timer.setDivide(value, this.ports.now()); break;
      // A write of what can only be read has no effect; of what is reserved, it is an error as the read is.
      default: this.register(offset);
    }
  }

  private setLvt(entry: LvtEntry, value: number): void {
    // A disabled APIC keeps its entries masked. SDM: "Local APIC State After It Has Been Software Disabled".
    this.lvt.write(entry, value);
    if (!this.softwareEnabled) this.lvt.mask(entry);
    if (entry === 'timer') this.timer.setMode((value >> 17) & 3);
  }

  private setSpurious(value: number): void {
    this.spurious = value & 0x1ff;
    if (!this.softwareEnabled) this.lvt.maskAll();
  }

  private eoi(): void {
    const { vector, level } = this.priorities.endOfInterrupt();
    if (vector !== -1) this.ports.endOfInterrupt(vector, level);
  }

  /** SDM, "Error Handling". Lowest-priority interrupts are not sent, whatever their vector. */
  private sendIpi(low: number, destination: number, wide: boolean): void {
    const mode = (low >> 8) & 7;
    if (mode === DELIVERY.lowest) this.error(ESR.redirectableIpi);
    else if (mode === DELIVERY.fixed && (low & 0xff) < 16) this.error(ESR.sendIllegalVector);
    this.sender.send(low, destination, wide);
  }

  private sendSelf(vector: number): void {
    if (vector < 16) this.error(ESR.sendIllegalVector);
    this.accept(DELIVERY.fixed, vector);
  }

  /** An interrupt for each error that is new: one whose own vector is illegal would else be the cause of the next. */
  private error(bit: number): void {
    if ((this.errors & bit) !== 0) return;
    this.errors |= bit;
    this.signal('error');
  }
}
