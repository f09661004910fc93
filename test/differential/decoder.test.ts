import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seeded } from '../../src/base/choice.ts';
import { ALL_FEATURES, BITS, Decoder } from '../../src/x86/isa/decode.ts';
import { compare } from './iced.ts';

const decoder = new Decoder(ALL_FEATURES);
const PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3];

/** Random bytes, of which half begin with prefixes, REX or an escape byte, as instructions do. */
function fill(bytes: Uint8Array, random: Seeded): void {
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = random.next() >>> 24;
  let at = 0;
  while (random.pick(3, 'another prefix') === 0) bytes[at++] = PREFIXES[random.pick(PREFIXES.length, 'prefix')]!;
  if (random.pick(3, 'REX') === 0) bytes[at++] = 0x40 | random.pick(16, 'REX bits');
  if (random.pick(2, 'escape') === 0) bytes[at++] = 0x0f;
}

for (const bits of BITS) {
  test(`a million random byte strings decode as iced-x86 decodes them, as code of ${bits} bits`, () => {
    const random = new Seeded(bits);
    const bytes = new Uint8Array(15);
    const outcomes = new Map<string, { count: number; example: string }>();
    for (let i = 0; i < 1_000_000; i += 1) {
      fill(bytes, random);
      const outcome = compare(decoder, bytes, bits);
      const known = outcomes.get(outcome);
      if (known) known.count += 1;
      else outcomes.set(outcome, { count: 1, example: Buffer.from(bytes).toString('hex') });
    }
    const { same, 'both refuse': refused, 'not ours': other, ...different } = Object.fromEntries(outcomes);
    assert.deepEqual(different, {});
    assert.ok(same!.count > 500_000, `${same?.count} alike, ${refused?.count} refused by both, ${other?.count} not ours`);
  });
}
