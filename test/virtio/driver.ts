/**
 * A driver of virtio devices over MMIO, as small as one can be: it begins as "Device Initialization" says, and puts chains of descriptors
 * into queues. What it writes to memory it takes from the specification; a test can have it write anything else.
 */
import assert from 'node:assert/strict';
import { VIRTIO, Virtio, type VirtioDevice } from '../../src/hw/virtio/virtio.ts';

/** Offsets of registers, and bits, as "MMIO Device Register Layout" and "Device Status Field" number them. */
export const REG = {
  magic: 0x000, version: 0x004, device: 0x008, vendor: 0x00c, deviceFeatures: 0x010, deviceFeaturesSel: 0x014, driverFeatures: 0x020,
  driverFeaturesSel: 0x024, queueSel: 0x030, queueNumMax: 0x034, queueNum: 0x038, queueReady: 0x044, queueNotify: 0x050,
  interruptStatus: 0x060, interruptAck: 0x064, status: 0x070, queueDescLow: 0x080, queueDescHigh: 0x084, queueDriverLow: 0x090,
  queueDeviceLow: 0x0a0, shmLenLow: 0x0b0, config: 0x100,
} as const;
export const ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 64;
export const NEXT = 1, WRITE = 2, INDIRECT = 4;
export const F_INDIRECT_DESC = 1 << 28;

export interface Descriptor { readonly address: number | bigint; readonly length: number; readonly flags?: number; readonly next?: number }

/** Where the driver has what it shares with the device of a slot. Buffers lie behind 10000H. */
export const AT = { descriptors: 0x1000, available: 0x2000, used: 0x3000, tables: 0x4000, buffers: 0x1_0000 } as const;
export const MEMORY = 0x10_0000;

export class Driver {
  readonly memory = new Uint8Array(MEMORY);
  readonly view = new DataView(this.memory.buffer);
  readonly virtio: Virtio;
  /** Levels that lines were set to, one behind the other, without repetitions. */
  readonly levels: string[] = [];
  private readonly slot: number;
  private size = 0;
  private made = 0;

  constructor(devices: readonly (VirtioDevice | undefined)[], slot = 0) {
    const { memory } = this;
    this.virtio = new Virtio(devices, {
      size: MEMORY,
      read: (address, length) => {
        assert.ok(address >= 0 && address + length <= MEMORY, `read of ${length} at ${address}`);
        return memory.subarray(address, address + length);
      },
      write: (address, bytes) => {
        assert.ok(address >= 0 && address + bytes.length <= MEMORY, `write of ${bytes.length} at ${address}`);
        memory.set(bytes, address);
      },
    }, (line, asserted) => {
      const level = `${line} ${asserted ? 'up' : 'down'}`;
      if (this.levels.findLast((each) => each.startsWith(`${line} `)) !== level) this.levels.push(level);
    });
    this.slot = slot;
  }

  /** Goes on as another one, whose device was loaded into this one's. */
  follow({ memory, size, made }: Driver): void {
    this.memory.set(memory);
    this.size = size;
    this.made = made;
  }

  get(register: number): number {
    return Number(this.virtio.read(this.slot * VIRTIO.size + register, 4));
  }

  set(register: number, value: number): void {
    this.virtio.write(this.slot * VIRTIO.size + register, BigInt(value >>> 0), 4);
  }

  /** Up to DRIVER_OK, with one queue. Accepts these of the device's features, and VIRTIO_F_VERSION_1. */
  begin(features = 0, { queue = 0, size = 8 } = {}): this {
    this.set(REG.status, 0);
    this.set(REG.status, ACKNOWLEDGE);
    this.set(REG.status, ACKNOWLEDGE | DRIVER);
    this.features(features, 1);
    this.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assert.ok((this.get(REG.status) & FEATURES_OK) !== 0, 'the device takes these features');
    this.queue(queue, size);
    this.set(REG.status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    return this;
  }

  features(low: number, high: number): void {
    for (const [word, value] of [low, high].entries()) {
      this.set(REG.driverFeaturesSel, word);
      this.set(REG.driverFeatures, value);
    }
  }

  queue(queue: number, size: number): void {
    this.size = size;
    this.made = 0;
    this.memory.fill(0, AT.descriptors, AT.tables);
    this.set(REG.queueSel, queue);
    this.set(REG.queueNum, size);
    this.set(REG.queueDescLow, AT.descriptors);
    this.set(REG.queueDriverLow, AT.available);
    this.set(REG.queueDeviceLow, AT.used);
    this.set(REG.queueReady, 1);
  }

  /** Writes a descriptor into the queue's table, or into another one. */
  describe(index: number, { address, length, flags = 0, next = 0 }: Descriptor, table: number = AT.descriptors): void {
    const at = table + 16 * index;
    this.view.setBigUint64(at, BigInt(address), true);
    this.view.setUint32(at + 8, length, true);
    this.view.setUint16(at + 12, flags, true);
    this.view.setUint16(at + 14, next, true);
  }

  /** Makes chains available that begin with these descriptors. */
  offer(...heads: readonly number[]): void {
    for (const head of heads) {
      this.view.setUint16(AT.available + 4 + 2 * (this.made % this.size), head, true);
      this.made += 1;
    }
    this.view.setUint16(AT.available + 2, this.made & 0xffff, true);
  }

  notify(queue = 0): void {
    this.set(REG.queueNotify, queue);
  }

  /** What the device has used: heads of chains, and how much it has written. */
  get used(): readonly (readonly [head: number, written: number])[] {
    const index = this.view.getUint16(AT.used + 2, true);
    return Array.from({ length: Math.min(index, this.size) }, (_, i) => {
      const at = AT.used + 4 + 8 * ((index - Math.min(index, this.size) + i) % this.size);
      return [this.view.getUint32(at, true), this.view.getUint32(at + 4, true)] as const;
    });
  }

  /** One request in two descriptors: bytes for the device, and room for its answer, which is returned. */
  ask(request: Uint8Array, room: number, queue = 0): Uint8Array {
    const answer = AT.buffers + 0x4_0000;
    this.memory.set(request, AT.buffers);
    this.describe(0, { address: AT.buffers, length: request.length, flags: room > 0 ? NEXT : 0, next: 1 });
    this.describe(1, { address: answer, length: room, flags: WRITE });
    this.offer(0);
    this.notify(queue);
    const written = this.used.at(-1)?.[1] ?? 0;
    return this.memory.slice(answer, answer + written);
  }
}
