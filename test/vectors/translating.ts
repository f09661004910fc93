/** WebAssembly for a machine that translates each instruction alone, before it is run first. */
import { nodeWasm } from '../../src/cli/wasm.ts';
import type { WasmHost } from '../../src/hw/outside.ts';

export const TRANSLATING: WasmHost = { ...nodeWasm, translating: { after: 1, most: 100, length: 1, exits: 1_000_000 } };
