/**
 * A real-time clock of the PC's kind: index and data port, time and date, and memory that a battery keeps. Motorola, "MC146818A
 * Real-Time Clock Plus RAM".
 *
 * It goes by the machine's own time, from a date that is always the same: two runs see the same time of day.
 *
 * Limit: it cannot be set, and has no interrupts; it always counts 24 hours a day.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { PortDevice } from '../memory/memory.ts';

export const RTC_PORT = 0x70;
/** The byte of memory that holds the century; ACPI's tables say where it is. */
export const RTC_CENTURY = 0x32;
/** 2026-01-01 00:00:00 UTC, in seconds since 1970. */
export const POWER_ON = 1_767_225_600;
const SIZE = 128;
const REG = { seconds: 0, minutes: 2, hours: 4, weekday: 6, day: 7, month: 8, year: 9, a: 10, b: 11, c: 12, d: 13, memory: 14 } as const;
/** Divider and rate as a PC's firmware leaves them. */
const REGISTER_A = 0x26;
/** Bits of register B: 24 hours, and binary instead of BCD. */
const B = { hours24: 1 << 1, binary: 1 << 2 } as const;
/** Register D: the battery is good. */
const VALID = 0x80;
const DAY = 86_400;

interface CalendarDate { readonly year: number; readonly month: number; readonly day: number }

export class Rtc implements PortDevice, Stateful {
  readonly port = RTC_PORT;
  readonly ports = 2;
  private readonly elapsed: () => number;
  private index = 0;
  private registerB: number = B.hours24;
  private readonly memory = new Uint8Array(SIZE);

  /** `elapsed`: whole seconds since power-on. */
  constructor(elapsed: () => number) {
    this.elapsed = elapsed;
  }

  serialize(s: Serializer): void {
    this.index = s.u8('index', this.index);
    this.registerB = s.u8('b', this.registerB);
    s.bytes('memory', this.memory);
  }

  /** The index cannot be read. */
  in(offset: number): number {
    return offset === 0 ? 0xff : this.register(this.index);
  }

  out(offset: number, value: number): void {
    // Bit 7 of the index holds off NMIs on some boards; not on this one.
    if (offset === 0) this.index = value & (SIZE - 1);
    else if (this.index === REG.b) this.registerB = (value & B.binary) | B.hours24;
    else if (this.index >= REG.memory) this.memory[this.index] = value & 0xff;
  }

  private register(index: number): number {
    const time = POWER_ON + this.elapsed();
    const days = Math.floor(time / DAY), second = time % DAY;
    switch (index) {
      case REG.seconds: return this.shown(second % 60);
      case REG.minutes: return this.shown(Math.floor(second / 60) % 60);
      case REG.hours: return this.shown(Math.floor(second / 3600));
      // 1 January 1970 was a Thursday, which is day 5.
      case REG.weekday: return this.shown(((days + 4) % 7) + 1);
      case REG.day: return this.shown(dateOf(days).day);
      case REG.month: return this.shown(dateOf(days).month);
      case REG.year: return this.shown(dateOf(days).year % 100);
      case RTC_CENTURY: return this.shown(Math.floor(dateOf(days).year / 100));
      case REG.a: return REGISTER_A;
      case REG.b: return this.registerB;
      case REG.c: return 0;
      case REG.d: return VALID;
      default: return this.memory[index]!;
    }
  }

  private shown(value: number): number {
    return (this.registerB & B.binary) !== 0 ? value : (Math.floor(value / 10) << 4) | (value % 10);
  }
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const yearLength = (year: number): number => (isLeap(year) ? 366 : 365);
const monthLengths = (year: number): readonly number[] => [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The Gregorian date of a day, counted from 1970. */
function dateOf(days: number): CalendarDate {
  let year = 1970, left = days;
  for (; left >= yearLength(year); year += 1) left -= yearLength(year);
  const months = monthLengths(year);
  let month = 0;
  for (; left >= months[month]!; month += 1) left -= months[month]!;
  return { year, month: month + 1, day: left + 1 };
}
