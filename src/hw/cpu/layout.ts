/**
 * Where everything lies in the one linear memory of a machine: the state of each processor, its TLB, the decoded
 * instructions, and the guest's physical memory. Interpreter, WebAssembly and microcode share it, so no state is ever
 * copied between them.
 *
 * Only what `registers.ts` serializes is the machine's state. The rest is derived from it, or is scratch between two
 * instructions.
 */
import { LEARNED } from './learned.ts';

/** Bytes of one processor's block; its TLB follows it. */
export const CPU_BLOCK = 0x1000;

/** Behind the last of what is state in it. */
export const CPU_STATE_END = 0x600;

/** Offsets in the block of a processor. */
export const CPU = {
  gpr: 0x000, //             16 x 8
  /** Always zero: stands for an absent base or index. */
  zero: 0x080,
  rip: 0x088,
  // Status flags, as what they follow from: ZF from `zero == 0`, SF and PF from the sign and the low byte of `sign`, CF
  // from bit 63 of `carries`, OF from bits 63 and 62 of it, AF from bit 3.
  zeroSource: 0x090,
  signSource: 0x098,
  carries: 0x0a0,
  system: 0x0a8, //          u32: RFLAGS without the status flags
  cpl: 0x0ac, //             u32
  // What the interpreter keeps while it runs.
  blockRip: 0x0b0, //        RIP of the first instruction of the block
  budget: 0x0b8, //          i32: cycles until something wants to be looked at
  retired: 0x0bc, //         u32: instructions retired since the last fold
  branches: 0x0c0, //        three counts of 21 bits: branches, conditional branches, near calls
  accesses: 0x0c8, //        two counts of 32 bits: loads, stores
  tlb: 0x0d0, //             u32: address of the TLB of the present mode
  record: 0x0d4, //          u32: the instruction at which the interpreter stopped
  address: 0x0d8, //         the linear address that missed the TLB
  // What follows from control registers and segments; see mode.ts.
  bits: 0x0e0, //            u32: code is decoded for 64, 32 or 16 bits
  stackMask: 0x0e8, //       u64: the bits of RSP that the stack segment uses
  // Segments: base 8, limit 4, selector 2, attributes 2.
  segments: 0x100, //        ES CS SS DS FS GS LDTR TR
  gdtr: 0x180, //            base 8, limit 4
  idtr: 0x190,
  cr0: 0x1a0,
  cr2: 0x1a8,
  cr3: 0x1b0,
  cr4: 0x1b8,
  efer: 0x1c0,
  dr: 0x1c8, //              DR0 to DR7, 8 each
  msrs: 0x210, //            8 each, in the order of msr.ts
  x87: 0x300, //             R0 to R7, 16 each
  x87Control: 0x380, //      u16
  x87Status: 0x382, //       u16
  x87InUse: 0x384, //        u16: bit i is set while Ri is not empty
  x87Opcode: 0x386, //       u16
  x87Ip: 0x388, //           the last instruction that was not of control
  x87Dp: 0x390, //           its operand in memory
  pdptes: 0x290, //          the four entries that PAE paging keeps, 8 each
  xmm: 0x400, //             16 x 16
  mxcsr: 0x500, //           u32
  xcr0: 0x504, //            u32
  random: 0x5f8, //          what RDRAND's numbers follow from
  // What emitted code walks page tables by, beside control registers.
  ram: 0x600, //             u32: where physical address 0 lies in linear memory
  ramSize: 0x604, //         u32: how far from there it is memory
  reserved: 0x608, //        u64: bits of a paging-structure entry that no physical address has
  codeMap: 0x610, //         u32: of linear memory, where the bytes begin that say which of its pages hold code
  localCount: 0x614, //      i32: how many entries of the TLB are listed as local; -1 when they are not known
  // What emitted code tells the time by.
  horizon: 0x618, //         f64: core cycles since power-on when the budget is used up
  ticks: 0x620, //           f64: ticks of the time-stamp counter for `cycles` of the core
  cycles: 0x628, //          f64
  tscAdjust: 0x630, //       u64
  // What translations tell about themselves.
  leftBy: 0x640, //          u32: the one that has been left so often that it should be looked at
  leftPage: 0x648, //        and the linear address that its page 0 has
  branchedFrom: 0x650, //    the last branch by which one was left for where only the branch knows
  branchedTo: 0x658,
  // What is read from two pages: a copy of it, and what stands for the entry of the TLB that leads there.
  across: 0x660,
  copy: 0x670, //            16 bytes
  // What is read of the performance-monitoring unit without a routine; see ready.ts.
  readyStatus: 0x690,
  readyCounter: 0x6a8,
} as const;

