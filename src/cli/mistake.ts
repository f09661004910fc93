/** What the user can mend: told in one line, with exit status 2. */

/** What is wrong, where, and how to mend it, in one line. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
