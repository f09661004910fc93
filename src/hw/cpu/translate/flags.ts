/**
 * Status flags while a region is written. Where they are set they are not computed, but only where they are read: until then they
 * are ways to compute them. Where neither is known they are in local variables.
 */
import { CF, OF, ZF } from '../../../x86/flags.ts';
import type { Micro } from '../../../x86/isa/micro.ts';
import type { FlagSource } from '../wasm/flag-emitter.ts';
import type { Frame } from './frame.ts';

export type Push = () => void;

/** What the flags were last set from, where conditions can be told by one comparison. */
export type Relation =
  | { readonly kind: 'difference'; readonly left: (signed: boolean) => void; readonly right: (signed: boolean) => void }
  | { readonly kind: 'logic' };

/** Ways to compute what flags follow from; where there is none it is in its local variable. */
export interface Flags extends Partial<Readonly<Record<FlagSource, Push>>> { readonly relation?: Relation }

/** What steps of one piece share while they are written. */
export interface Flow { flags: Flags }

export const FLAG_SOURCES: readonly FlagSource[] = ['zeroSource', 'signSource', 'carries'];

/** Puts what flags follow from into local variables. */
export function settle(frame: Frame, flags: Flags, wanted: readonly FlagSource[] = FLAG_SOURCES): void {
  const computed = wanted.filter((source) => flags[source] !== undefined);
  for (const source of computed) flags[source]!();
  for (const source of [...computed].reverse()) frame.code.set(frame.sources[source]);
}

/** Micro-ops on which a region may be left, so that all flags may be needed as they are. */
const LEAVING: ReadonlySet<Micro['op']> = new Set([
  'load', 'loadPacked', 'update', 'store', 'storePacked', 'fault', 'check', 'microcode', 'simd', 'mmx', 'float', 'floatOf', 'integerOf',
  'truncated', 'order', 'status', 'repeat',
]);

/** By condition code without its lowest bit. */
const CONDITION_SOURCES: readonly (readonly FlagSource[])[] = [
  ['carries'], ['carries'], ['zeroSource'], ['carries', 'zeroSource'], ['signSource'], ['signSource'], ['carries', 'signSource'],
  FLAG_SOURCES,
];

/** What a micro-op may need of the flags as they are before it. */
export function neededBy({ op, n }: Micro): readonly FlagSource[] {
  if (LEAVING.has(op)) return FLAG_SOURCES;
  if (op === 'condition') return CONDITION_SOURCES[n >> 1]!;
  if (op === 'flag' || op === 'setFlag') return n === ZF ? ['zeroSource'] : n === CF || n === OF ? ['carries'] : FLAG_SOURCES;
  return [];
}

export function setBy({ op, n }: Micro): readonly FlagSource[] {
  switch (op) {
    case 'resultFlags': return ['zeroSource', 'signSource'];
    case 'carryFlags': case 'setCarry': return ['carries'];
    case 'setStatus': return FLAG_SOURCES;
    case 'setFlag': return [n === ZF ? 'zeroSource' : 'carries'];
    default: return [];
  }
}
