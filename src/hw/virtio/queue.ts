/**
 * A split virtqueue: a table of descriptors, a ring in which the driver makes chains of them available, and one in which the device
 * tells which it has used. Virtual I/O Device (VIRTIO) Version 1.2, "Split Virtqueues".
 *
 * All three lie in guest memory, where a driver can write anything at any time: whatever is read from there is checked before it is
 * used, and what the specification forbids is a DriverFault.
 */

import type { Serializer, Stateful } from '../../base/state.ts';
import { bigFromWords } from '../../base/u64.ts';
import type { DeviceMemory } from '../memory/memory.ts';

/** The most descriptors of a queue: a power of 2. */
export const QUEUE_MOST = 256;
/** Bytes that one chain may describe. Devices say how much they take at a time so that no driver has a reason for more. */
export const CHAIN_MOST = 32 << 20;

const DESCRIPTOR = { size: 16, length: 8, flags: 12, next: 14 } as const;
const FLAG = { next: 1 << 0, write: 1 << 1, indirect: 1 << 2 } as const;
/** Both rings begin with flags and an index; behind them are elements of two bytes, or eight, and one word more. */
const RING = { index: 2, elements: 4, available: 2, used: 8, extra: 2 } as const;
const NO_INTERRUPT = 1 << 0;
const ALIGNMENT = [DESCRIPTOR.size, 2, 4] as const;
const AREAS = ALIGNMENT.length;

/** The driver did what the specification forbids. The device stops until it is reset. */
export class DriverFault extends Error {
  override readonly name = 'DriverFault';
}

interface Segment { readonly address: number; readonly length: number }

/** What a driver made available at once: bytes for the device, and room for those of its answer. */
export interface Chain {
  readonly head: number;
  readonly request: Uint8Array;
  readonly room: number;
  readonly writable: readonly Segment[];
}

export class Virtqueue implements Stateful {
  ready = false;
  /** Descriptors; 0 until the driver has said. */
  size = 0;
  /** Where the descriptors, the driver's ring and the device's ring lie: two words each, the low one first. */
  readonly areas = new Uint32Array(2 * AREAS);
  private readonly memory: DeviceMemory;
  /** How many chains were taken, and given back, modulo 2^16. */
  private taken = 0;
  private used = 0;

  constructor(memory: DeviceMemory) {
    this.memory = memory;
  }

  serialize(s: Serializer): void {
    this.ready = s.flag('ready', this.ready);
    this.size = s.u16('size', this.size);
    s.words('areas', this.areas);
    this.taken = s.u16('taken', this.taken);
    this.used = s.u16('used', this.used);
  }

  reset(): void {
    this.ready = false;
    this.size = 0;
    this.areas.fill(0);
    this.taken = 0;
    this.used = 0;
  }

  /** Makes it ready. Throws a DriverFault when it does not lie in memory as it should. */
  enable(): void {
    const { size } = this;
    if (size === 0 || size > QUEUE_MOST || (size & (size - 1)) !== 0) throw new DriverFault(`a queue of ${size} descriptors`);
    const bytes = [DESCRIPTOR.size * size, ringSize(RING.available, size), ringSize(RING.used, size)];
    for (const [area, length] of bytes.entries()) {
      const at = bigFromWords(this.areas[2 * area]!, this.areas[2 * area + 1]!);
      if (at % BigInt(ALIGNMENT[area]!) !== 0n) throw new DriverFault(`part of a queue lies at ${at}`);
      this.within(at, length);
    }
    this.ready = true;
  }

  /** How many chains wait. Throws a DriverFault when they are more than there can be. */
  get waiting(): number {
    const waiting = (this.u16(this.at(1) + RING.index) - this.taken) & 0xffff;
    if (waiting > this.size) throw new DriverFault(`${waiting} chains in a queue of ${this.size}`);
    return waiting;
  }

  /** The driver wants to be told of used chains. */
  get interrupts(): boolean {
    return (this.u16(this.at(1)) & NO_INTERRUPT) === 0;
  }

