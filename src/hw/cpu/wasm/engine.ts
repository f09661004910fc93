/**
 * The interpreter in WebAssembly, ready to run: two modules, one of which tells what branches and memory accesses it
 * makes. The modules are the same for all machines and are written once.
 */
import { assert } from '../../../base/assert.ts';
import { GP } from '../../../x86/fault.ts';
import type { Variants } from '../../../x86/isa/variant.ts';
import type { WasmHost } from '../../outside.ts';
import { GuestFault } from '../guest-fault.ts';
import type { Engine } from '../interpreter.ts';
import { CPU, type Layout, RECORD, STATUS, type Status } from '../layout.ts';
import type { LinearMemory } from '../memory.ts';
import type { Observation } from '../observation.ts';
import { BRANCH_KINDS } from '../predictor.ts';
import type { Registers } from '../registers.ts';
import { interpreterModule } from './dispatch.ts';
import { accessAlignment, accessKind, accessWidth } from './emitter.ts';

/** What belongs to each processor, by the address of its block. */
export type Processors = ReadonlyMap<number, Owned>;

export interface Owned { readonly memory: LinearMemory; readonly observation: Observation; readonly registers: Registers }

/** Compiled modules, by host, variants and place of the blocks. */
const compiled = new WeakMap<WasmHost, Map<string, unknown>>();

function moduleFor(wasm: WasmHost, variants: Variants, layout: Layout, observed: boolean): unknown {
  const modules = compiled.get(wasm) ?? new Map<string, unknown>();
  compiled.set(wasm, modules);
  const key = `${variants.all.length} ${layout.blocks} ${observed}`;
  const module = modules.get(key) ?? wasm.compile(interpreterModule(variants.all, layout.blocks, observed));
  modules.set(key, module);
  return module;
}

/** `legacy` runs what is not 64-bit mode. */
export function wasmEngine(
  wasm: WasmHost, memory: unknown, layout: Layout, variants: Variants, processors: Processors, legacy: Engine,
): Engine {
  const imports = { env: { memory, ...callbacks(processors, layout) } };
  const instantiate = (observed: boolean): ((cpu: number) => Status) => {
    const { run } = wasm.instantiate(moduleFor(wasm, variants, layout, observed), imports);
    assert(run !== undefined, 'the module exports its run loop');
    return run as (cpu: number) => Status;
  };
  const plain = instantiate(false);
  // Few machines ever observe, so the second module waits until one does.
  let observing: ((cpu: number) => Status) | undefined;
  return {
    run(cpu, observed) {
      if (processors.get(cpu)!.registers.mode.legacy) return legacy.run(cpu, observed);
      if (!observed) return plain(cpu);
      observing ??= instantiate(true);
      return observing(cpu);
    },
  };
}

function callbacks(processors: Processors, layout: Layout): Readonly<Record<string, (...args: number[]) => number | undefined>> {
  const of = (cpu: number | undefined): Owned => processors.get(cpu!)!;
  return {
    fill(cpu, code) {
      const { memory } = of(cpu);
      const address = memory.view.getBigUint64(cpu! + CPU.address, true);
      const inPage = Number(address & 0xfffn);
      if (inPage + accessWidth(code!) > 0x1000 || inPage % accessAlignment(code!) !== 0) return STATUS.assist;
      try {
        return memory.fill(address, accessKind(code!), GP) ? STATUS.next : STATUS.assist;
      } catch (fault) {
        if (fault instanceof GuestFault) return STATUS.assist;
        throw fault;
      }
    },
    access(cpu, host) {
      of(cpu).observation.access(host! - layout.ram);
      return undefined;
    },
    branch(cpu, record, kind, taken) {
      const { memory, observation } = of(cpu);
      const { view } = memory;
      const next = view.getUint32(cpu! + CPU.blockRip, true) + view.getUint16(record! + RECORD.next, true);
      observation.branch(BRANCH_KINDS[kind!]!, next >>> 0, taken !== 0, view.getUint32(cpu! + CPU.rip, true));
      return undefined;
    },
    commit(cpu) {
      of(cpu).observation.commit();
      return undefined;
    },
  };
}
