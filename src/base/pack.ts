/**
 * State as bytes. The packed form is dense and has no names in it: a world of one counter is a few hundred bytes,
 * because the verifier keeps millions of them. Nothing here allocates once a buffer has grown to its size.
 */
import { assert } from './assert.ts';
import { ABSOLUTE, NEVER, type Now, type Stateful, Visitor } from './state.ts';

/** Writes the packed form into a buffer of its own that is used again by the next `start`. */
export class Saver extends Visitor {
  readonly loading = false;
  private buffer = new Uint8Array(256);
  private view = new DataView(this.buffer.buffer);
  private length = 0;
  private readonly now: Now;

  constructor(now: Now = ABSOLUTE) {
    super();
    this.now = now;
  }

  /** Packs the whole of `state`. The result is a view of the buffer: copy it to keep it. */
  save(state: Stateful): Uint8Array {
    this.length = 0;
    state.serialize(this);
    return this.buffer.subarray(0, this.length);
  }

  u8(name: string, value: number): number {
    assert(value === (value & 0xff), `${name} = ${value} does not fit 8 bits`);
    const at = this.reserve(1);
    this.buffer[at] = value;
    return value;
  }

  u16(name: string, value: number): number {
    assert(value === (value & 0xffff), `${name} = ${value} does not fit 16 bits`);
    const at = this.reserve(2);
    this.view.setUint16(at, value, true);
    return value;
  }

  u32(name: string, value: number): number {
    assert(value === value >>> 0, `${name} = ${value} does not fit 32 bits`);
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
    return value;
  }

  count(name: string, value: number): number {
    assert(Number.isSafeInteger(value) && value >= 0, `${name} = ${value} is not a count`);
    const at = this.reserve(8);
    this.view.setFloat64(at, value, true);
    return value;
  }

  time(name: string, value: number): number {
    assert(Number.isSafeInteger(value) && value >= NEVER, `${name} = ${value} is not a time`);
    const at = this.reserve(8);
    this.view.setFloat64(at, value === NEVER ? Number.NaN : value - this.now(), true);
    return value;
  }

  bytes(_name: string, view: Uint8Array): void {
    const at = this.reserve(view.length);
    this.buffer.set(view, at);
  }

  /** Room for so many bytes: where. The buffer and its view may be others afterwards. */
  private reserve(bytes: number): number {
    const at = this.length;
    this.length = at + bytes;
    if (this.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.length, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, at));
      this.buffer = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }
}

/** Bytes are not what state like this is packed to. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** Reads the packed form back into the objects that it came from. Throws a Misfit when it came from others. */
export class Loader extends Visitor {
  readonly loading = true;
  private buffer: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(this.buffer.buffer);
  private cursor = 0;
  private readonly now: Now;

  constructor(now: Now = ABSOLUTE) {
    super();
    this.now = now;
  }

  load(state: Stateful, packed: Uint8Array): void {
    if (this.buffer.buffer !== packed.buffer) this.view = new DataView(packed.buffer);
    this.buffer = packed;
    this.cursor = 0;
    state.serialize(this);
    if (this.cursor !== packed.length) throw new Misfit(`${packed.length} bytes were packed, ${this.cursor} were read`);
  }

  u8(_name: string, _value: number): number {
    return this.buffer[this.take(1) - this.buffer.byteOffset]!;
  }

  u16(_name: string, _value: number): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(_name: string, _value: number): number {
    return this.view.getUint32(this.take(4), true);
  }

  count(_name: string, _value: number): number {
    return this.view.getFloat64(this.take(8), true);
  }

  time(_name: string, _value: number): number {
    const relative = this.view.getFloat64(this.take(8), true);
    return Number.isNaN(relative) ? NEVER : relative + this.now();
  }

  bytes(_name: string, view: Uint8Array): void {
    const at = this.take(view.length) - this.buffer.byteOffset;
    view.set(this.buffer.subarray(at, at + view.length));
  }

  private take(bytes: number): number {
    const at = this.cursor;
    if (at + bytes > this.buffer.length) throw new Misfit('the packed state ends too early');
    this.cursor = at + bytes;
    return this.buffer.byteOffset + at;
  }
}

/** A packed copy of the state. */
export const save = (state: Stateful): Uint8Array => new Saver().save(state).slice();

export const load = (state: Stateful, packed: Uint8Array): void => new Loader().load(state, packed);
