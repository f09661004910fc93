/**
 * What a machine needs from outside itself. It is passed in: the core names no global, and a test can leave WebAssembly
 * out to see the interpreter take over.
 */
import type { Choice } from '../base/choice.ts';
import type { Tracer } from '../trace/trace.ts';

/** The WebAssembly of whoever runs the machine. */
export interface WasmHost {
  /** A memory of so many pages of 64 KiB, which never grows. */
  memory(pages: number): { readonly buffer: ArrayBuffer };
  compile(bytes: Uint8Array): unknown;
  /** An instance of a compiled module, by the names of its exports. */
  instantiate(module: unknown, imports: Readonly<Record<string, unknown>>): Readonly<Record<string, (...args: number[]) => number>>;
}

export interface Outside {
  readonly choice: Choice;
  readonly tracer: Tracer;
  /** A byte leaves by the serial port. */
  transmit(byte: number): void;
  /** Without it instructions are interpreted by TypeScript, some fifty times slower, and with the same results. */
  readonly wasm?: WasmHost;
}
