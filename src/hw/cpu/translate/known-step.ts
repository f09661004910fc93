/**
 * What is known of an instruction before it is written: its record, and what follows from that. Displacements and immediates are
 * constants, and so is what is computed from them alone.
 */
import type { Micro, MicroId } from '../../../x86/isa/micro.ts';
import { RCX } from '../../../x86/registers.ts';
import { CPU, gprOffset, RECORD } from '../layout.ts';
import type { Callees } from '../wasm/emitter.ts';
import type { FlagSource } from '../wasm/flag-emitter.ts';
import { HandlerWriter } from '../wasm/handlers.ts';
import { neededBy, setBy } from './flags.ts';
import { fold, type Known } from './fold.ts';
import type { Frame } from './frame.ts';
import { onSamePage, type Step } from './region.ts';
import type { RegionCode } from './region-code.ts';

export abstract class KnownStep extends HandlerWriter {
  protected declare readonly code: RegionCode;
  protected readonly step: Step;
  protected readonly frame: Frame;
  protected readonly view: DataView;
  private readonly values = new Map<MicroId, Known>();

  constructor(step: Step, frame: Frame, view: DataView, callees: Callees) {
    super(step.variant.program, callees, frame.code);
    this.step = step;
    this.frame = frame;
    this.view = view;
  }

  known(id: MicroId): Known {
    if (this.values.has(id)) return this.values.get(id);
    const micro = this.micro(id);
    const value = micro.op === 'immediate' ? this.field64(RECORD.immediate) : fold(micro, (arg) => this.known(arg));
    this.values.set(id, value);
    return value;
  }

  /** A direct branch to somewhere on the page cannot be to an address that is not canonical. */
  protected staysOnPage(id: MicroId): boolean {
    const { op, args } = this.micro(id);
    if (op === 'both') return args.some((arg) => this.staysOnPage(arg));
    if (op !== 'not') return false;
    const equal = this.micro(args[0]!);
    return equal.op === 'eq' && this.micro(equal.args[1]!).op === 'target' && onSamePage(this.target, this.step.at);
  }

  protected get target(): number {
    return this.step.origin + Number(BigInt.asIntN(64, this.field64(RECORD.immediate)));
  }

  /** Visits the micro-ops that are done whatever happens, with those of conditions that are known; and those that may be done. */
  protected flat(visit: (micro: Micro, certain: boolean) => void, ids: readonly MicroId[] = this.program.body, certain = true): void {
    for (const id of ids) {
      const micro = this.micro(id);
      if (micro.op !== 'if') {
        visit(micro, certain);
        if (micro.op === 'repeat') this.flat(visit, micro.body, false);
        continue;
      }
      const chosen = this.known(micro.args[0]!);
      if (chosen !== undefined) this.flat(visit, chosen === true ? micro.body : micro.otherwise, certain);
      else if (!this.staysOnPage(micro.args[0]!)) for (const body of [micro.body, micro.otherwise]) this.flat(visit, body, false);
    }
  }

  /** Which flags it may need as they were before it, and which it certainly sets. */
  flagUse(): { readonly needs: ReadonlySet<FlagSource>; readonly sets: ReadonlySet<FlagSource> } {
    const needs = new Set<FlagSource>(), sets = new Set<FlagSource>();
    this.flat((micro, certain) => {
      for (const source of neededBy(micro)) needs.add(source);
      if (certain) for (const source of setBy(micro)) sets.add(source);
    });
    return { needs, sets };
  }

  registers(): { readonly used: ReadonlySet<number>; readonly changed: ReadonlySet<number> } {
    const used = new Set<number>(), changed = new Set<number>();
    const add = (set: Set<number>, offset: number): void => {
      if (offset < CPU.zero) set.add(offset >> 3);
    };
    this.flat(({ op, n }) => {
      if (op === 'operand') add(used, this.operandOffset(n));
      else if (op === 'gpr') add(used, gprOffset(n));
      else if (op === 'setOperand') add(changed, this.operandOffset(n));
      else if (op === 'setGpr') add(changed, gprOffset(n));
      else if (op === 'repeat') for (const set of [used, changed]) set.add(RCX);
      else if (op === 'address' || op === 'offset') for (const field of [RECORD.base, RECORD.index]) add(used, this.field16(field));
    });
    return { used, changed };
  }

  protected field16(offset: number): number {
    return this.view.getUint16(this.step.record + offset, true);
  }

  protected field64(offset: number): bigint {
    return this.view.getBigUint64(this.step.record + offset, true);
  }

  protected operandOffset(slot: number): number {
    return this.field16(RECORD.operands + 2 * slot);
  }

  protected override push(id: MicroId): void {
    const value = this.known(id);
    if (value === undefined) super.push(id);
    else if (typeof value === 'bigint') this.code.i64(value);
    else this.code.i32(value ? 1 : 0);
  }

  protected override isZero(id: MicroId): boolean {
    return this.known(id) === 0n;
  }
}
