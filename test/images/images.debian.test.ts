/** The test images in QEMU: what they write there, but for listed deviations, is what the manual says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMAGES } from './images.ts';
import { runInQemu } from './run.ts';

for (const image of IMAGES) {
  test(`${image.name}: QEMU writes the same, but for listed deviations, and ends with the same status`, () => {
    const { text, status } = runInQemu(image);
    assert.equal(text, image.writes[1]);
    assert.equal(status, 1);
  });
}
