/**
 * One counter of an 8254: its control word, the count that is written and read in one or two bytes, the latches, the gate. What
 * it counts follows from when it was loaded; see mode.ts. Time is in pulses of CLK, and never goes back.
 *
 *     count register --(next pulse, end of the period, trigger)--> counting element --> OUT
 */
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import {
  type Counting, countedAt, fromBcd, highHalf, isPeriodic, isTriggered, MODE, modulusOf, nextRise, outAt, valueAt,
} from './mode.ts';

/** Which bytes of a count are written and read. */
const ACCESS = { low: 1, high: 2, both: 3 } as const;
const BCD = 1 << 0;
/** Bits of the status byte. */
const STATUS = { nullCount: 1 << 6, out: 1 << 7 } as const;
/** Nothing is latched. */
const NONE = 0xffff_ffff;

export class Counter implements Stateful {
  /** The control word's six bits: access, mode, BCD. */
  private control: number;
  private gate: boolean;
  /** The count register, and the first of its two bytes while the second one is missing. */
  private register = 0;
  private first = NONE;
  /** It holds what the counting element does not have yet. */
  private isNull = true;
  private counting: Counting;
  /** When the counting element is loaded from the register, and in which pulse of a period it then is. */
  private loadsAt = NEVER;
  private loadsLow = false;
  /** Latched count and status. The count is read in as many bytes as the access says. */
  private latch = NONE;
  private status = NONE;
  /** The next byte that is read is the second. */
  private second = false;

  constructor(gate: boolean) {
    this.gate = gate;
    this.control = (ACCESS.both << 4) | (MODE.square << 1);
    this.counting = { mode: MODE.square, bcd: false, count: 0, counted: 0, since: NEVER };
  }

  serialize(s: Serializer): void {
    this.control = s.u8('control', this.control);
    this.gate = s.flag('gate', this.gate);
    this.register = s.u32('register', this.register);
    this.first = s.u32('first', this.first);
    this.isNull = s.flag('null', this.isNull);
    const { count, counted, since } = this.counting;
    this.counting = {
      mode: this.mode, bcd: this.bcd, count: s.u32('count', count), counted: s.count('counted', counted), since: s.time('since', since),
    };
    this.loadsAt = s.time('loadsAt', this.loadsAt);
    this.loadsLow = s.flag('loadsLow', this.loadsLow);
    this.latch = s.u32('latch', this.latch);
    this.status = s.u32('status', this.status);
    this.second = s.flag('second', this.second);
  }

  private get access(): number {
    return this.control >> 4;
  }

  /** Modes 6 and 7 are 2 and 3. */
  private get mode(): number {
    const mode = (this.control >> 1) & 7;
    return mode > MODE.hardwareStrobe ? mode & 3 : mode;
  }

  private get bcd(): boolean {
    return (this.control & BCD) !== 0;
  }

  /** In mode 0 the first byte of a count stops the one before. */
  private get stopped(): boolean {
    return this.mode === MODE.terminalCount && this.first !== NONE;
  }

  // Output and gate.

  out(time: number): boolean {
    this.settle(time);
    // A new count in mode 0 takes OUT down at once.
    if (this.mode === MODE.terminalCount && (this.stopped || this.loadsAt !== NEVER)) return false;
    return outAt(this.counting, time);
  }

  /** When OUT rises next; NEVER if it does not by itself. */
  rise(after: number): number {
    this.settle(after);
    const { loadsAt, counting } = this;
    if (loadsAt === NEVER) return nextRise(counting, after);
    const low = this.mode === MODE.terminalCount;
    const before = low ? NEVER : nextRise(counting, after);
    if (before !== NEVER && before < loadsAt) return before;
    const next = this.loaded();
    return !low && !outAt(counting, loadsAt - 1) && outAt(next, loadsAt) ? loadsAt : nextRise(next, loadsAt);
  }

