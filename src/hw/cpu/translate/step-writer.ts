/**
 * One instruction of a region: the same micro-ops as in a handler, but general registers are local variables, and what it does not
 * do itself is left to the interpreter, before anything of it has happened.
 */
import { type BranchKind, MICRO_OPS, type Micro, type MicroId } from '../../../x86/isa/micro.ts';
import { RCX, type Width } from '../../../x86/registers.ts';
import { CPU, gprOffset, RECORD, STATUS, TLB } from '../layout.ts';
import type { AccessWidth } from '../memory.ts';
import { LOAD } from '../wasm/emitter.ts';
import type { Op } from '../wasm/op.ts';
import { SHORTEST } from '../wasm/repeat-emitter.ts';
import { type Flags, type Flow, type Push, settle } from './flags.ts';
import type { Sums } from './frame.ts';
import { LazyFlags } from './lazy-flags.ts';

/** Where a step that ends its piece goes on. */
export interface Ends {
  direct(): void;
  /** By the frame's target. */
  indirect(): void;
  branch(pushTaken: Push): void;
}

const NOTHING: Sums = { cycles: 0, counts: [] };

export class StepWriter extends LazyFlags {
  private ends: Ends | undefined;
  /** This step and those after it in its piece; those after it. */
  private rest: readonly [from: Sums, after: Sums] = [NOTHING, NOTHING];
  /** `rest`: what it and those after it have been entered for, and those after it. */
  writeStep(flow: Flow, rest: readonly [from: Sums, after: Sums], ends: Ends): void {
    this.flow = flow;
    this.before = flow.flags;
    this.rest = rest;
    this.ends = ends;
    this.sequence(this.program.body);
    if (this.accessed.length === 0) return;
    this.commit();
    this.frame.pay(() => this.leaveOverdrawn());
  }

  // Values.

  protected override statement(id: MicroId): void {
    const micro = this.micro(id);
    if (MICRO_OPS[micro.op].result !== 'none' && this.known(id) !== undefined) return;
    // CF that is only kept is put together when it is wanted.
    if (this.keepsCarry(id)) return;
    super.statement(id);
  }

  protected override compute(id: MicroId, micro: Micro): void {
    switch (micro.op) {
      case 'operand': return this.readRegister(this.operandOffset(micro.n), micro.width);
      case 'gpr': return this.readRegister(gprOffset(micro.n), micro.width);
      case 'target': return this.frame.address(this.target);
      case 'nextRip': return this.frame.address(this.step.next);
      default: return super.compute(id, micro);
    }
  }

  protected override recordField(op: Op, offset: number): void {
    const at = this.step.record + offset;
    if (op === 'i32_load16_u') this.code.i32(this.view.getUint16(at, true));
    else if (op === 'i64_load') this.code.i64(this.view.getBigUint64(at, true));
    else if (op === 'i64_load8_u') this.code.i64(BigInt(this.view.getUint8(at)));
    else throw new Error(`no field of a record is read by ${op}`);
  }

  private readRegister(offset: number, width: Width): void {
    const { code } = this;
    if (offset >= CPU.zero) return this.cpuField(LOAD[width], offset);
    code.get(this.frame.gprs[offset >> 3]!);
    if (width === 8) return;
    if ((offset & 7) !== 0) {
      code.i64(8n);
      code.op('i64_shr_u');
    }
    code.i64((1n << BigInt(8 * width)) - 1n);
    code.op('i64_and');
  }

  protected override setOperand(value: MicroId, slot: number, width: Width): void {
    this.setRegister(value, this.operandOffset(slot), width);
  }

  protected override setRegister(value: MicroId, offset: number, width: Width): void {
    const { code } = this;
    const local = this.frame.gprs[offset >> 3]!;
    const high = (offset & 7) !== 0, shift = high ? 8n : 0n;
    const mask = (1n << BigInt(8 * width)) - 1n;
    if (width < 4) {
      code.get(local);
      code.i64(BigInt.asUintN(64, ~(mask << shift)));
      code.op('i64_and');
    }
    this.push(value);
    if (width < 8) {
      code.i64(mask);
      code.op('i64_and');
    }
    if (high) {
      code.i64(shift);
      code.op('i64_shl');
    }
    if (width < 4) code.op('i64_or');
    code.set(local);
  }

  protected override effectiveAddress(extra: MicroId | undefined): void {
    const { code } = this;
    const base = this.field16(RECORD.base), index = this.field16(RECORD.index);
    const displacement = this.field64(RECORD.displacement);
    const narrow = this.view.getUint8(this.step.record + RECORD.addressShift) !== 0;
    let any = false;
    const add = (push: Push): void => {
      push();
      if (any) code.op('i64_add');
      any = true;
    };
    if (base === CPU.blockRip) add(() => this.frame.address(this.step.origin + Number(BigInt.asIntN(64, displacement))));
    else if (base !== CPU.zero) add(() => code.get(this.frame.gprs[base >> 3]!));
    if (index !== CPU.zero) {
      add(() => {
        code.get(this.frame.gprs[index >> 3]!);
        const scale = this.view.getUint8(this.step.record + RECORD.scale);
        if (scale === 0) return;
        code.i64(BigInt(scale));
        code.op('i64_shl');
      });
    }
    if (base !== CPU.blockRip && (displacement !== 0n || !any)) add(() => code.i64(displacement));
    if (extra !== undefined && !this.isZero(extra)) add(() => this.push(extra));
    if (!narrow) return;
    code.i64(0xffff_ffffn);
    code.op('i64_and');
  }

