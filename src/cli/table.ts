/** Tables of plain columns, as terminals and logs show them. */
import Table from 'cli-table3';

const BORDERS = [
  'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right',
  'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid',
] as const;
const NO_BORDERS = { ...Object.fromEntries(BORDERS.map((border) => [border, ''])), middle: '  ' };

/** Lines of a table without borders. Columns named in `right` are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const aligned = (rows[0] ?? head).map((_, i) => (right.includes(i) ? 'right' : 'left') as 'right' | 'left');
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const built = new Table({ head: [...head], colAligns: aligned, chars: NO_BORDERS, style });
  for (const row of rows) built.push([...row]);
  return built.toString().split('\n').map((line) => line.trimEnd());
}
