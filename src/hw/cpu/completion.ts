/**
 * Instructions that the interpreter hands back: those with a routine of their own, those that fault or reach a device, two
 * pages or a page of code, and those that lie on two pages themselves.
 *
 * Each method does one instruction, and throws a GuestFault when it did not happen.
 */
import { GP, UD } from '../../x86/fault.ts';
import type { Decoded, NotDecoded } from '../../x86/isa/decode.ts';
import { type Counts, microcodeCounts, type Variants } from '../../x86/isa/variant.ts';
import { type Blocks, FETCH_LENGTH } from './blocks.ts';
import type { Books } from './books.ts';
import type { Evaluator } from './evaluate.ts';
import { CPU, RECORD, RECORD_STACK, STATUS } from './layout.ts';
import { FETCH, GuestFault } from './memory.ts';
import { routineOf } from './microcode/microcode.ts';
import { BEFORE_RETIREMENT } from './microcode/monitor.ts';
import type { Operation, Processor } from './processor.ts';

/** Whether a single-step trap may follow. */
export type TrapAllowed = boolean;

/** After these none does: they have entered a handler that TF was cleared for. */
const NO_TRAP: ReadonlySet<string> = new Set(['INT', 'INT3', 'INT1', 'SYSCALL']);

export class Completion {
  private readonly cpu: Processor;
  private readonly base: number;
  private readonly view: DataView;
  private readonly blocks: Blocks;
  private readonly variants: Variants;
  private readonly evaluator: Evaluator;
  private readonly books: Books;

  constructor(cpu: Processor, base: number, blocks: Blocks, variants: Variants, evaluator: Evaluator, books: Books) {
    this.cpu = cpu;
    this.base = base;
    this.view = cpu.memory.view;
    this.blocks = blocks;
    this.variants = variants;
    this.evaluator = evaluator;
    this.books = books;
  }

  /** The instruction at which the interpreter stopped: by its routine. */
  microcoded(): TrapAllowed {
    const { record } = this;
    return this.microcode(record, this.blocks.decodedAt(record) as Decoded);
  }

  /** The instruction at which the interpreter stopped: by its micro-ops, with all of memory in reach. */
  assisted(): TrapAllowed {
    const { record } = this;
    return this.assist(record, this.blocks.decodedAt(record));
  }

  /** The instruction at RIP, which lies on two pages, or outside memory: it is fetched byte by byte, each time anew. */
  fetched(): TrapAllowed {
    const { rip } = this.cpu.registers;
    const inPage = Math.min(FETCH_LENGTH, 0x1000 - Number(rip & 0xfffn));
    let bytes = this.fetchBytes(rip, inPage);
    let { record, decoded } = this.blocks.single(bytes);
    if (decoded === 'truncated' && inPage < FETCH_LENGTH) {
      const next = BigInt.asUintN(64, rip + BigInt(inPage));
      bytes = Uint8Array.from([...bytes, ...this.fetchBytes(next, FETCH_LENGTH - inPage)]);
      ({ record, decoded } = this.blocks.single(bytes));
    }
    this.view.setBigUint64(this.base + CPU.blockRip, rip, true);
    const hasRoutine = typeof decoded !== 'string' && this.variants.of(decoded) === undefined;
    return hasRoutine ? this.microcode(record, decoded as Decoded) : this.assist(record, decoded);
  }

  private get record(): number {
    return this.view.getUint32(this.base + CPU.record, true);
  }

  private fetchBytes(address: bigint, count: number): Uint8Array {
    const physical = this.cpu.memory.physical(address, FETCH);
    return Uint8Array.from({ length: count }, (_, i) => Number(this.cpu.memory.readPhysical(physical + i, 1)));
  }

  private assist(record: number, decoded: Decoded | NotDecoded): TrapAllowed {
    if (decoded === 'too long') throw new GuestFault(GP);
    if (typeof decoded === 'string') throw new GuestFault(UD);
    const variant = this.variants.of(decoded)!;
    const status = this.evaluator.run(variant.program, record, true);
    this.cpu.repeating = status === STATUS.repeat;
    if (this.cpu.repeating) return true;
    if (status !== STATUS.branch) this.cpu.registers.rip = this.afterRecord(record);
    this.books.account(record, variant.counts, 1);
    return true;
  }

  private afterRecord(record: number): bigint {
    return this.view.getBigUint64(this.base + CPU.blockRip, true) + BigInt(this.view.getUint16(record + RECORD.next, true));
  }

  private microcode(record: number, decoded: Decoded): TrapAllowed {
    const { registers } = this.cpu;
    const { mnemonic } = decoded.instruction;
    const start = registers.rip;
    const counts = microcodeCounts(decoded);
    const early = !BEFORE_RETIREMENT.has(mnemonic);
    registers.rip = this.afterRecord(record);
    if (early) this.books.account(record, counts, 1);
    try {
      const again = routineOf(decoded)(this.cpu, this.operation(record, decoded)) === 'repeat';
      this.cpu.repeating = again;
      if (again) this.undo(record, counts, start, true);
      else if (!early) this.books.account(record, counts, 1);
    } catch (fault) {
      this.cpu.afterExit = registers.rip;
      this.undo(record, counts, start, early);
      throw fault;
    }
    return !NO_TRAP.has(mnemonic);
  }

  /** The instruction did not complete: it has not retired, and is the next one again. */
  private undo(record: number, counts: Counts, start: bigint, retired: boolean): void {
    this.cpu.registers.rip = start;
    if (retired) this.books.account(record, counts, -1);
  }

  private operation(record: number, decoded: Decoded): Operation {
    return {
      decoded, operandSize: decoded.operandSize,
      stack: (this.view.getUint8(record + RECORD.flags) & RECORD_STACK) !== 0,
      address: () => this.evaluator.address(record),
      offset: () => this.evaluator.offset(record),
    };
  }
}
