/** Notices a guest that hangs: one of its processors runs on, and takes no interrupt any more. */
import { sceneOf } from '../../lab/scene.ts';
import { machineOf } from './machine.ts';
import type { LinuxWorld } from './subject.ts';

/** Seconds of the guest's time for which a processor may have its interrupts off. Linux's own watchdog waits as long. */
export const PATIENCE = 10;

/** It is asked each `seconds` of the guest's time. */
export class StuckWatch {
  private readonly seconds: number;
  private readonly patience: number;
  private readonly since: number[] = [];

  constructor(seconds: number, patience: number = PATIENCE) {
    this.seconds = seconds;
    this.patience = patience;
  }

  /** The number of a processor that is stuck, or undefined. */
  look(world: LinuxWorld): number | undefined {
    const { cpus, ram } = machineOf(world);
    for (const [i, cpu] of cpus.entries()) {
      const off = !cpu.halted && !cpu.waiting && !sceneOf(cpu, ram).interrupts;
      this.since[i] = off ? (this.since[i] ?? 0) + this.seconds : 0;
      if (this.since[i]! > this.patience) return i;
    }
    return undefined;
  }
}
