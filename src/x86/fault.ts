/** Exceptions. SDM: "Exception and Interrupt Reference". */
import type { Brand } from '../base/brand.ts';

export type Vector = Brand<number, 'Vector'>;

export const DE = 0 as Vector;
export const DB = 1 as Vector;
export const NMI = 2 as Vector;
export const BP = 3 as Vector;
/** Overflow; the flag is called OF too. */
export const OVERFLOW = 4 as Vector;
export const BR = 5 as Vector;
export const UD = 6 as Vector;
export const NM = 7 as Vector;
/** Double fault. */
export const DOUBLE = 8 as Vector;
export const TS = 10 as Vector;
export const NP = 11 as Vector;
/** Stack-segment fault; the register is called SS too. */
export const STACK = 12 as Vector;
export const GP = 13 as Vector;
export const PAGE = 14 as Vector;
export const MF = 16 as Vector;
export const AC_FAULT = 17 as Vector;
export const MC = 18 as Vector;
export const XM = 19 as Vector;

const NAMES: Readonly<Record<number, string>> = {
  0: '#DE', 1: '#DB', 2: 'NMI', 3: '#BP', 4: '#OF', 5: '#BR', 6: '#UD', 7: '#NM', 8: '#DF', 10: '#TS', 11: '#NP',
  12: '#SS', 13: '#GP', 14: '#PF', 16: '#MF', 17: '#AC', 18: '#MC', 19: '#XM',
};

export const vectorName = (vector: number): string => NAMES[vector] ?? `vector ${vector}`;

/** Vectors that push an error code. */
const WITH_CODE = new Set<number>([DOUBLE, TS, NP, STACK, GP, PAGE, AC_FAULT]);
export const pushesErrorCode = (vector: number): boolean => WITH_CODE.has(vector);

/** SDM, "Conditions for Generating a Double Fault": how a second exception combines with a first. */
const CONTRIBUTORY = new Set<number>([DE, TS, NP, STACK, GP]);
export type FaultClass = 'benign' | 'contributory' | 'page fault';
export const faultClass = (vector: number): FaultClass =>
  vector === PAGE ? 'page fault' : CONTRIBUTORY.has(vector) ? 'contributory' : 'benign';

/** Bits of the error code of #PF. SDM: "Page-Fault Exception (#PF)". */
export const PF_PRESENT = 1 << 0;
export const PF_WRITE = 1 << 1;
export const PF_USER = 1 << 2;
export const PF_RESERVED = 1 << 3;
export const PF_FETCH = 1 << 4;

/** Bits of the error code that names a selector. */
export const CODE_EXT = 1 << 0;
export const CODE_IDT = 1 << 1;
