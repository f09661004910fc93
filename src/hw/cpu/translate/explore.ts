/** How a region is found: from where it begins, along what is executed often, until it is large enough. */
import { type Micro, REPEAT } from '../../../x86/isa/micro.ts';
import type { Variant } from '../../../x86/isa/variant.ts';
import { CPU, HANDLER, RECORD } from '../layout.ts';
import { changesRights, type End, onSamePage, PAGE, type Piece, pageOf, type Region, type Step, waysOut } from './region.ts';

/** The decoded blocks around the place where a region begins. */
export interface Surroundings {
  readonly view: DataView;
  readonly variants: readonly Variant[];
  /** The most steps of a region: what is beyond is reached by leaving it. */
  readonly length: number;
  /** Where a page lies in linear memory; undefined where it is not known that code can be fetched from it. */
  pageAt(page: number): number | undefined;
  /** The first record of the block that begins at a place, if it is known that code can be fetched from there. */
  recordAt(place: number): number | undefined;
  /** A block that is executed, but hardly ever: no region is made larger by it. */
  isRare(place: number): boolean;
  /** Places of blocks on a page that have been executed often, but not all of them if there are many. */
  often(page: number): readonly number[];
  /** Where the indirect branch at a place has been seen to go. */
  seen(at: number): readonly number[];
  /** The place that the pointer in memory at a place points to, if that is known. */
  pointerAt(place: number): number | undefined;
}

const MOST_PIECES = 256;
const MOST_PAGES = 48;
/** The most places that an indirect branch or a return is compared with. */
const MOST_TARGETS = 24;

interface Cursor { readonly record: number; readonly origin: number }

/** The region that begins at `entry`, which is on page 0; undefined when its first instruction is the interpreter's. */
export function regionAt(around: Surroundings, entry: number): Region | undefined {
  return new Explorer(around, entry).region();
}

class Explorer {
  private readonly around: Surroundings;
  private readonly entry: number;
  private readonly cursors = new Map<number, Cursor>();
  private readonly leaders = new Set<number>();
  /** Pages that were asked for; not those that are known as another one already. */
  private readonly pages = new Map<number, number | undefined>();
  private readonly hosts = new Set<number>();
  private steps = 0;

  constructor(around: Surroundings, entry: number) {
    this.around = around;
    this.entry = entry;
  }

  region(): Region | undefined {
    // Twice: where pieces must begin is known when all of them have been seen.
    const { entry } = this;
    this.explore([entry]);
    const orphans = this.orphans(this.pieces([entry]));
    if (orphans.length > 0) this.explore([entry, ...orphans]);
    const pieces = this.pieces([entry, ...orphans]);
    const [first] = pieces.get(entry)!.steps;
    // One that begins with a repetition would be entered behind each page fault of a long one, and left at once.
    if (first === undefined || first.variant.repeat !== undefined) return undefined;
    return {
      entries: [entry, ...this.entriesBack(pieces)], pieces, targets: this.targets(pieces, orphans), pages: this.pagesOf(pieces),
    };
  }

