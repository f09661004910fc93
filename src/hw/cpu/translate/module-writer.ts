/** The module of some regions: their functions, and those that they call. */

import type { Counted } from '../books.ts';
import { SHARED_NAMES, writeShared } from '../wasm/called-functions.ts';
import type { Callees } from '../wasm/emitter.ts';
import { ModuleWriter } from '../wasm/module.ts';
import { importObservers, type Observers } from '../wasm/observers.ts';
import type { Region } from './region.ts';
import { type Records, RegionWriter } from './region-writer.ts';

/** A region, and the number that its translation will have. */
export interface Numbered { readonly region: Region; readonly slot: number }

/**
 * Writes a module that exports the function of each region by its number; with `observed` they tell of branches and accesses.
 */
export function regionModule(
  regions: readonly Numbered[], view: DataView, counted: Counted, records: Records, observed: boolean,
): Uint8Array {
  const module = new ModuleWriter([]);
  const type = module.type(['i32', 'i32'], ['i32']);
  const callees = calleesOnDemand(module, module.importFunction('fill', type), observed ? importObservers(module) : undefined);
  for (const { region, slot } of regions) {
    const code = new RegionWriter(region, view, callees, counted).write(records, slot);
    module.export(`${slot}`, module.function(type, code));
  }
  return module.finish(1);
}

/** Functions that few regions call are written when the first does. */
function calleesOnDemand(module: ModuleWriter, fill: number, observers: Observers | undefined): Callees {
  const callees = { fill, observers };
  for (const name of SHARED_NAMES) {
    let index: number | undefined;
    Object.defineProperty(callees, name, { get: () => index ??= writeShared(module, name) });
  }
  return callees as Callees;
}
