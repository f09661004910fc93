/**
 * Where translations begin: what the run loop looks at for each block of 64-bit mode. There is one for processors that branch predictor
 * and caches observe, and one for the others, because they run different translations.
 */
import { BLOCK, type Layout, OBSERVED } from './layout.ts';

/** By entry of the table of blocks: how often the block there will be run before it is translated, and its translation, or 0. */
interface Fields { readonly start: number; readonly size: number; readonly cold: number; readonly code: number }

export const fieldsOf = ({ blocks, observedBlocks }: Pick<Layout, 'blocks' | 'observedBlocks'>, observed: boolean): Fields =>
  (observed ? { start: observedBlocks, ...OBSERVED } : { start: blocks, size: BLOCK.size, cold: BLOCK.cold, code: BLOCK.code });

const NOTHING = (): void => {};

export class TranslatedBlocks {
  /** How often a block is run before the run loop asks for a translation. */
  patience = 0xffff;
  /** Is told of a block that the run loop knows, and that has no translation. */
  entered: (host: number) => void = NOTHING;
  private readonly view: DataView;
  private readonly blocks: number;
  private readonly fields: Fields;
  private readonly entryOf: (host: number) => number | undefined;
  /** Translations by where they begin. */
  private readonly codes = new Map<number, number>();
  /** How often blocks will be run that have been run often, but that the run loop does not know at present. */
  private readonly colds = new Map<number, number>();

  /** `entryOf` says where the entry of a block is, if the run loop knows it. */
  constructor(view: DataView, layout: Layout, observed: boolean, entryOf: (host: number) => number | undefined) {
    this.view = view;
    this.blocks = layout.blocks;
    this.fields = fieldsOf(layout, observed);
    this.entryOf = entryOf;
  }

  /** The run loop knows the block at `host` from here on. */
  enter(host: number): void {
    this.write(host, this.codeAt(host), this.colds.get(host));
    this.colds.delete(host);
    if (this.codeAt(host) === 0) this.entered(host);
  }

  /** The run loop is to forget the block at `host`. When it knows it again, what it has been run until now counts. */
  leave(host: number): void {
    const cold = this.cold(host);
    if (cold !== undefined && cold < this.patience && !this.isRare(host)) this.colds.set(host, cold);
  }

  /** The block in an entry goes to another one. */
  move(from: number, to: number): void {
    for (const field of [this.fields.cold, this.fields.code]) {
      this.view.setUint16(this.at(to) + field, this.view.getUint16(this.at(from) + field, true), true);
    }
  }

  /** The translation that begins at `host`; 0 for none. */
  codeAt(host: number): number {
    return this.codes.get(host) ?? 0;
  }

  /** Makes the run loop run a translation at `host` instead of the block, or with 0 the block again. */
  setCode(host: number, code: number): void {
    if (code === 0) this.codes.delete(host);
    else this.codes.set(host, code);
    this.write(host, code);
  }

  /** How often the block at `host` will be run before it is translated; undefined where the run loop does not know it. */
  cold(host: number): number | undefined {
    const entry = this.entryOf(host);
    return entry === undefined ? undefined : this.view.getUint16(this.at(entry) + this.fields.cold, true);
  }

  /** The block at `host` has been run at least half as often as makes the run loop want a translation. */
  isOften(host: number): boolean {
    return (this.cold(host) ?? this.patience) <= this.patience / 2;
  }

  /** It has no translation, and has been run fifteen sixteenths of the times after which it gets one. */
  isNearlyHot(host: number): boolean {
    return this.codeAt(host) === 0 && (this.cold(host) ?? this.patience) <= this.patience / 16;
  }

  /** It has been run less than a sixteenth as often, and is not translated, if that is known. */
  isRare(host: number): boolean {
    const cold = this.cold(host);
    return cold !== undefined && this.codeAt(host) === 0 && (this.patience - cold) * 16 < this.patience;
  }

  private write(host: number, code: number, cold = this.patience): void {
    const entry = this.entryOf(host);
    if (entry === undefined) return;
    this.view.setUint16(this.at(entry) + this.fields.code, code, true);
    this.view.setUint16(this.at(entry) + this.fields.cold, cold, true);
  }

  private at(entry: number): number {
    const { start, size } = this.fields;
    return start + (entry - this.blocks) / BLOCK.size * size;
  }
}
