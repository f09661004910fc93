/**
 * An exception of the guest on its way to the run loop. It is thrown, because it may come from any depth of a routine, and is caught at
 * the one place where it becomes an exception of the guest: it never leaves `hw/cpu`.
 */
import type { Vector } from '../../x86/fault.ts';

export class GuestFault {
  readonly vector: Vector;
  readonly code: number;

  constructor(vector: Vector, code = 0) {
    this.vector = vector;
    this.code = code;
  }
}

/** Kinds of access, which are also the order of a mode's three tables in the TLB. */
export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type Access = typeof READ | typeof WRITE | typeof FETCH;
