/**
 * Page tables: the walk from a linear to a physical address, in every paging mode. SDM: "32-Bit Paging", "PAE Paging", "4-Level Paging
 * and 5-Level Paging".
 */
import { PAGE, PF_FETCH, PF_PRESENT, PF_RESERVED, PF_USER, PF_WRITE } from '../../x86/fault.ts';
import {
  CR0_PG, CR0_WP, CR4_PAE, CR4_PSE, CR4_SMAP, CR4_SMEP, EFER_LMA, EFER_NXE, PTE_ACCESSED, PTE_DIRTY, PTE_GLOBAL, PTE_LARGE, PTE_NX_HIGH,
  PTE_PRESENT, PTE_USER, PTE_WRITE,
} from '../../x86/paging.ts';
import type { Blocks } from './blocks.ts';
import { type Access, FETCH, GuestFault, WRITE } from './guest-fault.ts';
import { CPU } from './layout.ts';

/** Whose rights an access has: a supervisor's, one's that EFLAGS.AC lifts SMAP for, or a user's. */
export const MODE_SUPERVISOR = 0;
export const MODE_EXPLICIT = 1;
export const MODE_USER = 2;

const TWO_32 = 0x1_0000_0000;
/** Bits of a PDPTE of PAE paging that must be clear while it is present: 2:1 and 8:5. */
const PDPTE_RESERVED = 0x1e6;
/** Of an entry that maps 4 MiB: bit 21. Bits 20:13 are bits 39:32 of the address. */
const PSE_RESERVED = 1 << 21;

export class PageTables {
  /** Of the last translation: log2 of the size of its page, and whether it is global. */
  pageBits = 12;
  global = false;
  private readonly u32: Uint32Array;
  private readonly base: number;
  private readonly blocks: Blocks;
  private readonly physicalBits: number;
  // Bits of the upper half of an entry from MAXPHYADDR to 51 do not exist; those up to 62 do not either in PAE paging, and are free in
  // IA-32e mode.
  private readonly reservedLong: number;
  private readonly reservedPae: number;
  private ram = 0;
  private ramSize = 0;
  /** The entries visited, for their accessed bits. */
  private readonly visited = [0, 0, 0, 0];

  constructor(memory: ArrayBuffer, base: number, blocks: Blocks, physicalBits: number) {
    this.u32 = new Uint32Array(memory);
    this.base = base;
    this.blocks = blocks;
    this.physicalBits = physicalBits;
    const exist = 2 ** (physicalBits - 32);
    this.reservedLong = 2 ** 20 - exist;
    this.reservedPae = 2 ** 31 - exist;
  }

  setWindow(start: number, size: number): void {
    this.ram = start;
    this.ramSize = size;
  }

  /** The physical address of a linear one, which comes as two words; sets accessed and dirty bits. */
  translate(low: number, high: number, access: Access, rights: number): number {
    const { u32, base } = this;
    if ((u32[(base + CPU.cr0) >> 2]! & CR0_PG) === 0) {
      this.pageBits = 12;
      this.global = false;
      return low;
    }
    const cr3 = u32[(base + CPU.cr3) >> 2]!;
    if ((u32[(base + CPU.efer) >> 2]! & EFER_LMA) !== 0) {
      return this.walk(low, high, physicalBase(cr3 & ~0xfff, u32[(base + CPU.cr3 + 4) >> 2]!), 3, access, rights);
    }
    if ((u32[(base + CPU.cr4) >> 2]! & CR4_PAE) === 0) return this.walkNarrow(low, cr3, access, rights);
    const pdpte = (base + CPU.pdptes + 8 * (low >>> 30)) >> 2;
    if ((u32[pdpte]! & PTE_PRESENT) === 0) this.pageFault(low, 0, 0, access, rights);
    return this.walk(low, 0, physicalBase(u32[pdpte]! & ~0xfff, u32[pdpte + 1]!), 1, access, rights);
  }

