/**
 * Where QEMU deviates from the manual: which cases, why, and what the line is by the manual. Every other difference between
 * a recorded line and ours is a mistake of ours.
 */

export interface Deviation {
  readonly program: string;
  /** The names of the cases. */
  readonly cases: RegExp;
  readonly reason: string;
  /** The manual's answer, from QEMU's. */
  readonly answer: (line: string) => string;
}

export const QEMU_DIFFERS: readonly Deviation[] = [
];

const nameOf = (line: string): string => /^(.*?):(?: |$)/.exec(line)?.[1] ?? line;

/** What a recorded line should be. */
export function expected(program: string, line: string): string {
  return QEMU_DIFFERS.filter((each) => each.program === program && each.cases.test(nameOf(line))).reduce((text, { answer }) => answer(text), line);
}
