/** PCMPESTRI and its kin: which elements of a string match. SDM: "Comparison and String Processing", the aggregation operations. */

const AGGREGATION = { equalAny: 0, ranges: 1, equalEach: 2, equalOrdered: 3 } as const;
const NEGATED = 1 << 4, MASKED = 1 << 5;

/** SDM, "IntRes2": a bit for each element of the second string. `lengths`: how many elements count, of the first and of the second. */
export function compareStrings(first: bigint, second: bigint, lengths: number, choice: number): number {
  const count = (choice & 1) !== 0 ? 8 : 16, bits = 128 / count, signed = (choice & 2) !== 0;
  const elements = (value: bigint): number[] => Array.from({ length: count }, (_, i) => {
    const element = value >> BigInt(bits * i);
    return Number(signed ? BigInt.asIntN(bits, element) : BigInt.asUintN(bits, element));
  });
  const a = elements(first), b = elements(second);
  const lengthA = lengths & 0xff, lengthB = (lengths >> 8) & 0xff;
  const all = Array.from({ length: count }, (_, i) => i);
  const pairs = all.filter((i) => (i & 1) === 0 && i + 1 < lengthA);
  const holds = (j: number): boolean => {
    const valid = j < lengthB;
    switch ((choice >> 2) & 3) {
      case AGGREGATION.equalAny: return valid && a.slice(0, lengthA).includes(b[j]!);
      case AGGREGATION.ranges: return valid && pairs.some((i) => a[i]! <= b[j]! && b[j]! <= a[i + 1]!);
      // Beyond the ends of both strings, they are alike.
      case AGGREGATION.equalEach: return valid === j < lengthA && (!valid || a[j] === b[j]);
      // The first string begins here, as far as there is room for it.
      default: return all.slice(0, Math.min(lengthA, count - j)).every((i) => j + i < lengthB && a[i] === b[j + i]);
    }
  };
  return all.reduce((result, j) => {
    const negated = (choice & NEGATED) !== 0 && ((choice & MASKED) === 0 || j < lengthB);
    return result | (holds(j) !== negated ? 1 << j : 0);
  }, 0);
}