  loadPdptes(cr3: bigint): boolean {
    const at = Number(BigInt.asUintN(32, cr3)) & ~0x1f;
    const word = (n: number): number => this.readWord((at >>> 0) + 4 * n);
    const entries = Array.from({ length: 4 }, (_, i) => [word(2 * i), word(2 * i + 1)] as const);
    const wrong = entries.some(([low, high]) =>
      (low & PTE_PRESENT) !== 0 && ((low & PDPTE_RESERVED) !== 0 || high >>> (this.physicalBits - 32) !== 0));
    if (wrong) return false;
    for (const [i, [low, high]] of entries.entries()) {
      this.u32[(this.base + CPU.pdptes + 8 * i) >> 2] = low;
      this.u32[(this.base + CPU.pdptes + 8 * i + 4) >> 2] = high;
    }
    return true;
  }

  /** Through entries of 64 bits: from level 3 (the PML4) in IA-32e mode, from level 1 (the page directory) in PAE paging. */
  private walk(low: number, high: number, top: number, from: 3 | 1, access: Access, rights: number): number {
    const { visited } = this;
    const nxe = (this.u32[(this.base + CPU.efer) >> 2]! & EFER_NXE) !== 0;
    const reservedHigh = from === 3 ? this.reservedLong : this.reservedPae;
    let table = top;
    let writable = true, user = true, executable = true, accessed = true;
    for (let level: number = from; ; level -= 1) {
      const index = level === 3 ? (high >>> 7) & 0x1ff
        : level === 2 ? ((high & 0x7f) << 2) | (low >>> 30)
        : level === 1 ? (low >>> 21) & 0x1ff : (low >>> 12) & 0x1ff;
      const at = table + index * 8;
      const entryLow = this.readWord(at), entryHigh = this.readWord(at + 4);
      if ((entryLow & PTE_PRESENT) === 0) this.pageFault(low, high, 0, access, rights);
      const large = (entryLow & PTE_LARGE) !== 0 && level > 0;
      const offsetBits = 12 + 9 * level;
      // Reserved: physical address bits that do not exist, NX without NXE, PS at the top, and the low bits of a large page.
      const reserved = (entryHigh & reservedHigh) !== 0 || (!nxe && (entryHigh & PTE_NX_HIGH) !== 0)
        || (large && level === 3) || (large && (entryLow & ((1 << offsetBits) - 1 & ~0x1fff)) !== 0);
      if (reserved) this.pageFault(low, high, PF_PRESENT | PF_RESERVED, access, rights);
      writable &&= (entryLow & PTE_WRITE) !== 0;
      user &&= (entryLow & PTE_USER) !== 0;
      executable &&= (entryHigh & PTE_NX_HIGH) === 0;
      accessed &&= (entryLow & PTE_ACCESSED) !== 0;
      visited[level] = at;
      if (level === 0 || large) {
        if (!this.allowed(access, rights, writable, user, executable)) this.pageFault(low, high, PF_PRESENT, access, rights);
        if (!accessed || (access === WRITE && (entryLow & PTE_DIRTY) === 0)) this.mark(from, level, access);
        return this.found(physicalBase(entryLow & ~0xfff, entryHigh), low, offsetBits, entryLow);
      }
      table = physicalBase(entryLow & ~0xfff, entryHigh);
    }
  }

