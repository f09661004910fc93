/** Scenarios, and the hash of the state that each ends in: what must be the same in every engine that runs JavaScript and WebAssembly. */
import { FIRST } from '../../src/base/choice.ts';
import type { WasmHost } from '../../src/hw/outside.ts';
import { open } from '../../src/lab/experiment.ts';
import { HOSTED_SCENARIOS, SCENARIOS } from '../../src/lab/scenarios.ts';
import { NO_TRACE } from '../../src/trace/trace.ts';

/** By the scenario's name. `wasm` is the engine's own. */
export function hashesOf(wasm: WasmHost): Record<string, string> {
  // Translated early, so that much of it is.
  const eager = { ...wasm, translating: { after: 50, most: 2000, length: 256, exits: 1000 } };
  return Object.fromEntries([...SCENARIOS, ...HOSTED_SCENARIOS].map(([name, scenario]) => [
    name, open(scenario, { choice: FIRST, tracer: NO_TRACE, transmit: () => {}, wasm: eager }).run().hash,
  ]));
}
