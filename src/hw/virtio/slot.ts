/**
 * A virtio device as its driver sees it: a window of registers in memory, queues, and a level of one interrupt line. Virtual I/O Device
 * (VIRTIO) Version 1.2, "Virtio Over MMIO". What kind of device it is, whoever sits in the slot says; an empty slot has device ID 0, at
 * which drivers turn away.
 *
 * Requests are done at once: before the write to QueueNotify has retired, the answer is in memory and the interrupt on its way.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { DeviceMemory } from '../memory/memory.ts';
import { DriverFault, QUEUE_MOST, Virtqueue } from './queue.ts';

/** What sits in a slot. It sees bytes, and neither memory nor queues. */
export interface VirtioDevice {
  /** "Device Types". */
  readonly id: number;
  /** Bits 31:0 of its features: those of its own kind. */
  readonly features: number;
  readonly queues: number;
  readonly config: Uint8Array;
  /** Does one request, and returns the answer, of at most `room` bytes. Throws a DriverFault when no driver may ask so. */
  serve(queue: number, request: Uint8Array, room: number): Uint8Array;
  /** The driver begins anew. What was written stays. */
  reset(): void;
  /** All of its state, as what differs from the beginning: at first nothing. The same state is the same bytes. */
  changes(): Uint8Array;
  /** Makes it what it was when these were its changes. */
  restore(changes: Uint8Array): void;
}

export const SLOT_SIZE = 0x200;
const MOST_QUEUES = 2;
/** "virt". */
const MAGIC = 0x7472_6976;
const VERSION = 2;
/** "vpmu". */
const VENDOR = 0x756d_7076;
/** "MMIO Device Register Layout". The registers of a queue's areas are low words followed by high ones. */
const REG = {
  magic: 0x00, version: 0x04, device: 0x08, vendor: 0x0c, deviceFeatures: 0x10, deviceFeaturesSelect: 0x14, driverFeatures: 0x20,
  driverFeaturesSelect: 0x24, queueSelect: 0x30, queueSizeMost: 0x34, queueSize: 0x38, queueReady: 0x44, notify: 0x50, interrupt: 0x60,
  acknowledge: 0x64, status: 0x70, queueAreas: 0x80, areaStride: 0x10, areasEnd: 0xb0, sharedLength: 0xb0, sharedEnd: 0xc0, config: 0x100,
} as const;
/** "Device Status Field". */
const STATUS = { driverOk: 1 << 2, featuresOk: 1 << 3, needsReset: 1 << 6 } as const;
/** Reasons of an interrupt. */
const REASON = { used: 1 << 0, configuration: 1 << 1 } as const;
/** Of the transport, in the first word; and VIRTIO_F_VERSION_1 in the second. */
const INDIRECT = 1 << 28;
const VERSION_1 = 1 << 0;
const NONE = new Uint8Array();

export class Slot implements Stateful {
  private readonly device: VirtioDevice | undefined;
  private readonly interrupt: (asserted: boolean) => void;
  private readonly queues: readonly Virtqueue[];
  private status = 0;
  private reasons = 0;
  private queueSelect = 0;
  private deviceFeaturesSelect = 0;
  private driverFeaturesSelect = 0;
  /** What the driver has accepted, two words. */
  private readonly accepted = new Uint32Array(2);

  /** `interrupt` is told the level of its interrupt line after whatever may have changed it. */
  constructor(device: VirtioDevice | undefined, memory: DeviceMemory, interrupt: (asserted: boolean) => void) {
    assert((device?.queues ?? 0) <= MOST_QUEUES, 'a slot has queues enough');
    this.device = device;
    this.interrupt = interrupt;
    this.queues = Array.from({ length: MOST_QUEUES }, () => new Virtqueue(memory));
  }

  serialize(s: Serializer): void {
    this.status = s.u8('status', this.status);
    this.reasons = s.u8('reasons', this.reasons);
    this.queueSelect = s.u32('queueSelect', this.queueSelect);
    this.deviceFeaturesSelect = s.u32('deviceFeaturesSelect', this.deviceFeaturesSelect);
    this.driverFeaturesSelect = s.u32('driverFeaturesSelect', this.driverFeaturesSelect);
    s.words('accepted', this.accepted);
    s.parts('queue', this.queues);
    const kept = s.sized('changes', this.device?.changes() ?? NONE);
    if (!s.loading) return;
    assert(this.device !== undefined || kept.length === 0, 'an empty slot has no changes');
    this.device?.restore(kept);
  }

  /** Registers are words; only a device's configuration may be read by bytes too. Other accesses see zeros. */
  read(offset: number, width: Width): bigint {
    if (offset >= REG.config) return this.configuration(offset - REG.config, width);
    return width === 4 ? BigInt(this.register(offset) >>> 0) : 0n;
  }

  /** Limit: no device here has a configuration that its driver writes. */
  write(offset: number, value: number, width: Width): void {
    if (width !== 4 || this.device === undefined) return;
    this.setRegister(offset, value, this.device);
    this.interrupt(this.reasons !== 0);
  }

