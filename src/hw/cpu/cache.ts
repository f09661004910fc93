/**
 * The cache model `l1-32k+llc-2m`: data accesses only, lines of 64 bytes, least recently used goes first. A miss of the
 * first level is a reference of the last level. The last level belongs to all processors of a machine.
 *
 * Limit: it is a model of what is counted, and holds no data. What routines access is not seen (interrupt frames, descriptors), and
 * first levels know nothing of each other: a line that another processor writes or flushes stays.
 */

import type { Serializer, Stateful } from '../../base/state.ts';
import { type CacheGeometry, FIRST_LEVEL, LAST_LEVEL, LINE } from '../caches.ts';
import { LEARNED, newRoom, type Room } from './learned.ts';

const INVALID = 0xffff_ffff;
const lineOf = (physical: number): number => Math.floor(physical / LINE);

/** One set-associative level. The ways of a set are in the order of their last use. */
export class CacheLevel implements Stateful {
  private readonly sets: number;
  private readonly ways: number;
  private readonly tags: Uint32Array;

  constructor({ ways, sets }: CacheGeometry, tags = new Uint32Array(sets * ways)) {
    this.ways = ways;
    this.sets = sets;
    this.tags = tags.fill(INVALID);
  }

  serialize(s: Serializer): void {
    s.words('tags', this.tags);
  }

  /** Uses the line of a physical address; true when it was there. */
  use(physical: number): boolean {
    const line = lineOf(physical), first = this.setOf(line);
    const { tags } = this;
    if (tags[first] === line) return true;
    let way = 0;
    while (way < this.ways - 1 && tags[first + way] !== line) way += 1;
    const hit = tags[first + way] === line;
    // A call that moves them all takes longer than these few.
    for (let at = first + way; at > first; at -= 1) tags[at] = tags[at - 1]!;
    tags[first] = line;
    return hit;
  }

  /** The line of a physical address is there no more; its way is the next to be filled. */
  flush(physical: number): void {
    const line = lineOf(physical), first = this.setOf(line);
    const at = this.tags.subarray(first, first + this.ways).indexOf(line);
    if (at === -1) return;
    this.tags.copyWithin(first + at, first + at + 1, first + this.ways);
    this.tags[first + this.ways - 1] = INVALID;
  }

  flushAll(): void {
    this.tags.fill(INVALID);
  }

  private setOf(line: number): number {
    return (line % this.sets) * this.ways;
  }
}

export const firstLevel = ({ buffer, at }: Room = newRoom()): CacheLevel =>
  new CacheLevel(FIRST_LEVEL, new Uint32Array(buffer, at + LEARNED.tags, FIRST_LEVEL.ways * FIRST_LEVEL.sets));
export const lastLevel = (): CacheLevel => new CacheLevel(LAST_LEVEL);
