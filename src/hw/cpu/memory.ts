/**
 * Linear memory as a processor sees it: translation through the TLB and the page tables, and then guest memory or a
 * device. The interpreter does the common case itself; whatever it misses ends here.
 *
 * Inside `hw/cpu` an exception is thrown as a `GuestFault`, because it may come from any depth of a routine; the run loop
 * catches it at the one place where it becomes an exception of the guest. It never leaves this folder.
 */
import { assert } from '../../base/assert.ts';
import { AC_FAULT, GP, PAGE, PF_FETCH, PF_PRESENT, PF_RESERVED, PF_USER, PF_WRITE, STACK, type Vector } from '../../x86/fault.ts';
import { AC } from '../../x86/flags.ts';
import {
  CR0_AM, CR0_WP, CR4_PGE, CR4_SMAP, CR4_SMEP, EFER_NXE, PTE_ACCESSED, PTE_DIRTY, PTE_GLOBAL, PTE_LARGE, PTE_NX_HIGH, PTE_PRESENT,
  PTE_USER, PTE_WRITE,
} from '../../x86/paging.ts';
import type { Width } from '../../x86/registers.ts';
import type { Bus } from '../memory/memory.ts';
import type { Blocks } from './blocks.ts';
import { CPU, type Layout, TLB, TLB_1G, TLB_2M, TLB_GLOBAL, TLB_HOLDS_CODE, TLB_INVALID, TLB_MODES } from './layout.ts';

/** An exception of the guest on its way to the run loop. */
export class GuestFault {
  readonly vector: Vector;
  readonly code: number;

  constructor(vector: Vector, code = 0) {
    this.vector = vector;
    this.code = code;
  }
}

/** Kinds of access, which are also the order of a mode's three tables. */
export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type Access = typeof READ | typeof WRITE | typeof FETCH;

const MODE_SUPERVISOR = 0;
const MODE_EXPLICIT = 1;
const MODE_USER = 2;
const MODE_NONE = 3;

const TWO_32 = 0x1_0000_0000;

export class LinearMemory {
  readonly view: DataView;
  readonly u8: Uint8Array;
  private readonly u32: Uint32Array;
  private readonly big: BigUint64Array;
  private readonly base: number;
  /** Where physical address 0 lies in the linear memory, and how far from there it is memory: a guest has part of it. */
  private ram: number;
  private ramSize: number;
  private readonly bus: Bus;
  private readonly blocks: Blocks;
  /** Bits that are reserved in the high half of an entry: those from MAXPHYADDR to 51. */
  private readonly reservedHigh: number;
  /** MAXPHYADDR. */
  readonly physicalBits: number;

  constructor(memory: ArrayBuffer, base: number, layout: Layout, bus: Bus, blocks: Blocks, physicalBits: number) {
    this.view = new DataView(memory);
    this.u8 = new Uint8Array(memory);
    this.u32 = new Uint32Array(memory);
    this.big = new BigUint64Array(memory);
    this.base = base;
    this.ram = layout.ram;
    this.ramSize = layout.ramSize;
    this.bus = bus;
    this.blocks = blocks;
    this.physicalBits = physicalBits;
    this.reservedHigh = (1 << 20) - (1 << (physicalBits - 32));
    for (let entry = this.tlb(); entry < this.tlb() + TLB_MODES.length * TLB.mode; entry += TLB.entrySize) this.invalidate(entry);
  }

  /**
   * What a guest's physical addresses mean: extended page tables that map all of its memory in one piece. Whoever gives them
   * another meaning flushes the TLB; a snapshot's is of the same.
   */
  setWindow(start: number, size: number): void {
    this.ram = start;
    this.ramSize = size;
  }

  /** The place in the linear memory of a physical address. */
  hostOf(physical: number): number {
    return this.ram + physical;
  }

  // Accesses by microcode and by instructions that the interpreter could not do.

  /** Reads up to eight bytes, zero-extended. */
  read(address: bigint, width: Width, blame: Vector = GP): bigint {
    this.checkAlignment(address, width, blame);
    const inPage = Number(address & 0xfffn);
    if (inPage + width <= 0x1000) return this.readPhysical(this.physical(address, READ, blame), width);
    const first = 0x1000 - inPage;
    const low = this.physical(address, READ, blame), high = this.physical(BigInt.asUintN(64, address + BigInt(first)), READ, blame);
    return this.readParts(low, high, first, width);
  }

  write(address: bigint, value: bigint, width: Width, blame: Vector = GP): void {
    this.checkAlignment(address, width, blame);
    const inPage = Number(address & 0xfffn);
    if (inPage + width <= 0x1000) return this.writePhysical(this.physical(address, WRITE, blame), value, width);
    const first = 0x1000 - inPage;
    // Both pages are checked before the first byte is written.
    const low = this.physical(address, WRITE, blame), high = this.physical(BigInt.asUintN(64, address + BigInt(first)), WRITE, blame);
    for (let i = 0; i < width; i += 1) {
      this.writePhysical(i < first ? low + i : high + i - first, (value >> BigInt(8 * i)) & 0xffn, 1);
    }
  }

