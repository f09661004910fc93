/** A deviation of QEMU's from the manual. */
export interface Deviation {
  readonly program: string;
  /** The names of the cases. */
  readonly cases: RegExp;
  /** What the manual says, and what the emulator does. */
  readonly reason: string;
  /** The manual's outcome, from the emulator's: what follows the name of the case. */
  readonly answer: (outcome: string) => string;
}

export const hexOf = (text: string): number => Number.parseInt(text, 16);
