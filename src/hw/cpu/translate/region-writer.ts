/**
 * A region as one function, `(processor, place) -> status`, in structured code: a block for each piece with several ways in, a loop
 * for each that is come back to. Ways back that no loop can have go by the dispatcher, which is also how the region is entered.
 *
 * Whether the budget lasts for a piece is asked on the way to it, where what flags follow from is still at hand.
 */
import type { Counted } from '../books.ts';
import { STATUS } from '../layout.ts';
import type { Callees } from '../wasm/emitter.ts';
import type { FlagSource } from '../wasm/flag-emitter.ts';
import { FLAG_SOURCES, type Flow, settle } from './flags.ts';
import { Frame, type Sums } from './frame.ts';
import { changesRights, onSamePage, type Piece, pageOf, type Region, waysOut } from './region.ts';
import { type Label, RegionCode } from './region-code.ts';
import { StepWriter } from './step-writer.ts';
import { type Structure, structureOf } from './structure.ts';

/** The node of the dispatcher; pieces are numbered from 1 on. */
const DISPATCHER = 0;
const NOTHING: Sums = { cycles: 0, counts: [] };

/** Where in linear memory translations note, by their numbers, when they are entered, and count how often they are left. */
export interface Records { readonly uses: number; readonly exits: number }

export class RegionWriter {
  private readonly code = new RegionCode(2);
  private readonly region: Region;
  private readonly frame: Frame;
  private readonly pieces: readonly Piece[];
  private readonly nodes: ReadonlyMap<number, number>;
  private readonly writers: readonly (readonly StepWriter[])[];
  /** By node: the flags that are needed as they are on the way in; and what it costs. */
  private readonly needs: readonly ReadonlySet<FlagSource>[];
  private readonly sums: readonly Sums[];
  private readonly structure: Structure;
  /** Places that the dispatcher knows. */
  private readonly entries: number[];
  /** Nodes that are branched to among several. */
  private readonly chosen: ReadonlySet<number>;
  private readonly blocks = new Map<number, Label>();
  private readonly loops = new Map<number, Label>();

  constructor(region: Region, view: DataView, callees: Callees, counted: Counted) {
    this.region = region;
    this.frame = new Frame(this.code, counted, callees.observers !== undefined);
    this.pieces = [...region.pieces.values()];
    this.nodes = new Map(this.pieces.map(({ at }, i) => [at, i + 1]));
    this.writers = this.pieces.map(({ steps }) => steps.map((step) => new StepWriter(step, this.frame, view, callees)));
    this.needs = [new Set(FLAG_SOURCES), ...this.writers.map(neededBy)];
    this.sums = [NOTHING, ...this.pieces.map((piece) => sumOf(piece, 0))];
    this.entries = [...region.entries];
    this.structure = this.shape();
    const several = [DISPATCHER, ...this.pieces.flatMap(({ end }, i) => (end.kind === 'return' || end.kind === 'indirect' ? [i + 1] : []))];
    this.chosen = new Set(several.flatMap((node) => this.successors(node)));
  }

  write({ uses, exits }: Records, slot: number): RegionCode {
    const used = new Set<number>(), changed = new Set<number>();
    for (const writer of this.writers.flat()) {
      const registers = writer.registers();
      for (const n of [...registers.used, ...registers.changed]) used.add(n);
      for (const n of registers.changed) changed.add(n);
    }
    this.frame.enter(used, uses, slot, [...new Set(this.entries.map(pageOf))].map((page) => [page, this.region.pages.get(page)!]));
    this.tree(DISPATCHER);
    this.frame.leave(changed, exits, slot);
    return this.code;
  }

  private successors(node: number): readonly number[] {
    if (node === DISPATCHER) return this.entries.map((place) => this.nodes.get(place)!);
    const { at, end } = this.pieces[node - 1]!;
    const places = this.region.targets.get(at) ?? waysOut(end);
    // Twice where there are two ways: then it needs a block to branch to.
    return places.flatMap((place) => this.nodes.get(place) ?? []);
  }

  /** Where no loop can go back to goes by the dispatcher, which must know it; that may take other loops away. */
  private shape(): Structure {
    for (;;) {
      const structure = structureOf((node) => this.successors(node));
      const missing = structure.order.flatMap((from) => this.successors(from).filter((to) => structure.isIrreducible(from, to)))
        .map((node) => this.pieces[node - 1]!.at).filter((place) => !this.entries.includes(place));
      if (missing.length === 0) return structure;
      this.entries.push(...new Set(missing));
    }
  }

  private isMerge(node: number): boolean {
    return this.structure.merges.has(node) || this.chosen.has(node);
  }

  /** A node, and all that it dominates. */
  private tree(node: number): void {
    const { code, structure } = this;
    const mark = code.mark();
    // What other nodes keep is not needed any more where this one runs.
    code.releaseAll();
    const loop = structure.loops.has(node) || (node === DISPATCHER && this.redispatches);
    if (loop) {
      code.loop();
      this.loops.set(node, code.label);
    }
    const merges = (structure.children.get(node) ?? []).filter((child) => this.isMerge(child));
    for (const child of merges) {
      code.block();
      this.blocks.set(child, code.label);
    }
    if (node === DISPATCHER) this.dispatch();
    else this.piece(node);
    for (const child of [...merges].reverse()) {
      code.op('end');
      this.tree(child);
    }
    if (loop) code.op('end');
    code.release(mark);
  }

  private get redispatches(): boolean {
    return this.structure.order.some((from) => this.successors(from).some((to) => this.structure.isIrreducible(from, to)));
  }

  private dispatch(): void {
    this.choose(this.entries, DISPATCHER, { flags: {} });
    // The run loop enters nowhere else.
    this.code.op('unreachable');
  }

