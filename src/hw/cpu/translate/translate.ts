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
import type { TranslatedBlocks } from '../translated-blocks.ts';
import { regionModule } from './module-writer.ts';
import { regionAt } from './region.ts';

/** Where the run loop finds functions. */
export interface CodeTable { set(index: number, code: unknown): void }

/** What a run loop has for translations, and wants of them. */
interface LoopParts { readonly imports: Readonly<Record<string, unknown>>; readonly translations: CodeTable }

interface Loader {
  readonly wasm: WasmHost;
  /** The run loop of processors that are observed, or not. */
  loopOf(observed: boolean): LoopParts;
}

/** Where one begins, and whether it is for processors that are observed. */
interface Translation { readonly begins: readonly number[]; readonly observed: boolean }

export class Translator {
  private readonly loader: Loader;
  private readonly length: number;
  private readonly blocks: Blocks;
  private readonly variants: Variants;
  private readonly uses: Uint32Array;
  private readonly free: number[];
  /** By number. */
  private readonly translations = new Map<number, Translation>();
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
    for (const each of blocks.table.translated) each.patience = after;
    blocks.listen((page, holdsCode) => {
      if (!holdsCode) for (const slot of this.pages.get(page) ?? []) this.drop(slot);
    });
  }

  /** Says what is counted from here on. Translations that count less are of no use then. */
  count({ kinds, accesses }: Counted): void {
    if ((!kinds || this.counted.kinds) && (!accesses || this.counted.accesses)) return;
    this.counted = { kinds: kinds || this.counted.kinds, accesses: accesses || this.counted.accesses };
    for (const slot of [...this.translations.keys()]) this.drop(slot);
  }

  /** Translates what begins at `host`, if it can be. */
  translate(host: number, observed: boolean): void {
    const { blocks, length, variants, uses } = this;
    const { view } = blocks;
    const translated = this.blocksOf(observed);
    const page = host & ~0xfff;
    const region = regionAt(
      {
        view, variants: variants.all, length, recordAt: (place) => blocks.recordAt(page + place),
        get often() {
          return blocks.startsOn(page).filter((start) => translated.isOften(start)).map((start) => start - page);
        },
      },
      host - page);
    if (region === undefined) return;
    uses[0]! += 1;
    if (this.free.length === 0) this.drop(this.leastRecentlyUsed());
    const slot = this.free.pop()!;
    uses[slot] = uses[0]!;
    const { wasm } = this.loader;
    const { imports, translations } = this.loader.loopOf(observed);
    const module = wasm.compile(regionModule([{ region, slot }], view, this.counted, uses.byteOffset, observed));
    translations.set(slot, wasm.instantiate(module, imports)[slot]);
    const begins = region.entries.map((place) => page + place).filter((start) => start === host || translated.codeAt(start) === 0);
    for (const start of begins) translated.setCode(start, slot);
    this.translations.set(slot, { begins, observed });
    const known = this.pages.get(page);
    if (known) known.add(slot);
    else this.pages.set(page, new Set([slot]));
  }

  private blocksOf(observed: boolean): TranslatedBlocks {
    return this.blocks.table.translated[observed ? 1 : 0];
  }

  private leastRecentlyUsed(): number {
    return [...this.translations.keys()].reduce((oldest, slot) => (this.uses[slot]! < this.uses[oldest]! ? slot : oldest));
  }

  private drop(slot: number): void {
    const { begins, observed } = this.translations.get(slot)!;
    const translated = this.blocksOf(observed);
    for (const start of begins) if (translated.codeAt(start) === slot) translated.setCode(start, 0);
    this.loader.loopOf(observed).translations.set(slot, null);
    this.translations.delete(slot);
    this.free.push(slot);
    const page = begins[0]! & ~0xfff;
    const slots = this.pages.get(page)!;
    slots.delete(slot);
    if (slots.size === 0) this.pages.delete(page);
  }
}