  /** Reads for the sake of writing, by the translation that writes: what may not be written faults as a write. */
  readForUpdate(address: bigint, width: Width, blame: Vector = GP): bigint {
    this.checkAlignment(address, width, blame);
    const low = this.physical(address, WRITE, blame), first = 0x1000 - Number(address & 0xfffn);
    if (width <= first) return this.readPhysical(low, width);
    return this.readParts(low, this.physical(BigInt.asUintN(64, address + BigInt(first)), WRITE, blame), first, width);
  }

  /** Bytes of two pages: those from `first` on are on the second. */
  private readParts(low: number, high: number, first: number, width: Width): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 1) {
      value |= this.readPhysical(i < first ? low + i : high + i - first, 1) << BigInt(8 * i);
    }
    return value;
  }

  /** Reads a system structure, or the stack of an inner level: with supervisor rights, and past EFLAGS.AC. */
  readSystem(address: bigint, width: Width): bigint {
    const inPage = Number(address & 0xfffn);
    if (inPage + width <= 0x1000) return this.readPhysical(this.physicalFor(address, READ, MODE_SUPERVISOR, GP), width);
    let value = 0n;
    for (let i = 0; i < width; i += 1) {
      const at = this.physicalFor(BigInt.asUintN(64, address + BigInt(i)), READ, MODE_SUPERVISOR, GP);
      value |= this.readPhysical(at, 1) << BigInt(8 * i);
    }
    return value;
  }

  writeSystem(address: bigint, value: bigint, width: Width): void {
    const inPage = Number(address & 0xfffn);
    if (inPage + width <= 0x1000) return this.writePhysical(this.physicalFor(address, WRITE, MODE_SUPERVISOR, GP), value, width);
    const places = Array.from({ length: width }, (_, i) =>
      this.physicalFor(BigInt.asUintN(64, address + BigInt(i)), WRITE, MODE_SUPERVISOR, GP));
    for (const [i, at] of places.entries()) this.writePhysical(at, (value >> BigInt(8 * i)) & 0xffn, 1);
  }

  /** The physical address of an access, through the TLB. */
  physical(address: bigint, access: Access, blame: Vector = GP): number {
    const mode = this.mode();
    // Alignment checking is a user's, and keeps no translations.
    return mode === MODE_NONE ? this.walk(address, access, MODE_USER, blame, false) : this.physicalFor(address, access, mode, blame);
  }

  private physicalFor(address: bigint, access: Access, mode: number, blame: Vector): number {
    const entry = this.entry(address, access, mode);
    return this.matches(entry, address, access) ? this.physicalOf(entry, address) : this.walk(address, access, mode, blame, true);
  }

  /** Memory is; devices are not. */
  isCached(physical: number): boolean {
    return physical < this.ramSize;
  }

  readPhysical(at: number, width: Width): bigint {
    if (at + width > this.ramSize) return this.bus.read(at, width);
    const host = this.ram + at;
    switch (width) {
      case 1: return BigInt(this.u8[host]!);
      case 2: return BigInt(this.view.getUint16(host, true));
      case 4: return BigInt(this.view.getUint32(host, true));
      case 8: return this.view.getBigUint64(host, true);
    }
  }

  writePhysical(at: number, value: bigint, width: Width): void {
    if (at + width > this.ramSize) return this.bus.write(at, value, width);
    const host = this.ram + at;
    if (this.blocks.holdsCode(host)) this.blocks.forgetPage(host);
    if (width === 8) this.view.setBigUint64(host, BigInt.asUintN(64, value), true);
    else if (width === 4) this.view.setUint32(host, Number(BigInt.asUintN(32, value)), true);
    else if (width === 2) this.view.setUint16(host, Number(BigInt.asUintN(16, value)), true);
    else this.u8[host] = Number(BigInt.asUintN(8, value));
  }

  /** SDM: "Alignment Check Exception (#AC)". Only at CPL 3, and only while both CR0.AM and EFLAGS.AC are set. */
  private checkAlignment(address: bigint, width: Width, blame: Vector): void {
    if (this.mode() !== MODE_NONE || (Number(address & 7n) & (width - 1)) === 0) return;
    this.checkCanonical(address, blame);
    throw new GuestFault(AC_FAULT);
  }

  private checkCanonical(address: bigint, blame: Vector): void {
    if (BigInt.asUintN(64, BigInt.asIntN(48, address)) !== address) throw new GuestFault(blame);
  }

  // The TLB.

  /**
   * Makes the TLB know `address` for accesses of this kind. True when the interpreter can go on; false when it cannot
   * reach the place itself: a device, or a page of code that would be written.
   */
  fill(address: bigint, access: Access, blame: Vector): boolean {
    const mode = this.mode();
    if (mode === MODE_NONE) return false;
    const entry = this.entry(address, access, mode);
    if (!this.matches(entry, address, access)) this.walk(address, access, mode, blame, true);
    return this.big[(entry + TLB.tag) >> 3] === (address & ~0xfffn);
  }

  /** Forgets translations: all, or all but the global ones. SDM: "Operations that Invalidate TLBs and Paging-Structure Caches". */
  flush(globals: boolean): void {
    for (let entry = this.tlb(); entry < this.tlb() + MODE_NONE * TLB.mode; entry += TLB.entrySize) {
      if (globals || (this.u32[(entry + TLB.flags) >> 2]! & TLB_GLOBAL) === 0) this.invalidate(entry);
    }
  }

  /**
   * INVLPG: also a global translation, and every part of a large page that is in use. SDM, "Operations that Invalidate TLBs
   * and Paging-Structure Caches": it gives the same assurances as when a single TLB entry is used for the page.
   */
  flushPage(address: bigint): void {
    const low = Number(BigInt.asUintN(32, address)), high = Number(address >> 32n);
    const { u32 } = this;
    for (let entry = this.tlb(); entry < this.tlb() + MODE_NONE * TLB.mode; entry += TLB.entrySize) {
      const flags = u32[(entry + TLB.flags) >> 2]!;
      const bits = (flags & TLB_1G) !== 0 ? 30 : (flags & TLB_2M) !== 0 ? 21 : 12;
      if (u32[(entry + TLB.tag + 4) >> 2] === high && (u32[(entry + TLB.tag) >> 2]! ^ low) >>> bits === 0) this.invalidate(entry);
    }
  }

  /** Decoded code appeared on, or vanished from, the page at `host`: writes there must say so, or need not any more. */
  markCode(host: number, holdsCode: boolean): void {
    const page = host & ~0xfff;
    for (let mode = 0; mode < MODE_NONE; mode += 1) {
      const start = this.tlb() + mode * TLB.mode + TLB.write;
      for (let entry = start; entry < start + TLB.entries * TLB.entrySize; entry += TLB.entrySize) {
        const tag = this.u32[(entry + TLB.tag) >> 2]!;
        if ((tag & TLB_INVALID) !== 0 || ((tag & ~0xfff) + this.u32[(entry + TLB.addend) >> 2]!) >>> 0 !== page >>> 0) continue;
        this.u32[(entry + TLB.tag) >> 2] = holdsCode ? tag | TLB_HOLDS_CODE : tag & ~TLB_HOLDS_CODE;
      }
    }
  }

  /** Chooses the table of translations for the present CPL, EFLAGS.AC, CR4.SMAP and CR0.AM. */
  chooseMode(): void {
    const { base, u32 } = this;
    const user = u32[(base + CPU.cpl) >> 2] === 3;
    const ac = (u32[(base + CPU.system) >> 2]! & AC) !== 0;
    const smap = (u32[(base + CPU.cr4) >> 2]! & CR4_SMAP) !== 0;
    const aligned = user && ac && (u32[(base + CPU.cr0) >> 2]! & CR0_AM) !== 0;
    const mode = aligned ? MODE_NONE : user ? MODE_USER : smap && ac ? MODE_EXPLICIT : MODE_SUPERVISOR;
    u32[(base + CPU.tlb) >> 2] = this.tlb() + mode * TLB.mode;
  }

  private tlb(): number {
    return this.base + 0x1000;
  }

  private mode(): number {
    return (this.u32[(this.base + CPU.tlb) >> 2]! - this.tlb()) / TLB.mode;
  }

  private entry(address: bigint, access: Access, mode: number): number {
    const index = Number((address >> 12n) & BigInt(TLB.entries - 1));
    return this.tlb() + mode * TLB.mode + access * TLB.write + index * TLB.entrySize;
  }

  private matches(entry: number, address: bigint, access: Access): boolean {
    const tag = this.big[(entry + TLB.tag) >> 3]!;
    const flags = access === WRITE ? BigInt(TLB_HOLDS_CODE) : 0n;
    return (tag & ~flags) === (address & ~0xfffn);
  }

  private physicalOf(entry: number, address: bigint): number {
    return ((Number(BigInt.asUintN(32, address)) + this.u32[(entry + TLB.addend) >> 2]!) >>> 0) - this.ram;
  }

  private invalidate(entry: number): void {
    this.u32[(entry + TLB.tag) >> 2] = TLB_INVALID;
  }

  // The page walk.

  /** Translates by the page tables, with the rights of a mode; sets accessed and dirty bits, and may remember the result. */
  private walk(address: bigint, access: Access, rights: number, blame: Vector, keep: boolean): number {
    const low = Number(BigInt.asUintN(32, address)), high = Number(address >> 32n);
    this.checkCanonical(address, blame);
    const { u32, base } = this;
    const nxe = (u32[(base + CPU.efer) >> 2]! & EFER_NXE) !== 0;
    let table = this.physicalBase(u32[(base + CPU.cr3) >> 2]! & ~0xfff, u32[(base + CPU.cr3 + 4) >> 2]!);
    let writable = true, user = true, executable = true;
    const visited = [0, 0, 0, 0];
    for (let level = 3; ; level -= 1) {
      const index = level === 3 ? (high >>> 7) & 0x1ff
        : level === 2 ? ((high & 0x7f) << 2) | (low >>> 30)
        : level === 1 ? (low >>> 21) & 0x1ff : (low >>> 12) & 0x1ff;
      const at = table + index * 8;
      const entryLow = this.readWord(at), entryHigh = this.readWord(at + 4);
      if ((entryLow & PTE_PRESENT) === 0) this.pageFault(address, 0, access, rights);
      const large = (entryLow & PTE_LARGE) !== 0 && level > 0;
      const offsetBits = 12 + 9 * level;
      // Reserved: physical address bits that do not exist, NX without NXE, PS at the top, and the low bits of a large page.
      const reserved = (entryHigh & this.reservedHigh) !== 0 || (!nxe && (entryHigh & PTE_NX_HIGH) !== 0)
        || (large && level === 3) || (large && (entryLow & ((2 ** offsetBits - 1) & ~0x1fff)) !== 0);
      if (reserved) this.pageFault(address, PF_PRESENT | PF_RESERVED, access, rights);
      writable &&= (entryLow & PTE_WRITE) !== 0;
      user &&= (entryLow & PTE_USER) !== 0;
      executable &&= (entryHigh & PTE_NX_HIGH) === 0;
      visited[level] = at;
      if (level === 0 || large) {
        if (!this.allowed(access, rights, writable, user, executable)) this.pageFault(address, PF_PRESENT, access, rights);
        for (let used = 3; used >= level; used -= 1) {
          this.setBits(visited[used]!, used === level && access === WRITE ? PTE_ACCESSED | PTE_DIRTY : PTE_ACCESSED);
        }
        const size = 2 ** offsetBits;
        const page = this.physicalBase(entryLow & ~0xfff, entryHigh);
        const offset = level === 0 ? low & 0xfff : (low & (size - 1)) >>> 0;
        const physical = Math.floor(page / size) * size + offset;
        if (keep) this.remember(address, access, rights, physical, level, (entryLow & PTE_GLOBAL) !== 0);
        return physical;
      }
      table = this.physicalBase(entryLow & ~0xfff, entryHigh);
    }
  }

  private physicalBase(low: number, high: number): number {
    return (low >>> 0) + (high & 0xf_ffff) * TWO_32;
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

  private pageFault(address: bigint, cause: number, access: Access, rights: number): never {
    this.big[(this.base + CPU.cr2) >> 3] = address;
    const { u32, base } = this;
    // The fetch bit is reported only where fetches can be forbidden.
    const fetch = access === FETCH && ((u32[(base + CPU.efer) >> 2]! & EFER_NXE) !== 0 || (u32[(base + CPU.cr4) >> 2]! & CR4_SMEP) !== 0);
    throw new GuestFault(PAGE, cause | (access === WRITE ? PF_WRITE : 0) | (rights === MODE_USER ? PF_USER : 0) | (fetch ? PF_FETCH : 0));
  }

  private remember(address: bigint, access: Access, mode: number, physical: number, level: number, global: boolean): void {
    const page = Math.floor(physical / 0x1000) * 0x1000;
    if (page + 0x1000 > this.ramSize) return;
    const entry = this.entry(address, access, mode);
    const host = this.ram + page;
    const code = access === WRITE && this.blocks.holdsCode(host);
    this.big[(entry + TLB.tag) >> 3] = (address & ~0xfffn) | (code ? BigInt(TLB_HOLDS_CODE) : 0n);
    this.u32[(entry + TLB.addend) >> 2] = (host - Number(BigInt.asUintN(32, address & ~0xfffn))) >>> 0;
    const pge = (this.u32[(this.base + CPU.cr4) >> 2]! & CR4_PGE) !== 0;
    this.u32[(entry + TLB.flags) >> 2] = (global && pge ? TLB_GLOBAL : 0) | (level === 2 ? TLB_1G : level === 1 ? TLB_2M : 0);
    assert(this.matches(entry, address, access), 'what was remembered is found');
  }

  /** The segment whose fault a non-canonical address is. */
  static blame(stack: boolean): Vector {
    return stack ? STACK : GP;
  }
}
