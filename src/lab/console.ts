/** What a program writes to its serial port, kept for the report as far as it is not too long, and passed on. */
import type { Outside } from '../hw/outside.ts';

/** So much is kept. */
const MOST = 1 << 20;

export class Console {
  text = '';
  /** How much it was in all. */
  bytes = 0;
  private readonly outside: Outside;

  constructor(outside: Outside) {
    this.outside = outside;
  }

  readonly transmit = (byte: number): void => {
    this.bytes += 1;
    if (this.text.length < MOST) this.text += String.fromCharCode(byte);
    this.outside.transmit(byte);
  };
}
