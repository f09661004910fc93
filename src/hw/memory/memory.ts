/**
 * What answers at a physical address that is not guest memory: devices in memory, and I/O ports. Where nothing answers,
 * a read gives ones and a write is lost, as on a board whose bus nobody drives.
 */
import { assert } from '../../base/assert.ts';
import type { Width } from '../../x86/registers.ts';

/** A device in a range of physical addresses. `cpu` is the processor that asks: each sees its own local APIC. */
export interface MemoryDevice {
  readonly start: number;
  readonly size: number;
  read(offset: number, width: Width, cpu: number): bigint;
  write(offset: number, value: bigint, width: Width, cpu: number): void;
}

/** A device in a range of I/O ports. */
export interface PortDevice {
  readonly port: number;
  readonly ports: number;
  /** At most four bytes, zero-extended. */
  in(offset: number, width: Width): number;
  out(offset: number, value: number, width: Width): void;
}

/** The buses of a board, as one processor sees them. */
export interface Bus {
  read(address: number, width: Width): bigint;
  write(address: number, value: bigint, width: Width): void;
  in(port: number, width: Width): number;
  out(port: number, value: number, width: Width): void;
}

/** Physical memory as a device reaches it: no processor translates, or is asked. Whoever reads or writes keeps within `size`. */
export interface DeviceMemory {
  /** Bytes of it, from address 0 on. */
  readonly size: number;
  /** To look at until the next write. */
  read(address: number, length: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
}

/** What answers from one address on to before another. They all look alike to V8, which devices do not. */
interface Range<Device> { readonly start: number; readonly end: number; readonly device: Device }

/** All devices of a board. */
export class Devices {
  private readonly memory: Range<MemoryDevice>[] = [];
  private readonly ports: Range<PortDevice>[] = [];

  add(device: MemoryDevice | PortDevice): void {
    if ('port' in device) {
      const { port: start, ports } = device, end = start + ports;
      assert(!this.ports.some((other) => start < other.end && other.start < end), `port ${start} is taken`);
      this.ports.push({ start, end, device });
    } else {
      const { start, size } = device, end = start + size;
      assert(!this.memory.some((other) => start < other.end && other.start < end), `address ${start} is taken`);
      this.memory.push({ start, end, device });
    }
  }

  /** The buses as processor `cpu` sees them. */
  busOf(cpu: number): Bus {
    return {
      read: (address, width) => {
        const found = at(this.memory, address, width);
        return found === undefined ? (1n << BigInt(8 * width)) - 1n : found.device.read(address - found.start, width, cpu);
      },
      write: (address, value, width) => {
        const found = at(this.memory, address, width);
        found?.device.write(address - found.start, value, width, cpu);
      },
      in: (port, width) => {
        const found = at(this.ports, port, 1);
        return found === undefined ? 2 ** (8 * width) - 1 : found.device.in(port - found.start, width);
      },
      out: (port, value, width) => {
        const found = at(this.ports, port, 1);
        found?.device.out(port - found.start, value, width);
      },
    };
  }
}

/** Who answers for all of so many bytes. */
function at<Device>(ranges: readonly Range<Device>[], address: number, bytes: number): Range<Device> | undefined {
  for (let i = 0; i < ranges.length; i += 1) {
    const range = ranges[i]!;
    if (address >= range.start && address + bytes <= range.end) return range;
  }
  return undefined;
}
