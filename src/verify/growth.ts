/** Typed arrays that grow, and the word in a hash table that says that nothing is there. */

export const NONE = 0xffff_ffff;

/** With room for so many: the array itself, or a larger one with the same content. */
export function grown(array: Uint32Array, length: number): Uint32Array {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
