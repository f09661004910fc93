/** What must be known of a variant wherever an instruction of it is decoded: all but its program. */

export const COUNTED = ['branches', 'conditional', 'nearCalls', 'loads', 'stores'] as const;

/** How often a retirement counts for each kind of event that follows from the instruction alone. */
export type Counts = Readonly<Record<(typeof COUNTED)[number], 0 | 1>>;

export interface Traits {
  /** Position in the list of all variants. */
  readonly index: number;
  readonly counts: Counts;
  /** It ends its block: whatever the conditions are, the next instruction is not reached, or is to be looked for anew. */
  readonly leaves: boolean;
}
