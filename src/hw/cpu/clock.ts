/**
 * The clock of a processor: core cycles since power-on, and the time-stamp counter that follows from them. While a slice runs, what is gone
 * of its budget is time that has passed.
 */
import { NEVER } from '../../base/state.ts';
import { CPU, RECORD } from './layout.ts';

export class Clock {
  /** Core cycles since power-on, halted ones included, up to the last fold. */
  folded: number;
  /** Ticks of the time-stamp counter per core cycle, as a fraction. */
  private readonly numerator: number;
  private readonly denominator: number;
  /** It tells emitted code the time, too. */
  private readonly view: DataView;
  private readonly base: number;
  /** What was left of the budget at the last fold. */
  private budget = 0;

  /** It shows `folded` at first; the budget lies in the processor's block at `base`. */
  constructor([numerator, denominator]: readonly [ticks: number, cycles: number], folded: number, view: DataView, base: number) {
    this.folded = folded;
    this.numerator = numerator;
    this.denominator = denominator;
    this.view = view;
    this.base = base;
    view.setFloat64(base + CPU.ticks, numerator, true);
    view.setFloat64(base + CPU.cycles, denominator, true);
  }

  /** Core cycles since power-on. */
  get now(): number {
    return this.folded + this.passed;
  }

  /** The time-stamp counter, in ticks since power-on. */
  get ticks(): number {
    return this.ticksAt(this.now);
  }

  /** Core cycles until the time-stamp counter has reached `ticks`, at least 0; Infinity for never. */
  until(ticks: number): number {
    return ticks === NEVER ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil((ticks * this.denominator) / this.numerator) - this.now);
  }

  /** What writes of the time-stamp counter have added to it, modulo 2^64. */
  get adjust(): bigint {
    return this.view.getBigUint64(this.base + CPU.tscAdjust, true);
  }

  set adjust(value: bigint) {
    this.view.setBigUint64(this.base + CPU.tscAdjust, value, true);
  }

  /** How far the time-stamp counter moves while so many cycles pass from the last fold on. */
  ticksIn(cycles: number): number {
    return this.ticksAt(this.folded + cycles) - this.ticksAt(this.folded);
  }

  /** Cycles left of the budget. */
  get left(): number {
    return this.view.getInt32(this.base + CPU.budget, true);
  }

  set left(value: number) {
    this.view.setInt32(this.base + CPU.budget, value, true);
  }

  /** Cycles since the last fold. */
  get passed(): number {
    return this.budget - this.left;
  }

  /** A slice begins, or goes on, with so many cycles. All time is folded. */
  begin(budget: number): void {
    this.left = budget;
    this.budget = budget;
    this.view.setFloat64(this.base + CPU.horizon, this.folded + budget, true);
  }

  /** Folds the time that has passed; returns it in ticks. */
  fold(): number {
    const { left } = this, passed = this.budget - left, ticks = this.ticksIn(passed);
    this.folded += passed;
    this.budget = left;
    return ticks;
  }

  private ticksAt(cycles: number): number {
    return this.numerator === this.denominator ? cycles : Math.floor((cycles * this.numerator) / this.denominator);
  }
}

/**
 * What software reads from the time-stamp counter while a slice runs: before the instruction of a record, when what its block has used up
 * is not taken from the budget yet.
 */
export function timestamp(view: DataView, base: number, record?: number): bigint {
  const untaken = record === undefined ? 0 : view.getUint32(record - RECORD.size + RECORD.cycles, true);
  const cycles = view.getFloat64(base + CPU.horizon, true) - (view.getInt32(base + CPU.budget, true) - untaken);
  const ticks = Math.floor((cycles * view.getFloat64(base + CPU.ticks, true)) / view.getFloat64(base + CPU.cycles, true));
  return BigInt.asUintN(64, BigInt(ticks) + view.getBigUint64(base + CPU.tscAdjust, true));
}
