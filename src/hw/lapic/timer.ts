/**
 * The APIC timer: one-shot, periodic, and by the time-stamp counter. SDM: "APIC Timer". Between two events it keeps only
 * when it was started; the count follows from that and the time.
 */
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';

const MODE = { oneShot: 0, periodic: 1, deadline: 2 } as const;

export class LapicTimer implements Stateful {
  /** Ticks of the time-stamp counter for one count at divide 1. */
  private readonly ticks: number;
  private mode = 0;
  private divideRegister = 0;
  private initial = 0;
  /** When the present count-down began. */
  private started = NEVER;
  private armed = NEVER;

  constructor(ticks: number) {
    this.ticks = ticks;
  }

  reset(): void {
    this.mode = MODE.oneShot;
    this.divideRegister = 0;
    this.initial = 0;
    this.started = NEVER;
    this.armed = NEVER;
  }

  serialize(s: Serializer): void {
    this.mode = s.u8('mode', this.mode);
    this.divideRegister = s.u8('divide', this.divideRegister);
    this.initial = s.u32('initialCount', this.initial);
    this.started = s.time('started', this.started);
    this.armed = s.time('deadline', this.armed);
  }

  get initialCount(): number {
    return this.initial;
  }

  get divide(): number {
    return this.divideRegister;
  }

  /** SDM: "Divide Configuration Register": bits 3, 1 and 0 give 2, 4, ... 128, and 1. */
  private get divisor(): number {
    const code = ((this.divideRegister >> 1) & 4) | (this.divideRegister & 3);
    return code === 7 ? 1 : 2 << code;
  }

  /** Ticks for one count. */
  private get unit(): number {
    return this.ticks * this.divisor;
  }

  /**
   * Leaving or entering deadline mode disarms the timer.
   * Deviation: the SDM says so of every change of the mode; processors let a count go on between one-shot and periodic.
   */
  setMode(mode: number): void {
    if ((mode === MODE.deadline) !== (this.mode === MODE.deadline)) {
      this.started = NEVER;
      this.armed = NEVER;
      this.initial = 0;
    }
    this.mode = mode;
  }

  /** Writing the initial count starts the timer, or with 0 stops it. Deadline mode ignores it. */
  start(count: number, now: number): void {
    if (this.mode === MODE.deadline) return;
    this.initial = count >>> 0;
    this.started = count === 0 ? NEVER : now;
  }

  /** The count goes on from where it is, at the new rate. */
  setDivide(value: number, now: number): void {
    const left = this.currentCount(now);
    this.divideRegister = value & 0xb;
    if (this.started !== NEVER) this.started = now - (this.initial - left) * this.unit;
  }

  currentCount(now: number): number {
    if (this.started === NEVER) return 0;
    const elapsed = Math.floor((now - this.started) / this.unit);
    return this.mode === MODE.periodic ? this.initial - (elapsed % this.initial) : Math.max(0, this.initial - elapsed);
  }

  get tscDeadline(): number {
    return this.armed === NEVER ? 0 : this.armed;
  }

  /** 0 disarms. Outside deadline mode the write is ignored. */
  set tscDeadline(value: number) {
    if (this.mode === MODE.deadline) this.armed = value === 0 ? NEVER : value;
  }

  /** When it fires next. */
  deadline(): number {
    if (this.mode === MODE.deadline) return this.armed;
    return this.started === NEVER ? NEVER : this.started + this.initial * this.unit;
  }

  /** It has fired by now, once or several times: the table has room for one interrupt. */
  fire(now: number): void {
    if (this.mode === MODE.deadline) this.armed = NEVER;
    else if (this.mode === MODE.periodic) {
      const period = this.initial * this.unit;
      this.started += Math.floor((now - this.started) / period) * period;
    } else this.started = NEVER;
  }
}
