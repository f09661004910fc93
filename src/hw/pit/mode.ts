/**
 * The six modes of an 8254's counter as functions of time: what OUT is, what the counting element holds, and when OUT rises next.
 * Intel, "8254 Programmable Interval Timer", "Mode Definitions". Time is in pulses of CLK.
 */
import { NEVER } from '../../base/state.ts';

/** A counting element that was loaded: it has counted so many pulses by `since`, from when on it counts; NEVER while it stands still. */
export interface Counting {
  readonly mode: number;
  readonly bcd: boolean;
  /** What it was loaded with; 0 before the first time. */
  readonly count: number;
  readonly counted: number;
  readonly since: number;
}

export const MODE = { terminalCount: 0, oneShot: 1, rate: 2, square: 3, softwareStrobe: 4, hardwareStrobe: 5 } as const;

/** Modes that load themselves again at the end of each period. */
export const isPeriodic = (mode: number): boolean => mode === MODE.rate || mode === MODE.square;
/** Modes in which the gate starts the count, and does not hold it. */
export const isTriggered = (mode: number): boolean => mode === MODE.oneShot || mode === MODE.hardwareStrobe;

/** How far a counter goes before it wraps, and what a count of 0 means. */
export const modulusOf = (bcd: boolean): number => (bcd ? 10_000 : 0x1_0000);

/** Pulses that it has counted at a time. */
export const countedAt = ({ counted, since }: Counting, time: number): number =>
  counted + (since === NEVER ? 0 : Math.max(0, time - since));

/** Pulses of a square wave's high half, which is the longer one. */
export const highHalf = (count: number): number => Math.ceil(count / 2);

/** The level of OUT. Before a count is loaded it is low in mode 0, and high in the others. */
export function outAt(counting: Counting, time: number): boolean {
  const { mode, count, since } = counting;
  if (count === 0) return mode !== MODE.terminalCount;
  const counted = countedAt(counting, time);
  switch (mode) {
    case MODE.terminalCount: case MODE.oneShot: return counted >= count;
    // While the gate holds it, OUT is high.
    case MODE.rate: return since === NEVER || counted % count !== count - 1;
    case MODE.square: return since === NEVER || counted % count < highHalf(count);
    default: return counted !== count;
  }
}

/** When OUT rises next after a time; NEVER if it does not. */
export function nextRise(counting: Counting, after: number): number {
  const { mode, count, counted, since } = counting;
  if (count === 0 || since === NEVER) return NEVER;
  const pulses = countedAt(counting, after);
  const at = (pulse: number): number => (pulse > pulses ? since + pulse - counted : NEVER);
  switch (mode) {
    case MODE.terminalCount: case MODE.oneShot: return at(count);
    case MODE.rate: case MODE.square: return count === 1 ? NEVER : at(count * (Math.floor(pulses / count) + 1));
    // The strobe is one pulse long.
    default: return at(count + 1);
  }
}

/** What the counting element holds, as it is read: in binary or BCD. */
export function valueAt(counting: Counting, time: number): number {
  const { mode, bcd, count } = counting;
  if (count === 0) return 0;
  const modulus = modulusOf(bcd);
  const counted = countedAt(counting, time);
  const value = isPeriodic(mode) ? periodicValue(mode, count, counted % count) : count - counted;
  const wrapped = ((value % modulus) + modulus) % modulus;
  return bcd ? toBcd(wrapped) : wrapped;
}

/**
 * Mode 2 counts down to 1. Mode 3 counts by twos in each half; an odd count is loaded less one, and its high half takes one pulse
 * more, in which the element holds 0.
 */
function periodicValue(mode: number, count: number, phase: number): number {
  if (mode === MODE.rate) return count - phase;
  const high = highHalf(count);
  return count - (count % 2) - 2 * (phase < high ? phase : phase - high);
}

const DIGITS = [0, 4, 8, 12] as const;

export const fromBcd = (value: number): number => DIGITS.reduceRight<number>((sum, shift) => 10 * sum + ((value >> shift) & 0xf), 0);

const toBcd = (value: number): number =>
  DIGITS.reduce<number>((bcd, shift, i) => bcd | ((Math.floor(value / 10 ** i) % 10) << shift), 0);
