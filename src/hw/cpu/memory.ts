/**
 * Linear memory as a processor sees it: translation through the TLB and the page tables, and then guest memory or a
 * device. The interpreter does the common case itself; whatever it misses ends here.
 */
import { AC_FAULT, GP, type Vector } from '../../x86/fault.ts';
import { AC } from '../../x86/flags.ts';
import { CR0_AM, CR4_PGE, CR4_SMAP } from '../../x86/paging.ts';
import type { Width } from '../../x86/registers.ts';
import { LINE } from '../caches.ts';
import type { Bus } from '../memory/memory.ts';
import type { Blocks } from './blocks.ts';
import { type Access, GuestFault, READ, WRITE } from './guest-fault.ts';
import { CPU, type Layout, LEARNED_START, TLB } from './layout.ts';
import { LEARNED } from './learned.ts';
import { MODE_EXPLICIT, MODE_SUPERVISOR, MODE_USER, PageTables } from './page-tables.ts';
import { MODE_NONE, Tlb } from './tlb.ts';

/** A word, or all of a vector register. */
export type AccessWidth = Width | 16;

export class LinearMemory {
  readonly view: DataView;
  readonly u8: Uint8Array;
  private readonly u32: Uint32Array;
  /** Where the processor's block lies. */
  readonly base: number;
  /** Where physical address 0 lies in the linear memory, and how far from there it is memory: a guest has part of it. */
  private ram = 0;
  private ramSize = 0;
  /** Where all of the machine's memory begins. */
  private readonly machineRam: number;
  private readonly bus: Bus;
  private readonly blocks: Blocks;
  private readonly tables: PageTables;
  readonly tlb: Tlb;
  /** Told of each access by an instruction, while somebody wants to know. */
  watch: ((address: bigint, bytes: number, write: boolean) => void) | undefined;
  /** Set by each access to a device; whoever wants to know clears it. */
  reachedDevice = false;
  /** MAXPHYADDR. */
  readonly physicalBits: number;

  constructor(memory: ArrayBuffer, base: number, layout: Layout, bus: Bus, blocks: Blocks, physicalBits: number) {
    this.view = new DataView(memory);
    this.u8 = new Uint8Array(memory);
    this.u32 = new Uint32Array(memory);
    this.base = base;
    this.bus = bus;
    this.blocks = blocks;
    this.physicalBits = physicalBits;
    this.machineRam = layout.ram;
    this.tables = new PageTables(memory, base, blocks, physicalBits);
    this.setWindow(layout.ram, layout.ramSize);
    this.u32[(base + LEARNED_START + LEARNED.memory) >> 2] = layout.ram / LINE;
    this.u32[(base + CPU.codeMap) >> 2] = layout.codePages - layout.ram / 0x1000;
    this.view.setBigUint64(base + CPU.reserved, (1n << 52n) - (1n << BigInt(physicalBits)), true);
    this.tlb = new Tlb(memory, base);
  }

  /**
   * What a guest's physical addresses mean: extended page tables that map all of its memory in one piece. Whoever gives them
   * another meaning flushes the TLB; a snapshot's is of the same.
   */
  setWindow(start: number, size: number): void {
    this.ram = start;
    this.ramSize = size;
    this.tables.setWindow(start, size);
    this.u32[(this.base + CPU.ram) >> 2] = start;
    this.u32[(this.base + CPU.ramSize) >> 2] = size;
  }

  /** The place in the linear memory of a physical address. */
  hostOf(physical: number): number {
    return this.ram + physical;
  }

  /** What caches know a physical address by: where it is in the memory of the machine, whoever's guest has it. */
  inMachine(physical: number): number {
    return this.ram - this.machineRam + physical;
  }

  // Accesses by microcode and by instructions that the interpreter could not do.

  /** Reads, zero-extended. */
  read(address: bigint, width: AccessWidth, blame: Vector = GP): bigint {
    this.watch?.(address, width, false);
    this.checkAlignment(address, width, blame);
    const inPage = lowOf(address) & 0xfff;
    if (inPage + width <= 0x1000) return this.readPhysical(this.physical(address, READ, blame), width);
    const first = 0x1000 - inPage;
    const low = this.physical(address, READ, blame), high = this.physical(BigInt.asUintN(64, address + BigInt(first)), READ, blame);
    return this.readParts(low, high, first, width);
  }

  write(address: bigint, value: bigint, width: AccessWidth, blame: Vector = GP): void {
    this.watch?.(address, width, true);
    this.checkAlignment(address, width, blame);
    const inPage = lowOf(address) & 0xfff;
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
    const low = this.physical(address, WRITE, blame), first = 0x1000 - (lowOf(address) & 0xfff);
    if (width <= first) return this.readPhysical(low, width);
    return this.readParts(low, this.physical(BigInt.asUintN(64, address + BigInt(first)), WRITE, blame), first, width);
  }

  /** Bytes of two pages: those from `first` on are on the second. */
  private readParts(low: number, high: number, first: number, width: AccessWidth): bigint {
    let value = 0n;
    for (let i = 0; i < width; i += 1) {
      value |= this.readPhysical(i < first ? low + i : high + i - first, 1) << BigInt(8 * i);
    }
    return value;
  }

