/**
 * A disk: reads, writes, flushes, and tells its serial number. Virtual I/O Device (VIRTIO) Version 1.2, "Block Device".
 *
 * The image that it was made of stays as it is: what is written lies beside it.
 */
import type { VirtioDevice } from '../virtio/virtio.ts';
import { DriverFault } from '../virtio/virtio.ts';
import { Overlay } from './overlay.ts';

export interface Disk {
  /** A multiple of SECTOR. Nobody may change it. */
  readonly bytes: Uint8Array;
  readonly readOnly: boolean;
  /** At most 20 letters of ASCII. */
  readonly serial: string;
}

export const SECTOR = 512;
const DEVICE_ID = 2;
/** Feature bits: the most bytes of a segment, the most segments of a request, no writes, the size of a block, and flushes. */
const FEATURE = { sizeMost: 1 << 1, segmentsMost: 1 << 2, readOnly: 1 << 5, blockSize: 1 << 6, flush: 1 << 9 } as const;
/** What these say: 126 segments of 256 KiB are less than a chain may have, and two descriptors are left for header and status. */
const SEGMENT = { bytes: 256 << 10, count: 126 } as const;
const CONFIG = { size: 60, capacity: 0, sizeMost: 8, segmentsMost: 12, blockSize: 20 } as const;
const REQUEST = { read: 0, write: 1, flush: 4, id: 8 } as const;
const STATUS = { ok: 0, ioError: 1, unsupported: 2 } as const;
/** Type, a reserved word, and the first sector. */
const HEADER = 16;
const ID = 20;
const NONE = new Uint8Array();

export class Block implements VirtioDevice {
  readonly id = DEVICE_ID;
  readonly features: number;
  readonly queues = 1;
  readonly config = new Uint8Array(CONFIG.size);
  private readonly readOnly: boolean;
  private readonly serial: string;
  private readonly overlay: Overlay;

  constructor({ bytes, readOnly, serial }: Disk) {
    this.readOnly = readOnly;
    this.serial = serial;
    this.overlay = new Overlay(bytes);
    const { sizeMost, segmentsMost, blockSize, flush } = FEATURE;
    this.features = sizeMost | segmentsMost | blockSize | flush | (readOnly ? FEATURE.readOnly : 0);
    const view = new DataView(this.config.buffer);
    view.setBigUint64(CONFIG.capacity, BigInt(bytes.length / SECTOR), true);
    view.setUint32(CONFIG.sizeMost, SEGMENT.bytes, true);
    view.setUint32(CONFIG.segmentsMost, SEGMENT.count, true);
    view.setUint32(CONFIG.blockSize, SECTOR, true);
  }

  /** What the disk holds now; undefined when nothing was written. */
  get written(): Uint8Array | undefined {
    return this.overlay.isEmpty ? undefined : this.overlay.whole();
  }

  /** The last byte of the answer is the status. */
  serve(_queue: number, request: Uint8Array, room: number): Uint8Array {
    if (request.length < HEADER || room < 1) throw new DriverFault(`a request of ${request.length} bytes with room for ${room}`);
    const view = new DataView(request.buffer, request.byteOffset, HEADER);
    const at = Number(view.getBigUint64(8, true)) * SECTOR;
    switch (view.getUint32(0, true)) {
      case REQUEST.read: return this.read(at, room - 1);
      case REQUEST.write: return answer(NONE, this.write(at, request.subarray(HEADER)));
      // What is written is kept at once.
      case REQUEST.flush: return answer(NONE, STATUS.ok);
      case REQUEST.id: return room - 1 < ID ? failed(room - 1, STATUS.ioError) : answer(this.identity(room - 1), STATUS.ok);
      default: return failed(room - 1, STATUS.unsupported);
    }
  }

  private read(at: number, length: number): Uint8Array {
    return this.covers(at, length) ? answer(this.overlay.read(at, length), STATUS.ok) : failed(length, STATUS.ioError);
  }

  private write(at: number, bytes: Uint8Array): number {
    if (this.readOnly || !this.covers(at, bytes.length)) return STATUS.ioError;
    this.overlay.write(at, bytes);
    return STATUS.ok;
  }

  private covers(at: number, length: number): boolean {
    return length % SECTOR === 0 && at + length <= this.overlay.size;
  }

  /** Zeros fill it up. */
  private identity(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (const [i, letter] of [...this.serial].entries()) bytes[i] = letter.charCodeAt(0);
    return bytes;
  }

  reset(): void {}

  changes(): Uint8Array {
    return this.overlay.changes();
  }

  restore(changes: Uint8Array): void {
    this.overlay.restore(changes);
  }
}

function answer(bytes: Uint8Array, status: number): Uint8Array {
  const whole = new Uint8Array(bytes.length + 1);
  whole.set(bytes);
  whole[bytes.length] = status;
  return whole;
}

/** The status stands behind the data, also where there is none. */
const failed = (length: number, status: number): Uint8Array => answer(new Uint8Array(length), status);
