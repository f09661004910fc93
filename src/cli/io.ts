/** What commands have of the world outside, and what they say to it in the end. */

/** The outside world, passed in, so that tests run the commands without a process. */
export interface Io {
  readonly args: readonly string[];
  readonly version: string;
  /** Throws a UserError when there is no such file. */
  readFile(path: string): Uint8Array;
  /** Throws a UserError when it cannot be written. */
  writeFile(path: string, text: string): void;
  out(line: string): void;
  /** Bytes of a guest's, as they are. */
  write(bytes: Uint8Array): void;
  err(line: string): void;
  /** Somebody looks at stderr: a line of progress there, which the next one replaces; '' takes it away. Else undefined. */
  readonly status: ((line: string) => void) | undefined;
  /** Calls it when the user wants an end, instead of ending at once; a second time it does. Returns what undoes this. */
  onInterrupt(told: () => void): () => void;
}

export const STATUS = { success: 0, failure: 1, mistake: 2 } as const;

/** What the user can mend: what is wrong, where, and how to mend it, in one line, whatever it quotes. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(message: string) {
    super(message.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' '));
  }
}
