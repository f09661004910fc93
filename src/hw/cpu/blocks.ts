/**
 * Decoded instructions, in blocks. A block begins where execution once came from elsewhere and goes on, past branches
 * that are not taken, to the first that always is, to what needs microcode, or to the end of its page.
 *
 * All of it follows from guest memory and is no state: it is dropped page by page when code is overwritten, and all at
 * once when the space is used up.
 */
import { assert } from '../../base/assert.ts';
import { type Bits, type Decoded, type Decoder, MAX_LENGTH, type Memory, type NotDecoded, RIP } from '../../x86/isa/decode.ts';
import type { Counts } from '../../x86/isa/traits.ts';
import { microcodeCounts, type Variant, type VariantsOf } from '../../x86/isa/variant.ts';
import { DS, RBP, RSP, SS } from '../../x86/registers.ts';
import { BlockTable } from './block-table.ts';
import { HowToDo } from './how-to-do.ts';
import {
  BLOCK_LENGTH, COUNT_BITS, CPU, controlOffset, debugOffset, gprOffset, HANDLER, type Layout, mmxOffset, RECORD, RECORD_STACK, segmentBase,
  selectorOffset, xmmOffset,
} from './layout.ts';
import { beginsBlock, immediateOf } from './recorded.ts';
import { cyclesOf, type TimingModel } from './timing.ts';

/** Told when a page begins or ceases to hold decoded instructions. */
export type CodeListener = (host: number, holdsCode: boolean) => void;

interface Block {
  readonly first: number;
  readonly cycles: number;
  /** Of an instruction on two pages, where the second lies. */
  readonly next?: number;
}
/** An instruction that is no block's. */
export interface Single { readonly record: number; readonly decoded: Decoded | NotDecoded }

/** The sums of the instructions of a block, up to one of them. */
interface Sums { cycles: number; retired: number; branches: number; accesses: number }

export class Blocks {
  readonly view: DataView;
  private readonly u8: Uint8Array;
  private readonly layout: Layout;
  private readonly decoder: Decoder;
  private readonly variants: VariantsOf;
  private readonly timing: TimingModel;
  private readonly listeners: CodeListener[] = [];
  /** By record: where the instruction lies, and what it was made from, if somebody has asked. */
  private readonly hosts: Uint32Array;
  private readonly decoded = new Map<number, Decoded | NotDecoded>();
  readonly howToDo = new HowToDo();
  /** By mode and bytes. */
  private readonly singles = new Map<string, Single>();
  /** By place and mode; see `keyOf`. */
  private readonly known = new Map<number, Block>();
  /** Where blocks begin that have bytes on a page. */
  private readonly pages = new Map<number, Set<number>>();
  private readonly codePages: Uint8Array;
  private used = 0;
  /** Where the run loop finds them. */
  readonly table: BlockTable;

  constructor(memory: ArrayBuffer, layout: Layout, decoder: Decoder, variants: VariantsOf, timing: TimingModel) {
    this.view = new DataView(memory);
    this.u8 = new Uint8Array(memory);
    this.layout = layout;
    this.table = new BlockTable(memory, layout);
    this.decoder = decoder;
    this.variants = variants;
    this.timing = timing;
    this.codePages = new Uint8Array(memory, layout.codePages, Math.ceil(layout.ramSize / 0x1000));
    this.hosts = new Uint32Array(layout.recordCount);
    this.forgetAll();
  }

  listen(listener: CodeListener): void {
    this.listeners.push(listener);
  }

  holdsCode(host: number): boolean {
    return this.codePages[(host - this.layout.ram) >>> 12] === 1;
  }

  /** What the record at this address was made from, for so many bits. Few are asked for, and each of them often. */
  decodedAt(record: number, bits: Bits): Decoded | NotDecoded {
    const index = (record - this.layout.records) / RECORD.size;
    const known = this.decoded.get(index);
    if (known !== undefined) return known;
    const host = this.hosts[index]!;
    const decoded = this.decoder.decode(this.u8, host, this.pageEnd(host), bits);
    this.decoded.set(index, decoded);
    return decoded;
  }

