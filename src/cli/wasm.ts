/** The WebAssembly of Node, as a machine wants it. */
import type { WasmHost } from '../hw/outside.ts';
import './v8-flags.ts';
import { readPrepared } from './prepared.ts';

/** What Node provides without declaring it to TypeScript unless DOM types are there too. */
interface Provided {
  Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => unknown;
  Instance: new (module: unknown, imports: unknown) => { readonly exports: Readonly<Record<string, (...args: number[]) => number>> };
}

const provided = (globalThis as unknown as { WebAssembly: Provided }).WebAssembly;

export const nodeWasm: WasmHost = {
  prepared: readPrepared(new URL('./', import.meta.url)),
  // A translation takes a millisecond or two, and saves a tenth of a microsecond each time it is run. One of several pages takes
  // twenty, with all that V8 does for it, and saves thirty nanoseconds each time that it is not left.
  translating: { after: 12_000, most: 2000, length: 256, exits: 1_000_000 },
  memory: (pages) => new provided.Memory({ initial: pages, maximum: pages }),
  compile: (bytes) => new provided.Module(bytes),
  instantiate: (module, imports) => new provided.Instance(module, imports).exports,
};
