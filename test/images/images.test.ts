/** The test images on bare metal and as guests: but for what a PMU is asked, they write the same everywhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, save } from '../../src/base/pack.ts';
import type { Cycles } from '../../src/base/units.ts';
import { IMAGES, PMU_IMAGE } from './images.ts';
import { openImage, runImage } from './run.ts';

/** When an image is in the middle of its work, in cycles. */
const MIDDLE = { pit: 3_000_000, smp: 30_000 } as const;
/** Of each way of writing a strategy one, for the devices are the same: `npm run debian` has all. */
const STRATEGIES = ['reallocate', 'mediated', 'general'] as const;

for (const image of IMAGES) {
  const [ours] = image.writes;
  test(`${image.name}: writes what the manual says, and ends by the exit port`, () => {
    const { console, outcome } = runImage(image);
    assert.equal(console, ours);
    assert.deepEqual(outcome, { kind: 'exit', code: 0 });
  });

  if (image !== PMU_IMAGE) {
    test(`${image.name}: a guest writes the same`, () => {
      for (const on of STRATEGIES) assert.equal(runImage(image, { on }).console, ours, on);
    });
  }
}

// The timer is under way, or processors are being started.
for (const name of ['pit', 'smp'] as const) {
  for (const on of [undefined, 'general'] as const) {
    test(`${name}: ${on ?? 'bare metal'} goes on in another world from where it was saved, to the same state`, () => {
      const image = IMAGES.find((each) => each.name === name)!;
      const first = openImage(image, { on }), second = openImage(image, { on });
      first.advance(MIDDLE[name] as Cycles);
      assert.equal(first.outcome.kind, 'limit');
      load(second, save(first));
      const [one, other] = [first.run(), second.run()];
      assert.equal(other.hash, one.hash);
      assert.ok(image.writes[0].endsWith(other.console) && other.console.length > 0);
    });
  }
}

test('the interrupt controllers do the same without WebAssembly', () => {
  const image = IMAGES.find(({ name }) => name === 'pic')!;
  assert.equal(runImage(image, { wasm: false }).console, image.writes[0]);
});
