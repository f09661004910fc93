/** The bytes that a region was made from, and whether they are there still, or again. */
import { PAGE, type Piece, pageOf, type Region } from './region.ts';

/** Bytes in a row, and where in linear memory they lie. */
interface Row { readonly host: number; readonly bytes: Uint8Array }

export class Origin {
  private readonly memory: Uint8Array;
  private readonly rows: readonly Row[];

  constructor(memory: Uint8Array, { pieces, pages }: Region) {
    this.memory = memory;
    this.rows = [...pieces.values()].flatMap((piece) => rangesOf(piece)).map(([from, to]) => {
      const host = pages.get(pageOf(from))! + from - pageOf(from);
      return { host, bytes: memory.slice(host, host + to - from) };
    });
  }

  /** The same instructions are where they were. */
  get isThere(): boolean {
    const { memory } = this;
    return this.rows.every(({ host, bytes }) => bytes.every((byte, i) => memory[host + i] === byte));
  }
}

/** The places of a piece's bytes, page by page. */
function rangesOf({ steps, second }: Piece): (readonly [from: number, to: number])[] {
  if (steps.length === 0) return [];
  const from = steps[0]!.at, to = steps.at(-1)!.next;
  const middle = pageOf(from) + PAGE;
  return second === undefined || to <= middle ? [[from, to]] : [[from, middle], [middle, to]];
}
