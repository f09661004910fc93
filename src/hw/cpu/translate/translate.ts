/**
 * Translations of what is run often: which there are, where they begin, and when they go.
 *
 * None of it is state. When something is translated follows from what was run, and whether it was changes no bit: a translation
 * stops before whatever it does not do itself, with registers, flags and counts as they are there, and the interpreter goes on.
 *
 * A translation is of pages of memory, wherever they are mapped, at distances as when it was made. It is put aside when the decoded
 * instructions of one of them go, until the same are there again, and when a larger one takes its place. It goes when it has not been used
 * for longest and there is no room.
 */
import { assert } from '../../../base/assert.ts';
import type { Variants } from '../../../x86/isa/variant.ts';
import type { Translating, WasmHost } from '../../outside.ts';
import type { Blocks } from '../blocks.ts';
import type { Counted } from '../books.ts';
import { FETCH } from '../guest-fault.ts';
import { CPU, type Layout, TRANSLATIONS } from '../layout.ts';
import type { LinearMemory } from '../memory.ts';
import type { TranslatedBlocks } from '../translated-blocks.ts';
import { around } from './around.ts';
import { Branches } from './branches.ts';
import { regionAt } from './explore.ts';
import { regionModule } from './module-writer.ts';
import { Origin } from './origin.ts';
import { PAGE, pageOf, type Region } from './region.ts';
import { Shelf } from './shelf.ts';

/** Where the run loop finds functions. */
export interface CodeTable { set(index: number, code: unknown): void }

/** What a run loop has for translations, and wants of them. */
interface LoopParts { readonly imports: Readonly<Record<string, unknown>>; readonly translations: CodeTable }

interface Loader {
  readonly wasm: WasmHost;
  /** The run loop of processors that are observed, or not. */
  loopOf(observed: boolean): LoopParts;
}

interface Translation {
  readonly region: Region;
  readonly origin: Origin;
  /** Where it begins, in linear memory: first where its region does. */
  begins: readonly number[];
  /** It is for processors that are observed. */
  readonly observed: boolean;
  /** How often it has been looked at because it was left so often. */
  looks: number;
  /** How many of the branches by which it is left are still to be seen before it is made anew. */
  samples: number;
}

/** Of the branches by which a translation is left, so many are seen before it is made anew. */
const SAMPLES = 16;
const MOST_TOGETHER = 8;
/** How much larger one of several pages may be. */
const WIDER = 2;
/** Each time it takes twice as many until it is looked at again, up to so many times. */
const MOST_DOUBLED = 4;
const PAGE_BITS = BigInt(PAGE - 1);

export class Translator {
  private readonly loader: Loader;
  private readonly length: number;
  /** How often a translation is left by branches before it is looked at; then, one in how many is seen. */
  private readonly patience: number;
  private readonly sampled: number;
  /** The most translations that are made at once. */
  private readonly together: number;
  private readonly blocks: Blocks;
  private readonly variants: Variants;
  private readonly memory: Uint8Array;
  private readonly uses: Uint32Array;
  private readonly exits: Uint32Array;
  private readonly free: number[];
  /** By number. */
  private readonly translations = new Map<number, Translation>();
  /** By page in linear memory. */
  private readonly pages = new Map<number, Set<number>>();
  private readonly shelves: readonly [plain: Shelf, observed: Shelf] = [new Shelf(), new Shelf()];
  private readonly branches = new Branches();
  private counted: Counted = { kinds: false, accesses: false };

  constructor(
    loader: Loader, layout: Layout, blocks: Blocks, variants: Variants, { after, most, length, exits }: Translating,
  ) {
    assert(most > 0 && most < TRANSLATIONS, `${most} translations`);
    this.loader = loader;
    this.length = length;
    this.patience = exits;
    this.sampled = 1 + (exits >> 14);
    this.together = Math.min(MOST_TOGETHER, most);
    this.blocks = blocks;
    this.variants = variants;
    this.memory = new Uint8Array(blocks.view.buffer);
    this.uses = new Uint32Array(blocks.view.buffer, layout.uses, TRANSLATIONS);
    this.exits = new Uint32Array(blocks.view.buffer, layout.exits, TRANSLATIONS);
    this.free = Array.from({ length: most }, (_, i) => most - i);
    for (const [i, each] of blocks.table.translated.entries()) {
      each.patience = after;
      each.entered = (host) => this.restore(host, i === 1);
    }
    blocks.listen((page, holdsCode) => {
      if (holdsCode) return;
      this.branches.forget(page);
      for (const slot of [...this.pages.get(page) ?? []]) this.shelve(slot);
    });
  }

