import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromUtf8, utf8 } from './utf8.ts';

// Node's encoder and decoder say what is right.

test('text becomes the bytes that Node makes of it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.deepEqual(Buffer.from(utf8(text)), Buffer.from(text))));
  assert.deepEqual([...utf8('a\u00e4\u20ac\u{1f9ed}')], [0x61, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xa7, 0xad]);
});

test('bytes become text, and what is none becomes U+FFFD', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(fromUtf8(Buffer.from(text)), text)));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const whole = !new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).includes('\ufffd');
    const text = fromUtf8(bytes);
    if (whole) assert.equal(text, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    else assert.ok(text.includes('\ufffd'));
  }), { numRuns: 2000 });
  // Too long a form, half of a pair, beyond the last code point, a tail alone, no tail.
  for (const bytes of [[0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xe2, 0x82]]) {
    assert.match(fromUtf8(Uint8Array.from(bytes)), /^\ufffd+$/);
  }
});