  /** The next chain of those that wait. `indirect`: descriptors may stand in tables of their own. */
  take(indirect: boolean): Chain {
    const head = this.u16(this.at(1) + RING.elements + RING.available * (this.taken % this.size));
    const { readable, writable } = this.walk(head, indirect);
    this.taken = (this.taken + 1) & 0xffff;
    const request = new Uint8Array(sum(readable));
    let at = 0;
    for (const { address, length } of readable) {
      request.set(this.memory.read(address, length), at);
      at += length;
    }
    return { head, request, room: sum(writable), writable };
  }

  /** Gives a chain back with its answer, which is no longer than the chain has room. */
  give({ head, writable }: Chain, answer: Uint8Array): void {
    let at = 0;
    for (const { address, length } of writable) {
      if (at < answer.length) this.memory.write(address, answer.subarray(at, at + length));
      at += length;
    }
    const element = new DataView(new ArrayBuffer(RING.used));
    element.setUint32(0, head, true);
    element.setUint32(4, answer.length, true);
    this.memory.write(this.at(2) + RING.elements + RING.used * (this.used % this.size), new Uint8Array(element.buffer));
    this.used = (this.used + 1) & 0xffff;
    this.memory.write(this.at(2) + RING.index, Uint8Array.of(this.used & 0xff, this.used >> 8));
  }

  /** A chain ends, or is longer than its queue: a loop is a chain without end. */
  private walk(head: number, indirect: boolean): { readonly readable: readonly Segment[]; readonly writable: readonly Segment[] } {
    const readable: Segment[] = [], writable: Segment[] = [];
    let table = this.at(0), entries = this.size, index = head, bytes = 0, inTable = false;
    for (let links = 0; links <= this.size; links += 1) {
      if (index >= entries) throw new DriverFault(`descriptor ${index} of ${entries}`);
      const view = this.view(table + DESCRIPTOR.size * index, DESCRIPTOR.size);
      const length = view.getUint32(DESCRIPTOR.length, true), flags = view.getUint16(DESCRIPTOR.flags, true);
      const address = this.within(view.getBigUint64(0, true), length);
      const more = (flags & FLAG.next) !== 0;
      if ((flags & FLAG.indirect) !== 0) {
        const wrong = !indirect || inTable || more || length === 0 || length % DESCRIPTOR.size !== 0;
        if (wrong) throw new DriverFault(`an indirect descriptor of ${length} bytes with flags ${flags}`);
        [table, entries, index, inTable] = [address, length / DESCRIPTOR.size, 0, true];
        continue;
      }
      const writes = (flags & FLAG.write) !== 0;
      if (!writes && writable.length > 0) throw new DriverFault('what the device reads stands behind what it writes');
      (writes ? writable : readable).push({ address, length });
      bytes += length;
      if (bytes > CHAIN_MOST) throw new DriverFault(`a chain of more than ${CHAIN_MOST} bytes`);
      if (!more) return { readable, writable };
      index = view.getUint16(DESCRIPTOR.next, true);
    }
    throw new DriverFault(`a chain of more than ${this.size} descriptors`);
  }

  /** Of an area that was found to lie in memory. */
  private at(area: number): number {
    return this.areas[2 * area]! + this.areas[2 * area + 1]! * 2 ** 32;
  }

  private within(address: bigint, length: number): number {
    const at = Number(address);
    if (at + length > this.memory.size) throw new DriverFault(`${length} bytes at ${address}, where there is no memory`);
    return at;
  }

  private view(address: number, length: number): DataView {
    const { buffer, byteOffset } = this.memory.read(address, length);
    return new DataView(buffer, byteOffset, length);
  }

  private u16(address: number): number {
    return this.view(address, 2).getUint16(0, true);
  }
}

const ringSize = (element: number, size: number): number => RING.elements + element * size + RING.extra;
const sum = (segments: readonly Segment[]): number => segments.reduce((total, { length }) => total + length, 0);
