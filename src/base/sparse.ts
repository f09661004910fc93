/** Memory without what says little: a page all of whose bytes are the same is told by that byte, and only the others are stored. */

const PAGE = 0x1000;
/** Bytes of a run: so much is still in the cache when it is looked at once more, for its checksum. */
const RUN = 0x100 * PAGE;
/** In the map, for each page: the byte that it consists of, or 0; and 1 when it is stored instead. */
const ENTRY = 2;
/** The two as one number, of a page that is stored. */
const STORED = 0x100;

/** Pages that follow each other and are kept alike: stored, or all of one byte, which is not 0. Both ends in bytes. */
interface Stretch { readonly start: number; readonly end: number; readonly byte: number | 'stored' }

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

/** A map, as it is used: in stretches, for most pages are like the one before. */
export class SparseMap {
  private readonly stretches: Stretch[] = [];
  private readonly pages: number;
  private valid = true;

  constructor(map: Uint8Array) {
    this.pages = map.length / ENTRY;
    const entries = new Uint16Array(new Uint8Array(map).buffer, 0, Math.floor(this.pages));
    for (let page = 0, start = 0; page < entries.length; page += 1) {
      const entry = entries[page]!;
      if (page + 1 < entries.length && entries[page + 1] === entry) continue;
      this.add(entry, PAGE * start, PAGE * (page + 1));
      start = page + 1;
    }
  }

  private add(entry: number, start: number, end: number): void {
    if (entry > STORED) this.valid = false;
    if (entry !== 0) this.stretches.push({ start, end, byte: entry === STORED ? 'stored' : entry });
  }

  /** Whether it is one of such a memory with so many bytes in stored pages. */
  fits(memory: Uint8Array, stored: number): boolean {
    if (!this.valid || this.pages !== pagesOf(memory)) return false;
    return this.stretches.reduce((sum, { start, end, byte }) => sum + (byte === 'stored' ? end - start : 0), 0) === stored;
  }

  /** Fills pages that consist of one byte, in memory that is all zeros: pages that nobody has touched do not come into being. */
  fillUniform(memory: Uint8Array): void {
    for (const { start, end, byte } of this.stretches) if (byte !== 'stored') memory.fill(byte, start, end);
  }

  /** Where stored pages lie, in their order, as many together as there are: to be read, or to be written. */
  *runsOf(memory: Uint8Array): Generator<Uint8Array> {
    for (const { start, end, byte } of this.stretches) {
      if (byte !== 'stored') continue;
      for (let at = start; at < end; at += RUN) yield memory.subarray(at, Math.min(at + RUN, end));
    }
  }
}

const pagesOf = ({ length }: Uint8Array): number => length / PAGE;

function isUniform(words: Uint32Array, page: number): boolean {
  const start = page * (PAGE / 4), first = words[start]!;
  for (let at = start + 1; at < start + PAGE / 4; at += 1) if (words[at] !== first) return false;
  return first === Math.imul(first & 0xff, 0x0101_0101) >>> 0;
}