  /** 32-bit paging: two levels of entries of 32 bits, and pages of 4 MiB where CR4.PSE is set. */
  private walkNarrow(low: number, cr3: number, access: Access, rights: number): number {
    const { visited } = this;
    visited[1] = ((cr3 & ~0xfff) >>> 0) + 4 * (low >>> 22);
    const directory = this.readWord(visited[1]);
    if ((directory & PTE_PRESENT) === 0) this.pageFault(low, 0, 0, access, rights);
    const large = (directory & PTE_LARGE) !== 0 && (this.u32[(this.base + CPU.cr4) >> 2]! & CR4_PSE) !== 0;
    if (large && (directory & PSE_RESERVED) !== 0) this.pageFault(low, 0, PF_PRESENT | PF_RESERVED, access, rights);
    visited[0] = ((directory & ~0xfff) >>> 0) + 4 * ((low >>> 12) & 0x3ff);
    const entry = large ? directory : this.readWord(visited[0]);
    if ((entry & PTE_PRESENT) === 0) this.pageFault(low, 0, 0, access, rights);
    const both = directory & entry;
    if (!this.allowed(access, rights, (both & PTE_WRITE) !== 0, (both & PTE_USER) !== 0, true)) {
      this.pageFault(low, 0, PF_PRESENT, access, rights);
    }
    this.mark(1, large ? 1 : 0, access);
    if (!large) return this.found(physicalBase(entry & ~0xfff, 0), low, 12, entry);
    return this.found(physicalBase(entry & 0xffc0_0000, (entry >>> 13) & 0xff), low, 22, entry);
  }

  /** The entries from one level down to another were used. */
  private mark(from: number, to: number, access: Access): void {
    for (let used = from; used >= to; used -= 1) {
      this.setBits(this.visited[used]!, used === to && access === WRITE ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED);
    }
  }

  private found(page: number, low: number, pageBits: number, entry: number): number {
    this.pageBits = pageBits;
    this.global = (entry & PTE_GLOBAL) !== 0;
    // Pages of up to 2^30 bytes.
    const offset = (1 << pageBits) - 1;
    return page - ((page >>> 0) & offset) + (low & offset);
  }

  /** A word of a paging structure; beyond the end of memory there are ones. */
  private readWord(at: number): number {
    return at + 4 <= this.ramSize ? this.u32[(this.ram + at) >> 2]! : 0xffff_ffff;
  }

  private setBits(at: number, bits: number): void {
    const index = (this.ram + at) >> 2;
    if ((this.u32[index]! & bits) === bits) return;
    if (this.blocks.holdsCode(this.ram + at)) this.blocks.forgetPage(this.ram + at);
    this.u32[index] = (this.u32[index]! | bits) >>> 0;
  }

  /** SDM: "Determination of Access Rights". */
  private allowed(access: Access, rights: number, writable: boolean, user: boolean, executable: boolean): boolean {
    const cr4 = this.u32[(this.base + CPU.cr4) >> 2]!;
    if (rights === MODE_USER) {
      if (!user) return false;
      return access === WRITE ? writable : access === FETCH ? executable : true;
    }
    if (user && access === FETCH && (cr4 & CR4_SMEP) !== 0) return false;
    if (user && access !== FETCH && (cr4 & CR4_SMAP) !== 0 && rights !== MODE_EXPLICIT) return false;
    if (access === FETCH) return executable;
    if (access === WRITE) return writable || (this.u32[(this.base + CPU.cr0) >> 2]! & CR0_WP) === 0;
    return true;
  }

  private pageFault(low: number, high: number, cause: number, access: Access, rights: number): never {
    const { u32, base } = this;
    u32[(base + CPU.cr2) >> 2] = low;
    u32[(base + CPU.cr2 + 4) >> 2] = high;
    // The fetch bit is reported only where fetches can be forbidden, which by NX they can in PAE paging and IA-32e mode.
    const cr4 = u32[(base + CPU.cr4) >> 2]!;
    const nx = (cr4 & CR4_PAE) !== 0 && (u32[(base + CPU.efer) >> 2]! & EFER_NXE) !== 0;
    const fetch = access === FETCH && (nx || (cr4 & CR4_SMEP) !== 0);
    throw new GuestFault(PAGE, cause | (access === WRITE ? PF_WRITE : 0) | (rights === MODE_USER ? PF_USER : 0) | (fetch ? PF_FETCH : 0));
  }
}

const physicalBase = (low: number, high: number): number => (low >>> 0) + (high & 0xf_ffff) * TWO_32;
