/**
 * The firmware configuration of emulators, as far as test images look: how many processors there are, and how much memory. An item is
 * selected by a word, and read byte by byte. QEMU, "QEMU Firmware Configuration (fw_cfg) Device".
 *
 * Limit: no files, and no access by DMA.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { PortDevice } from '../memory/memory.ts';

/** Items, by their selector. */
const ITEM = { signature: 0x00, interface: 0x01, memory: 0x03, processors: 0x05, mostProcessors: 0x0f } as const;
const SIGNATURE = 'QEMU';
/** The interface that everybody has: selector and data. */
const TRADITIONAL = 1;

export interface FirmwareFacts {
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}

export class FirmwareConfig implements PortDevice, Stateful {
  readonly port = 0x510;
  readonly ports = 2;
  private readonly items: ReadonlyMap<number, Uint8Array>;
  private selector = 0;
  /** Of the next byte in the item. */
  private offset = 0;

  constructor({ cpus, memory }: FirmwareFacts) {
    this.items = new Map<number, Uint8Array>([
      [ITEM.signature, Uint8Array.from(SIGNATURE, (letter) => letter.charCodeAt(0))],
      [ITEM.interface, littleEndian(TRADITIONAL, 4)], [ITEM.memory, littleEndian(memory, 8)],
      [ITEM.processors, littleEndian(cpus, 2)], [ITEM.mostProcessors, littleEndian(cpus, 2)],
    ]);
  }

  serialize(s: Serializer): void {
    this.selector = s.u16('selector', this.selector);
    this.offset = s.count('offset', this.offset);
  }

  /** The next byte of the item, and zeros behind its end. A selector cannot be read: either port gives data. */
  in(): number {
    const byte = this.items.get(this.selector)?.[this.offset] ?? 0;
    this.offset += 1;
    return byte;
  }

  /** Only a word selects. */
  out(offset: number, value: number, width: Width): void {
    if (offset !== 0 || width !== 2) return;
    this.selector = value;
    this.offset = 0;
  }
}

function littleEndian(value: number, bytes: number): Uint8Array {
  const all = new Uint8Array(8);
  new DataView(all.buffer).setBigUint64(0, BigInt(value), true);
  return all.subarray(0, bytes);
}
