/** The code that our machine has just run, to say what it was. */
import type { Cpu } from '../../src/hw/cpu/cpu.ts';
import { FETCH, GuestFault } from '../../src/hw/cpu/guest-fault.ts';
import type { Machine } from '../../src/hw/machine.ts';
import { type Decoded, Decoder, MAX_LENGTH } from '../../src/x86/isa/decode.ts';
import { disassemble } from '../../src/x86/isa/disassemble.ts';

export class Code {
  private readonly machine: Machine;
  private readonly cpu: Cpu;
  private readonly decoder: Decoder;

  constructor(machine: Machine) {
    this.machine = machine;
    [this.cpu] = machine.cpus as readonly [Cpu];
    this.decoder = new Decoder(this.cpu.features);
  }

  /** The instruction there; undefined where nothing is mapped any more. */
  at(address: bigint): Decoded | undefined {
    const bytes = new Uint8Array(MAX_LENGTH);
    const length = bytes.findIndex((_, i) => {
      const byte = this.byte(address + BigInt(i));
      bytes[i] = byte ?? 0;
      return byte === undefined;
    });
    const decoded = this.decoder.decode(bytes, 0, length === -1 ? MAX_LENGTH : length, this.cpu.registers.mode.bits);
    return typeof decoded === 'string' ? undefined : decoded;
  }

  text(address: bigint): string {
    const decoded = this.at(address);
    return `at ${address.toString(16)}: ${decoded === undefined ? 'no longer there' : disassemble(decoded, address)}`;
  }

  private byte(address: bigint): number | undefined {
    const { cpu, machine } = this;
    try {
      return machine.ram[cpu.memory.physical(address, FETCH)];
    } catch (fault) {
      if (fault instanceof GuestFault) return undefined;
      throw fault;
    }
  }
}
