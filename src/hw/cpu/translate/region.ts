/**
 * Regions: instructions that can be reached from a place, as a graph of straight pieces. They are read from the records of decoded
 * blocks, so what is no instruction yet is no part of a region, and what has not been executed is seldom one.
 *
 * Places are offsets from the start of the page on which a region begins, in linear addresses. Those of other pages are below 0, or beyond
 * the last byte; which page of memory is there is asked again each time code goes there.
 */
import type { Variant } from '../../../x86/isa/variant.ts';

export const PAGE = 0x1000;
/** The place at which the page of a place begins. */
export const pageOf = (place: number): number => Math.floor(place / PAGE) * PAGE;
export const onSamePage = (one: number, other: number): boolean => pageOf(one) === pageOf(other);

/** One instruction. */
export interface Step {
  readonly at: number;
  readonly next: number;
  readonly record: number;
  /** The place that displacements and targets in the record are relative to. */
  readonly origin: number;
  readonly variant: Variant;
  readonly cost: number;
}

/** Whether what comes next may be fetched is asked anew behind it. */
export const changesRights = ({ variant: { program: { micros, body } } }: Step): boolean => body.some((id) => micros[id]!.op === 'rights');

/** What comes after the last step of a piece. */
export type End =
  | { readonly kind: 'next'; readonly to: number }
  /** The interpreter does the next instruction. */
  | { readonly kind: 'interpret'; readonly at: number }
  | { readonly kind: 'branch'; readonly taken: number; readonly to: number }
  | { readonly kind: 'jump'; readonly to: number }
  | { readonly kind: 'call'; readonly to: number; readonly back: number }
  | { readonly kind: 'indirect'; readonly back: number | undefined }
  | { readonly kind: 'return' };

/** All of it is on one page, or it is one instruction on two. */
export interface Piece {
  readonly at: number;
  readonly steps: readonly Step[];
  readonly end: End;
  /** The second page of an instruction on two. */
  readonly second: number | undefined;
}

export interface Region {
  /** Where the run loop enters it; first where it begins. */
  readonly entries: readonly number[];
  readonly pieces: ReadonlyMap<number, Piece>;
  /** Where the indirect branches and the returns of each piece may go, inside the region. */
  readonly targets: ReadonlyMap<number, readonly number[]>;
  /** By place, where the pages lie in linear memory that it has instructions on. */
  readonly pages: ReadonlyMap<number, number>;
}

/** Where a piece is known to go on; of a branch that is not taken first. */
export function waysOut(end: End): readonly number[] {
  switch (end.kind) {
    case 'next': case 'jump': case 'call': return [end.to];
    case 'branch': return [end.to, end.taken];
    case 'interpret': case 'indirect': case 'return': return [];
  }
}
