/** A kernel's boot in our machine and in QEMU at once. */
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { ROM, rom } from './firmware.ts';
import { type Agreement, Lockstep } from './lockstep.ts';
import { runQemu } from './qemu.ts';

const MIB = 512;
const COMMAND_LINE = 'console=ttyS0 panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet';
const SCENARIO = parseScenario({
  name: 'linux', machine: { memory: MIB }, program: { kind: 'linux', commandLine: COMMAND_LINE, protocol: 'pvh' },
});

/** The kernel's first instructions, so many of them. Throws when QEMU ends before. */
export async function bootTogether(kernel: Uint8Array, initrd: Uint8Array, instructions: number): Promise<Agreement> {
  const image = linuxImage(SCENARIO, { kernel, initrd });
  const quiet: bigint[] = [];
  for (;;) {
    const { machine } = new World(SCENARIO, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm }, image);
    machine.poke(ROM.at, rom(image));
    const lockstep = new Lockstep(machine, instructions, quiet);
    const ended = await runQemu(image, MIB, lockstep, quiet);
    if (ended !== undefined) throw new Error(`QEMU has ended: ${ended}`);
    const { agreement } = lockstep;
    if (agreement.tedious === undefined) return agreement;
    // Once more from the start, past it.
    quiet.push(agreement.tedious);
  }
}
