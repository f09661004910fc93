/** What can be run, saved, compared and explored. */
import type { Stateful } from './state.ts';

/**
 * Anything that can be stepped. It was given its `Choice` when it was built; apart from that, the next state follows
 * from this one. Between two steps nothing is left on the JavaScript stack.
 */
export interface System extends Stateful {
  /** Runs one step to completion. Returns false when the system has stopped for good. */
  step(): boolean;
}
