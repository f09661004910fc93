/**
 * An I/O APIC: 24 lines of the board, and what each becomes. Intel, "82093AA I/O Advanced Programmable Interrupt Controller".
 *
 *     line --> redirection entry --> message to the local APICs --> (level-triggered) EOI clears remote IRR, and looks again
 *
 * Limit: a line is asserted or not; that an entry calls it active low changes nothing. Delivery status always reads idle.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { MemoryDevice } from '../memory/memory.ts';

/** An interrupt on its way to local APICs. */
export interface InterruptMessage {
  readonly mode: number;
  readonly vector: number;
  readonly logical: boolean;
  readonly destination: number;
  readonly level: boolean;
}

export const IOAPIC_ADDRESS = 0xfec0_0000;
const PINS = 24;
/** The window of the datasheet, and the two registers in it. */
const SIZE = 0x1000;
const IOREGSEL = 0x00;
const IOWIN = 0x10;
/** Registers behind the window. */
const REG = { id: 0, version: 1, arbitration: 2, redirection: 0x10 } as const;
/** Version 11H, and the highest entry. */
const VERSION = 0x11 | ((PINS - 1) << 16);
const ID_BITS = 0x0f00_0000;

/** Bits of the low half of a redirection entry. */
const ENTRY = {
  vector: 0xff, modeShift: 8, logical: 1 << 11, remoteIrr: 1 << 14, level: 1 << 15, masked: 1 << 16, writable: 0x1_afff,
} as const;
const DESTINATION_SHIFT = 24;

export class Ioapic implements MemoryDevice, Stateful {
  readonly start = IOAPIC_ADDRESS;
  readonly size = SIZE;
  private readonly deliver: (message: InterruptMessage) => void;
  private select = 0;
  private id = 0;
  /** Which lines are asserted, by bit. */
  private lines = 0;
  /** Two words an entry, the low one first. */
  private readonly entries = new Uint32Array(2 * PINS);

  constructor(deliver: (message: InterruptMessage) => void) {
    this.deliver = deliver;
    for (let pin = 0; pin < PINS; pin += 1) this.entries[2 * pin] = ENTRY.masked;
  }

  serialize(s: Serializer): void {
    this.select = s.u8('select', this.select);
    this.id = s.u32('id', this.id);
    this.lines = s.u32('lines', this.lines);
    s.words('entries', this.entries);
  }

  /** A device asserts its line, or lets it go. An edge on a masked line is lost. */
  setLine(pin: number, asserted: boolean): void {
    const bit = 1 << pin;
    const was = (this.lines & bit) !== 0;
    if (was === asserted) return;
    this.lines = (asserted ? this.lines | bit : this.lines & ~bit) >>> 0;
    if (asserted) this.consider(pin, true);
  }

  /** A local APIC has ended a level-triggered interrupt of this vector. */
  endOfInterrupt(vector: number): void {
    for (let pin = 0; pin < PINS; pin += 1) {
      const low = this.entries[2 * pin]!;
      if ((low & ENTRY.vector) !== vector || (low & ENTRY.remoteIrr) === 0) continue;
      this.entries[2 * pin] = low & ~ENTRY.remoteIrr;
      this.consider(pin, false);
    }
  }

  read(offset: number, width: Width): bigint {
    if (width === 4 && offset === IOREGSEL) return BigInt(this.select);
    if (width === 4 && offset === IOWIN) return BigInt(this.register() >>> 0);
    return (1n << BigInt(8 * width)) - 1n;
  }

  write(offset: number, value: bigint, width: Width): void {
    const word = Number(BigInt.asUintN(32, value));
    if (offset === IOREGSEL) this.select = word & 0xff;
    else if (offset === IOWIN && width === 4) this.setRegister(word);
  }

  private register(): number {
    if (this.select >= REG.redirection) return this.entries[this.select - REG.redirection] ?? 0;
    if (this.select === REG.version) return VERSION;
    return this.select === REG.id || this.select === REG.arbitration ? this.id : 0;
  }

  private setRegister(word: number): void {
    const index = this.select - REG.redirection;
    if (this.select === REG.id) this.id = word & ID_BITS;
    else if (index >= 0 && index < 2 * PINS) this.setEntry(index >> 1, (index & 1) !== 0, word);
  }

  private setEntry(pin: number, high: boolean, word: number): void {
    if (high) {
      this.entries[2 * pin + 1] = word;
      return;
    }
    const old = this.entries[2 * pin]!;
    // An entry that becomes edge-triggered waits for no EOI any more.
    const kept = (word & ENTRY.level) !== 0 ? old & ENTRY.remoteIrr : 0;
    this.entries[2 * pin] = (word & ENTRY.writable) | kept;
    this.consider(pin, false);
  }

  /** Sends the message of a line, if there is a reason to: its edge, or its level when no EOI is outstanding. */
  private consider(pin: number, edge: boolean): void {
    const low = this.entries[2 * pin]!, high = this.entries[2 * pin + 1]!;
    const level = (low & ENTRY.level) !== 0;
    const due = level ? (this.lines & (1 << pin)) !== 0 && (low & ENTRY.remoteIrr) === 0 : edge;
    if (!due || (low & ENTRY.masked) !== 0) return;
    if (level) this.entries[2 * pin] = low | ENTRY.remoteIrr;
    this.deliver({
      mode: (low >> ENTRY.modeShift) & 7, vector: low & ENTRY.vector, logical: (low & ENTRY.logical) !== 0,
      destination: high >>> DESTINATION_SHIFT, level,
    });
  }
}
