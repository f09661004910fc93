/**
 * Where an instruction of a vector runs: 64-bit mode, or compatibility mode with segments of the recorder's own. The recorder puts
 * them into its local descriptor table; the machine gets the same descriptors.
 */
import type { Bits } from '../../src/x86/isa/decode.ts';
import { CODE, CODE_AT, DATA } from './format.ts';

/** An entry of the local descriptor table, in the words of modify_ldt. */
export interface Entry {
  readonly base: number;
  readonly limit: number;
  /** D or B. */
  readonly wide: boolean;
  readonly contents: 'data' | 'expand-down' | 'code';
  readonly readOnly: boolean;
}

const CONTENTS = { data: 0, 'expand-down': 1, code: 2 } as const;

export const LDT: readonly Entry[] = [
  { base: CODE, limit: 0xfff, wide: false, contents: 'code', readOnly: false },
  { base: DATA, limit: 0x1fff, wide: false, contents: 'data', readOnly: false },
  { base: DATA, limit: 0x1fff, wide: true, contents: 'data', readOnly: false },
  { base: DATA, limit: 0x1fff, wide: false, contents: 'data', readOnly: true },
  { base: DATA, limit: 0xfff, wide: false, contents: 'expand-down', readOnly: false },
  { base: CODE, limit: 0xfff, wide: true, contents: 'code', readOnly: false },
  { base: CODE, limit: 0xfff, wide: true, contents: 'code', readOnly: true },
];
/** The selectors of those, at privilege level 3. */
const [CODE_16, DATA_16, DATA_32, READ_ONLY, UPWARD] = LDT.map((_, i) => (i << 3) | 7) as [number, number, number, number, number];
/** Linux: the user's flat segments. */
const FLAT_CODE = 0x23, FLAT_DATA = 0x2b;

export interface Environment {
  readonly name: string;
  readonly bits: Bits;
  /** In the order of the Sreg field: ES, CS, SS, DS, FS, GS. */
  readonly selectors: readonly number[];
  /** The offset of the instruction in its code segment. */
  readonly start: number;
}

export const ENVIRONMENTS: readonly Environment[] = [
  { name: 'flat-32', bits: 32, selectors: [DATA_32, FLAT_CODE, FLAT_DATA, FLAT_DATA, UPWARD, READ_ONLY], start: CODE_AT },
  { name: 'narrow-stack-32', bits: 32, selectors: [FLAT_DATA, FLAT_CODE, DATA_16, DATA_32, UPWARD, 0], start: CODE_AT },
  { name: 'segments-16', bits: 16, selectors: [DATA_32, CODE_16, DATA_16, DATA_16, UPWARD, READ_ONLY], start: CODE_AT - CODE },
];

/** The entry, or what Linux says, that a selector of an environment means: where it begins. */
export const baseOf = (selector: number): number => ((selector & 4) === 0 ? 0 : LDT[selector >> 3]!.base);

/** A descriptor as modify_ldt makes it: of level 3, present and accessed. */
export function descriptorOf({ base, limit, wide, contents, readOnly }: Entry): bigint {
  const type = 1 | (readOnly ? 0 : 2) | (CONTENTS[contents] << 2);
  const high = 0xf000 | (type << 8) | (wide ? 1 << 22 : 0) | ((base >>> 16) & 0xff) | (base & 0xff00_0000) | (limit & 0xf_0000);
  return (BigInt(high >>> 0) << 32n) | BigInt(((base & 0xffff) << 16 | (limit & 0xffff)) >>> 0);
}

/** What the recorder is told: selectors, where the instruction stands, and the entries. */
export function recorderEnvironment(environment: Environment | undefined): Uint8Array {
  const entries = environment === undefined ? [] : LDT;
  const bytes = new Uint8Array(20 + 16 * entries.length);
  const view = new DataView(bytes.buffer);
  for (const [i, selector] of (environment?.selectors ?? []).entries()) view.setUint16(2 * i, selector, true);
  view.setUint32(12, environment?.start ?? CODE_AT, true);
  view.setUint32(16, entries.length, true);
  for (const [i, { base, limit, wide, contents, readOnly }] of entries.entries()) {
    const flags = (wide ? 1 : 0) | (CONTENTS[contents] << 1) | (readOnly ? 8 : 0);
    for (const [j, word] of [i, base, limit, flags].entries()) view.setUint32(20 + 16 * i + 4 * j, word, true);
  }
  return bytes;
}
