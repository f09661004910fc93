/** The test images on bare metal and as the guests of every strategy: they write the same everywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRATEGY_NAMES } from '../../src/lab/scenario.ts';
import { IMAGES } from './images.ts';
import { runImage } from './run.ts';

for (const image of IMAGES) {
  const [ours] = image.writes;
  test(`${image.name}: writes what the manual says, and ends by the exit port`, () => {
    const { console, outcome } = runImage(image);
    assert.equal(console, ours);
    assert.deepEqual(outcome, { kind: 'exit', code: 0 });
  });

  test(`${image.name}: every strategy's guest writes the same`, () => {
    for (const on of STRATEGY_NAMES) assert.equal(runImage(image, { on }).console, ours, on);
  });
}

test('the interrupt controllers do the same without WebAssembly', () => {
  const image = IMAGES.find(({ name }) => name === 'pic')!;
  assert.equal(runImage(image, { wasm: false }).console, image.writes[0]);
});
