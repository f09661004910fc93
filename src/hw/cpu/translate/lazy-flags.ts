/** Flags of an instruction of a region: kept as ways to compute them, and conditions told by one comparison where they can be. */
import { CF, ZF } from '../../../x86/flags.ts';
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';
import type { Width } from '../../../x86/registers.ts';
import { SIGN_EXTEND } from '../wasm/emitter.ts';
import type { FlagSource } from '../wasm/flag-emitter.ts';
import { type Flags, type Flow, type Push, type Relation, setBy, settle } from './flags.ts';
import { KnownStep } from './known-step.ts';

export abstract class LazyFlags extends KnownStep {
  protected flow: Flow = { flags: {} };
  /** As they were before the instruction. */
  protected before: Flags = {};
  /** The flags that are read: those of the moment, or those of the moment for which they were put off. */
  private looking: Flags | undefined;

  protected override pushSource(source: FlagSource): void {
    const push = (this.looking ?? this.flow.flags)[source];
    if (push === undefined) this.code.get(this.frame.sources[source]);
    else push();
  }

  /** For later: what it reads of the flags is what they are now. */
  private putOff(push: Push): Push {
    const now = this.flow.flags;
    return () => {
      const { looking } = this;
      this.looking = now;
      push();
      this.looking = looking;
    };
  }

  protected override setResult(push: Push): void {
    const later = this.putOff(push);
    const { carries } = this.flow.flags;
    this.flow.flags = { zeroSource: later, signSource: later, ...(carries && { carries }) };
  }

  protected override setZero(push: Push): void {
    const { relation: _, ...others } = this.flow.flags;
    this.flow.flags = { ...others, zeroSource: this.putOff(push) };
  }

  protected override setCarries(push: Push): void {
    const { relation: _, ...others } = this.flow.flags;
    this.flow.flags = { ...others, carries: this.putOff(push) };
  }

  protected override carryFlags(value: MicroId, width: Width): void {
    super.carryFlags(value, width);
    const operands = this.differenceOf(value);
    if (operands === undefined) return;
    const extended = (id: MicroId) => (signed: boolean): void => {
      const known = this.known(id);
      const bits = 8 * width;
      if (typeof known === 'bigint') return this.code.i64(signed ? BigInt.asIntN(bits, known) : BigInt.asUintN(bits, known));
      this.push(id);
      if (width === 8) return;
      if (signed) return this.code.op(SIGN_EXTEND[width]!);
      this.code.i64((1n << BigInt(bits)) - 1n);
      this.code.op('i64_and');
    };
    this.flow.flags = { ...this.flow.flags, relation: { kind: 'difference', left: extended(operands[0]), right: extended(operands[1]) } };
  }

  /** The operands, when these are the borrows of a difference: (~a & b) | ((~a | b) & (a - b)). */
  private differenceOf(value: MicroId): readonly [MicroId, MicroId] | undefined {
    const parts = (id: MicroId | undefined, op: Micro['op']): readonly MicroId[] | undefined =>
      (id !== undefined && this.micro(id).op === op ? this.micro(id).args : undefined);
    const both = parts(value, 'or');
    const [notA, b] = parts(both?.[0], 'and') ?? [];
    const [either, result] = parts(both?.[1], 'and') ?? [];
    const [sameNotA, sameB] = parts(either, 'or') ?? [];
    const [a, ones] = parts(notA, 'xor') ?? [];
    const [difference, borrow] = parts(result, 'sub') ?? [];
    const [first, second] = parts(difference, 'sub') ?? [];
    const is = a !== undefined && b !== undefined && sameNotA === notA && sameB === b && first === a && second === b
      && this.known(ones!) === BigInt.asUintN(64, -1n) && this.known(borrow!) === 0n;
    return is ? [a, b] : undefined;
  }

  protected override setCarry(cf: MicroId, of: MicroId): void {
    const { flags } = this.flow;
    super.setCarry(cf, of);
    const clears = this.known(cf) === false && this.known(of) === false;
    if (clears && flags !== this.before) this.flow.flags = { ...this.flow.flags, relation: { kind: 'logic' } };
  }

