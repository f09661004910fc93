/**
 * The board's virtio devices: slots one behind the other in memory, each with an interrupt line of its own. A board that has slots has
 * all of them, so that what firmware tells of them does not depend on what sits there.
 */
import { assert } from '../../base/assert.ts';
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { DeviceMemory, MemoryDevice } from '../memory/memory.ts';
import { SLOT_SIZE, Slot, type VirtioDevice } from './slot.ts';

export { DriverFault } from './queue.ts';
export type { VirtioDevice } from './slot.ts';

/** Slot i has the registers from `address` + i * `size` on, and line `line` + i of the I/O APIC, which is level-triggered. */
export const VIRTIO = { address: 0xfeb0_0000, size: SLOT_SIZE, slots: 8, line: 16 } as const;

export class Virtio implements MemoryDevice, Stateful {
  readonly start = VIRTIO.address;
  readonly size = VIRTIO.slots * VIRTIO.size;
  private readonly slots: readonly Slot[];

  /** The first devices sit in the first slots. `setLine` is told the level of a line after whatever may have changed it. */
  constructor(devices: readonly (VirtioDevice | undefined)[], memory: DeviceMemory, setLine: (line: number, asserted: boolean) => void) {
    assert(devices.length <= VIRTIO.slots, `${devices.length} devices in ${VIRTIO.slots} slots`);
    this.slots = Array.from({ length: VIRTIO.slots }, (_, i) =>
      new Slot(devices[i], memory, (asserted) => setLine(VIRTIO.line + i, asserted)));
  }

  serialize(s: Serializer): void {
    s.parts('slot', this.slots);
  }

  read(offset: number, width: Width): bigint {
    return this.at(offset).read(offset % VIRTIO.size, width);
  }

  write(offset: number, value: bigint, width: Width): void {
    this.at(offset).write(offset % VIRTIO.size, Number(BigInt.asUintN(32, value)), width);
  }

  private at(offset: number): Slot {
    return this.slots[Math.floor(offset / VIRTIO.size)]!;
  }
}
