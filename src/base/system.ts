/** What can be run, saved, compared and explored. */
import type { Stateful } from './state.ts';

/**
 * Anything that can be stepped. It was given its `Choice` when it was built; apart from that, the next state follows
 * from this one. Between two steps nothing is left on the JavaScript stack.
 */
export interface System extends Stateful {
  /** Runs one step to completion. Returns false when the system has stopped for good. */
  step(): boolean;
  /**
   * The step in parts, each of which depends on nothing but the state and its picks, and the number of them is always the same: so
   * that who remembers steps can remember parts. False: the system has stopped, but the parts behind it may still be run.
   */
  readonly parts?: readonly (() => boolean)[];
  /**
   * With `parts`: looks at the state that they have led to, which is the last thing that a step does. It changes nothing, so that it is
   * done once for each state. False: as `step`.
   */
  review?(): boolean;
}
