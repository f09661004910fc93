/**
 * Micro-ops: what an instruction does, said once and without saying how it is run. The semantics in `table/` record
 * them; one back end interprets them, another writes WebAssembly from them.
 *
 * Every value is a 64-bit word, a bit, or 128 packed bits. A register or memory operand is read zero-extended to 64 bits and written
 * truncated to its width. A micro-op that can fault comes before the first that changes a register: an instruction
 * that faults has changed nothing but, at most, memory.
 */
import type { Width } from '../registers.ts';
import type { FloatOperation } from '../simd/operation.ts';
import type { LaneOperation } from './lane.ts';

export type Result = 'word' | 'bit' | 'packed' | 'none';

interface Kind {
  readonly result: Result;
  /** Pure micro-ops read neither registers nor memory: when they run makes no difference. */
  readonly pure: boolean;
}

const word = { result: 'word', pure: true } as const;
const bit = { result: 'bit', pure: true } as const;
const reads = { result: 'word', pure: false } as const;
const tests = { result: 'bit', pure: false } as const;
const packed = { result: 'packed', pure: true } as const;
const readsPacked = { result: 'packed', pure: false } as const;
const effect = { result: 'none', pure: false } as const;

/** All micro-ops. `n` and `width` are fields of the micro-op; the rest are arguments. */
export const MICRO_OPS = {
  // Words from words. Shift counts are below 64.
  const: word, //         value
  add: word,
  sub: word,
  mul: word,
  mulhu: word, //         bits 127:64 of the unsigned product
  udiv: word, //          the divisor is not 0
  udiv128: word, //       (high:low) / divisor, with high < divisor
  and: word,
  or: word,
  xor: word,
  shl: word,
  shr: word,
  sar: word,
  ctz: word, //           64 for 0
  clz: word, //           64 for 0
  popcnt: word,
  bswap: word, //         all eight bytes
  crc32: word, //         (crc, data): the CRC32 instruction's, of `width` bytes
  zext: word, //          of the low `width` bytes
  sext: word, //          of the low `width` bytes
  select: word, //        bit ? first : second
  word: word, //          0 or 1, of a bit
  // Bits from words and bits.
  eq: bit,
  ltu: bit,
  lts: bit,
  not: bit,
  both: bit,
  either: bit,
  differ: bit,
  // Packed values from words and packed values, in lanes of `width` bytes.
  packed: packed, //      (low, high): two words
  lanes: packed, //       `each` lane of the first with that of the second
  shift: packed, //       (packed, count): `each` lane by any count
  bytes: packed, //       (first, second): bytes of both put together, by the sixteen numbers in `value`
  permute: packed, //     (packed, choice): four lanes from lane n on, each by two bits of the choice
  withLane: packed, //    (packed, word): lane n replaced
  lane: word, //          (packed): lane n
  signs: word, //         (packed): the topmost bit of each lane
  matches: word, //       (first, second, lengths, choice): where strings of PCMPISTRI and its kin match
  // What is read from the processor.
  operand: reads, //      register operand n
  immediate: reads, //    the immediate, extended as the form says; or which control or debug register is an operand
  target: reads, //       where a relative branch goes
  gpr: reads, //          general register n
  address: reads, //      (displacement): linear address of the memory operand, so much further on
  offset: reads, //       its effective address: no segment base
  segmentBase: reads, //  of segment register n, or of the instruction's (-1)
  nextRip: reads,
  stackMask: reads, //    the bits of a stack pointer that the stack segment uses
  codeLimit: reads, //    of the code segment
  system: reads, //       the bits n of RFLAGS outside the status flags
  cpl: reads,
  field: reads, //        field n of FIELDS
  timestamp: reads, //    the time-stamp counter as software sees it, when the instruction begins
  load: reads, //         (address); `via` is the segment that a fault blames
  update: reads, //       a load whose place will be stored to: checked as a write
  xmm: readsPacked, //    register operand n
  vector: readsPacked, // XMM register n
  loadPacked: readsPacked, // (address): 16 bytes, aligned to n
  // Floating point, under MXCSR, whose flags it sets. Lanes beyond the first n are those of the first operand.
  float: readsPacked, //  (first, second, choice): operation `number` on n lanes
  dot: readsPacked, //    (first, second, choice): sum of products, DPPS and DPPD
  floatOf: readsPacked, // (packed, word): lane 0 from a signed integer of n bytes
  integerOf: reads, //    (packed): lane 0 as a signed integer of n bytes, rounded
  truncated: reads, //    the same, towards zero
  order: reads, //        (first, second): of lane 0, as status flags; n is 1 where a quiet NaN is no exception
  mxcsr: reads,
  status: reads, //       the six status flags, as RFLAGS has them
  flag: tests, //         status flag n, a mask of one bit
  condition: tests, //    condition code n
  // What changes the processor.
  setOperand: effect, //  (value), register operand n; a write of 4 bytes clears the upper half
  setGpr: effect, //      (value), general register n
  setXmm: effect, //      (packed), register operand n
  setVector: effect, //   (packed), XMM register n
  store: effect, //       (address, value)
  storePacked: effect, // (address, packed), aligned to n
  setXmmLow: effect, //   (word), the low bytes of register operand n
  setMxcsr: effect, //    (value), in which no reserved bit is set
  put: effect, //         (update, value): stores to the place of an update
  resultFlags: effect, // (value): ZF, SF and PF
  carryFlags: effect, //  (carries): CF, OF and AF from the vector of carries out of each bit position
  setCarry: effect, //    (cf, of): and AF := 0
  setFlag: effect, //     (bit), status flag n
  setStatus: effect, //   (value): the six status flags, as RFLAGS has them
  setSystem: effect, //   (value): the bits n of RFLAGS outside the status flags
  setField: effect, //    (value), field n of FIELDS
  rights: effect, //      at CPL 0: what may be accessed, or fetched next, follows anew from EFLAGS.AC
  // Where execution goes on.
  jump: effect, //        (target), which is canonical
  branch: effect, //      (bit, target): when the bit is clear, the next instruction
  simd: effect, //        faults unless software has made the XMM registers usable
  mmx: effect, //         the same for MMX registers
  mmxState: effect, //    TOP := 0; bit i of n says whether register i of the x87 FPU is in use
  setMmx: effect, //      (word), MMX register operand n
  fault: effect, //       vector n with error code 0 where it has one
  check: effect, //       ends the instruction; a pending interrupt may be taken from here on
  microcode: effect, //   the rest is done by the processor's routine of the instruction's name
  if: effect, //          (bit): then `body`, else `otherwise`
  repeat: effect, //      `body` once per count of RCX; n is a Repeat
} as const satisfies Record<string, Kind>;

