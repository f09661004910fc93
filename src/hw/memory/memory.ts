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

/** All devices of a board. */
export class Devices {
  private readonly memory: MemoryDevice[] = [];
  private readonly ports: PortDevice[] = [];

  add(device: MemoryDevice | PortDevice): void {
    if ('port' in device) {
      const { port, ports } = device;
      const taken = this.ports.some((other) => port < other.port + other.ports && other.port < port + ports);
      assert(!taken, `port ${port} is taken`);
      this.ports.push(device);
    } else {
      const { start, size } = device;
      const taken = this.memory.some((other) => start < other.start + other.size && other.start < start + size);
      assert(!taken, `address ${start} is taken`);
      this.memory.push(device);
    }
  }

  /** The buses as processor `cpu` sees them. */
  busOf(cpu: number): Bus {
    return {
      read: (address, width) => {
        const device = this.at(address, width);
        return device ? device.read(address - device.start, width, cpu) : (1n << BigInt(8 * width)) - 1n;
      },
      write: (address, value, width) => {
        const device = this.at(address, width);
        device?.write(address - device.start, value, width, cpu);
      },
      in: (port, width) => {
        const device = this.behind(port);
        return device ? device.in(port - device.port, width) : 2 ** (8 * width) - 1;
      },
      out: (port, value, width) => {
        const device = this.behind(port);
        device?.out(port - device.port, value, width);
      },
    };
  }

  private at(address: number, width: number): MemoryDevice | undefined {
    return this.memory.find(({ start, size }) => address >= start && address + width <= start + size);
  }

  private behind(port: number): PortDevice | undefined {
    return this.ports.find((device) => port >= device.port && port < device.port + device.ports);
  }
}
