/** Memory without what says little: a page all of whose bytes are the same is told by that byte, and only the others are stored. */

const PAGE = 0x1000;
/** Bytes of a run: so much is still in the cache when it is looked at once more, for its checksum. */
const RUN = 0x100 * PAGE;
/** In the map, for each page: the byte that it consists of, or 0; and 1 when it is stored instead. */
const ENTRY = 2;

/** For each page, what of it is kept. */
export function mapOf(memory: Uint8Array): Uint8Array {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const map = new Uint8Array(ENTRY * pagesOf(memory));
  for (let page = 0; page < pagesOf(memory); page += 1) {
    if (isUniform(words, page)) map[ENTRY * page] = memory[PAGE * page]!;
    else map[ENTRY * page + 1] = 1;
  }
  return map;
}

/** Whether it is one of such a memory with so many bytes in stored pages. */
export function isMapOf(memory: Uint8Array, map: Uint8Array, stored: number): boolean {
  if (map.length !== ENTRY * pagesOf(memory)) return false;
  let bytes = 0;
  for (let page = 0; page < pagesOf(memory); page += 1) {
    const byte = map[ENTRY * page]!, kind = map[ENTRY * page + 1]!;
    if (kind > 1 || (kind === 1 && byte !== 0)) return false;
    bytes += kind * PAGE;
  }
  return bytes === stored;
}

/** Fills pages that consist of one byte, in memory that is all zeros: pages that nobody has touched do not come into being. */
export function fillUniform(memory: Uint8Array, map: Uint8Array): void {
  for (let page = 0; page < pagesOf(memory); page += 1) {
    if (map[ENTRY * page] !== 0) memory.fill(map[ENTRY * page]!, PAGE * page, PAGE * (page + 1));
  }
}

/** Where stored pages lie, in their order, as many together as there are: to be read, or to be written. */
export function* runsOf(memory: Uint8Array, map: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  for (let page = 0; page <= pagesOf(memory); page += 1) {
    const at = PAGE * page, stored = map[ENTRY * page + 1] === 1;
    if (stored && at - start < RUN) continue;
    if (at > start) yield memory.subarray(start, at);
    start = stored ? at : at + PAGE;
  }
}

const pagesOf = ({ length }: Uint8Array): number => length / PAGE;

function isUniform(words: Uint32Array, page: number): boolean {
  const start = page * (PAGE / 4), first = words[start]!;
  for (let at = start + 1; at < start + PAGE / 4; at += 1) if (words[at] !== first) return false;
  return first === Math.imul(first & 0xff, 0x0101_0101) >>> 0;
}