  /** Finds where pieces begin. */
  private explore(from: readonly number[]): void {
    const waiting = [...from];
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      if (this.leaders.has(place) || !this.known(place)) continue;
      if (this.leaders.size === MOST_PIECES || this.steps >= this.around.length) return;
      this.leaders.add(place);
      const piece = this.piece(place, new Set());
      this.steps += piece.steps.length;
      waiting.push(...this.leadsTo(piece).filter((to) => this.known(to)));
    }
  }

  private pieces(from: readonly number[]): Map<number, Piece> {
    const pieces = new Map<number, Piece>();
    const waiting = [...from];
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      if (pieces.has(place) || !this.leaders.has(place)) continue;
      const piece = this.piece(place, this.leaders);
      pieces.set(place, piece);
      waiting.push(...this.leadsTo(piece));
    }
    return pieces;
  }

  /** Where a piece goes on, as far as that is known; and what comes back to behind it. */
  private leadsTo({ steps, end }: Piece): readonly number[] {
    if (end.kind === 'call') return [end.to, end.back];
    if (end.kind !== 'indirect') return waysOut(end);
    const known = this.indirect(steps.at(-1)!);
    return end.back === undefined ? known : [...known, end.back];
  }

  /** Where an indirect branch is thought to go. */
  private indirect(step: Step): readonly number[] {
    const pointer = this.pointer(step);
    return [...new Set([...pointer === undefined ? [] : [pointer], ...this.around.seen(step.at)])];
  }

  /** What the pointer says that is at a fixed place: such are the stubs by which programs call libraries. */
  private pointer({ record, origin }: Step): number | undefined {
    const { view } = this.around;
    const field = (offset: number): number => view.getUint16(record + offset, true);
    if (field(RECORD.base) !== CPU.blockRip || field(RECORD.index) !== CPU.zero || field(RECORD.segment) !== CPU.zero) return undefined;
    return this.around.pointerAt(origin + Number(view.getBigInt64(record + RECORD.displacement, true)));
  }

  /** The page of a place, if it can be part of the region: each page of memory has one place in it. */
  private pageAt(place: number): number | undefined {
    const page = pageOf(place);
    if (this.pages.has(page)) return this.pages.get(page);
    const host = this.hosts.size < MOST_PAGES ? this.around.pageAt(page) : undefined;
    const known = host === undefined || this.hosts.has(host) ? undefined : host;
    if (known !== undefined) this.hosts.add(known);
    this.pages.set(page, known);
    return known;
  }

  /** Decoded, as the beginning of a block or in the middle of one that was seen. */
  private known(place: number): boolean {
    if (this.cursors.has(place)) return true;
    const record = this.around.recordAt(place);
    if (record === undefined || (place !== this.entry && this.around.isRare(place)) || this.pageAt(place) === undefined) return false;
    this.cursors.set(place, { record, origin: place });
    return true;
  }

  /** The steps from a place on, up to what ends a piece or begins another. */
  private piece(at: number, leaders: ReadonlySet<number>): Piece {
    const { around: { view, variants, length } } = this;
    const steps: Step[] = [];
    let { record, origin } = this.cursors.get(at)!;
    let second: number | undefined;
    const piece = (end: End): Piece => ({ at, steps, end, second });
    for (let place = at; ;) {
      if (place !== at && leaders.has(place)) return piece({ kind: 'next', to: place });
      let handler = view.getUint16(record + RECORD.handler, true);
      if (handler === HANDLER.end) {
        // The block was full, or what comes next is on another page too.
        if (!onSamePage(place, at) || second !== undefined || !this.known(place)) return piece({ kind: 'next', to: place });
        ({ record, origin } = this.cursors.get(place)!);
        continue;
      }
      if (handler === HANDLER.crossing) {
        if (place !== at) return piece({ kind: 'next', to: place });
        if (this.pageAt(at + PAGE) !== view.getUint32(record + RECORD.displacement, true)) return piece({ kind: 'interpret', at });
        second = pageOf(at + PAGE);
        record += RECORD.size;
        handler = view.getUint16(record + RECORD.handler, true);
      }
      const variant = handler < HANDLER.variants ? undefined : variants[handler - HANDLER.variants]!;
      if (variant === undefined || !isTranslated(variant)) return piece({ kind: 'interpret', at: place });
      const next = origin + view.getUint16(record + RECORD.next, true);
      const step = { at: place, next, record, origin, variant, cost: view.getUint32(record + RECORD.cost, true) };
      steps.push(step);
      record += RECORD.size;
      const end = endOf(step, view);
      const goesOn = onSamePage(next, at) && (end === undefined || end.kind === 'branch');
      if (goesOn && !this.cursors.has(next) && view.getUint16(record + RECORD.handler, true) !== HANDLER.end) {
        this.cursors.set(next, { record, origin });
      }
      if (end !== undefined) {
        // What comes back from a call is known when it has been executed.
        if (end.kind === 'call' || end.kind === 'indirect') this.known(next);
        return piece(end);
      }
      if (changesRights(step)) {
        this.known(next);
        return piece({ kind: 'next', to: next });
      }
      if (steps.length >= length / 4) return piece({ kind: 'next', to: next });
      place = next;
    }
  }

  /** Blocks that are executed often and that no direct way leads to, on pages with indirect branches of which nothing else is known. */
  private orphans(pieces: ReadonlyMap<number, Piece>): number[] {
    const pages = new Set([...pieces.values()]
      .filter(({ steps, end }) => end.kind === 'indirect' && this.indirect(steps.at(-1)!).length === 0).map(({ at }) => pageOf(at)));
    return [...pages].flatMap((page) => this.around.often(page)).filter((place) => !this.leaders.has(place)).slice(0, MOST_TARGETS);
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
    const inside = (places: readonly number[]): number[] =>
      [...new Set(places)].filter((place) => pieces.has(place)).slice(0, MOST_TARGETS);
    const all = [...pieces.values()];
    const indirect = new Map(all.flatMap(({ at, steps, end }) => {
      if (end.kind !== 'indirect') return [];
      const known = this.indirect(steps.at(-1)!);
      return [[at, inside(known.length > 0 ? known : orphans.filter((place) => onSamePage(place, at)))] as const];
    }));
    const returns = inside(all.flatMap(({ at, end }) => {
      if (end.kind === 'call') return pieces.has(end.to) ? [end.back] : [];
      return end.kind === 'indirect' && end.back !== undefined && indirect.get(at)!.length > 0 ? [end.back] : [];
    }));
    return new Map([...indirect, ...all.flatMap(({ at, end }) => (end.kind === 'return' ? [[at, returns] as const] : []))]);
  }

  private pagesOf(pieces: ReadonlyMap<number, Piece>): Map<number, number> {
    const used = [...pieces.values()].flatMap(({ at, second }) => (second === undefined ? [pageOf(at)] : [pageOf(at), second]));
    return new Map([...new Set(used)].map((page) => [page, this.pages.get(page)!]));
  }
}

/** Others always leave to the processor's routines, or repeat what sets flags, or count in 32 bits. */
function isTranslated({ program: { micros, body } }: Variant): boolean {
  return !body.some((id) => {
    const { op, n, width } = micros[id]!;
    return LEAVES.has(op) || (op === 'repeat' && (n !== REPEAT.REP || width !== 8));
  });
}

const LEAVES: ReadonlySet<Micro['op']> = new Set(['fault', 'check', 'microcode']);

/** How a step ends its piece; undefined when it does not. */
function endOf({ record, origin, next, variant }: Step, view: DataView): End | undefined {
  const { micros, body } = variant.program;
  const to = (): number => origin + Number(view.getBigInt64(record + RECORD.immediate, true));
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
