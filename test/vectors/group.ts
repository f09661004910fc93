/** Kinds of instructions, as far as their vectors differ. */
import type { Instruction } from '../../src/x86/isa/define.ts';
import type { VectorGroup } from './files.ts';
import { SIMD_KINDS, type SimdKind } from './simd.ts';

/** What has vectors, and random numbers, of its own. */
export const groupOf = ({ feature }: Pick<Instruction, 'feature'>): VectorGroup =>
  (/^(SSE2?|FXSR|MMX)$/.test(feature ?? '') ? 'simd' : /^(S?SSE|XSAVE)/.test(feature ?? '') ? 'v2' : 'general');
export const isX87 = ({ feature, mnemonic }: Pick<Instruction, 'feature' | 'mnemonic'>): boolean =>
  feature === 'FPU' || mnemonic === 'FISTTP';
/** Instructions on XMM and MMX registers. */
export const isSimd = (instruction: Instruction): boolean => groupOf(instruction) !== 'general' && !isX87(instruction);

export const isText = (mnemonic: string): boolean => /^PCMP.STR/.test(mnemonic);

/** What the lanes of an instruction hold: by the end of its name, or what it is converted from. */
export function lanesOf({ mnemonic }: Instruction): SimdKind {
  if (isText(mnemonic)) return SIMD_KINDS.text;
  if (mnemonic.startsWith('P')) return SIMD_KINDS.integers;
  const [, source = ''] = /^CVTT?(PS|SS|PD|SD|DQ|SI|PI)2/.exec(mnemonic) ?? /(PS|SS|PD|SD)$/.exec(mnemonic) ?? [];
  return /[PS]S/.test(source) ? SIMD_KINDS.singles : /[PS]D/.test(source) ? SIMD_KINDS.doubles : SIMD_KINDS.integers;
}
