/**
 * Our own mistakes. An assert is always on and is never caught: what it guards is an invariant of the program, so a
 * guest's wrong (a fault inside the guest) and a user's wrong (one line, exit status 2) never come here.
 */

export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** For the branch that the type checker has shown to be dead. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unreachable: ${String(value)}`);
}