/** A register that is ready, as ECX names it; its value; how often it has been read. A name that is too large for ECX is none. */
export const READY = { name: 0, value: 8, reads: 16 } as const;

/** Where a data register of the x87 FPU has its parts: the significand first, then sign and exponent. */
export const X87_REGISTER = { size: 16, upper: 8 } as const;

export const SEGMENT = { size: 16, base: 0, limit: 8, selector: 12, attributes: 14 } as const;

/** Where the state of a segment register lies. */
export const segmentBase = (register: number): number => CPU.segments + register * SEGMENT.size;
export const selectorOffset = (register: number): number => segmentBase(register) + SEGMENT.selector;
/** Where an MMX register lies: it is the significand of a data register of the x87 FPU. */
export const mmxOffset = (reg: number): number => CPU.x87 + X87_REGISTER.size * reg;
/** Where a control register lies; CR8 is the local APIC's, and lies elsewhere. */
export const controlOffset = (reg: number): number => [CPU.cr0, undefined, CPU.cr2, CPU.cr3, CPU.cr4][reg] ?? CPU.zero;
export const debugOffset = (reg: number): number => CPU.dr + 8 * reg;
/** Where a vector register lies. */
export const xmmOffset = (reg: number): number => CPU.xmm + 16 * reg;
/** Where a general register, or AH to BH, lies. */
export const gprOffset = (reg: number): number => CPU.gpr + (reg < 16 ? reg * 8 : (reg - 16) * 8 + 1);

/** A translation: 16 bytes. The tag is the page's linear address; any low bit set means that no access may use it. */
export const TLB = {
  entries: 512,
  entrySize: 16,
  tag: 0, //       u64
  addend: 8, //    u32: linear memory address = low half of the linear address + addend
  flags: 12, //    u32: see below
  // Three tables a mode, one a kind of access.
  read: 0,
  write: 512 * 16,
  fetch: 2 * 512 * 16,
  mode: 3 * 512 * 16,
} as const;

export const TLB_INVALID = 1;
/** Low bit of the tag of a page that holds decoded instructions: a write must tell them. */
export const TLB_HOLDS_CODE = 2;
export const TLB_GLOBAL = 1;
/** The page is larger than 4 KiB: one of several entries for the same translation. By log2 of the size. */
const LARGE_PAGES: readonly (readonly [bits: number, flag: number])[] = [[21, 2], [30, 4], [22, 8]];
const SIZE_FLAGS: readonly number[] = Array.from({ length: 31 }, (_, i) => LARGE_PAGES.find(([bits]) => bits === i)?.[1] ?? 0);
export const pageSizeFlag = (pageBits: number): number => SIZE_FLAGS[pageBits]!;
export const pageBitsOf = (flags: number): number => LARGE_PAGES.find(([, flag]) => (flags & flag) !== 0)?.[0] ?? 12;

/**
 * The modes in which the same page may be allowed or not. `explicit` is supervisor mode with EFLAGS.AC set, which lifts
 * SMAP; `none` has no entries at all, so that every access is looked at: alignment checking.
 */
export const TLB_MODES = ['supervisor', 'explicit', 'user', 'none'] as const;

/** At most so many entries of the TLB are listed as local; the list follows the TLB. */
export const TLB_LOCALS = { most: 3 * 3 * TLB.entries, start: CPU_BLOCK + TLB_MODES.length * TLB.mode } as const;

/** Bytes that each processor takes. */
/** What its branch predictor and its first-level cache have learned; see learned.ts. */
export const LEARNED_START = TLB_LOCALS.start + 4 * TLB_LOCALS.most;
export const CPU_STRIDE = LEARNED_START + LEARNED.size;

/** One decoded instruction: 64 bytes. The sums include the instruction and all before it in its block. */
export const RECORD = {
  size: 64,
  handler: 0, //      u16
  length: 2, //       u8
  flags: 3, //        u8
  next: 4, //         u16: offset of the next instruction from the start of the block
  operands: 6, //     3 x u16: offsets of register operands in the processor's block
  base: 12, //        u16: offset of the base register
  index: 14, //       u16
  segment: 16, //     u16: offset of the segment's base
  scale: 18, //       u8: 0 to 3
  addressShift: 19, // u8: 64 less the width of addresses
  cycles: 20, //      u32
  displacement: 24, // u64; of a crossing, where its second page lies
  immediate: 32, //   u64: of a relative branch, the target's offset from the start of the block; of a control or debug register, its number
  branches: 40, //    u64, as in the processor's block
  accesses: 48, //    u64
  retired: 56, //     u32
  cost: 60, //        u32: cycles of this instruction alone
} as const;

/** Record flag: the memory operand is in the stack segment. */
export const RECORD_STACK = 1;

