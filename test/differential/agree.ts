/** Machine code that was found somewhere, decoded by us and by iced-x86. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { ALL_FEATURES, Decoder } from '../../src/x86/isa/decode.ts';
import { sweep } from './iced.ts';

const decoder = new Decoder(ALL_FEATURES);

/** Sweeps the text, fails at any difference, and returns how many instructions are the same. */
export function agree(t: TestContext, text: Uint8Array): number {
  const { same, 'both refuse': refused, 'not ours': other, ...different } = Object.fromEntries(sweep(decoder, text));
  t.diagnostic(`${same?.count} instructions alike, ${other?.count ?? 0} not ours, ${refused?.count ?? 0} refused by both`);
  assert.deepEqual(different, {});
  return same?.count ?? 0;
}
