/**
 * Floating-point registers of a vector: bytes as FXSAVE lays them out, up to the last XMM register. They follow from a seed, and go
 * into the machine and come out of it here.
 */
import { Seeded } from '../../src/base/choice.ts';
import type { Registers } from '../../src/hw/cpu/registers.ts';
import { BIAS, type Extended, extended, fromHalves, INTEGER_BIT, MAX_EXPONENT, QUIET_BIT, upperHalf } from '../../src/x86/x87/extended.ts';
import { C0, C1, C2, C3, EXCEPTIONS, INITIAL_CONTROL, SF_FAULT, summarize, TOP_SHIFT } from '../../src/x86/x87/words.ts';
import { AREA } from './area.ts';
import { fillSimd, loadSimd, saveSimd } from './simd.ts';

export const FLOATING = 416;

// What a seed gives.

const significand = (random: Seeded): bigint => {
  const bits = (BigInt(random.next()) << 32n) | BigInt(random.next());
  switch (random.pick(5, 'significand')) {
    // A number with a short fraction, one of double and one of single precision, and two of any.
    case 0: return bits & (0xffn << 56n);
    case 1: return bits & ~0x7ffn;
    case 2: return random.pick(2, 'near') === 0 ? bits | (0xff_ffff_ffffn << 24n) : bits & ~(0xff_ffff_ffffn);
    default: return bits;
  }
};

/** Integers and constants that instructions treat in a way of their own. */
const PLAIN: readonly Extended[] = [
  extended(false, BIAS, INTEGER_BIT), extended(false, BIAS + 1, INTEGER_BIT), extended(false, BIAS - 1, INTEGER_BIT),
  extended(false, BIAS + 1, 0xc000_0000_0000_0000n), extended(false, BIAS + 3, 0xa000_0000_0000_0000n),
  extended(false, BIAS + 31, INTEGER_BIT), extended(false, BIAS + 63, INTEGER_BIT), extended(false, BIAS + 1, 0xc90f_daa2_2168_c235n),
];

/** A number that is to another as few are: results are then halfway between two numbers, or one of two alike is to be chosen. */
function related(random: Seeded, near: Extended, negative: boolean, any: bigint): Extended {
  switch (random.pick(4, 'relation')) {
    // Half a unit in the last place of the other.
    case 0: return extended(negative, Math.max(1, near.exponent - 64), INTEGER_BIT);
    case 1: return extended(negative, Math.min(MAX_EXPONENT, near.exponent + random.pick(2, 'twice')), near.significand);
    // Of the same class.
    case 2: return extended(negative, near.exponent, near.significand ^ (any >> 2n));
    default: return extended(negative, BIAS, INTEGER_BIT | QUIET_BIT);
  }
}

/** A number of one of all kinds; `near` is one that it may be of about the size of. */
export function interestingExtended(random: Seeded, near: Extended | undefined): Extended {
  const negative = random.pick(2, 'sign') === 1;
  const any = significand(random);
  const normal = (exponent: number): Extended =>
    extended(negative, Math.min(MAX_EXPONENT - 1, Math.max(1, exponent)), any | INTEGER_BIT);
  if (near !== undefined && random.pick(5, 'related') === 0) return related(random, near, negative, any);
  switch (random.pick(20, 'kind of number')) {
    case 0: return extended(negative, 0, 0n);
    case 1: return extended(negative, MAX_EXPONENT, INTEGER_BIT);
    case 2: return extended(negative, MAX_EXPONENT, any | INTEGER_BIT | QUIET_BIT);
    case 3: return extended(negative, MAX_EXPONENT, ((any | INTEGER_BIT) & ~QUIET_BIT) | 1n);
    // Denormals, small ones among them, and pseudo-denormals.
    case 4: return extended(negative, 0, (any >> BigInt(random.pick(63, 'shift'))) & ~INTEGER_BIT);
    case 5: return extended(negative, 0, any | INTEGER_BIT);
    // Unnormals, pseudo-NaNs and pseudo-infinities.
    case 6: return extended(negative, [1, BIAS, MAX_EXPONENT][random.pick(3, 'unsupported')]!, any & ~INTEGER_BIT);
    case 7: return normal(1 + random.pick(70, 'small'));
    case 8: return normal(MAX_EXPONENT - 1 - random.pick(70, 'large'));
    case 9: return normal(random.next() & 0x7fff);
    case 10: case 11: case 12: return near === undefined ? normal(BIAS) : normal(near.exponent + random.pick(9, 'near') - 4);
    case 13: return near === undefined ? normal(BIAS) : normal(near.exponent + random.pick(140, 'far') - 70);
    case 14: case 15: return { ...PLAIN[random.pick(PLAIN.length, 'plain')]!, negative };
    default: return normal(BIAS - 70 + random.pick(140, 'exponent'));
  }
}

