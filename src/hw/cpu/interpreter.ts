/**
 * The run loop of the interpreter, without WebAssembly. It goes from block to block and through the records of each, and
 * keeps the books: budget and counts change when a block is left, by the sums that the last retired record holds.
 *
 * `wasm/dispatch.ts` emits the same loop. Whoever calls either sees no difference but speed.
 */
import type { VariantsOf } from '../../x86/isa/variant.ts';
import { CS } from '../../x86/registers.ts';
import { type Evaluator, OUT_OF_REACH } from './evaluate.ts';
import { GuestFault } from './guest-fault.ts';
import {
  BLOCK, BLOCK_BYTES, CPU, HANDLER, type Layout, ownEntry, RECORD, SEGMENT, STATUS, type Status, segmentBase, TLB,
} from './layout.ts';

/** Runs a processor until its budget is used up or the instruction at `record` wants something else. */
export interface Engine {
  /** `observed`: branch predictor and caches see what the instructions do. */
  run(cpu: number, observed: boolean): Status;
}

export class Interpreter implements Engine {
  private readonly view: DataView;
  private readonly layout: Layout;
  private readonly variants: VariantsOf;
  private readonly evaluators: ReadonlyMap<number, Evaluator>;

  /** `evaluators` by the address of the processor's block. */
  constructor(memory: ArrayBuffer, layout: Layout, variants: VariantsOf, evaluators: ReadonlyMap<number, Evaluator>) {
    this.view = new DataView(memory);
    this.layout = layout;
    this.variants = variants;
    this.evaluators = evaluators;
  }

  run(cpu: number, observed: boolean): Status {
    const { view } = this;
    this.evaluators.get(cpu)!.observed = observed;
    for (;;) {
      const rip = view.getBigUint64(cpu + CPU.rip, true);
      const bits = view.getUint32(cpu + CPU.bits, true);
      if (bits !== 64 && this.nearLimit(cpu, rip)) return STATUS.fetch;
      const host = this.hostOf(cpu, bits === 64 ? rip : this.linear(cpu, rip));
      if (host === 0) return STATUS.fetch;
      const blocks = bits === 64 ? this.layout.blocks : this.layout.legacyBlocks;
      const own = blocks + ownEntry(host);
      const entry = [own, own ^ BLOCK.size].find((at) =>
        view.getUint32(at + BLOCK.host, true) === host && view.getUint16(at + BLOCK.bits, true) === bits);
      if (entry === undefined) return STATUS.decode;
      view.setBigUint64(cpu + CPU.blockRip, rip, true);
      const status = this.block(cpu, rip, view.getUint32(entry + BLOCK.first, true));
      if (status !== STATUS.branch) return status;
      if (view.getInt32(cpu + CPU.budget, true) <= 0) return STATUS.budget;
    }
  }

  /** A block might go beyond the limit of the code segment: then the instruction must be looked at alone. */
  private nearLimit(cpu: number, rip: bigint): boolean {
    return rip + BigInt(BLOCK_BYTES - 1) > BigInt(this.view.getUint32(cpu + segmentBase(CS) + SEGMENT.limit, true));
  }

  private linear(cpu: number, rip: bigint): bigint {
    return BigInt.asUintN(32, this.view.getBigUint64(cpu + segmentBase(CS), true) + rip);
  }

  /** Where the byte at a linear address lies; 0 when the TLB does not know its page. */
  private hostOf(cpu: number, rip: bigint): number {
    const index = Number((rip >> 12n) & BigInt(TLB.entries - 1));
    const entry = this.view.getUint32(cpu + CPU.tlb, true) + TLB.fetch + index * TLB.entrySize;
    if (this.view.getBigUint64(entry + TLB.tag, true) !== (rip & ~0xfffn)) return 0;
    return (Number(BigInt.asUintN(32, rip)) + this.view.getUint32(entry + TLB.addend, true)) >>> 0;
  }

  /** Runs one block: returns `branch` at its end. */
  private block(cpu: number, rip: bigint, first: number): Status {
    const { view } = this;
    let record = first;
    let status: Status = STATUS.next;
    for (;;) {
      status = this.handle(cpu, record);
      if (status !== STATUS.next) break;
      if (view.getUint32(record + RECORD.cycles, true) >= view.getInt32(cpu + CPU.budget, true)) {
        this.setNextRip(cpu, rip, record);
        status = STATUS.branch;
        break;
      }
      record += RECORD.size;
    }
    view.setUint32(cpu + CPU.record, record, true);
    if (status > STATUS.check) record -= RECORD.size;
    this.account(cpu, record);
    if (status !== STATUS.branch) this.setNextRip(cpu, rip, record);
    return status;
  }

  private handle(cpu: number, record: number): Status {
    const { view } = this;
    const handler = view.getUint16(record + RECORD.handler, true);
    if (handler === HANDLER.microcode) return STATUS.microcode;
    if (handler === HANDLER.undefined) return STATUS.assist;
    if (handler === HANDLER.crossing) {
      const second = this.hostOf(cpu, BigInt.asUintN(64, (view.getBigUint64(cpu + CPU.blockRip, true) | 0xfffn) + 1n));
      return second === view.getUint32(record + RECORD.displacement, true) ? STATUS.next : STATUS.crossing;
    }
    if (handler === HANDLER.end) {
      this.setNextRip(cpu, view.getBigUint64(cpu + CPU.blockRip, true), record);
      return STATUS.branch;
    }
    try {
      const variants = this.variants(view.getUint32(cpu + CPU.bits, true) === 64);
      return this.evaluators.get(cpu)!.run(variants.all[handler - HANDLER.variants]!.program, record, false);
    } catch (fault) {
      // Whoever assists does it again and meets the same fault.
      if (fault instanceof GuestFault || fault === OUT_OF_REACH) return STATUS.assist;
      throw fault;
    }
  }

  private setNextRip(cpu: number, rip: bigint, record: number): void {
    this.view.setBigUint64(cpu + CPU.rip, BigInt.asUintN(64, rip + BigInt(this.view.getUint16(record + RECORD.next, true))), true);
  }

  private account(cpu: number, record: number): void {
    const { view } = this;
    view.setInt32(cpu + CPU.budget, view.getInt32(cpu + CPU.budget, true) - view.getUint32(record + RECORD.cycles, true), true);
    view.setUint32(cpu + CPU.retired, view.getUint32(cpu + CPU.retired, true) + view.getUint32(record + RECORD.retired, true), true);
    for (const [to, from] of [[CPU.branches, RECORD.branches], [CPU.accesses, RECORD.accesses]] as const) {
      view.setBigUint64(cpu + to, view.getBigUint64(cpu + to, true) + view.getBigUint64(record + from, true), true);
    }
  }
}
