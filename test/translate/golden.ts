/**
 * What is emitted for a piece of code, as text: `name.asm` beside `name.wat` in golden/. The piece stands at the start of a page, and may
 * go on on the next; all that its labels name has been decoded, and the interpreter goes on behind it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import loadWabt from 'wabt';
import { Blocks } from '../../src/hw/cpu/blocks.ts';
import { layOut } from '../../src/hw/cpu/layout.ts';
import { UNIT_TIMING } from '../../src/hw/cpu/timing.ts';
import { regionAt } from '../../src/hw/cpu/translate/explore.ts';
import { regionModule } from '../../src/hw/cpu/translate/module-writer.ts';
import { assemble } from '../../src/x86/isa/assemble.ts';
import { ALL_FEATURES, Decoder } from '../../src/x86/isa/decode.ts';
import { Variants } from '../../src/x86/isa/variant.ts';

const FOLDER = 'test/translate/golden';
const PIECE = 0x1000;
/** Addresses that do not move when the layout does: where the piece is said to lie, and where translations keep records. */
const PLACE = 0x10000;
const RECORDS = { uses: 0x40, exits: 0x80 };

const wabt = await loadWabt();
const variants = new Variants();

export const fileOf = (name: string, type: 'asm' | 'wat'): string => `${FOLDER}/${name}.${type}`;
export const NAMES: readonly string[] = readdirSync(FOLDER).filter((name) => name.endsWith('.asm')).map((name) => name.slice(0, -4)).sort();

/**
 * The translation of the piece of this name, where nothing but cycles, instructions and branches is counted; for a processor that is
 * observed when the name says so.
 */
export function translationOf(name: string): string {
  const { bytes: piece, labels } = assemble(`${readFileSync(fileOf(name, 'asm'), 'utf8')}\n        hlt`, 0n);
  const layout = layOut(1, 3 * PIECE);
  const memory = new ArrayBuffer(layout.size);
  const page = layout.ram + PIECE;
  new Uint8Array(memory).set(piece, page);
  const blocks = new Blocks(memory, layout, new Decoder(ALL_FEATURES), () => variants, UNIT_TIMING);
  const places = [...labels.values()].map(Number);
  for (const place of [0, ...places]) blocks.provide(page + place, 64);
  const region = regionAt({
    view: blocks.view, variants: variants.all, length: 100,
    pageAt: (at) => (at >= 0 && at < 2 * PIECE ? PLACE + at : undefined),
    recordAt: (place) => blocks.recordAt(page + place),
    isRare: () => false, often: () => places, seen: () => [], pointerAt: () => undefined,
  }, 0);
  if (region === undefined) throw new Error(`nothing of ${name} is translated`);
  const bytes = regionModule([{ region, slot: 1 }], blocks.view, { kinds: false, accesses: false }, RECORDS, name.startsWith('observed-'));
  // It reads the whole of what a view is a view of.
  const module = wabt.readWasm(Uint8Array.from(bytes), {});
  const text = module.toText({ foldExprs: true });
  module.destroy();
  return text;
}
