/** A system test on our machine: what it wrote to the serial port, and how it ended. */
import type { Cycles } from '../../src/base/units.ts';
import { UNIT_TIMING } from '../../src/hw/cpu/timing.ts';
import { Machine } from '../../src/hw/machine.ts';
import { GENERIC } from '../../src/hw/model.ts';
import { MODELS } from '../../src/hw/models.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { boot } from '../../src/lab/boot.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';
import { ORIGIN } from './program.ts';

const MEMORY_SIZE = 64 << 20;
/** No program takes nearly as long. */
const LIMIT = 2_000_000_000;

/** The last line of a text, after what was logged: both machines say in the same words how it ended. */
export const ENDED = '== the program ended\n';
export const RESET = '== triple fault\n';

/** `extended`: the processor has x86-64-v2 and XSAVE. */
export function runProgram(bytes: Uint8Array, wasm: WasmHost | undefined, extended = false): string {
  const text: string[] = [];
  const perfmon = {
    version: 0, generalCounters: 0, generalWidth: 48, fixedCounters: 0, fixedWidth: 48, fullWidthWrites: false, unavailableEvents: 0,
    anyThreadDeprecated: false, tsx: false,
  };
  const transmit = (byte: number): void => void text.push(String.fromCharCode(byte));
  const machine = new Machine(
    {
      cpus: 1, memory: MEMORY_SIZE, model: extended ? MODELS.skylake.cpu : GENERIC, perfmon, skid: 0, masksPmi: true, timing: UNIT_TIMING,
      quantum: 1000,
    },
    { choice: { pick: () => 0 }, tracer: NO_TRACE, transmit, ...(wasm ? { wasm } : {}) },
  );
  machine.poke(ORIGIN, bytes);
  boot(machine, { entry: BigInt(ORIGIN) });
  const outcome = machine.run(LIMIT as Cycles);
  if (outcome?.kind === 'exit' && outcome.code === 0) text.push(ENDED);
  else if (outcome?.kind === 'triple fault') text.push(RESET);
  else text.push(`== ${outcome === undefined ? 'no end' : outcome.kind}\n`);
  return text.join('');
}