  setGate(gate: boolean, time: number): void {
    this.settle(time);
    if (gate === this.gate) return;
    this.gate = gate;
    const { mode } = this;
    if (isTriggered(mode) || isPeriodic(mode)) {
      if (!gate && isPeriodic(mode)) this.hold(time);
      if (gate && this.register !== 0) [this.loadsAt, this.loadsLow] = [time + 1, false];
    } else if (!gate) this.hold(time);
    else if (this.counting.count !== 0 && !this.stopped) this.counting = { ...this.counting, since: time };
  }

  private hold(time: number): void {
    this.counting = { ...this.counting, counted: countedAt(this.counting, time), since: NEVER };
    if (isPeriodic(this.mode)) this.loadsAt = NEVER;
  }

  // Ports.

  /** A control word other than those that latch. */
  setControl(control: number): void {
    this.control = control & 0x3f;
    this.counting = { mode: this.mode, bcd: this.bcd, count: 0, counted: 0, since: NEVER };
    this.register = 0;
    this.first = NONE;
    this.isNull = true;
    this.loadsAt = NEVER;
    this.latch = NONE;
    this.status = NONE;
    this.second = false;
  }

  write(byte: number, time: number): void {
    this.settle(time);
    if (this.access === ACCESS.low) this.setCount(byte, time);
    else if (this.access === ACCESS.high) this.setCount(byte << 8, time);
    else if (this.first === NONE) {
      if (this.mode === MODE.terminalCount) {
        this.hold(time);
        this.loadsAt = NEVER;
      }
      this.first = byte;
    } else {
      const count = this.first | (byte << 8);
      this.first = NONE;
      this.setCount(count, time);
    }
  }

  /** The status before the count, if both are latched. */
  read(time: number): number {
    this.settle(time);
    if (this.status !== NONE) {
      const { status } = this;
      this.status = NONE;
      return status;
    }
    const value = this.latch === NONE ? valueAt(this.counting, time) : this.latch;
    const high = this.access === ACCESS.high || this.second;
    this.second = this.access === ACCESS.both && !this.second;
    if (!this.second) this.latch = NONE;
    return high ? value >> 8 : value & 0xff;
  }

  /** What is latched already stays until it is read. */
  latchCount(time: number): void {
    this.settle(time);
    if (this.latch === NONE) this.latch = valueAt(this.counting, time);
  }

  latchStatus(time: number): void {
    const out = this.out(time) ? STATUS.out : 0;
    if (this.status === NONE) this.status = out | (this.isNull ? STATUS.nullCount : 0) | this.control;
  }

  // Loading.

  private setCount(count: number, time: number): void {
    const { counting, mode } = this;
    this.register = (this.bcd ? fromBcd(count) : count) || modulusOf(this.bcd);
    this.isNull = true;
    // These wait for the gate.
    if (isTriggered(mode)) return;
    if (!isPeriodic(mode) || counting.count === 0) [this.loadsAt, this.loadsLow] = [time + 1, false];
    else if (counting.since !== NEVER && this.loadsAt !== time + 1) this.loadAtEnd(counting, time);
  }

  /** A rate generator takes a new count at the end of the period, a square wave at the end of the half. */
  private loadAtEnd(counting: Counting, time: number): void {
    const { count } = counting;
    const phase = countedAt(counting, time) % count;
    const high = this.mode === MODE.square && phase < highHalf(count);
    const left = (high ? highHalf(count) : count) - phase;
    [this.loadsAt, this.loadsLow] = [time + left, high];
  }

  /** The counting element once it is loaded. */
  private loaded(): Counting {
    const { register: count, loadsLow, gate, mode } = this;
    return { ...this.counting, count, counted: loadsLow ? highHalf(count) : 0, since: gate || isTriggered(mode) ? this.loadsAt : NEVER };
  }

  /** Loads the counting element, when it is time. */
  private settle(time: number): void {
    if (this.loadsAt === NEVER || time < this.loadsAt) return;
    this.counting = this.loaded();
    this.loadsAt = NEVER;
    this.isNull = false;
  }
}
