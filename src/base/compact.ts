/**
 * State as few bytes, for those who keep millions of them: numbers take as many bytes as they need, seven bits each, and what
 * nothing depends on is left out. Two states with the same bytes go on in the same way.
 */
import { assert } from './assert.ts';
import { NEVER, type Stateful, Visitor } from './state.ts';

const MORE = 0x80;
const LOW = 0x7f;

/** Packs into a buffer of its own that is used again by the next `save`. */
export class CompactSaver extends Visitor {
  readonly loading = false;
  private buffer = new Uint8Array(1024);
  private length = 0;

  /** The result is a view of the buffer: copy it to keep it. */
  save(state: Stateful): Uint8Array {
    this.length = 0;
    state.serialize(this);
    return this.buffer.subarray(0, this.length);
  }

  override statistic(_name: string, value: number): number {
    return value;
  }

  /** The sign is the lowest bit: small numbers stay small. */
  override signed(name: string, value: number): number {
    this.count(name, 2 * Math.abs(value) + (value < 0 ? 1 : 0));
    return value;
  }

  u8(_name: string, value: number): number {
    this.byte(value);
    return value;
  }

  u16(name: string, value: number): number {
    return this.count(name, value);
  }

  u32(name: string, value: number): number {
    return this.count(name, value);
  }

  count(name: string, value: number): number {
    assert(Number.isSafeInteger(value) && value >= 0, `${name} = ${value} is not a count`);
    let rest = value;
    for (; rest > 0xffff_ffff; rest = Math.floor(rest / MORE)) this.byte((rest % MORE) | MORE);
    for (; rest > LOW; rest >>>= 7) this.byte((rest & LOW) | MORE);
    this.byte(rest);
    return value;
  }

  time(name: string, value: number): number {
    this.count(name, value - NEVER);
    return value;
  }

  bytes(_name: string, view: Uint8Array): void {
    for (let i = 0; i < view.length; i += 1) this.byte(view[i]!);
  }

  private byte(value: number): void {
    if (this.length === this.buffer.length) {
      const grown = new Uint8Array(2 * this.length);
      grown.set(this.buffer);
      this.buffer = grown;
    }
    this.buffer[this.length] = value;
    this.length += 1;
  }
}

/** Reads the compact form back. What was left out keeps the value that it has. */
export class CompactLoader extends Visitor {
  readonly loading = true;
  private buffer = new Uint8Array(0);
  private cursor = 0;
  private end = 0;

  /** From `length` bytes of `buffer`, beginning at `start`. */
  load(state: Stateful, buffer: Uint8Array, start: number, length: number): void {
    this.buffer = buffer as Uint8Array<ArrayBuffer>;
    this.cursor = start;
    this.end = start + length;
    state.serialize(this);
    assert(this.cursor === this.end, `${length} bytes were packed, ${this.cursor - start} were read`);
  }

  override statistic(_name: string, value: number): number {
    return value;
  }

  override signed(name: string, value: number): number {
    const coded = this.count(name, value);
    return coded % 2 === 0 ? coded / 2 : -(coded - 1) / 2;
  }

  u8(_name: string, _value: number): number {
    return this.byte();
  }

  u16(name: string, value: number): number {
    return this.count(name, value);
  }

  u32(name: string, value: number): number {
    return this.count(name, value);
  }

  count(_name: string, _value: number): number {
    let value = 0, scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & LOW) * scale;
      if (byte < MORE) return value;
      scale *= MORE;
    }
  }

  time(name: string, value: number): number {
    return this.count(name, value) + NEVER;
  }

  bytes(_name: string, view: Uint8Array): void {
    for (let i = 0; i < view.length; i += 1) view[i] = this.byte();
  }

  private byte(): number {
    assert(this.cursor < this.end, 'the packed state ends too early');
    const value = this.buffer[this.cursor]!;
    this.cursor += 1;
    return value;
  }
}
