/** The function of a region while it is written: local variables that are used again, and labels that know how far away they are. */
import { Code, type ValueType } from '../wasm/module.ts';
import type { Op } from '../wasm/op.ts';

/** A block or loop that can be branched to, by the depth that it has. */
export type Label = number;
/** How many local variables of each type are in use. */
export type Mark = Readonly<Record<ValueType, number>>;

export class RegionCode extends Code {
  private readonly made: Record<ValueType, number[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };
  private used: Record<ValueType, number> = { i32: 0, i64: 0, f32: 0, f64: 0, v128: 0 };
  private depth = 0;

  /** A local variable that stays. */
  fixed(type: ValueType): number {
    return super.local(type);
  }

  /** One that is free again when its mark is released. */
  override local(type: ValueType): number {
    const index = this.used[type]++;
    return this.made[type][index] ??= super.local(type);
  }

  mark(): Mark {
    return { ...this.used };
  }

  release(mark: Mark): void {
    this.used = { ...mark };
  }

  releaseAll(): void {
    this.used = { i32: 0, i64: 0, f32: 0, f64: 0, v128: 0 };
  }

  override op(first: Op, second?: Op, third?: Op): void {
    super.op(first, second, third);
    for (const each of [first, second, third]) if (each === 'end') this.depth -= 1;
  }

  override block(): void {
    super.block();
    this.depth += 1;
  }

  override loop(): void {
    super.loop();
    this.depth += 1;
  }

  override if(result?: ValueType): void {
    super.if(result);
    this.depth += 1;
  }

  /** Of the block, loop or condition that was begun last. */
  get label(): Label {
    return this.depth;
  }

  goto(label: Label): void {
    this.br(this.depth - label);
  }

  gotoIf(label: Label): void {
    this.brIf(this.depth - label);
  }
}
