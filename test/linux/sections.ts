/** Several commands in one boot, each with its own output. */

/** A guest prints this before each. */
const TITLE = '### ';

/** A shell script that runs them in this order. What one says on either output is its own, and nothing waits for a key. */
export function scriptOf(commands: Readonly<Record<string, string>>): string {
  const titled = Object.entries(commands).flatMap(([name, command]) => [`echo '${TITLE}${name}'`, command]);
  return ['exec 2>&1', 'export PAGER=cat', ...titled].join('\n');
}

/** What each has printed, by its name. */
export function sectionsOf<Name extends string>(
  output: string, commands: Readonly<Record<Name, string>>,
): Readonly<Record<Name, string>> {
  const printed = output.split(new RegExp(`^${TITLE}.*\n`, 'm')).slice(1);
  return Object.fromEntries(Object.keys(commands).map((name, i) => [name, printed[i] ?? ''])) as Record<Name, string>;
}

export interface Counted {
  readonly event: string;
  /** Undefined: not counted, or not supported. */
  readonly count: number | undefined;
  /** Of the time that it was to be counted in. */
  readonly percent: number;
  /** Of several runs, in percent; undefined of one. */
  readonly spread: number | undefined;
}

/** The lines of `perf stat -x,`, which say count, unit, event, with -r the spread, nanoseconds, percent of the time. */
export const countsOf = (output: string): readonly Counted[] =>
  output.split('\n').map((line) => line.split(',')).filter((fields) => fields.length > 5).map(([count, , event, ...rest]) => {
    const spread = rest[0]!.endsWith('%') ? Number.parseFloat(rest.shift()!) : undefined;
    return { event: event!, count: /^\d+$/.test(count!) ? Number(count) : undefined, percent: Number(rest[1]), spread };
  });

/** Counts by event. */
export const byEvent = (output: string): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries(countsOf(output).map(({ event, count }) => [event, count]));
