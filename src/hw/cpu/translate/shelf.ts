/**
 * Translations that are put aside, by where they began: of code that was written to, or smaller than one that took their place. A kernel
 * that switches a static key writes to a few bytes of a page, and often writes back what was there: then what was made of it is right
 * again.
 */

/** So many at one place: code that is never the same again is forgotten. */
const MOST_AT_ONE_PLACE = 4;

export class Shelf {
  private readonly places = new Map<number, number[]>();

  /** Puts one down. Returns the one that is too many now. */
  put(host: number, slot: number): number | undefined {
    const slots = [slot, ...this.at(host)];
    this.places.set(host, slots);
    return slots[MOST_AT_ONE_PLACE];
  }

  /** Takes it away, if it is here. */
  take(host: number, slot: number): boolean {
    const slots = this.at(host), others = slots.filter((other) => other !== slot);
    if (others.length > 0) this.places.set(host, others);
    else this.places.delete(host);
    return others.length < slots.length;
  }

  /** Those that began at a place, the last one first. */
  at(host: number): readonly number[] {
    return this.places.get(host) ?? [];
  }
}