  /** Says what is counted from here on. Translations that count less are of no use then. */
  count({ kinds, accesses }: Counted): void {
    if ((!kinds || this.counted.kinds) && (!accesses || this.counted.accesses)) return;
    this.counted = { kinds: kinds || this.counted.kinds, accesses: accesses || this.counted.accesses };
    for (const slot of [...this.translations.keys()]) this.drop(slot);
  }

  /** Translates what begins at `rip`, if it can be; and with it what is nearly as hot on its page. */
  translate(memory: LinearMemory, rip: bigint, observed: boolean): void {
    const begin = memory.known(rip, FETCH)!;
    if (this.restore(begin, observed)) return;
    const first = this.regionAt(memory, rip, false, observed);
    if (first === undefined) return;
    const batch = [first];
    const page = begin & -PAGE, translated = this.blocksOf(observed);
    for (const host of this.blocks.startsOn(page)) {
      if (batch.length === this.together) break;
      const isNew = translated.isNearlyHot(host) && host >= page && !batch.some(({ pieces }) => pieces.has(host - page));
      const region = isNew ? this.regionAt(memory, (rip & ~PAGE_BITS) + BigInt(host - page), false, observed) : undefined;
      if (region !== undefined) batch.push(region);
    }
    this.install(batch, observed, 0);
  }

  /** A translation has been left by a branch, as happens often: where these go is seen to some times, and then becomes a part of it. */
  left(memory: LinearMemory, rip: bigint, cpu: number): void {
    const { view } = this.blocks;
    const slot = view.getUint32(cpu + CPU.leftBy, true);
    const translation = this.translations.get(slot)!;
    const from = view.getBigUint64(cpu + CPU.branchedFrom, true);
    const host = view.getBigUint64(cpu + CPU.branchedTo, true) === rip ? memory.known(from, FETCH) : undefined;
    if (host !== undefined) this.branches.see(host, Number(BigInt.asIntN(64, rip - from)));
    this.exits[slot] = this.sampled;
    translation.samples -= 1;
    if (translation.samples === 0) this.enlarge(memory, slot, view.getBigUint64(cpu + CPU.leftPage, true));
  }

  /** Puts in place of a translation one with what it leads to on other pages. `page` is the linear address of its page 0. */
  private enlarge(memory: LinearMemory, slot: number, page: bigint): void {
    const translation = this.translations.get(slot)!;
    const { region, begins: [host], observed, looks } = translation;
    if (this.restore(host!, observed, reachOf(region))) return this.shelve(slot);
    const start = BigInt.asUintN(64, page + BigInt(region.entries[0]!));
    const larger = memory.known(start, FETCH) === host ? this.regionAt(memory, start, true, observed) : undefined;
    if (larger === undefined || reachOf(larger) <= reachOf(region)) return this.wait(slot, translation, looks + 1);
    this.shelve(slot);
    this.install([larger], observed, looks + 1);
  }

  /** Until it is looked at again. */
  private wait(slot: number, translation: Translation, looks: number): void {
    translation.looks = looks;
    translation.samples = SAMPLES;
    this.exits[slot] = this.patience * 2 ** Math.min(looks, MOST_DOUBLED);
  }

  private regionAt(memory: LinearMemory, rip: bigint, wide: boolean, observed: boolean): Region | undefined {
    const { blocks, branches, length, variants: { all } } = this;
    const page = rip & ~PAGE_BITS;
    const known = around(page, wide, memory, blocks, this.blocksOf(observed), branches);
    return regionAt({ ...known, variants: all, length: wide ? WIDER * length : length }, Number(rip - page));
  }

