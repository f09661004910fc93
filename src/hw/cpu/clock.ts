/** The clock of a processor: core cycles since power-on, and the time-stamp counter that follows from them. */
import { NEVER } from '../../base/state.ts';

export class Clock {
  /** Core cycles since power-on, halted ones included, up to the last fold. */
  folded: number;
  /** Ticks of the time-stamp counter per core cycle, as a fraction. */
  private readonly numerator: number;
  private readonly denominator: number;

  /** It shows `folded` at first. */
  constructor([numerator, denominator]: readonly [ticks: number, cycles: number], folded: number) {
    this.folded = folded;
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** The time-stamp counter after so many cycles. */
  ticksAt(cycles: number): number {
    return this.numerator === this.denominator ? cycles : Math.floor((cycles * this.numerator) / this.denominator);
  }

  /** How far the time-stamp counter moves while so many cycles pass from the last fold on. */
  ticksIn(cycles: number): number {
    return this.ticksAt(this.folded + cycles) - this.ticksAt(this.folded);
  }

  /** The cycles after which the time-stamp counter has reached `ticks`; Infinity for never. */
  cyclesAt(ticks: number): number {
    return ticks === NEVER ? Number.POSITIVE_INFINITY : Math.ceil((ticks * this.denominator) / this.numerator);
  }
}
