/** Micro-ops on words that are more than an operator, as the reference interpreter has them. */

export const bitLength = (a: bigint): number => (a === 0n ? 0 : a.toString(2).length);
export const lowestBit = (a: bigint): number => bitLength(a & -a) - 1;

export function ones(a: bigint): bigint {
  let count = 0n;
  for (let rest = a; rest !== 0n; rest &= rest - 1n) count += 1n;
  return count;
}

export function byteSwap(a: bigint): bigint {
  let swapped = 0n;
  for (let i = 0n; i < 64n; i += 8n) swapped |= ((a >> i) & 0xffn) << (56n - i);
  return swapped;
}

/**
 * SDM, "CRC32 - Accumulate CRC32 Value": the polynomial 11EDC6F41H without its topmost bit, and with the others the other way round, as
 * the bits of data come.
 */
export const POLYNOMIAL = 0x82f6_3b78n;

/** The checksum after so many bytes of `data`. */
export function checksum(crc: bigint, data: bigint, bytes: number): bigint {
  let value = crc ^ BigInt.asUintN(8 * bytes, data);
  for (let bit = 0; bit < 8 * bytes; bit += 1) value = (value >> 1n) ^ ((value & 1n) === 0n ? 0n : POLYNOMIAL);
  return value;
}
