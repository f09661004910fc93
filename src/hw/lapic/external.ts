/** Interrupt controllers of a board that are older than local APICs. */

/**
 * What is wired to LINT0 of the bootstrap processor on a board that has it: interrupt controllers, which tell the vector when they are
 * acknowledged, and a timer of theirs, which goes by this processor's time.
 */
export interface ExternalController {
  readonly requested: boolean;
  acknowledge(): number;
  advance(): void;
  deadline(): number;
}
