/**
 * The TLB of a processor: what it remembers of walks, in tables of the linear memory that emitted code reads in line, and writes where it
 * has walked itself (wasm/walk-emitter.ts). Addresses come as two words of 32 bits, because bigints would cost more than the walk.
 */
import { type Access, WRITE } from './guest-fault.ts';
import {
  CPU, CPU_BLOCK, pageBitsOf, pageSizeFlag, TLB, TLB_GLOBAL, TLB_HOLDS_CODE, TLB_INVALID, TLB_LOCALS, TLB_MODES,
} from './layout.ts';

/** The mode that keeps no translations: alignment checking. */
export const MODE_NONE = TLB_MODES.indexOf('none');
const BYTES = MODE_NONE * TLB.mode;

export class Tlb {
  private readonly u32: Uint32Array;
  private readonly base: number;
  private readonly start: number;
  /** Entries whose translations may not be global, some of them twice: a change of CR3 drops these, and most are not in use. */
  private readonly locals: Uint32Array;

  constructor(memory: ArrayBuffer, base: number) {
    this.u32 = new Uint32Array(memory);
    this.base = base;
    this.start = base + CPU_BLOCK;
    this.locals = new Uint32Array(memory, base + TLB_LOCALS.start, TLB_LOCALS.most);
    this.flush(true);
  }

  /** How many of those there are; -1 when they are not known. */
  private get localCount(): number {
    return this.u32[(this.base + CPU.localCount) >> 2]! | 0;
  }

  private set localCount(count: number) {
    this.u32[(this.base + CPU.localCount) >> 2] = count;
  }

  /** The entries have come from elsewhere. */
  loaded(): void {
    this.localCount = -1;
  }

  // The mode whose tables are in use: a position in TLB_MODES.

  get mode(): number {
    return (this.u32[(this.base + CPU.tlb) >> 2]! - this.start) / TLB.mode;
  }

  set mode(mode: number) {
    this.u32[(this.base + CPU.tlb) >> 2] = this.start + mode * TLB.mode;
  }

  /** The entry that the translation of an address has, if there is one. */
  entry(low: number, access: Access, mode: number): number {
    return this.start + mode * TLB.mode + access * TLB.write + ((low >>> 12) & (TLB.entries - 1)) * TLB.entrySize;
  }

  /** It translates the address; what it leads to may hold code that would be written. */
  matches(entry: number, low: number, high: number, access: Access): boolean {
    const { u32 } = this;
    const flags = access === WRITE ? TLB_HOLDS_CODE : 0;
    return (((u32[(entry + TLB.tag) >> 2]! & ~flags) ^ (low & ~0xfff)) | (u32[(entry + TLB.tag + 4) >> 2]! ^ high)) === 0;
  }

  /** And that is nothing that emitted code must not reach. */
  serves(entry: number, low: number, high: number): boolean {
    const { u32 } = this;
    return ((u32[(entry + TLB.tag) >> 2]! ^ (low & ~0xfff)) | (u32[(entry + TLB.tag + 4) >> 2]! ^ high)) === 0;
  }

  /** The place in linear memory of an address that an entry translates. */
  hostOf(entry: number, low: number): number {
    return (low + this.u32[(entry + TLB.addend) >> 2]!) >>> 0;
  }

  /** The page of an address lies at `host` in linear memory. */
  remember(entry: number, low: number, high: number, host: number, holdsCode: boolean, global: boolean, pageBits: number): void {
    const { u32 } = this;
    const tag = (entry + TLB.tag) >> 2, flags = (entry + TLB.flags) >> 2;
    const isListed = (u32[tag]! & TLB_INVALID) === 0 && (u32[flags]! & TLB_GLOBAL) === 0;
    if (!global && !isListed) this.list(entry);
    const page = low & ~0xfff;
    u32[tag] = page | (holdsCode ? TLB_HOLDS_CODE : 0);
    u32[tag + 1] = high;
    u32[(entry + TLB.addend) >> 2] = host - page;
    u32[flags] = (global ? TLB_GLOBAL : 0) | pageSizeFlag(pageBits);
  }

  private list(entry: number): void {
    const { localCount, locals } = this;
    if (localCount === -1) return;
    locals[localCount] = entry;
    this.localCount = localCount === locals.length ? -1 : localCount + 1;
  }

  /** Forgets translations: all, or all but the global ones. SDM: "Operations that Invalidate TLBs and Paging-Structure Caches". */
  flush(globals: boolean): void {
    const drop = (entry: number): void => {
      if (globals || (this.u32[(entry + TLB.flags) >> 2]! & TLB_GLOBAL) === 0) this.invalidate(entry);
    };
    const { localCount, locals, start } = this;
    if (globals || localCount === -1) for (let at = 0; at < BYTES; at += TLB.entrySize) drop(start + at);
    else for (let i = 0; i < localCount; i += 1) drop(locals[i]!);
    this.localCount = 0;
  }

  /**
   * INVLPG: also a global translation, and every part of a large page that is in use. SDM, "Operations that Invalidate TLBs
   * and Paging-Structure Caches": it gives the same assurances as when a single TLB entry is used for the page.
   */
  flushPage(low: number, high: number): void {
    const { u32, start } = this;
    for (let entry = start; entry < start + BYTES; entry += TLB.entrySize) {
      const bits = pageBitsOf(u32[(entry + TLB.flags) >> 2]!);
      if (u32[(entry + TLB.tag + 4) >> 2] === high && (u32[(entry + TLB.tag) >> 2]! ^ low) >>> bits === 0) this.invalidate(entry);
    }
  }

  /** Decoded code appeared on, or vanished from, the page at `host`: writes there must say so, or need not any more. */
  markCode(host: number, holdsCode: boolean): void {
    const { u32 } = this;
    for (let mode = 0; mode < MODE_NONE; mode += 1) {
      const first = this.start + mode * TLB.mode + TLB.write;
      for (let entry = first; entry < first + TLB.entries * TLB.entrySize; entry += TLB.entrySize) {
        const tag = u32[(entry + TLB.tag) >> 2]!;
        if ((tag & TLB_INVALID) !== 0 || this.hostOf(entry, tag & ~0xfff) !== (host & ~0xfff) >>> 0) continue;
        u32[(entry + TLB.tag) >> 2] = holdsCode ? tag | TLB_HOLDS_CODE : tag & ~TLB_HOLDS_CODE;
      }
    }
  }

  private invalidate(entry: number): void {
    this.u32[(entry + TLB.tag) >> 2] = TLB_INVALID;
  }
}