  private configuration(at: number, width: Width): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 1) value |= BigInt(this.device?.config[at + i] ?? 0) << BigInt(8 * i);
    return value;
  }

  private register(offset: number): number {
    switch (offset) {
      case REG.magic: return MAGIC;
      case REG.version: return VERSION;
      case REG.device: return this.device?.id ?? 0;
      case REG.vendor: return VENDOR;
      case REG.deviceFeatures: return this.offered(this.deviceFeaturesSelect);
      case REG.queueSizeMost: return this.selected === undefined ? 0 : QUEUE_MOST;
      case REG.queueReady: return this.selected?.ready ? 1 : 0;
      case REG.interrupt: return this.reasons;
      case REG.status: return this.status;
      // There is no shared memory: length and place of one that does not exist are ones.
      default: return offset >= REG.sharedLength && offset < REG.sharedEnd ? -1 : 0;
    }
  }

  private setRegister(offset: number, value: number, device: VirtioDevice): void {
    switch (offset) {
      case REG.deviceFeaturesSelect: this.deviceFeaturesSelect = value; break;
      case REG.driverFeaturesSelect: this.driverFeaturesSelect = value; break;
      case REG.driverFeatures: this.accept(value); break;
      case REG.queueSelect: this.queueSelect = value; break;
      case REG.queueSize: this.configure((queue) => void (queue.size = value > QUEUE_MOST ? 0 : value)); break;
      case REG.queueReady: this.setReady((value & 1) !== 0); break;
      case REG.notify: this.serve(value, device); break;
      case REG.acknowledge: this.reasons &= ~value; break;
      case REG.status: this.setStatus(value & 0xff, device); break;
      default: if (offset >= REG.queueAreas && offset < REG.areasEnd) this.setArea(offset - REG.queueAreas, value);
    }
  }

  /** Two words: those of its kind and of this transport, and that it is of the specification's first version or later. */
  private offered(word: number): number {
    if (word === 0) return (this.device?.features ?? 0) | INDIRECT;
    return word === 1 ? VERSION_1 : 0;
  }

  /** The driver accepts a word of features, until it has said that these are all. */
  private accept(value: number): void {
    if ((this.status & STATUS.featuresOk) === 0 && this.driverFeaturesSelect < 2) this.accepted[this.driverFeaturesSelect] = value;
  }

  /** All that was accepted was offered, and no driver is older than the specification. */
  private get agreed(): boolean {
    return this.accepted.every((word, i) => (word & ~this.offered(i)) === 0) && (this.accepted[1]! & VERSION_1) !== 0;
  }

  private setStatus(value: number, device: VirtioDevice): void {
    if (value === 0) return this.reset(device);
    const refused = (value & STATUS.featuresOk) !== 0 && !this.agreed ? STATUS.featuresOk : 0;
    this.status = (value & ~refused & ~STATUS.needsReset) | (this.status & STATUS.needsReset);
  }

  private reset(device: VirtioDevice): void {
    this.status = 0;
    this.reasons = 0;
    this.queueSelect = 0;
    this.deviceFeaturesSelect = 0;
    this.driverFeaturesSelect = 0;
    this.accepted.fill(0);
    for (const queue of this.queues) queue.reset();
    device.reset();
  }

  private get selected(): Virtqueue | undefined {
    return this.queueSelect < (this.device?.queues ?? 0) ? this.queues[this.queueSelect] : undefined;
  }

  /** A queue that is ready stays as it is. */
  private configure(set: (queue: Virtqueue) => void): void {
    const { selected } = this;
    if (selected !== undefined && !selected.ready) set(selected);
  }

  private setArea(offset: number, value: number): void {
    const area = Math.floor(offset / REG.areaStride), half = (offset % REG.areaStride) / 4;
    if (half === 0 || half === 1) this.configure((queue) => void (queue.areas[2 * area + half] = value));
  }

  private setReady(ready: boolean): void {
    const { selected } = this;
    if (selected === undefined) return;
    if (!ready) selected.ready = false;
    else if (!selected.ready) this.guard(() => selected.enable());
  }

  /** Does all that waits in a queue: what the driver adds meanwhile, by having its own ring overwritten, waits for the next time. */
  private serve(index: number, device: VirtioDevice): void {
    const queue = index < device.queues ? this.queues[index] : undefined;
    if (queue === undefined || !queue.ready || (this.status & (STATUS.driverOk | STATUS.needsReset)) !== STATUS.driverOk) return;
    this.guard(() => {
      for (let left = queue.waiting; left > 0; left -= 1) {
        const chain = queue.take((this.accepted[0]! & INDIRECT) !== 0);
        const answer = device.serve(index, chain.request, chain.room);
        assert(answer.length <= chain.room, 'an answer fits the room for it');
        queue.give(chain, answer);
        if (queue.interrupts) this.reasons |= REASON.used;
      }
    });
  }

  /** "A device SHOULD set DEVICE_NEEDS_RESET when it enters an error state": after that it does nothing until it is reset. */
  private guard(body: () => void): void {
    try {
      body();
    } catch (fault) {
      if (!(fault instanceof DriverFault)) throw fault;
      this.status |= STATUS.needsReset;
      if ((this.status & STATUS.driverOk) !== 0) this.reasons |= REASON.configuration;
    }
  }
}
