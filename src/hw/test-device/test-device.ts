/**
 * The test device of emulators, which test images drive themselves with: a latch at ports, interrupt lines that are set by writing to
 * a port, and memory that is a device. QEMU, "pc-testdev".
 *
 *     E0H, E8H  the latch, 4 bytes      E4H  a page that is unmapped and mapped again      2000H + line  the level of a line
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { Width } from '../../x86/registers.ts';
import type { MemoryDevice, PortDevice } from '../memory/memory.ts';

const LATCH = [0xe0, 0xe8] as const;
const FLUSH = 0xe4;
const LINES = { port: 0x2000, ports: 24 } as const;
const MEMORY = { start: 0xff00_0000, size: 0x1_0000 } as const;

export class TestDevice implements Stateful {
  /** What answers at ports and in memory. */
  readonly devices: readonly (PortDevice | MemoryDevice)[];
  private readonly latch = new Uint8Array(4);
  private readonly memory = new Uint8Array(MEMORY.size);

  /** `setLine` is told what is written to the port of an interrupt line. */
  constructor(setLine: (line: number, asserted: boolean) => void) {
    this.devices = [
      ...LATCH.map((port): PortDevice => ({
        port, ports: 4,
        in: (offset, width) => Number(read(this.latch, offset, width)),
        out: (offset, value, width) => write(this.latch, offset, BigInt(value), width),
      })),
      // Nothing here depends on when a page was mapped.
      { port: FLUSH, ports: 4, in: () => 0, out: () => {} },
      { ...LINES, in: () => 0, out: (line, value, width) => width === 1 && setLine(line, value !== 0) },
      {
        ...MEMORY,
        read: (offset, width) => read(this.memory, offset, width),
        write: (offset, value, width) => write(this.memory, offset, value, width),
      },
    ];
  }

  serialize(s: Serializer): void {
    s.bytes('latch', this.latch);
    s.bytes('memory', this.memory);
  }
}

/** Little-endian; what lies beyond the end reads 0, and is not written. */
function read(bytes: Uint8Array, offset: number, width: Width): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[offset + i] ?? 0);
  return value;
}

function write(bytes: Uint8Array, offset: number, value: bigint, width: Width): void {
  for (let i = 0; i < width && offset + i < bytes.length; i += 1) bytes[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
