/** The processors of a Linux guest and its memory, on its own machine or in a virtual one: to look at. */
import type { Seen } from '../../lab/scene.ts';
import { World } from '../../lab/world.ts';
import type { LinuxWorld } from './subject.ts';

export interface GuestMachine {
  /** Its own, and those of the machine, which tracepoints name. */
  readonly cpus: readonly Seen[];
  readonly hardware: readonly Seen[];
  readonly ram: Uint8Array;
}

/** Limit: of a virtual processor that shares its CPU with another one, these are the registers of whoever ran there last. */
export function machineOf(world: LinuxWorld): GuestMachine {
  if (world instanceof World) return { cpus: world.machine.cpus, hardware: world.machine.cpus, ram: world.machine.ram };
  const { machine: { cpus: hardware }, vcpus } = world.world;
  const cpus = vcpus.map(({ id, cpu, halted }): Seen => ({ id, registers: hardware[cpu.id]!.registers, halted, waiting: false }));
  return { cpus, hardware, ram: world.world.memoryOf(0) };
}