/** How many bits `branches` has for each of its counts. */
export const COUNT_BITS = 21;

/**
 * The hash table of blocks, by address in linear memory of their first byte: 16 bytes an entry. A block is in its own entry or in the
 * other one of the same pair.
 */
export const BLOCK = {
  entries: 1 << 16,
  size: 16,
  host: 0, //     u32: where the block's code lies; 0 is no block
  first: 4, //    u32: its first record
  cycles: 8, //   u16: what running it to its end costs
  cold: 10, //    u16: how often it will be run before it is translated
  bits: 12, //    u16: what it was decoded for; all blocks of 64-bit mode are in a table of their own
  code: 14, //    u16: the translation that begins here; 0 is none
} as const;

/** Where a block's own entry lies in the table; that other one is as far away as an entry is long, in this bit of the address. */
export const ownEntry = (host: number): number => ((host ^ (host >>> 12)) & (BLOCK.entries - 1)) * BLOCK.size;

/** The same of each entry for processors that are observed, which have translations of their own: 4 bytes an entry. */
export const OBSERVED = { size: 4, cold: 0, code: 2 } as const;

/** At most so many instructions make a block. */
export const BLOCK_LENGTH = 32;
/** The most bytes that they can have. */
export const BLOCK_BYTES = BLOCK_LENGTH * 15;
/** Records in all, where there is room for a kernel and where not; when they are used up, all blocks are forgotten. */
const RECORDS = { many: 1 << 20, few: 1 << 16, from: 128 << 20 } as const;

/** Handlers that belong to no instruction of the table. */
export const HANDLER = { end: 0, microcode: 1, undefined: 2, crossing: 3, variants: 4 } as const;

/**
 * What a handler returns. Up to `check` the instruction has retired; after `assist` and `microcode` it has not begun. What
 * follows `repeat` comes from the run loop, from translations, or from what fills the TLB.
 */
export const STATUS = {
  next: 0, //       go on with the next record
  branch: 1, //     RIP was set
  check: 2, //      go on at the next instruction, but look for interrupts first
  microcode: 3, //  the processor's routine does the rest
  assist: 4, //     do it the slow way: it faults, or reaches a device, two pages, or a page of code
  repeat: 5, //     a string instruction stopped between two iterations
  budget: 6, //     the budget is used up
  fetch: 7, //      the TLB does not know the page of RIP
  decode: 8, //     there is no block at RIP
  hot: 9, //        the block at RIP has been run often enough to be translated
  crossing: 10, //  the instruction at RIP goes on to a page that the TLB does not know, or knows elsewhere
  left: 11, //      a translation has been left by a branch, which happens often
  interpret: 12, // a translation does not do the next instruction
  returned: 13, //  it has come back to what called it
  across: 14, //    what is read lies on two pages, and has been put together
} as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** How many translations there can be: 0 is none. */
export const TRANSLATIONS = 2048;

/** Where things are, given the number of processors and of bytes of guest memory. */
export interface Layout {
  readonly cpus: readonly number[];
  readonly blocks: number;
  readonly observedBlocks: number;
  /** When each translation was entered last, 4 bytes each; the first says when it is. */
  readonly uses: number;
  /** How often each translation may still be left by a branch until it is looked at, 4 bytes each. */
  readonly exits: number;
  /** The table of blocks outside 64-bit mode. */
  readonly legacyBlocks: number;
  readonly records: number;
  readonly recordCount: number;
  /** A byte for each page of guest memory: whether it holds decoded instructions. */
  readonly codePages: number;
  readonly ram: number;
  readonly ramSize: number;
  readonly size: number;
}

const PAGE = 0x1000;
const pages = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE;

export function layOut(cpus: number, ramSize: number): Layout {
  // Address 0 stays unused, so that 0 can mean nothing.
  let at = PAGE;
  const take = (bytes: number): number => {
    const start = at;
    at += pages(bytes);
    return start;
  };
  // What compiled code names by address comes first, so that one module serves machines of all sizes.
  const blocks = take(BLOCK.entries * BLOCK.size);
  const observedBlocks = take(BLOCK.entries * OBSERVED.size);
  const legacyBlocks = take(BLOCK.entries * BLOCK.size);
  const uses = take(4 * TRANSLATIONS);
  const exits = take(4 * TRANSLATIONS);
  const recordCount = ramSize >= RECORDS.from ? RECORDS.many : RECORDS.few;
  const records = take(recordCount * RECORD.size);
  const processors = Array.from({ length: cpus }, () => take(CPU_STRIDE));
  const codePages = take(ramSize / PAGE);
  const ram = take(ramSize);
  return { cpus: processors, blocks, observedBlocks, legacyBlocks, uses, exits, records, recordCount, codePages, ram, ramSize, size: at };
}