  /** Reads a system structure, or the stack of an inner level: with supervisor rights, and past EFLAGS.AC. */
  readSystem(address: bigint, width: Width): bigint {
    const inPage = lowOf(address) & 0xfff;
    if (inPage + width <= 0x1000) return this.readPhysical(this.physicalFor(address, READ, MODE_SUPERVISOR, GP), width);
    let value = 0n;
    for (let i = 0; i < width; i += 1) {
      const at = this.physicalFor(BigInt.asUintN(64, address + BigInt(i)), READ, MODE_SUPERVISOR, GP);
      value |= this.readPhysical(at, 1) << BigInt(8 * i);
    }
    return value;
  }

  writeSystem(address: bigint, value: bigint, width: Width): void {
    const inPage = lowOf(address) & 0xfff;
    if (inPage + width <= 0x1000) return this.writePhysical(this.physicalFor(address, WRITE, MODE_SUPERVISOR, GP), value, width);
    const places = Array.from({ length: width }, (_, i) =>
      this.physicalFor(BigInt.asUintN(64, address + BigInt(i)), WRITE, MODE_SUPERVISOR, GP));
    for (const [i, at] of places.entries()) this.writePhysical(at, (value >> BigInt(8 * i)) & 0xffn, 1);
  }

  /** Where the byte at an address lies in linear memory, if the TLB knows it for accesses of this kind. */
  known(address: bigint, access: Access): number | undefined {
    const { tlb } = this;
    const low = lowOf(address), high = highOf(address);
    if (tlb.mode === MODE_NONE) return undefined;
    const entry = tlb.entry(low, access, tlb.mode);
    return tlb.serves(entry, low, high) ? tlb.hostOf(entry, low) : undefined;
  }

  /** The physical address of an access, through the TLB. */
  physical(address: bigint, access: Access, blame: Vector = GP): number {
    const { mode } = this.tlb;
    // Alignment checking is a user's, and keeps no translations.
    if (mode === MODE_NONE) return this.walk(lowOf(address), highOf(address), access, MODE_USER, blame, false);
    return this.physicalFor(address, access, mode, blame);
  }

  private physicalFor(address: bigint, access: Access, mode: number, blame: Vector): number {
    const low = lowOf(address), high = highOf(address), { tlb } = this;
    const entry = tlb.entry(low, access, mode);
    return tlb.matches(entry, low, high, access) ? tlb.hostOf(entry, low) - this.ram : this.walk(low, high, access, mode, blame, true);
  }

  /** Where some bytes lie in linear memory, for accesses with the rights of a mode; 0 where they are not all on one page of memory. */
  place(low: number, high: number, bytes: number, access: Access, mode: number): number {
    const { tlb } = this;
    if (mode === MODE_NONE || (low & 0xfff) + bytes > 0x1000 || !isCanonical(high)) return 0;
    const entry = tlb.entry(low, access, mode);
    if (!tlb.matches(entry, low, high, access)) this.walk(low, high, access, mode, GP, true);
    return tlb.serves(entry, low, high) ? tlb.hostOf(entry, low) : 0;
  }

  /** The physical address of a device that some bytes are at; -1 where there is memory, or what only `read` and `write` look at. */
  device(low: number, high: number, bytes: number, access: Access): number {
    const { tlb, tlb: { mode } } = this;
    if (mode === MODE_NONE || this.watch !== undefined || (low & 0xfff) + bytes > 0x1000 || !isCanonical(high)) return -1;
    // The TLB knows memory only.
    if (tlb.matches(tlb.entry(low, access, mode), low, high, access)) return -1;
    const physical = this.walk(low, high, access, mode, GP, true);
    return this.isCached(physical) ? -1 : physical;
  }

  /** Memory is; devices are not. */
  isCached(physical: number): boolean {
    return physical < this.ramSize;
  }

  readPhysical(at: number, width: AccessWidth): bigint {
    if (width === 16) return this.readPhysical(at, 8) | (this.readPhysical(at + 8, 8) << 64n);
    if (at + width > this.ramSize) {
      this.reachedDevice = true;
      return this.bus.read(at, width);
    }
    const host = this.ram + at;
    switch (width) {
      case 1: return BigInt(this.u8[host]!);
      case 2: return BigInt(this.view.getUint16(host, true));
      case 4: return BigInt(this.view.getUint32(host, true));
      case 8: return this.view.getBigUint64(host, true);
    }
  }

  writePhysical(at: number, value: bigint, width: AccessWidth): void {
    if (width === 16) {
      this.writePhysical(at, BigInt.asUintN(64, value), 8);
      return this.writePhysical(at + 8, value >> 64n, 8);
    }
    if (at + width > this.ramSize) {
      this.reachedDevice = true;
      return this.bus.write(at, value, width);
    }
    const host = this.ram + at;
    if (this.blocks.holdsCode(host)) this.blocks.forgetPage(host);
    if (width === 8) this.view.setBigUint64(host, BigInt.asUintN(64, value), true);
    else if (width === 4) this.view.setUint32(host, Number(BigInt.asUintN(32, value)), true);
    else if (width === 2) this.view.setUint16(host, Number(BigInt.asUintN(16, value)), true);
    else this.u8[host] = Number(BigInt.asUintN(8, value));
  }

