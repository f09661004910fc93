/**
 * The files that hold NASM's bytes: in each line the bytes and the source, and, where NASM must be told otherwise to give
 * the same bytes, its own spelling. What begins with a semicolon is for the reader.
 */

export const ORIGIN = 0x10_0000;

export interface Line {
  /** In hexadecimal; empty for a comment, a label or a constant. */
  readonly bytes: string;
  readonly source: string;
  readonly nasm: string | undefined;
}

export const readLines = (text: string): Line[] => text.trimEnd().split('\n').map((line) => {
  const [bytes = '', source = '', nasm] = line.startsWith(';') ? ['', line] : line.split(/ *:: */);
  return { bytes: bytes.trim(), source: source.trimEnd(), nasm };
});

export const writeLines = (lines: readonly Line[]): string => lines.map(({ bytes, source, nasm }) => {
  const columns = nasm === undefined ? [bytes.padEnd(24), source] : [bytes.padEnd(24), source, nasm];
  return `${source.startsWith(';') ? source : columns.join(' :: ')}\n`;
}).join('');