  /** Makes the run loop run these regions, which become one module: another function costs V8 less than another module. */
  private install(batch: readonly Region[], observed: boolean, looks: number): void {
    const { uses, exits, loader: { wasm } } = this;
    const numbered = batch.map((region) => ({ region, slot: this.take() }));
    const records = { uses: uses.byteOffset, exits: exits.byteOffset };
    const { imports, translations } = this.loader.loopOf(observed);
    const functions = wasm.instantiate(wasm.compile(regionModule(numbered, this.blocks.view, this.counted, records, observed)), imports);
    for (const { region, slot } of numbered) {
      translations.set(slot, functions[slot]);
      const origin = new Origin(this.memory, region);
      const translation: Translation = { region, origin, begins: [], observed, looks, samples: SAMPLES };
      this.wait(slot, translation, looks);
      this.translations.set(slot, translation);
      this.begin(slot, translation);
    }
  }

  /** A number for a translation. */
  private take(): number {
    const { uses } = this;
    uses[0]! += 1;
    if (this.free.length === 0) this.drop(this.leastRecentlyUsed());
    const slot = this.free.pop()!;
    uses[slot] = uses[0]!;
    return slot;
  }

  /** Makes the run loop enter a translation where its region begins, and elsewhere where there is none. */
  private begin(slot: number, translation: Translation): void {
    const { region: { entries, pages }, observed } = translation;
    const translated = this.blocksOf(observed);
    translation.begins = entries.map((place) => pages.get(pageOf(place))! + place - pageOf(place))
      .filter((start, i) => i === 0 || translated.codeAt(start) === 0);
    for (const start of translation.begins) translated.setCode(start, slot);
    for (const page of pages.values()) this.pages.set(page, (this.pages.get(page) ?? new Set()).add(slot));
  }

  /** The run loop does not enter it any more. */
  private end(slot: number, { begins, region, observed }: Translation): void {
    const translated = this.blocksOf(observed);
    for (const start of begins) if (translated.codeAt(start) === slot) translated.setCode(start, 0);
    for (const page of region.pages.values()) {
      const slots = this.pages.get(page)!;
      slots.delete(slot);
      if (slots.size === 0) this.pages.delete(page);
    }
  }

  /** Puts a translation aside: one of its pages was written to, or a larger one takes its place. */
  private shelve(slot: number): void {
    const translation = this.translations.get(slot)!;
    this.end(slot, translation);
    const tooMany = this.shelfOf(translation).put(translation.begins[0]!, slot);
    if (tooMany !== undefined) this.drop(tooMany);
  }

  /** Makes the run loop enter at `host` the largest translation that was put aside, of those of what is there that reach beyond `reach`. */
  private restore(host: number, observed: boolean, reach = 0): boolean {
    const shelf = this.shelfOf({ observed });
    const [slot] = shelf.at(host).filter((each) => this.reachOf(each) > reach && this.isOfWhatIsThere(each))
      .sort((one, other) => this.reachOf(other) - this.reachOf(one));
    if (slot === undefined) return false;
    shelf.take(host, slot);
    this.begin(slot, this.translations.get(slot)!);
    return true;
  }

  private reachOf(slot: number): number {
    return reachOf(this.translations.get(slot)!.region);
  }

  private isOfWhatIsThere(slot: number): boolean {
    const { region: { pages }, origin } = this.translations.get(slot)!;
    return [...pages.values()].every((page) => this.blocks.holdsCode(page)) && origin.isThere;
  }

  private shelfOf({ observed }: Pick<Translation, 'observed'>): Shelf {
    return this.shelves[observed ? 1 : 0];
  }

  private blocksOf(observed: boolean): TranslatedBlocks {
    return this.blocks.table.translated[observed ? 1 : 0];
  }

  private leastRecentlyUsed(): number {
    return [...this.translations.keys()].reduce((oldest, slot) => (this.uses[slot]! < this.uses[oldest]! ? slot : oldest));
  }

  private drop(slot: number): void {
    const translation = this.translations.get(slot)!;
    if (!this.shelfOf(translation).take(translation.begins[0]!, slot)) this.end(slot, translation);
    this.loader.loopOf(translation.observed).translations.set(slot, null);
    this.translations.delete(slot);
    this.free.push(slot);
  }
}

/** How far a region goes: its pages, and the ways that are known from one piece to another only by having been seen. */
const reachOf = ({ pages, targets }: Region): number => [...targets.values()].reduce((sum, { length }) => sum + length, pages.size);