  /** SDM: "Alignment Check Exception (#AC)". Only at CPL 3, and only while both CR0.AM and EFLAGS.AC are set. */
  checkAlignment(address: bigint, width: AccessWidth, blame: Vector): void {
    if (this.tlb.mode !== MODE_NONE || (lowOf(address) & 15 & (width - 1)) === 0) return;
    checkCanonical(highOf(address), blame);
    throw new GuestFault(AC_FAULT);
  }

  // Translations.

  /**
   * Makes the TLB know an address for accesses of this kind. True when the interpreter can go on; false when it cannot
   * reach the place itself: a device, or a page of code that would be written.
   */
  fill(low: number, high: number, access: Access, blame: Vector): boolean {
    const { tlb } = this, { mode } = tlb;
    if (mode === MODE_NONE) return false;
    const entry = tlb.entry(low, access, mode);
    if (!tlb.matches(entry, low, high, access)) this.walk(low, high, access, mode, blame, true);
    return tlb.serves(entry, low, high);
  }

  /** Puts together what lies on two pages, for emitted code to read. False when it cannot reach one of them. */
  readAcross(low: number, high: number, bytes: number): boolean {
    const { base, tlb, u8, u32 } = this, { mode } = tlb;
    const first = 0x1000 - (low & 0xfff), next = (low + first) >>> 0, nextHigh = (next === 0 ? high + 1 : high) >>> 0;
    const known = this.fill(low, high, READ, GP) && this.fill(next, nextHigh, READ, GP);
    if (!known) return false;
    const copy = base + CPU.copy;
    const one = tlb.hostOf(tlb.entry(low, READ, mode), low), other = tlb.hostOf(tlb.entry(next, READ, mode), next) - first;
    for (let i = 0; i < bytes; i += 1) u8[copy + i] = u8[(i < first ? one : other) + i]!;
    u32[(base + CPU.across + TLB.addend) >> 2] = copy - low;
    return true;
  }

  /** Registers and TLB have come from elsewhere. */
  loaded(): void {
    this.tlb.loaded();
    this.chooseMode();
  }

  /** Chooses the table of translations for the present CPL, EFLAGS.AC, CR4.SMAP and CR0.AM. */
  chooseMode(): void {
    const { base, u32 } = this;
    const user = u32[(base + CPU.cpl) >> 2] === 3;
    const ac = (u32[(base + CPU.system) >> 2]! & AC) !== 0;
    const smap = (u32[(base + CPU.cr4) >> 2]! & CR4_SMAP) !== 0;
    const aligned = user && ac && (u32[(base + CPU.cr0) >> 2]! & CR0_AM) !== 0;
    this.tlb.mode = aligned ? MODE_NONE : user ? MODE_USER : smap && ac ? MODE_EXPLICIT : MODE_SUPERVISOR;
  }

  /** Translates by the page tables, with the rights of a mode; may remember the result. */
  private walk(low: number, high: number, access: Access, rights: number, blame: Vector, keep: boolean): number {
    checkCanonical(high, blame);
    const physical = this.tables.translate(low, high, access, rights);
    if (keep) this.remember(low, high, access, rights, physical);
    return physical;
  }

  /** Loads the entries that PAE paging keeps, from where CR3 points. False when a bit of them is reserved: nothing is loaded. */
  loadPdptes(cr3: bigint): boolean {
    return this.tables.loadPdptes(cr3);
  }

  private remember(low: number, high: number, access: Access, mode: number, physical: number): void {
    // Memory is of whole pages.
    if (!this.isCached(physical)) return;
    const page = physical - (physical & 0xfff);
    const { tlb, tables: { global, pageBits } } = this;
    const host = this.ram + page;
    const pge = (this.u32[(this.base + CPU.cr4) >> 2]! & CR4_PGE) !== 0;
    const holdsCode = access === WRITE && this.blocks.holdsCode(host);
    tlb.remember(tlb.entry(low, access, mode), low, high, host, holdsCode, global && pge, pageBits);
  }
}

// An address as two words of 32 bits: by way of memory, because a shift of a bigint makes another.
const whole = new BigUint64Array(1);
const halves = new Uint32Array(whole.buffer);

export function lowOf(address: bigint): number {
  whole[0] = address;
  return halves[0]!;
}

export function highOf(address: bigint): number {
  whole[0] = address;
  return halves[1]!;
}

/** Of an address with this upper half, bits 63:47 are all alike. */
export function isCanonical(high: number): boolean {
  const sign = high >> 15;
  return sign === 0 || sign === -1;
}

function checkCanonical(high: number, blame: Vector): void {
  if (!isCanonical(high)) throw new GuestFault(blame);
}
