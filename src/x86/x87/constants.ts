/**
 * The constants that instructions load, to more bits than a register holds: they are rounded as the control word says. SDM:
 * "FLD1/FLDL2T/FLDL2E/FLDPI/FLDLG2/FLDLN2/FLDZ - Load Constant".
 */
import { type Extended, ONE, ZERO } from './extended.ts';
import { type Exact, round } from './round.ts';

/** Eighty bits, the first of which is worth 2^`top`. */
const bits = (significand: bigint, top: number): Exact => ({ negative: false, significand, exponent: top - 79 });

const IRRATIONAL = {
  pi: bits(0xc90f_daa2_2168_c234_c4c6n, 1),
  'log2(10)': bits(0xd49a_784b_cd1b_8afe_492bn, 1),
  'log2(e)': bits(0xb8aa_3b29_5c17_f0bb_be87n, 0),
  'log10(2)': bits(0x9a20_9a84_fbcf_f798_8f89n, -2),
  'ln(2)': bits(0xb172_17f7_d1cf_79ab_c9e3n, -1),
} as const;

export type Constant = keyof typeof IRRATIONAL | '0' | '1';

export function constant(name: Constant, control: number): Extended {
  if (name === '0') return ZERO;
  return name === '1' ? ONE : round(IRRATIONAL[name], control, 64).value;
}
