/** What one part of the benchmark found: as data, and as a person reads it. */
import { table } from '../src/cli/table.ts';

export interface Section {
  readonly values: unknown;
  readonly lines: readonly string[];
}

/** A table with a heading for each column; all but the first hold numbers. */
export const numbers = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [...table([...head], rows.map((row) => [...row]), head.slice(1).map((_, i) => i + 1))];

/** With so many digits behind the point; nothing for what was not measured. */
export const digits = (value: number | undefined, count: number): string => value?.toFixed(count) ?? '';
