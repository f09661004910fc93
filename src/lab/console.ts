/**
 * The serial port's other end: what a program writes, kept for the report as far as it is not too long, and passed on; and what
 * somebody types, until the program takes it.
 */
import type { Cycles } from '../base/units.ts';
import type { Outside } from '../hw/outside.ts';
import type { Serial } from '../hw/serial/serial.ts';

/** So much is kept. */
const MOST = 1 << 20;

/** What is typed reaches a port in so many cycles, if it has room. */
export const TYPING: Cycles = 100_000 as Cycles;

export class Console {
  text = '';
  /** How much it was in all. */
  bytes = 0;
  private readonly outside: Outside;
  private typed: Uint8Array = new Uint8Array();

  constructor(outside: Outside) {
    this.outside = outside;
  }

  readonly transmit = (byte: number): void => {
    this.bytes += 1;
    if (this.text.length < MOST) this.text += String.fromCharCode(byte);
    this.outside.transmit(byte);
  };

  /** Somebody types; nothing of it is lost. */
  type(bytes: Uint8Array): void {
    const all = new Uint8Array(this.typed.length + bytes.length);
    all.set(this.typed);
    all.set(bytes, this.typed.length);
    this.typed = all;
  }

  /** Something was typed that no port has taken yet. */
  get waiting(): boolean {
    return this.typed.length > 0;
  }

  /** Gives a port as much of it as it has room for. */
  give(serial: Serial): void {
    const taken = this.typed.subarray(0, Math.max(0, serial.room));
    for (const byte of taken) serial.receive(byte);
    this.typed = this.typed.subarray(taken.length);
  }
}