  /** Kept from before the instruction: the bits above the carry into the topmost bit flip if CF was another. */
  protected override setFlag(mask: number, value: MicroId): void {
    if (!this.keepsCarry(value)) return super.setFlag(mask, value);
    const { code, before } = this;
    this.setCarries(() => {
      const carries = code.local('i64');
      this.pushSource('carries');
      code.tee(carries);
      const { looking } = this;
      this.looking = before;
      this.pushSource('carries');
      this.looking = looking;
      code.op('i64_xor');
      code.i64(63n);
      code.op('i64_shr_s');
      code.i64(3n << 62n);
      code.op('i64_and');
      code.get(carries);
      code.op('i64_xor');
    });
  }

  protected override status(): void {
    settle(this.frame, this.flow.flags);
    this.flow.flags = {};
    this.frame.storeFlags();
    super.status();
  }

  protected override setStatus(value: MicroId): void {
    super.setStatus(value);
    this.frame.loadFlags();
    this.flow.flags = {};
  }

  protected override flag(mask: number): void {
    const { relation } = this.looking ?? this.flow.flags;
    if (mask === CF && relation?.kind === 'difference') return this.below(relation, false, false);
    super.flag(mask);
  }

  protected override condition(code: number): void {
    const { relation } = this.looking ?? this.flow.flags;
    const met = relation !== undefined && (relation.kind === 'logic' ? this.ofLogic(code >> 1) : this.ofDifference(relation, code >> 1));
    if (!met) super.condition(code);
    else if (code & 1) this.code.op('i32_eqz');
  }

  private ofDifference(relation: Relation & { kind: 'difference' }, condition: number): boolean {
    const { code } = this;
    switch (condition) {
      case 1: this.below(relation, false, false); return true;
      case 2:
        relation.left(false);
        relation.right(false);
        code.op('i64_eq');
        return true;
      case 3:
        this.below(relation, false, true);
        code.op('i32_eqz');
        return true;
      case 6: this.below(relation, true, false); return true;
      case 7:
        this.below(relation, true, true);
        code.op('i32_eqz');
        return true;
      default: return false;
    }
  }

  /** The first operand is below the second; or with `swapped` the second below the first. */
  private below({ left, right }: Relation & { kind: 'difference' }, signed: boolean, swapped: boolean): void {
    for (const push of swapped ? [right, left] : [left, right]) push(signed);
    this.code.op(signed ? 'i64_lt_s' : 'i64_lt_u');
  }

  /** CF and OF are clear. */
  private ofLogic(condition: number): boolean {
    switch (condition) {
      case 0: case 1: this.code.i32(0); return true;
      case 3: this.flag(ZF); return true;
      case 6:
        this.pushSource('signSource');
        this.code.i64(0n);
        this.code.op('i64_lt_s');
        return true;
      case 7:
        this.code.i64(0n);
        this.pushSource('signSource');
        this.code.op('i64_lt_s', 'i32_eqz');
        return true;
      default: return false;
    }
  }

  /** A micro-op that reads CF for no other end than that another sets it to that: it stays. */
  protected keepsCarry(id: MicroId): boolean {
    const { op, n } = this.micro(id);
    return op === 'flag' && n === CF && this.uses[id] === 1
      && this.program.micros.some((each) => each.op === 'setFlag' && each.n === CF && each.args[0] === id);
  }

  protected override if(micro: Micro): void {
    const chosen = this.known(micro.args[0]!);
    if (chosen !== undefined) return this.sequence(chosen === true ? micro.body : micro.otherwise);
    if (this.staysOnPage(micro.args[0]!)) return;
    let setsFlags = false;
    this.flat((inner) => {
      setsFlags ||= setBy(inner).length > 0;
    }, [...micro.body, ...micro.otherwise]);
    if (!setsFlags) return super.if(micro);
    // Afterwards it is not known which way was gone: all are in their local variables then.
    settle(this.frame, this.flow.flags);
    this.flow.flags = {};
    this.push(micro.args[0]!);
    this.code.if();
    for (const [i, body] of [micro.body, micro.otherwise].entries()) {
      if (i === 1) this.code.op('else');
      this.sequence(body);
      settle(this.frame, this.flow.flags);
      this.flow.flags = {};
    }
    this.code.op('end');
  }
}
