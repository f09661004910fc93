/**
 * What branch predictor and caches see of the instructions: only while a counter asks for it, or while a miss costs time.
 *
 * An instruction that is begun and then done another way, or faults, must not be seen twice. So its accesses wait until it
 * is done.
 */
import type { Serializer, Stateful } from '../../base/state.ts';
import type { BranchKind } from '../../x86/isa/micro.ts';
import { type CacheLevel, firstLevel } from './cache.ts';
import { LEARNED, newRoom, type Room } from './learned.ts';
import { BranchPredictor } from './predictor.ts';
import type { TimingModel } from './timing.ts';

/** No instruction, and no iteration of one, accesses memory more often. */
const PENDING = 4;

export class Observation implements Stateful {
  llcReferences = 0;
  llcMisses = 0;
  private readonly predictor: BranchPredictor;
  private readonly first: CacheLevel;
  private readonly last: CacheLevel;
  private readonly timing: TimingModel;
  private readonly addresses = new Float64Array(PENDING);
  private pending = 0;
  private readonly view: DataView;
  private readonly at: number;
  private readonly pay: (cycles: number) => void;

  /** `pay` takes cycles from the budget of the processor. */
  constructor(last: CacheLevel, timing: TimingModel, pay: (cycles: number) => void, room: Room = newRoom()) {
    this.view = new DataView(room.buffer);
    this.at = room.at;
    this.view.setUint32(room.at + LEARNED.penalty, timing.mispredict, true);
    this.predictor = new BranchPredictor(room);
    this.first = firstLevel(room);
    this.last = last;
    this.timing = timing;
    this.pay = pay;
  }

  /** Since the last fold. */
  get mispredicts(): number {
    return this.view.getUint32(this.at + LEARNED.mispredicts, true);
  }

  private set mispredicts(value: number) {
    this.view.setUint32(this.at + LEARNED.mispredicts, value, true);
  }

  /** Misses take time, so they are always looked at. */
  get timed(): boolean {
    return this.timing.mispredict > 0 || this.timing.llcMiss > 0;
  }

  serialize(s: Serializer): void {
    s.part('predictor', this.predictor);
    s.part('l1', this.first);
  }

  /** The instruction accesses memory. */
  access(physical: number): void {
    this.addresses[this.pending++] = physical;
  }

  /** A branch is the last thing that its instruction does. */
  branch(kind: BranchKind, next: number, taken: boolean, target: number): void {
    if (!this.predictor.retire(kind, next, taken, target)) return;
    this.mispredicts += 1;
    this.pay(this.timing.mispredict);
  }

  /** The instruction is done. */
  commit(): void {
    for (let i = 0; i < this.pending; i += 1) {
      const physical = this.addresses[i]!;
      if (!this.first.use(physical)) this.missed(physical);
    }
    this.pending = 0;
  }

  /** The first level did not have it. */
  missed(physical: number): void {
    this.llcReferences += 1;
    if (this.last.use(physical)) return;
    this.llcMisses += 1;
    this.pay(this.timing.llcMiss);
  }

  /** CLFLUSH of the line of a physical address. */
  flush(physical: number): void {
    this.first.flush(physical);
    this.last.flush(physical);
  }

  /** INVD or WBINVD. */
  flushAll(): void {
    this.first.flushAll();
    this.last.flushAll();
  }

  /** What was counted has been taken. */
  settle(): void {
    this.mispredicts = 0;
    this.llcReferences = 0;
    this.llcMisses = 0;
  }

  /** The instruction did not complete. */
  drop(): void {
    this.pending = 0;
  }
}