  /** The variant of an instruction; undefined where it has a routine. */
  variantOf(decoded: Decoded): Variant | undefined {
    return this.variants(decoded.bits === 64).of(decoded);
  }

  /**
   * Makes the run loop find the block at `host`, decoded for so many bits. False when there is none to be made: the first instruction
   * reaches into the next page, so that what it is depends on two translations.
   */
  provide(host: number, bits: Bits): boolean {
    const block = this.known.get(keyOf(host, bits)) ?? this.build(host, bits);
    if (block === undefined) return false;
    this.table.enter(host, bits, block);
    return true;
  }

  /**
   * Makes the run loop find the instruction at `host` that goes on to the page at `next`: as a block of its own, which asks each time
   * whether it still goes on there. False when that is no instruction.
   */
  provideCrossing(host: number, next: number): boolean {
    const known = this.known.get(keyOf(host, 64));
    const block = known?.next === next ? known : this.buildCrossing(host, next);
    if (block === undefined) return false;
    this.table.enter(host, 64, block);
    return true;
  }

  /** The first record of the block at `host`, if there is one. */
  recordAt(host: number): number | undefined {
    return this.known.get(keyOf(host, 64))?.first;
  }

  /** Where blocks begin that have bytes on the page of `host`. */
  startsOn(host: number): readonly number[] {
    return [...this.pages.get(host & ~0xfff) ?? []];
  }

  /** Decodes bytes that no block can hold into a record of their own. */
  single(bytes: Uint8Array, bits: Bits): Single {
    const key = String.fromCharCode(bits, ...bytes);
    const known = this.singles.get(key);
    if (known !== undefined) return known;
    // The record, and one of zeros before the next.
    if (this.used + 2 > this.layout.recordCount) this.forgetAll();
    const decoded = this.decoder.decode(bytes, 0, bytes.length, bits);
    const single = { record: this.address(this.used), decoded };
    this.write(this.used, decoded, 0, { cycles: 0, retired: 0, branches: 0, accesses: 0 });
    this.used += 2;
    this.singles.set(key, single);
    return single;
  }

  /** Forgets the blocks of a page: it was written to. */
  forgetPage(host: number): void {
    const page = host & ~0xfff;
    for (const start of this.pages.get(page) ?? []) for (const bits of [64, 32, 16] as const) {
      if (!this.known.delete(keyOf(start, bits))) continue;
      this.table.forget(start, bits);
    }
    this.pages.delete(page);
    this.mark(page, false);
  }

  forgetAll(): void {
    // What was never used is all zeros.
    if (this.known.size > 0) this.table.forgetAll();
    this.u8.fill(0, this.address(0), this.address(this.used));
    for (const page of this.pages.keys()) this.mark(page, false);
    this.pages.clear();
    this.known.clear();
    this.decoded.clear();
    this.howToDo.forget();
    this.singles.clear();
    // The sums before the first instruction.
    this.used = 1;
  }

  private mark(page: number, holdsCode: boolean): void {
    this.codePages[(page - this.layout.ram) >>> 12] = holdsCode ? 1 : 0;
    for (const listener of this.listeners) listener(page, holdsCode);
  }

  /** Where a record is; one that is not in use is all zeros. */
  private address(index: number): number {
    return this.layout.records + index * RECORD.size;
  }

  private pageEnd(host: number): number {
    return Math.min((host & ~0xfff) + 0x1000, this.layout.ram + this.layout.ramSize);
  }

