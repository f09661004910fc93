/** Memory in pieces without what is zero in it: which of its pages are not, and those, some at a time. */

const PAGE = 0x1000;
/** Pages of a piece: 1 MiB, so that one that has been unpacked is still in the cache when it is copied. */
const TOGETHER = 0x100;

/** No piece is longer; that of the memory of a large machine is one bit a page. */
export const PIECE = TOGETHER * PAGE;

/** A bit for each page that is not zero, and such pages. A piece is only good until the next is asked for. */
export function* piecesOf(memory: Uint8Array): Generator<Uint8Array> {
  const words = wordsOf(memory);
  const pages = memory.length / PAGE;
  const map = new Uint8Array(Math.ceil(pages / 8));
  for (let page = 0; page < pages; page += 1) if (!isZero(words, page)) map[page >> 3]! |= 1 << (page & 7);
  yield map;
  const piece = new Uint8Array(PIECE);
  let filled = 0;
  for (let page = 0; page < pages; page += 1) {
    if (!isIn(map, page)) continue;
    piece.set(memory.subarray(page * PAGE, (page + 1) * PAGE), filled);
    filled += PAGE;
    if (filled < piece.length) continue;
    yield piece;
    filled = 0;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/**
 * The inverse, into memory that may be `fresh`: all zeros. False when the pieces are not those of such a memory, or there are too few;
 * one that is left over is not asked for.
 */
export function fill(memory: Uint8Array, next: () => Uint8Array | undefined, fresh = false): boolean {
  const words = wordsOf(memory);
  const pages = memory.length / PAGE;
  const map = next();
  if (map?.length !== Math.ceil(pages / 8)) return false;
  let piece: Uint8Array | undefined = new Uint8Array(), at = 0;
  for (let page = 0; page < pages; page += 1) {
    const start = page * PAGE;
    if (!isIn(map, page)) {
      // Pages that nobody has touched need not come into being.
      if (!fresh && !isZero(words, page)) memory.fill(0, start, start + PAGE);
      continue;
    }
    if (at === piece.length) {
      piece = next();
      at = 0;
    }
    if (piece === undefined || at + PAGE > piece.length) return false;
    memory.set(piece.subarray(at, at + PAGE), start);
    at += PAGE;
  }
  return at === piece.length;
}

const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Uint32Array => new Uint32Array(buffer, byteOffset, length / 4);
const isIn = (map: Uint8Array, page: number): boolean => (map[page >> 3]! & (1 << (page & 7))) !== 0;

function isZero(words: Uint32Array, page: number): boolean {
  const start = page * (PAGE / 4);
  for (let at = start; at < start + PAGE / 4; at += 1) if (words[at] !== 0) return false;
  return true;
}
