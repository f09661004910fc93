/** What a guest of an open world is like, as plain data. */
import type { CodeOptions } from './guest-code.ts';

/**
 * The most general guest; the lawful guest, which does what Linux does with one counter; and the lawful guest of several counters.
 */
export const GUEST_KINDS = ['general', 'lawful', 'several'] as const;
export type GuestKind = (typeof GUEST_KINDS)[number];

export interface GuestOptions extends CodeOptions {
  readonly guest: GuestKind;
  /** It has its counters frozen by PMIs. */
  readonly freezes: boolean;
  /** Its context switch may select what does not count where it is. */
  readonly reselects: boolean;
  /** It reads its counter before it has set it up, and the one behind its own. */
  readonly pries: boolean;
  /** It asks for no PMIs. */
  readonly silent: boolean;
  /** It does not unmask LVTPC before it has left its handler. */
  readonly unmasksLate: boolean;
  /** Its PMIs may be, or with a lawful guest are, interrupts with a vector, which it also disables. */
  readonly vectored: boolean;
}