  private build(host: number, bits: Bits): Block | undefined {
    // A block and the record of zeros before the next one.
    if (this.used + BLOCK_LENGTH + 2 > this.layout.recordCount) this.forgetAll();
    const pageEnd = this.pageEnd(host);
    const first = this.used;
    const sums: Sums = { cycles: 0, retired: 0, branches: 0, accesses: 0 };
    let offset = 0;
    for (let index = first; ; index += 1) {
      const at = host + offset;
      const decoded: Decoded | NotDecoded | 'full' = index - first === BLOCK_LENGTH || at >= pageEnd
        ? 'full' : this.decoder.decode(this.u8, at, pageEnd, bits);
      // What cannot be decided on this page, and what must begin a block, ends this one.
      const ends = decoded === 'full' || decoded === 'truncated' || (index > first && beginsBlock(decoded));
      if (ends) {
        if (index === first) return undefined;
        this.writeEnd(index, offset, sums);
        this.used = index + 1;
        break;
      }
      const variant = this.write(index, decoded, offset, sums);
      this.hosts[index] = at;
      offset += typeof decoded === 'string' ? 0 : decoded.length;
      if (variant === undefined || variant.leaves || beginsBlock(decoded)) {
        this.writeEnd(index + 1, offset, sums);
        this.used = index + 2;
        break;
      }
    }
    this.used += 1;
    assert(sums.cycles < 0x1_0000, 'what a block costs has room');
    const block = { first: this.address(first), cycles: sums.cycles };
    this.known.set(keyOf(host, bits), block);
    this.note(host & ~0xfff, host);
    return block;
  }

  private buildCrossing(host: number, next: number): Block | undefined {
    const pageEnd = this.pageEnd(host);
    const bytes = Uint8Array.from([...this.u8.subarray(host, pageEnd), ...this.u8.subarray(next, next + MAX_LENGTH)]);
    const decoded = this.decoder.decode(bytes, 0, bytes.length, 64);
    if (typeof decoded === 'string') return undefined;
    // One that asks, the instruction, the end, and the record of zeros before the next block.
    if (this.used + 4 > this.layout.recordCount) this.forgetAll();
    const first = this.address(this.used);
    this.view.setUint16(first + RECORD.handler, HANDLER.crossing, true);
    this.view.setUint32(first + RECORD.displacement, next, true);
    const sums: Sums = { cycles: 0, retired: 0, branches: 0, accesses: 0 };
    this.write(this.used + 1, decoded, 0, sums);
    this.decoded.set(this.used + 1, decoded);
    this.writeEnd(this.used + 2, decoded.length, sums);
    this.used += 4;
    const block = { first, cycles: sums.cycles, next };
    this.known.set(keyOf(host, 64), block);
    for (const page of [host & ~0xfff, next]) this.note(page, host);
    return block;
  }

  /** A block that begins at `start` has bytes on a page. */
  private note(page: number, start: number): void {
    const starts = this.pages.get(page);
    if (starts) starts.add(start);
    else {
      this.pages.set(page, new Set([start]));
      this.mark(page, true);
    }
  }

  /** The record after the last instruction: goes on at the next block. */
  private writeEnd(index: number, offset: number, sums: Sums): void {
    const at = this.address(index);
    this.view.setUint16(at + RECORD.handler, HANDLER.end, true);
    this.view.setUint16(at + RECORD.next, offset, true);
    this.writeSums(at, sums);
  }

  /** Returns its variant; undefined where it has a routine, or is none. */
  private write(index: number, decoded: Decoded | NotDecoded, offset: number, sums: Sums): Variant | undefined {
    const { view } = this;
    const at = this.address(index);
    if (typeof decoded === 'string') {
      view.setUint16(at + RECORD.handler, HANDLER.undefined, true);
      view.setUint16(at + RECORD.next, offset, true);
      return undefined;
    }
    const variant = this.variantOf(decoded);
    const cost = cyclesOf(decoded, this.timing);
    view.setUint16(at + RECORD.handler, variant === undefined ? HANDLER.microcode : HANDLER.variants + variant.index, true);
    view.setUint8(at + RECORD.length, decoded.length);
    view.setUint16(at + RECORD.next, offset + decoded.length, true);
    view.setUint32(at + RECORD.cost, cost, true);
    this.writeOperands(at, decoded, offset + decoded.length);
    sums.cycles += cost;
    sums.retired += 1;
    addCounts(sums, variant?.counts ?? microcodeCounts(decoded));
    this.writeSums(at, sums);
    return variant;
  }

