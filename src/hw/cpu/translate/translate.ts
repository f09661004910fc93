/**
 * Translations of what is run often: which there are, where they begin, and when they go.
 *
 * None of it is state. When something is translated follows from what was run, and whether it was changes no bit: a translation
 * stops before whatever it does not do itself, with registers, flags and counts as they are there, and the interpreter goes on.
 *
 * A translation is of one page of memory, wherever that is mapped. It goes when the page's decoded instructions do, or when it has
 * not been used for longest and there is no room.
 */
import { assert } from '../../../base/assert.ts';
import type { Variants } from '../../../x86/isa/variant.ts';
import type { Translating, WasmHost } from '../../outside.ts';
import type { Blocks } from '../blocks.ts';
import type { Counted } from '../books.ts';
import { type Layout, TRANSLATIONS } from '../layout.ts';
import { regionModule } from './module-writer.ts';
import { regionAt } from './region.ts';

/** Where the run loop finds functions. */
export interface CodeTable { set(index: number, code: unknown): void }

export interface Loader {
  readonly wasm: WasmHost;
  readonly imports: Readonly<Record<string, unknown>>;
  readonly table: CodeTable;
}

export class Translator {
  private readonly loader: Loader;
  private readonly length: number;
  private readonly blocks: Blocks;
  private readonly variants: Variants;
  private readonly uses: Uint32Array;
  private readonly free: number[];
  /** By number: where each translation begins. */
  private readonly entries = new Map<number, readonly number[]>();
  private readonly pages = new Map<number, Set<number>>();
  private counted: Counted = { kinds: false, accesses: false };

  constructor(
    loader: Loader, layout: Layout, blocks: Blocks, variants: Variants, { after, most, length }: Translating,
  ) {
    assert(most > 0 && most < TRANSLATIONS, `${most} translations`);
    this.loader = loader;
    this.length = length;
    this.blocks = blocks;
    this.variants = variants;
    this.uses = new Uint32Array(blocks.view.buffer, layout.uses, TRANSLATIONS);
    this.free = Array.from({ length: most }, (_, i) => most - i);
    blocks.table.patience = after;
    blocks.listen((page, holdsCode) => {
      if (!holdsCode) for (const slot of this.pages.get(page) ?? []) this.drop(slot);
    });
  }

  /** Says what is counted from here on. Translations that count less are of no use then. */
  count({ kinds, accesses }: Counted): void {
    if ((!kinds || this.counted.kinds) && (!accesses || this.counted.accesses)) return;
    this.counted = { kinds: kinds || this.counted.kinds, accesses: accesses || this.counted.accesses };
    for (const slot of [...this.entries.keys()]) this.drop(slot);
  }

  /** Translates what begins at `host`, if it can be. */
  translate(host: number): void {
    const { blocks, length, variants, uses } = this;
    const { view } = blocks;
    const page = host & ~0xfff;
    const region = regionAt(
      {
        view, variants: variants.all, length, recordAt: (place) => blocks.recordAt(page + place),
        get often() {
          return blocks.often(page).map((start) => start - page);
        },
      },
      host - page);
    if (region === undefined) return;
    uses[0]! += 1;
    if (this.free.length === 0) this.drop(this.leastRecentlyUsed());
    const slot = this.free.pop()!;
    uses[slot] = uses[0]!;
    const { wasm, imports, table } = this.loader;
    const module = wasm.compile(regionModule([{ region, slot }], view, this.counted, uses.byteOffset));
    table.set(slot, wasm.instantiate(module, imports)[slot]);
    const begins = region.entries.map((place) => page + place).filter((start) => start === host || blocks.codeAt(start) === 0);
    for (const start of begins) blocks.setCode(start, slot);
    this.entries.set(slot, begins);
    const known = this.pages.get(page);
    if (known) known.add(slot);
    else this.pages.set(page, new Set([slot]));
  }

  private leastRecentlyUsed(): number {
    return [...this.entries.keys()].reduce((oldest, slot) => (this.uses[slot]! < this.uses[oldest]! ? slot : oldest));
  }

  private drop(slot: number): void {
    const entries = this.entries.get(slot)!;
    for (const start of entries) if (this.blocks.codeAt(start) === slot) this.blocks.setCode(start, 0);
    this.loader.table.set(slot, null);
    this.entries.delete(slot);
    this.free.push(slot);
    const page = entries[0]! & ~0xfff;
    const slots = this.pages.get(page)!;
    slots.delete(slot);
    if (slots.size === 0) this.pages.delete(page);
  }
}
