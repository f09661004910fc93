/** Numbers and names as the binary format of WebAssembly has them. */

/** A growing list of bytes. */
export class Bytes {
  private buffer: Uint8Array;
  length = 0;

  constructor(room = 64) {
    this.buffer = new Uint8Array(room);
  }

  /** What was written; it stays so until more is written. */
  get written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length] = value;
    this.length += 1;
  }

  append(other: Bytes): void {
    if (this.length + other.length > this.buffer.length) this.grow(other.length);
    this.buffer.set(other.written, this.length);
    this.length += other.length;
  }

  private grow(bytes: number): void {
    const larger = new Uint8Array(2 * (this.buffer.length + bytes));
    larger.set(this.buffer);
    this.buffer = larger;
  }

  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  signed(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  signedBig(value: bigint): void {
    const number = Number(value);
    if (number === (number | 0)) return this.signed(number);
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (const character of text) this.byte(character.charCodeAt(0));
  }
}
