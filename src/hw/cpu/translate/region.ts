/**
 * Regions: the instructions of one page that can be reached from a place without leaving it, as a graph of straight pieces. They are
 * read from the records of decoded blocks, so what is no instruction yet is no part of a region, and what has not been executed
 * is seldom one.
 *
 * Places are offsets from the start of the page. One below 0, or beyond the last byte, is on another page.
 */
import type { Micro } from '../../../x86/isa/micro.ts';
import type { Variant } from '../../../x86/isa/variant.ts';
import { HANDLER, RECORD } from '../layout.ts';

export const PAGE = 0x1000;

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

export interface Piece {
  readonly at: number;
  readonly steps: readonly Step[];
  readonly end: End;
}

export interface Region {
  /** Where the run loop enters it. */
  readonly entries: readonly number[];
  readonly pieces: ReadonlyMap<number, Piece>;
  /** Where the indirect branches and the returns of each piece may go, inside the region. */
  readonly targets: ReadonlyMap<number, readonly number[]>;
}

/** The decoded blocks of one page. */
export interface PageOfBlocks {
  readonly view: DataView;
  /** The first record of the block that begins at a place. */
  recordAt(place: number): number | undefined;
  /** Places of blocks that have been executed often, but not all of them if there are many. */
  readonly often: readonly number[];
  readonly variants: readonly Variant[];
  /** The most steps of a region: what is beyond is reached by leaving it. */
  readonly length: number;
}

const MOST_PIECES = 64;
/** The most places that an indirect branch or a return is compared with. */
const MOST_TARGETS = 16;

interface Cursor { readonly record: number; readonly origin: number }

/** The region that begins at `entry`; undefined when the interpreter does its first instruction. */
export function regionAt(page: PageOfBlocks, entry: number): Region | undefined {
  return new Explorer(page, entry).region();
}

class Explorer {
  private readonly page: PageOfBlocks;
  private readonly entry: number;
  private readonly cursors = new Map<number, Cursor>();
  private readonly leaders = new Set<number>();
  private steps = 0;

  constructor(page: PageOfBlocks, entry: number) {
    this.page = page;
    this.entry = entry;
  }

  region(): Region | undefined {
    // Twice: where pieces must begin is known when all of them have been seen.
    const { entry } = this;
    this.explore([entry]);
    const indirect = [...this.pieces([entry]).values()].some(({ end }) => end.kind === 'indirect');
    const orphans = indirect ? this.orphans() : [];
    if (orphans.length > 0) this.explore([entry, ...orphans]);
    const pieces = this.pieces([entry, ...orphans]);
    if (pieces.get(entry)!.steps.length === 0) return undefined;
    return { entries: [entry, ...this.entriesBack(pieces)], pieces, targets: this.targets(pieces, orphans) };
  }

