/** What a build prepares, in files that lie beside the command: see tools/prepare.ts, which writes them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Prepared } from '../hw/outside.ts';

const file = (folder: URL, name: string): URL => new URL(`prepared-${name}`, folder);
const handlersFile = (folder: URL, observed: boolean): URL => file(folder, observed ? 'observed.wasm' : 'handlers.wasm');
const variantsFile = (folder: URL): URL => file(folder, 'variants.bin');

export function writePrepared(folder: URL, { variants, handlers }: Prepared): void {
  writeFileSync(variantsFile(folder), variants);
  for (const observed of [false, true]) writeFileSync(handlersFile(folder, observed), handlers(observed));
}

/** Undefined where nothing was prepared, as for tests. */
export function readPrepared(folder: URL): Prepared | undefined {
  if (!existsSync(variantsFile(folder))) return undefined;
  return {
    variants: new Uint32Array(Uint8Array.from(readFileSync(variantsFile(folder))).buffer),
    handlers: (observed) => readFileSync(handlersFile(folder, observed)),
  };
}
