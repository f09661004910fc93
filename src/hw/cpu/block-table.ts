/**
 * The hash tables in which the run loop finds blocks, one of 64-bit mode and one of the others. A block is in its own entry, or in the
 * other one of the same pair; what finds no place is put in again when it is run.
 */
import type { Bits } from '../../x86/isa/decode.ts';
import { BLOCK, type Layout, ownEntry } from './layout.ts';
import { TranslatedBlocks } from './translated-blocks.ts';

/** What an entry says of a block. */
interface Entered { readonly first: number; readonly cycles: number }

export class BlockTable {
  /** Translations of blocks of 64-bit mode: those of processors that are not observed, and of those that are. */
  readonly translated: readonly [plain: TranslatedBlocks, observed: TranslatedBlocks];
  private readonly view: DataView;
  private readonly u8: Uint8Array;
  private readonly layout: Layout;
  private moved = false;

  constructor(memory: ArrayBuffer, layout: Layout) {
    this.view = new DataView(memory);
    this.u8 = new Uint8Array(memory);
    this.layout = layout;
    const entryOf = (host: number): number | undefined => {
      const entry = this.entry(host, 64);
      return this.view.getUint32(entry + BLOCK.host, true) === host ? entry : undefined;
    };
    this.translated = [new TranslatedBlocks(this.view, layout, false, entryOf), new TranslatedBlocks(this.view, layout, true, entryOf)];
  }

  enter(host: number, bits: Bits, block: Entered): void {
    const entry = this.entry(host, bits);
    const there = this.view.getUint32(entry + BLOCK.host, true);
    // Two that want the same entry and are run in turns both find one. Every second time who is there goes: a third that nobody runs any
    // more would else be moved to and fro, and always to where it is in the way.
    const moves = there !== 0 && there !== host && this.moves();
    this.leave(moves ? entry ^ BLOCK.size : entry, bits);
    if (moves) {
      this.u8.copyWithin(entry ^ BLOCK.size, entry, entry + BLOCK.size);
      if (bits === 64) for (const each of this.translated) each.move(entry, entry ^ BLOCK.size);
    }
    this.view.setUint32(entry + BLOCK.host, host, true);
    this.view.setUint32(entry + BLOCK.first, block.first, true);
    this.view.setUint16(entry + BLOCK.cycles, block.cycles, true);
    this.view.setUint16(entry + BLOCK.bits, bits, true);
    if (bits === 64) for (const each of this.translated) each.enter(host);
  }

  forget(host: number, bits: Bits): void {
    const entry = this.entry(host, bits);
    if (this.view.getUint32(entry + BLOCK.host, true) !== host) return;
    this.leave(entry, bits);
    this.view.setUint32(entry + BLOCK.host, 0, true);
  }

  /** The block in an entry goes. */
  private leave(entry: number, bits: Bits): void {
    const host = this.view.getUint32(entry + BLOCK.host, true);
    if (host !== 0 && bits === 64) for (const each of this.translated) each.leave(host);
  }

  forgetAll(): void {
    for (const table of [this.layout.blocks, this.layout.legacyBlocks]) this.u8.fill(0, table, table + BLOCK.entries * BLOCK.size);
  }

  private moves(): boolean {
    this.moved = !this.moved;
    return this.moved;
  }

  /** Where the block at `host` is; where it is not, its own entry. */
  private entry(host: number, bits: Bits): number {
    const own = (bits === 64 ? this.layout.blocks : this.layout.legacyBlocks) + ownEntry(host);
    const other = own ^ BLOCK.size;
    return this.view.getUint32(other + BLOCK.host, true) === host ? other : own;
  }
}