  protected override address(displacement: MicroId): void {
    this.effectiveAddress(displacement);
    const segment = this.field16(RECORD.segment);
    if (segment === CPU.zero) return;
    this.cpuField('i64_load', segment);
    this.code.op('i64_add');
  }

  // Repetition.

  /**
   * What is done a few times, while the books have room for more than that; else the interpreter goes on from where it is, as it does
   * between two iterations.
   */
  protected override repeat({ body }: Micro): void {
    const { code, frame, step: { cost } } = this;
    const observed = this.callees.observers !== undefined;
    const count = frame.gprs[RCX]!;
    code.get(count);
    code.i64(observed ? 1n : SHORTEST);
    code.op('i64_ge_u');
    code.rarely();
    this.interpret();
    code.op('end');
    if (observed) return;
    code.block();
    code.loop();
    code.get(count);
    code.op('i64_eqz');
    code.brIf(1);
    frame.wouldOverdraw(cost);
    code.rarely();
    this.interpret();
    code.op('end');
    this.sequence(body);
    code.get(count);
    code.i64(1n);
    code.op('i64_sub');
    code.set(count);
    frame.spend(cost);
    code.br(0);
    code.op('end', 'end');
  }

  // The system.

  protected override pushBudget(): void {
    this.frame.pushBudget(this.rest[0]);
  }

  protected override applyRights(): void {
    super.applyRights();
    this.frame.loadTlb();
  }

  // Memory.

  protected override translate(id: MicroId, width: AccessWidth, write: boolean, host = this.code.local('i32'), alignment = 1): void {
    const { code } = this;
    const table = write ? TLB.write : TLB.read;
    const address = code.local('i64'), entry = code.local('i32'), status = code.local('i32');
    this.push(id);
    code.set(address);
    this.tlbEntry(address);
    code.tee(entry);
    code.access('i64_load', table + TLB.tag);
    this.fillIfMissed(address, width, write, alignment);
    code.tee(status);
    code.rarely();
    this.unlessAcross(status, entry, write, () => this.interpret());
    code.op('end', 'end');
    this.translated(address, entry, table);
    code.tee(host);
    this.observeAccess(host);
  }

  protected override pushTlb(): void {
    this.code.get(this.frame.tlb);
  }

  // Leaving.

  /** The interpreter does this instruction: nothing of it has happened. */
  private interpret(): void {
    this.exit(this.before, this.rest[0], () => this.frame.exit(STATUS.interpret, () => this.frame.address(this.step.at)));
  }

  private exit(flags: Flags, rest: Sums, leave: Push): void {
    const mark = this.code.mark();
    settle(this.frame, flags);
    this.frame.account(rest, -1n);
    leave();
    this.code.release(mark);
  }

  protected override leave(status: number): void {
    if (status !== STATUS.check) return this.interpret();
    if (this.accessed.length > 0) this.frame.pay(() => {});
    this.exit(this.flow.flags, this.rest[1], () => this.frame.exit(STATUS.check, () => this.frame.address(this.step.next)));
  }

  protected override assist(): void {
    this.interpret();
  }

  protected override jump(target: MicroId, kind: BranchKind): void {
    const direct = kind === 'direct' || kind === 'call';
    if (!direct) {
      this.push(target);
      this.code.set(this.frame.target);
    }
    this.observeWay(kind, () => this.code.i32(1));
    if (direct) this.ends!.direct();
    else this.ends!.indirect();
  }

  protected override branch(taken: MicroId): void {
    if (this.callees.observers === undefined) return this.ends!.branch(() => this.push(taken));
    const { code } = this;
    const isTaken = code.local('i32');
    this.push(taken);
    code.set(isTaken);
    this.observeWay('conditional', () => code.get(isTaken));
    this.ends!.branch(() => code.get(isTaken));
  }

  // Observers.

  /** Tells of a branch, and of the accesses before it. That the budget does not last is seen on the way to the next piece. */
  private observeWay(kind: BranchKind, pushTaken: Push): void {
    if (this.callees.observers === undefined || kind === 'direct') return;
    this.commit();
    this.observeBranch(kind, pushTaken);
    this.frame.pay(() => {});
    this.accessed.length = 0;
  }

  protected override pushNext(): void {
    this.frame.address(this.step.next);
    this.code.op('i32_wrap_i64');
  }

  protected override pushWhere(): void {
    this.code.get(this.frame.target);
    this.code.op('i32_wrap_i64');
  }

  /** What observers have taken is missing for the rest of the piece: then the interpreter does it, as far as the budget goes. */
  private leaveOverdrawn(): void {
    const { code, frame } = this;
    frame.overdrawn();
    code.if();
    this.exit(this.flow.flags, this.rest[1], () => frame.exit(STATUS.interpret, () => frame.address(this.step.next)));
    code.op('end');
  }
}
