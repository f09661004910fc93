/** An image in our machine and in QEMU at once, from its first instruction on. */
import type { Image } from '../../src/guest/image.ts';
import type { Machine } from '../../src/hw/machine.ts';
import { ROM, rom } from './firmware.ts';
import { type Agreement, Lockstep } from './lockstep.ts';
import { runQemu } from './qemu.ts';

/** What is entered in 32-bit protected mode. */
export type Start = Pick<Image, 'segments' | 'entry' | 'startInfo'>;

/**
 * Its first instructions, so many of them. `newMachine` makes one of so many MiB with the image in it, about to be entered. Throws
 * when QEMU ends before.
 */
export async function together(image: Start, mib: number, newMachine: () => Machine, instructions: number): Promise<Agreement> {
  const quiet: bigint[] = [];
  for (;;) {
    const machine = newMachine();
    machine.poke(ROM.at, rom(image));
    const lockstep = new Lockstep(machine, instructions, quiet);
    const ended = await runQemu(image, mib, lockstep, quiet);
    if (ended !== undefined) throw new Error(`QEMU has ended: ${ended}`);
    const { agreement } = lockstep;
    if (agreement.tedious === undefined) return agreement;
    // Once more from the start, past it.
    quiet.push(agreement.tedious);
  }
}
