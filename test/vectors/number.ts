/** Numbers in memory for instructions of the x87 FPU: of each format those that are treated in a way of their own, and others. */
import type { Seeded } from '../../src/base/choice.ts';
import type { Form } from '../../src/x86/isa/notation.ts';
import { type Extended, upperHalf } from '../../src/x86/x87/extended.ts';
import { interesting } from './edge.ts';
import { interestingExtended } from './floating.ts';

interface Number { readonly value: bigint; readonly bytes: number }

/** The number that a form's memory operand may hold; undefined where it is no number. `near` is one it may be about as large as. */
export function interestingNumber(random: Seeded, { row }: Form, near: Extended): Number | undefined {
  const [, bits, kind] = /\| m(\d+)(fp|int|bcd)/.exec(row) ?? [];
  if (bits === undefined) return undefined;
  const bytes = Number(bits) / 8;
  if (kind === 'int') return { value: interesting(random), bytes };
  if (kind === 'bcd') return { value: decimal(random), bytes };
  if (bytes === 10) {
    const value = interestingExtended(random, near);
    return { value: value.significand | (BigInt(upperHalf(value)) << 64n), bytes };
  }
  return { value: interchange(random, bytes === 4 ? 8 : 11, bytes === 4 ? 23 : 52, near), bytes };
}

function interchange(random: Seeded, exponentBits: number, fractionBits: number, near: Extended): bigint {
  const bias = 2 ** (exponentBits - 1) - 1;
  const fraction = BigInt.asUintN(fractionBits, (BigInt(random.next()) << 32n) | BigInt(random.next()));
  const exponents = [0, 0, 2 * bias + 1, bias, bias + near.exponent - 16383, random.next()];
  const exponent = exponents[random.pick(exponents.length, 'exponent')]! & (2 * bias + 1);
  const fractions = [0n, fraction, fraction, 1n << BigInt(fractionBits - 1), fraction >> 9n];
  const sign = BigInt(random.pick(2, 'sign'));
  return (sign << BigInt(exponentBits + fractionBits)) | (BigInt(exponent) << BigInt(fractionBits))
    | fractions[random.pick(fractions.length, 'fraction')]!;
}

/** Eighteen digits, with leading zeros now and then, and a sign. What is no digit is undefined. */
function decimal(random: Seeded): bigint {
  let value = 0n;
  const digits = random.pick(19, 'digits');
  for (let i = 0; i < digits; i += 1) value = (value << 4n) | BigInt(random.pick(10, 'digit'));
  return value | (BigInt(random.pick(2, 'sign')) << 79n);
}
