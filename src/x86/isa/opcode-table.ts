/** The instruction table by opcode, and how encodings that share one are told apart: by prefixes, mode and ModRM. */
import type { Instruction } from './define.ts';
import type { Form } from './notation.ts';
import { INSTRUCTIONS } from './table.ts';

/** A row of the table that an opcode may mean. */
export interface Candidate {
  readonly instruction: Instruction;
  readonly form: Form;
  readonly specificity: number;
  /** It is meant when the traits under the mask are these. */
  readonly mask: number;
  readonly traits: number;
  /** An operand is a register whatever ModRM says; one is at an absolute address. */
  readonly neverMemory: boolean;
  readonly absolute: boolean;
  /** What its operand size depends on, a bit each. */
  readonly sizing: number;
}

export const SIZING = { b8: 1 << 0, native: 1 << 1, f64: 1 << 2, d64: 1 << 3, no16: 1 << 4, io: 1 << 5 } as const;
const SIZED = Object.entries(SIZING) as [keyof typeof SIZING, number][];

/** What tells encodings of the same opcode apart, a bit each; above them is the ModRM byte. */
export const TRAIT = {
  p66: 1 << 0, f2: 1 << 1, f3: 1 << 2, rexW: 1 << 3, rexB: 1 << 4, long: 1 << 5, a16: 1 << 6, a32: 1 << 7, a64: 1 << 8, register: 1 << 9,
} as const;
export const MODRM_SHIFT = 16;
export const ADDRESS_TRAIT: Readonly<Record<number, number>> = { 2: TRAIT.a16, 4: TRAIT.a32, 8: TRAIT.a64 };

/** The traits that a row asks to be set, and to be clear. */
function traitsOf({ mandatory, rexW, attributes, digit, rm, mod }: Form): Pick<Candidate, 'mask' | 'traits'> {
  let mask = 0, traits = 0;
  const set = (bits: number): void => {
    mask |= bits;
    traits |= bits;
  };
  const clear = (bits: number): void => {
    mask |= bits;
  };
  switch (mandatory) {
    case 'NP': clear(TRAIT.p66 | TRAIT.f2 | TRAIT.f3); break;
    case 'NFx': clear(TRAIT.f2 | TRAIT.f3); break;
    case '66': set(TRAIT.p66); clear(TRAIT.f2 | TRAIT.f3); break;
    case 'F2': set(TRAIT.f2); break;
    case 'F3': set(TRAIT.f3); break;
    case undefined: break;
  }
  if (rexW) set(TRAIT.rexW);
  if (attributes.has('w0')) clear(TRAIT.rexW);
  if (attributes.has('nob')) clear(TRAIT.rexB);
  if (attributes.has('i64')) clear(TRAIT.long);
  if (attributes.has('o64')) set(TRAIT.long);
  for (const name of ['a16', 'a32', 'a64'] as const) if (attributes.has(name)) set(TRAIT[name]);
  if (mod === 'reg') set(TRAIT.register);
  if (mod === 'mem') clear(TRAIT.register);
  const field = (shift: number, value: number | undefined): void => {
    if (value === undefined) return;
    clear(7 << (MODRM_SHIFT + shift));
    traits |= value << (MODRM_SHIFT + shift);
  };
  field(3, digit);
  field(0, rm);
  return { mask, traits };
}

const NO_CANDIDATES: readonly Candidate[] = [];

/** The more a row fixes, the earlier it is tried. */
const specificity = ({ mandatory, digit, rm, mod, rexW, attributes }: Form): number =>
  [mandatory, mandatory, digit, rm, mod, rexW || undefined, attributes.has('nob') || undefined]
    .filter((field) => field !== undefined).length;

/** Of each opcode, by map * 256 + opcode, the rows that it may mean: the first is tried first. */
export type Candidates = readonly (readonly Candidate[])[];

export function candidatesByOpcode(): Candidates {
  const rows = Array.from({ length: 4 * 256 }, (): Candidate[] | undefined => undefined);
  for (const instruction of INSTRUCTIONS) {
    for (const form of instruction.forms) {
      const candidate = {
        instruction, form, specificity: specificity(form), ...traitsOf(form),
        neverMemory: form.operands.some((operand) => operand.kind === 'rm' && operand.only === 'always reg'),
        absolute: form.operands.some((operand) => operand.kind === 'moffs'),
        sizing: SIZED.reduce((bits, [name, bit]) => (form.attributes.has(name) ? bits | bit : bits), 0),
      };
      for (let low = 0; low < (form.opcodeRegister ? 8 : 1); low += 1) {
        (rows[form.map * 256 + form.opcode + low] ??= []).push(candidate);
      }
    }
  }
  return rows.map((row) => row?.sort((a, b) => b.specificity - a.specificity) ?? NO_CANDIDATES);
}