  private writeSums(at: number, sums: Sums): void {
    this.view.setUint32(at + RECORD.cycles, sums.cycles, true);
    this.view.setUint32(at + RECORD.retired, sums.retired, true);
    setUint64(this.view, at + RECORD.branches, sums.branches);
    setUint64(this.view, at + RECORD.accesses, sums.accesses);
  }

  private writeOperands(at: number, decoded: Decoded, next: number): void {
    const { view } = this;
    view.setUint16(at + RECORD.base, CPU.zero, true);
    view.setUint16(at + RECORD.index, CPU.zero, true);
    // In 64-bit mode segments have no base unless a prefix says so.
    const segment = decoded.segment !== -1 ? segmentBase(decoded.segment) : decoded.bits === 64 ? CPU.zero : segmentBase(DS);
    view.setUint16(at + RECORD.segment, segment, true);
    view.setUint8(at + RECORD.addressShift, 64 - 8 * decoded.addressSize);
    const { operands } = decoded;
    for (let slot = 0; slot < operands.length; slot += 1) {
      const operand = operands[slot]!;
      switch (operand.kind) {
        case 'register': view.setUint16(at + RECORD.operands + 2 * slot, gprOffset(operand.reg), true); break;
        case 'mm': view.setUint16(at + RECORD.operands + 2 * slot, mmxOffset(operand.reg), true); break;
        case 'xmm': view.setUint16(at + RECORD.operands + 2 * slot, xmmOffset(operand.reg), true); break;
        case 'segment': view.setUint16(at + RECORD.operands + 2 * slot, selectorOffset(operand.reg), true); break;
        case 'memory': this.writeMemory(at, operand.memory, decoded, next); break;
        case 'immediate': view.setBigUint64(at + RECORD.immediate, immediateOf(operand.value, operand.width, decoded), true); break;
        case 'relative': view.setBigInt64(at + RECORD.immediate, operand.value + BigInt(next), true); break;
        case 'control': case 'debug':
          view.setUint16(at + RECORD.operands + 2 * slot, (operand.kind === 'control' ? controlOffset : debugOffset)(operand.reg), true);
          view.setUint32(at + RECORD.immediate, operand.reg, true);
          break;
        default: break; // others are for microcode, which has the decoded instruction
      }
    }
  }

  private writeMemory(at: number, { base, index, scale, displacement }: Memory, decoded: Decoded, next: number): void {
    const { view } = this;
    view.setUint16(at + RECORD.base, base === -1 ? CPU.zero : base === RIP ? CPU.blockRip : gprOffset(base), true);
    view.setUint16(at + RECORD.index, index === -1 ? CPU.zero : gprOffset(index), true);
    view.setUint8(at + RECORD.scale, Math.log2(scale));
    // POP to memory addressed by RSP uses the pointer after the pop. SDM: "POP".
    const more = base === RIP ? next : base === RSP && decoded.form.attributes.has('popm') ? decoded.operandSize : 0;
    view.setBigInt64(at + RECORD.displacement, more === 0 ? displacement : displacement + BigInt(more), true);
    if (decoded.segment !== -1 || (base !== RSP && base !== RBP)) return;
    view.setUint8(at + RECORD.flags, RECORD_STACK);
    if (decoded.bits !== 64) view.setUint16(at + RECORD.segment, segmentBase(SS), true);
  }
}

const TWO_32 = 2 ** 32;
/** One of each, in a sum of branches. They are not computed for each instruction: V8 does not fold powers. */
const CONDITIONAL = 2 ** COUNT_BITS, NEAR_CALL = 2 ** (2 * COUNT_BITS);

/** A place and a mode as one number. */
const keyOf = (host: number, bits: Bits): number => host * 128 + bits;

function addCounts(sums: Sums, { branches, conditional, nearCalls, loads, stores }: Counts): void {
  sums.branches += branches + conditional * CONDITIONAL + nearCalls * NEAR_CALL;
  sums.accesses += loads + stores * TWO_32;
}

/** Of a block, sums are far below 2^53. */
function setUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, value / TWO_32, true);
}

/** Bytes to fetch for an instruction that may be as long as they come. */
export const FETCH_LENGTH = MAX_LENGTH;