export type MicroName = keyof typeof MICRO_OPS;

/**
 * System registers that micro-ops read and write as they are: 64 bits, with no check. And what a processor has ready for RDMSR and RDPMC: a
 * name as ECX has it, or what ECX cannot hold; the value; and how often it has been read.
 */
export const FIELDS = [
  'CR4', 'DR7', 'GS base', 'IA32_KERNEL_GS_BASE', 'IA32_TSC_AUX',
  'ready MSR', 'value of ready MSR', 'reads of ready MSR', 'ready counter', 'value of ready counter', 'reads of ready counter',
] as const;
export type Field = (typeof FIELDS)[number];

/**
 * The segment that is accessed: the instruction's, ES, or SS. A linear address that is not canonical is the fault of it, and so is an
 * offset beyond its limit: #SS for the stack, #GP for the others.
 */
export type Via = 'operand' | 'data' | 'stack';

/** How a branch finds its way, which is also how predictors and counters tell branches apart. */
export type BranchKind = 'direct' | 'indirect' | 'conditional' | 'call' | 'indirect call' | 'return';

export const REPEAT = { REP: 0, REPE: 1, REPNE: 2 } as const;
export type Repeat = (typeof REPEAT)[keyof typeof REPEAT];

/** The index of an earlier micro-op of the same program. */
export type MicroId = number;

export interface Micro {
  readonly op: MicroName;
  readonly args: readonly MicroId[];
  readonly width: Width;
  readonly n: number;
  readonly value: bigint;
  readonly via: Via;
  readonly branch: BranchKind | undefined;
  readonly each: LaneOperation | undefined;
  readonly number: FloatOperation | undefined;
  readonly body: readonly MicroId[];
  readonly otherwise: readonly MicroId[];
}

/** What one variant of an instruction does. */
export interface Program {
  /** All micro-ops, in the order in which they were recorded. */
  readonly micros: readonly Micro[];
  /** The outermost sequence; `body` and `otherwise` hold the inner ones. */
  readonly body: readonly MicroId[];
  /** Whether another operand size or address size would have given another program. */
  readonly usedOperandSize: boolean;
  readonly usedAddressSize: boolean;
}