  /** Finds where pieces begin. */
  private explore(from: readonly number[]): void {
    const waiting = [...from];
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      if (this.leaders.has(place) || !this.known(place)) continue;
      if (this.leaders.size === MOST_PIECES || this.steps >= this.page.length) return;
      this.leaders.add(place);
      const { steps, end } = this.piece(place, new Set());
      this.steps += steps.length;
      waiting.push(...inside(successors(end)).filter((to) => this.known(to)));
      if (end.kind === 'call' && inside([end.back]).length > 0) waiting.push(end.back);
    }
  }

  private pieces(from: readonly number[]): Map<number, Piece> {
    const pieces = new Map<number, Piece>();
    const waiting = [...from];
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      if (pieces.has(place) || !this.leaders.has(place)) continue;
      const piece = this.piece(place, this.leaders);
      pieces.set(place, piece);
      waiting.push(...successors(piece.end));
      if (piece.end.kind === 'call' || (piece.end.kind === 'indirect' && piece.end.back !== undefined)) waiting.push(piece.end.back!);
    }
    return pieces;
  }

  /** Decoded, as the beginning of a block or in the middle of one that was seen. */
  private known(place: number): boolean {
    if (inside([place]).length === 0) return false;
    if (this.cursors.has(place)) return true;
    const record = this.page.recordAt(place);
    if (record !== undefined) this.cursors.set(place, { record, origin: place });
    return record !== undefined;
  }

  /** The steps from a place on, up to what ends a piece or begins another. */
  private piece(at: number, leaders: ReadonlySet<number>): Piece {
    const { page: { view, variants } } = this;
    const steps: Step[] = [];
    let { record, origin } = this.cursors.get(at)!;
    for (let place = at; ;) {
      if (place !== at && leaders.has(place)) return { at, steps, end: { kind: 'next', to: place } };
      const handler = view.getUint16(record + RECORD.handler, true);
      if (handler === HANDLER.end) {
        // The block was full; the next may be known.
        if (!this.known(place)) return { at, steps, end: { kind: 'next', to: place } };
        ({ record, origin } = this.cursors.get(place)!);
        continue;
      }
      const variant = handler < HANDLER.variants ? undefined : variants[handler - HANDLER.variants]!;
      if (variant === undefined || !isTranslated(variant)) return { at, steps, end: { kind: 'interpret', at: place } };
      const next = origin + view.getUint16(record + RECORD.next, true);
      const step = { at: place, next, record, origin, variant, cost: view.getUint32(record + RECORD.cost, true) };
      steps.push(step);
      record += RECORD.size;
      const end = endOf(step, view);
      const goesOn = next < PAGE && (end === undefined || end.kind === 'branch');
      if (goesOn && !this.cursors.has(next) && view.getUint16(record + RECORD.handler, true) !== HANDLER.end) {
        this.cursors.set(next, { record, origin });
      }
      if (end !== undefined) {
        // What comes back from a call is known when it has been executed.
        if (end.kind === 'call' || end.kind === 'indirect') this.known(next);
        return { at, steps, end };
      }
      if (steps.length >= this.page.length / 4) return { at, steps, end: { kind: 'next', to: next } };
      place = next;
    }
  }

  /** Blocks that are executed often and that no direct way leads to. */
  private orphans(): number[] {
    return this.page.often.filter((place) => !this.leaders.has(place)).slice(0, MOST_TARGETS);
  }

  /** Where what is called outside comes back to. */
  private entriesBack(pieces: ReadonlyMap<number, Piece>): number[] {
    const back = [...pieces.values()].flatMap(({ end }) => {
      if (end.kind === 'call') return pieces.has(end.to) ? [] : [end.back];
      return end.kind === 'indirect' && end.back !== undefined ? [end.back] : [];
    });
    return [...new Set(back)].filter((place) => place !== this.entry && pieces.has(place));
  }

  private targets(pieces: ReadonlyMap<number, Piece>, orphans: readonly number[]): Map<number, readonly number[]> {
    const backs = new Set([...pieces.values()].flatMap(({ end }) => (end.kind === 'call' && pieces.has(end.to) ? [end.back] : [])));
    const returns = [...backs].filter((place) => pieces.has(place)).slice(0, MOST_TARGETS);
    const others = orphans.filter((place) => pieces.has(place));
    return new Map([...pieces.values()].flatMap(({ at, end }) =>
      (end.kind === 'return' ? [[at, returns] as const] : end.kind === 'indirect' ? [[at, others] as const] : [])));
  }
}

/** Places on the page. */
const inside = (places: readonly number[]): number[] => places.filter((place) => place >= 0 && place < PAGE);

/** Where a piece is known to lead. */
function successors(end: End): readonly number[] {
  switch (end.kind) {
    case 'next': case 'jump': case 'call': return [end.to];
    case 'branch': return [end.to, end.taken];
    case 'interpret': case 'indirect': case 'return': return [];
  }
}

/** Repeated instructions spend their budget themselves; others always leave to the processor's routines. */
function isTranslated({ repeat, program: { micros, body } }: Variant): boolean {
  return repeat === undefined && !body.some((id) => LEAVES.has(micros[id]!.op));
}

const LEAVES: ReadonlySet<Micro['op']> = new Set(['fault', 'check', 'microcode', 'timestamp', 'setField', 'rights']);

/** How a step ends its piece; undefined when it does not. */
function endOf({ record, origin, next, variant }: Step, view: DataView): End | undefined {
  const { micros, body } = variant.program;
  const to = (): number => origin + Number(BigInt.asIntN(64, view.getBigUint64(record + RECORD.immediate, true)));
  const last = micros[body.at(-1) ?? -1];
  if (last?.op === 'branch') return { kind: 'branch', taken: to(), to: next };
  if (last?.op !== 'jump') return undefined;
  switch (last.branch!) {
    case 'direct': return { kind: 'jump', to: to() };
    case 'call': return { kind: 'call', to: to(), back: next };
    case 'indirect': return { kind: 'indirect', back: undefined };
    case 'indirect call': return { kind: 'indirect', back: next };
    case 'return': return { kind: 'return' };
    case 'conditional': return undefined;
  }
}
