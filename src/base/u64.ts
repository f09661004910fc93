/**
 * 64-bit words, in the three forms in which they occur.
 *
 * A register of the machine travels as RDMSR carries it, in two 32-bit halves, because two integers cost a tenth of
 * one bigint. A counter is at most 48 bits wide and is a number. Where neither speed nor width is at stake
 * (assembler, disassembler, reports) a word is a bigint.
 */

/** A 64-bit word: a bigint in [0, 2^64). */
export type U64 = bigint;

const TWO_32 = 0x1_0000_0000;

/** 2^0 to 2^64: raising to a power that is not known beforehand costs more than a look. */
export const POWER_OF_TWO: readonly number[] = Array.from({ length: 65 }, (_, n) => 2 ** n);

/** Bits 31:0 of a non-negative integer below 2^53. */
export const lowWord = (value: number): number => value >>> 0;

/** Bits 63:32 of a non-negative integer below 2^53. */
export const highWord = (value: number): number => Math.floor(value / TWO_32);

/** The integer that two halves make. Exact when `high` is below 2^21. */
export const joinWords = (low: number, high: number): number => (high >>> 0) * TWO_32 + (low >>> 0);

export const bigFromWords = (low: number, high: number): U64 => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

/** `0x` and the shortest hexadecimal form, as listings and traces print a word. */
export const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/** Sixteen hexadecimal digits, as register dumps print a word. */
export const hex64 = (value: bigint): string => value.toString(16).padStart(16, '0');
