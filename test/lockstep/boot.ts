/** A kernel's boot in our machine and in QEMU at once. */
import { FIRST } from '../../src/base/choice.ts';
import { nodeWasm } from '../../src/cli/wasm.ts';
import { linuxImage } from '../../src/lab/linux.ts';
import { parseScenario } from '../../src/lab/scenario.ts';
import { World } from '../../src/lab/world.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import type { Agreement } from './lockstep.ts';
import { together } from './together.ts';

const MIB = 512;
const COMMAND_LINE = 'console=ttyS0 panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=1 quiet';
const SCENARIO = parseScenario({
  name: 'linux', machine: { memory: MIB }, program: { kind: 'linux', commandLine: COMMAND_LINE, protocol: 'pvh' },
});

/** The kernel's first instructions, so many of them. */
export function bootTogether(kernel: Uint8Array, initrd: Uint8Array | undefined, instructions: number): Promise<Agreement> {
  const image = linuxImage(SCENARIO, { kernel, initrd });
  const outside = { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: nodeWasm };
  return together(image, MIB, () => new World(SCENARIO, outside, image).machine, instructions);
}
