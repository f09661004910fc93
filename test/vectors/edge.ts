/** Values at the edges of widths. */
import type { Seeded } from '../../src/base/choice.ts';

const EDGES = [
  0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn, 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_ffffn, 0xffff_ffff_8000_0000n, 0x5555_5555_5555_5555n,
];

const random64 = (random: Seeded): bigint => (BigInt(random.next()) << 32n) | BigInt(random.next());

/** A value at the edge of some width, or any. */
export const interesting = (random: Seeded): bigint =>
  random.pick(2, 'edge') === 0 ? EDGES[random.pick(EDGES.length, 'which')]! : random64(random);