const CODES = [0, C0, C1, C2, C3] as const;

/** All that a seed gives; the initial state for 0. */
export function floatingOf(seed: number): Uint8Array {
  const bytes = new Uint8Array(FLOATING);
  const view = new DataView(bytes.buffer);
  view.setUint16(AREA.control, INITIAL_CONTROL, true);
  fillSimd(view, seed);
  if (seed === 0) return bytes;
  const random = new Seeded(seed);
  // Mostly all exceptions are masked and the stack is full; mostly nothing is pending.
  const masks = random.pick(3, 'masks') === 0 ? random.next() & EXCEPTIONS : EXCEPTIONS;
  const modes = random.pick(2, 'modes') === 0 ? random.next() & 0xf00 : INITIAL_CONTROL & 0xf00;
  const control = 0x40 | masks | modes;
  const flags = random.pick(4, 'flags') === 0 ? random.next() & (EXCEPTIONS | SF_FAULT) : 0;
  const pending = random.pick(8, 'pending') === 0 ? flags : flags & (masks | SF_FAULT);
  const top = random.pick(8, 'top');
  const codes = CODES.reduce<number>((sum, code) => sum | (random.pick(2, 'condition code') === 0 ? code : 0), 0);
  view.setUint16(AREA.control, control, true);
  view.setUint16(AREA.status, summarize(codes | pending | (top << TOP_SHIFT), control), true);
  const inUse = [0xff, 0xff, random.next() & 0xff, random.next() & 0xff & ~(1 << ((top + 7) & 7))][random.pick(4, 'in use')]!;
  // A push needs room: often the register below the top is empty.
  view.setUint8(AREA.inUse, random.pick(2, 'room') === 0 ? inUse & ~(1 << ((top + 7) & 7)) : inUse);
  let near: Extended | undefined;
  for (let i = 0; i < 8; i += 1) {
    const value = interestingExtended(random, near);
    near ??= value;
    view.setBigUint64(AREA.st + AREA.each * i, value.significand, true);
    view.setUint16(AREA.st + AREA.each * i + 8, upperHalf(value), true);
  }
  return bytes;
}

/** ST(i) of an area. */
export function registerIn(bytes: Uint8Array, i: number): Extended {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return fromHalves(view.getUint16(AREA.st + AREA.each * i + 8, true), view.getBigUint64(AREA.st + AREA.each * i, true));
}

// Into the machine, and out of it.

export function loadFloating(registers: Registers, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const { x87 } = registers;
  loadSimd(registers, view);
  x87.control = view.getUint16(AREA.control, true);
  x87.status = view.getUint16(AREA.status, true);
  x87.inUse = view.getUint8(AREA.inUse);
  x87.opcode = view.getUint16(AREA.opcode, true);
  x87.instructionPointer = view.getBigUint64(AREA.instructionPointer, true);
  x87.dataPointer = view.getBigUint64(AREA.dataPointer, true);
  for (let i = 0; i < 8; i += 1) x87.setRegister((x87.top + i) & 7, registerIn(bytes, i));
}

export function saveFloating(registers: Registers, before: Uint8Array): Uint8Array {
  const bytes = before.slice(0, FLOATING);
  const view = new DataView(bytes.buffer);
  const { x87 } = registers;
  saveSimd(registers, view);
  view.setUint16(AREA.control, x87.control, true);
  view.setUint16(AREA.status, x87.status, true);
  view.setUint8(AREA.inUse, x87.inUse);
  view.setUint16(AREA.opcode, x87.opcode, true);
  view.setBigUint64(AREA.instructionPointer, x87.instructionPointer, true);
  view.setBigUint64(AREA.dataPointer, x87.dataPointer, true);
  for (let i = 0; i < 8; i += 1) {
    const at = AREA.st + AREA.each * i;
    const value = x87.register((x87.top + i) & 7);
    view.setBigUint64(at, value.significand, true);
    view.setUint16(at + 8, upperHalf(value), true);
  }
  return bytes;
}
