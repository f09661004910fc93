/**
 * What a machine needs from outside itself. It is passed in: the core names no global, and a test can leave WebAssembly
 * out to see the interpreter take over.
 */
import type { Choice } from '../base/choice.ts';
import type { Tracer } from '../trace/trace.ts';
import type { EventCounts } from '../x86/event.ts';
import type { Attached } from './board/board.ts';

/** How eager a machine is to translate what it runs: of no consequence but for speed. */
export interface Translating {
  /** How often a block is run before it is translated. */
  readonly after: number;
  /** The most translations that are kept. */
  readonly most: number;
  /** The most instructions of one. */
  readonly length: number;
  /** How often one is left by a branch before it is made anew, with what is on other pages. */
  readonly exits: number;
}

/** What follows from the instruction table alone, made when the program was built. It goes with that table, and with no other. */
export interface Prepared {
  /** All variants of 64-bit mode, as they are kept. */
  readonly variants: Uint32Array;
  /** The module of their handlers. */
  handlers(observed: boolean): Uint8Array;
}

/** The WebAssembly of whoever runs the machine. */
export interface WasmHost {
  /** A memory of so many pages of 64 KiB, which never grows. */
  memory(pages: number): { readonly buffer: ArrayBuffer };
  compile(bytes: Uint8Array): unknown;
  /** An instance of a compiled module, by the names of its exports. */
  instantiate(module: unknown, imports: Readonly<Record<string, unknown>>): Readonly<Record<string, (...args: number[]) => number>>;
  /** Without it nothing is translated, and all is interpreted. */
  readonly translating?: Translating;
  /** Without it handlers are made as they are used. */
  readonly prepared?: Prepared | undefined;
}

/** In root mode; by the program, as a user or in its kernel; or by the host in place of an instruction of the program. */
export type Where = 'root' | 'user' | 'kernel' | 'completed';

/**
 * Is told of everything that happens, whether or not a counter counts it: what counters show can then be compared with what
 * was. Of branch predictor and caches it hears what is looked at. `events` is used again after the call.
 */
export interface Ledger {
  add(cpu: number, events: EventCounts, where: Where): void;
  /** Root mode: so many core cycles, reference cycles and instructions, and of other events only what follows from these. */
  spend(cpu: number, cycles: number, ticks: number, instructions: number): void;
}

export type { Attached };

export interface Outside {
  readonly choice: Choice;
  readonly tracer: Tracer;
  /** A byte leaves by the serial port. */
  transmit(byte: number): void;
  /** Without it instructions are interpreted by TypeScript, some fifty times slower, and with the same results. */
  readonly wasm?: WasmHost;
  readonly ledger?: Ledger;
  /** What sits in the virtio slots of a Linux guest's board, which are empty without it. */
  readonly attached?: Attached;
}
