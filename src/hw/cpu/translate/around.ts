/** What a region may be made of, as a processor sees memory at the moment: what its TLB knows, and what has been decoded there. */
import type { Blocks } from '../blocks.ts';
import { FETCH, READ } from '../guest-fault.ts';
import type { LinearMemory } from '../memory.ts';
import type { TranslatedBlocks } from '../translated-blocks.ts';
import type { Branches } from './branches.ts';
import type { Surroundings } from './explore.ts';
import { onSamePage } from './region.ts';

/** How far direct branches reach: what is further away is another program or library, and elsewhere in the next process. */
const REACH = 2 ** 31;

/** What is known of code around the page at a linear address; if it is not `wide`, on that page alone. */
export function around(
  page: bigint, wide: boolean, memory: LinearMemory, blocks: Blocks, translated: TranslatedBlocks, branches: Branches,
): Omit<Surroundings, 'variants' | 'length'> {
  const { view } = blocks;
  const addressOf = (place: number): bigint => BigInt.asUintN(64, page + BigInt(place));
  const hostOf = (place: number): number | undefined =>
    ((wide ? Math.abs(place) < REACH : onSamePage(place, 0)) ? memory.known(addressOf(place), FETCH) : undefined);
  return {
    view,
    pageAt: hostOf,
    recordAt: (place) => {
      const host = hostOf(place);
      return host === undefined ? undefined : blocks.recordAt(host);
    },
    isRare: (place) => wide && translated.isRare(hostOf(place)!),
    often: (first) => {
      const host = hostOf(first)!;
      return blocks.startsOn(host).filter((start) => translated.isOften(start)).map((start) => start - host + first);
    },
    seen: (at) => branches.distances(hostOf(at)!).map((distance) => at + distance),
    pointerAt: (place) => {
      const host = onSamePage(place, place + 7) ? memory.known(addressOf(place), READ) : undefined;
      // Linear addresses have 48 bits, and so their distances are numbers.
      return host === undefined ? undefined : Number(BigInt.asIntN(64, view.getBigUint64(host, true) - page));
    },
  };
}