  private piece(node: number): void {
    const { code, frame } = this;
    const { at, end } = this.pieces[node - 1]!;
    const flow: Flow = { flags: {} };
    const onWay = (place: number): void => this.way(node, place, flow);
    const ends = {
      direct: () => onWay(waysOut(end)[0]!),
      indirect: () => this.indirect(node, this.region.targets.get(at)!, flow),
      branch: (pushTaken: () => void) => {
        const [fall, taken] = waysOut(end) as [number, number];
        pushTaken();
        code.if();
        onWay(taken);
        code.op('end');
        onWay(fall);
      },
    };
    for (const [i, writer] of this.writers[node - 1]!.entries()) {
      writer.writeStep(flow, [sumOf(this.pieces[node - 1]!, i), sumOf(this.pieces[node - 1]!, i + 1)], ends);
    }
    if (end.kind === 'next') onWay(end.to);
    else if (end.kind === 'interpret') this.leave(flow, () => frame.exit(STATUS.interpret, () => frame.address(end.at)));
  }

  /** Goes on at a place: in the region, or outside it. */
  private way(from: number, place: number, flow: Flow): void {
    const { frame } = this;
    const to = this.nodes.get(place);
    if (to === undefined) return this.leave(flow, () => frame.exit(STATUS.branch, () => frame.address(place)));
    this.enter(from, to, flow);
  }

  private leave(flow: Flow, exit: () => void): void {
    const mark = this.code.mark();
    settle(this.frame, flow.flags);
    exit();
    this.code.release(mark);
  }

  private enter(from: number, to: number, flow: Flow): void {
    const { code, frame, structure } = this;
    const { at, second } = this.pieces[to - 1]!;
    if (this.looksFor(from, at)) this.check(pageOf(at), at, flow);
    if (second !== undefined) this.check(second, at, flow);
    if (structure.isIrreducible(from, to)) {
      settle(frame, flow.flags);
      code.i64(BigInt(at));
      code.set(frame.place);
      return code.goto(this.loops.get(DISPATCHER)!);
    }
    const sums = this.sums[to]!;
    if (sums.counts.length > 0) {
      frame.account(sums, 1n);
      frame.overdrawn();
      code.rarely();
      frame.account(sums, -1n);
      this.leave(flow, () => frame.exit(STATUS.interpret, () => frame.address(at)));
      code.op('end');
    }
    settle(frame, flow.flags, FLAG_SOURCES.filter((source) => this.needs[to]!.has(source)));
    if (structure.isBack(from, to)) code.goto(this.loops.get(to)!);
    else if (this.isMerge(to)) code.goto(this.blocks.get(to)!);
    else this.tree(to);
  }

  /** Whether the page of a place is looked for on the way there: where it has been entered, the run loop has done that. */
  private looksFor(from: number, place: number): boolean {
    if (from === DISPATCHER) return false;
    const { at, steps } = this.pieces[from - 1]!;
    return !onSamePage(at, place) || (steps.length > 0 && changesRights(steps.at(-1)!));
  }

  /** A page that code at a place is fetched from must be where it was; else the interpreter looks for it. */
  private check(page: number, at: number, flow: Flow): void {
    const { code, frame } = this;
    frame.isElsewhere(page, this.region.pages.get(page)!);
    code.rarely();
    this.leave(flow, () => frame.exit(STATUS.interpret, () => frame.address(at)));
    code.op('end');
  }

  /** Goes where the target says, if that is known here. */
  private indirect(from: number, places: readonly number[], flow: Flow): void {
    const { code, frame } = this;
    const offset = (): void => {
      code.get(frame.target);
      code.get(frame.page);
      code.op('i64_sub');
    };
    if (places.length > 0) {
      const first = Math.min(...places), last = Math.max(...places);
      offset();
      code.i64(BigInt(first));
      code.op('i64_sub');
      code.i64(BigInt(last - first));
      code.op('i64_le_u');
      code.if();
      offset();
      code.set(frame.place);
      this.choose(places, from, flow);
      code.op('end');
    }
    const { end, steps } = this.pieces[from - 1]!;
    const returns = end.kind === 'return';
    if (!returns) frame.notice(steps.at(-1)!.at);
    this.leave(flow, () => frame.exit(returns ? STATUS.returned : STATUS.branch, () => code.get(frame.target)));
  }

  /** Goes to one of these places if it is the frame's, by halves. */
  private choose(places: readonly number[], from: number, flow: Flow): void {
    const { code, frame } = this;
    const halves = (sorted: readonly number[]): void => {
      code.get(frame.place);
      if (sorted.length === 1) {
        code.i64(BigInt(sorted[0]!));
        code.op('i64_eq');
        code.if();
        this.enter(from, this.nodes.get(sorted[0]!)!, flow);
        return code.op('end');
      }
      const middle = sorted.length >> 1;
      code.i64(BigInt(sorted[middle]!));
      code.op('i64_lt_s');
      code.if();
      halves(sorted.slice(0, middle));
      code.op('else');
      halves(sorted.slice(middle));
      code.op('end');
    };
    halves([...places].sort((a, b) => a - b));
  }
}

const sumOf = ({ steps }: Piece, from: number): Sums => ({
  cycles: steps.slice(from).reduce((sum, { cost }) => sum + cost, 0), counts: steps.slice(from).map(({ variant }) => variant.counts),
});

/** Whatever comes after a piece may need all flags, so only what its own steps do decides. */
function neededBy(writers: readonly StepWriter[]): ReadonlySet<FlagSource> {
  const needed = new Set<FlagSource>(FLAG_SOURCES);
  for (const writer of [...writers].reverse()) {
    const { needs, sets } = writer.flagUse();
    for (const source of sets) needed.delete(source);
    for (const source of needs) needed.add(source);
  }
  return needed;
}
