/** The test images in QEMU, and on every strategy: what they write there, but for listed deviations, is what the manual says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { IMAGES, PMU_IMAGE } from './images.ts';
import { runImage, runInQemu } from './run.ts';

for (const image of IMAGES) {
  test(`${image.name}: QEMU writes the same, but for listed deviations, and ends with the same status`, () => {
    const { text, status } = runInQemu(image);
    assert.equal(text, image.writes[1]);
    assert.equal(status, 1);
  });
}

for (const image of IMAGES.filter((each) => each !== PMU_IMAGE)) {
  test(`${image.name}: every strategy's guest writes the same`, () => {
    for (const on of STRATEGY_NAMES) assert.equal(runImage(image, { on }).console, image.writes[0], on);
  });
}
