/**
 * What is known of all variants once they were made, as numbers: which one each use of each form is, and its traits. A process that is
 * brought them decodes without making any. They belong to the table that they were made of, and nothing in them says so.
 */
import { assert } from '../../base/assert.ts';
import type { Form } from './notation.ts';
import { INSTRUCTIONS } from './table.ts';
import { COUNTED, type Counts, type Traits } from './traits.ts';

/** One use of a form; `key` tells it apart from the others. */
export interface KeptUse { readonly form: Form; readonly key: number; readonly traits: Traits }

/** Keys are below. */
const KEYS = 1 << 9;
/** In a value: the index below this bit, a bit for each of `COUNTED` from it on, and whether it leaves. */
const COUNTS_SHIFT = 16, LEAVES_BIT = 1 << (COUNTS_SHIFT + COUNTED.length);

/** By their place in the table. */
const numberedForms = (): Map<Form, number> =>
  new Map(INSTRUCTIONS.flatMap(({ forms }) => forms).map((form, number) => [form, number]));

/** How many variants there are, and a key and a value for each use. */
export function packVariants(count: number, uses: readonly KeptUse[]): Uint32Array {
  const forms = numberedForms();
  return Uint32Array.from([count, ...uses.flatMap(({ form, key, traits: { index, counts, leaves } }) => {
    assert(key < KEYS && index < 1 << COUNTS_SHIFT, 'there is room for a key and an index');
    const counted = COUNTED.reduce((bits, name, bit) => bits | (counts[name] << (COUNTS_SHIFT + bit)), 0);
    return [forms.get(form)! * KEYS + key, index | counted | (leaves ? LEAVES_BIT : 0)];
  })]);
}

export class KeptVariants {
  readonly count: number;
  private readonly forms = numberedForms();
  private readonly values = new Map<number, number>();

  constructor(packed: Uint32Array) {
    this.count = packed[0]!;
    for (let at = 1; at < packed.length; at += 2) this.values.set(packed[at]!, packed[at + 1]!);
  }

  /** Undefined for a use that nobody has kept. */
  traits(form: Form, key: number): Traits | undefined {
    const value = this.values.get(this.forms.get(form)! * KEYS + key);
    if (value === undefined) return undefined;
    const counts = Object.fromEntries(COUNTED.map((name, bit) => [name, (value >>> (COUNTS_SHIFT + bit)) & 1])) as Counts;
    return { index: value & ((1 << COUNTS_SHIFT) - 1), counts, leaves: (value & LEAVES_BIT) !== 0 };
  }
}
