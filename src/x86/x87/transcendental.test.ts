import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactQuotient } from './arithmetic.ts';
import { bitsOf, type Extended, extended, INTEGER_BIT, ONE } from './extended.ts';
import { round } from './round.ts';
import { arctangentOf, cosineOfAngle, exponential, sine, tangent, yLog2, yLog2OnePlus } from './transcendental.ts';
import { PE } from './words.ts';

const CONTROL = 0x37f, DOWN = 0x77f, UP = 0xb7f, CHOP = 0xf7f;
const HALF = extended(false, ONE.exponent - 1, INTEGER_BIT);
const TWO = extended(false, ONE.exponent + 1, INTEGER_BIT);
const THREE = extended(false, ONE.exponent + 1, 0xc000_0000_0000_0000n);

/** A decimal fraction, rounded once. */
function decimal(text: string, control: number): Extended {
  const digits = text.replace('0.', '').replace('.', '');
  const places = text.length - text.indexOf('.') - 1;
  const value = { negative: false, significand: BigInt(digits), exponent: 0 };
  return round(exactQuotient(value, { negative: false, significand: 10n ** BigInt(places), exponent: 0 }, 200), control, 64).value;
}

/** Values that are in tables, to more digits than a register holds: 40 digits are 132 bits. */
const TABULATED: readonly (readonly [name: string, value: string, compute: (control: number) => { value: Extended; flags: number }])[] = [
  ['sin 1/2', '0.4794255386042030002732879352155713880818', (control) => sine(HALF, control)],
  ['cos 1/2', '0.8775825618903727161162815826038296519916', (control) => cosineOfAngle(HALF, control)],
  ['tan 1/2', '0.5463024898437905132551794657802853832976', (control) => tangent(HALF, control)],
  ['atan 1/2', '0.4636476090008061162142562314612144020285', (control) => arctangentOf(ONE, TWO, control)],
  ['atan 1 = pi/4', '0.7853981633974483096156608458198757210493', (control) => arctangentOf(ONE, ONE, control)],
  ['sqrt(2) - 1', '0.4142135623730950488016887242096980785697', (control) => exponential(HALF, control)],
  ['log2(3)', '1.5849625007211561814537389439478165087598', (control) => yLog2(ONE, THREE, control)],
  ['log2(1 + 1/2)', '0.5849625007211561814537389439478165087598', (control) => yLog2OnePlus(ONE, HALF, control)],
];

test('results are those of tables, rounded by each rounding mode', () => {
  for (const control of [CONTROL, DOWN, UP, CHOP]) {
    for (const [name, value, compute] of TABULATED) {
      const { value: got, flags } = compute(control);
      assert.equal(bitsOf(got).toString(16), bitsOf(decimal(value, control)).toString(16), `${name}, control word ${control.toString(16)}`);
      assert.equal(flags, PE, name);
    }
  }
});

test('of a small number the function is on the right side of it', () => {
  const tiny = extended(false, 1000, INTEGER_BIT);
  const next = extended(false, 1000, INTEGER_BIT + 1n), before = extended(false, 999, 2n ** 64n - 1n);
  // sin x < x < tan x, and atan x < x.
  assert.deepEqual([sine(tiny, DOWN).value, sine(tiny, UP).value], [before, tiny]);
  assert.deepEqual([tangent(tiny, DOWN).value, tangent(tiny, UP).value], [tiny, next]);
  assert.deepEqual([arctangentOf(tiny, ONE, DOWN).value, arctangentOf(tiny, ONE, UP).value], [before, tiny]);
  const belowOne = extended(false, ONE.exponent - 1, 2n ** 64n - 1n);
  assert.deepEqual([cosineOfAngle(tiny, DOWN).value, cosineOfAngle(tiny, UP).value], [belowOne, ONE]);
});

test('logarithms of powers of two are exact', () => {
  for (const power of [-16382, -64, -1, 1, 3, 16383]) {
    const { value, flags } = yLog2(ONE, extended(false, ONE.exponent + power, INTEGER_BIT), CONTROL);
    const wanted = round({ negative: power < 0, significand: BigInt(Math.abs(power)), exponent: 0 }, CONTROL).value;
    assert.deepEqual([value, flags], [wanted, 0], `2^${power}`);
  }
});

test('angles are reduced by the 66 bits of pi that the manual names', () => {
  // What is left of the register's pi by them: C90FDAA22168C235H * 2^-62 - C90FDAA22168C234CH * 2^-66 = 2^-64.
  const pi = extended(false, ONE.exponent + 1, 0xc90f_daa2_2168_c235n);
  assert.deepEqual(sine(pi, CONTROL).value, extended(true, ONE.exponent - 64, INTEGER_BIT));
});
