/**
 * The interpreter in WebAssembly, ready to run: a loop, and handlers that it finds in a table. Handlers are prepared when the program is
 * built, or else written when their variants are used first, a few at once, for all machines of the process, and after some such modules
 * all that are left. Loop and handlers exist twice: those of the second kind tell what branches and memory accesses they make.
 */
import { assert } from '../../../base/assert.ts';
import { GP } from '../../../x86/fault.ts';
import type { Variants } from '../../../x86/isa/variant.ts';
import type { WasmHost } from '../../outside.ts';
import type { Blocks } from '../blocks.ts';
import type { Books } from '../books.ts';
import { GuestFault, READ } from '../guest-fault.ts';
import type { Engine } from '../interpreter.ts';
import { CPU, type Layout, STATUS, type Status } from '../layout.ts';
import type { LinearMemory } from '../memory.ts';
import type { Observation } from '../observation.ts';
import type { Registers } from '../registers.ts';
import { type CodeTable, Translator } from '../translate/translate.ts';
import { handlersModule, loopModule } from './dispatch.ts';
import { accessAlignment, accessKind, accessWidth } from './emitter.ts';

/** What belongs to each processor, by the address of its block. */
export type Processors = ReadonlyMap<number, Owned>;

export interface Owned {
  readonly memory: LinearMemory;
  readonly observation: Observation;
  readonly registers: Registers;
  readonly books: Books;
}

/** An integer of 32 bits V8 finds without a call. */
const ownerOf = (processors: Processors, cpu: number): Owned => processors.get(cpu | 0)!;

/** What is compiled for all machines of a host. */
interface Compiled {
  /** By place of the blocks. */
  readonly loops: Map<number, unknown>;
  /** Handlers of variants, each module up to the variant where the next one begins. */
  readonly handlers: { readonly module: unknown; readonly end: number }[];
}

const compiledFor = new WeakMap<WasmHost, readonly [plain: Compiled, observed: Compiled]>();

/** A process that has so many modules runs something large, for which one with all that is left is cheaper than hundreds more. */
const SMALL_MODULES = 16;

function compiled(wasm: WasmHost, observed: boolean): Compiled {
  const make = (): Compiled => ({ loops: new Map(), handlers: [] });
  const known = compiledFor.get(wasm) ?? [make(), make()];
  compiledFor.set(wasm, known);
  return known[observed ? 1 : 0];
}

type Run = (cpu: number, translates: 0 | 1) => Status;

/** The loop, for processors that are observed or those that are not. */
class Loop {
  private readonly wasm: WasmHost;
  private readonly variants: Variants;
  private readonly observed: boolean;
  private readonly compiled: Compiled;
  /** What other modules import: memory, callbacks, and what the loop's module exports, among which is a quicker `fill`. */
  readonly imports: Readonly<Record<string, unknown>>;
  private readonly loop: Run;
  /** Where the loop finds translations. */
  readonly translations: CodeTable;
  /** How many variants have their handlers. */
  private handled = 0;

  constructor(wasm: WasmHost, memory: unknown, layout: Layout, variants: Variants, observed: boolean, called: Callbacks) {
    this.wasm = wasm;
    this.variants = variants;
    this.observed = observed;
    this.compiled = compiled(wasm, observed);
    const { loops } = this.compiled;
    const module = loops.get(layout.blocks) ?? wasm.compile(loopModule(layout, observed));
    loops.set(layout.blocks, module);
    const exports = wasm.instantiate(module, { env: { memory, ...called } });
    const { run, translations } = exports;
    assert(run !== undefined, 'the module exports its run loop');
    this.loop = run as Run;
    this.translations = translations as unknown as CodeTable;
    this.imports = { env: { memory, ...called, ...exports } };
  }

  run(cpu: number, translates: 0 | 1): Status {
    if (this.handled < this.variants.all.length) this.grow();
    return this.loop(cpu, translates);
  }

  private grow(): void {
    const { handlers } = this.compiled;
    if (handlers.length >= SMALL_MODULES) this.variants.complete();
    const { length } = this.variants.all;
    const compiledEnd = handlers.at(-1)?.end ?? 0;
    if (compiledEnd < length) {
      const { wasm, observed } = this;
      // Those that are prepared are all that there are, and come first.
      const prepared = compiledEnd === 0 ? wasm.prepared?.handlers(observed) : undefined;
      const module = wasm.compile(prepared ?? handlersModule(this.variants.all.slice(compiledEnd), observed));
      handlers.push({ module, end: length });
    }
    for (const { module, end } of handlers) if (end > this.handled) this.wasm.instantiate(module, this.imports);
    this.handled = length;
  }
}

/** `legacy` runs what is not 64-bit mode. What is translated is translated from `blocks`. */
export function wasmEngine(
  wasm: WasmHost, memory: unknown, layout: Layout, variants: Variants, processors: Processors, legacy: Engine, blocks: Blocks,
): Engine {
  const called = callbacks(processors, layout);
  const loop = (observed: boolean): Loop => new Loop(wasm, memory, layout, variants, observed, called);
  const plain = loop(false);
  // Few machines ever observe, so the second loop waits until one does.
  let observing: Loop | undefined;
  const loopOf = (observed: boolean): Loop => (observed ? observing ??= loop(true) : plain);
  const translator = wasm.translating && new Translator({ wasm, loopOf }, layout, blocks, variants, wasm.translating);
  return {
    run(cpu, observed) {
      const { memory: linear, registers, books } = ownerOf(processors, cpu);
      if (registers.mode.legacy) return legacy.run(cpu, observed);
      const chosen = loopOf(observed);
      // An emulator's instruction is one, and counted in all that it does.
      if (translator === undefined || books.unseen) return chosen.run(cpu, 0);
      translator.count(books.counted);
      for (;;) {
        const status = chosen.run(cpu, 1);
        if (status === STATUS.hot) translator.translate(linear, registers.rip, observed);
        else if (status !== STATUS.left) return status;
        else {
          translator.left(linear, registers.rip, cpu);
          if (books.left <= 0) return STATUS.budget;
        }
      }
    },
  };
}

type Callbacks = Readonly<Record<string, (...args: number[]) => number | undefined>>;

function callbacks(processors: Processors, layout: Layout): Callbacks {
  const of = (cpu: number | undefined): Owned => ownerOf(processors, cpu!);
  return {
    fill(cpu, code) {
      const { memory, books } = of(cpu);
      const low = memory.view.getUint32(cpu! + CPU.address, true), high = memory.view.getUint32(cpu! + CPU.address + 4, true);
      const inPage = low & 0xfff, width = accessWidth(code!);
      if (inPage % accessAlignment(code!) !== 0) return STATUS.assist;
      try {
        if (inPage + width > 0x1000) {
          const copies = accessKind(code!) === READ && !books.observed;
          return copies && memory.readAcross(low, high, width) ? STATUS.across : STATUS.assist;
        }
        return memory.fill(low, high, accessKind(code!), GP) ? STATUS.next : STATUS.assist;
      } catch (fault) {
        if (fault instanceof GuestFault) return STATUS.assist;
        throw fault;
      }
    },
    missed(cpu, host) {
      of(cpu).observation.missed(host! - layout.ram);
      return undefined;
    },
  };
}
