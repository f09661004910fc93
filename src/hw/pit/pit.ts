/**
 * The interval timer of a PC: an 8254, whose first counter interrupts by line 0, and whose third one sounds the speaker. Intel,
 * "8254 Programmable Interval Timer".
 *
 * Its clock is derived from the machine's time, so that it is the same in every run. It does not run by itself: `advance` is called
 * when time has passed, `deadline` says when that must be. Nothing counts before software says what.
 */
import { NEVER, type Serializer, type Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';
import { Counter } from './counter.ts';

/** A third of the frequency of a television's colour carrier, in Hz. */
const CLOCK = 1_193_182;
const PORT = 0x40;
const CONTROL = 3;
/** What bits 7 to 6 of a control word name besides a counter; and bits of that command, which are 0 for what is wanted. */
const READ_BACK = 3;
const KEEPS = { count: 1 << 5, status: 1 << 4 } as const;
const SPEAKER = 2;
/** Pulses from one refresh of memory to the next, as a PC's second counter is set by its firmware. */
const REFRESH = 18;

export interface PitPorts {
  /** Ticks of the time-stamp counter since power-on, and how many there are in a second. */
  ticks(): number;
  readonly hz: number;
  /** The level of line 0. */
  interrupt(asserted: boolean): void;
}

export class Pit implements PortDevice, Stateful {
  readonly port = PORT;
  readonly ports = 4;
  private readonly board: PitPorts;
  /** The gates of the first two are tied high. */
  private readonly counters = [new Counter(true), new Counter(true), new Counter(false)] as const;
  /** The latest time that anybody has seen, in pulses: processors are not all equally far. */
  private seen = 0;
  /** When line 0 rises next. */
  private rises = NEVER;

  constructor(board: PitPorts) {
    this.board = board;
  }

  serialize(s: Serializer): void {
    s.parts('counter', this.counters);
    this.seen = s.time('seen', this.seen);
    this.rises = s.time('rises', this.rises);
  }

  // Time.

  /** When `advance` must be called, in ticks of the time-stamp counter; NEVER if line 0 does not rise. */
  deadline(): number {
    if (this.rises === NEVER) return NEVER;
    const { hz } = this.board;
    return Math.floor(this.rises / CLOCK) * hz + Math.ceil(((this.rises % CLOCK) * hz) / CLOCK);
  }

  /** Raises line 0, once, if it has risen since the last time. */
  advance(): void {
    if (this.rises === NEVER || this.board.ticks() < this.deadline()) return;
    this.update(this.now());
  }

  private now(): number {
    const { hz } = this.board;
    const ticks = this.board.ticks();
    this.seen = Math.max(this.seen, Math.floor(ticks / hz) * CLOCK + Math.floor(((ticks % hz) * CLOCK) / hz));
    return this.seen;
  }

  private update(now: number): void {
    const [timer] = this.counters;
    const rose = this.rises !== NEVER && now >= this.rises;
    if (rose) {
      this.board.interrupt(false);
      this.board.interrupt(true);
    }
    this.board.interrupt(timer.out(now));
    this.rises = timer.rise(now);
  }

  // Ports.

  in(offset: number): number {
    const now = this.now();
    this.update(now);
    return offset === CONTROL ? 0 : this.counters[offset]!.read(now);
  }

  out(offset: number, value: number): void {
    const now = this.now();
    this.update(now);
    const byte = value & 0xff;
    if (offset === CONTROL) this.command(byte, now);
    else this.counters[offset]!.write(byte, now);
    this.update(now);
  }

  private command(byte: number, now: number): void {
    const chosen = byte >> 6;
    if (chosen !== READ_BACK) {
      const counter = this.counters[chosen]!;
      if ((byte & 0x30) === 0) counter.latchCount(now);
      else counter.setControl(byte);
      return;
    }
    for (const [i, counter] of this.counters.entries()) {
      if ((byte & (2 << i)) === 0) continue;
      if ((byte & KEEPS.count) === 0) counter.latchCount(now);
      if ((byte & KEEPS.status) === 0) counter.latchStatus(now);
    }
  }

  // The speaker's side, which is port 61H.

  setSpeakerGate(gate: boolean): void {
    this.counters[SPEAKER].setGate(gate, this.now());
  }

  get speakerOut(): boolean {
    return this.counters[SPEAKER].out(this.now());
  }

  /** Toggles with each refresh of memory. */
  get refresh(): boolean {
    return Math.floor(this.now() / REFRESH) % 2 === 1;
  }
}
